//! Where the characters of a derived text stand in the text that it was derived from.

use std::collections::VecDeque;
use std::ops::Range;

/// Ranges of a derived text and what they were derived from, in order. Ranges that have been settled are forgotten.
#[derive(Debug, Default)]
pub(super) struct Map {
    pieces: VecDeque<Piece>,
    /// The length of the derived text.
    derived: usize,
    /// Up to here its source has been read.
    source: usize,
}

#[derive(Debug)]
struct Piece {
    /// Where it begins in the derived text.
    derived: usize,
    source: Range<usize>,
    /// Whether each byte of it stands for a byte of the source; else all of it stands for all of that.
    same: bool,
}

impl Map {
    /// Of a text that is its own source so far.
    pub(super) fn same_up_to(len: usize) -> Self {
        let mut map = Map::default();
        map.push_same(0..len);
        map
    }

    /// The derived text goes on with these bytes of the source.
    pub(super) fn push_same(&mut self, source: Range<usize>) {
        match self.pieces.back_mut() {
            Some(last) if last.same && last.source.end == source.start => last.source.end = source.end,
            _ => self.pieces.push_back(Piece { derived: self.derived, source: source.clone(), same: true }),
        }
        self.derived = self.derived.saturating_add(source.len());
        self.source = source.end;
    }

    /// The derived text goes on with `len` bytes that stand for these of the source.
    pub(super) fn push(&mut self, len: usize, source: Range<usize>) {
        self.source = source.end;
        if len > 0 {
            self.pieces.push_back(Piece { derived: self.derived, source, same: false });
            self.derived = self.derived.saturating_add(len);
        }
    }

    /// The length of the derived text.
    pub(super) fn len(&self) -> usize {
        self.derived
    }

    /// Where in the source the derived byte at an offset comes from; the end of the source for the end of the text.
    pub(super) fn start(&self, offset: usize) -> usize {
        if offset >= self.derived {
            return self.source;
        }
        self.piece(offset).map_or(0, |piece| match piece.same {
            true => piece.source.start.saturating_add(offset.saturating_sub(piece.derived)),
            false => piece.source.start,
        })
    }

    /// What a range of the derived text that is not empty was derived from.
    pub(super) fn source(&self, range: Range<usize>) -> Range<usize> {
        let last = range.end.saturating_sub(1);
        let end = self.piece(last).map_or(self.source, |piece| match piece.same {
            true => piece.source.start.saturating_add(range.end.saturating_sub(piece.derived)),
            false => piece.source.end,
        });
        self.start(range.start)..end
    }

    /// Nothing before this offset of the derived text will be asked for.
    pub(super) fn forget(&mut self, offset: usize) {
        while self.pieces.get(1).is_some_and(|second| second.derived <= offset) {
            self.pieces.pop_front();
        }
    }

    fn piece(&self, offset: usize) -> Option<&Piece> {
        let after = self.pieces.partition_point(|piece| piece.derived <= offset);
        self.pieces.get(after.saturating_sub(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_found_in_their_source() {
        let mut map = Map::same_up_to(4);
        map.push_same(4..6);
        map.push(1, 6..9); // three bytes become one
        map.push(0, 9..12); // three are left out
        map.push_same(12..14);
        map.push(2, 14..15); // one becomes two
        assert_eq!((map.len(), map.start(11), map.start(5), map.start(6), map.start(7)), (11, 15, 5, 6, 12));
        assert_eq!(map.source(2..5), 2..5);
        assert_eq!(map.source(5..7), 5..9);
        assert_eq!(map.source(6..8), 6..13);
        assert_eq!(map.source(10..11), 14..15);
        map.forget(8);
        assert_eq!(map.source(8..11), 13..15);
    }
}
