//! Base64, percent-encoding and forms.

use std::ops::Range;

use weir_engine::stream::base64;
use weir_engine::stream::form::pairs;
use weir_engine::stream::percent::{Escapes, decode, encode_into, text_map};

/// There is one encoding of any bytes, and nothing else decodes.
pub fn base64(data: &[u8]) {
    assert!(base64::decode(&base64::encode(data)).as_deref() == Some(data), "bytes do not come back");
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Some(bytes) = base64::decode(text) {
        assert!(base64::encode(&bytes) == text, "another text decodes to the same bytes");
    }
}

/// Every byte of a form is in one place, a decoded text has a map back that covers its source without a gap, and what is
/// encoded decodes to itself.
pub fn form(data: &[u8]) {
    let mut at = 0;
    for pair in pairs(data) {
        assert!(data[at..pair.name.start].iter().all(|byte| *byte == b'&'), "bytes before a pair are lost");
        let between = pair.value.start - pair.name.end;
        assert!(between <= 1 && (between == 0 || data[pair.name.end] == b'='));
        assert!(!data[pair.name.clone()].contains(&b'=') && !data[pair.name.start..pair.value.end].contains(&b'&'));
        at = pair.value.end;
        for span in [pair.name, pair.value] {
            mapped(&data[span], Escapes::Form);
        }
    }
    assert!(data[at..].iter().all(|byte| *byte == b'&'), "bytes behind the last pair are lost");
    for escapes in [Escapes::None, Escapes::Percent, Escapes::Form] {
        mapped(data, escapes);
    }
}

fn mapped(raw: &[u8], escapes: Escapes) {
    let decoded = decode(raw, escapes);
    if !decoded.invalid {
        let mut encoded = String::new();
        encode_into(&decoded.text, &mut encoded);
        let again = decode(encoded.as_bytes(), escapes);
        assert!(escapes == Escapes::None || again.text == decoded.text, "what is encoded says something else");
    }
    if !decoded.mapped {
        return assert!(decoded.text.as_bytes() == raw);
    }
    let map = text_map(raw, escapes);
    covers(&decoded.text, raw.len(), |range| map.source(range));
}

/// Holds that a way back from a text to its source gives every character its own bytes, in order, and leaves none out.
pub fn covers(text: &str, source_len: usize, source: impl Fn(&Range<usize>) -> Range<usize>) {
    let mut end = 0;
    for (at, character) in text.char_indices() {
        let own = source(&(at..at + character.len_utf8()));
        assert!(own.start == end && own.end > end, "a map has a gap");
        end = own.end;
    }
    assert!(text.is_empty() || (end == source_len && source(&(0..text.len())) == (0..source_len)), "a map is short");
}
