//! What must hold for any bytes: one function for each target.
//!
//! A target takes a few bytes of settings first and then what is read, so that whoever looks for inputs also chooses how they
//! are cut. It says nothing; it panics where something does not hold.

mod cuts;
mod detect;
mod encoded;
mod encodings;
mod frames;
mod json;
mod multipart;
mod policies;
mod policy;
mod session;
mod splice;
mod streams;

use weir_engine::stream::frames::Format;

/// A target: holds what must be true of these bytes.
pub type Target = fn(&[u8]);

/// Every target, by name.
pub const TARGETS: &[(&str, Target)] = &[
    ("sse", |data| frames::frames(Format::Sse, data)),
    ("lines", |data| frames::frames(Format::Lines, data)),
    ("json_array", |data| frames::frames(Format::JsonArray, data)),
    ("aws_event_stream", |data| frames::messages(Format::AwsEventStream, data)),
    ("aws_event_stream_chunks", |data| frames::messages(Format::AwsEventStreamChunks, data)),
    ("json", json::json),
    ("base64", encoded::base64),
    ("form", encoded::form),
    ("multipart", multipart::multipart),
    ("encodings", encodings::encodings),
    ("splice", splice::splice_json),
    ("detect", detect::detect),
    ("headers", session::headers),
    ("session_whole", session::session_whole),
    ("session_stream", streams::session_stream),
    ("policy_json", policy::policy_json),
    ("policy_protobuf", policy::policy_protobuf),
];

/// The target of this name.
pub fn target(name: &str) -> Option<Target> {
    TARGETS.iter().find(|(own, _)| *own == name).map(|(_, target)| *target)
}
