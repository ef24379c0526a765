//! What a parser read of a document, and what of it Weir did not look at.

use serde_json::Value;
use std::collections::{BTreeSet, HashSet};
use weir_engine::stream::json;

/// What a parser that accepts a document reads in it.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// Every string and every key.
    pub(crate) texts: BTreeSet<String>,
    /// Every number, in each spelling in which the parser's language writes it out.
    pub(crate) numbers: BTreeSet<String>,
}

impl Reading {
    /// What a script reports of one parser.
    pub(crate) fn of_report(report: &Value) -> Option<Reading> {
        let strings = |name: &str| {
            let list = report[name].as_array().unwrap_or_else(|| panic!("no `{name}` in {report}"));
            list.iter().map(|item| item.as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        (!report.is_null()).then(|| Reading {
            texts: strings("texts").iter().map(|text| String::from_utf8_lossy(&bytes(text)).into_owned()).collect(),
            numbers: strings("numbers").into_iter().collect(),
        })
    }

    /// What serde_json reads, the JSON in the arguments of a tool call included.
    pub(crate) fn of_serde(document: &[u8]) -> Option<Reading> {
        let mut reading = Reading::default();
        reading.add(None, serde_json::from_slice(document).ok()?);
        Some(reading)
    }

    fn add(&mut self, key: Option<&str>, value: Value) {
        match value {
            Value::String(text) => match serde_json::from_str(&text).ok().filter(|_| key == Some("arguments")) {
                Some(inner) => self.add(None, inner),
                None => drop(self.texts.insert(text)),
            },
            Value::Number(number) => drop(self.numbers.insert(number.to_string())),
            Value::Array(elements) => elements.into_iter().for_each(|element| self.add(None, element)),
            Value::Object(members) => {
                for (key, member) in members {
                    self.add(Some(&key), member);
                    self.texts.insert(key);
                }
            }
            Value::Null | Value::Bool(_) => {}
        }
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    let digit = |byte: u8| (byte as char).to_digit(16).expect("a report is hexadecimal");
    hex.as_bytes().chunks(2).map(|pair| (digit(pair[0]) << 4 | digit(pair[1])) as u8).collect()
}

/// What Weir looked at.
pub(crate) struct Inspected {
    texts: HashSet<String>,
    values: HashSet<u64>,
}

/// The names and words that the dialect documents, which are no text of anybody.
const WORDS: &[&str] = &[
    "",
    "model",
    "messages",
    "role",
    "user",
    "assistant",
    "content",
    "metadata",
    "tool_calls",
    "type",
    "function",
    "name",
    "arguments",
];

impl Inspected {
    pub(crate) fn new(texts: impl IntoIterator<Item = String>) -> Inspected {
        let texts: HashSet<String> = texts.into_iter().collect();
        let values = texts.iter().filter_map(|text| value(text)).collect();
        Inspected { texts, values }
    }

    /// What a parser read and Weir did not look at.
    pub(crate) fn missed<'r>(&self, reading: &'r Reading) -> Vec<&'r str> {
        let texts = reading.texts.iter().filter(|text| !self.has_text(text));
        let numbers = reading.numbers.iter().filter(|number| !self.has_number(number));
        texts.chain(numbers).map(String::as_str).collect()
    }

    fn has_text(&self, text: &str) -> bool {
        WORDS.contains(&text) || self.texts.contains(text) || self.has_inner(text)
    }

    /// A string that is a JSON document is looked at string by string.
    fn has_inner(&self, text: &str) -> bool {
        let Ok(document) = json::Document::parse(text, json::Bounds { depth: 96, nodes: 1_000_000 }) else {
            return false;
        };
        document.subtree(document.root()).all(|id| match document.kind(id) {
            json::Kind::Number => self.has_number(document.raw(id)),
            _ => document.string(id).is_none_or(|text| self.has_text(&text)),
        })
    }

    /// The digits of what may be an identifier, and the value of any other number, however it is written: but for the last
    /// bit of it, which serde_json guesses. What is no number any more (an infinity) says nothing.
    fn has_number(&self, number: &str) -> bool {
        let digits = number.trim_start_matches('-');
        let long = digits.len() >= 13 && digits.bytes().all(|byte| byte.is_ascii_digit());
        if self.texts.contains(number) || long {
            return self.texts.contains(number);
        }
        let near =
            |value: u64| (value.saturating_sub(1)..=value.saturating_add(1)).any(|near| self.values.contains(&near));
        number.parse::<f64>().is_ok_and(|value| !value.is_finite()) || value(number).is_some_and(near)
    }
}

fn value(number: &str) -> Option<u64> {
    number.parse::<f64>().ok().filter(|value| value.is_finite()).map(|value| (value + 0.0).to_bits())
}

#[test]
fn what_is_missed_is_seen() {
    let inspected = Inspected::new(["a", "b", "4111111111111111", "1.50", "in"].map(str::to_owned));
    let reading = |texts: &[&str], numbers: &[&str]| Reading {
        texts: texts.iter().map(|text| (*text).to_owned()).collect(),
        numbers: numbers.iter().map(|number| (*number).to_owned()).collect(),
    };
    let held = reading(&["a", "role", "{\"a\":[\"b\",1.5]}", ""], &["4111111111111111", "1.5", "inf"]);
    assert_eq!(inspected.missed(&held), [""; 0]);
    for (texts, numbers, missed) in [
        (&["a", "A"][..], &[][..], "A"),
        (&["{\"a\":\"hidden\"}"], &[], "{\"a\":\"hidden\"}"),
        (&["b"], &["4111111111111112"], "4111111111111112"),
        (&["b"], &["2.5"], "2.5"),
    ] {
        assert_eq!(inspected.missed(&reading(texts, numbers)), [missed]);
    }
}
