//! Frames to meaning: which dialect a message speaks, and what each of its strings is.
//!
//! Flows in: a parsed JSON document. Flows out: an [`Outline`]: one [`Leaf`] for every value that carries text. Promises:
//! every string, number and free key of the document is a leaf, or one of the few words whose exact value the dialect
//! fixes; what a dialect does not document is a leaf too.
//!
//! Reading order: `shape.rs` is the vocabulary in which dialects are written down, `reader.rs` reads documents by it,
//! `recognise.rs` tells dialects apart, and each dialect is one file of tables.

mod field;
mod folded;
mod outline;
mod reader;
mod recognise;
mod refusal;
mod scope;
mod shape;

pub use field::{Field, Fields};
pub use outline::{Channel, Finish, Leaf, Outline, Position, TokenKind, Told, Usage, unknown};
pub use refusal::{ErrorAnswer, LastEvent, Refusal};
pub use scope::Scope;

use crate::event::Direction;
use crate::fault::Fault;
use crate::stream::json::{Document, Kind};
use shape::Shape;

/// What Weir knows of one dialect.
struct Spec {
    /// The name used in policies and records.
    name: &'static str,
    /// A request body.
    request: &'static Shape,
    /// The fields of a form, where the dialect takes one.
    fields: Option<Fields>,
    /// The body of a whole answer.
    response: &'static Shape,
    /// The events of a stream.
    events: Events,
    /// What passes without being read, in words for people; empty where that is nothing.
    not_read: &'static str,
    /// The outermost number of an event (that of a choice) tells apart what may be delivered in any order.
    independent: bool,
    /// The answer that clients turn into a typed error.
    error: fn(&Refusal<'_>) -> ErrorAnswer,
    /// The last events of a stream that is blocked.
    last: fn(&Refusal<'_>) -> Vec<LastEvent>,
}

/// The events of a stream.
enum Events {
    /// All have one form, or say themselves what they are.
    All(&'static Shape),
    /// Their frames have names.
    Named(&'static [(&'static str, Shape)]),
    /// There are none. A stream that comes all the same is read leaf by leaf, as of an unknown shape.
    None,
}

macro_rules! dialects {
    ($($(#[doc = $doc:literal])+ $variant:ident = $spec:path;)+) => {
        /// A wire format that Weir knows.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Dialect { $($(#[doc = $doc])+ $variant,)+ }

        impl Dialect {
            /// Every dialect.
            pub const ALL: &'static [Dialect] = &[$(Dialect::$variant,)+];

            const fn spec(self) -> &'static Spec {
                match self { $(Dialect::$variant => &$spec,)+ }
            }
        }
    };
}

mod a2a;
mod anthropic_completions;
mod anthropic_messages;
mod bedrock_converse;
mod bedrock_invoke;
mod cohere_chat;
mod google_generate;
mod json_rpc;
mod mcp;
mod ollama_chat;
mod ollama_generate;
mod openai_audio;
mod openai_chat;
mod openai_completions;
mod openai_embeddings;
mod openai_moderations;
mod openai_responses;
mod unknown_dialect;

dialects! {
    /// OpenAI Chat Completions, also spoken by every OpenAI-compatible server
    OpenAiChat = openai_chat::SPEC;
    /// OpenAI Completions, the older interface of text in and text out
    OpenAiCompletions = openai_completions::SPEC;
    /// OpenAI Responses
    OpenAiResponses = openai_responses::SPEC;
    /// OpenAI Embeddings
    OpenAiEmbeddings = openai_embeddings::SPEC;
    /// OpenAI Moderations
    OpenAiModerations = openai_moderations::SPEC;
    /// OpenAI Audio: transcriptions and translations
    OpenAiAudio = openai_audio::SPEC;
    /// Anthropic Messages, token counting included
    AnthropicMessages = anthropic_messages::SPEC;
    /// Anthropic Text Completions
    AnthropicCompletions = anthropic_completions::SPEC;
    /// Google Gemini and Vertex AI: generateContent, streamGenerateContent, countTokens, embedContent
    GoogleGenerate = google_generate::SPEC;
    /// AWS Bedrock Converse and ConverseStream
    BedrockConverse = bedrock_converse::SPEC;
    /// AWS Bedrock InvokeModel and its stream: the body is that of the model's vendor
    BedrockInvoke = bedrock_invoke::SPEC;
    /// Cohere v2 chat
    CohereChat = cohere_chat::SPEC;
    /// Ollama chat
    OllamaChat = ollama_chat::SPEC;
    /// Ollama generate
    OllamaGenerate = ollama_generate::SPEC;
    /// Model Context Protocol: Streamable HTTP, and the older HTTP with SSE
    Mcp = mcp::SPEC;
    /// Agent2Agent
    A2a = a2a::SPEC;
    /// None that Weir knows
    Unknown = unknown_dialect::SPEC;
}

impl Dialect {
    /// The name used in policies and records.
    pub const fn name(self) -> &'static str {
        self.spec().name
    }

    /// How paths end that tell this dialect, segment by segment: `*` is any one segment, and `*:word` any segment with this
    /// ending. None for a dialect that only a policy or a body can tell.
    pub fn paths(self) -> impl Iterator<Item = &'static [&'static str]> {
        recognise::PATHS.iter().filter(move |(_, dialect)| *dialect == self).map(|(pattern, _)| *pattern)
    }

    /// Whether its answers may be streams.
    pub const fn streams(self) -> bool {
        !matches!(self.spec().events, Events::None)
    }

    /// What of this dialect passes without being read, in words for people: images, files, what only ids stand for. Empty
    /// where that is nothing. Where such a thing stands in a message, the fault `opaque_part` says so; what never passes here
    /// (a file that an id stands for at the vendor) has no fault.
    pub const fn not_inspected(self) -> &'static str {
        self.spec().not_read
    }

    /// Reads a JSON body. `error` says that the body came with an error status, so that it need not be an answer.
    pub fn read(self, direction: Direction, error: bool, document: &Document<'_>) -> Outline {
        let mut outline = match (self, direction) {
            (_, Direction::Response) if error => unknown(document, None, Scope::Unknown),
            (Dialect::Unknown, _) => unknown(document, Some(Fault::UnknownDialect), Scope::Unknown),
            (_, Direction::Request) => reader::read(document, self.spec().request),
            (_, Direction::Response) => reader::read(document, self.spec().response),
        };
        match direction {
            Direction::Response => outline.find_echoes(document),
            // One error cannot answer a batch.
            Direction::Request if document.kind(document.root()) == Kind::Array => outline.told.rpc_id = None,
            Direction::Request if document.member(document.root(), "method").is_none() => {
                outline.told.rpc_answers = outline.told.rpc_id.take();
            }
            Direction::Request => {}
        }
        outline
    }

    /// Reads one event of a stream; `name` is that of its frame.
    pub fn read_event(self, name: &str, document: &Document<'_>) -> Outline {
        let shape = match &self.spec().events {
            Events::All(shape) => Some(*shape),
            Events::Named(named) => named.iter().find(|(own, _)| *own == name).map(|(_, shape)| shape),
            Events::None => None,
        };
        let mut outline = match (self, shape) {
            (Dialect::Unknown, _) => reader::unknown_event(document, Fault::UnknownDialect),
            (_, None) => reader::unknown_event(document, Fault::UnknownShape),
            (_, Some(shape)) => reader::event(document, shape),
        };
        outline.find_echoes(document);
        outline
    }

    /// Whether the outermost number of a [`Position`] tells apart what may be delivered in any order.
    pub const fn independent(self) -> bool {
        self.spec().independent
    }

    /// Whether a payload that is no JSON is the word with which streams of this dialect end.
    pub fn ends_with(self, text: &str) -> bool {
        text == "[DONE]" && !matches!(self, Dialect::Mcp | Dialect::A2a)
    }

    /// Whether an answer that says it is text is as documented: MCP accepts a message with a word, and a transcript may be
    /// asked for as text or subtitles.
    pub fn answers_in_text(self) -> bool {
        matches!(self, Dialect::Mcp | Dialect::OpenAiAudio)
    }

    /// Whether events of this name carry plain text in this dialect: the older transport of MCP names its endpoint so.
    pub fn writes_text(self, name: &str) -> bool {
        self == Dialect::Mcp && name == "endpoint"
    }

    /// The answer that clients of this dialect turn into a typed error.
    pub fn error(self, refusal: &Refusal<'_>) -> ErrorAnswer {
        (self.spec().error)(refusal)
    }

    /// What goes to the upstream in the place of a request that is refused, where a refusal alone would leave somebody
    /// waiting: `answers` is the id of the upstream's own request that this one answers.
    pub fn instead(self, refusal: &Refusal<'_>, path: &str, answers: Option<&str>) -> Option<String> {
        if self == Dialect::Mcp { mcp::instead(refusal, path, answers) } else { None }
    }

    /// The last events of a stream that is blocked, which clients of this dialect turn into a typed error.
    pub fn last_events(self, refusal: &Refusal<'_>) -> Vec<LastEvent> {
        (self.spec().last)(refusal)
    }

    /// The fields of this dialect's forms (urlencoded or multipart); `None` for a dialect that speaks JSON only.
    pub fn fields(self, direction: Direction) -> Option<Fields> {
        match direction {
            Direction::Request => self.spec().fields,
            Direction::Response => None,
        }
    }
}
