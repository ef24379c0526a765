//! From one event of a stream to its parts, and to the pieces that it adds to growing texts.

use super::layers::{LayerId, Written};
use super::walk::{Reading, Walk, fault_of, length};
use super::{Layers, Part, Place, Sink};
use crate::fault::Fault;
use crate::limits::Limits;
use crate::sensitive::Sensitive;
use crate::stream::json::{Bounds, Document, Error};
use crate::wire::{Channel, Dialect, Leaf, Outline, Position, Scope};

/// The next piece of a text that grows from event to event.
#[derive(Debug)]
pub struct Piece {
    /// Which text.
    pub channel: Channel,
    /// Who speaks.
    pub scope: Scope,
    /// The text is JSON once it is complete.
    pub json: bool,
    /// The piece.
    pub text: Sensitive<String>,
    /// Where it stands in the event.
    pub layer: LayerId,
}

/// What one event holds besides the parts that were handed on.
#[derive(Debug, Default)]
pub struct EventRead {
    /// As for a whole body.
    pub reading: Reading,
    /// In the order in which they stand.
    pub pieces: Vec<Piece>,
    /// What is complete with this event.
    pub ends: Vec<Position>,
}

/// Reads the payload of one event. `name` is that of its frame. Payloads that are no JSON are read as text, with the fault
/// that says why, but for the words that streams end with. `error` says that the stream came with an error status, so that
/// it need not be an answer.
pub fn event(
    text: &str,
    name: &str,
    dialect: Dialect,
    error: bool,
    limits: &Limits,
    sink: &mut impl Sink,
) -> EventRead {
    let bounds = Bounds { depth: limits.json_depth as usize, nodes: limits.json_nodes as usize };
    if !sink.examine(text.len()) {
        return EventRead::default();
    }
    let document = match Document::parse(text, bounds) {
        Ok(document) => document,
        Err(cause) => return no_json(text, name, dialect, (!error).then_some(cause), sink),
    };
    let mut outline = dialect.read_event(name, &document);
    if error {
        outline.faults.clear();
    }
    let Outline { leaves, faults, told, echoes, ends } = outline;
    let echoes = echoes.iter().map(|id| document.span(*id)).collect();
    let dialect = Some(dialect);
    let reading = Reading { faults, dialect, told, layers: Layers::default(), echoes };
    let mut walk = Walk { reading, nodes: bounds.nodes.saturating_sub(document.len()), limits, sink };
    if !document.duplicates().is_empty() {
        walk.reading.fault(Fault::DuplicateKey);
    }
    walk.document(&document, &leaves, None, 0);
    let mut reading = walk.reading;
    let pieces = leaves.iter().filter_map(|leaf| piece(&document, leaf, &mut reading)).collect();
    EventRead { reading, pieces, ends }
}

fn piece(document: &Document<'_>, leaf: &Leaf, reading: &mut Reading) -> Option<Piece> {
    let channel = leaf.piece?;
    let (text, map) = match document.decoded(leaf.node) {
        Some(decoded) => {
            if decoded.lone_surrogate {
                reading.fault(Fault::LoneSurrogate);
            }
            (decoded.text, document.text_map(leaf.node))
        }
        None => (Sensitive::new(document.raw(leaf.node).to_owned()), None),
    };
    let layer = reading.layers.push(None, Written::JsonString, &document.span(leaf.node), map.is_some());
    if let Some(map) = map {
        reading.layers.map(layer, map);
    }
    Some(Piece { channel, scope: leaf.scope, json: leaf.json, text, layer })
}

/// A payload that is text: read by itself, and as the next piece of what came before it.
fn no_json(text: &str, name: &str, dialect: Dialect, cause: Option<Error>, sink: &mut impl Sink) -> EventRead {
    let mut read = EventRead::default();
    if text.is_empty() {
        return read;
    }
    let layer = read.reading.layers.push(None, Written::Plain, &(0..text.len()), false);
    sink.part(Part { scope: Scope::Unknown, carried: false, place: Place::Body(layer), len: length(text) }, text);
    if dialect.ends_with(text) {
        read.ends.push(Position::default());
        return read;
    }
    if dialect.writes_text(name) {
        return read;
    }
    match (dialect, cause) {
        (Dialect::Unknown, Some(Error::Syntax(..))) => read.reading.fault(Fault::UnknownDialect),
        (_, Some(cause)) => read.reading.fault(fault_of(cause)),
        (_, None) => {}
    }
    let channel = Channel::of_plain_text();
    let text = Sensitive::new(text.to_owned());
    read.pieces.push(Piece { channel, scope: Scope::Unknown, json: false, text, layer });
    read
}
