//! What the unit tests of this module share.

use super::context::Context;
use crate::event::Direction;
use crate::timestamp::Timestamp;
use crate::wire::Dialect;

/// A chat completion on its way to the upstream, about which everything is known.
pub(super) fn context() -> Context<'static> {
    Context {
        direction: Direction::Request,
        dialect: Dialect::OpenAiChat,
        method: "POST",
        host: Some("api.example.com"),
        path: "/v1/chat/completions",
        route: Some("chat"),
        model: Some("gpt-4o"),
        now: Timestamp::from_millis(1_800_000_000_000),
    }
}
