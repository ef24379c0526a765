//! Frames to meaning: which dialect a message speaks, and what each of its strings is.
//!
//! Flows in: a parsed JSON document. Flows out: an [`Outline`]: one [`Leaf`] for every value that carries text. Promises:
//! every string and number of the document is a leaf or one of the few words whose exact value the dialect fixes; what a
//! dialect does not document is a leaf of scope [`Scope::Unknown`] and a fault. Each dialect is one file.

mod scope;

pub use scope::Scope;

/// A wire format that Weir knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dialect {
    /// OpenAI Chat Completions, also spoken by every OpenAI-compatible server.
    OpenAiChat,
    /// None that Weir knows.
    Unknown,
}

impl Dialect {
    /// Every dialect.
    pub const ALL: &'static [Dialect] = &[Dialect::OpenAiChat, Dialect::Unknown];

    /// The name used in policies and records.
    pub const fn name(self) -> &'static str {
        match self {
            Dialect::OpenAiChat => "openai/chat",
            Dialect::Unknown => "unknown",
        }
    }
}
