//! Why an exchange is refused, in words for its client.

use crate::keyed::ExchangeId;

/// Nothing of the exchange's text, nothing that helps an attacker.
#[derive(Debug)]
pub struct Refusal<'a> {
    /// The HTTP status that a plain client should see.
    pub status: u16,
    /// One sentence.
    pub message: &'a str,
    /// `blocked_by_policy`, or `uninspectable_request`, `uninspectable_answer`.
    pub code: &'a str,
    /// The rule, where one decided.
    pub rule: Option<&'a str>,
    /// The exchange, to be found in the records.
    pub exchange: ExchangeId,
    /// The id of the JSON-RPC request that is answered, as it was written: a JSON string or number.
    pub rpc_id: Option<&'a str>,
}

/// What the client is answered.
#[derive(Debug)]
pub struct ErrorAnswer {
    /// HTTP status.
    pub status: u16,
    /// Headers besides `content-type: application/json`, lower case.
    pub headers: Vec<(&'static str, String)>,
    /// A JSON document. May repeat the id of a JSON-RPC request, and holds no other text of the exchange.
    pub body: String,
}

impl ErrorAnswer {
    /// A JSON body under the refusal's own status.
    pub(super) fn json(refusal: &Refusal<'_>, body: String) -> Self {
        ErrorAnswer { status: refusal.status, headers: Vec::new(), body }
    }
}

/// One event that Weir puts at the end of a stream.
#[derive(Debug)]
pub struct LastEvent {
    /// The event's name where the stream's format has names: `event` of server-sent events, the error code of an AWS
    /// event-stream.
    pub name: Option<&'static str>,
    /// What it carries; in an AWS event-stream the error's message.
    pub data: String,
}

impl LastEvent {
    /// An event with this name.
    pub(super) fn named(name: &'static str, data: String) -> Self {
        LastEvent { name: Some(name), data }
    }

    /// An event without a name.
    pub(super) fn plain(data: impl Into<String>) -> Self {
        LastEvent { name: None, data: data.into() }
    }
}
