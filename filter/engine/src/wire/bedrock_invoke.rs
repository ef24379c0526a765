//! TO BE WRITTEN: bedrock/invoke.

use super::shape::Shape;
use super::{Events, LastEvent, Spec, openai_chat};

pub(super) static SPEC: Spec = Spec {
    name: "bedrock/invoke",
    request: &Shape::Leaves,
    fields: None,
    response: &Shape::Leaves,
    events: Events::All(&Shape::Leaves),
    independent: false,
    error: openai_chat::error,
    last: |refusal| vec![LastEvent::named("error", openai_chat::error_body(refusal))],
};
