//! OpenAI's Responses: a list of output items, whole or as the full sequence of events.

use super::delivery::{CREATED, deliver, named_events};
use super::openai::{error_of, is_set, model_of};
use super::prompt::{Answer, Block, Prompt, pieces};
use super::{Received, Reply};
use serde_json::{Map, Value, json};

/// The answer to `POST /v1/responses`.
pub(super) fn answer(request: &Received, body: &Value, number: u64) -> Reply {
    let places = ["/tools/0/name", "/tools/0/function/name"];
    let prompt = Prompt::of_turns(body, "input", request.body.len()).with_tool(body, &places);
    deliver(&prompt, error_of(request), |answer| {
        let items: Vec<Item<'_>> =
            answer.blocks().into_iter().enumerate().map(|(index, block)| Item { block, index, number }).collect();
        let output: Vec<Value> = items.iter().map(Item::finished).collect();
        let response = |status: &str, output: &[Value]| whole(body, number, status, output, answer);
        if !is_set(body, "/stream") {
            return Reply::json(200, response("completed", &output).to_string());
        }
        let mut events = Events::default();
        events.push("response.created", json!({"response": response("in_progress", &[])}));
        events.push("response.in_progress", json!({"response": response("in_progress", &[])}));
        items.iter().for_each(|item| item.stream(&mut events));
        events.push("response.completed", json!({"response": response("completed", &output)}));
        named_events(events.0)
    })
}

fn whole(body: &Value, number: u64, status: &str, output: &[Value], answer: &Answer) -> Value {
    let tokens = &answer.tokens;
    let usage = json!({
        "input_tokens": tokens.input, "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        "output_tokens": tokens.output, "output_tokens_details": {"reasoning_tokens": tokens.reasoning},
        "total_tokens": tokens.input + tokens.output,
    });
    let given = |name: &str, otherwise: Value| body.get(name).cloned().unwrap_or(otherwise);
    json!({
        "id": format!("resp_mock_{number}"), "object": "response", "created_at": CREATED, "status": status,
        "background": false, "error": null, "incomplete_details": null,
        "instructions": given("instructions", Value::Null), "max_output_tokens": null, "metadata": {},
        "model": model_of(body), "output": output, "parallel_tool_calls": true, "previous_response_id": null,
        "reasoning": {"effort": null, "summary": null}, "store": true, "temperature": 1.0,
        "text": {"format": {"type": "text"}}, "tool_choice": given("tool_choice", json!("auto")),
        "tools": given("tools", json!([])), "top_p": 1.0, "truncation": "disabled",
        "usage": if status == "completed" { usage } else { Value::Null },
    })
}

/// Events so far, each with its place in the sequence.
#[derive(Default)]
struct Events(Vec<Value>);

impl Events {
    fn push(&mut self, kind: &str, fields: Value) {
        let mut event = Map::new();
        event.insert("type".into(), kind.into());
        event.insert("sequence_number".into(), self.0.len().into());
        event.extend(fields.as_object().cloned().unwrap_or_default());
        self.0.push(event.into());
    }
}

/// An output item.
struct Item<'a> {
    block: Block<'a>,
    index: usize,
    number: u64,
}

impl Item<'_> {
    fn id(&self) -> String {
        let kind = match self.block {
            Block::Reasoning(_) => "rs",
            Block::Call(_) => "fc",
            Block::Text(_) | Block::Refusal(_) => "msg",
        };
        format!("{kind}_mock_{}_{}", self.number, self.index)
    }

    fn finished(&self) -> Value {
        let id = self.id();
        match &self.block {
            Block::Reasoning(text) => {
                json!({"id": id, "type": "reasoning", "summary": [{"type": "summary_text", "text": text}]})
            }
            Block::Call(call) => json!({
                "id": id, "type": "function_call", "status": "completed", "call_id": "call_mock_1", "name": call.name,
                "arguments": call.arguments.to_string(),
            }),
            Block::Text(text) | Block::Refusal(text) => json!({
                "id": id, "type": "message", "role": "assistant", "status": "completed", "content": [self.part(text)],
            }),
        }
    }

    /// The item before anything is in it.
    fn begun(&self) -> Value {
        let id = self.id();
        match &self.block {
            Block::Reasoning(_) => json!({"id": id, "type": "reasoning", "summary": []}),
            Block::Call(call) => json!({
                "id": id, "type": "function_call", "status": "in_progress", "call_id": "call_mock_1",
                "name": call.name, "arguments": "",
            }),
            Block::Text(_) | Block::Refusal(_) => {
                json!({"id": id, "type": "message", "role": "assistant", "status": "in_progress", "content": []})
            }
        }
    }

    fn part(&self, text: &str) -> Value {
        match self.block {
            Block::Refusal(_) => json!({"type": "refusal", "refusal": text}),
            _ => json!({"type": "output_text", "text": text, "annotations": [], "logprobs": []}),
        }
    }

    fn stream(&self, events: &mut Events) {
        events.push("response.output_item.added", json!({"output_index": self.index, "item": self.begun()}));
        match &self.block {
            Block::Reasoning(text) => {
                let part = |text: &str| json!({"part": {"type": "summary_text", "text": text}});
                self.push(events, "reasoning_summary_part.added", part(""));
                self.pour(events, "reasoning_summary_text", "text", text);
                self.push(events, "reasoning_summary_part.done", part(text));
            }
            Block::Call(call) => {
                self.pour(events, "function_call_arguments", "arguments", &call.arguments.to_string());
            }
            Block::Text(text) => {
                self.push(events, "content_part.added", json!({"part": self.part("")}));
                self.pour(events, "output_text", "text", text);
                self.push(events, "content_part.done", json!({"part": self.part(text)}));
            }
            Block::Refusal(text) => {
                self.push(events, "content_part.added", json!({"part": self.part("")}));
                self.pour(events, "refusal", "refusal", text);
                self.push(events, "content_part.done", json!({"part": self.part(text)}));
            }
        }
        events.push("response.output_item.done", json!({"output_index": self.index, "item": self.finished()}));
    }

    /// `text` in deltas, then whole in the field `name`.
    fn pour(&self, events: &mut Events, kind: &str, name: &str, text: &str) {
        pieces(text).for_each(|piece| self.push(events, &format!("{kind}.delta"), json!({"delta": piece})));
        let mut whole = Map::new();
        whole.insert(name.to_owned(), text.into());
        self.push(events, &format!("{kind}.done"), whole.into());
    }

    /// An event of this item.
    fn push(&self, events: &mut Events, kind: &str, mut fields: Value) {
        if let Some(fields) = fields.as_object_mut() {
            fields.insert("item_id".into(), self.id().into());
            fields.insert("output_index".into(), self.index.into());
            match self.block {
                Block::Reasoning(_) => fields.insert("summary_index".into(), 0.into()),
                Block::Call(_) => None,
                Block::Text(_) | Block::Refusal(_) => fields.insert("content_index".into(), 0.into()),
            };
            if kind.starts_with("output_text.") {
                fields.insert("logprobs".into(), json!([]));
            }
        }
        events.push(&format!("response.{kind}"), fields);
    }
}
