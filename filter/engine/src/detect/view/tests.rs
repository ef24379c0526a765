//! What is disguised is found, where it stands; what is written plainly costs nothing; all of it however the text is cut.

#![expect(clippy::unwrap_used, clippy::string_slice, clippy::indexing_slicing, reason = "a test that fails may panic")]

use std::sync::LazyLock;

use super::super::catalog;
use super::super::{DetectorName, Finding, Keywords, Scanner, Set, SetBuilder};
use super::View;

const WORK: u64 = 1 << 32;

static SET: LazyLock<Set> = LazyLock::new(|| {
    let mut builder = SetBuilder::new();
    for id in ["secret/anthropic-api-key", "secret/aws-access-key-id", "pii/payment-card", "pii/iban"] {
        builder.built_in(catalog::by_id(id).unwrap()).unwrap();
    }
    let name = DetectorName { id: "custom/words".into(), label: "X".into() };
    let phrases = ["ignore all previous instructions", "nightfall"].map(str::to_owned).to_vec();
    builder.keywords(name, &Keywords { phrases }).unwrap();
    builder.build().unwrap()
});

/// In two pieces, so that nothing here looks like a live credential.
const KEY: &str = concat!("AKIA", "Q3EGRZJ5N7TPLM2X");
const CARD: &str = "4111 1111 1111 1111";
const PHRASE: &str = "ignore all previous instructions";

fn bits(bytes: &[u8], width: usize, alphabet: &[u8]) -> String {
    let (mut out, mut acc, mut count) = (String::new(), 0_u32, 0);
    for byte in bytes {
        (acc, count) = (acc << 8 | u32::from(*byte), count + 8);
        while count >= width {
            count -= width;
            out.push(char::from(alphabet[(acc >> count) as usize & ((1 << width) - 1)]));
        }
        acc &= (1 << count) - 1;
    }
    if count > 0 {
        out.push(char::from(alphabet[(acc << (width - count)) as usize & ((1 << width) - 1)]));
    }
    out
}

fn base64(bytes: &[u8]) -> String {
    bits(bytes, 6, b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
}

fn base32(bytes: &[u8]) -> String {
    bits(bytes, 5, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
}

fn hex(bytes: &[u8]) -> String {
    bits(bytes, 4, b"0123456789abcdef")
}

fn each(text: &str, write: impl Fn(char) -> String, between: &str) -> String {
    text.chars().map(write).collect::<Vec<_>>().join(between)
}

/// A text in a disguise, and the view that undoes it.
fn disguises(text: &str) -> Vec<(View, String)> {
    let point = |character: char| u32::from(character);
    let shift = |by: u32| move |character: char| char::from_u32(point(character) + by).unwrap().to_string();
    let wide = each(text, |character| if character == ' ' { " ".to_owned() } else { shift(0xFEE0)(character) }, "");
    let utf_16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let selector = |byte: u8| char::from_u32(if byte < 16 { 0xFE00 } else { 0xE0100 - 16 } + u32::from(byte)).unwrap();
    let zero_width = |byte: u8| -> String {
        (0..8).rev().map(|bit| if byte >> bit & 1 == 1 { '\u{2064}' } else { '\u{2062}' }).collect()
    };
    vec![
        (View::Folded, wide),
        (View::Folded, each(text, String::from, "\u{200B}")),
        (View::Folded, each(text, String::from, "\u{AD}")),
        (View::Folded, each(text, |character| format!("{character}\u{301}\u{316}"), "")),
        (View::Folded, each(text, |character| format!("%{:02X}", point(character)), "")),
        (View::Folded, each(text, |character| format!("%25{:02x}", point(character)), "")),
        (View::Folded, each(text, |character| format!("&#{};", point(character)), "")),
        (View::Folded, each(text, |character| format!("&amp;#x{:x};", point(character)), "")),
        (View::Folded, each(text, |character| format!("\\u{:04x}", point(character)), "")),
        (View::Folded, each(text, |character| format!("\\\\u{:04X}", point(character)), "")),
        (View::Folded, each(text, |character| format!("\\x{:02x}", point(character)), "")),
        (View::Base64, base64(text.as_bytes())),
        (View::Base64, format!("{}==", base64(text.as_bytes()))),
        (View::Base64, base64(&[b"...".as_slice(), text.as_bytes()].concat())),
        (View::Base64, base64(&utf_16)),
        (View::Base64, base64(base64(text.as_bytes()).as_bytes())),
        (View::Base64, base64(base64(base64(text.as_bytes()).as_bytes()).as_bytes())),
        (View::Base32, base32(text.as_bytes())),
        (View::Hex, hex(text.as_bytes())),
        (View::Hex, hex(text.as_bytes()).to_uppercase()),
        (View::Codes, each(text, |character| format!("{:02x}", point(character)), " ")),
        (View::Codes, each(text, |character| format!("0x{:02x}", point(character)), ", ")),
        (View::Hex, hex(base64(text.as_bytes()).as_bytes())),
        (View::Codes, each(text, |character| point(character).to_string(), ", ")),
        (View::Codes, each(text, |character| format!("{:08b}", point(character)), " ")),
        (View::Binary, each(text, |character| format!("{:08b}", point(character)), "")),
        (View::Spaced, text.split(' ').map(|word| each(word, String::from, " ")).collect::<Vec<_>>().join("   ")),
        (View::Tags, each(text, shift(0xE0000), "")),
        (View::Selectors, format!("\u{1F60A}{}", text.bytes().map(selector).collect::<String>())),
        (View::ZeroWidth, text.bytes().map(zero_width).collect()),
    ]
}

fn whole(text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    Scanner::new(&*SET, WORK).whole(text, &mut findings);
    findings
}

/// Feeds pieces, and checks that no finding begins in what was released.
fn fed<'t>(pieces: impl IntoIterator<Item = &'t str>) -> Vec<Finding> {
    let mut scanner = Scanner::new(&*SET, WORK);
    let (mut findings, mut released) = (Vec::new(), 0);
    for piece in pieces {
        let known = findings.len();
        let safe = scanner.feed(piece, &mut findings);
        let early = findings.iter().skip(known).find(|finding: &&Finding| finding.start < released);
        assert!(early.is_none(), "{early:?} after {released} had been released");
        assert!(safe >= released);
        released = safe;
    }
    let known = findings.len();
    scanner.finish(&mut findings);
    assert!(findings.iter().skip(known).all(|finding| finding.start >= released));
    findings.sort_unstable();
    findings
}

fn characters(text: &str) -> impl Iterator<Item = &str> {
    text.char_indices().map(|(at, character)| &text[at..at + character.len_utf8()])
}

#[test]
fn what_is_disguised_is_found_where_it_stands() {
    for plain in [KEY, CARD, PHRASE] {
        for (view, disguised) in disguises(plain) {
            for (before, after) in [("", ""), ("see this: ", " and so on"), ("\"", "\"}")] {
                let text = [before, &disguised, after].concat();
                let found = whole(&text);
                let finding = found.iter().find(|finding| finding.view == view);
                assert!(finding.is_some(), "{view:?} {plain} as {text:?}: {found:?}");
                let finding = finding.unwrap();
                // All but the first characters, which read as a plain word.
                let whole = before.len()..before.len() + disguised.len();
                let covered = finding.start <= whole.start + disguised.len() / 5 && finding.end >= whole.end - 8;
                assert!(covered && finding.start >= whole.start && finding.end <= whole.end, "{finding:?} of {text:?}");
            }
        }
    }
}

#[test]
fn the_findings_do_not_depend_on_the_cuts() {
    for plain in [KEY, CARD, PHRASE] {
        for (view, disguised) in disguises(plain) {
            let text = format!("So: {disguised} and on, 4111 1111 1111 1111.");
            let expected = whole(&text);
            assert_eq!(fed(characters(&text)), expected, "{view:?}: {text:?}");
            for (at, _) in text.char_indices() {
                let (first, second) = text.split_at(at);
                assert_eq!(fed([first, second]), expected, "{view:?} cut at {at}: {text:?}");
            }
        }
    }
}

#[test]
fn what_is_written_is_found_once() {
    for text in [
        concat!(
            "the card is 4111 1111 1111 1111, caf\u{e9} \u{ff0c} and AKIA",
            "Q3EGRZJ5N7TPLM2X \u{200B} then nightfall"
        ),
        "\u{ff0c}4111 1111 1111 1111\u{ff0c}",
        "%41 nightfall %42 nightfall &#67; nightfall",
        concat!("AKIA", "Q3EGRZJ5N7TPLM2X\u{200B}"),
        "все сети nightfall се",
    ] {
        let found = whole(text);
        assert!(!found.is_empty() && found.iter().all(|finding| finding.view == View::Written), "{text:?}: {found:?}");
        assert_eq!(fed(characters(text)), found, "{text:?}");
    }
}

/// Legitimate uses of everything that can also disguise, from Unicode's own examples and everyday texts.
const LEGITIMATE: &[&str] = &[
    "\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F} England",
    "\u{2764}\u{FE0F} and \u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}",
    "می\u{200C}خواهم کتاب را بخوانم",
    "क्\u{200D}ष नमस्ते",
    "ภาษา\u{200B}ไทย \u{17A2}\u{200B}\u{179B}",
    "Donau\u{AD}dampf\u{AD}schiff",
    "\u{200F}שלום\u{200E} world",
    "Привет, как дела? Все хорошо, спасибо.",
    "Ελλάδα και Κύπρος, α-helix, 5 μm, 3 kΩ",
    "commit 9fceb02d0ae598e95dc970b74767f19372d61af8 in src/detect/view/mod.rs",
    "550e8400-e29b-41d4-a716-446655440000",
    "getUserAccountInformationFromDatabase(thisIsAVeryLongIdentifierName)",
    "https://example.com/a/very/long/path/with/many/parts?x=1&y=2%20z",
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk",
    "A B C D E F G are the first letters; 1 2 3 4 5 6 7 8 9 10 are numbers",
    "- a\n- b\n- c\n- d\n",
    "10, 20, 30, 40, 50, 60, 70 and 115, 107 degrees",
];

#[test]
fn legitimate_text_is_not_taken_for_a_disguise() {
    for text in LEGITIMATE {
        assert_eq!(whole(text), [], "{text:?}");
        assert_eq!(fed(characters(text)), [], "{text:?}");
    }
}

#[test]
fn plain_words_are_released_at_once() {
    for text in ["The name is Ada", "I", "a plan", "see the README", "in 2024", "well-known", "caf\u{e9}", "x = y + 1"]
    {
        let mut scanner = Scanner::new(&*SET, WORK);
        scanner.feed("so ", &mut Vec::new());
        scanner.feed(text, &mut Vec::new());
        assert!(scanner.feed(".", &mut Vec::new()) >= 3 + text.len(), "{text:?}");
    }
    let mut scanner = Scanner::new(&*SET, WORK);
    // Two letters may begin an account number.
    assert_eq!(scanner.feed("The name is Bert, and hers is Berta", &mut Vec::new()), 33);
}

#[test]
fn work_is_linear_in_disguises() {
    const PER_BYTE: u64 = 96;
    let mut seeds: Vec<String> = disguises(KEY).into_iter().map(|(_, text)| format!("{text} ")).collect();
    seeds.extend(disguises(PHRASE).into_iter().map(|(_, text)| text));
    seeds.extend(
        ["%25", "&amp;", "\\", "\u{200B}", "а", "aа", "a ", "73 ", "- ", "\u{301}", "A", "aB", "0", "%", "é%"]
            .map(str::to_owned),
    );
    seeds.push(base64(&base64(&[b'a'; 300]).into_bytes()));
    for seed in seeds {
        let text = seed.repeat((1 << 16) / seed.len() + 1);
        let mut scanner = Scanner::new(&*SET, WORK);
        scanner.whole(&text, &mut Vec::new());
        let per_byte = (WORK - scanner.work_left()) / text.len() as u64;
        assert!(per_byte <= PER_BYTE, "{per_byte} per byte of {:?}", &seed[..seed.floor_char_boundary(40)]);
        let mut scanner = Scanner::new(&*SET, WORK);
        for piece in text.as_bytes().chunks(4) {
            // Cut at bytes; what is not a character alone is passed over.
            if let Ok(piece) = str::from_utf8(piece) {
                scanner.feed(piece, &mut Vec::new());
            }
        }
        let per_byte = (WORK - scanner.work_left()) / text.len() as u64;
        assert!(per_byte <= 4 * PER_BYTE, "{per_byte} per byte of {:?}", &seed[..seed.floor_char_boundary(40)]);
    }
}
