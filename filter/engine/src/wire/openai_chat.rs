//! OpenAI Chat Completions: request, whole answer and error, as documented in OpenAI's API reference ("Chat
//! Completions", create and object) and spoken by OpenAI-compatible servers.

use super::outline::{Outline, Voice};
use super::{Refusal, Scope};
use crate::fault::Fault;
use crate::sensitive::Sensitive;
use crate::stream::json::{Document, Kind, NodeId};

/// Reads a request body.
pub(super) fn request(document: &Document<'_>) -> Outline {
    let mut reader = Reader { document, outline: Outline::default() };
    reader.request();
    reader.outline
}

/// Reads a whole answer.
pub(super) fn response(document: &Document<'_>) -> Outline {
    let mut reader = Reader { document, outline: Outline::default() };
    reader.response();
    reader.outline
}

/// The error body that OpenAI's SDKs turn into a typed exception (`error` object with message, type, param, code).
pub(super) fn error(refusal: &Refusal<'_>) -> String {
    let mut error = serde_json::json!({
        "message": refusal.message,
        "type": "policy_violation",
        "param": null,
        "code": refusal.code,
        "exchange": refusal.exchange.to_string(),
    });
    if let (Some(rule), Some(object)) = (refusal.rule, error.as_object_mut()) {
        object.insert("rule".to_owned(), rule.into());
    }
    serde_json::json!({ "error": error }).to_string()
}

struct Reader<'d, 't> {
    document: &'d Document<'t>,
    outline: Outline,
}

const UNKNOWN: Voice = Voice::new(Scope::Unknown);

impl Reader<'_, '_> {
    fn request(&mut self) {
        let document = self.document;
        let mut has_messages = false;
        for (key, value) in document.members(document.root()) {
            match document.string(key).unwrap_or_default().as_ref() {
                "messages" => {
                    has_messages = true;
                    self.messages(value);
                }
                "model" => self.model(value),
                "tools" | "functions" => self.outline.leaves(document, value, Voice::new(Scope::ToolDefinition)),
                "prediction" => self.outline.leaves(document, value, Voice::new(Scope::Assistant)),
                _ => self.outline.member(document, key, value, UNKNOWN),
            }
        }
        if !has_messages {
            self.whole_is_unknown();
        }
    }

    fn response(&mut self) {
        let document = self.document;
        let mut known = false;
        for (key, value) in document.members(document.root()) {
            match document.string(key).unwrap_or_default().as_ref() {
                "choices" => {
                    known = true;
                    self.choices(value);
                }
                "error" => {
                    known = true;
                    self.outline.leaves(document, value, UNKNOWN);
                }
                "model" => self.model(value),
                _ => self.outline.member(document, key, value, UNKNOWN),
            }
        }
        if !known {
            self.whole_is_unknown();
        }
    }

    /// The document is something else altogether: an array, a string, an object without the one member that matters.
    fn whole_is_unknown(&mut self) {
        self.outline = super::unknown(self.document, Some(Fault::UnknownShape), Scope::Unknown);
    }

    fn model(&mut self, value: NodeId) {
        match self.document.string(value) {
            Some(model) => self.outline.model = Some(Sensitive::new(model.into_owned())),
            None => self.outline.fault(Fault::UnknownShape),
        }
        self.outline.leaves(self.document, value, UNKNOWN);
    }

    fn messages(&mut self, messages: NodeId) {
        if self.document.kind(messages) != Kind::Array {
            return self.unexpected(messages, UNKNOWN);
        }
        let carried = self.carried(messages);
        for (index, message) in self.document.elements(messages).enumerate() {
            self.message(message, index < carried);
        }
    }

    /// How many messages the model has answered already: all up to its last one, unless nothing follows that one, in
    /// which case it is a beginning for the model to continue and part of the new turn.
    fn carried(&self, messages: NodeId) -> usize {
        let assistant =
            |id: &NodeId| self.document.member(*id, "role").is_some_and(|role| self.document.is(role, "assistant"));
        let spoken: Vec<bool> = self.document.elements(messages).map(|id| assistant(&id)).collect();
        let prefill = spoken.iter().rev().take_while(|own| **own).count();
        let answered = spoken.len().saturating_sub(prefill);
        spoken.iter().take(answered).rposition(|own| *own).map_or(0, |last| last.saturating_add(1))
    }

    fn choices(&mut self, choices: NodeId) {
        if self.document.kind(choices) != Kind::Array {
            return self.unexpected(choices, UNKNOWN);
        }
        for choice in self.document.elements(choices) {
            if self.document.kind(choice) != Kind::Object {
                self.unexpected(choice, UNKNOWN);
                continue;
            }
            for (key, value) in self.document.members(choice) {
                match self.document.string(key).unwrap_or_default().as_ref() {
                    "message" => self.message(value, false),
                    "logprobs" => self.outline.leaves(self.document, value, Voice::new(Scope::Assistant)),
                    _ => self.outline.member(self.document, key, value, UNKNOWN),
                }
            }
        }
    }

    fn message(&mut self, message: NodeId, carried: bool) {
        let document = self.document;
        if document.kind(message) != Kind::Object {
            return self.unexpected(message, Voice { scope: Scope::Unknown, carried });
        }
        let role = document.member(message, "role");
        let scope = self.role(role);
        let voice = Voice { scope, carried };
        for (key, value) in document.members(message) {
            match document.string(key).unwrap_or_default().as_ref() {
                "role" if role == Some(value) && scope != Scope::Unknown => {}
                "content" => self.content(value, voice),
                // Only a model refuses, reasons and calls: in another role these members are where text hides.
                "refusal" | "reasoning" | "reasoning_content" | "tool_calls" | "function_call"
                    if scope != Scope::Assistant && document.kind(value) != Kind::Null =>
                {
                    self.outline.fault(Fault::UnknownShape);
                    self.outline.member(document, key, value, voice);
                }
                "refusal" => self.text_or_null(value, voice),
                "name" => self.text_or_null(value, voice),
                "reasoning" | "reasoning_content" => {
                    self.outline.leaves(document, value, voice.scope(Scope::Reasoning));
                }
                "audio" => {
                    if document.member(value, "data").is_some() {
                        self.outline.fault(Fault::OpaquePart);
                    }
                    self.outline.leaves(document, value, voice);
                }
                "tool_calls" => self.tool_calls(value, voice.scope(Scope::ToolInput)),
                "function_call" => self.function(value, voice.scope(Scope::ToolInput)),
                _ => self.outline.member(document, key, value, voice),
            }
        }
    }

    fn role(&mut self, role: Option<NodeId>) -> Scope {
        let role = role.and_then(|role| self.document.string(role));
        match role.as_deref() {
            Some("system" | "developer") => Scope::System,
            Some("user") => Scope::User,
            Some("assistant") => Scope::Assistant,
            Some("tool" | "function") => Scope::ToolOutput,
            _ => {
                self.outline.fault(Fault::UnknownShape);
                Scope::Unknown
            }
        }
    }

    fn content(&mut self, content: NodeId, voice: Voice) {
        if self.document.kind(content) != Kind::Array {
            return self.text_or_null(content, voice);
        }
        for part in self.document.elements(content) {
            let kind = self.document.member(part, "type").and_then(|kind| self.document.string(kind));
            match kind.as_deref() {
                Some("text" | "refusal") => {}
                Some("image_url" | "input_audio" | "file") => self.outline.fault(Fault::OpaquePart),
                _ => self.outline.fault(Fault::UnknownShape),
            }
            self.outline.leaves(self.document, part, voice);
        }
    }

    fn text_or_null(&mut self, value: NodeId, voice: Voice) {
        match self.document.kind(value) {
            Kind::String | Kind::EscapedString => self.outline.leaf(value, voice),
            Kind::Null => {}
            _ => self.unexpected(value, voice),
        }
    }

    fn tool_calls(&mut self, calls: NodeId, voice: Voice) {
        match self.document.kind(calls) {
            Kind::Null => return,
            Kind::Array => {}
            _ => return self.unexpected(calls, voice),
        }
        for call in self.document.elements(calls) {
            if self.document.kind(call) != Kind::Object {
                self.unexpected(call, voice);
                continue;
            }
            for (key, value) in self.document.members(call) {
                match self.document.string(key).unwrap_or_default().as_ref() {
                    "function" | "custom" => self.function(value, voice),
                    "type" if self.document.is(value, "function") || self.document.is(value, "custom") => {}
                    _ => self.outline.member(self.document, key, value, voice),
                }
            }
        }
    }

    /// `{name, arguments}` where the arguments are JSON in a string, or `{name, input}` where the input is free text.
    fn function(&mut self, function: NodeId, voice: Voice) {
        match self.document.kind(function) {
            Kind::Null => return,
            Kind::Object => {}
            _ => return self.unexpected(function, voice),
        }
        for (key, value) in self.document.members(function) {
            match self.document.string(key).unwrap_or_default().as_ref() {
                "arguments" => match self.document.kind(value) {
                    Kind::String | Kind::EscapedString => self.outline.json(value, voice),
                    // Some compatible servers write the arguments as an object.
                    _ => self.outline.leaves(self.document, value, voice),
                },
                "name" | "input" => self.text_or_null(value, voice),
                _ => self.outline.member(self.document, key, value, voice),
            }
        }
    }

    fn unexpected(&mut self, node: NodeId, voice: Voice) {
        self.outline.fault(Fault::UnknownShape);
        self.outline.leaves(self.document, node, voice);
    }
}
