//! OpenAI's audio transcriptions: a form with a file in, text out. The form's `prompt` is where controls are looked for.

use super::delivery::{deliver, events};
use super::openai::{error_of, is_set};
use super::prompt::{Prompt, pieces};
use super::{Received, Reply};
use crate::Step;
use serde_json::{Value, json};

/// The answer to `POST /v1/audio/transcriptions`.
pub(super) fn answer(request: &Received) -> Reply {
    let error = error_of(request);
    let boundary = request.header("content-type").and_then(|kind| {
        let (_, rest) = kind.split_once("boundary=")?;
        Some(rest.split(';').next()?.trim_matches('"').to_owned())
    });
    let Some(boundary) = boundary else { return error(400, "the body is not a form") };
    let form = Form::read(&request.body, &boundary);
    let Some(file) = form.field("file") else { return error(400, "the form has no file") };
    let text = |name| form.field(name).map(|value| String::from_utf8_lossy(value).into_owned());
    let prompt = Prompt::of_text(text("prompt").unwrap_or_default(), request.body.len());
    deliver(&prompt, error, |answer| {
        let said = format!("{} The audio has {} bytes.", answer.words(), file.len());
        let (input, output) = (answer.tokens.input, answer.tokens.output);
        let usage = json!({
            "type": "tokens", "input_tokens": input, "output_tokens": output, "total_tokens": input + output,
            "input_token_details": {"text_tokens": 0, "audio_tokens": input},
        });
        let options = json!({"stream": text("stream").is_some_and(|value| value == "true")});
        if is_set(&options, "/stream") {
            let deltas = pieces(&said).map(|piece| json!({"type": "transcript.text.delta", "delta": piece}));
            let done = json!({"type": "transcript.text.done", "text": said, "usage": usage});
            return events(deltas.chain(std::iter::once(done)));
        }
        let plain =
            |kind: &str, text: String| Reply::new(200).header("content-type", kind).steps(vec![Step::data(text)]);
        match text("response_format").as_deref() {
            Some("text") => plain("text/plain; charset=utf-8", format!("{said}\n")),
            Some("srt") => plain("text/plain; charset=utf-8", format!("1\n00:00:00,000 --> 00:00:01,500\n{said}\n\n")),
            Some("vtt") => {
                plain("text/vtt; charset=utf-8", format!("WEBVTT\n\n00:00:00.000 --> 00:00:01.500\n{said}\n\n"))
            }
            Some("verbose_json") => Reply::json(200, verbose(&said).to_string()),
            _ => Reply::json(200, json!({"text": said, "usage": usage}).to_string()),
        }
    })
}

fn verbose(said: &str) -> Value {
    let segment = json!({
        "id": 0, "seek": 0, "start": 0.0, "end": 1.5, "text": said, "tokens": [50364], "temperature": 0.0,
        "avg_logprob": -0.25, "compression_ratio": 1.0, "no_speech_prob": 0.01,
    });
    json!({
        "task": "transcribe", "language": "english", "duration": 1.5, "text": said, "segments": [segment],
        "usage": {"type": "duration", "seconds": 2},
    })
}

/// The parts of `multipart/form-data` (RFC 7578), as far as well-meant clients write them.
struct Form<'a>(Vec<(String, &'a [u8])>);

impl<'a> Form<'a> {
    fn read(body: &'a [u8], boundary: &str) -> Form<'a> {
        let mark = format!("--{boundary}");
        let mut rest = body;
        let mut parts = Vec::new();
        while let Some((_, after)) = split(rest, mark.as_bytes()) {
            rest = after;
            let Some((part, _)) = split(after, mark.as_bytes()) else { break };
            let Some((head, content)) = split(part, b"\r\n\r\n") else { continue };
            let head = String::from_utf8_lossy(head).into_owned();
            let name = head.split_once(" name=\"").and_then(|(_, rest)| rest.split_once('"'));
            if let Some((name, _)) = name {
                parts.push((name.to_owned(), content.strip_suffix(b"\r\n").unwrap_or(content)));
            }
        }
        Form(parts)
    }

    fn field(&self, name: &str) -> Option<&'a [u8]> {
        self.0.iter().find(|(candidate, _)| candidate == name).map(|(_, content)| *content)
    }
}

/// What stands before and after the first `mark`.
fn split<'a>(bytes: &'a [u8], mark: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let place = bytes.windows(mark.len()).position(|window| window == mark)?;
    Some((bytes.get(..place)?, bytes.get(place + mark.len()..)?))
}
