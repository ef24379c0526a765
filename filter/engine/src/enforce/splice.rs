//! Replaces byte ranges of a text in one pass.

use crate::exchange::Edit;

/// Edits that touch each other, lie outside the text or off its character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overlap;

/// The text with every edit made. Edits must be in order.
///
/// # Errors
/// [`Overlap`] when they are not what they must be; nothing is guessed.
pub fn splice(text: &str, edits: &[Edit]) -> Result<String, Overlap> {
    let whole = |at: usize| text.is_char_boundary(at);
    if !edits.iter().all(|edit| whole(edit.range.start) && whole(edit.range.end)) {
        return Err(Overlap);
    }
    String::from_utf8(splice_bytes(text.as_bytes(), edits)?).map_err(|_| Overlap)
}

/// The bytes with every edit made, for what need not be text everywhere. Edits must be in order.
///
/// # Errors
/// [`Overlap`] when they are not what they must be; nothing is guessed.
pub fn splice_bytes(bytes: &[u8], edits: &[Edit]) -> Result<Vec<u8>, Overlap> {
    let grown: usize = edits.iter().map(|edit| edit.with.len()).sum();
    let mut out = Vec::with_capacity(bytes.len().saturating_add(grown));
    let mut at = 0;
    for edit in edits {
        if edit.range.start > edit.range.end {
            return Err(Overlap);
        }
        out.extend_from_slice(bytes.get(at..edit.range.start).ok_or(Overlap)?);
        out.extend_from_slice(edit.with.as_bytes());
        at = edit.range.end;
    }
    out.extend_from_slice(bytes.get(at..).ok_or(Overlap)?);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(range: std::ops::Range<usize>, with: &str) -> Edit {
        Edit { range, with: with.to_owned() }
    }

    #[test]
    fn edits_in_order_are_made_and_others_refused() {
        assert_eq!(splice("abcdef", &[edit(0..1, "X"), edit(2..2, "-"), edit(5..6, "")]), Ok("Xb-cde".to_owned()));
        assert_eq!(splice("abc", &[]), Ok("abc".to_owned()));
        for bad in [vec![edit(2..3, ""), edit(0..1, "")], vec![edit(0..2, ""), edit(1..3, "")], vec![edit(2..9, "")]] {
            assert_eq!(splice("abc", &bad), Err(Overlap));
        }
        assert_eq!(splice("é", &[edit(1..2, "")]), Err(Overlap));
        assert_eq!(splice_bytes(b"\xff\xfeabc\x00", &[edit(2..4, "é")]), Ok(b"\xff\xfe\xc3\xa9c\x00".to_vec()));
        assert_eq!(splice_bytes(b"\xff", &[edit(0..2, "")]), Err(Overlap));
    }
}
