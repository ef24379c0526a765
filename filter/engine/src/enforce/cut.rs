//! Replacements in a text that is delivered in pieces.

use std::fmt;
use std::ops::Range;

/// A range of a growing text, and what comes in its place. `Debug` does not show it: it may be a text of a user.
#[derive(Clone, PartialEq, Eq)]
pub struct Cut {
    /// Which bytes of the text. The end may lie beyond what has come so far.
    pub range: Range<usize>,
    /// What stands there instead; with the piece in which the range begins.
    pub with: String,
}

impl fmt::Debug for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cut({:?} by {} bytes)", self.range, self.with.len())
    }
}

/// What changes in one piece of a text: ranges of the piece, and what comes in their place. `cuts` are in order and
/// disjoint, `piece` is where the piece stands in the text.
pub fn cuts_of_piece(cuts: &[Cut], piece: &Range<usize>) -> Vec<(Range<usize>, String)> {
    let first = cuts.partition_point(|cut| cut.range.end <= piece.start);
    let touching = cuts.get(first..).unwrap_or_default().iter().take_while(|cut| cut.range.start < piece.end);
    touching
        .map(|cut| {
            let begins = cut.range.start >= piece.start;
            let range = cut.range.start.max(piece.start)..cut.range.end.min(piece.end);
            let local = range.start.saturating_sub(piece.start)..range.end.saturating_sub(piece.start);
            (local, if begins { cut.with.clone() } else { String::new() })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(range: Range<usize>, with: &str) -> Cut {
        Cut { range, with: with.to_owned() }
    }

    /// However a text is cut into pieces, what comes out is the text with every replacement made once.
    #[test]
    fn every_cut_into_pieces_gives_the_same_text() {
        let text = "abcdefghij";
        let cuts = [cut(1..4, "X"), cut(4..5, ""), cut(7..9, "YZ")];
        for first in 0..=10 {
            for second in first..=10 {
                let mut out = String::new();
                for piece in [0..first, first..second, second..10] {
                    let mut at = piece.start;
                    for (local, with) in cuts_of_piece(&cuts, &piece) {
                        out.push_str(text.get(at..piece.start + local.start).unwrap_or("?"));
                        out.push_str(&with);
                        at = piece.start + local.end;
                    }
                    out.push_str(text.get(at..piece.end).unwrap_or("?"));
                }
                assert_eq!(out, "aXfgYZj", "{first} {second}");
            }
        }
    }
}
