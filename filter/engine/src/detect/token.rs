//! The commonest form of a secret: a fixed prefix, then characters of one class, then something else.

use std::ops::{Range, RangeInclusive};

use super::{Anchor, Candidate, Confidence, Outcome, check, lex};

/// The decision for the scheme of GitHub and npm: the body ends in its own CRC-32, which decides how certain it is.
pub(super) fn with_base_62_crc(candidate: &Candidate<'_>, anchors: &[Anchor], len: usize) -> Outcome {
    match after(candidate, anchors, len..=len, lex::alnum) {
        Ok(body) => {
            let valid = check::ends_in_base_62_crc(candidate.slice(body.clone()).as_bytes());
            let confidence = if valid { Confidence::Certain } else { Confidence::Likely };
            Outcome::Hit(candidate.anchor().start..body.end, confidence)
        }
        Err(outcome) => outcome,
    }
}

/// Reads the characters after a prefix that stands at the anchor.
///
/// # Errors
/// The outcome to answer: a miss when the prefix stands inside an identifier or in another case, when the body is too
/// short, too long, glued to something or a placeholder; or to wait.
pub(super) fn after(
    candidate: &Candidate<'_>,
    anchors: &[Anchor],
    lengths: RangeInclusive<usize>,
    member: impl Fn(u8) -> bool,
) -> Result<Range<usize>, Outcome> {
    let from = prefix(candidate, anchors)?;
    let body = body(candidate, from, lengths, member)?;
    if lex::placeholder(candidate.slice(body.clone()).as_bytes()) { Err(Outcome::Miss) } else { Ok(body) }
}

/// The end of the anchor, when it stands there in its exact case and not inside an identifier.
///
/// # Errors
/// A miss otherwise.
pub(super) fn prefix(candidate: &Candidate<'_>, anchors: &[Anchor]) -> Result<usize, Outcome> {
    let Range { start, end } = candidate.anchor();
    let found = candidate.slice(start..end);
    let exact = anchors.iter().any(|anchor| matches!(anchor, Anchor::Prefix(text) if *text == found));
    if exact && lex::opens(candidate, start) { Ok(end) } else { Err(Outcome::Miss) }
}

/// A run of as many characters as `lengths` permits that is not part of an identifier.
///
/// # Errors
/// A miss otherwise, or to wait.
pub(super) fn body(
    candidate: &Candidate<'_>,
    from: usize,
    lengths: RangeInclusive<usize>,
    member: impl Fn(u8) -> bool,
) -> Result<Range<usize>, Outcome> {
    let end = candidate.run_up_to(from, lengths.end().saturating_add(1), member);
    let len = end.saturating_sub(from);
    if len > *lengths.end() {
        return Err(Outcome::Miss);
    }
    if candidate.must_wait(end) {
        return Err(Outcome::Wait(candidate.anchor().start));
    }
    if len < *lengths.start() || candidate.at(end).is_some_and(lex::identifier) {
        return Err(Outcome::Miss);
    }
    Ok(from..end)
}
