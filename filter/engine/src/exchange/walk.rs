//! From a body to its parts.

use std::borrow::Cow;
use std::ops::Range;

use super::layers::{LayerId, Layers, Written};
use super::{Part, Place, Sink, number};
use crate::event::Direction;
use crate::fault::Fault;
use crate::limits::Limits;
use crate::stream::json::{Bounds, Document, Error, Kind, NodeId};
use crate::wire::{Dialect, Leaf, Outline, Scope, Told, unknown};

/// What was learnt from a body besides its parts.
#[derive(Debug, Default)]
pub struct Reading {
    /// What could not be read.
    pub faults: Vec<Fault>,
    /// The dialect it turned out to speak.
    pub dialect: Option<Dialect>,
    /// What it says of the exchange.
    pub told: Told,
    /// The way from parts back to bytes.
    pub layers: Layers,
    /// Byte ranges that repeat other text in pieces (see [`Outline::echoes`]).
    pub echoes: Vec<Range<usize>>,
}

impl Reading {
    /// Adds a fault, once.
    pub fn fault(&mut self, fault: Fault) {
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }
}

/// Reads a body that should be JSON. When it is not, it is read as text, with the fault that says why.
pub fn body_json(
    body: &str,
    dialect: Dialect,
    direction: Direction,
    error: bool,
    limits: &Limits,
    sink: &mut impl Sink,
) -> Reading {
    let bounds = Bounds { depth: limits.json_depth as usize, nodes: limits.json_nodes as usize };
    if !sink.examine(body.len()) {
        return body_text(body, sink);
    }
    let document = match Document::parse(body, bounds) {
        Ok(document) => document,
        Err(error) => {
            let mut reading = body_text(body, sink);
            reading.fault(fault_of(error));
            return reading;
        }
    };
    let dialect = match (dialect, direction) {
        (Dialect::Unknown, Direction::Request) => Dialect::of_body(&document),
        _ => dialect,
    };
    let Outline { leaves, faults, told, echoes, ends: _ } = dialect.read(direction, error, &document);
    let echoes = echoes.iter().map(|id| document.span(*id)).collect();
    let reading = Reading { faults, dialect: Some(dialect), told, layers: Layers::default(), echoes };
    let mut walk = Walk { reading, nodes: bounds.nodes.saturating_sub(document.len()), limits, sink };
    if !document.duplicates().is_empty() {
        walk.reading.fault(Fault::DuplicateKey);
    }
    walk.document(&document, &leaves, None, 0);
    walk.reading
}

/// Reads a text that came in pieces and should be JSON as a whole: the arguments of a tool call. The first layer is the
/// text itself.
pub fn held_json(text: &str, scope: Scope, limits: &Limits, sink: &mut impl Sink) -> Reading {
    let mut walk = Walk::new(limits, sink);
    let layer = walk.reading.layers.push(None, Written::Plain, &(0..text.len()), false);
    let voice = Voice { scope, carried: false, json: true, json_within: true };
    let stand = Stand { layer, written: Written::Plain, key: None, level: 0 };
    walk.text(text, voice, stand);
    walk.reading
}

/// Reads a body that is text and nothing more.
pub fn body_text(body: &str, sink: &mut impl Sink) -> Reading {
    let mut reading = Reading::default();
    let layer = reading.layers.push(None, Written::Plain, &(0..body.len()), false);
    let part = Part { scope: Scope::Unknown, carried: false, place: Place::Body(layer), len: length(body) };
    sink.part(part, body);
    reading
}

/// Hands on what is written beside the content of a body. It can be judged, not rewritten.
pub fn beside_parts(beside: &[u8], sink: &mut impl Sink) {
    if !beside.is_empty() {
        let text = String::from_utf8_lossy(beside);
        let part = Part { scope: Scope::Unknown, carried: false, place: Place::Unplaced, len: length(&text) };
        sink.part(part, &text);
    }
}

pub(super) fn fault_of(error: Error) -> Fault {
    match error {
        Error::Syntax(..) => Fault::InvalidJson,
        Error::Depth => Fault::Depth,
        Error::Nodes => Fault::TooManyNodes,
    }
}

pub(super) fn length(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}

/// Whose text it is, and what the dialect says of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Voice {
    pub(super) scope: Scope,
    pub(super) carried: bool,
    /// It holds JSON.
    pub(super) json: bool,
    /// So may the strings in it: what one tool is told, it may tell the next.
    pub(super) json_within: bool,
}

/// Where a text stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stand<'k> {
    pub(super) layer: LayerId,
    pub(super) written: Written,
    /// What it is the value of.
    pub(super) key: Option<&'k str>,
    /// How many documents are around it.
    pub(super) level: u32,
}

pub(super) struct Walk<'l, 's, S> {
    pub(super) reading: Reading,
    /// JSON nodes that inner documents may still have; fields and parts count too.
    pub(super) nodes: usize,
    pub(super) limits: &'l Limits,
    pub(super) sink: &'s mut S,
}

impl<'l, 's, S: Sink> Walk<'l, 's, S> {
    /// A walk of a body that is no document itself.
    pub(super) fn new(limits: &'l Limits, sink: &'s mut S) -> Self {
        Walk { reading: Reading::default(), nodes: limits.json_nodes as usize, limits, sink }
    }

    /// Counts a field, a part or a line. False, with the fault, when there are too many.
    pub(super) fn count(&mut self) -> bool {
        match self.nodes.checked_sub(1) {
            Some(left) => self.nodes = left,
            None => self.reading.fault(Fault::TooManyNodes),
        }
        !self.reading.faults.contains(&Fault::TooManyNodes)
    }

    pub(super) fn document(
        &mut self,
        document: &Document<'_>,
        leaves: &[Leaf],
        parent: Option<LayerId>,
        level: u32,
    ) -> bool {
        let mut needed = false;
        for leaf in leaves.iter().filter(|leaf| leaf.piece.is_none()) {
            needed |= self.leaf(document, leaf, parent, level);
        }
        needed
    }

    /// `level` counts the documents around this one.
    fn leaf(&mut self, document: &Document<'_>, leaf: &Leaf, parent: Option<LayerId>, level: u32) -> bool {
        let (text, escaped, lone_surrogate) = match document.decoded(leaf.node) {
            Some(decoded) => (Cow::Owned(decoded.text.into_exposed()), true, decoded.lone_surrogate),
            None => (Cow::Borrowed(document.raw(leaf.node)), false, false),
        };
        if lone_surrogate {
            self.reading.fault(Fault::LoneSurrogate);
        }
        let written = match document.kind(leaf.node) {
            Kind::Number => Written::JsonNumber,
            _ => Written::JsonString,
        };
        let layer = self.reading.layers.push(parent, written, &document.span(leaf.node), escaped);
        let voice = Voice { scope: leaf.scope, carried: leaf.carried, json: leaf.json, json_within: leaf.json };
        let key = document.key_of(leaf.node).and_then(|key| document.string(key));
        let needed = self.text(&text, voice, Stand { layer, written, key: key.as_deref(), level });
        if needed && let Some(map) = document.text_map(leaf.node) {
            self.reading.layers.map(layer, map);
        }
        needed
    }

    /// One text: the document that it holds, or itself. Answers whether its place will be needed again.
    pub(super) fn text(&mut self, text: &str, voice: Voice, stand: Stand<'_>) -> bool {
        let Stand { layer, written, key, level } = stand;
        if let Some(inner) = self.inner(text, voice, level) {
            let leaves = leaves_of(&inner, voice);
            return self.document(&inner, &leaves, Some(layer), level.saturating_add(1));
        }
        let (scope, carried) = (voice.scope, voice.carried);
        let part = Part { scope, carried, place: Place::Body(layer), len: length(text) };
        let mut hand_on = |text: &str| {
            let part = Part { len: length(text), ..part };
            match key {
                Some(key) => self.sink.named(part, key, text),
                None => self.sink.part(part, text),
            }
        };
        if written != Written::JsonNumber {
            return hand_on(text);
        }
        let number::Readings { exact, doubles } = number::readings(text);
        doubles.iter().fold(hand_on(&exact), |needed, double| hand_on(double) | needed)
    }

    /// What the dialect says is JSON and is none will be read by somebody with more patience than we have, who takes `01` for
    /// 1 and undoes escapes: what is hidden from us may not be hidden from them. Further in nobody promises JSON, and only
    /// escapes hide anything from us.
    fn broken(&mut self, text: &str, voice: Voice, level: u32) {
        if voice.json && (level == 0 || text.contains('\\')) {
            self.reading.fault(Fault::UnknownShape);
        }
    }

    /// The JSON document that a string holds, if it does.
    fn inner<'t>(&mut self, text: &'t str, voice: Voice, level: u32) -> Option<Document<'t>> {
        let first = text.trim_ascii_start().as_bytes().first()?;
        if !(matches!(first, b'{' | b'[') || (voice.json && (level == 0 || *first == b'"'))) {
            self.broken(text, voice, level);
            return None;
        }
        if level >= self.limits.nesting {
            self.reading.fault(Fault::Nesting);
            return None;
        }
        if !self.sink.examine(text.len()) {
            return None;
        }
        match Document::parse(text, Bounds { depth: self.limits.json_depth as usize, nodes: self.nodes }) {
            Ok(document) => {
                self.nodes = self.nodes.saturating_sub(document.len());
                // People paste odd JSON; only where the dialect promises JSON will another reader act on it.
                if voice.json && !document.duplicates().is_empty() {
                    self.reading.fault(Fault::DuplicateKey);
                }
                Some(document)
            }
            Err(Error::Syntax(..)) => {
                self.broken(text, voice, level);
                None
            }
            Err(error) => {
                self.reading.fault(fault_of(error));
                None
            }
        }
    }
}

/// Every text of an inner document speaks with the voice of the string that holds it.
fn leaves_of(document: &Document<'_>, outer: Voice) -> Vec<Leaf> {
    let mut leaves = unknown(document, None, outer.scope).leaves;
    for leaf in &mut leaves {
        leaf.carried = outer.carried;
        leaf.json = outer.json_within && is_string(document, leaf.node);
    }
    leaves
}

fn is_string(document: &Document<'_>, node: NodeId) -> bool {
    matches!(document.kind(node), Kind::String | Kind::EscapedString)
}
