//! What forms, multipart bodies and URLs say, all of it, and every text of them can be replaced where it stands.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics is a test that fails"
)]

use weir_engine::enforce::splice_bytes;
use weir_engine::event::Headers;
use weir_engine::exchange::{
    Edit, Layers, Part, Place, Reading, Sink, also_as_form, body_form, body_multipart, header_parts,
};
use weir_engine::fault::Fault;
use weir_engine::limits::Limits;
use weir_engine::stream::multipart::Boundary;
use weir_engine::wire::{Field, Fields, Scope};

/// Keeps every part with its text and the key it stands behind, which no sink of Weir does.
#[derive(Default)]
struct Texts(Vec<(Part, String, Option<String>)>);

impl Sink for Texts {
    fn part(&mut self, part: Part, text: &str) -> bool {
        self.0.push((part, text.to_owned(), None));
        true
    }

    fn named(&mut self, part: Part, key: &str, text: &str) -> bool {
        self.0.push((part, text.to_owned(), Some(key.to_owned())));
        true
    }
}

fn form(body: &[u8], fields: Option<Fields>) -> (Texts, Reading) {
    let mut texts = Texts::default();
    let reading = body_form(body, fields, &Limits::default(), &mut texts);
    (texts, reading)
}

fn multipart(body: &[u8], fields: Option<Fields>) -> (Texts, Reading) {
    let mut texts = Texts::default();
    let boundary = Boundary::of(b"multipart/form-data; boundary=\"x y\"").expect("a boundary");
    let reading = body_multipart(body, boundary, fields, &Limits::default(), &mut texts);
    (texts, reading)
}

/// The same numbers every time (Numerical Recipes' linear congruential generator).
struct Dice(u64);

impl Dice {
    fn throw(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % below
    }
}

/// A text with a marker in it.
fn text(dice: &mut Dice, marker: usize, pieces: &[&str]) -> String {
    let mut text = String::new();
    for _ in 0..dice.throw(4) {
        text += pieces[dice.throw(pieces.len())];
    }
    text += &format!("M{marker}M");
    for _ in 0..dice.throw(4) {
        text += pieces[dice.throw(pieces.len())];
    }
    text
}

/// A text as forms may write it: what need not be encoded is, or is not.
fn urlencoded(text: &str, dice: &mut Dice) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b' ' if dice.throw(2) == 0 => out.push('+'),
            b'a'..=b'z' | b'M' | b'0'..=b'9' if dice.throw(4) > 0 => out.push(char::from(byte)),
            _ if dice.throw(2) == 0 => out += &format!("%{byte:02x}"),
            _ => out += &format!("%{byte:02X}"),
        }
    }
    out
}

/// A plain reading of a form, for comparison.
fn fields_of(body: &[u8]) -> Vec<(String, String)> {
    let decode = |raw: &[u8]| {
        let (mut bytes, mut at) = (Vec::new(), 0);
        while at < raw.len() {
            let digits = raw.get(at + 1..at + 3).and_then(|digits| std::str::from_utf8(digits).ok());
            match (raw[at], digits.and_then(|digits| u8::from_str_radix(digits, 16).ok())) {
                (b'%', Some(byte)) => {
                    bytes.push(byte);
                    at += 2;
                }
                (b'+', _) => bytes.push(b' '),
                (byte, _) => bytes.push(byte),
            }
            at += 1;
        }
        String::from_utf8(bytes).expect("text")
    };
    let pair = |pair: &[u8]| {
        let mut split = pair.splitn(2, |byte| *byte == b'=');
        (decode(split.next().unwrap_or_default()), decode(split.next().unwrap_or_default()))
    };
    body.split(|byte| *byte == b'&').map(pair).collect()
}

fn edit(layers: &Layers, part: &Part, text: &str, marker: &str, with: &str) -> Edit {
    let (Place::Body(layer) | Place::Url(_, layer)) = part.place else { panic!("it has a place") };
    let at = text.find(marker).expect("it is there");
    layers.edit(layer, at..at + marker.len(), with).expect("every part has a place")
}

/// Whether nothing but the range of the edit changed.
fn only(before: &[u8], after: &[u8], edit: &Edit) {
    assert_eq!(&before[..edit.range.start], &after[..edit.range.start]);
    assert_eq!(&before[edit.range.end..], &after[edit.range.start + edit.with.len()..]);
}

const WITH: &str = "<\"é\\\r\n%41+&=;😀>";

#[test]
fn replacing_a_form_field_leaves_every_other_byte_alone() {
    let mut dice = Dice(5);
    let mut edits = 0;
    for round in 0..150 {
        let pieces = ["a b", "é", "😀", "&", "=", "%41", "+", "\\", "\"", "\r\n", "x"];
        let pairs: Vec<(String, String)> = (0..1 + dice.throw(6))
            .map(|n| (text(&mut dice, 2 * n, &pieces), text(&mut dice, 2 * n + 1, &pieces)))
            .collect();
        let written: Vec<String> = pairs
            .iter()
            .map(|(name, value)| format!("{}={}", urlencoded(name, &mut dice), urlencoded(value, &mut dice)))
            .collect();
        let body = written.join("&").into_bytes();
        let (texts, reading) = form(&body, None);
        assert_eq!(reading.faults, []);
        let flat: Vec<&String> = pairs.iter().flat_map(|(name, value)| [name, value]).collect();
        assert_eq!(texts.0.iter().map(|(_, text, _)| text).collect::<Vec<_>>(), flat, "{round}");
        let mut all = Vec::new();
        for (number, (part, own, key)) in texts.0.iter().enumerate() {
            assert_eq!(key.as_ref(), (number % 2 == 1).then(|| flat[number - 1]), "{round}");
            let marker = format!("M{number}M");
            let edit = edit(&reading.layers, part, own, &marker, WITH);
            let after = splice_bytes(&body, std::slice::from_ref(&edit)).expect("one edit");
            only(&body, &after, &edit);
            let mut expected = pairs.clone();
            let (name, value) = &mut expected[number / 2];
            let text = if number % 2 == 0 { name } else { value };
            *text = text.replace(&marker, WITH);
            assert_eq!(fields_of(&after), expected, "{round}");
            all.push(edit);
            edits += 1;
        }
        let after = splice_bytes(&body, &all).expect("edits of different texts never touch");
        assert!(fields_of(&after).iter().all(|(name, value)| name.contains(WITH) && value.contains(WITH)), "{round}");
    }
    assert!(edits > 500, "{edits} edits are too few to say anything");
}

/// One part of a body: its header lines, and its content.
fn part(lines: &str, content: &[u8]) -> Vec<u8> {
    [b"--x y\r\n", lines.as_bytes(), b"\r\n", content, b"\r\n"].concat()
}

#[test]
fn replacing_a_multipart_field_leaves_every_other_byte_alone() {
    let mut dice = Dice(6);
    let mut edits = 0;
    for round in 0..150 {
        let pieces = ["a b", "é", "😀", "\r\n", "\n", "--", "--x", "%41", "\"", "\\", "\r\n--y"];
        let mut body = Vec::new();
        let mut expected = 0;
        for number in 0..1 + dice.throw(5) {
            let content = text(&mut dice, number, &pieces);
            let disposition = format!("Content-Disposition: form-data; name=\"n{number}\"");
            match dice.throw(3) {
                0 => {
                    let lines = format!("{disposition}; filename=\"f\"\r\nContent-Type: application/octet-stream\r\n");
                    let binary = [&b"\x00\xff\r\n--x\xfe"[..], content.as_bytes()].concat();
                    body.extend(part(&lines, &binary));
                    continue;
                }
                1 => {
                    let json = serde_json::json!({ "key": [content] }).to_string();
                    body.extend(part(&format!("{disposition}\r\nContent-Type: application/json\r\n"), json.as_bytes()));
                }
                _ => body.extend(part(&format!("{disposition}\r\n"), content.as_bytes())),
            }
            expected += 1;
        }
        body.extend(b"--x y--\r\n");
        let (texts, reading) = multipart(&body, None);
        let opaque = reading.faults == [Fault::OpaquePart];
        assert!(opaque || reading.faults.is_empty(), "{round}: {:?}", reading.faults);
        let mut all = Vec::new();
        for (part, own, _) in &texts.0 {
            let Some(marker) = (0..9).map(|number| format!("M{number}M")).find(|marker| own.contains(marker)) else {
                continue;
            };
            let with = "<\"é\\\n>";
            let edit = edit(&reading.layers, part, own, &marker, with);
            let after = splice_bytes(&body, std::slice::from_ref(&edit)).expect("one edit");
            only(&body, &after, &edit);
            let (again, reading) = multipart(&after, None);
            assert_eq!(reading.faults.contains(&Fault::OpaquePart), opaque, "{round}");
            let replaced: Vec<String> = texts.0.iter().map(|(_, text, _)| text.replace(&marker, with)).collect();
            assert_eq!(again.0.iter().map(|(_, text, _)| text.clone()).collect::<Vec<_>>(), replaced, "{round}");
            all.push(edit);
        }
        assert_eq!(all.len(), expected, "{round}: every field is read, and no binary file");
        assert!(splice_bytes(&body, &all).is_ok());
        edits += all.len();
    }
    assert!(edits > 200, "{edits} edits are too few to say anything");
}

/// Whatever is cut, inserted or doubled: no text is lost, and nothing is found that is not there.
#[test]
fn mutilated_bodies_are_read_in_full() {
    let mut dice = Dice(7);
    let mut whole = Vec::new();
    for number in 0..4 {
        let lines = format!(
            "Content-Disposition: form-data; name=\"M{}M\"; filename=\"M{}M.txt\"\r\nContent-Type: text/plain\r\n",
            3 * number,
            3 * number + 1
        );
        whole.extend(part(&lines, format!("line\r\nM{}M\n", 3 * number + 2).as_bytes()));
    }
    whole.extend(b"--x y--\r\n");
    let pieces: [&[u8]; 14] = [
        b"\r",
        b"\n",
        b"\r\n",
        b"\r\n\r\n",
        b"--x y",
        b"--x y--",
        b"\r\n--x y\r\n",
        b"\n--x y--\n",
        b":",
        b"\"",
        b";",
        b"=",
        b" ",
        b"\xff",
    ];
    let mut seen = 0;
    for _ in 0..20_000 {
        let mut body = whole.clone();
        for _ in 0..1 + dice.throw(4) {
            let (from, to) = (dice.throw(body.len() + 1), dice.throw(body.len() + 1));
            match dice.throw(3) {
                0 if from < to && to - from < 30 => drop(body.drain(from..to)),
                1 => body.truncate(body.len().min(from + 200)),
                _ => drop(body.splice(from..from, pieces[dice.throw(pieces.len())].iter().copied())),
            }
        }
        let (texts, reading) = multipart(&body, None);
        let written = String::from_utf8_lossy(&body);
        for marker in (0..12).map(|number| format!("M{number}M")) {
            let found: usize = texts.0.iter().map(|(_, text, _)| text.matches(&marker).count()).sum();
            let opaque = reading.faults.contains(&Fault::OpaquePart);
            let there = written.matches(&marker).count();
            assert!(found == there || (opaque && found < there), "{found} {marker} in {written:?}");
            seen += found;
        }
        for (part, own, _) in &texts.0 {
            let Place::Body(layer) = part.place else { panic!("a body has no headers") };
            let edit = reading.layers.edit(layer, 0..own.len(), "");
            assert!(edit.is_none_or(|edit| splice_bytes(&body, &[edit]).is_ok()));
        }
    }
    assert!(seen > 100_000, "{seen} markers are too few to say anything");
}

fn documented(name: &str) -> Option<Field> {
    match name {
        "model" => Some(Field { scope: Scope::Unknown, model: true }),
        "prompt" => Some(Field { scope: Scope::System, model: false }),
        _ => None,
    }
}

#[test]
fn a_dialect_says_who_speaks_in_its_fields() {
    let field = |name: &str, content: &str| {
        part(&format!("Content-Disposition: form-data; name=\"{name}\"\r\n"), content.as_bytes())
    };
    let end = b"--x y--\r\n".to_vec();
    for (texts, reading) in [
        form(b"prompt=say+it&model=m%201", Some(documented)),
        multipart(&[field("prompt", "say it"), field("model", "m 1"), end.clone()].concat(), Some(documented)),
    ] {
        assert_eq!(reading.faults, []);
        assert_eq!(reading.told.model.as_ref().map(|model| model.expose().as_str()), Some("m 1"));
        let scoped = texts.0.iter().find(|(part, _, _)| part.scope == Scope::System);
        assert_eq!(scoped.map(|(_, text, _)| text.as_str()), Some("say it"));
        assert!(texts.0.iter().all(|(_, text, _)| text != "prompt"), "a documented name is no text");
    }
    for (_, reading) in [
        form(b"model=a&model=b", Some(documented)),
        multipart(&[field("model", "a"), field("model", "b"), end.clone()].concat(), Some(documented)),
    ] {
        assert_eq!(reading.faults, [Fault::DuplicateKey]);
    }
    for (texts, reading) in
        [form(b"other=a", Some(documented)), multipart(&[field("other", "a"), end].concat(), Some(documented))]
    {
        assert_eq!(reading.faults, [Fault::UnknownShape]);
        assert!(texts.0.iter().any(|(_, text, _)| text.contains("other")), "an undocumented name is text");
    }
}

#[test]
fn what_a_part_is() {
    const UTF16: &[u8] = b"\xff\xfea\x00b\x00";
    for (lines, content, read, faults) in [
        ("; filename=a\r\nContent-Type: image/png", &b"\x89PNG\x00"[..], false, &[Fault::OpaquePart][..]),
        ("; filename=a\r\nContent-Type: image/png", b"text", true, &[Fault::OpaquePart]),
        ("; filename=a\r\nContent-Type: image/svg+xml", b"<svg/>", true, &[]),
        ("; filename=a\r\nContent-Type: application/pdf", b"%PDF-1.7\n\x80", false, &[Fault::OpaquePart]),
        ("; filename=a\r\nContent-Type: application/octet-stream", b"a\tb\n", true, &[]),
        ("; filename=a\r\nContent-Type: application/octet-stream", b"a\x01b", false, &[Fault::OpaquePart]),
        ("; filename=a", b"text", true, &[]),
        ("; filename=a", b"\xff", false, &[Fault::OpaquePart]),
        ("; filename=a\r\nContent-Type: text/markdown", b"# a", true, &[]),
        ("; filename=a\r\nContent-Type: text/csv", b"a;\xe9", true, &[Fault::InvalidUtf8]),
        ("; filename=a\r\nContent-Type: text/plain", UTF16, true, &[Fault::OpaquePart, Fault::InvalidUtf8]),
        ("\r\nContent-Type: text/plain; charset=utf-16", b"ab", true, &[Fault::Charset]),
        ("\r\nContent-Type: multipart/mixed; boundary=y", b"--y\r\n\r\na\r\n--y--", true, &[Fault::UnknownShape]),
        ("\r\nContent-Type: application/json", b"{\"a\":1,\"a\":2}", true, &[Fault::DuplicateKey]),
        ("\r\nContent-Type: application/json", b"{\"a\":\"\\u0041\"", true, &[Fault::UnknownShape, Fault::InvalidJson]),
        ("", b"{\"a\":\"\\u0041\",}", true, &[Fault::UnknownShape]),
        // Without a file name it is a field, whatever it says.
        ("\r\nContent-Type: image/png", b"a\x01b", true, &[Fault::OpaquePart]),
        ("\r\nContent-Type: image/png", b"\x89PNG\x00", true, &[Fault::OpaquePart, Fault::InvalidUtf8]),
        ("; filename*=a\r\nContent-Type: image/png", b"a\x01b", true, &[Fault::UnknownShape, Fault::OpaquePart]),
        ("\r\nContent-Transfer-Encoding: 8BIT", b"a", true, &[]),
        ("\r\nContent-Transfer-Encoding: quoted-printable", b"=41", true, &[Fault::ContentEncoding]),
        ("", b"\xff", true, &[Fault::InvalidUtf8]),
        ("", b"", true, &[]),
    ] {
        let lines = format!("Content-Disposition: form-data; name=a{lines}\r\n");
        let count = lines.lines().count();
        let body = [part(&lines, content), b"--x y--\r\n".to_vec()].concat();
        let (texts, reading) = multipart(&body, None);
        assert_eq!(reading.faults, faults, "{lines} {content:?}");
        assert_eq!(texts.0.len() > count, read && !content.is_empty(), "{lines} {content:?}");
    }
    let charset = part("Content-Disposition: form-data; name=_charset_\r\n", b"utf-7");
    assert_eq!(multipart(&[charset, b"--x y--".to_vec()].concat(), None).1.faults, [Fault::Charset]);
}

#[test]
fn a_file_that_may_be_inside_of_a_field_is_read() {
    let file = "\n--x y\nContent-Disposition: form-data; name=b; filename=c\nContent-Type: image/png\n\n\u{1}M1M";
    let body = format!("--x y\r\nContent-Disposition: form-data; name=a\r\n\r\n{file}\r\n--x y--");
    let (texts, reading) = multipart(body.as_bytes(), None);
    assert_eq!(reading.faults, [Fault::UnknownShape, Fault::OpaquePart]);
    assert!(texts.0.iter().any(|(_, text, _)| text.contains("M1M")));
}

#[test]
fn headers_that_a_sender_can_fill() {
    let of_answer: (&[u8], &[u8]) = (b":status", b"200");
    for (pairs, read) in [
        (&[(&b"x-4111-1111-1111-1111"[..], &b"a"[..])][..], &["x-4111-1111-1111-1111", "a"][..]),
        (&[(b"x-b3-traceid", b"a")], &["a"]),
        (&[(b"x-envoy-upstream-service-time", b"12")], &[]),
        (&[(b"x-envoy-upstream-service-time", b"12 M1M")], &["12 M1M"]),
        (&[(b":scheme", b"https")], &[]),
        (&[(b":scheme", b"M1M")], &["M1M"]),
        (&[(b"accept-encoding", b"M1M")], &[]),
        (&[of_answer, (b"accept-encoding", b"M1M")], &["M1M"]),
        (&[(b":path", b"/?key=M1M&a=b")], &["/", "a=b"]),
        (&[(b":path", b"/?key=x;a=M1M")], &["/", "key=x;a=M1M"]),
    ] {
        let mut texts = Texts::default();
        header_parts(Headers(pairs), &[], &mut texts);
        let own: Vec<_> = texts.0.iter().map(|(_, text, _)| text.as_str()).collect();
        assert_eq!(own, read);
    }
}

#[test]
fn a_url_is_rewritten_in_its_encoding() {
    for (path, expected) in [
        ("/v1/M%31M/chat", "/v1/%3C%22%C3%A9%5C%0D%0A%2541%2B%26%3D%3B%F0%9F%98%80%3E/chat"),
        ("/v1?a=%C3%A9M1M+b&c=M", "/v1?a=%C3%A9%3C%22%C3%A9%5C%0D%0A%2541%2B%26%3D%3B%F0%9F%98%80%3E+b&c=M"),
        ("/\u{0}%ff?x&y=%4D1%4d#f", "/\u{0}%ff?x&y=%3C%22%C3%A9%5C%0D%0A%2541%2B%26%3D%3B%F0%9F%98%80%3E#f"),
    ] {
        let pairs: [(&[u8], &[u8]); 2] = [(b":method", b"GET"), (b":path", path.as_bytes())];
        let mut texts = Texts::default();
        let layers = header_parts(Headers(&pairs), &[], &mut texts);
        let found: Vec<_> = texts.0.iter().filter(|(_, text, _)| text.contains("M1M")).collect();
        let [(part, own, _)] = found.as_slice() else { panic!("{path}: {} parts", found.len()) };
        let edit = edit(&layers, part, own, "M1M", WITH);
        let after = splice_bytes(path.as_bytes(), &[edit]).expect("one edit");
        assert_eq!(String::from_utf8_lossy(&after), expected);
    }
}

#[test]
fn a_second_reading_has_no_place() {
    let mut texts = Texts::default();
    also_as_form(b"{\"a\":\"plain&b=4111%201111\"}", &mut texts);
    let read: Vec<_> = texts.0.iter().map(|(part, text, _)| (part.place, text.as_str())).collect();
    assert_eq!(read, [(Place::Unplaced, "4111 1111\"}")]);
}
