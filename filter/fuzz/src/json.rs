//! The JSON reader against serde_json and against itself.

use weir_engine::stream::json::{Bounds, Document, Kind};

use crate::encoded::covers;

const BOUNDS: Bounds = Bounds { depth: 512, nodes: 1_000_000 };

/// Holds that what serde_json takes for JSON is JSON here and says the same, and that spans and maps fit the text.
pub fn json(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let theirs = serde_json::from_str::<serde_json::Value>(text);
    let document = match Document::parse(text, BOUNDS) {
        Ok(document) => document,
        Err(_) => return assert!(theirs.is_err(), "valid JSON is refused"),
    };
    let mut strings = Vec::new();
    for id in document.subtree(document.root()) {
        assert!(text.get(document.span(id)) == Some(document.raw(id)), "a span is off");
        let Some(string) = document.string(id) else { continue };
        if let Some(map) = document.text_map(id) {
            covers(&string, document.raw(id).len(), |range| map.source(range));
        }
        strings.push((document.kind(id), string));
    }
    let Ok(theirs) = theirs else { return };
    if document.duplicates().is_empty() {
        let mut theirs = strings_of(&theirs);
        let mut ours: Vec<(bool, String)> = strings
            .into_iter()
            .map(|(kind, string)| (matches!(kind, Kind::Key | Kind::EscapedKey), string.into_owned()))
            .collect();
        // serde_json sorts the members of objects.
        theirs.sort();
        ours.sort();
        assert!(ours == theirs, "strings say something else");
    }
}

/// Every string and whether it is a key.
fn strings_of(value: &serde_json::Value) -> Vec<(bool, String)> {
    match value {
        serde_json::Value::String(text) => vec![(false, text.clone())],
        serde_json::Value::Array(elements) => elements.iter().flat_map(strings_of).collect(),
        serde_json::Value::Object(members) => {
            let with_key = |(key, value)| [vec![(true, String::clone(key))], strings_of(value)].concat();
            members.iter().flat_map(with_key).collect()
        }
        _ => Vec::new(),
    }
}
