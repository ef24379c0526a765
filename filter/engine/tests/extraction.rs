//! What a body says, all of it and once: every text reaches the sink, and every text can be replaced where it stands.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that panics is a test that fails"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::{Map, Number, Value};
use weir_engine::enforce::splice;
use weir_engine::event::Direction;
use weir_engine::exchange::{Edit, Part, Place, Reading, Sink, body_json};
use weir_engine::fault::Fault;
use weir_engine::limits::Limits;
use weir_engine::stream::json::{Bounds, Document};
use weir_engine::wire::Dialect;

/// Keeps every part with its text, which no sink of Weir does.
#[derive(Default)]
struct Texts(Vec<(Part, String)>);

impl Sink for Texts {
    fn part(&mut self, part: Part, text: &str) -> bool {
        self.0.push((part, text.to_owned()));
        true
    }
}

fn read(body: &str, dialect: Dialect, direction: Direction) -> (Vec<(Part, String)>, Reading) {
    let mut texts = Texts::default();
    let reading = body_json(body, dialect, direction, false, &Limits::default(), &mut texts);
    (texts.0, reading)
}

/// The same numbers every time (Numerical Recipes' linear congruential generator).
struct Dice(u64);

impl Dice {
    fn throw(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.throw(from.len() as u64) as usize]
    }
}

/// Makes documents in which every text has a marker of its own.
struct Maker {
    dice: Dice,
    markers: u64,
}

/// Keys that a dialect reads in a way of its own.
const KEYS: &[&str] = &[
    "messages",
    "model",
    "tools",
    "functions",
    "prediction",
    "choices",
    "message",
    "delta",
    "error",
    "role",
    "content",
    "name",
    "refusal",
    "reasoning",
    "reasoning_content",
    "tool_calls",
    "function_call",
    "function",
    "custom",
    "arguments",
    "input",
    "logprobs",
    "type",
    "text",
    "image_url",
    "usage",
    "metadata",
    "index",
];

/// Texts around a marker, with everything that JSON escapes.
const TEXTS: &[&str] =
    &["", " ", "\"", "\\", "\n", "\u{0}", "é", "日本", "😀", "\u{2028}", "</", "{", "[x", "\"{", "\u{7f}\t"];

impl Maker {
    fn marker(&mut self) -> String {
        self.markers += 1;
        format!("M{}m", self.markers)
    }

    fn text(&mut self) -> String {
        let (before, after) = (self.dice.pick(TEXTS), self.dice.pick(TEXTS));
        format!("{before}{}{after}", self.marker())
    }

    fn value(&mut self, depth: u64) -> Value {
        match self.dice.throw(if depth == 0 { 5 } else { 10 }) {
            0 => Value::Null,
            1 => self.dice.throw(2).eq(&0).into(),
            2 => {
                self.markers += 1;
                Value::Number(Number::from(1_000_000_000 + self.markers))
            }
            3 | 4 => self.text().into(),
            // A document in a string.
            5 if depth > 1 => self.container(depth - 2).to_string().into(),
            _ => self.container(depth - 1),
        }
    }

    fn container(&mut self, depth: u64) -> Value {
        let size = self.dice.throw(5);
        if self.dice.throw(3) == 0 {
            return (0..size).map(|_| self.value(depth)).collect();
        }
        let mut map = Map::new();
        for _ in 0..size {
            let key = if self.dice.throw(3) == 0 { self.text() } else { self.dice.pick(KEYS).to_owned() };
            map.insert(key, self.value(depth));
        }
        map.into()
    }

    fn message(&mut self) -> Value {
        let role = ["system", "user", "assistant", "tool"][self.dice.throw(4) as usize];
        let arguments = self.container(2).to_string();
        let function = serde_json::json!({"name": self.text(), "arguments": arguments});
        let call = serde_json::json!({"id": self.text(), "type": "function", "function": function});
        serde_json::json!({
            "role": role, "name": self.text(), "content": self.value(2), "refusal": self.value(1),
            "tool_calls": [call, self.value(2)], "function_call": self.value(2), "extra": self.value(2),
        })
    }

    /// A body that has the shape of a dialect and anything in it.
    fn body(&mut self) -> Value {
        let mut body = self.container(4);
        let Value::Object(map) = &mut body else { return body };
        let messages = vec![self.message(), self.value(3)];
        map.insert("messages".into(), Value::Array(messages));
        let choice = serde_json::json!({"message": self.message(), "logprobs": self.value(2), "index": 0});
        map.insert("choices".into(), Value::Array(vec![choice, self.value(2)]));
        body
    }
}

/// Every marker of a document, at whatever depth, with how often it occurs.
fn markers(value: &Value, into: &mut BTreeMap<String, usize>) {
    let mut note = |text: &str| {
        for (at, _) in text.match_indices('M') {
            let rest = &text[at + 1..];
            if let Some((digits, _)) = rest.split_once('m')
                && !digits.is_empty()
                && digits.bytes().all(|byte| byte.is_ascii_digit())
            {
                *into.entry(format!("M{digits}m")).or_insert(0) += 1;
            }
        }
    };
    match value {
        Value::String(text) => note(text),
        Value::Number(number) if number.as_u64().is_some_and(|number| number > 1_000_000_000) => {
            *into.entry(number.to_string()).or_insert(0) += 1;
        }
        Value::Array(list) => list.iter().for_each(|value| markers(value, into)),
        Value::Object(map) => map.iter().for_each(|(key, value)| {
            markers(&Value::String(key.clone()), into);
            markers(value, into);
        }),
        _ => {}
    }
}

/// Numbers inside of documents in strings are markers of their own, since the string is not one text any more.
fn opened(value: &Value) -> Value {
    match value {
        Value::String(text) if text.trim_start().starts_with(['{', '[']) => match serde_json::from_str(text) {
            Ok(inner) => Value::Array(vec![opened(&inner)]),
            Err(_) => value.clone(),
        },
        Value::Array(list) => list.iter().map(opened).collect(),
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), opened(value))).collect(),
        _ => value.clone(),
    }
}

/// JSON as another writer would write it: any character may be escaped, and there may be white space.
fn written(value: &Value, dice: &mut Dice, out: &mut String) {
    let space = |dice: &mut Dice, out: &mut String| out.push_str(["", "", " ", "\n\t"][dice.throw(4) as usize]);
    space(dice, out);
    match value {
        Value::String(text) => string(text, dice, out),
        Value::Array(list) => {
            out.push('[');
            for (index, value) in list.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                written(value, dice, out);
            }
            out.push(']');
        }
        Value::Object(map) => {
            out.push('{');
            for (index, (key, value)) in map.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                space(dice, out);
                string(key, dice, out);
                space(dice, out);
                out.push(':');
                written(value, dice, out);
            }
            out.push('}');
        }
        other => write!(out, "{other}").expect("a string takes everything"),
    }
    space(dice, out);
}

fn string(text: &str, dice: &mut Dice, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        if dice.throw(6) == 0 {
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}").expect("a string takes everything");
            }
        } else {
            let quoted = Value::String(character.to_string()).to_string();
            out.push_str(&quoted[1..quoted.len() - 1]);
        }
    }
    out.push('"');
}

const WAYS: [(Dialect, Direction); 3] = [
    (Dialect::OpenAiChat, Direction::Request),
    (Dialect::OpenAiChat, Direction::Response),
    (Dialect::Unknown, Direction::Request),
];

#[test]
fn every_text_reaches_the_sink_once() {
    let mut maker = Maker { dice: Dice(7), markers: 0 };
    let mut seen = 0;
    for round in 0..600 {
        let body = maker.body();
        let mut text = String::new();
        written(&body, &mut maker.dice, &mut text);
        let mut expected = BTreeMap::new();
        markers(&opened(&body), &mut expected);
        for (dialect, direction) in WAYS {
            let (parts, reading) = read(&text, dialect, direction);
            assert!(!reading.faults.contains(&Fault::InvalidJson), "{round}: {text}");
            let mut found = BTreeMap::new();
            for (_, text) in &parts {
                let number = text.parse::<u64>().ok().map(|number| Value::Number(number.into()));
                markers(&number.unwrap_or_else(|| Value::String(text.clone())), &mut found);
            }
            assert_eq!(found, expected, "{round} {dialect:?} {direction:?}: {text}");
        }
        seen += expected.len();
    }
    assert!(seen > 10_000, "{seen} markers are too few to say anything");
}

/// Replaces one text in a document, at whatever depth: what a reader of the result must see. Documents in strings
/// are compared as what they say, since they may be written differently.
fn replaced(value: &Value, old: &str, new: &str) -> Value {
    match value {
        Value::String(text) => Value::String(text.replace(old, new)),
        Value::Number(number) if number.to_string() == old => Value::String(new.to_owned()),
        Value::Array(list) => list.iter().map(|value| replaced(value, old, new)).collect(),
        Value::Object(map) => {
            map.iter().map(|(key, value)| (key.replace(old, new), replaced(value, old, new))).collect()
        }
        _ => value.clone(),
    }
}

#[test]
fn a_replacement_changes_one_text_and_no_other_byte() {
    let mut maker = Maker { dice: Dice(11), markers: 0 };
    let with = "<\"é\\\n\u{1}😀>";
    let mut edits_made = 0;
    for round in 0..150 {
        let body = maker.body();
        let mut text = String::new();
        written(&body, &mut maker.dice, &mut text);
        let (parts, reading) = read(&text, Dialect::OpenAiChat, Direction::Request);
        let mut all: Vec<Edit> = Vec::new();
        for (part, own) in &parts {
            let Place::Body(layer) = part.place else { panic!("a body has no headers") };
            let mut marks = BTreeMap::new();
            let number = own.parse::<u64>().is_ok();
            markers(
                &if number { serde_json::from_str(own).expect("a number") } else { Value::String(own.clone()) },
                &mut marks,
            );
            for marker in marks.keys() {
                let at = own.find(marker.as_str()).expect("it was found there");
                let edit = reading.layers.edit(layer, at..at + marker.len(), with).expect("every part has a place");
                let outside = (text[..edit.range.start].to_owned(), text[edit.range.end..].to_owned());
                let rewritten = splice(&text, std::slice::from_ref(&edit)).expect("one edit overlaps with none");
                assert!(rewritten.starts_with(&outside.0) && rewritten.ends_with(&outside.1));
                assert_eq!(rewritten.len(), outside.0.len() + edit.with.len() + outside.1.len());
                let after: Value =
                    serde_json::from_str(&rewritten).unwrap_or_else(|error| panic!("{round}: {error}\n{rewritten}"));
                assert_eq!(
                    opened(&after),
                    replaced(&opened(&body), marker, with),
                    "{round} {marker}:\n{text}\n{rewritten}"
                );
                all.push(edit);
                edits_made += 1;
            }
        }
        // All at once: edits of different texts never touch each other.
        all.sort_by_key(|edit| edit.range.start);
        let rewritten = splice(&text, &all).unwrap_or_else(|_| panic!("{round}: edits overlap in {text}"));
        let after: Value =
            serde_json::from_str(&rewritten).unwrap_or_else(|error| panic!("{round}: {error}\n{rewritten}"));
        let mut left = BTreeMap::new();
        markers(&opened(&after), &mut left);
        assert_eq!(left, BTreeMap::new(), "{round}: {rewritten}");
    }
    assert!(edits_made > 3_000, "{edits_made} edits are too few to say anything");
}

/// A text in one, two, three and more documents, each in a string of the next.
#[test]
fn a_replacement_is_escaped_for_every_layer() {
    let limit = Limits::default().nesting as usize;
    let mut body = serde_json::json!({"a\"b": ["é😀 SECRET \\", 1]});
    let with = "\"\\\n";
    for level in 0..=limit + 1 {
        let text = body.to_string();
        let (parts, reading) = read(&text, Dialect::Unknown, Direction::Request);
        let (part, own) = parts.iter().find(|(_, own)| own.contains("SECRET")).expect("it is there");
        assert_eq!(reading.faults.contains(&Fault::Nesting), level > limit, "{level}");
        let Place::Body(layer) = part.place else { panic!("a body has no headers") };
        let at = own.find("SECRET").expect("it is there");
        let edit = reading.layers.edit(layer, at..at + 6, with).expect("every part has a place");
        let rewritten = splice(&text, &[edit]).expect("one edit overlaps with none");
        let after: Value =
            serde_json::from_str(&rewritten).unwrap_or_else(|error| panic!("{level}: {error}\n{rewritten}"));
        if level <= limit {
            let mut inner = after;
            for _ in 0..level {
                let text = inner["in"].as_str().expect("a document in a string").to_owned();
                inner = serde_json::from_str(&text).expect("it is still one");
            }
            assert_eq!(inner["a\"b"][0], format!("é😀 {with} \\"), "{level}: {rewritten}");
        }
        body = serde_json::json!({"in": text});
    }
}

fn golden() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// `*.request.json` and `*.response.json` beside what is read out of them: a line for every part with its scope, whether
/// it is carried, its bytes in the body, and its length; then faults and the model. `UPDATE=1` rewrites it.
#[test]
fn outlines() {
    let update = std::env::var_os("UPDATE").is_some();
    let mut seen = 0;
    let entries = std::fs::read_dir(golden()).expect("the folder is there");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "json")) {
        let name = file.file_name().and_then(|name| name.to_str()).expect("a name");
        let direction = if name.contains(".request.") { Direction::Request } else { Direction::Response };
        let body = std::fs::read_to_string(file).expect("text");
        let mut texts = Texts::default();
        let error = name.contains("error");
        let reading = body_json(&body, Dialect::OpenAiChat, direction, error, &Limits::default(), &mut texts);
        let mut outline = String::new();
        for (part, text) in &texts.0 {
            let Place::Body(layer) = part.place else { panic!("a body has no headers") };
            let place = reading.layers.edit(layer, 0..text.len(), "").expect("every part has a place").range;
            let carried = if part.carried { "carried" } else { "new" };
            writeln!(outline, "{} {carried} {}..{} {}", part.scope.name(), place.start, place.end, text.len())
                .expect("text");
        }
        for fault in &reading.faults {
            writeln!(outline, "fault {fault}").expect("text");
        }
        writeln!(outline, "model {}", reading.told.model.as_ref().map_or("none", |model| model.expose()))
            .expect("text");
        writeln!(outline, "echoes {}", reading.echoes.len()).expect("text");
        let beside = file.with_extension("outline");
        if update {
            std::fs::write(&beside, &outline).expect("written");
        }
        let expected = std::fs::read_to_string(&beside).unwrap_or_default();
        assert_eq!(outline, expected, "{} (UPDATE=1 rewrites it)", beside.display());
        seen += 1;
    }
    assert!(seen >= 5, "{seen} golden files");
}

/// How much of a hostile body is kept: parts, and the most that reading any of them could cost.
fn cost(body: &str, dialect: Dialect) -> (usize, usize, Vec<Fault>) {
    let (parts, reading) = read(body, dialect, Direction::Request);
    let bytes = parts.iter().map(|(_, text)| text.len()).sum();
    (parts.len(), bytes, reading.faults)
}

#[test]
fn hostile_bodies_cost_what_they_weigh() {
    let mib = 1 << 20;
    let deep = |open: &str, close: &str, n: usize| format!("{}1{}", open.repeat(n), close.repeat(n));
    for dialect in [Dialect::OpenAiChat, Dialect::Unknown] {
        // Depth.
        for bomb in [deep("[", "]", 500_000), deep("{\"a\":", "}", 200_000), "[".repeat(mib)] {
            let (parts, bytes, faults) = cost(&bomb, dialect);
            assert_eq!((parts, bytes), (1, bomb.len()), "scanned once, as text");
            assert!(faults == [Fault::Depth], "{faults:?}");
        }
        // Depth inside of strings: each level is text for the next, so the work is that of the levels, not more.
        let mut nested = "[1]".to_owned();
        while nested.len() < mib {
            nested = serde_json::json!([nested]).to_string();
        }
        let (parts, bytes, faults) = cost(&nested, dialect);
        assert!(parts == 1 && bytes <= nested.len() && faults.contains(&Fault::Nesting), "{parts} {bytes} {faults:?}");
        // Numbers of things.
        let many = format!("[{}0]", "0,".repeat(900_000));
        let (parts, _, faults) = cost(&many, dialect);
        assert!(parts == 900_001 && !faults.contains(&Fault::TooManyNodes), "{parts} {faults:?}");
        let more = format!("[{}0]", "0,".repeat(1_100_000));
        let (parts, bytes, faults) = cost(&more, dialect);
        assert!(parts == 1 && bytes == more.len() && faults == [Fault::TooManyNodes], "{parts} {faults:?}");
        // Documents in strings count towards the same limit.
        let strings = vec![format!("[{}0]", "0,".repeat(5_000)); 300];
        let (parts, _, faults) = cost(&Value::from(strings).to_string(), dialect);
        assert!(parts <= 1_000_000 && faults.contains(&Fault::TooManyNodes), "{parts} {faults:?}");
        // Lengths of things.
        for (long, expected) in [
            (format!("{{\"{}\":1}}", "k".repeat(4 * mib)), 2),
            (format!("[{}]", "9".repeat(4 * mib)), 1),
            (format!("[-1.{}e{}]", "0".repeat(mib), "9".repeat(mib)), 1),
            (format!("[\"{}\"]", "\\u0041".repeat(mib / 6)), 1),
            (format!("[\"{}\"]", "\\ud83d\\ude00".repeat(mib / 12)), 1),
            (format!("[\"{}\"]", "\\n".repeat(mib / 2)), 1),
            (format!("[\"{}\"]", "\\ud800".repeat(mib / 6)), 1),
        ] {
            let (parts, bytes, _) = cost(&long, dialect);
            assert!(parts == expected && bytes <= long.len(), "{parts} parts, {bytes} bytes");
        }
    }
}

/// What is looked up for each of many must not be looked for among all of them.
#[test]
fn repetition_costs_no_more_than_length() {
    let many = 120_000;
    let roles = format!(r#"{{"messages":[{{{}"content":"x"}}]}}"#, r#""role":"user","#.repeat(many));
    let types =
        format!(r#"{{"messages":[{{"role":"user","content":[{{{}"text":"x"}}]}}]}}"#, r#""type":"text","#.repeat(many));
    let messages = format!(r#"{{"messages":[{}{{}}]}}"#, r#"{"role":"assistant"},"#.repeat(many));
    let lists = format!(r#"{{{}"messages":[]}}"#, r#""messages":[{"role":"user"}],"#.repeat(many));
    for body in [roles, types, messages, lists] {
        // Linear work takes a tenth of a second, quadratic work minutes: nobody would overlook it.
        let (parts, _) = read(&body, Dialect::OpenAiChat, Direction::Request);
        assert!(parts.len() <= 4 * many, "{} parts", parts.len());
    }
    let echoes = format!(r#"{{"choices":[{}{{}}]}}"#, r#"{"logprobs":[1]},"#.repeat(many));
    let (_, reading) = read(&echoes, Dialect::OpenAiChat, Direction::Response);
    assert_eq!(reading.echoes.len(), many);
    assert!(reading.echoes.windows(2).all(|pair| matches!(pair, [a, b] if a.end <= b.start)), "in order and disjoint");
}

#[test]
fn no_cut_or_flipped_byte_makes_it_fail() {
    let mut maker = Maker { dice: Dice(3), markers: 0 };
    for _ in 0..20 {
        let mut text = String::new();
        written(&maker.body(), &mut maker.dice, &mut text);
        for at in (0..text.len()).step_by(7).filter(|at| text.is_char_boundary(*at)) {
            let cut = &text[..at];
            let (parts, reading) = read(cut, Dialect::OpenAiChat, Direction::Request);
            let whole = Document::parse(cut, Bounds { depth: 96, nodes: 1_000_000 }).is_ok();
            assert!(whole || (reading.faults == [Fault::InvalidJson] && parts.len() == 1 && parts[0].1 == cut));
            for byte in ["\"", "\\", "{", "]", ",", "\u{0}", "é"] {
                let flipped = format!("{cut}{byte}{}", text.get(at + 1..).unwrap_or_default());
                read(&flipped, Dialect::OpenAiChat, Direction::Request);
            }
        }
    }
}
