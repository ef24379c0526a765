//! The views of a text: as it is written, as a reader takes it, and as what it may be an encoding of.
//!
//! Flows in: a text, whole or in pieces. Flows out: findings in every view, each with the range of the written text that it
//! was read from, and how much of the written text no finding can begin in any more. Promises: the same findings however
//! the text is cut; a text without disguises costs one pass; decoded text is decoded again at most [`DEPTH`] times; all of
//! it counts as work.
//!
//! A [`Node`] is one text. [`fold::Fold`] says where it reads differently from how it is written. There the pass over the
//! written text forks: the fork goes on with what is read instead, until both are the same again. A finding of the fork
//! that began before the fork was undecided there, and so has been held back. What is read also goes to the decoders
//! ([`solid`], [`spaced`], [`codes`], [`hidden`]), each of which opens a node of its own for what it decodes. A decoder
//! holds back no plain prose: before it can know that something is encoded, the first characters may have gone on, and it
//! does not count them as part of what it finds.

mod bits;
mod codes;
mod derived;
mod escape;
mod fold;
mod hidden;
mod map;
mod solid;
mod spaced;
#[cfg(test)]
mod tests;

use std::ops::{Deref, Range};

use super::Finding;
use super::pass::Pass;
use super::scanner::Work;
use super::set::Set;
use codes::Codes;
use derived::Context;
use fold::{Fold, Steps};
use hidden::Hidden;
use map::Map;
use solid::Solid;
use spaced::Spaced;

/// How often decoded text is decoded again.
const DEPTH: u8 = 3;
/// Bytes that a fork reads before it is asked whether it may end.
const STRIDE: usize = 256;

/// How a text was read when something was found in it: the first step, where it took several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// As it is written.
    Written,
    /// With other forms of letters and digits, characters that are not shown, and escapes read as what they stand for.
    Folded,
    /// Letters that stand apart read as words.
    Spaced,
    /// Decoded from base64, of either alphabet.
    Base64,
    /// Decoded from base32.
    Base32,
    /// Decoded from hexadecimal digits.
    Hex,
    /// Decoded from binary digits.
    Binary,
    /// Decoded from a row of character codes: pairs of hexadecimal digits, decimal numbers, eight binary digits each.
    Codes,
    /// Decoded from Morse code.
    Morse,
    /// Decoded from Unicode tag characters.
    Tags,
    /// Decoded from variation selectors.
    Selectors,
    /// Decoded from zero-width characters.
    ZeroWidth,
    /// Split over several parts that follow each other.
    Joined,
}

impl View {
    /// What can stand in an encoded text for any of its characters, so that it still decodes. What a placeholder would say
    /// there, nobody could read, and a reader that decodes it would fail.
    pub(crate) const fn blank(self) -> Option<&'static str> {
        match self {
            View::Base64 | View::Base32 => Some("A"),
            View::Hex | View::Binary => Some("0"),
            View::Written
            | View::Folded
            | View::Spaced
            | View::Codes
            | View::Morse
            | View::Tags
            | View::Selectors
            | View::ZeroWidth
            | View::Joined => None,
        }
    }
}

/// A text and everything that is read from it.
pub(super) struct Node<S> {
    depth: u8,
    written: Pass<S>,
    fold: Fold,
    /// The end of what came, which reads differently if what comes makes it.
    open: String,
    /// Bytes of the text that have come.
    known: usize,
    /// The pass over what is read, while that is not what is written.
    fork: Option<Fork<S>>,
    /// Findings in the written text that the fork may repeat.
    seen: Vec<Finding>,
    decoders: Option<Box<Decoders<S>>>,
    settled: usize,
    releasable: usize,
}

/// A pass over text that is read differently from how it is written.
struct Fork<S> {
    pass: Pass<S>,
    map: Map,
    /// Bytes since the last difference, `None` before the first.
    alike: Option<usize>,
    findings: Vec<Finding>,
}

struct Decoders<S> {
    solid: Solid<S>,
    spaced: Spaced<S>,
    codes: Codes<S>,
    hidden: Hidden<S>,
}

impl<S: Deref<Target = Set> + Clone> Node<S> {
    pub(super) fn new(set: S) -> Self {
        Node::at_depth(set, 0)
    }

    fn at_depth(set: S, depth: u8) -> Self {
        Node {
            depth,
            written: Pass::new(set),
            fold: Fold::default(),
            open: String::new(),
            known: 0,
            fork: None,
            seen: Vec::new(),
            decoders: (depth < DEPTH).then(|| Box::new(Decoders::new())),
            settled: 0,
            releasable: 0,
        }
    }

    /// Scans a whole text. Returns from where on a finding might have begun, had it gone on. Ready for another one
    /// afterwards.
    pub(super) fn whole(&mut self, text: &str, findings: &mut Vec<Finding>, work: &mut Work) -> usize {
        self.restart();
        if !Fold::plain(text) {
            self.feed(text, findings, work);
            let open = self.settled;
            self.finish(findings, work);
            return open;
        }
        if !work.charge(text.len()) {
            return text.len();
        }
        let mut open = self.written.whole(text, findings, work);
        if let Some(decoders) = &mut self.decoders {
            let context = &mut Context { set: self.written.set(), depth: self.depth, findings, work };
            decoders.same(text, 0, context);
            decoders.flush(context);
            open = decoders.held(self.written.set(), false).map_or(open, |held| held.min(open));
            decoders.end(text.len(), context);
        }
        self.restart();
        open
    }

    /// Takes the next piece and appends the findings that are certain now.
    pub(super) fn feed(&mut self, piece: &str, findings: &mut Vec<Finding>, work: &mut Work) {
        work.charge(piece.len());
        self.take(piece, false, findings, work);
        (self.settled, self.releasable) =
            (self.held(false).max(self.settled), self.held(true).max(self.releasable).max(self.settled));
    }

    /// Ends a text that came in pieces. Ready for another one afterwards.
    pub(super) fn finish(&mut self, findings: &mut Vec<Finding>, work: &mut Work) {
        self.take("", true, findings, work);
        let first = findings.len();
        self.written.finish(findings, work);
        self.seen.extend_from_slice(findings.get(first..).unwrap_or_default());
        if let Some(fork) = &mut self.fork {
            fork.finish(work);
        }
        self.report(findings, true);
        if let Some(decoders) = &mut self.decoders {
            let context = &mut Context { set: self.written.set(), depth: self.depth, findings, work };
            decoders.end(self.known, context);
        }
        self.restart();
    }

    fn restart(&mut self) {
        self.written.restart();
        self.fold = Fold::default();
        self.open.clear();
        self.seen.clear();
        self.fork = None;
        (self.known, self.settled, self.releasable) = (0, 0, 0);
    }

    fn take(&mut self, piece: &str, ended: bool, findings: &mut Vec<Finding>, work: &mut Work) {
        let base = self.known.saturating_sub(self.open.len());
        let given = self.open.len();
        self.known = self.known.saturating_add(piece.len());
        let mut joined = std::mem::take(&mut self.open);
        let text = if joined.is_empty() {
            piece
        } else {
            joined.push_str(piece);
            &joined
        };
        if work.exhausted() {
            // Passed over; whoever asks is told.
            self.fork = None;
            return self.written.feed(piece, findings, work);
        }
        let mut fold = std::mem::take(&mut self.fold);
        let mut reader = Reader { node: self, text, base, given, findings, work };
        let read = fold.read(text, ended, &mut reader);
        if read < text.len() {
            reader.fork(read);
        }
        reader.written_up_to(text.len());
        self.fold = fold;
        self.open = text.get(read..).unwrap_or_default().to_owned();
        if !ended {
            self.report(findings, false);
            self.end_fork();
        }
        if let Some(decoders) = &mut self.decoders {
            let context = &mut Context { set: self.written.set(), depth: self.depth, findings, work };
            decoders.flush(context);
        }
    }

    /// Hands on what the fork has found, but for what stands in the text as it is written. Whether it does is known once
    /// that text is settled.
    fn report(&mut self, findings: &mut Vec<Finding>, ended: bool) {
        let Some(fork) = &mut self.fork else { return };
        let written = self.written.settled();
        for finding in std::mem::take(&mut fork.findings) {
            if !ended && finding.start >= written {
                fork.findings.push(finding);
                continue;
            }
            let repeats =
                |one: &Finding| one.entry == finding.entry && one.start <= finding.start && finding.end <= one.end;
            if !self.seen.iter().any(repeats) {
                findings.push(finding);
            }
        }
        let settled = fork.map.start(fork.pass.settled()).min(written);
        self.seen.retain(|one| one.end > settled);
    }

    /// Ends the fork when it would find nothing from here on that the pass over the written text does not find.
    fn end_fork(&mut self) {
        if let Some(fork) = &self.fork
            && self.open.is_empty()
            && fork.may_end(self.written.set().reach())
        {
            self.fork = None;
            self.seen.clear();
        }
    }

    fn held(&self, acting: bool) -> usize {
        let pass = |pass: &Pass<S>| if acting { pass.releasable() } else { pass.settled() };
        if acting && self.written.set().acts_never() {
            return self.known;
        }
        let fork = self.fork.as_ref().map(|fork| {
            let found = fork.findings.iter().map(|finding| finding.start);
            found.fold(fork.map.start(pass(&fork.pass)), usize::min)
        });
        let decoders = self.decoders.as_ref().and_then(|decoders| decoders.held(self.written.set(), acting));
        [fork, decoders].into_iter().flatten().fold(pass(&self.written), usize::min)
    }

    /// No finding to come will begin before this offset.
    pub(super) fn settled(&self) -> usize {
        self.settled
    }

    /// No finding to come of a detector that acts will begin before this offset.
    pub(super) fn releasable(&self) -> usize {
        self.releasable
    }

    /// Bytes that are kept, and detectors that cannot decide yet.
    pub(super) fn waiting(&self) -> (usize, usize) {
        (self.written.kept(), self.written.undecided())
    }
}

impl<S: Deref<Target = Set> + Clone> Fork<S> {
    /// Goes on with text that stands for this range of the source.
    fn feed(&mut self, text: &str, work: &mut Work) {
        work.charge(text.len());
        let mut findings = Vec::new();
        self.pass.feed(text, &mut findings, work);
        self.locate(findings);
        self.map.forget(self.pass.settled());
    }

    fn finish(&mut self, work: &mut Work) {
        let mut findings = Vec::new();
        self.pass.finish(&mut findings, work);
        self.locate(findings);
    }

    fn locate(&mut self, findings: Vec<Finding>) {
        for finding in findings {
            let source = self.map.source(finding.range());
            self.findings.push(Finding { start: source.start, end: source.end, view: View::Folded, ..finding });
        }
    }

    fn may_end(&self, reach: usize) -> bool {
        let same = self.alike.is_none_or(|alike| alike >= reach && self.pass.undecided() == 0);
        same && self.findings.is_empty()
    }
}

impl<S: Deref<Target = Set> + Clone> Decoders<S> {
    fn new() -> Self {
        Decoders { solid: Solid::new(), spaced: Spaced::new(), codes: Codes::new(), hidden: Hidden::new() }
    }

    /// Goes on with text that is read as it is written.
    fn same(&mut self, text: &str, source: usize, context: &mut Context<'_, S>) {
        if let (Some(first), Some(last)) = (text.chars().next(), text.chars().next_back()) {
            self.hidden.shown(first, last, context);
        }
        self.solid.same(text.as_bytes(), source, context);
        self.spaced.same(text, source, context);
        self.codes.same(text.as_bytes(), source, context);
    }

    /// Goes on with text that is read in the place of a range that begins with `shown`.
    fn change(&mut self, shown: char, reads_as: &str, source: Range<usize>, context: &mut Context<'_, S>) {
        if reads_as.is_empty() {
            return self.hidden.take(shown, source, context);
        }
        if let Some(last) = reads_as.chars().next_back() {
            self.hidden.shown(shown, last, context);
        }
        for character in reads_as.chars() {
            self.spaced.take(character, source.clone(), context);
        }
        for byte in reads_as.bytes() {
            self.solid.take(byte, source.clone(), context);
            self.codes.take(byte, source.clone(), context);
        }
    }

    /// Has everything scanned that has been decoded so far.
    fn flush(&mut self, context: &mut Context<'_, S>) {
        self.solid.flush(context);
        self.spaced.flush(context);
        self.codes.flush(context);
        self.hidden.flush(context);
    }

    fn end(&mut self, end: usize, context: &mut Context<'_, S>) {
        self.solid.end(context);
        self.spaced.end(context);
        self.codes.end(end, context);
        self.hidden.end(None, context);
    }

    fn held(&self, set: &S, acting: bool) -> Option<usize> {
        let decoded = [self.solid.held(acting), self.spaced.held(acting), self.codes.held(acting)];
        decoded.into_iter().chain([self.hidden.held(set, acting)]).flatten().min()
    }
}

/// Leads the steps of one piece to everything that reads them.
struct Reader<'a, S> {
    node: &'a mut Node<S>,
    text: &'a str,
    /// Where this text begins in the node's.
    base: usize,
    /// Bytes of it that the pass over the written text has seen.
    given: usize,
    findings: &'a mut Vec<Finding>,
    work: &'a mut Work,
}

impl<S: Deref<Target = Set> + Clone> Reader<'_, S> {
    /// Has the pass over the written text see the text up to here.
    fn written_up_to(&mut self, end: usize) {
        if let Some(new) = self.text.get(self.given..end).filter(|new| !new.is_empty()) {
            self.given = end;
            let first = self.findings.len();
            self.node.written.feed(new, self.findings, self.work);
            if self.node.fork.is_some() {
                self.node.seen.extend_from_slice(self.findings.get(first..).unwrap_or_default());
            }
        }
    }

    /// Has something read differently from here on, perhaps.
    fn fork(&mut self, at: usize) {
        if self.node.fork.is_none() {
            self.written_up_to(at);
            let pass = self.node.written.fork();
            self.work.charge(pass.kept());
            let map = Map::same_up_to(pass.known());
            self.node.fork = Some(Fork { pass, map, alike: None, findings: Vec::new() });
        }
    }

    fn source(&self, range: &Range<usize>) -> Range<usize> {
        self.base.saturating_add(range.start)..self.base.saturating_add(range.end)
    }

    fn decode(&mut self, decode: impl FnOnce(&mut Decoders<S>, &mut Context<'_, S>)) {
        if let Some(decoders) = &mut self.node.decoders {
            let set = self.node.written.set();
            decode(decoders, &mut Context { set, depth: self.node.depth, findings: self.findings, work: self.work });
        }
    }
}

impl<S: Deref<Target = Set> + Clone> Steps for Reader<'_, S> {
    fn same(&mut self, range: Range<usize>) {
        let mut rest = self.text.get(range.clone()).unwrap_or_default();
        let source = self.source(&range).start;
        self.decode(|decoders, context| decoders.same(rest, source, context));
        let reach = self.node.written.set().reach();
        let mut at = range.start;
        while let Some(fork) = &mut self.node.fork
            && !rest.is_empty()
        {
            let (next, behind) = rest.split_at(rest.ceil_char_boundary(STRIDE.min(rest.len())));
            let from = self.base.saturating_add(at);
            fork.map.push_same(from..from.saturating_add(next.len()));
            fork.alike = fork.alike.map(|alike| alike.saturating_add(next.len()));
            fork.feed(next, self.work);
            (at, rest) = (at.saturating_add(next.len()), behind);
            if !rest.is_empty() && (fork.may_end(reach) || !fork.findings.is_empty()) {
                self.written_up_to(at);
                self.node.report(self.findings, false);
                self.node.end_fork();
            }
        }
    }

    fn change(&mut self, range: Range<usize>, reads_as: &str) {
        self.fork(range.start);
        let source = self.source(&range);
        if let Some(fork) = &mut self.node.fork {
            fork.map.push(reads_as.len(), source.clone());
            fork.alike = Some(0);
            fork.feed(reads_as, self.work);
        }
        let shown = self.text.get(range).and_then(|text| text.chars().next()).unwrap_or_default();
        self.decode(|decoders, context| decoders.change(shown, reads_as, source, context));
    }
}
