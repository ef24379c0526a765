//! Frames to meaning: which dialect a message speaks, and what each of its strings is.
//!
//! Flows in: a parsed JSON document. Flows out: an [`Outline`]: one [`Leaf`] for every value that carries text. Promises:
//! every string, number and free key of the document is a leaf, or one of the few words whose exact value the dialect
//! fixes; what a dialect does not document is a leaf too. Each dialect is one file.

mod field;
mod openai_chat;
mod outline;
mod scope;

pub use field::{Field, Fields};
pub use outline::{Leaf, Outline, unknown};
pub use scope::Scope;

use crate::event::Direction;
use crate::fault::Fault;
use crate::keyed::ExchangeId;
use crate::stream::json::Document;

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

    /// The dialect that requests to this path speak. The path may have a prefix (`/openai/v1`, an Azure deployment).
    pub fn of_path(path: &str) -> Dialect {
        let path = path.split(['?', '#']).next().unwrap_or_default();
        if path.ends_with("/chat/completions") { Dialect::OpenAiChat } else { Dialect::Unknown }
    }

    /// Reads a JSON body. `error` says that the body came with an error status, so that it need not be an answer.
    pub fn read(self, direction: Direction, error: bool, document: &Document<'_>) -> Outline {
        let mut outline = match (self, direction) {
            (_, Direction::Response) if error => unknown(document, None, Scope::Unknown),
            (Dialect::OpenAiChat, Direction::Request) => openai_chat::request(document),
            (Dialect::OpenAiChat, Direction::Response) => openai_chat::response(document),
            (Dialect::Unknown, _) => unknown(document, Some(Fault::UnknownDialect), Scope::Unknown),
        };
        if direction == Direction::Response {
            outline.find_echoes(document);
        }
        outline
    }

    /// The fields of this dialect's forms (urlencoded or multipart); `None` for a dialect that speaks JSON only.
    pub fn fields(self, direction: Direction) -> Option<Fields> {
        let _ = direction;
        match self {
            Dialect::OpenAiChat | Dialect::Unknown => None,
        }
    }

    /// The error body that clients of this dialect understand.
    pub fn error(self, refusal: &Refusal<'_>) -> String {
        match self {
            Dialect::OpenAiChat | Dialect::Unknown => openai_chat::error(refusal),
        }
    }
}

/// Why an exchange is refused, in words for its client: nothing of the exchange's text, nothing that helps an attacker.
#[derive(Debug)]
pub struct Refusal<'a> {
    /// One sentence.
    pub message: &'a str,
    /// `blocked_by_policy`, or the name of the fault behind `uninspectable_`.
    pub code: &'a str,
    /// The rule, where one decided.
    pub rule: Option<&'a str>,
    /// The exchange, to be found in the records.
    pub exchange: ExchangeId,
}
