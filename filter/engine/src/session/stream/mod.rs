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
//! Reading order: [`Stream::push`] is one chunk, `growing.rs` is one text, `pending.rs` one event that waits, `waiting.rs` all of them, `verdict.rs` what
//! is decided of both, `release.rs` what goes on.

mod encoded;
mod growing;
mod judge;
mod pending;
mod release;
mod texts;
mod verdict;
mod waiting;

use std::ops::Range;

use crate::audit::StreamRecord;
use crate::detect::Finding;
use crate::exchange::{EventRead, Part, Piece, Place, Reading, Sink, event, held_json};
use crate::fault::Fault;
use crate::limits::Limits;
use crate::policy::{Cause, Verdict};
use crate::stream::encodings::{Decoder, Encoding, Span};
use crate::stream::frames::{Broken, Format, Frame, Frames};
use crate::stream::json::{Bounds, Document};
use crate::wire::{Dialect, Finish, LastEvent, Scope, Usage};
use growing::Growing;
pub(super) use judge::Judge;
use pending::{Pending, PendingPiece, Sent};
use texts::{TextId, Texts};
use waiting::Waiting;

/// An answer that comes in events.
#[derive(Debug)]
pub(super) struct Stream {
    format: Format,
    dialect: Dialect,
    /// The answer has an error status, so that its events need not be as documented.
    error: bool,
    frames: Frames,
    /// Undoes its compression, as long as that can be done.
    decoder: Option<Decoder>,
    /// Why its compression cannot be undone any further.
    pub(super) undecodable: Option<Fault>,
    texts: Texts,
    waiting: Waiting,
    /// Where the parts stand that are not growing texts: index of the part, and its home.
    homes: Vec<(u32, Home)>,
    /// Scopes of parts that a rule speaks of without asking for findings: one such part is enough.
    spoken: Vec<Scope>,
    /// Events so far.
    events: u64,
    /// The parts of the trailers: unlike other headers they have not gone on yet, and cannot be changed.
    trailers: Range<u32>,
    /// What the last verdict was taken on: numbers of parts, findings, faults.
    judged: Option<(usize, usize, usize)>,
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
    /// In these arguments, which are complete.
    Arguments(TextId),
}

/// What finding a text among others costs an event, as if it were so many bytes for each of them: measured, a little above.
const PER_TEXT: usize = 32;

impl Stream {
    pub(super) fn new(
        format: Format,
        encoding: Option<Encoding>,
        dialect: Dialect,
        error: bool,
        limits: &Limits,
    ) -> Self {
        Stream {
            format,
            dialect,
            error,
            frames: Frames::new(format, limits.frame as usize),
            decoder: encoding.map(|encoding| Decoder::new(encoding, Span::Stream, limits.expansion)),
            undecodable: None,
            texts: Texts::default(),
            waiting: Waiting::default(),
            homes: Vec::new(),
            spoken: Vec::new(),
            events: 0,
            trailers: 0..0,
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
        if self.decoder.is_some() {
            return self.push_encoded(judge, bytes, end, out);
        }
        self.push_decoded(judge, bytes, end, out)
    }

    fn push_decoded(&mut self, judge: &mut Judge<'_>, bytes: &[u8], end: bool, out: &mut Vec<u8>) -> Option<Cause> {
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

    /// Reads a whole stream without deciding anything, for tools that show what a record speaks of.
    pub(super) fn read(&mut self, judge: &mut Judge<'_>, bytes: &[u8]) {
        let mut decoded = Vec::new();
        let bytes = match &mut self.decoder {
            Some(decoder) => {
                // As far as it can be decoded.
                let most = judge.policy.limits().response_body as usize;
                let _ = decoder.push(bytes, &mut decoded, most).and_then(|()| decoder.finish(&mut Vec::new(), most));
                decoded.as_slice()
            }
            None => bytes,
        };
        let mut frames = Vec::new();
        // What a broken stream holds before it breaks has been read.
        let _ = self.frames.push(bytes, &mut frames).and_then(|()| self.frames.finish(&mut frames));
        for frame in frames {
            self.take(judge, frame);
            self.drop_waiting();
        }
        self.end_all(judge);
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

    /// What waits will not go on any more.
    fn drop_waiting(&mut self) {
        self.waiting.clear(&mut self.texts);
    }

    /// Bytes that came and did not go on.
    pub(super) fn held(&self) -> usize {
        self.waiting.bytes().saturating_add(if self.opaque { 0 } else { self.frames.pending() })
    }

    /// One event: its parts, and what it adds to growing texts.
    fn take(&mut self, judge: &mut Judge<'_>, frame: Frame) {
        self.events = self.events.saturating_add(1);
        self.record.events = self.events;
        let number = self.events;
        judge.earn(frame.bytes().len());
        // Whoever opens many texts makes every event look for its own among them.
        judge.examine(self.texts.len().saturating_mul(PER_TEXT));
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
        if frame.stray() && !error {
            judge.fault(Fault::Stream);
        }
        let EventRead { reading, pieces, ends } = read;
        let Reading { faults, dialect: _, told, layers, echoes } = reading;
        faults.into_iter().for_each(|fault| judge.fault(fault));
        self.usage.update(told.usage);
        self.finishes.extend(told.finishes);
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
            pending.find_lane(&self.texts, &ends);
        }
        self.waiting.push(pending, &mut self.texts);
        for position in ends {
            for id in self.texts.growing(Some(position)) {
                self.end(judge, id);
            }
        }
        self.bound(judge);
    }

    fn piece(&mut self, judge: &mut Judge<'_>, piece: &Piece, pending: &mut Pending) {
        let Some(id) = self.text_of(judge, piece) else { return };
        let Some(text) = self.texts.get_mut(id) else { return };
        let mut findings = Vec::new();
        let mut work = judge.work();
        let range = text.push(piece.text.expose(), &mut work, &mut findings);
        judge.set_work(work);
        judge.seek(text);
        pending.pieces.push(PendingPiece { text: id, range, layer: piece.layer });
        self.keep(judge, id, findings);
    }

    /// The text that a piece belongs to.
    fn text_of(&mut self, judge: &mut Judge<'_>, piece: &Piece) -> Option<TextId> {
        if let Some(id) = self.texts.of(piece.channel) {
            return Some(id);
        }
        let most = judge.policy.limits().channels as usize;
        if self.texts.len() >= most.min(FEW) {
            self.texts.prune();
        }
        if self.texts.len() >= most {
            judge.fault(Fault::TooManyChannels);
            return None;
        }
        let text = match piece.json {
            true => Growing::held(piece.channel, piece.scope),
            false => Growing::scanned(piece.channel, piece.scope, judge.policy.shared_set()),
        };
        let Some(before) = self.texts.recall(piece.channel) else { return Some(self.texts.add(text)) };
        let mut work = judge.work();
        let text = text.behind(before.expose(), &mut work);
        judge.set_work(work);
        Some(self.texts.add(text))
    }

    /// Keeps what was found in a growing text. The text becomes a part when something is found in it, when it may have to be
    /// replaced, or as the first of a scope that rules speak of: a long stream has many that say nothing.
    fn keep(&mut self, judge: &mut Judge<'_>, id: TextId, findings: Vec<Finding>) {
        let Some(text) = self.texts.get_mut(id) else { return };
        if text.exhausted() {
            judge.fault(Fault::Work);
        }
        if text.is_held() || (text.len == 0 && findings.is_empty()) {
            return;
        }
        if text.part.is_none() && (!findings.is_empty() || judge.matters(text.scope, &mut self.spoken)) {
            text.part = Some(judge.add(text.scope));
        }
        let Some(part) = text.part else { return };
        judge.grow(part, text.len);
        for finding in findings {
            let range = finding.range();
            judge.found(part, finding, text.text(&range));
        }
    }

    /// A text is complete.
    fn end(&mut self, judge: &mut Judge<'_>, id: TextId) {
        let Some(text) = self.texts.get_mut(id) else { return };
        // A document that is whole is not gone on with: what follows is another one.
        let mut whole_json = false;
        if text.is_held() {
            let before = judge.parts();
            let limits = judge.policy.limits();
            let whole = text.text(&(0..text.len));
            let bounds = Bounds { depth: limits.json_depth as usize, nodes: limits.json_nodes as usize };
            whole_json = judge.examine(whole.len()) && Document::parse(whole, bounds).is_ok();
            let reading = judge.scan(&mut self.spoken, |sink| held_json(whole, text.scope, limits, sink));
            reading.faults.into_iter().for_each(|fault| judge.fault(fault));
            text.layers = reading.layers;
            let after = judge.parts();
            text.restore(judge.restored(&text.layers));
            self.homes.extend((before..after).map(|part| (part, Home::Arguments(id))));
        }
        let mut findings = Vec::new();
        let mut work = judge.work();
        text.end(&mut work, &mut findings);
        judge.set_work(work);
        judge.seek(text);
        self.keep(judge, id, findings);
        if let Some(text) = self.texts.get_mut(id)
            && let Some(part) = text.part
        {
            judge.spoken(part, text.text(&(0..text.len)));
        }
        if !whole_json {
            self.texts.remember(id);
        }
    }

    fn end_all(&mut self, judge: &mut Judge<'_>) {
        for id in self.texts.growing(None) {
            self.end(judge, id);
        }
    }

    /// Holds back no more than the limits allow.
    fn bound(&mut self, judge: &mut Judge<'_>) {
        let (text_most, call_most) =
            (judge.policy.limits().hold_back as usize, judge.policy.limits().tool_call as usize);
        let most = judge.policy.limits().response_body as usize;
        let too_much = self.held() > most;
        let over = |text: &Growing| {
            let limit = if text.is_held() { call_most } else { text_most };
            !text.ended && (too_much || text.undecided() > limit)
        };
        let over: Vec<TextId> = self.texts.iter().filter(|(_, text)| over(text)).map(|(id, _)| id).collect();
        if over.is_empty() {
            return;
        }
        judge.fault(Fault::HoldBack);
        for id in over {
            match self.texts.get_mut(id) {
                Some(text) if text.is_held() => self.end(judge, id),
                Some(text) => text.give_up(),
                None => {}
            }
        }
    }

    /// These parts are of its trailers.
    pub(super) fn ends_in_trailers(&mut self, parts: Range<u32>) {
        self.trailers = parts;
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

/// Texts beyond which it is worth looking for those that have ended.
const FEW: usize = 64;

/// Vendors give one reason for each choice; nobody asks for more choices than this.
const MOST_FINISHES: usize = 16;
