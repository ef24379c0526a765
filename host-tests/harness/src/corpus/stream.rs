//! Bodies that are streams: events to bytes for whoever answers, and the client's bytes back to events.
//!
//! The bytes are written by the engine's own writers where it has them, and read by its own readers, which are held to the
//! standards by tests of their own. (An AWS error has its code as name, and its message, which is a header, as data.)

use serde_json::Value;
use weir_engine::stream::base64;
use weir_engine::stream::frames::{Format, Frame, Frames, aws_event, sse_event};

use super::load::Members;

/// Longer than any frame of a case.
const FRAME: usize = 64 << 20;

/// A stream, as a case writes it.
#[derive(Debug, Clone)]
pub(super) struct Events {
    /// How it is cut; `None` in what a client receives: as the answer was.
    pub format: Option<Format>,
    /// In order.
    pub events: Vec<StreamEvent>,
}

/// One event of a stream.
#[derive(Debug, Clone, Default)]
pub struct StreamEvent {
    /// The name, where the format has one. Not compared when absent.
    pub name: Option<String>,
    /// The payload: a string stands for a text that is no JSON.
    pub data: Option<Value>,
    /// Beside the payload of a server-sent event.
    pub comment: Option<String>,
    /// Beside the payload of a server-sent event.
    pub id: Option<String>,
    /// `:message-type` of an AWS message; `event` when absent.
    pub message_type: Option<String>,
}

/// Reads a `stream` member. Answers it with its bytes (none without a format), and whether its length is declared.
///
/// # Errors
/// What is wrong with it.
pub(super) fn stream(value: Value) -> Result<(Events, Vec<Vec<u8>>, bool), String> {
    let mut members = Members::of(value, "a stream")?;
    let format = members.take("format").map(|name| format(name.as_str().unwrap_or_default())).transpose()?;
    let line_end = match members.take("line_end").as_ref().map(Value::as_str) {
        None | Some(Some("lf")) => "\n",
        Some(Some("crlf")) => "\r\n",
        Some(Some("cr")) => "\r",
        Some(_) => return Err("`line_end` is one of `lf`, `crlf` and `cr`".to_owned()),
    };
    let declared = members.take("content_length") == Some(Value::Bool(true));
    let Some(Value::Array(events)) = members.take("events") else {
        return Err("a stream needs a list `events`".to_owned());
    };
    members.end()?;
    let events = events.into_iter().map(event).collect::<Result<Vec<_>, _>>()?;
    let pieces = format.map(|format| encoded(format, &events, line_end)).unwrap_or_default();
    Ok((Events { format, events }, pieces, declared))
}

fn format(name: &str) -> Result<Format, String> {
    Ok(match name {
        "sse" => Format::Sse,
        "lines" => Format::Lines,
        "aws_event_stream" => Format::AwsEventStream,
        "aws_event_stream_chunks" => Format::AwsEventStreamChunks,
        "json_array" => Format::JsonArray,
        _ => return Err(format!("`{name}` is no format of streams")),
    })
}

fn event(value: Value) -> Result<StreamEvent, String> {
    let mut members = Members::of(value, "an event")?;
    let mut word = |name: &str| match members.take(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(format!("`{name}` of an event is not a string")),
    };
    let (name, comment, id) = (word("name")?, word("comment")?, word("id")?);
    let message_type = word("message_type")?;
    let event = StreamEvent { name, comment, id, message_type, data: members.take("data") };
    members.end()?;
    Ok(event)
}

/// The bytes of a stream, a piece for each event.
fn encoded(format: Format, events: &[StreamEvent], line_end: &str) -> Vec<Vec<u8>> {
    let last = events.len().saturating_sub(1);
    let pieces = events.iter().enumerate().map(|(index, event)| {
        let data = event.data.as_ref().map(written);
        match format {
            Format::Sse => sse(event, data.as_deref(), line_end),
            Format::Lines => format!("{}{line_end}", data.unwrap_or_default()).into_bytes(),
            Format::JsonArray => {
                let before = if index == 0 { "[" } else { "," };
                let after = if index == last { format!("{line_end}]") } else { line_end.to_owned() };
                format!("{before}{}{after}", data.unwrap_or_default()).into_bytes()
            }
            Format::AwsEventStream => aws(event, data.unwrap_or_default().as_bytes()),
            Format::AwsEventStreamChunks if event.message_type.is_some() => {
                aws(event, data.unwrap_or_default().as_bytes())
            }
            Format::AwsEventStreamChunks => {
                let bytes = base64::encode(data.unwrap_or_default().as_bytes());
                aws(event, serde_json::json!({ "bytes": bytes, "p": "abcdefgh" }).to_string().as_bytes())
            }
        }
    });
    pieces.collect()
}

fn sse(event: &StreamEvent, data: Option<&str>, line_end: &str) -> Vec<u8> {
    let comment = event.comment.as_ref().map(|text| format!(": {text}\n")).unwrap_or_default();
    let id = event.id.as_ref().map(|text| format!("id: {text}\n")).unwrap_or_default();
    let rest = match (data, &event.name) {
        (Some(data), name) => String::from_utf8_lossy(&sse_event(name.as_deref(), data)).into_owned(),
        (None, Some(name)) => format!("event: {name}\n\n"),
        (None, None) => "\n".to_owned(),
    };
    format!("{comment}{id}{rest}").replace('\n', line_end).into_bytes()
}

fn aws(event: &StreamEvent, payload: &[u8]) -> Vec<u8> {
    let kind = event.message_type.as_deref().unwrap_or("event");
    let name = event.name.as_deref().unwrap_or("chunk");
    let named = match kind {
        "exception" => ":exception-type",
        "error" => ":error-code",
        _ => ":event-type",
    };
    aws_event(&[(named, name), (":content-type", "application/json"), (":message-type", kind)], payload)
}

/// A payload as text.
fn written(data: &Value) -> String {
    match data {
        Value::String(text) => text.clone(),
        json => json.to_string(),
    }
}

/// Compares the bytes that a client received with the events it should have. `exchange` takes the place of `<exchange>`.
///
/// # Errors
/// The differences.
pub(super) fn compare(format: Format, expected: &[StreamEvent], body: &[u8], exchange: &str) -> Result<(), String> {
    let (mut frames, mut found) = (Frames::new(format, FRAME), Vec::new());
    let read = frames.push(body, &mut found).and_then(|()| frames.finish(&mut found));
    read.map_err(|broken| format!("{broken}: {}", String::from_utf8_lossy(body)))?;
    let found: Vec<&Frame> = found.iter().filter(|frame| frame.text().is_some() || frame.notes().count() > 0).collect();
    let mut differences = Vec::new();
    for (index, wanted) in expected.iter().enumerate() {
        let differs = match found.get(index) {
            Some(frame) => differs(wanted, frame, exchange),
            None => Some(format!("there is none; expected {}", shown(wanted))),
        };
        differences.extend(differs.map(|difference| format!("event {index}: {difference}")));
    }
    for frame in found.iter().skip(expected.len()) {
        differences.push(format!("one event too many: {}", String::from_utf8_lossy(frame.bytes())));
    }
    if differences.is_empty() { Ok(()) } else { Err(differences.join("\n")) }
}

fn differs(wanted: &StreamEvent, frame: &Frame, exchange: &str) -> Option<String> {
    let filled = |text: &str| text.replace("<exchange>", exchange);
    let name = wanted.name.as_deref().is_none_or(|name| name == frame.name());
    let beside = [&wanted.comment, &wanted.id].into_iter().flatten();
    let beside = beside.map(|text| filled(text)).all(|text| frame.notes().any(|note| note == text));
    let kind = wanted.message_type.as_deref().is_none_or(|kind| (kind != "event") == frame.error());
    let data = match (&wanted.data, frame.text()) {
        (None, None) => true,
        // The message of an AWS error is one of its headers.
        (Some(Value::String(wanted)), None) if frame.error() => frame.notes().any(|note| note == filled(wanted)),
        (Some(Value::String(wanted)), Some(text)) => filled(wanted) == text,
        (Some(json), Some(text)) => {
            let wanted = serde_json::from_str::<Value>(&filled(&json.to_string()));
            wanted.is_ok_and(|wanted| serde_json::from_str::<Value>(text).is_ok_and(|found| found == wanted))
        }
        _ => false,
    };
    let same = name && beside && kind && data;
    let (found, text) = (frame.name(), frame.text().unwrap_or("nothing"));
    (!same).then(|| format!("expected {}\n  found `{found}` {text}", shown(wanted)))
}

fn shown(event: &StreamEvent) -> String {
    let name = event.name.as_deref().unwrap_or("any");
    format!("`{name}` {}", event.data.as_ref().map_or("nothing".to_owned(), written))
}
