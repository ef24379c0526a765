//! The RFC 8785 form of a policy (JSON Canonicalization Scheme) and its hash.
//!
//! Two documents that say the same have the same form, whatever their white space, order of keys and escapes, and
//! whether they came as JSON or as a Struct. Policies hold integers only, so no number needs to be printed anew.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::stream::json::{Document, Kind, NodeId};

/// `sha256:` and 64 hexadecimal digits over the canonical form.
pub(super) fn hash(document: &Document<'_>) -> String {
    let mut form = String::new();
    write(document, document.root(), &mut form);
    let mut hash = String::from("sha256:");
    for byte in Sha256::digest(form.as_bytes()) {
        let _ = write!(hash, "{byte:02x}");
    }
    hash
}

/// The depth of the document bounds the recursion.
fn write(document: &Document<'_>, node: NodeId, out: &mut String) {
    match document.kind(node) {
        Kind::Object => {
            let mut members: Vec<_> =
                document.members(node).map(|(key, value)| (document.string(key).unwrap_or_default(), value)).collect();
            members.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
            out.push('{');
            for (i, (key, value)) in members.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                string(key, out);
                out.push(':');
                write(document, *value, out);
            }
            out.push('}');
        }
        Kind::Array => {
            out.push('[');
            for (i, value) in document.elements(node).enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write(document, value, out);
            }
            out.push(']');
        }
        Kind::String | Kind::EscapedString | Kind::Key | Kind::EscapedKey => {
            string(&document.string(node).unwrap_or_default(), out);
        }
        Kind::Number if document.raw(node) == "-0" => out.push('0'),
        Kind::Null | Kind::Bool | Kind::Number => out.push_str(document.raw(node)),
    }
}

/// RFC 8785, section 3.2.2.2: the two-character escapes where there is one, else `\u00xx`, else the character.
fn string(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\u{9}' => out.push_str("\\t"),
            '\u{a}' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\u{d}' => out.push_str("\\r"),
            control if control < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::json::Bounds;

    fn form(text: &str) -> String {
        let mut form = String::new();
        if let Ok(document) = Document::parse(text, Bounds { depth: 64, nodes: 1000 }) {
            write(&document, document.root(), &mut form);
        }
        form
    }

    /// The strings of the RFC's own example, section 3.2.2.
    #[test]
    fn strings_of_the_rfc() {
        let text = r#"{"string": "€$\nA'B\"\\\\\"/", "literals": [null, true, false]}"#;
        assert_eq!(
            form(text),
            r#"{"literals":[null,true,false],"string":"€$\u000f\nA'B\"\\\\\"/"}"#.replace("\\u000f", "")
        );
        assert_eq!(form(r#""\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/""#), r#""€$\u000f\nA'B\"\\\\\"/""#);
        assert_eq!(form(r#""\b\t\n\f\r\u001f\u007f""#), "\"\\b\\t\\n\\f\\r\\u001f\u{7f}\"");
    }

    /// The keys of the RFC's own example, section 3.2.3: an astral character sorts by its surrogates, before U+FB33.
    #[test]
    fn keys_are_sorted_by_utf_16_code_units() {
        let text = r#"{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh",
            "1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}"#;
        let order = ["Carriage", "One", "Control", "Latin", "Euro", "Emoji", "Hebrew"];
        let canonical = form(text);
        let places: Vec<_> = order.iter().map(|word| canonical.find(word)).collect();
        assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{canonical}");
    }

    #[test]
    fn white_space_order_and_escapes_do_not_matter() {
        let (one, other) = (r#"{ "b" : [ 1 , -0 ] , "a" : "x" }"#, r#"{"\u0061":"\u0078","b":[1,0]}"#);
        assert_eq!(form(one), r#"{"a":"x","b":[1,0]}"#);
        assert_eq!(form(one), form(other));
    }

    #[test]
    fn the_hash_is_that_of_the_form() {
        let Ok(document) = Document::parse(" {} ", Bounds { depth: 4, nodes: 4 }) else { return };
        assert_eq!(hash(&document), "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
    }
}
