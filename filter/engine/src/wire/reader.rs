//! Reads a document by the tables of its dialect.
//!
//! Promises: every string, number and undocumented key becomes a leaf exactly once, but for the words whose value a table
//! fixes; what is not as a table says is read all the same, with the fault `unknown_shape`.

use super::Scope;
use super::folded::{other_spelling, same_name};
use super::outline::{Channel, Finish, HASH, Outline, Position, TokenKind, Voice, hash, unknown};
use super::shape::{Case, Object, Shape, Turns};
use crate::fault::Fault;
use crate::sensitive::Sensitive;
use crate::stream::json::{Document, Kind, NodeId};

/// The id of a JSON-RPC request is repeated in errors; a longer one than this is nobody's.
const RPC_ID_MAX: usize = 256;

/// What stands before the steps of a path, so that no two paths are written alike: bytes that no text has.
const MEMBER: &[u8] = &[0xff];
const ELEMENT: &[u8] = &[0xfe];

/// Reads a whole document.
pub(super) fn read(document: &Document<'_>, shape: &Shape) -> Outline {
    let mut reader = Reader { document, outline: Outline::default(), event: false };
    if !reader.is_marked(shape) {
        return unknown(document, Some(Fault::UnknownShape), Scope::Unknown);
    }
    reader.value(document.root(), shape, Voice::new(Scope::Unknown), Position::default());
    reader.outline
}

/// Reads one event of a stream. What its table does not document may be the next piece of something all the same, so it is
/// read both by itself and as that.
pub(super) fn event(document: &Document<'_>, shape: &Shape) -> Outline {
    let mut reader = Reader { document, outline: Outline::default(), event: true };
    reader.value(document.root(), shape, Voice::new(Scope::Unknown), Position::default());
    reader.outline
}

/// Reads one event of a stream that nobody documents.
pub(super) fn unknown_event(document: &Document<'_>, fault: Fault) -> Outline {
    let mut reader = Reader { document, outline: Outline::default(), event: true };
    reader.outline.fault(fault);
    reader.undocumented(document.root(), Voice::new(Scope::Unknown), Position::default(), HASH);
    reader.outline
}

/// What tells the form of an object: a word of the format, and no text of anybody.
#[derive(Clone, Copy)]
struct Told {
    /// The name of the member, if one tells.
    by: Option<&'static str>,
    /// What it says, if that is known.
    value: Option<NodeId>,
}

impl Told {
    const NOTHING: Told = Told { by: None, value: None };
}

/// Which documented members an object has had.
#[derive(Default)]
struct Taken([u64; 4]);

impl Taken {
    /// Whether the member of this number comes for the second time. (No table has more than 256.)
    fn twice(&mut self, index: usize) -> bool {
        let Some(word) = self.0.get_mut(index / 64) else { return false };
        let bit = 1 << (index % 64);
        std::mem::replace(word, *word | bit) & bit != 0
    }
}

struct Reader<'d, 't> {
    document: &'d Document<'t>,
    outline: Outline,
    /// The document is one event of a stream.
    event: bool,
}

impl Reader<'_, '_> {
    /// Whether a document is what its dialect's tables speak of at all.
    fn is_marked(&self, shape: &Shape) -> bool {
        let document = self.document;
        let root = document.root();
        let has = |mark: &&str| document.member(root, mark).is_some();
        match shape {
            Shape::Object(object) => object.marks.is_empty() || object.marks.iter().any(has),
            Shape::Numbered(_, inner) | Shape::Ends(inner) | Shape::As(_, inner) => self.is_marked(inner),
            Shape::OneOrEach(inner) if document.kind(root) != Kind::Array => self.is_marked(inner),
            Shape::Case(case) => case.otherwise.is_none_or(|inner| self.is_marked(inner)),
            _ => true,
        }
    }

    fn value(&mut self, node: NodeId, shape: &Shape, voice: Voice, at: Position) {
        let kind = self.document.kind(node);
        let (is_text, is_null) = (matches!(kind, Kind::String | Kind::EscapedString), kind == Kind::Null);
        match shape {
            Shape::Leaves => self.outline.leaves(self.document, node, voice),
            Shape::As(scope, inner) => self.value(node, inner, voice.scope(*scope), at),
            Shape::TextOr(other) if !is_text => self.value(node, other, voice, at),
            Shape::Text | Shape::TextOr(_) if is_text => self.outline.leaf(node, voice),
            Shape::Json if is_text => self.outline.json(node, voice),
            Shape::Json => self.outline.leaves(self.document, node, voice),
            Shape::PieceOr(_, other) if !is_text => self.value(node, other, voice, at),
            Shape::Piece(name) | Shape::PieceOr(name, _) if is_text => self.piece(node, voice, false, at, name),
            Shape::Said(name, _) if is_text => {
                self.outline.leaf(node, voice);
                self.piece(node, voice, false, at, name);
            }
            Shape::Said(_, other) => self.value(node, other, voice, at),
            Shape::JsonPiece(name) if is_text => self.piece(node, voice, true, at, name),
            Shape::Model if is_text => {
                self.outline.told.model = self.document.string(node).map(|model| Sensitive::new(model.into_owned()));
                self.outline.leaf(node, voice);
            }
            Shape::Reason if is_text => self.reason(node, voice),
            // Some servers write an empty reason, or the word `null`, while there is none.
            Shape::Finish
                if is_text && self.document.string(node).is_some_and(|word| matches!(&*word, "" | "null")) =>
            {
                self.outline.leaf(node, voice);
            }
            Shape::Finish if is_text => {
                self.reason(node, voice);
                self.outline.ends.push(at);
            }
            Shape::Words(words) if words.iter().any(|word| self.document.is(node, word)) => {}
            Shape::RpcId => self.rpc_id(node, voice),
            Shape::Done if kind == Kind::Bool => {
                if self.document.raw(node) == "true" {
                    self.outline.ends.push(at);
                }
            }
            Shape::Tokens(count) if kind == Kind::Number => self.tokens(node, *count, voice),
            Shape::Opaque if !is_null => {
                self.outline.fault(Fault::OpaquePart);
                self.outline.leaves(self.document, node, voice);
            }
            Shape::Echo if !is_null => {
                self.outline.echoes.push(node);
                self.outline.leaves(self.document, node, voice);
            }
            Shape::Each(inner) if kind == Kind::Array => self.each(node, inner, voice, at),
            Shape::OneOrEach(inner) if kind == Kind::Array => self.each(node, inner, voice, at),
            Shape::OneOrEach(inner) => self.value(node, inner, voice, at),
            Shape::Values(inner) if kind == Kind::Object => {
                for (key, value) in self.document.members(node) {
                    self.outline.leaf(key, voice);
                    self.value(value, inner, voice, at);
                }
            }
            Shape::Object(object) if kind == Kind::Object => self.object(node, object, Told::NOTHING, voice, at),
            Shape::Case(case) if kind == Kind::Object => self.case(node, case, voice, at),
            Shape::Turns(turns) | Shape::OneOrTurns(turns) if kind == Kind::Array => self.turns(node, turns, voice, at),
            Shape::OneOrTurns(turns) if !is_null => self.value(node, turns.each, voice, at),
            Shape::Numbered(numbers, inner) if kind == Kind::Object => {
                let at = self.numbered(node, numbers, 0, at);
                self.value(node, inner, voice, at);
            }
            Shape::Ends(inner) => {
                self.value(node, inner, voice, at);
                self.outline.ends.push(at);
            }
            _ if is_null => {}
            _ => self.unexpected(node, voice, at),
        }
    }

    fn each(&mut self, array: NodeId, shape: &Shape, voice: Voice, at: Position) {
        let document = self.document;
        let (numbers, inner) = match shape {
            Shape::Numbered(numbers, inner) => (*numbers, *inner),
            other => (&[] as &[&str], other),
        };
        let told = |element: NodeId| numbers.iter().any(|number| document.member(element, number).is_some());
        // Where none of them tells its number, their order does.
        let by_order = !numbers.is_empty() && !document.elements(array).any(told);
        for (element, place) in document.elements(array).zip(0_u64..) {
            let place = if by_order { place } else { 0 };
            match document.kind(element) {
                Kind::Object if !numbers.is_empty() => {
                    let at = self.numbered(element, numbers, place, at);
                    self.value(element, inner, voice, at);
                }
                _ => self.value(element, shape, voice, at),
            }
        }
    }

    /// A member whose name is a documented one in other letters is that one to some readers and none to others; two that
    /// are one to some readers are two messages.
    fn object(&mut self, node: NodeId, object: &Object, told: Told, voice: Voice, at: Position) {
        let mut taken = Taken::default();
        let mut teller = told.value.is_some();
        for (key, value) in self.document.members(node) {
            if told.value == Some(value) {
                continue;
            }
            let name = self.document.string(key).unwrap_or_default();
            let folded = object.members.iter().position(|(member, _)| same_name(member, &name));
            if folded.is_some_and(|index| taken.twice(index)) {
                self.outline.fault(Fault::DuplicateKey);
            }
            let rest = folded.and_then(|index| object.members.get(index..)).unwrap_or_default();
            match rest.iter().find(|(member, _)| *member == name) {
                Some((_, Shape::Absent)) => {
                    if self.document.kind(value) != Kind::Null {
                        self.outline.fault(Fault::UnknownShape);
                        self.outline.member(self.document, key, value, voice);
                    }
                }
                Some((_, shape)) => self.value(value, shape, voice, at),
                None => {
                    let tells = told.by.is_some_and(|by| by != name && same_name(by, &name));
                    if tells && std::mem::replace(&mut teller, true) {
                        self.outline.fault(Fault::DuplicateKey);
                    }
                    let documented = folded.and_then(|index| object.members.get(index));
                    if tells || documented.is_some_and(|(member, _)| !other_spelling(member, &name)) {
                        self.outline.fault(Fault::UnknownShape);
                    }
                    self.outline.leaf(key, voice);
                    self.undocumented(value, voice, at, hash(HASH, name.as_bytes()));
                }
            }
        }
    }

    /// Takes everything below and including `node`. In an event, a text may also be the next piece of what stood at the same
    /// path in the events before.
    fn undocumented(&mut self, node: NodeId, voice: Voice, at: Position, path: u64) {
        match self.document.kind(node) {
            _ if !self.event => self.outline.leaves(self.document, node, voice),
            Kind::Object => {
                for (key, value) in self.document.members(node) {
                    self.outline.leaf(key, voice);
                    let name = self.document.string(key).unwrap_or_default();
                    self.undocumented(value, voice, at, hash(hash(path, MEMBER), name.as_bytes()));
                }
            }
            Kind::Array => {
                for (element, index) in self.document.elements(node).zip(0_u64..) {
                    self.undocumented(element, voice, at, hash(hash(path, ELEMENT), &index.to_le_bytes()));
                }
            }
            Kind::String | Kind::EscapedString => {
                self.outline.leaf(node, voice);
                self.outline.push(node, voice, false, Some(Channel { position: at, name: path }));
            }
            _ => self.outline.leaves(self.document, node, voice),
        }
    }

    fn case(&mut self, node: NodeId, case: &Case, voice: Voice, at: Position) {
        let told = Told { by: Some(case.by), value: self.document.member(node, case.by) };
        let word = told.value.map(|told| self.document.string(told).unwrap_or_else(|| self.document.raw(told).into()));
        let found = word.and_then(|word| case.cases.iter().find(|(words, _, _)| words.contains(&&*word)));
        match (found, case.otherwise) {
            (Some((_, scope, shape)), _) => {
                let voice = scope.map_or(voice, |scope| voice.scope(scope));
                self.told(node, shape, told, voice, at);
            }
            (None, Some(shape)) => self.told(node, shape, Told { value: None, ..told }, voice, at),
            (None, None) => self.unexpected(node, voice, at),
        }
    }

    /// Reads an object of a known case; the member that told it is passed over.
    fn told(&mut self, node: NodeId, shape: &Shape, told: Told, voice: Voice, at: Position) {
        match shape {
            Shape::Object(object) => self.object(node, object, told, voice, at),
            Shape::Ends(inner) => {
                self.told(node, inner, told, voice, at);
                self.outline.ends.push(at);
            }
            Shape::Numbered(numbers, inner) => {
                let at = self.numbered(node, numbers, 0, at);
                self.told(node, inner, told, voice, at);
            }
            Shape::As(scope, inner) => self.told(node, inner, told, voice.scope(*scope), at),
            other => self.value(node, other, voice, at),
        }
    }

    /// How many turns the model has answered already: all up to its last one, unless nothing follows that one, in which
    /// case it is a beginning for the model to continue and part of the new turn.
    fn turns(&mut self, array: NodeId, turns: &Turns, voice: Voice, at: Position) {
        let own = |turn: NodeId| {
            turns.own.iter().any(|(member, words)| {
                let told = self.document.member(turn, member);
                told.is_some_and(|told| words.iter().any(|word| self.document.is(told, word)))
            })
        };
        let spoken: Vec<bool> = self.document.elements(array).map(own).collect();
        let prefill = spoken.iter().rev().take_while(|own| **own).count();
        let answered = spoken.len().saturating_sub(prefill);
        let carried = spoken.iter().take(answered).rposition(|own| *own).map_or(0, |last| last.saturating_add(1));
        for (index, turn) in self.document.elements(array).enumerate() {
            let voice = Voice { carried: voice.carried || index < carried, ..voice };
            self.value(turn, turns.each, voice, at);
        }
    }

    fn piece(&mut self, node: NodeId, voice: Voice, json: bool, position: Position, name: &str) {
        let channel = Channel { position, name: hash(HASH, name.as_bytes()) };
        self.outline.push(node, voice, json, Some(channel));
    }

    /// Where an object stands by its own numbers; `missing` is that of a member that is not there.
    fn numbered(&self, node: NodeId, numbers: &[&str], missing: u64, at: Position) -> Position {
        numbers.iter().fold(at, |at, number| at.inside(self.number(node, number).unwrap_or(missing)))
    }

    /// The number that a member gives, however it is spelt; a name is as good as a number.
    fn number(&self, node: NodeId, member: &str) -> Option<u64> {
        let told = self.document.member(node, member)?;
        let text = match self.document.kind(told) {
            Kind::Null => return None,
            Kind::String | Kind::EscapedString => self.document.string(told)?,
            _ => self.document.raw(told).into(),
        };
        // `0.0` and `-0` are 0 to whoever reads them.
        let plain = || text.parse().ok().map(|number: f64| (number + 0.0).to_string());
        let number = text.parse().ok().or_else(|| plain()?.parse().ok());
        // The top bit keeps names apart from numbers.
        Some(number.unwrap_or_else(|| hash(HASH, text.as_bytes()) | 1 << 63))
    }

    fn reason(&mut self, node: NodeId, voice: Voice) {
        let word = self.document.string(node).unwrap_or_default();
        let finish = Finish::of(&word);
        self.outline.told.finishes.push(finish);
        if finish == Finish::Other {
            self.outline.leaf(node, voice);
        }
    }

    fn tokens(&mut self, node: NodeId, kind: TokenKind, voice: Voice) {
        // Some servers write whole numbers as `9.0`.
        let raw = self.document.raw(node);
        match raw.strip_suffix(".0").unwrap_or(raw).parse() {
            Ok(count) => self.outline.told.usage.set(kind, count),
            Err(_) => self.outline.fault(Fault::UnknownShape),
        }
        self.outline.leaf(node, voice);
    }

    fn rpc_id(&mut self, node: NodeId, voice: Voice) {
        let quote = match self.document.kind(node) {
            Kind::String | Kind::EscapedString => "\"",
            Kind::Number => "",
            Kind::Null => return,
            _ => return self.unexpected(node, voice, Position::default()),
        };
        let raw = self.document.raw(node);
        if raw.len() <= RPC_ID_MAX {
            self.outline.told.rpc_id = Some(Sensitive::new([quote, raw, quote].concat()));
        }
        self.outline.leaf(node, voice);
    }

    /// In an event, what has another form than documented may grow as well.
    fn unexpected(&mut self, node: NodeId, voice: Voice, at: Position) {
        self.outline.fault(Fault::UnknownShape);
        self.undocumented(node, voice, at, HASH);
    }
}
