//! One event that waits, and the bytes it becomes.

use std::borrow::Cow;
use std::ops::Range;

use super::texts::{TextId, Texts};
use crate::enforce::{beside, cuts_of_piece, splice};
use crate::exchange::{Edit, LayerId, Layers};
use crate::stream::frames::{Format, Frame, aws_event, sse_event};
use crate::timestamp::Timestamp;
use crate::wire::{LastEvent, Position};

/// One event that waits.
#[derive(Debug)]
pub(super) struct Pending {
    /// Counted from 1.
    pub(super) number: u64,
    pub(super) frame: Frame,
    pub(super) arrived: Timestamp,
    /// The choice that all of it belongs to; none where it may not overtake anything.
    pub(super) lane: Option<u64>,
    /// What it adds to growing texts.
    pub(super) pieces: Vec<PendingPiece>,
    pub(super) layers: Layers,
    /// Changes of its payload besides those of growing texts.
    pub(super) edits: Vec<Edit>,
    /// Placeholders of its payload that are restored, besides those in growing texts.
    pub(super) restored: Vec<Edit>,
    echoes: Vec<Range<usize>>,
}

/// What an event adds to one growing text.
#[derive(Debug)]
pub(super) struct PendingPiece {
    /// Which text.
    pub(super) text: TextId,
    /// Where the piece stands in the text.
    pub(super) range: Range<usize>,
    /// Where it stands in the event.
    pub(super) layer: LayerId,
}

impl Pending {
    pub(super) fn new(
        number: u64,
        frame: Frame,
        arrived: Timestamp,
        layers: Layers,
        echoes: Vec<Range<usize>>,
    ) -> Self {
        Pending {
            number,
            frame,
            arrived,
            lane: None,
            pieces: Vec::new(),
            layers,
            edits: Vec::new(),
            restored: Vec::new(),
            echoes,
        }
    }

    /// An event that speaks of one choice only may overtake the events of others.
    pub(super) fn find_lane(&mut self, texts: &Texts, ends: &[Position]) {
        let of_piece = |piece: &PendingPiece| texts.get(piece.text).and_then(|text| text.channel.position.first());
        let mut lanes = self.pieces.iter().map(of_piece).chain(ends.iter().map(Position::first));
        let first = lanes.next().flatten();
        self.lane = first.filter(|_| lanes.all(|lane| lane == first));
    }

    /// Whether all that it adds to growing texts is decided.
    pub(super) fn decided(&self, texts: &Texts) -> bool {
        self.pieces.iter().all(|piece| texts.get(piece.text).is_some_and(|text| piece.range.end <= text.safe))
    }

    /// Its bytes, with everything that is to be replaced.
    pub(super) fn bytes(&self, texts: &Texts) -> Written<'_> {
        let (mut edits, mut restored) = (self.edits.clone(), self.restored.clone());
        for piece in &self.pieces {
            let Some(text) = texts.get(piece.text) else { continue };
            for (local, with) in cuts_of_piece(&text.cuts, &piece.range) {
                edits.extend(self.layers.edit(piece.layer, local, &with));
            }
            for (local, with) in text.restored(&piece.range) {
                restored.extend(self.layers.edit(piece.layer, local, &with));
            }
        }
        let Some(payload) = self.frame.text().filter(|_| !edits.is_empty() || !restored.is_empty()) else {
            return Written { bytes: Cow::Borrowed(self.frame.bytes()), edits: 0, restored: 0 };
        };
        let count = edits.len();
        edits = disjoint(edits);
        let restored = beside(disjoint(restored), &edits);
        // With the piece in which a placeholder begins comes all that it stands for.
        let restorations = restored.iter().filter(|edit| !edit.with.is_empty()).count();
        edits.extend(restored);
        edits.extend(self.echoes.iter().map(|echo| Edit { range: echo.clone(), with: "null".to_owned() }));
        let bytes = match splice(payload, &disjoint(edits)) {
            Ok(text) => Cow::Owned(self.frame.rewritten(&text)),
            // Edits are disjoint and lie within the payload, so this does not happen; should it, the event is dropped.
            Err(_) => Cow::Borrowed([].as_slice()),
        };
        Written { bytes, edits: count, restored: restorations }
    }
}

/// An event as it goes on.
pub(super) struct Written<'e> {
    pub(super) bytes: Cow<'e, [u8]>,
    /// Places that were replaced.
    pub(super) edits: usize,
    /// Placeholders that were restored.
    pub(super) restored: usize,
}

/// Edits in order, those that touch others made one: a text may stand in an event both by itself and as a piece.
fn disjoint(mut edits: Vec<Edit>) -> Vec<Edit> {
    edits.sort_by_key(|edit| (edit.range.start, std::cmp::Reverse(edit.range.end)));
    let mut merged: Vec<Edit> = Vec::with_capacity(edits.len());
    for edit in edits {
        match merged.last_mut().filter(|last| edit.range.start < last.range.end) {
            Some(last) => last.range.end = last.range.end.max(edit.range.end),
            None => merged.push(edit),
        }
    }
    merged
}

/// How much of a stream has gone on.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sent {
    /// Anything at all.
    pub(super) opened: bool,
    /// At least one payload.
    pub(super) elements: bool,
    /// The end of an array: nothing can be said behind it.
    pub(super) closed: bool,
}

/// The bytes of the last events of a blocked stream.
pub(super) fn last(format: Format, sent: Sent, events: &[LastEvent]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for event in events {
        match format {
            Format::Sse => bytes.extend(sse_event(event.name, &event.data)),
            Format::Lines => bytes.extend([event.data.as_bytes(), b"\n"].concat()),
            Format::AwsEventStream | Format::AwsEventStreamChunks => {
                let code = event.name.unwrap_or("error");
                let headers =
                    [(":message-type", "error"), (":error-code", code), (":error-message", event.data.as_str())];
                bytes.extend(aws_event(&headers, &[]));
            }
            Format::JsonArray if sent.closed => {}
            Format::JsonArray => {
                let before = match (sent.elements, sent.opened) {
                    (true, _) => ",\n",
                    (false, true) => "",
                    (false, false) => "[",
                };
                bytes.extend([before, &event.data, "]"].concat().into_bytes());
            }
        }
    }
    bytes
}
