//! Text to nodes, without recursion.

use super::lexer::{Expected, number_end, skip_space, string_end};
use super::{Bounds, Error, Kind, Node};

pub(super) fn parse(text: &str, bounds: Bounds) -> Result<Vec<Node>, Error> {
    let bytes = text.as_bytes();
    if u32::try_from(bytes.len()).is_err() {
        return Err(Error::Nodes);
    }
    let mut parser = Parser { bytes, nodes: Vec::with_capacity(bytes.len() / 24), open: Vec::new(), bounds, at: 0 };
    parser.document()?;
    Ok(parser.nodes)
}

/// Invariants: `at` is within or at the end of `bytes`; `open` holds the containers around `at`, outermost first; every
/// node before the last open container is finished.
struct Parser<'t> {
    bytes: &'t [u8],
    nodes: Vec<Node>,
    open: Vec<usize>,
    bounds: Bounds,
    at: usize,
}

impl Parser<'_> {
    fn document(&mut self) -> Result<(), Error> {
        self.value()?;
        while let Some(container) = self.open.last().copied() {
            self.after_value(container)?;
        }
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(Error::Syntax(Expected::End, self.at)),
        }
    }

    /// A comma and the next member or element, or the end of the container.
    fn after_value(&mut self, container: usize) -> Result<(), Error> {
        let object = self.nodes.get(container).is_some_and(|node| node.kind == Kind::Object);
        match self.peek() {
            Some(b',') => {
                self.at = self.at.saturating_add(1);
                if object {
                    self.key()?;
                }
                self.value()
            }
            Some(b'}') if object => self.close(),
            Some(b']') if !object => self.close(),
            _ => Err(Error::Syntax(Expected::CommaOrClose, self.at)),
        }
    }

    fn value(&mut self) -> Result<(), Error> {
        loop {
            match self.peek() {
                Some(b'"') => return self.string(Kind::String, Kind::EscapedString),
                Some(b'{') => {
                    self.open(Kind::Object)?;
                    if self.peek() == Some(b'}') {
                        return self.close();
                    }
                    self.key()?;
                }
                Some(b'[') => {
                    self.open(Kind::Array)?;
                    if self.peek() == Some(b']') {
                        return self.close();
                    }
                }
                Some(b't') => return self.literal(b"true", Kind::Bool),
                Some(b'f') => return self.literal(b"false", Kind::Bool),
                Some(b'n') => return self.literal(b"null", Kind::Null),
                Some(b'-' | b'0'..=b'9') => {
                    let end = number_end(self.bytes, self.at).map_err(syntax)?;
                    let start = std::mem::replace(&mut self.at, end);
                    return self.push(Kind::Number, start, end);
                }
                _ => return Err(Error::Syntax(Expected::Value, self.at)),
            }
        }
    }

    fn key(&mut self) -> Result<(), Error> {
        if self.peek() != Some(b'"') {
            return Err(Error::Syntax(Expected::Key, self.at));
        }
        self.string(Kind::Key, Kind::EscapedKey)?;
        if self.peek() != Some(b':') {
            return Err(Error::Syntax(Expected::Colon, self.at));
        }
        self.at = self.at.saturating_add(1);
        Ok(())
    }

    fn string(&mut self, plain: Kind, escaped: Kind) -> Result<(), Error> {
        let start = self.at.saturating_add(1);
        let (end, has_escape) = string_end(self.bytes, start).map_err(syntax)?;
        self.at = end.saturating_add(1);
        self.push(if has_escape { escaped } else { plain }, start, end)
    }

    fn literal(&mut self, word: &[u8], kind: Kind) -> Result<(), Error> {
        let (start, end) = (self.at, self.at.saturating_add(word.len()));
        if self.bytes.get(start..end) != Some(word) {
            return Err(Error::Syntax(Expected::Literal, start));
        }
        self.at = end;
        self.push(kind, start, end)
    }

    fn open(&mut self, kind: Kind) -> Result<(), Error> {
        if self.open.len() >= self.bounds.depth {
            return Err(Error::Depth);
        }
        self.open.push(self.nodes.len());
        let start = self.at;
        self.at = start.saturating_add(1);
        self.push(kind, start, start)
    }

    fn close(&mut self) -> Result<(), Error> {
        self.at = self.at.saturating_add(1);
        let next = index(self.nodes.len())?;
        let end = index(self.at)?;
        if let Some(node) = self.open.pop().and_then(|container| self.nodes.get_mut(container)) {
            node.next = next;
            node.end = end;
        }
        Ok(())
    }

    fn push(&mut self, kind: Kind, start: usize, end: usize) -> Result<(), Error> {
        if self.nodes.len() >= self.bounds.nodes {
            return Err(Error::Nodes);
        }
        let next = index(self.nodes.len().saturating_add(1))?;
        self.nodes.push(Node { start: index(start)?, end: index(end)?, next, kind });
        Ok(())
    }

    fn peek(&mut self) -> Option<u8> {
        self.at = skip_space(self.bytes, self.at);
        self.bytes.get(self.at).copied()
    }
}

fn index(value: usize) -> Result<u32, Error> {
    u32::try_from(value).map_err(|_| Error::Nodes)
}

fn syntax((expected, at): (Expected, usize)) -> Error {
    Error::Syntax(expected, at)
}
