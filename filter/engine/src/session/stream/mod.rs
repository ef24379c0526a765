//! An answer that comes in events: what may go on, what is still undecided, and what is changed on its way.
//!
//! Flows in: the bytes of a stream as they come. Flows out: the bytes that may go on, and a verdict that is taken anew
//! whenever something new was seen. Promises:
//! - Every event is judged before it goes on, and in it everything that a growing text has said so far: no byte goes on
//!   that could still become part of a finding, and the arguments of a tool call go on when they are complete.
//! - Events keep their order. Where a dialect numbers choices that clients read independently, one choice does not wait
//!   for another.
//! - A placeholder of the request is restored wherever it is whole; what may still become one does not go on.
//! - Bytes that nothing changes go on exactly as they came.
//! - What comes out depends on the bytes alone, not on how they were cut into chunks.
//!
//! Reading order: [`Stream::push`] is one chunk, `growing.rs` is one text, `pending.rs` one event that waits.

mod growing;
mod judge;
mod pending;

use std::collections::VecDeque;

use crate::audit::StreamRecord;
use crate::detect::Finding;
use crate::enforce::Cut;
use crate::exchange::{EventRead, Part, Piece, Place, Reading, Sink, event, held_json};
use crate::fault::Fault;
use crate::limits::Limits;
use crate::policy::{Cause, Decision, Mode, Target, Verdict};
use crate::stream::frames::{Broken, Format, Frame, Frames};
use crate::wire::{Dialect, Finish, LastEvent, Scope, Usage};
use growing::Growing;
pub(super) use judge::Judge;
use pending::{Pending, PendingPiece, Sent, Written};

/// An answer that comes in events.
#[derive(Debug)]
pub(super) struct Stream {
    format: Format,
    dialect: Dialect,
    /// The answer has an error status, so that its events need not be as documented.
    error: bool,
    frames: Frames,
    texts: Vec<Growing>,
    waiting: VecDeque<Pending>,
    /// Where the parts stand that are not growing texts: index of the part, and its home.
    homes: Vec<(u32, Home)>,
    /// Scopes of parts that a rule speaks of without asking for findings: one such part is enough.
    spoken: Vec<Scope>,
    /// Events so far.
    events: u64,
    /// What the last verdict was taken on: parts, findings, faults, and texts that are not empty.
    judged: Option<((usize, usize, usize), usize)>,
    pub(super) verdict: Option<Verdict>,
    /// The stream cannot be read any further, and the policy lets it pass.
    opaque: bool,
    begun: bool,
    sent: Sent,
    pub(super) usage: Usage,
    pub(super) finishes: Vec<Finish>,
    pub(super) edits: usize,
    /// Placeholders that were restored in what went on.
    pub(super) restored: usize,
    pub(super) record: StreamRecord,
}

/// Where a part stands.
#[derive(Debug, Clone, Copy)]
enum Home {
    /// In the event with this number.
    Event(u64),
    /// In the complete arguments with this index among the texts.
    Arguments(usize),
}

impl Stream {
    pub(super) fn new(format: Format, dialect: Dialect, error: bool, limits: &Limits) -> Self {
        Stream {
            format,
            dialect,
            error,
            frames: Frames::new(format, limits.frame as usize),
            texts: Vec::new(),
            waiting: VecDeque::new(),
            homes: Vec::new(),
            spoken: Vec::new(),
            events: 0,
            judged: None,
            verdict: None,
            opaque: false,
            begun: false,
            sent: Sent::default(),
            usage: Usage::default(),
            finishes: Vec::new(),
            edits: 0,
            restored: 0,
            record: StreamRecord::default(),
        }
    }

    /// Takes the next chunk, and appends to `out` what may go on. `Some` is what blocks the stream: then `out` has what
    /// came before it, and nothing more may follow but [`Stream::last`].
    pub(super) fn push(&mut self, judge: &mut Judge<'_>, bytes: &[u8], end: bool, out: &mut Vec<u8>) -> Option<Cause> {
        self.begun = true;
        let mut slices = bytes.chunks(SLICE).peekable();
        let mut last: &[u8] = &[];
        while let Some(slice) = slices.next() {
            if slices.peek().is_none() {
                last = slice;
            } else if let Some(cause) = self.slice(judge, slice, false, out) {
                return Some(cause);
            }
        }
        let cause = self.slice(judge, last, end, out);
        self.record.held(self.held());
        cause
    }

    fn slice(&mut self, judge: &mut Judge<'_>, bytes: &[u8], end: bool, out: &mut Vec<u8>) -> Option<Cause> {
        if self.opaque {
            out.extend_from_slice(bytes);
            return None;
        }
        let mut frames = Vec::new();
        let mut result = self.frames.push(bytes, &mut frames);
        if result.is_ok() && end {
            result = self.frames.finish(&mut frames);
        }
        for frame in frames {
            self.take(judge, frame);
            if let Some(cause) = self.judge(judge) {
                self.release_before(judge, cause, out);
                return Some(cause);
            }
            self.release(judge, out);
        }
        if let Err(broken) = result {
            judge.fault(match broken {
                Broken::TooLong => Fault::FrameTooLarge,
                Broken::Checksum | Broken::Syntax | Broken::Utf8 => Fault::Stream,
            });
        }
        if end || result.is_err() {
            self.end_all(judge);
            if let Some(cause) = self.judge(judge) {
                self.release_before(judge, cause, out);
                return Some(cause);
            }
            self.release(judge, out);
        }
        if result.is_err() {
            self.opaque = true;
            out.extend_from_slice(self.frames.rest());
        }
        None
    }

    /// Bytes that came and did not go on.
    pub(super) fn held(&self) -> usize {
        let waiting: usize = self.waiting.iter().map(|one| one.frame.bytes().len()).sum();
        waiting.saturating_add(if self.opaque { 0 } else { self.frames.pending() })
    }

    /// One event: its parts, and what it adds to growing texts.
    fn take(&mut self, judge: &mut Judge<'_>, frame: Frame) {
        self.events = self.events.saturating_add(1);
        self.record.events = self.events;
        let number = self.events;
        let before = judge.parts();
        let (dialect, error, limits) = (self.dialect, self.error, judge.policy.limits());
        let read = judge.scan(&mut self.spoken, |sink| {
            let read = match frame.text() {
                Some(text) => event(text, frame.name(), dialect, error, limits, sink),
                None => EventRead::default(),
            };
            for note in frame.notes() {
                let len = u32::try_from(note.len()).unwrap_or(u32::MAX);
                sink.part(Part { scope: Scope::Unknown, carried: false, place: Place::Unplaced, len }, note);
            }
            read
        });
        let EventRead { reading, pieces, ends } = read;
        let Reading { faults, dialect: _, model: _, usage, finishes, rpc_id: _, layers, echoes } = reading;
        faults.into_iter().for_each(|fault| judge.fault(fault));
        self.usage.update(usage);
        self.finishes.extend(finishes);
        self.finishes.truncate(MOST_FINISHES);
        let after = judge.parts();
        self.homes.extend((before..after).map(|part| (part, Home::Event(number))));
        let restored = judge.restored(&layers);
        let mut pending = Pending::new(number, frame, judge.context.now, layers, echoes);
        pending.restored = restored;
        for piece in pieces {
            self.piece(judge, &piece, &mut pending);
        }
        if self.dialect.independent() {
            pending.find_lane(&self.texts);
        }
        self.waiting.push_back(pending);
        for position in ends {
            for index in 0..self.texts.len() {
                if self.texts.get(index).is_some_and(|text| !text.ended && position.holds(&text.channel.position)) {
                    self.end(judge, index);
                }
            }
        }
        self.bound(judge);
    }

    fn piece(&mut self, judge: &mut Judge<'_>, piece: &Piece, pending: &mut Pending) {
        let Some(index) = self.text_of(judge, piece) else { return };
        let Some(text) = self.texts.get_mut(index) else { return };
        let mut findings = Vec::new();
        let mut work = judge.work();
        let range = text.push(piece.text.expose(), &mut work, &mut findings);
        judge.set_work(work);
        judge.seek(text);
        pending.pieces.push(PendingPiece { text: index, range, layer: piece.layer });
        keep(judge, text, findings);
    }

    /// The text that a piece belongs to.
    fn text_of(&mut self, judge: &mut Judge<'_>, piece: &Piece) -> Option<usize> {
        let same = |text: &Growing| text.channel == piece.channel && !text.ended;
        if let Some(index) = self.texts.iter().rposition(same) {
            return Some(index);
        }
        if self.texts.len() >= judge.policy.limits().channels as usize {
            judge.fault(Fault::TooManyChannels);
            return None;
        }
        let text = match piece.json {
            true => Growing::held(piece.channel, piece.scope),
            false => {
                let part = judge.add(piece.scope);
                Growing::scanned(piece.channel, piece.scope, part, judge.policy.shared_set())
            }
        };
        self.texts.push(text);
        Some(self.texts.len().saturating_sub(1))
    }

    /// A text is complete.
    fn end(&mut self, judge: &mut Judge<'_>, index: usize) {
        let Some(text) = self.texts.get_mut(index) else { return };
        if text.is_held() {
            let before = judge.parts();
            let limits = judge.policy.limits();
            let whole = text.text(&(0..text.len));
            let reading = judge.scan(&mut self.spoken, |sink| held_json(whole, text.scope, limits, sink));
            reading.faults.into_iter().for_each(|fault| judge.fault(fault));
            text.layers = reading.layers;
            let after = judge.parts();
            text.restore(judge.restored(&text.layers));
            self.homes.extend((before..after).map(|part| (part, Home::Arguments(index))));
        }
        let mut findings = Vec::new();
        let mut work = judge.work();
        text.end(&mut work, &mut findings);
        judge.set_work(work);
        judge.seek(text);
        keep(judge, text, findings);
    }

    fn end_all(&mut self, judge: &mut Judge<'_>) {
        for index in 0..self.texts.len() {
            if self.texts.get(index).is_some_and(|text| !text.ended) {
                self.end(judge, index);
            }
        }
    }

    /// Holds back no more than the limits allow.
    fn bound(&mut self, judge: &mut Judge<'_>) {
        let (text_most, call_most) =
            (judge.policy.limits().hold_back as usize, judge.policy.limits().tool_call as usize);
        let most = judge.policy.limits().response_body as usize;
        let mut over: Vec<usize> = Vec::new();
        for (index, text) in self.texts.iter().enumerate().filter(|(_, text)| !text.ended) {
            let limit = if text.is_held() { call_most } else { text_most };
            if text.undecided() > limit {
                over.push(index);
            }
        }
        if self.held() > most {
            over = (0..self.texts.len()).collect();
        }
        if over.is_empty() {
            return;
        }
        judge.fault(Fault::HoldBack);
        for index in over {
            if self.texts.get(index).is_some_and(|text| text.is_held() && !text.ended) {
                self.end(judge, index);
            } else if let Some(text) = self.texts.get_mut(index) {
                text.give_up();
            }
        }
    }

    /// Takes the verdict anew when something new was seen. Answers what blocks.
    fn judge(&mut self, judge: &mut Judge<'_>) -> Option<Cause> {
        let spoken = self.texts.iter().filter(|text| text.len > 0).count();
        if self.judged == Some((judge.seen(), spoken)) {
            return None;
        }
        let mut verdict = judge.decide();
        if self.apply(judge, &verdict).is_err() {
            judge.fault(Fault::Rewrite);
            verdict = judge.decide();
        }
        self.judged = Some((judge.seen(), spoken));
        let cause = verdict.cause;
        self.verdict = Some(verdict);
        cause
    }

    /// Brings redactions to where they will be carried out.
    fn apply(&mut self, judge: &Judge<'_>, verdict: &Verdict) -> Result<(), Fault> {
        self.texts.iter_mut().for_each(|text| text.cuts.clear());
        self.waiting.iter_mut().for_each(|pending| pending.edits.clear());
        for redaction in &verdict.redactions {
            let with = judge.replacement(redaction);
            if let Some(text) = self.texts.iter_mut().find(|text| text.part == Some(redaction.part)) {
                let range = match redaction.finding {
                    Some(_) => redaction.range.clone(),
                    None => 0..usize::MAX,
                };
                text.cuts.push(Cut { range, with });
                continue;
            }
            let home = self.homes.binary_search_by_key(&redaction.part, |(part, _)| *part);
            let Some((_, home)) = home.ok().and_then(|index| self.homes.get(index)) else {
                // A header: it went on before the stream began.
                continue;
            };
            let place = judge.part(redaction.part).and_then(|part| part.place.in_body(&redaction.range));
            match (*home, place) {
                (Home::Event(number), Some((layer, range))) => {
                    let Some(pending) = self.waiting.iter_mut().find(|pending| pending.number == number) else {
                        continue;
                    };
                    let edit = pending.layers.edit(layer, range, &with).ok_or(Fault::Rewrite)?;
                    pending.edits.push(edit);
                }
                (Home::Arguments(index), Some((layer, range))) => {
                    let text = self.texts.get_mut(index).ok_or(Fault::Internal)?;
                    let edit = text.layers.edit(layer, range, &with).ok_or(Fault::Rewrite)?;
                    text.cuts.push(Cut { range: edit.range, with: edit.with });
                }
                // What stands beside the payload of an event, in a comment or an id.
                (Home::Event(number), _) if self.waiting.iter().any(|pending| pending.number == number) => {
                    return Err(Fault::Rewrite);
                }
                _ => {}
            }
        }
        self.texts.iter_mut().for_each(|text| text.cuts.sort_by_key(|cut| cut.range.start));
        Ok(())
    }

    /// Lets go on what is decided.
    fn release(&mut self, judge: &Judge<'_>, out: &mut Vec<u8>) {
        let mut blocked: Vec<Option<u64>> = Vec::new();
        let mut index = 0;
        while let Some(pending) = self.waiting.get(index) {
            let waits_for_others = match pending.lane {
                Some(lane) => blocked.contains(&Some(lane)) || blocked.contains(&None),
                None => !blocked.is_empty(),
            };
            if waits_for_others || !pending.decided(&self.texts) {
                blocked.push(pending.lane);
                // Without lanes everything waits for the first that waits.
                if pending.lane.is_none() {
                    break;
                }
                index = index.saturating_add(1);
                continue;
            }
            if let Some(pending) = self.waiting.remove(index) {
                self.emit(judge, &pending, out);
            }
        }
        self.texts.iter_mut().for_each(Growing::forget);
    }

    fn emit(&mut self, judge: &Judge<'_>, pending: &Pending, out: &mut Vec<u8>) {
        self.record.waited(judge.context.now.since(pending.arrived));
        let Written { bytes, edits, restored } = pending.bytes(&self.texts);
        self.edits = self.edits.saturating_add(edits);
        self.restored = self.restored.saturating_add(restored);
        out.extend_from_slice(&bytes);
        self.sent.opened |= !bytes.is_empty();
        self.sent.elements |= pending.frame.text().is_some();
    }

    /// Lets go on what came before the event in which that stands which blocks the stream.
    fn release_before(&mut self, judge: &Judge<'_>, cause: Cause, out: &mut Vec<u8>) {
        let decisions = self.verdict.as_ref().map(|verdict| verdict.decisions.as_slice()).unwrap_or_default();
        let blamed = |decision: &&Decision| cause == Cause::Rule(decision.rule) && decision.mode == Mode::Enforce;
        let first = decisions.iter().filter(blamed).filter_map(|decision| self.begins_in(judge, decision)).min();
        let first = first.unwrap_or(self.events);
        while let Some(pending) = self.waiting.pop_front() {
            if pending.number >= first || !pending.decided(&self.texts) {
                break;
            }
            self.emit(judge, &pending, out);
        }
        self.waiting.clear();
    }

    /// The number of the waiting event in which that begins what a decision speaks of.
    fn begins_in(&self, judge: &Judge<'_>, decision: &Decision) -> Option<u64> {
        let Target::Part(part) = decision.target else { return None };
        let start = decision.findings.iter().filter_map(|finding| judge.start_of(*finding)).min();
        let in_text = |index: usize, start: usize| {
            let holds = |piece: &&PendingPiece| piece.text == index && piece.range.end > start;
            let event = self.waiting.iter().find(|pending| pending.pieces.iter().any(|piece| holds(&piece)));
            event.map(|pending| pending.number)
        };
        if let Some(index) = self.texts.iter().position(|text| text.part == Some(part)) {
            return in_text(index, start.unwrap_or(0));
        }
        let home = self.homes.binary_search_by_key(&part, |(part, _)| *part).ok()?;
        match self.homes.get(home)? {
            (_, Home::Event(number)) => Some(*number),
            (_, Home::Arguments(index)) => in_text(*index, 0),
        }
    }

    /// Whether any of it has come.
    pub(super) fn has_begun(&self) -> bool {
        self.begun
    }

    /// The bytes of the last events of a blocked stream.
    pub(super) fn last(&self, events: &[LastEvent]) -> Vec<u8> {
        pending::last(self.format, self.sent, events)
    }
}

/// A frame can be a single byte, and costs a hundred times that while it is looked at.
const SLICE: usize = 16_384;

/// Vendors give one reason for each choice; nobody asks for more choices than this.
const MOST_FINISHES: usize = 16;

/// Keeps what was found in a growing text.
fn keep(judge: &mut Judge<'_>, text: &Growing, findings: Vec<Finding>) {
    let Some(part) = text.part else { return };
    judge.grow(part, text.len);
    for finding in findings {
        let range = finding.range();
        judge.found(part, finding, text.text(&range));
    }
    if text.exhausted() {
        judge.fault(Fault::Work);
    }
}
