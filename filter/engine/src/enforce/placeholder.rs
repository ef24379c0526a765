//! Reversible placeholders: making them for a request, and finding them again in its answer.
//!
//! A placeholder is the label of a detector, `_`, and 8 characters of a keyed hash of the text that it stands for, in
//! brackets: `[EMAIL_K3F9X2QA]`. Flows in: texts that are to be replaced; later the texts of an answer. Flows out: a
//! placeholder for each; later the places where one stands. Promises: under one key the same text has the same placeholder
//! in every exchange; within an exchange no placeholder stands for two texts, and none that was written by somebody else is
//! taken for one; where 8 characters are not enough for that there are 16 or 24, and should those not be enough, none.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::keyed::Key;
use crate::sensitive::Sensitive;

/// How many characters of the hash a placeholder has: the first that is unmistakable.
const LENGTHS: [usize; 3] = [8, 16, 24];

/// The digits of Crockford's base 32, which leaves out letters that look like others.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The longest label is that of a custom detector: 64 characters.
const LONGEST_BODY: usize = 64 + 1 + 24;

/// A text that is to be replaced.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Original {
    /// What kind of text it is: the label of a detector.
    pub label: String,
    /// The text.
    pub text: Sensitive<String>,
}

/// The placeholders of one exchange, and what they stand for.
#[derive(Debug, Default)]
pub struct Placeholders {
    /// Sorted by the placeholder.
    known: Vec<(String, Sensitive<String>)>,
    /// Bytes of the longest.
    longest: usize,
}

impl Placeholders {
    /// Makes placeholders, and says which one each original got; none for one that has none. `taken` are texts of the form
    /// of placeholders that somebody else wrote into the request.
    pub fn assign(
        key: &Key,
        originals: &[Original],
        taken: &[Sensitive<String>],
    ) -> (Placeholders, Vec<Option<String>>) {
        let mut settled: BTreeMap<&Original, Option<String>> = originals.iter().map(|one| (one, None)).collect();
        let mut taken: Vec<&str> = taken.iter().map(|text| text.expose().as_str()).collect();
        taken.sort_unstable();
        let mut open: Vec<(&Original, String)> =
            settled.keys().map(|one| (*one, code(key.stand_in(one.text.expose().as_bytes())))).collect();
        for length in LENGTHS {
            let mut owners: BTreeMap<String, Vec<(&Original, String)>> = BTreeMap::new();
            for (one, code) in std::mem::take(&mut open) {
                let text = format!("[{}_{}]", one.label, code.get(..length).unwrap_or_default());
                owners.entry(text).or_default().push((one, code));
            }
            for (text, own) in owners {
                match own.as_slice() {
                    [(one, _)] if taken.binary_search(&text.as_str()).is_err() => {
                        settled.insert(one, Some(text));
                    }
                    _ => open.extend(own),
                }
            }
        }
        let given = originals.iter().map(|one| settled.get(one).cloned().flatten()).collect();
        let known = settled.into_iter().filter_map(|(one, text)| Some((text?, one.text.clone())));
        let mut known: Vec<(String, Sensitive<String>)> = known.collect();
        known.sort_unstable();
        let longest = known.iter().map(|(text, _)| text.len()).max().unwrap_or(0);
        (Placeholders { known, longest }, given)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// What the placeholder with this index stands for.
    pub fn original(&self, index: u32) -> &str {
        self.known.get(index as usize).map_or("", |(_, original)| original.expose().as_str())
    }

    /// Hands on every placeholder in a text: where it stands, and its index. Answers up to where the text is decided: what
    /// begins there may become a placeholder with more text. When it has `ended` all of it is decided.
    pub fn find(&self, text: &str, ended: bool, mut hit: impl FnMut(Range<usize>, u32)) -> usize {
        let mut at = 0;
        while let Some((start, body)) = next(text, at, self.longest) {
            let end = start.saturating_add(1).saturating_add(body);
            let begun = text.get(start..end).unwrap_or_default();
            if text.as_bytes().get(end) == Some(&b']') {
                let whole = start..end.saturating_add(1);
                let index = self
                    .known
                    .binary_search_by(|(own, _)| own.as_str().cmp(text.get(whole.clone()).unwrap_or_default()));
                if let Some(index) = index.ok().and_then(|index| u32::try_from(index).ok()) {
                    hit(whole, index);
                }
            } else if end == text.len() && !ended && self.begins(begun) {
                return start;
            }
            at = end;
        }
        text.len()
    }

    /// Whether a placeholder begins like this.
    fn begins(&self, begun: &str) -> bool {
        let at = self.known.partition_point(|(own, _)| own.as_str() < begun);
        self.known.get(at).is_some_and(|(own, _)| own.starts_with(begun))
    }
}

/// Hands on everything in a text that has the form of a placeholder.
pub fn lookalikes(text: &str, mut each: impl FnMut(&str)) {
    let mut at = 0;
    while let Some((start, body)) = next(text, at, LONGEST_BODY) {
        let end = start.saturating_add(1).saturating_add(body);
        let inside = text.get(start.saturating_add(1)..end).unwrap_or_default();
        let form = inside.rsplit_once('_').is_some_and(|(label, code)| {
            !label.is_empty() && LENGTHS.contains(&code.len()) && code.bytes().all(|byte| DIGITS.contains(&byte))
        });
        if form && text.as_bytes().get(end) == Some(&b']') {
            each(text.get(start..end.saturating_add(1)).unwrap_or_default());
        }
        at = end;
    }
}

/// The next bracket that opens, and how many characters of a placeholder follow it, up to so many.
fn next(text: &str, from: usize, most: usize) -> Option<(usize, usize)> {
    let start = from.saturating_add(text.get(from..)?.find('[')?);
    let behind = text.as_bytes().get(start.saturating_add(1)..)?;
    let body = behind.iter().take(most).take_while(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_')).count();
    Some((start, body))
}

/// 24 digits; the first of them are as good as the rest.
fn code(bits: [u8; 15]) -> String {
    let mut code = String::with_capacity(24);
    for group in bits.chunks(5) {
        let bits = group.iter().fold(0u64, |bits, byte| (bits << 8) | u64::from(*byte));
        let digits = (0..8u32).rev().map(|place| (bits >> (place * 5)) & 31);
        code.extend(digits.filter_map(|digit| DIGITS.get(digit as usize)).map(|digit| char::from(*digit)));
    }
    code
}

#[cfg(test)]
mod tests;
