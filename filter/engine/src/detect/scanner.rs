//! Runs a [`Set`] over texts, whole or in pieces, as they are written and in every view of them.

use std::fmt;
use std::ops::{Deref, Range};

use super::set::Set;
use super::view::{Node, View};
use super::{Confidence, EntryId};

/// What a detector saw in one text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Where, in bytes of the text.
    pub start: usize,
    /// The end of it.
    pub end: usize,
    /// Which detector.
    pub entry: EntryId,
    /// How sure it is.
    pub confidence: Confidence,
    /// In which view of the text.
    pub view: View,
}

impl Finding {
    /// `start..end`.
    pub fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// How many bytes may still be examined.
#[derive(Debug)]
pub(super) struct Work {
    left: u64,
    exhausted: bool,
}

impl Work {
    pub(super) fn exhausted(&self) -> bool {
        self.exhausted
    }

    /// Counts bytes that are about to be examined. False where they are more than what is left: then none is, and nothing
    /// is examined any more.
    pub(super) fn charge(&mut self, bytes: usize) -> bool {
        let left = self.left.checked_sub(bytes as u64).filter(|_| !self.exhausted);
        (self.left, self.exhausted) = (left.unwrap_or(0), left.is_none());
        !self.exhausted
    }
}

/// Scans one text at a time, with a set that it borrows or shares. All offsets are counted from the beginning of that text.
pub struct Scanner<S> {
    node: Node<S>,
    work: Work,
}

impl<S: Deref<Target = Set> + Clone> fmt::Debug for Scanner<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kept, undecided) = self.node.waiting();
        write!(f, "Scanner({kept} bytes held, {undecided} detectors waiting)")
    }
}

impl<S: Deref<Target = Set> + Clone> Scanner<S> {
    /// A scanner that may examine `work` bytes in all: every text once, what matchers look at closer, and what is decoded.
    pub fn new(set: S, work: u64) -> Self {
        Scanner { node: Node::new(set), work: Work { left: work, exhausted: false } }
    }

    /// Whether the work ran out, so that something went unexamined.
    pub fn exhausted(&self) -> bool {
        self.work.exhausted
    }

    /// The work that is left, for the next scanner of the same message.
    pub fn work_left(&self) -> u64 {
        self.work.left
    }

    /// Gives it another amount of work, for scanners that share what one exchange may cost.
    pub fn set_work(&mut self, work: u64) {
        self.work.left = work;
    }

    /// Counts bytes that it or its caller is about to examine. False where they are more than the work that is left: then
    /// none is, and this scanner examines nothing any more.
    pub fn charge(&mut self, bytes: usize) -> bool {
        self.work.charge(bytes)
    }

    /// Scans a whole text and appends its findings, in text order. Returns from where on a finding might have begun, had the
    /// text gone on. The scanner is ready for another text afterwards.
    pub fn whole(&mut self, text: &str, findings: &mut Vec<Finding>) -> usize {
        let first = findings.len();
        let open = self.node.whole(text, findings, &mut self.work);
        if let Some(new) = findings.get_mut(first..) {
            new.sort_unstable();
        }
        open
    }

    /// The offset up to which the text so far can be released: no finding of a detector that acts will begin before it.
    pub fn releasable(&self) -> usize {
        self.node.releasable()
    }

    /// Takes the next piece of a text, appends the findings that are certain now, and returns the offset up to which the
    /// text is settled: no finding will begin before it.
    pub fn feed(&mut self, piece: &str, findings: &mut Vec<Finding>) -> usize {
        self.node.feed(piece, findings, &mut self.work);
        self.node.settled()
    }

    /// Ends a text that came in pieces. The scanner is ready for another text afterwards.
    pub fn finish(&mut self, findings: &mut Vec<Finding>) {
        self.node.finish(findings, &mut self.work);
    }
}
