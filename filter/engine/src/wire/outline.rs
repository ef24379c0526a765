//! What a dialect makes of a document.

use super::Scope;
use crate::fault::Fault;
use crate::sensitive::Sensitive;
use crate::stream::json::{Document, Kind, NodeId};

/// One value that carries text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaf {
    /// The string, number or key.
    pub node: NodeId,
    /// Who speaks.
    pub scope: Scope,
    /// It belongs to an earlier turn of the conversation.
    pub carried: bool,
    /// The dialect says that this string holds JSON.
    pub json: bool,
    /// Streams: the text that this string is the next piece of.
    pub piece: Option<Channel>,
}

/// Where in an answer something stands: the numbers of choice, item and part, outermost first, as far as the dialect
/// numbers them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Position {
    steps: [u64; Position::MOST],
    len: u8,
}

impl Position {
    /// No dialect numbers more levels.
    const MOST: usize = 4;

    /// One level further in. Levels beyond the fourth are one.
    pub(super) fn inside(mut self, step: u64) -> Self {
        if let Some(slot) = self.steps.get_mut(usize::from(self.len)) {
            *slot = step;
            self.len = self.len.saturating_add(1);
        }
        self
    }

    /// Whether the other is here or further in.
    pub fn holds(&self, other: &Position) -> bool {
        self.len <= other.len && self.steps().eq(other.steps().take(usize::from(self.len)))
    }

    /// The outermost number, if there is one.
    pub fn first(&self) -> Option<u64> {
        self.steps().next()
    }

    fn steps(&self) -> impl Iterator<Item = u64> {
        self.steps.into_iter().take(usize::from(self.len))
    }
}

/// A text that grows from event to event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Channel {
    /// Where it stands.
    pub position: Position,
    /// Which of the texts there: a hash of its name, or of its path where the dialect does not document it.
    pub(super) name: u64,
}

impl Channel {
    /// What grows in a stream whose payloads are no JSON.
    pub fn of_plain_text() -> Channel {
        Channel { position: Position::default(), name: HASH }
    }
}

/// FNV-1a, 64 bits, continued from `hash`.
pub(super) const fn hash(mut hash: u64, bytes: &[u8]) -> u64 {
    let mut rest = bytes;
    while let [byte, after @ ..] = rest {
        hash = (hash ^ *byte as u64).wrapping_mul(0x0000_0100_0000_01b3);
        rest = after;
    }
    hash
}

/// Where FNV-1a begins.
pub(super) const HASH: u64 = 0xcbf2_9ce4_8422_2325;

/// A kind of token that vendors count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TokenKind {
    /// What the model was given.
    Input,
    /// What it wrote, reasoning included where the vendor includes it.
    Output,
    /// What of its input it took from a cache.
    Cached,
    /// What it wrote to itself.
    Reasoning,
}

impl TokenKind {
    /// The name used in metrics.
    pub const fn name(self) -> &'static str {
        match self {
            TokenKind::Input => "input",
            TokenKind::Output => "output",
            TokenKind::Cached => "cached",
            TokenKind::Reasoning => "reasoning",
        }
    }
}

/// Tokens as the vendor counted them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Usage {
    /// `gen_ai.usage.input_tokens` of OpenTelemetry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input: Option<u64>,
    /// `gen_ai.usage.output_tokens` of OpenTelemetry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<u64>,
    /// Of the input, what came from a cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cached: Option<u64>,
    /// Of the output, what was reasoning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning: Option<u64>,
}

impl Usage {
    /// Takes what a later message says; vendors repeat their counts and the last one stands.
    pub fn update(&mut self, later: Usage) {
        self.input = later.input.or(self.input);
        self.output = later.output.or(self.output);
        self.cached = later.cached.or(self.cached);
        self.reasoning = later.reasoning.or(self.reasoning);
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        *self == Usage::default()
    }

    /// What was counted.
    pub fn counts(&self) -> impl Iterator<Item = (TokenKind, u64)> {
        let all = [
            (TokenKind::Input, self.input),
            (TokenKind::Output, self.output),
            (TokenKind::Cached, self.cached),
            (TokenKind::Reasoning, self.reasoning),
        ];
        all.into_iter().filter_map(|(kind, count)| Some((kind, count?)))
    }

    pub(super) fn set(&mut self, kind: TokenKind, count: u64) {
        let slot = match kind {
            TokenKind::Input => &mut self.input,
            TokenKind::Output => &mut self.output,
            TokenKind::Cached => &mut self.cached,
            TokenKind::Reasoning => &mut self.reasoning,
        };
        *slot = Some(count);
    }
}

macro_rules! finishes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal: $($word:literal)|*;)+) => {
        /// Why a model stopped, in one set of words for all vendors.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Finish { $($(#[doc = $doc])+ $variant,)+ }

        impl Finish {
            /// The name used in records.
            pub const fn name(self) -> &'static str {
                match self { $(Finish::$variant => $name,)+ }
            }

            /// What a vendor's word means; words nobody documents are [`Finish::Other`].
            pub(super) fn of(word: &str) -> Finish {
                let lower = word.to_ascii_lowercase();
                match lower.as_str() { $($($word)|* => Finish::$variant,)+ _ => Finish::Other }
            }
        }
    };
}

finishes! {
    /// It had said all, or met a stop sequence
    Stop = "stop": "stop" | "end_turn" | "stop_sequence" | "complete" | "completed" | "finish" | "finished" | "eos"
        | "endturn" | "stopsequence";
    /// It was cut off
    Length = "length": "length" | "max_tokens" | "max_output_tokens" | "model_context_window_exceeded" | "model_length"
        | "maxtokens";
    /// It calls tools
    ToolCalls = "tool_calls": "tool_calls" | "tool_call" | "tool_use" | "function_call" | "pause_turn" | "tooluse";
    /// Somebody's filter stopped it
    ContentFilter = "content_filter": "content_filter" | "content_filtered" | "safety" | "recitation" | "blocklist"
        | "prohibited_content" | "spii" | "guardrail_intervened" | "error_toxic" | "image_safety";
    /// It refuses
    Refusal = "refusal": "refusal";
    /// It broke off
    Error = "error": "error" | "failed" | "malformed_function_call" | "malformed_model_output" | "malformed_tool_use"
        | "cancelled" | "incomplete" | "unexpected_tool_call";
    /// Something else
    Other = "other": "other";
}

/// What a message says of the exchange besides its text.
#[derive(Debug, Default)]
pub struct Told {
    /// The model that is asked for, or that answered.
    pub model: Option<Sensitive<String>>,
    /// Tokens.
    pub usage: Usage,
    /// Why the model stopped, once for each choice.
    pub finishes: Vec<Finish>,
    /// The id of a JSON-RPC request, as it is written.
    pub rpc_id: Option<Sensitive<String>>,
    /// The id of the other side's JSON-RPC request that this message answers, as it is written.
    pub rpc_answers: Option<Sensitive<String>>,
}

/// Everything that a dialect reads out of one document, as plain data.
#[derive(Debug, Default)]
pub struct Outline {
    /// All text, in document order.
    pub leaves: Vec<Leaf>,
    /// What was not as documented.
    pub faults: Vec<Fault>,
    /// What it says of the exchange.
    pub told: Told,
    /// Values that repeat other text in pieces (token log-probabilities). When anything of the message is redacted they
    /// must go, or the text could be put together from them.
    pub echoes: Vec<NodeId>,
    /// Streams: everything at these positions is complete with this event.
    pub ends: Vec<Position>,
}

impl Outline {
    pub(super) fn fault(&mut self, fault: Fault) {
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    pub(super) fn leaf(&mut self, node: NodeId, voice: Voice) {
        self.push(node, voice, false, None);
    }

    pub(super) fn json(&mut self, node: NodeId, voice: Voice) {
        self.push(node, voice, true, None);
    }

    pub(super) fn push(&mut self, node: NodeId, voice: Voice, json: bool, piece: Option<Channel>) {
        self.leaves.push(Leaf { node, scope: voice.scope, carried: voice.carried, json, piece });
    }

    /// Takes every string, number and key below and including `node`.
    pub(super) fn leaves(&mut self, document: &Document<'_>, node: NodeId, voice: Voice) {
        for id in document.subtree(node) {
            match document.kind(id) {
                Kind::Null | Kind::Bool | Kind::Object | Kind::Array => {}
                Kind::Number | Kind::String | Kind::EscapedString | Kind::Key | Kind::EscapedKey => {
                    self.leaf(id, voice)
                }
            }
        }
    }

    /// Finds the members of an answer that servers of every dialect use for its tokens.
    pub(super) fn find_echoes(&mut self, document: &Document<'_>) {
        const ECHOES: [&str; 4] = ["logprobs", "prompt_logprobs", "token_ids", "logprobsResult"];
        let mut end = 0;
        for id in document.subtree(document.root()) {
            let Some(key) = document.key_of(id).filter(|_| document.span(id).start >= end) else { continue };
            let container = matches!(document.kind(id), Kind::Object | Kind::Array);
            if container && ECHOES.iter().any(|name| document.is(key, name)) {
                end = document.span(id).end;
                self.echoes.push(id);
            }
        }
        // Those that a table named come first: put them in order, and keep one where two lie in each other.
        let mut end = 0;
        self.echoes.sort_unstable_by_key(|id| document.span(*id).start);
        self.echoes.retain(|id| {
            let span = document.span(*id);
            let apart = span.start >= end;
            end = end.max(span.end);
            apart
        });
    }

    /// Takes a member that the dialect does not document: its key is text too.
    pub(super) fn member(&mut self, document: &Document<'_>, key: NodeId, value: NodeId, voice: Voice) {
        self.leaf(key, voice);
        self.leaves(document, value, voice);
    }
}

/// Who speaks, and when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Voice {
    pub(super) scope: Scope,
    pub(super) carried: bool,
}

impl Voice {
    pub(super) const fn new(scope: Scope) -> Self {
        Self { scope, carried: false }
    }

    pub(super) const fn scope(self, scope: Scope) -> Self {
        Self { scope, ..self }
    }
}

/// Every text of a document whose meaning is unknown.
pub fn unknown(document: &Document<'_>, fault: Option<Fault>, scope: Scope) -> Outline {
    let mut outline = Outline::default();
    if let Some(fault) = fault {
        outline.fault(fault);
    }
    outline.leaves(document, document.root(), Voice::new(scope));
    outline
}
