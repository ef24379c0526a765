//! A JSON reader that keeps the place of everything (RFC 8259, strictly).
//!
//! [`Document::parse`] turns a text into a flat list of [`Node`]s, one per value and key, each with its byte span. Nothing
//! is decoded until somebody asks. Beyond the grammar it reports what makes two readers disagree: a key that occurs
//! twice in one object (after unescaping) and half surrogate pairs. Depth and node count are bounded; the work is linear
//! in the text, but for sorting the keys of large objects.

mod duplicate;
mod lenient;
mod lexer;
mod parse;
mod unescape;

use std::borrow::Cow;
use std::ops::Range;

pub use lenient::hides;
pub use lexer::Expected;
pub use unescape::{Decoded, escape_into};

use crate::stream::text_map::TextMap;

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number, as written.
    Number,
    /// A string value without escapes.
    String,
    /// A string value with at least one escape.
    EscapedString,
    /// An object; its children are keys, each followed by its value.
    Object,
    /// An array; its children are values.
    Array,
    /// A key without escapes.
    Key,
    /// A key with at least one escape.
    EscapedKey,
}

/// One value or key. `start..end` is its span in the text: for strings and keys what stands between the quotes, for
/// containers from bracket to bracket. `next` is the index of the node after this one and all inside it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node {
    start: u32,
    end: u32,
    next: u32,
    kind: Kind,
}

/// The place of a node in its [`Document`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct NodeId(u32);

/// How much of a text may be read as JSON.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Nested containers.
    pub depth: usize,
    /// Nodes, keys included.
    pub nodes: usize,
}

/// Why a text is not a [`Document`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Error {
    /// Not JSON: what was expected, and the byte offset where it was not found.
    Syntax(Expected, usize),
    /// Nested deeper than [`Bounds::depth`].
    Depth,
    /// More nodes than [`Bounds::nodes`], or a text beyond 4 GiB.
    Nodes,
}

/// A parsed JSON text.
pub struct Document<'t> {
    text: &'t str,
    nodes: Vec<Node>,
    duplicates: Vec<NodeId>,
}

impl std::fmt::Debug for Document<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Document({} nodes)", self.nodes.len())
    }
}

impl<'t> Document<'t> {
    /// Parses a whole text: one value, with white space around it and nothing else.
    ///
    /// # Errors
    /// [`Error`] when it is not strict JSON or goes beyond `bounds`.
    pub fn parse(text: &'t str, bounds: Bounds) -> Result<Self, Error> {
        let nodes = parse::parse(text, bounds)?;
        let mut document = Document { text, nodes, duplicates: Vec::new() };
        document.duplicates = duplicate::find(&document);
        Ok(document)
    }

    /// The outermost value.
    pub fn root(&self) -> NodeId {
        NodeId(0)
    }

    /// The second and later occurrences of keys that an object has more than once.
    pub fn duplicates(&self) -> &[NodeId] {
        &self.duplicates
    }

    /// What a node is.
    pub fn kind(&self, id: NodeId) -> Kind {
        self.node(id).kind
    }

    /// Where a node stands in the text (see [`Kind`] for what is included).
    pub fn span(&self, id: NodeId) -> Range<usize> {
        let node = self.node(id);
        node.start as usize..node.end as usize
    }

    /// The text of a node as it is written, escapes and all.
    pub fn raw(&self, id: NodeId) -> &'t str {
        self.text.get(self.span(id)).unwrap_or_default()
    }

    /// The string value or key, decoded; `None` for other kinds.
    pub fn string(&self, id: NodeId) -> Option<Cow<'t, str>> {
        match self.kind(id) {
            Kind::String | Kind::Key => Some(Cow::Borrowed(self.raw(id))),
            Kind::EscapedString | Kind::EscapedKey => {
                Some(Cow::Owned(unescape::decode(self.raw(id), None).text.into_exposed()))
            }
            _ => None,
        }
    }

    /// The string value or key, decoded, for a node that has escapes; `None` for other kinds.
    pub fn decoded(&self, id: NodeId) -> Option<Decoded> {
        let escaped = matches!(self.kind(id), Kind::EscapedString | Kind::EscapedKey);
        escaped.then(|| unescape::decode(self.raw(id), None))
    }

    /// The way back from the decoded text of a node that has escapes to what stands between its quotes; `None` for other
    /// kinds.
    pub fn text_map(&self, id: NodeId) -> Option<TextMap> {
        let mut map = TextMap::default();
        matches!(self.kind(id), Kind::EscapedString | Kind::EscapedKey)
            .then(|| unescape::decode(self.raw(id), Some(&mut map)))?;
        Some(map)
    }

    /// The key that a value stands under; `None` for keys, elements and the outermost value.
    pub fn key_of(&self, id: NodeId) -> Option<NodeId> {
        let before = NodeId(id.0.checked_sub(1)?);
        let key = |id| matches!(self.kind(id), Kind::Key | Kind::EscapedKey);
        (key(before) && !key(id)).then_some(before)
    }

    /// Whether a string value or key equals `text` once decoded.
    pub fn is(&self, id: NodeId, text: &str) -> bool {
        match self.kind(id) {
            Kind::String | Kind::Key => self.raw(id) == text,
            _ => self.string(id).is_some_and(|own| own == text),
        }
    }

    /// Keys and values of an object, in order, repeated keys included. Empty for other kinds.
    pub fn members(&self, id: NodeId) -> Members<'_, 't> {
        let end = if self.kind(id) == Kind::Object { self.node(id).next } else { 0 };
        Members { document: self, at: id.0.saturating_add(1), end }
    }

    /// Values of an array, in order. Empty for other kinds.
    pub fn elements(&self, id: NodeId) -> Elements<'_, 't> {
        let end = if self.kind(id) == Kind::Array { self.node(id).next } else { 0 };
        Elements { document: self, at: id.0.saturating_add(1), end }
    }

    /// The value of the last member with this key: the one that most readers keep.
    pub fn member(&self, id: NodeId, key: &str) -> Option<NodeId> {
        self.members(id).filter(|(name, _)| self.is(*name, key)).last().map(|(_, value)| value)
    }

    /// Every node of a subtree, the given one first.
    pub fn subtree(&self, id: NodeId) -> impl Iterator<Item = NodeId> + use<> {
        (id.0..self.node(id).next).map(NodeId)
    }

    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// A document has at least one node.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    fn node(&self, id: NodeId) -> Node {
        const NOTHING: Node = Node { start: 0, end: 0, next: u32::MAX, kind: Kind::Null };
        self.nodes.get(id.0 as usize).copied().unwrap_or(NOTHING)
    }
}

/// See [`Document::members`].
#[derive(Debug, Clone)]
pub struct Members<'d, 't> {
    document: &'d Document<'t>,
    at: u32,
    end: u32,
}

impl Iterator for Members<'_, '_> {
    type Item = (NodeId, NodeId);

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.end {
            return None;
        }
        let (key, value) = (NodeId(self.at), NodeId(self.at.saturating_add(1)));
        self.at = self.document.node(value).next;
        Some((key, value))
    }
}

/// See [`Document::elements`].
#[derive(Debug, Clone)]
pub struct Elements<'d, 't> {
    document: &'d Document<'t>,
    at: u32,
    end: u32,
}

impl Iterator for Elements<'_, '_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        if self.at >= self.end {
            return None;
        }
        let value = NodeId(self.at);
        self.at = self.document.node(value).next;
        Some(value)
    }
}
