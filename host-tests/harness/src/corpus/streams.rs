//! Answers that come in events: how a case writes them down, and how what was received is read again.

use serde_json::Value;
use weir_engine::stream::frames::{Format, Frames, aws_event};

use super::load::Members;

/// How the events of an answer are written into bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written(pub Format);

/// One event, as a case writes it.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseEvent {
    /// Its name, where the format has names.
    pub name: Option<String>,
    /// JSON, or text that is none.
    pub data: Value,
    /// Of a server-sent event.
    pub comment: Option<String>,
    /// Of a server-sent event.
    pub id: Option<String>,
}

/// Reads `{"format", "events", "line_end"}` and writes it into bytes.
pub(super) fn written(value: Value) -> Result<(Written, Vec<u8>), String> {
    let mut members = Members::of(value, "a stream")?;
    let format = match members.text("format")?.as_str() {
        "sse" => Format::Sse,
        "lines" => Format::Lines,
        "aws_event_stream" => Format::AwsEventStream,
        "aws_event_stream_chunks" => Format::AwsEventStreamChunks,
        "json_array" => Format::JsonArray,
        other => return Err(format!("`{other}` is no format of a stream")),
    };
    let line_end = match members.take("line_end").as_ref().and_then(Value::as_str) {
        None | Some("lf") => "\n",
        Some("crlf") => "\r\n",
        Some("cr") => "\r",
        Some(other) => return Err(format!("`{other}` is no line end")),
    };
    let events = events(members.take("events").ok_or("a stream needs `events`")?)?;
    members.end()?;
    Ok((Written(format), bytes(format, &events, line_end)))
}

/// Reads a list of events.
pub(super) fn events(value: Value) -> Result<Vec<CaseEvent>, String> {
    let Value::Array(events) = value else { return Err("`events` is a list".to_owned()) };
    events.into_iter().map(event).collect()
}

fn event(value: Value) -> Result<CaseEvent, String> {
    let mut members = Members::of(value, "an event")?;
    let mut word = |name: &str| members.take(name).and_then(|value| value.as_str().map(str::to_owned));
    let (name, comment, id) = (word("name"), word("comment"), word("id"));
    let event = CaseEvent { name, comment, id, data: members.take("data").unwrap_or_default() };
    members.end()?;
    Ok(event)
}

fn text(data: &Value) -> String {
    match data {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn bytes(format: Format, events: &[CaseEvent], line_end: &str) -> Vec<u8> {
    let each = events.iter();
    match format {
        Format::Sse => each.flat_map(|event| server_sent(event, line_end).into_bytes()).collect(),
        Format::Lines => each.flat_map(|event| format!("{}{line_end}", text(&event.data)).into_bytes()).collect(),
        Format::AwsEventStream => each.flat_map(|event| aws(event, text(&event.data).as_bytes())).collect(),
        Format::AwsEventStreamChunks => each
            .flat_map(|event| {
                let inner = serde_json::json!({ "bytes": base64(text(&event.data).as_bytes()), "p": "abcdefgh" });
                aws(event, inner.to_string().as_bytes())
            })
            .collect(),
        Format::JsonArray => {
            let all: Vec<String> = each.map(|event| text(&event.data)).collect();
            format!("[{}]", all.join(",\r\n")).into_bytes()
        }
    }
}

fn server_sent(event: &CaseEvent, line_end: &str) -> String {
    let mut lines = Vec::new();
    lines.extend(event.comment.iter().map(|comment| format!(": {comment}")));
    lines.extend(event.name.iter().map(|name| format!("event: {name}")));
    lines.extend(event.id.iter().map(|id| format!("id: {id}")));
    if !event.data.is_null() {
        lines.extend(text(&event.data).split('\n').map(|line| format!("data: {line}")));
    }
    lines.push(String::new());
    lines.iter().map(|line| format!("{line}{line_end}")).collect()
}

fn aws(event: &CaseEvent, payload: &[u8]) -> Vec<u8> {
    let name = event.name.as_deref().unwrap_or("chunk");
    aws_event(&[(":event-type", name), (":content-type", "application/json"), (":message-type", "event")], payload)
}

/// What was received, event by event: name and data. Bytes that are no event of this format come last, as they are.
pub(super) fn received(written: Written, bytes: &[u8]) -> Vec<(String, String)> {
    let mut frames = Vec::new();
    let mut reader = Frames::new(written.0, usize::MAX);
    let read = reader.push(bytes, &mut frames).and_then(|()| reader.finish(&mut frames));
    let mut events: Vec<(String, String)> = Vec::new();
    for frame in &frames {
        let data = match frame.text() {
            Some(text) => Some(text.to_owned()),
            None if frame.error() => frame.notes().last().map(str::to_owned),
            None => None,
        };
        events.extend(data.map(|data| (frame.name().to_owned(), data)));
    }
    if read.is_err() {
        events.push(("broken".to_owned(), String::from_utf8_lossy(reader.rest()).into_owned()));
    }
    events
}

/// Where what was received differs from what a case expects.
pub(super) fn difference(expected: &[CaseEvent], found: &[(String, String)], exchange: &str) -> Option<String> {
    let wanted: Vec<&CaseEvent> = expected.iter().filter(|event| !event.data.is_null()).collect();
    for (index, event) in wanted.iter().enumerate() {
        let data = text(&event.data).replace("<exchange>", exchange);
        let Some((name, got)) = found.get(index) else { return Some(format!("event {index} is missing: {data}")) };
        let same = match &event.data {
            Value::String(_) => *got == data,
            _ => serde_json::from_str::<Value>(got).ok().map(|value| value.to_string()) == Some(data.clone()),
        };
        if !same || event.name.as_ref().is_some_and(|wanted| wanted != name) {
            let wanted = event.name.as_deref().unwrap_or_default();
            return Some(format!("event {index}: expected {wanted} {data}, found {name} {got}"));
        }
    }
    found.get(wanted.len()).map(|(name, data)| format!("event {} too many: {name} {data}", wanted.len()))
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let bits = group.iter().fold(0_u32, |bits, byte| (bits << 8) | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..4 {
            let digit = (bits >> (18 - 6 * place)) & 63;
            let letter = ALPHABET.get(digit as usize).copied().unwrap_or_default();
            out.push(if place > group.len() { '=' } else { char::from(letter) });
        }
    }
    out
}
