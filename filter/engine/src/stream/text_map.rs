//! From decoded text back to the bytes it was written as.

use std::ops::Range;

/// Maps offsets of a decoded text to offsets of its source.
///
/// Invariants: `segments` is sorted by both fields; a copied segment covers as many source bytes as text bytes; an escape
/// is one unit, so a range that touches it covers all of it; the last segment is the end of both.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextMap {
    segments: Vec<Segment>,
    text_end: u32,
    source_end: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Segment {
    text: u32,
    source: u32,
    escape: bool,
}

impl TextMap {
    /// Appends `len` bytes that stand in the text as they stand in the source.
    pub(crate) fn copy(&mut self, len: u32) {
        self.push(len, len, false);
    }

    /// Appends an escape: `source` bytes that decode to `text` bytes.
    pub(crate) fn escape(&mut self, text: u32, source: u32) {
        self.push(text, source, true);
    }

    fn push(&mut self, text: u32, source: u32, escape: bool) {
        if source == 0 {
            return;
        }
        self.segments.push(Segment { text: self.text_end, source: self.source_end, escape });
        self.text_end = self.text_end.saturating_add(text);
        self.source_end = self.source_end.saturating_add(source);
    }

    /// The source range of a non-empty text range, rounded outwards to whole escapes. Ranges past the end are cut.
    pub fn source(&self, text: &Range<usize>) -> Range<usize> {
        let (Ok(start), Ok(end)) = (u32::try_from(text.start), u32::try_from(text.end)) else { return 0..0 };
        let first = self.segment_of(start);
        let last = self.segment_of(end.saturating_sub(1));
        let from = first.map_or(self.source_end, |(segment, _)| match segment.escape {
            true => segment.source,
            false => segment.source.saturating_add(start.saturating_sub(segment.text)),
        });
        let to = last.map_or(self.source_end, |(segment, next)| match segment.escape {
            true => next,
            false => segment.source.saturating_add(end.saturating_sub(segment.text)).min(next),
        });
        from as usize..(to as usize).max(from as usize)
    }

    /// The segment that holds a text offset, and where the source of the next one begins.
    fn segment_of(&self, text: u32) -> Option<(Segment, u32)> {
        let after = self.segments.partition_point(|segment| segment.text <= text);
        let segment = self.segments.get(after.checked_sub(1)?)?;
        let next = self.segments.get(after).map_or(self.source_end, |segment| segment.source);
        Some((*segment, next))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_round_outwards_to_escapes() {
        // source: ab\nc\u0041d   text: ab⏎cAd
        let mut map = TextMap::default();
        map.copy(2);
        map.escape(1, 2);
        map.copy(1);
        map.escape(1, 6);
        map.copy(1);
        assert_eq!(map.source(&(0..6)), 0..12);
        assert_eq!(map.source(&(0..2)), 0..2);
        assert_eq!(map.source(&(1..3)), 1..4);
        assert_eq!(map.source(&(2..3)), 2..4);
        assert_eq!(map.source(&(3..5)), 4..11);
        assert_eq!(map.source(&(5..6)), 11..12);
        assert_eq!(map.source(&(4..99)), 5..12);
    }
}
