//! Typed access to a JSON document that never stops at an error: each wrong value is reported with its place, and the
//! reading goes on.

use std::fmt;
use std::ops::Range;

use crate::policy::diagnostic::Located;
use crate::policy::problem::{Problem, plain};
use crate::policy::words::Word;
use crate::stream::json::{Document, Kind, NodeId};

/// A place in the document, for people. Lives on the stack; costs nothing until something is wrong.
#[derive(Debug, Clone, Copy)]
pub(super) enum Path<'p> {
    Root,
    Field(&'p Path<'p>, &'p str),
    Item(&'p Path<'p>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Root => Ok(()),
            Path::Field(Path::Root, name) => f.write_str(&plain(name)),
            Path::Field(parent, name) => write!(f, "{parent}.{}", plain(name)),
            Path::Item(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

/// A value and where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct At<'p> {
    pub(super) node: NodeId,
    pub(super) path: Path<'p>,
}

/// A field with its key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member<'p> {
    pub(super) key: At<'p>,
    pub(super) value: At<'p>,
}

/// The known fields of one object.
#[derive(Debug)]
pub(super) struct Object<'p> {
    pub(super) at: At<'p>,
    members: Vec<(&'static str, NodeId, NodeId)>,
}

impl Object<'_> {
    /// The value of a field.
    pub(super) fn get(&self, name: &'static str) -> Option<At<'_>> {
        self.member(name).map(|member| member.value)
    }

    /// A field.
    pub(super) fn member(&self, name: &'static str) -> Option<Member<'_>> {
        let (name, key, value) = self.members.iter().find(|(own, ..)| *own == name)?;
        let path = Path::Field(&self.at.path, name);
        Some(Member { key: At { node: *key, path }, value: At { node: *value, path } })
    }

    /// Whether no known field is there.
    pub(super) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }
}

pub(super) struct Reader<'d> {
    document: &'d Document<'d>,
    /// Sorted, as the document need not have them.
    duplicates: Vec<NodeId>,
    problems: Vec<Located>,
}

impl<'d> Reader<'d> {
    pub(super) fn new(document: &'d Document<'d>) -> Self {
        let mut duplicates = document.duplicates().to_vec();
        duplicates.sort_unstable();
        Reader { document, duplicates, problems: Vec::new() }
    }

    pub(super) fn problems(self) -> Vec<Located> {
        self.problems
    }

    pub(super) fn root(&self) -> At<'static> {
        At { node: self.document.root(), path: Path::Root }
    }

    /// Reports a problem with a value.
    pub(super) fn report(&mut self, at: At<'_>, problem: Problem) {
        self.problems.push(Located { problem, path: at.path.to_string(), span: self.place(at.node) });
    }

    /// Reports a field that is not there, at the bracket that opens its object.
    pub(super) fn report_missing(&mut self, object: &Object<'_>, name: &'static str, help: &'static str) {
        let start = self.place(object.at.node).start;
        let (problem, path) = (Problem::MissingField { name, help }, object.at.path.to_string());
        self.problems.push(Located { problem, path, span: start..start.saturating_add(1) });
    }

    /// The span of a value with its quotes.
    fn place(&self, node: NodeId) -> Range<usize> {
        let span = self.document.span(node);
        match self.document.kind(node) {
            Kind::String | Kind::EscapedString | Kind::Key | Kind::EscapedKey => {
                span.start.saturating_sub(1)..span.end.saturating_add(1)
            }
            _ => span,
        }
    }

    /// An object with these fields and no others.
    pub(super) fn object<'p>(&mut self, at: At<'p>, known: &'static [&'static str]) -> Option<Object<'p>> {
        let mut members = Vec::new();
        let strange = |name: &str| Problem::UnknownField { name: name.to_owned(), known };
        self.fields(at, |reader, name, member| match known.iter().find(|own| **own == name) {
            Some(own) => members.push((*own, member.key.node, member.value.node)),
            None => reader.report(member.key, future(name).unwrap_or_else(|| strange(name))),
        })
        .then_some(Object { at, members })
    }

    /// Every field of an object, each key once. False when it is no object.
    pub(super) fn fields(&mut self, at: At<'_>, mut each: impl FnMut(&mut Self, &str, Member<'_>)) -> bool {
        if self.document.kind(at.node) != Kind::Object {
            self.wrong_type(at, "an object");
            return false;
        }
        let document = self.document;
        for (key, value) in document.members(at.node) {
            let name = document.string(key).unwrap_or_default();
            let path = Path::Field(&at.path, &name);
            let key_at = At { node: key, path };
            if self.duplicates.binary_search(&key).is_ok() {
                self.report(key_at, Problem::DuplicateKey { name: name.to_string() });
                continue;
            }
            each(self, &name, Member { key: key_at, value: At { node: value, path } });
        }
        true
    }

    /// Every element of a list that must have some, because without any it would mean something else than it seems to.
    pub(super) fn list(&mut self, at: At<'_>, each: impl FnMut(&mut Self, At<'_>, usize)) {
        if self.document.kind(at.node) == Kind::Array && self.document.elements(at.node).next().is_none() {
            return self.report(at, Problem::EmptyList);
        }
        self.items(at, each);
    }

    /// Every element of a list, which may be empty.
    pub(super) fn items(&mut self, at: At<'_>, mut each: impl FnMut(&mut Self, At<'_>, usize)) {
        if self.document.kind(at.node) != Kind::Array {
            return self.wrong_type(at, "a list");
        }
        let document = self.document;
        for (index, node) in document.elements(at.node).enumerate() {
            each(self, At { node, path: Path::Item(&at.path, index) }, index);
        }
    }

    /// One value, or every element of a list of them.
    pub(super) fn one_or_list(&mut self, at: At<'_>, mut each: impl FnMut(&mut Self, At<'_>)) {
        match self.document.kind(at.node) {
            Kind::Array => self.list(at, |reader, at, _| each(reader, at)),
            _ => each(self, at),
        }
    }

    /// A text that says something.
    pub(super) fn text(&mut self, at: At<'_>) -> Option<String> {
        let text = match self.document.kind(at.node) {
            Kind::String => self.document.raw(at.node).to_owned(),
            Kind::EscapedString => {
                let decoded = self.document.decoded(at.node)?;
                if decoded.lone_surrogate {
                    self.report(at, Problem::BrokenText);
                    return None;
                }
                decoded.text.into_exposed()
            }
            _ => {
                self.wrong_type(at, "a string");
                return None;
            }
        };
        if text.trim().is_empty() {
            self.report(at, Problem::EmptyText);
            return None;
        }
        Some(text)
    }

    /// `true` or `false`.
    pub(super) fn truth(&mut self, at: At<'_>) -> Option<bool> {
        match self.document.kind(at.node) {
            Kind::Bool => Some(self.document.raw(at.node) == "true"),
            _ => {
                self.wrong_type(at, "`true` or `false`");
                None
            }
        }
    }

    /// One of a closed set of words.
    pub(super) fn word<W: Word>(&mut self, at: At<'_>) -> Option<W> {
        let text = self.text(at)?;
        let word = W::WORDS.iter().find(|word| word.word() == text).copied();
        if word.is_none() {
            let known = W::WORDS.iter().map(|word| word.word()).collect();
            self.report(at, Problem::UnknownWord { word: text, what: W::WHAT, known });
        }
        word
    }

    /// A name that records, headers and metrics can carry: lower case, digits and `-`, at most 64.
    pub(super) fn name(&mut self, at: At<'_>) -> Option<String> {
        let text = self.text(at)?;
        if is_name(&text) {
            return Some(text);
        }
        let form = "write 1 to 64 lower-case letters, digits and `-`";
        self.report(at, Problem::BadName { name: text, form });
        None
    }

    /// An integer within bounds, both included.
    pub(super) fn integer(&mut self, at: At<'_>, least: u64, most: u64) -> Option<u64> {
        if self.document.kind(at.node) != Kind::Number {
            self.wrong_type(at, "a number");
            return None;
        }
        let number = self.document.raw(at.node);
        if number.contains(['.', 'e', 'E']) {
            self.report(at, Problem::NotAnInteger { number: number.to_owned() });
            return None;
        }
        let value = number.parse().ok().filter(|value| (least..=most).contains(value));
        if value.is_none() {
            self.report(at, Problem::OutOfRange { number: number.to_owned(), least, most });
        }
        value
    }

    pub(super) fn wrong_type(&mut self, at: At<'_>, expected: &'static str) {
        let found = match self.document.kind(at.node) {
            Kind::Null => "null",
            Kind::Bool => "a boolean",
            Kind::Number => "a number",
            Kind::String | Kind::EscapedString | Kind::Key | Kind::EscapedKey => "a string",
            Kind::Object => "an object",
            Kind::Array => "a list",
        };
        self.report(at, Problem::WrongType { expected, found });
    }
}

pub(super) fn is_name(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

/// Fields that the policy language has a place for, in a later version.
fn future(name: &str) -> Option<Problem> {
    let instead = match name {
        "identity" => "identities come with a later version; use `route`, `host` or `path`",
        "tool" | "tools" => "conditions on tools come with a later version; use `scope`",
        "rollout" => "roll-out by share comes with a later version; use `\"mode\": \"monitor\"`",
        _ => return None,
    };
    Some(Problem::FutureField { name: name.to_owned(), instead })
}
