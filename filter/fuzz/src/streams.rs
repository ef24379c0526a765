//! A secret in a stream.

use serde_json::{Value, json};
use weir_bare_proxy::Message;
use weir_engine::stream::frames::{Format, Frames, aws_event, sse_event};

use crate::cuts::{next, text_cuts};
use crate::session::same;

/// In two pieces, so that it looks like no live one here.
fn secret() -> String {
    ["AKIA", "QYLPMN5HXY4K2ZTB"].concat()
}

/// What a dialect's stream is written as.
struct Dialect {
    path: &'static str,
    media: &'static str,
    format: Format,
    event: fn(&str) -> (&'static str, Value),
}

const DIALECTS: &[Dialect] = &[
    Dialect {
        path: "/v1/chat/completions",
        media: "text/event-stream",
        format: Format::Sse,
        event: |text| ("", json!({"choices": [{"index": 0, "delta": {"content": text}}]})),
    },
    Dialect {
        path: "/v1/chat/completions",
        media: "text/event-stream; charset=utf-8",
        format: Format::Sse,
        event: |text| {
            let call = json!({"index": 0, "function": {"arguments": text}});
            ("", json!({"choices": [{"index": 1, "delta": {"tool_calls": [call]}}]}))
        },
    },
    Dialect {
        path: "/v1/messages",
        media: "text/event-stream",
        format: Format::Sse,
        event: |text| {
            let delta = json!({"type": "text_delta", "text": text});
            ("content_block_delta", json!({"type": "content_block_delta", "index": 0, "delta": delta}))
        },
    },
    Dialect {
        path: "/v1/responses",
        media: "text/event-stream",
        format: Format::Sse,
        event: |text| {
            let (kind, item) = ("response.output_text.delta", "msg_1");
            (kind, json!({"type": kind, "item_id": item, "output_index": 0, "content_index": 0, "delta": text}))
        },
    },
    Dialect {
        path: "/api/chat",
        media: "application/x-ndjson",
        format: Format::Lines,
        event: |text| ("", json!({"message": {"role": "assistant", "content": text}, "done": false})),
    },
    Dialect {
        path: "/v1beta/models/m:streamGenerateContent",
        media: "application/json",
        format: Format::JsonArray,
        event: |text| {
            ("", json!({"candidates": [{"content": {"role": "model", "parts": [{"text": text}]}, "index": 0}]}))
        },
    },
    Dialect {
        path: "/model/m/converse-stream",
        media: "application/vnd.amazon.eventstream",
        format: Format::AwsEventStream,
        event: |text| ("contentBlockDelta", json!({"contentBlockIndex": 0, "delta": {"text": text}})),
    },
];

/// Says a text with a secret in it, in events that the input cuts, and holds that the secret comes out under no policy that
/// redacts or blocks it, and that everything else comes out as it was said where nothing else was found.
///
/// The first byte chooses the policy, two the cuts of the bytes, two those of the text, the sixth the dialect. What stands before
/// 0x1E is said before the secret, the rest after it.
pub fn session_stream(data: &[u8]) {
    let [number, first, second, third, fourth, kind, rest @ ..] = data else { return };
    let Ok(rest) = std::str::from_utf8(rest) else { return };
    let (before, after) = rest.split_once('\u{1E}').unwrap_or((rest, ""));
    let policy = [0, 1, 3][usize::from(*number) % 3];
    let dialect = &DIALECTS[usize::from(*kind) % DIALECTS.len()];
    if rest.contains(&secret()) {
        // Glued to something it is none, and may come out.
        return;
    }
    let text = format!("{before} {} {after}", secret());
    let mut state = u32::from(*third) << 8 | u32::from(*fourth);
    let pieces = text_cuts(&text, [*third, *fourth]);
    let last = pieces.len().saturating_sub(1);
    let mut stream = Vec::new();
    for (index, piece) in pieces.into_iter().enumerate() {
        let (name, event) = (dialect.event)(piece);
        let event = event.to_string();
        match dialect.format {
            Format::Sse if next(&mut state) >> 28 == 0 => stream.extend_from_slice(b": wait\n\n"),
            Format::JsonArray => stream.push(if index == 0 { b'[' } else { b',' }),
            _ => {}
        }
        match dialect.format {
            Format::Sse => stream.extend(sse_event((!name.is_empty()).then_some(name), &event)),
            Format::Lines => stream.extend(format!("{event}\n").into_bytes()),
            Format::JsonArray => stream.extend(event.into_bytes()),
            _ => stream.extend(aws_event(&[(":event-type", name), (":message-type", "event")], event.as_bytes())),
        }
        if dialect.format == Format::JsonArray && index == last {
            stream.push(b']');
        }
    }
    let header = |name: &str, value: &str| (name.as_bytes().to_vec(), value.as_bytes().to_vec());
    let request = [(":method", "POST"), (":path", dialect.path), ("content-type", "application/json")];
    let request = Message {
        headers: request.map(|(name, value)| header(name, value)).to_vec(),
        body: Some(b"{\"model\":\"m\",\"messages\":[]}".to_vec()),
        trailers: Vec::new(),
    };
    let response = [(":status", "200"), ("content-type", dialect.media)];
    let response = Message {
        headers: response.map(|(name, value)| header(name, value)).to_vec(),
        body: Some(stream),
        trailers: Vec::new(),
    };
    let outcome = same(policy, [*first, *second], &request, &response);
    let Some((headers, body)) = &outcome.client else { return };
    if !headers.contains(&header(":status", "200")) {
        return;
    }
    let (mut frames, mut found) = (Frames::new(dialect.format, usize::MAX), Vec::new());
    let read = frames.push(body, &mut found).and_then(|()| frames.finish(&mut found));
    assert!(read.is_ok(), "what comes out is no stream");
    let mut said = String::new();
    for frame in found.iter().filter_map(|frame| frame.text()).filter(|text| *text != "[DONE]") {
        let event = serde_json::from_str::<Value>(frame).unwrap_or_else(|_| panic!("an event is no JSON: {frame}"));
        say(&event, &mut said);
    }
    assert!(!said.contains(&secret()), "the secret came out:\n{said}");
    let record = &outcome.records[0];
    let only = &record["response"]["findings_total"] == &json!(1) && &record["response"]["action"] == "redact";
    if only && policy == 0 {
        assert!(said == text.replace(&secret(), "[AWS_ACCESS_KEY_ID]"), "something else was said:\n{said}\n{text}");
    }
}

/// Joins the texts of an event.
fn say(event: &Value, said: &mut String) {
    match event {
        Value::Object(members) => members.iter().for_each(|(key, value)| match value {
            Value::String(text) if ["content", "text", "delta", "arguments"].contains(&key.as_str()) => {
                said.push_str(text);
            }
            other => say(other, said),
        }),
        Value::Array(elements) => elements.iter().for_each(|element| say(element, said)),
        _ => {}
    }
}
