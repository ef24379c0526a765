//! Every bound of the engine: a default, a reason, a ceiling, and the fault that tells of reaching it.

use crate::fault::Fault;

macro_rules! limits {
    ($($(#[doc = $doc:literal])+ $name:ident: $default:literal ..= $ceiling:literal => $fault:expr;)+) => {
        /// The bounds that one policy sets. All are counts or bytes.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct Limits { $($(#[doc = $doc])+ pub $name: u32,)+ }

        impl Default for Limits {
            fn default() -> Self {
                Limits { $($name: $default,)+ }
            }
        }

        impl Limits {
            /// Name, default, highest permitted value and fault of every limit.
            pub const ALL: &'static [Limit] = &[$(Limit {
                name: stringify!($name), default: $default, ceiling: $ceiling, fault: $fault,
            },)+];

            /// Sets a limit by its name; `None` when there is no such limit.
            pub fn set(&mut self, name: &str, value: u32) -> Option<()> {
                match name { $(stringify!($name) => self.$name = value,)+ _ => return None }
                Some(())
            }
        }
    };
}

/// What a policy author needs to know of one limit.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// The key under `limits`.
    pub name: &'static str,
    /// The value without a policy.
    pub default: u32,
    /// The highest value a policy may set.
    pub ceiling: u32,
    /// What the verdict says when it is reached.
    pub fault: Fault,
}

limits! {
    /// Bytes of a request body that are inspected whole. Must stay below the proxy's own buffer limit, or the proxy
    /// answers 413 before Weir can. Text that is all escapes costs some thirty times its bytes, and a VM has 1 GiB.
    request_body: 8_388_608 ..= 16_777_216 => Fault::BodyTooLarge;
    /// Bytes of an answer that are inspected whole. Must stay below the proxy's own buffer limit.
    response_body: 4_194_304 ..= 16_777_216 => Fault::BodyTooLarge;
    /// Bytes that one byte of a compressed body may decode to, once 64 KiB have come out. Transcripts that repeat
    /// themselves reach some 50; bombs reach 1,000 (gzip) and more.
    expansion: 200 ..= 100_000 => Fault::Expansion;
    /// Depth of nested arrays and objects. Real chat traffic stays below 20; readers recurse.
    json_depth: 96 ..= 512 => Fault::Depth;
    /// Values in one JSON document, or fields and parts in one form with the values in them. Each costs 16 bytes while the
    /// document is inspected.
    json_nodes: 1_000_000 ..= 4_000_000 => Fault::TooManyNodes;
    /// JSON documents inside JSON strings, one in another. Tool arguments are one, a tool that calls a tool two.
    nesting: 4 ..= 16 => Fault::Nesting;
    /// Findings kept for one message, and placeholders restored in one answer. More findings than this is a document of secrets,
    /// and is refused as such.
    findings: 1_000 ..= 100_000 => Fault::TooManyFindings;
    /// Bytes that may be examined for one exchange: each as often as it is read or scanned, as itself, inside of another
    /// text, or closer. For each byte of an event of a stream 32 come back, up to this number again: a stream may last, and what it
    /// costs stays in proportion to what came. What comes when nothing is left is not examined.
    work: 268_435_456 ..= 4_294_967_295 => Fault::Work;
    /// Bytes of one text of a stream that may be held back while a detector is undecided.
    hold_back: 65_536 ..= 1_048_576 => Fault::HoldBack;
    /// Bytes of the arguments of one tool call in a stream. They are held until they are complete.
    tool_call: 1_048_576 ..= 8_388_608 => Fault::HoldBack;
    /// Bytes of one event of a stream. An event that repeats a whole answer is as long as that.
    frame: 4_194_304 ..= 16_777_216 => Fault::FrameTooLarge;
    /// Texts that grow beside each other in one stream: of choices, content parts, tool calls.
    channels: 1_024 ..= 16_384 => Fault::TooManyChannels;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_is_settable_by_name_and_below_its_ceiling() {
        let mut limits = Limits::default();
        for limit in Limits::ALL {
            assert!(limit.default <= limit.ceiling, "{}", limit.name);
            assert_eq!(limits.set(limit.name, 7), Some(()), "{}", limit.name);
        }
        assert_eq!(limits.set("nonsense", 7), None);
        assert_eq!((limits.request_body, limits.hold_back), (7, 7));
    }
}
