//! What MCP and Agent2Agent share: the envelope of JSON-RPC 2.0, and the error that answers a blocked request.

use super::{ErrorAnswer, Refusal};

/// A request or notification: an envelope whose `method` the case around it has told already, with these parameters.
macro_rules! call {
    ($params:expr) => {
        $crate::wire::shape::Shape::Object(&$crate::wire::shape::Object::of(&[
            ("jsonrpc", $crate::wire::shape::Shape::Words(&["2.0"])),
            ("id", $crate::wire::shape::Shape::RpcId),
            ("params", $params),
            ("result", $crate::wire::shape::Shape::Absent),
            ("error", $crate::wire::shape::Shape::Absent),
        ]))
    };
}

/// What is no request of a known method: an answer, or a request of a method that nobody documents. Its id is that of the
/// other side's request, unless it is a request itself.
macro_rules! answer {
    ($result:expr, $error:expr) => {
        $crate::wire::shape::Shape::Object(&$crate::wire::shape::Object::of(&[
            ("jsonrpc", $crate::wire::shape::Shape::Words(&["2.0"])),
            ("id", $crate::wire::shape::Shape::RpcId),
            ("method", $crate::wire::shape::Shape::Text),
            ("params", $crate::wire::shape::Shape::Leaves),
            ("result", $result),
            ("error", $error),
        ]))
    };
}

pub(super) use {answer, call};

/// Free in MCP and in Agent2Agent, both of which give meaning to most codes near it.
const BLOCKED: i32 = -32010;

/// A JSON-RPC error. Clients only wait for an answer with the id of their request, and only read it under status 200; what
/// had no id gets the refusal's own status.
pub(super) fn error(refusal: &Refusal<'_>) -> ErrorAnswer {
    let status = if refusal.rpc_id.is_some() { 200 } else { refusal.status };
    ErrorAnswer { status, headers: Vec::new(), body: error_body(refusal) }
}

/// See [`error`].
pub(super) fn error_body(refusal: &Refusal<'_>) -> String {
    let mut data = serde_json::json!({ "code": refusal.code, "exchange": refusal.exchange.to_string() });
    if let (Some(rule), Some(object)) = (refusal.rule, data.as_object_mut()) {
        object.insert("rule".to_owned(), rule.into());
    }
    let id: serde_json::Value = refusal.rpc_id.and_then(|id| serde_json::from_str(id).ok()).unwrap_or_default();
    serde_json::json!({
        "jsonrpc": "2.0",
        "id": id,
        "error": { "code": BLOCKED, "message": refusal.message, "data": data },
    })
    .to_string()
}
