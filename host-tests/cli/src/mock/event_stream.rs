//! Binary frames of `application/vnd.amazon.eventstream`, after the public description in the Smithy specification
//! ("Amazon Event Stream"): lengths of the frame and of its headers, a CRC over the two, headers, payload, and a CRC over
//! all that came before. Integers are big-endian, CRCs are those of gzip.

use super::delivery::crc32;

/// A frame with headers whose values are strings.
pub fn frame(headers: &[(&str, &str)], payload: &[u8]) -> Vec<u8> {
    let mut head = Vec::new();
    for (name, value) in headers {
        head.push(u8::try_from(name.len()).unwrap_or(u8::MAX));
        head.extend(name.bytes().take(usize::from(u8::MAX)));
        // 7: a string, its length in two bytes.
        head.push(7);
        head.extend(u16::try_from(value.len()).unwrap_or(u16::MAX).to_be_bytes());
        head.extend(value.bytes().take(usize::from(u16::MAX)));
    }
    let length = |bytes: usize| u32::try_from(bytes).unwrap_or(u32::MAX).to_be_bytes();
    let mut out = Vec::new();
    out.extend(length(16 + head.len() + payload.len()));
    out.extend(length(head.len()));
    out.extend((!crc32(!0, &out)).to_be_bytes());
    out.extend(head);
    out.extend(payload);
    out.extend((!crc32(!0, &out)).to_be_bytes());
    out
}

/// A frame that holds an event of the kind `kind` with a JSON payload.
pub(super) fn event(kind: &str, payload: &serde_json::Value) -> Vec<u8> {
    let headers = [(":event-type", kind), (":content-type", "application/json"), (":message-type", "event")];
    frame(&headers, payload.to_string().as_bytes())
}
