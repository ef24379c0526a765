//! google.protobuf.Struct to JSON text (Decision 22), so that a policy written as YAML inside a proxy's configuration
//! arrives as the same document.
//!
//! The wire format is that of protobuf.dev/programming-guides/encoding, the messages those of
//! google/protobuf/struct.proto. Flows in: bytes of a configuration, which may be anything. Flows out: JSON text no more
//! than a few times as long, or nothing. Repeated keys stay repeated, so that the reader refuses them.

#![deny(clippy::arithmetic_side_effects)]

use std::fmt::Write;

use crate::stream::json::escape_into;

/// Nested structs and lists. More than any policy has; bounds the recursion.
const DEPTH_MAX: usize = 64;

/// Integers up to here are exact in a double (2^53).
const EXACT_MAX: f64 = 9_007_199_254_740_992.0;

/// The JSON text of a Struct; `None` when the bytes are no Struct.
pub(super) fn struct_to_json(bytes: &[u8]) -> Option<String> {
    let mut out = String::new();
    fields(bytes, DEPTH_MAX, &mut out)?;
    Some(out)
}

/// `message Struct { map<string, Value> fields = 1; }`
fn fields(bytes: &[u8], depth: usize, out: &mut String) -> Option<()> {
    let mut first = true;
    out.push('{');
    for field in Fields(bytes) {
        let (1, Wire::Bytes(entry)) = field? else { return None };
        if !std::mem::take(&mut first) {
            out.push(',');
        }
        entry_of(entry, depth, out)?;
    }
    out.push('}');
    Some(())
}

/// A map entry: key = 1, value = 2. Of each, the last counts.
fn entry_of(bytes: &[u8], depth: usize, out: &mut String) -> Option<()> {
    let (mut key, mut value) = ("", None);
    for field in Fields(bytes) {
        match field? {
            (1, Wire::Bytes(text)) => key = std::str::from_utf8(text).ok()?,
            (2, Wire::Bytes(bytes)) => value = Some(bytes),
            _ => return None,
        }
    }
    quote(key, out);
    out.push(':');
    value_of(value.unwrap_or_default(), depth, out)
}

/// `message Value { oneof kind { null = 1, number = 2, string = 3, bool = 4, struct = 5, list = 6 } }`
fn value_of(bytes: &[u8], depth: usize, out: &mut String) -> Option<()> {
    let depth = depth.checked_sub(1)?;
    let mut kind = None;
    for field in Fields(bytes) {
        kind = Some(field?);
    }
    match kind {
        None | Some((1, Wire::Varint(_))) => out.push_str("null"),
        Some((2, Wire::Fixed64(bits))) => number(f64::from_bits(bits), out)?,
        Some((3, Wire::Bytes(text))) => quote(std::str::from_utf8(text).ok()?, out),
        Some((4, Wire::Varint(value))) => out.push_str(if value == 0 { "false" } else { "true" }),
        Some((5, Wire::Bytes(bytes))) => fields(bytes, depth, out)?,
        Some((6, Wire::Bytes(bytes))) => list(bytes, depth, out)?,
        Some(_) => return None,
    }
    Some(())
}

/// `message ListValue { repeated Value values = 1; }`
fn list(bytes: &[u8], depth: usize, out: &mut String) -> Option<()> {
    let mut first = true;
    out.push('[');
    for field in Fields(bytes) {
        let (1, Wire::Bytes(value)) = field? else { return None };
        if !std::mem::take(&mut first) {
            out.push(',');
        }
        value_of(value, depth, out)?;
    }
    out.push(']');
    Some(())
}

/// Integers as such; others in a form that the reader of policies refuses with their digits.
fn number(value: f64, out: &mut String) -> Option<()> {
    if !value.is_finite() {
        return None;
    }
    if value.fract() == 0.0 && value.abs() <= EXACT_MAX {
        write!(out, "{}", value as i64).ok()
    } else {
        write!(out, "{value:e}").ok()
    }
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    escape_into(text, out);
    out.push('"');
}

enum Wire<'a> {
    Varint(u64),
    Fixed64(u64),
    Bytes(&'a [u8]),
}

/// The fields of one message, in order; ends after the first that is malformed.
struct Fields<'a>(&'a [u8]);

impl<'a> Iterator for Fields<'a> {
    type Item = Option<(u64, Wire<'a>)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_none() {
            self.0 = &[];
        }
        Some(field)
    }
}

impl<'a> Fields<'a> {
    fn field(&mut self) -> Option<(u64, Wire<'a>)> {
        let tag = self.varint()?;
        let wire = match tag & 7 {
            0 => Wire::Varint(self.varint()?),
            1 => {
                let (bits, rest) = self.0.split_first_chunk::<8>()?;
                self.0 = rest;
                Wire::Fixed64(u64::from_le_bytes(*bits))
            }
            2 => {
                let length = usize::try_from(self.varint()?).ok()?;
                let (bytes, rest) = self.0.split_at_checked(length)?;
                self.0 = rest;
                Wire::Bytes(bytes)
            }
            _ => return None,
        };
        Some((tag >> 3, wire))
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            value |= u64::from(byte & 0x7F).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    fn varint(mut value: usize, out: &mut Vec<u8>) {
        while value >= 0x80 {
            out.push(u8::try_from(value & 0x7F).unwrap_or(0) | 0x80);
            value >>= 7;
        }
        out.push(u8::try_from(value).unwrap_or(0));
    }

    fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
        let mut out = vec![number << 3 | 2];
        varint(bytes.len(), &mut out);
        out.extend_from_slice(bytes);
        out
    }

    fn value(value: &serde_json::Value) -> Vec<u8> {
        use serde_json::Value as V;
        match value {
            V::Null => vec![1 << 3, 0],
            V::Bool(value) => vec![4 << 3, u8::from(*value)],
            V::Number(number) => {
                let mut out = vec![2 << 3 | 1];
                out.extend(number.as_f64().unwrap_or_default().to_le_bytes());
                out
            }
            V::String(text) => field(3, text.as_bytes()),
            V::Object(_) => field(5, &encode(value)),
            V::Array(list) => field(6, &list.iter().flat_map(|one| field(1, &self::value(one))).collect::<Vec<_>>()),
        }
    }

    /// A JSON object as the bytes of a Struct.
    pub(in crate::policy) fn encode(json: &serde_json::Value) -> Vec<u8> {
        let entry = |(key, one): (&String, &serde_json::Value)| {
            field(1, &[field(1, key.as_bytes()), field(2, &value(one))].concat())
        };
        json.as_object().map(|object| object.iter().flat_map(entry).collect()).unwrap_or_default()
    }

    #[test]
    fn every_kind_of_value_survives() {
        let json = serde_json::json!({
            "": null, "a\"\n": true, "n": [1, -7, 0, 9_007_199_254_740_992u64], "s": {"deep": {"é": "€\u{1}"}}, "e": [], "o": {},
        });
        let text = struct_to_json(&encode(&json)).unwrap_or_default();
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).ok(), Some(json), "{text}");
        assert_eq!(struct_to_json(b"").as_deref(), Some("{}"));
    }

    #[test]
    fn what_is_no_integer_stays_recognisable() {
        let text = |number: f64| struct_to_json(&encode(&serde_json::json!({ "n": number })));
        assert_eq!(text(1.5).as_deref(), Some(r#"{"n":1.5e0}"#));
        assert_eq!(text(1e300).as_deref(), Some(r#"{"n":1e300}"#));
        let mut nan = vec![2 << 3 | 1];
        nan.extend(f64::NAN.to_le_bytes());
        assert_eq!(struct_to_json(&field(1, &[field(1, b"n"), field(2, &nan)].concat())), None);
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |levels: usize| {
            let inner = (0..levels).fold(value(&serde_json::json!(1)), |inner, _| field(6, &field(1, &inner)));
            struct_to_json(&field(1, &[field(1, b"k"), field(2, &inner)].concat()))
        };
        assert!(nested(DEPTH_MAX - 1).is_some());
        assert!(nested(DEPTH_MAX).is_none());
        assert!(nested(5_000).is_none());
    }

    /// Every prefix, every single-byte change and a lot of noise: an answer, never a panic, and never a long one.
    #[test]
    fn hostile_bytes_are_refused_or_read() {
        let good = encode(&serde_json::json!({"version": 1, "rules": [{"id": "x", "n": [true, null, "text"]}]}));
        for end in 0..good.len() {
            let _ = struct_to_json(good.get(..end).unwrap_or_default());
        }
        for at in 0..good.len() {
            for byte in 0..=255u8 {
                let mut bad = good.clone();
                bad.iter_mut().skip(at).take(1).for_each(|slot| *slot = byte);
                let text = struct_to_json(&bad).unwrap_or_default();
                assert!(text.len() <= 8 * bad.len());
            }
        }
        let mut seed = 7u32;
        for length in 0..3_000usize {
            let noise: Vec<u8> = (0..length % 97)
                .map(|_| {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (seed >> 24) as u8
                })
                .collect();
            let _ = struct_to_json(&noise);
        }
        for bytes in
            [&b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"[..], b"\x0a\xff", b"\x80", b"\x0b", b"\x0a\x05ab"]
        {
            assert_eq!(struct_to_json(bytes), None, "{bytes:?}");
        }
    }
}
