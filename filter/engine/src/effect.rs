//! What flows out of the engine.

use crate::audit::{Metric, Record};
use crate::event::{Direction, Question};
use crate::sensitive::Sensitive;

/// Something the host must do, in order. An effect that fails comes back as
/// [`Event::Failed`](crate::Event::Failed).
#[derive(Debug, Clone)]
pub enum Effect {
    /// Give a header this one value, replacing every header of that name.
    SetHeader {
        /// Of which message.
        direction: Direction,
        /// Lower case.
        name: String,
        /// The new value.
        value: Sensitive<Vec<u8>>,
    },
    /// Remove every header of this name.
    RemoveHeader {
        /// Of which message.
        direction: Direction,
        /// Lower case.
        name: String,
    },
    /// Put these bytes in the place of all that is buffered. For an answer that is held they are never more than the
    /// buffered ones: Envoy dies of a buffered answer that grows beyond its limit.
    ReplaceBody {
        /// Of which message.
        direction: Direction,
        /// The new body.
        body: Sensitive<Vec<u8>>,
    },
    /// Answer the client with these bytes in the place of the upstream's body, under the upstream's status and headers but for
    /// those that speak of the old body (its length, digests and encoding).
    ReplaceAnswer {
        /// The new body, of any length.
        body: Sensitive<Vec<u8>>,
    },
    /// Answer the client in the place of the upstream.
    Reply {
        /// HTTP status.
        status: u16,
        /// Headers, lower case.
        headers: Vec<(&'static str, String)>,
        /// The body.
        body: String,
        /// For the proxy's `%RESPONSE_CODE_DETAILS%`: letters, digits, `_`, `-`, `:`.
        details: String,
    },
    /// Break off the answer: the client gets no more of it, and the upstream is told to stop.
    Reset,
    /// Ask something only the host knows; [`Event::Answer`](crate::Event::Answer) must follow with the same id.
    Ask {
        /// Chosen by the engine.
        id: u32,
        /// What.
        question: Question,
    },
    /// Write this down: a log line, and the filter state that access logs read. `logged` false means filter state only.
    Record {
        /// The evidence.
        record: Box<Record>,
        /// Whether the policy wants the log line.
        logged: bool,
    },
    /// Count or record this value.
    Measure(Metric, u64),
}
