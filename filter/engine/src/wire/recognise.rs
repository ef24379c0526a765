//! Which dialect a request speaks: by its path, else by its headers, else by its body.
//!
//! A wrong guess costs scopes, never inspection: every string of a body is read whatever the dialect.

use super::Dialect;
use crate::event::Headers;
use crate::stream::json::{Document, Kind, NodeId};

/// How paths end, segment by segment: `*` is any one segment, and `*:word` any segment with this ending. What stands
/// before (a prefix of the proxy, `/openai/deployments/{name}`, `/v1/projects/..`) does not matter.
pub(super) const PATHS: &[(&[&str], Dialect)] = &[
    (&["chat", "completions"], Dialect::OpenAiChat),
    (&["completions"], Dialect::OpenAiCompletions),
    (&["responses"], Dialect::OpenAiResponses),
    (&["responses", "compact"], Dialect::OpenAiResponses),
    (&["responses", "input_tokens"], Dialect::OpenAiResponses),
    (&["embeddings"], Dialect::OpenAiEmbeddings),
    (&["moderations"], Dialect::OpenAiModerations),
    (&["audio", "transcriptions"], Dialect::OpenAiAudio),
    (&["audio", "translations"], Dialect::OpenAiAudio),
    (&["audio", "speech"], Dialect::OpenAiAudio),
    (&["v1", "messages"], Dialect::AnthropicMessages),
    (&["v1", "messages", "count_tokens"], Dialect::AnthropicMessages),
    (&["publishers", "anthropic", "models", "*:rawPredict"], Dialect::AnthropicMessages),
    (&["publishers", "anthropic", "models", "*:streamRawPredict"], Dialect::AnthropicMessages),
    (&["v1", "complete"], Dialect::AnthropicCompletions),
    (&["*:generateContent"], Dialect::GoogleGenerate),
    (&["*:streamGenerateContent"], Dialect::GoogleGenerate),
    (&["*:countTokens"], Dialect::GoogleGenerate),
    (&["*:embedContent"], Dialect::GoogleGenerate),
    (&["*:batchEmbedContents"], Dialect::GoogleGenerate),
    (&["model", "*", "converse"], Dialect::BedrockConverse),
    (&["model", "*", "converse-stream"], Dialect::BedrockConverse),
    (&["model", "*", "count-tokens"], Dialect::BedrockConverse),
    (&["model", "*", "invoke"], Dialect::BedrockInvoke),
    (&["model", "*", "invoke-with-response-stream"], Dialect::BedrockInvoke),
    (&["v2", "chat"], Dialect::CohereChat),
    (&["api", "chat"], Dialect::OllamaChat),
    (&["api", "generate"], Dialect::OllamaGenerate),
    (&["mcp"], Dialect::Mcp),
    (&["sse"], Dialect::Mcp),
    (&["message:send"], Dialect::A2a),
    (&["message:stream"], Dialect::A2a),
    (&["tasks", "*:cancel"], Dialect::A2a),
    (&["tasks", "*:subscribe"], Dialect::A2a),
    (&[".well-known", "agent-card.json"], Dialect::A2a),
    (&["a2a"], Dialect::A2a),
];

impl Dialect {
    /// The dialect of a request, as far as path and headers tell. `path` may have a query.
    pub fn of_request(path: &str, headers: Headers<'_>) -> Dialect {
        let known = Dialect::of_path(path);
        if known != Dialect::Unknown {
            return known;
        }
        if headers.first("mcp-session-id").is_some() || headers.first("mcp-protocol-version").is_some() {
            return Dialect::Mcp;
        }
        if headers.first("anthropic-version").is_some() {
            return Dialect::AnthropicMessages;
        }
        if headers.first("a2a-version").is_some() {
            return Dialect::A2a;
        }
        Dialect::Unknown
    }

    /// The dialect that requests to this path speak.
    pub fn of_path(path: &str) -> Dialect {
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let path = path.strip_suffix('/').unwrap_or(path);
        let found = PATHS.iter().find(|(pattern, _)| ends_with(path, pattern));
        found.map_or(Dialect::Unknown, |(_, dialect)| *dialect)
    }

    /// The dialect that a request body shows by itself, for paths and headers that tell nothing.
    pub fn of_body(document: &Document<'_>) -> Dialect {
        let root = document.root();
        let first = match document.kind(root) {
            Kind::Array => document.elements(root).next().unwrap_or(root),
            _ => root,
        };
        if document.member(first, "jsonrpc").is_some_and(|version| document.is(version, "2.0")) {
            return of_method(document, first);
        }
        let array = |name| document.member(root, name).is_some_and(|list| document.kind(list) == Kind::Array);
        if array("contents") {
            Dialect::GoogleGenerate
        } else if array("messages") && document.member(root, "anthropic_version").is_some() {
            Dialect::AnthropicMessages
        } else if array("messages") && document.member(root, "model").is_some() {
            Dialect::OpenAiChat
        } else {
            Dialect::Unknown
        }
    }
}

/// Agent2Agent and MCP are both JSON-RPC; their methods differ.
fn of_method(document: &Document<'_>, request: NodeId) -> Dialect {
    const A2A: [&str; 19] = [
        "message/send",
        "message/stream",
        "SendMessage",
        "SendStreamingMessage",
        "GetTask",
        "ListTasks",
        "CancelTask",
        "SubscribeToTask",
        "tasks/resubscribe",
        "tasks/pushNotificationConfig/set",
        "tasks/pushNotificationConfig/get",
        "tasks/pushNotificationConfig/list",
        "tasks/pushNotificationConfig/delete",
        "CreateTaskPushNotificationConfig",
        "GetTaskPushNotificationConfig",
        "ListTaskPushNotificationConfigs",
        "DeleteTaskPushNotificationConfig",
        "agent/getAuthenticatedExtendedCard",
        "GetExtendedAgentCard",
    ];
    let method = document.member(request, "method").and_then(|method| document.string(method));
    match method {
        Some(method) if A2A.contains(&&*method) => Dialect::A2a,
        _ => Dialect::Mcp,
    }
}

/// Whether the last segments of a path are these.
fn ends_with(path: &str, pattern: &[&str]) -> bool {
    let mut segments = path.rsplit('/');
    pattern.iter().rev().all(|wanted| {
        let Some(segment) = segments.next() else { return false };
        match wanted.strip_prefix('*') {
            Some(ending) => segment.len() > ending.len() && segment.ends_with(ending),
            None => segment == *wanted,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::json::Bounds;

    #[test]
    fn paths() {
        for (path, dialect) in [
            ("/v1/chat/completions", Dialect::OpenAiChat),
            ("/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21", Dialect::OpenAiChat),
            ("/openai/v1/responses", Dialect::OpenAiResponses),
            ("/v1/audio/speech", Dialect::OpenAiAudio),
            ("/v1/completions/", Dialect::OpenAiCompletions),
            ("/v1/messages?beta=true", Dialect::AnthropicMessages),
            ("/anthropic/v1/messages/count_tokens", Dialect::AnthropicMessages),
            ("/messages", Dialect::Unknown),
            ("/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse", Dialect::GoogleGenerate),
            ("/v1/projects/p/locations/l/publishers/google/models/g:generateContent", Dialect::GoogleGenerate),
            ("/v1/projects/p/locations/l/publishers/anthropic/models/c@1:streamRawPredict", Dialect::AnthropicMessages),
            ("/model/eu.anthropic.claude-3-5-sonnet-20240620-v1%3A0/converse-stream", Dialect::BedrockConverse),
            ("/model/amazon.nova-lite-v1%3A0/count-tokens", Dialect::BedrockConverse),
            ("/model/amazon.titan-text-lite-v1/invoke", Dialect::BedrockInvoke),
            ("/model//invoke", Dialect::Unknown),
            ("/api/chat", Dialect::OllamaChat),
            ("/v2/chat", Dialect::CohereChat),
            ("/tools/mcp", Dialect::Mcp),
            ("/agents/v1/message:stream", Dialect::A2a),
            ("/tasks/42:cancel", Dialect::A2a),
            ("/.well-known/agent-card.json", Dialect::A2a),
            ("/", Dialect::Unknown),
            ("", Dialect::Unknown),
        ] {
            assert_eq!(Dialect::of_path(path), dialect, "{path}");
        }
    }

    #[test]
    fn headers_and_bodies() {
        let pairs: [(&[u8], &[u8]); 1] = [(b"mcp-session-id", b"x")];
        assert_eq!(Dialect::of_request("/tools", Headers(&pairs)), Dialect::Mcp);
        assert_eq!(Dialect::of_request("/tools", Headers(&[])), Dialect::Unknown);
        for (body, dialect) in [
            (r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#, Dialect::Mcp),
            (r#"[{"jsonrpc":"2.0","id":1,"method":"message/send"}]"#, Dialect::A2a),
            (r#"{"contents":[]}"#, Dialect::GoogleGenerate),
            (r#"{"model":"m","messages":[]}"#, Dialect::OpenAiChat),
            (r#"{"messages":[],"anthropic_version":"x"}"#, Dialect::AnthropicMessages),
            (r#"{"messages":"x","model":"m"}"#, Dialect::Unknown),
            ("[]", Dialect::Unknown),
        ] {
            let document = Document::parse(body, Bounds { depth: 9, nodes: 99 });
            assert_eq!(document.map(|document| Dialect::of_body(&document)), Ok(dialect), "{body}");
        }
    }
}
