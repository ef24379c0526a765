//! The parts of one message with their text, for tools that show findings to a person who has the text already.
//!
//! Records speak of parts by number and hold no text. What is handed on here has the same numbers, because it is read by
//! the same code with the same settings.

use super::content::Content;
use super::inspect::Look;
use crate::event::{Direction, Headers};
use crate::exchange::{Sink, header_parts};
use crate::policy::Policy;
use crate::wire::Dialect;

/// One message without trailers, as a session is shown it.
#[derive(Debug, Clone, Copy)]
pub struct MessageRead<'a> {
    /// Which half of the exchange.
    pub direction: Direction,
    /// The path of the request, which names the dialect.
    pub path: &'a str,
    /// The headers, pseudo-headers included.
    pub headers: Headers<'a>,
    /// The body; empty when there is none.
    pub body: &'a [u8],
}

/// Hands every part of a message to `sink`, numbered from 0 as in the record of a session that judges it. The parts of a
/// body that a session does not read (compressed, opaque, too large, no UTF-8) are left out, as they are there.
pub fn read_parts(policy: &Policy, message: MessageRead<'_>, sink: &mut impl Sink) {
    let MessageRead { direction, path, headers, body } = message;
    let _ = header_parts(headers, policy.credential_headers(), sink);
    let most = match direction {
        Direction::Request => policy.limits().request_body,
        Direction::Response => policy.limits().response_body,
    };
    let Ok(content) = Content::of(direction, headers) else { return };
    if body.is_empty() || body.len() > most as usize {
        return;
    }
    let status: Option<u16> = headers.text(":status").and_then(|status| status.parse().ok());
    let dialect = Dialect::of_request(path, headers);
    let look = Look {
        policy,
        dialect,
        direction,
        kind: if direction == Direction::Request { content.kind.asked(dialect) } else { content.kind },
        error: direction == Direction::Response && status.is_some_and(|status| status >= 400),
    };
    if let Some(shape) = look.shape(body) {
        look.read(shape, sink);
    }
}
