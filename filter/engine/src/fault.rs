//! Everything Weir can fail to do, each with a name, a counter and a policy outcome.
//!
//! A fault is never an error to be handled quietly: it is part of the verdict. The policy says for each one whether the
//! exchange is refused (the default), flagged or allowed, and `inspected` in the record tells how much was read anyway.

use std::fmt;

macro_rules! faults {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal, $left:ident;)+) => {
        /// Something Weir could not do for an exchange.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Fault { $($(#[doc = $doc])+ $variant,)+ }

        impl Fault {
            /// Every fault, in the order of the enum.
            pub const ALL: &'static [Fault] = &[$(Fault::$variant,)+];

            /// The name used in policies, records and metrics.
            pub const fn name(self) -> &'static str {
                match self { $(Fault::$variant => $name,)+ }
            }

            /// How much of the message can still have been read when this fault is present.
            pub const fn leaves(self) -> Inspected {
                match self { $(Fault::$variant => Inspected::$left,)+ }
            }

            /// One sentence for people, without any text of the exchange.
            pub const fn about(self) -> &'static str {
                match self { $(Fault::$variant => concat!($($doc,)+).trim_ascii(),)+ }
            }
        }
    };
}

faults! {
    /// The path or body belongs to no dialect Weir knows; every string was scanned without knowing who speaks
    UnknownDialect = "unknown_dialect", Partial;
    /// The path is known, but the body has a shape its dialect does not document; every string was scanned
    UnknownShape = "unknown_shape", Partial;
    /// The body says it is JSON and is not; it was scanned as text
    InvalidJson = "invalid_json", Partial;
    /// An object has the same key twice, so two readers may see two messages
    DuplicateKey = "duplicate_key", Partial;
    /// A string holds half a surrogate pair, which readers repair differently
    LoneSurrogate = "lone_surrogate", Partial;
    /// JSON nested deeper than `limits.json_depth`
    Depth = "depth", Partial;
    /// More JSON values, form fields and parts than `limits.json_nodes`; the rest was scanned as text
    TooManyNodes = "too_many_nodes", Partial;
    /// JSON inside JSON strings deeper than `limits.nesting`; the innermost was scanned as text
    Nesting = "nesting", Partial;
    /// More findings than `limits.findings`; the rest were not recorded
    TooManyFindings = "too_many_findings", Partial;
    /// Examining the exchange cost more than `limits.work`; what came after that was not examined
    Work = "work", Partial;
    /// The body is larger than `limits.request_body` or `limits.response_body`
    BodyTooLarge = "body_too_large", None;
    /// The body's content-encoding is unknown, one of several, or not what its bytes are
    ContentEncoding = "content_encoding", None;
    /// The body decodes to more than `limits.expansion` times its bytes
    Expansion = "expansion", None;
    /// The body is in a character set other than UTF-8
    Charset = "charset", None;
    /// The content-type says several things at once, so two readers may read two messages
    ContentType = "content_type", None;
    /// The body, or a field of it, is not valid UTF-8
    InvalidUtf8 = "invalid_utf8", None;
    /// The body is of a kind Weir does not read (image, audio, archive, unknown binary)
    OpaqueBody = "opaque_body", None;
    /// The message holds an image, audio or a file inside its JSON or its form, which Weir does not read
    OpaquePart = "opaque_part", Partial;
    /// The bytes of a stream are not of its format (framing, a checksum, UTF-8); what follows cannot be read
    Stream = "stream", None;
    /// One event of a stream is larger than `limits.frame`
    FrameTooLarge = "frame_too_large", None;
    /// More texts grow beside each other in one stream than `limits.channels`
    TooManyChannels = "too_many_channels", Partial;
    /// More of a stream would have to be held back than `limits.hold_back` or `limits.tool_call`
    HoldBack = "hold_back", Partial;
    /// A stream ended with trailers while some of it was held back; what was held cannot be delivered any more
    Trailers = "trailers", Full;
    /// A protocol upgrade or CONNECT: what follows is not HTTP
    Upgrade = "upgrade", None;
    /// gRPC, whose messages Weir does not read
    Grpc = "grpc", None;
    /// A redaction is due, but the request's signature covers its body
    SignedBody = "signed_body", Full;
    /// A redaction is due, but the bytes could not be rewritten safely
    Rewrite = "rewrite", Full;
    /// A call to the proxy failed, so bytes could not be read or changed
    HostCall = "host_call", None;
    /// The proxy does not deliver bodies while headers are held (`allow_on_headers_stop_iteration` is not set)
    CannotHold = "cannot_hold", None;
    /// The proxy answered by itself before the request was complete, so it was never judged
    Interrupted = "interrupted", None;
    /// Weir met a state that should not exist
    Internal = "internal", None;
}

impl Fault {
    /// The fault of this name, if there is one.
    pub fn from_name(name: &str) -> Option<Fault> {
        Self::ALL.iter().copied().find(|fault| fault.name() == name)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How much of a message was read before the decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Inspected {
    /// Nothing of the body.
    None,
    /// Some of it, or all of it without knowing what it means.
    Partial,
    /// All of it.
    Full,
}

impl Inspected {
    /// The name used in records and metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Inspected::None => "none",
            Inspected::Partial => "partial",
            Inspected::Full => "full",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_fit_a_metric_label() {
        for (i, fault) in Fault::ALL.iter().enumerate() {
            assert_eq!(Fault::from_name(fault.name()), Some(*fault));
            assert!(fault.name().bytes().all(|b| b.is_ascii_lowercase() || b == b'_' || b == b'8'), "{fault}");
            assert!(Fault::ALL.iter().skip(i + 1).all(|other| other.name() != fault.name()), "{fault} twice");
            assert!(!fault.about().is_empty() && !fault.about().ends_with('.'), "{fault}");
        }
    }
}
