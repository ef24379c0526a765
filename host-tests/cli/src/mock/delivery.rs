//! How an answer travels: the framings that several vendors share, and what a prompt can ask for about the way (`say
//! slow`, `say gzip`, `say html`, `say error`).

use super::prompt::{Answer, Prompt};
use super::{Received, Reply};
use crate::Step;
use serde_json::Value;
use std::time::Duration;

/// The time that answers say they were made at: fixed, so that answers can be compared.
pub(super) const CREATED: u64 = 1_767_225_600;

/// A vendor's way to say an error: status and message in, answer out.
pub(super) type Failure = fn(u16, &str) -> Reply;

/// The body of a request as JSON, or the vendor's answer to one that is not.
pub(super) fn read(request: &Received, error: Failure) -> Result<Value, Reply> {
    serde_json::from_slice(&request.body).map_err(|cause| error(400, &format!("the body is not JSON: {cause}")))
}

/// Answers `prompt` in the shape that `make` gives, and lets it travel as the prompt asks.
pub(super) fn deliver(prompt: &Prompt, error: Failure, make: impl FnOnce(&Answer) -> Reply) -> Reply {
    if prompt.asks("error") {
        let status = prompt.number_after("error").and_then(|n| u16::try_from(n).ok()).unwrap_or(429);
        return error(status, "you asked for this error");
    }
    let answer = prompt.answer();
    if prompt.asks("html") {
        let page = format!("<!doctype html><title>mock</title><p>{}</p>", answer.text);
        return Reply::new(200).header("content-type", "text/html").steps(vec![Step::data(page)]);
    }
    let mut reply = make(&answer);
    if prompt.asks("gzip") {
        reply = gzipped(reply);
    }
    if prompt.asks("slow") {
        let pause = Duration::from_millis(prompt.number_after("slow").unwrap_or(100) as u64);
        reply.body = reply.body.into_iter().flat_map(|step| [Step::Wait(pause), step]).collect();
    }
    reply
}

/// Server-sent events without names: `data` lines.
pub(super) fn events(events: impl IntoIterator<Item = Value>) -> Reply {
    sse(events.into_iter().map(|event| format!("data: {event}\n\n")))
}

/// The same with CRLF line ends, as Google sends them.
pub(super) fn events_with_crlf(events: impl IntoIterator<Item = Value>) -> Reply {
    sse(events.into_iter().map(|event| format!("data: {event}\r\n\r\n")))
}

/// Events without names and the line that OpenAI and those who follow it end a stream with.
pub(super) fn events_until_done(events: impl IntoIterator<Item = Value>) -> Reply {
    let done = std::iter::once("data: [DONE]\n\n".to_owned());
    sse(events.into_iter().map(|event| format!("data: {event}\n\n")).chain(done))
}

/// Server-sent events whose names are the `type` of their data.
pub(super) fn named_events(events: impl IntoIterator<Item = Value>) -> Reply {
    sse(events.into_iter().map(|event| {
        let name = event.get("type").and_then(Value::as_str).unwrap_or("message");
        format!("event: {name}\ndata: {event}\n\n")
    }))
}

fn sse(events: impl Iterator<Item = String>) -> Reply {
    let steps = events.map(Step::data).collect();
    Reply::new(200).header("content-type", "text/event-stream").header("cache-control", "no-cache").steps(steps)
}

/// Lines of JSON.
pub(super) fn lines(values: impl IntoIterator<Item = Value>) -> Reply {
    let steps = values.into_iter().map(|value| Step::data(format!("{value}\n"))).collect();
    Reply::new(200).header("content-type", "application/x-ndjson").steps(steps)
}

/// `%41` to `A`; a `%` without two digits stands for itself, bytes that are not UTF-8 are replaced.
pub(super) fn percent_decoded(text: &str) -> String {
    let mut bytes = text.bytes();
    let mut out = Vec::new();
    while let Some(byte) = bytes.next() {
        let mut ahead = bytes.clone();
        let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
        match (byte, digit(ahead.next()), digit(ahead.next())) {
            (b'%', Some(high), Some(low)) => {
                out.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                bytes = ahead;
            }
            _ => out.push(byte),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// RFC 4648 base64, with padding.
pub(super) fn base64(data: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for group in data.chunks(3) {
        let bits = group.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..4 {
            let digit = usize::try_from(bits >> (18 - 6 * place) & 63).unwrap_or_default();
            let digit = DIGITS.get(digit).copied().map_or('=', char::from);
            out.push(if place <= group.len() { digit } else { '=' });
        }
    }
    out
}

/// RFC 1952 around stored blocks of RFC 1951: valid gzip that compresses nothing. Each data step stays one step, so a
/// stream can be read as it comes.
fn gzipped(mut reply: Reply) -> Reply {
    let mut crc = !0;
    let mut size = 0u32;
    let mut head = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let last = reply.body.iter().rposition(|step| matches!(step, Step::Data(_)));
    for (place, step) in reply.body.iter_mut().enumerate() {
        let Step::Data(data) = step else { continue };
        let mut out = std::mem::take(&mut head);
        for block in data.chunks(0xffff) {
            stored(block, false, &mut out);
        }
        crc = crc32(crc, data);
        size = size.wrapping_add(u32::try_from(data.len()).unwrap_or(u32::MAX));
        if Some(place) == last {
            stored(&[], true, &mut out);
            out.extend((!crc).to_le_bytes());
            out.extend(size.to_le_bytes());
        }
        *step = Step::data(out);
    }
    reply.header("content-encoding", "gzip")
}

/// One stored block of at most 65535 bytes.
fn stored(block: &[u8], last: bool, out: &mut Vec<u8>) {
    let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
    out.push(u8::from(last));
    out.extend(length.to_le_bytes());
    out.extend((!length).to_le_bytes());
    out.extend(block);
}

/// CRC-32 as in gzip and in AWS event streams, carried on from `crc`: it begins at all ones and is inverted at the end.
pub(super) fn crc32(crc: u32, data: &[u8]) -> u32 {
    data.iter().fold(crc, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    })
}
