//! The parts of one message with their text, for tools that show findings to a person who has the text already.
//!
//! Records speak of parts by number and hold no text. What is handed on here has the same numbers, because it is read by
//! the same code with the same settings.

use super::content::Content;
use super::inspect::{Inspection, Look};
use super::stream::{Judge, Stream};
use crate::event::{Direction, Headers};
use crate::keyed::Key;
use crate::policy::{Context, Policy};
use crate::sensitive::Sensitive;
use crate::timestamp::Timestamp;
use crate::wire::Dialect;

/// One message without trailers, as a session is shown it.
#[derive(Debug, Clone, Copy)]
pub struct MessageRead<'a> {
    /// Which half of the exchange.
    pub direction: Direction,
    /// The method of the request.
    pub method: &'a str,
    /// The path of the request.
    pub path: &'a str,
    /// For an answer: what the request was found to speak, as the record has it. `None`: what policy, path and headers tell.
    pub dialect: Option<Dialect>,
    /// The headers, pseudo-headers included.
    pub headers: Headers<'a>,
    /// The body; empty when there is none.
    pub body: &'a [u8],
}

/// The text of every part of a message, numbered from 0 as in the record of a session that judges it; a text of a stream
/// that grows from event to event is one part, and the arguments of a tool call are read when they are complete. The
/// parts of a body that a session does not read (compressed, opaque, too large, no UTF-8) are left out, as they are there.
pub fn read_parts(policy: &Policy, message: MessageRead<'_>) -> Vec<Sensitive<String>> {
    let MessageRead { direction, method, path, dialect, headers, body } = message;
    // Fingerprints are made on the way, and nobody sees them.
    let key = Key::new(b"texts are shown, not recorded");
    let mut inspection = Inspection::with_texts();
    inspection.headers(policy, &key, headers);
    let Ok(content) = Content::of(direction, headers) else { return inspection.into_texts() };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let mut context = Context {
        direction,
        dialect: dialect.unwrap_or_else(|| Dialect::of_request(path, headers)),
        method,
        host: headers.text(":authority"),
        path,
        route: None,
        model: None,
        now: Timestamp::default(),
    };
    if dialect.is_none() {
        context.dialect = policy.dialect(&context).unwrap_or(context.dialect);
    }
    let status: Option<u16> = headers.text(":status").and_then(|status| status.parse().ok());
    let error = direction == Direction::Response && status.is_some_and(|status| status >= 400);
    let format = (direction == Direction::Response).then(|| content.format(context.dialect, path, error)).flatten();
    if let Some(format) = format {
        let mut stream = Stream::new(format, content.encoding, context.dialect, error, policy.limits());
        stream.read(&mut Judge { policy, key: &key, context, inspection: &mut inspection }, body);
        return inspection.into_texts();
    }
    let most = match direction {
        Direction::Request => policy.limits().request_body,
        Direction::Response => policy.limits().response_body,
    };
    if body.len() <= most as usize {
        let kind = if direction == Direction::Request { content.kind.asked(context.dialect) } else { content.kind };
        let look = Look { policy, dialect: context.dialect, direction, kind, charset: content.charset, error };
        if let Some(body) = inspection.decoded(policy, &key, content.encoding, body, most as usize) {
            inspection.body(look, &key, &body.text);
        }
    }
    inspection.into_texts()
}
