//! No dialect that Weir knows: everything is read leaf by leaf, and errors look as most clients of language models expect.

use super::shape::Shape;
use super::{Events, LastEvent, Spec, openai_chat};

pub(super) static SPEC: Spec = Spec {
    name: "unknown",
    request: &Shape::Leaves,
    fields: None,
    response: &Shape::Leaves,
    events: Events::All(&Shape::Leaves),
    not_read: "who speaks; what images, audio or files there are is not known, and only their text form is looked at",
    independent: false,
    error: openai_chat::error,
    last: |refusal| vec![LastEvent::named("error", openai_chat::error_body(refusal))],
};
