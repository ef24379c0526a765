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
}

/// Everything that a dialect reads out of one document, as plain data.
#[derive(Debug, Default)]
pub struct Outline {
    /// All text, in document order.
    pub leaves: Vec<Leaf>,
    /// What was not as documented.
    pub faults: Vec<Fault>,
    /// The model that is asked for, or that answered.
    pub model: Option<Sensitive<String>>,
    /// Values that repeat other text in pieces (token log-probabilities). When anything of the message is redacted they
    /// must go, or the text could be put together from them.
    pub echoes: Vec<NodeId>,
}

impl Outline {
    pub(super) fn fault(&mut self, fault: Fault) {
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    pub(super) fn leaf(&mut self, node: NodeId, voice: Voice) {
        self.leaves.push(Leaf { node, scope: voice.scope, carried: voice.carried, json: false });
    }

    pub(super) fn json(&mut self, node: NodeId, voice: Voice) {
        self.leaves.push(Leaf { node, scope: voice.scope, carried: voice.carried, json: true });
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
        const ECHOES: [&str; 3] = ["logprobs", "prompt_logprobs", "token_ids"];
        let mut end = 0;
        for id in document.subtree(document.root()) {
            let Some(key) = document.key_of(id).filter(|_| document.span(id).start >= end) else { continue };
            let container = matches!(document.kind(id), Kind::Object | Kind::Array);
            if container && ECHOES.iter().any(|name| document.is(key, name)) {
                end = document.span(id).end;
                self.echoes.push(id);
            }
        }
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
