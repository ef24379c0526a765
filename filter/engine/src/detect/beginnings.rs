//! How much of the end of a text may be the beginning of an anchor.

use super::lex;

/// The anchors of a set, in an order in which all that begin alike stand together.
#[derive(Debug)]
pub(super) struct Beginnings {
    /// In lower case, sorted; and, for the prefix of a token, as it must be written.
    anchors: Vec<(Vec<u8>, Option<Vec<u8>>)>,
    /// The length of the longest.
    longest: usize,
}

impl Beginnings {
    /// Anchors, and whether each is the prefix of a token.
    pub(super) fn new<'t>(anchors: impl Iterator<Item = (&'t str, bool)>) -> Self {
        let anchor = |(text, prefix): (&str, bool)| {
            (text.to_ascii_lowercase().into_bytes(), prefix.then(|| text.as_bytes().to_vec()))
        };
        let mut anchors: Vec<(Vec<u8>, Option<Vec<u8>>)> = anchors.map(anchor).collect();
        anchors.sort_unstable();
        let longest = anchors.iter().map(|(text, _)| text.len()).max().unwrap_or(0);
        Beginnings { anchors, longest }
    }

    /// Length of the longest end of `text` with which an anchor begins that goes on beyond it.
    pub(super) fn longest_at_end_of(&self, text: &str) -> usize {
        let bytes = text.as_bytes();
        let longest = self.longest.saturating_sub(1).min(bytes.len());
        let end = bytes.get(bytes.len().saturating_sub(longest)..).unwrap_or_default();
        let folded = end.to_ascii_lowercase();
        let lengths = (1..=longest).rev();
        lengths.into_iter().find(|len| self.begins(bytes, &folded, *len)).unwrap_or(0)
    }

    /// Whether an anchor begins with the last `len` bytes of a text, whose end in lower case is `folded`.
    fn begins(&self, text: &[u8], folded: &[u8], len: usize) -> bool {
        let end = folded.get(folded.len().saturating_sub(len)..).unwrap_or_default();
        let start = text.len().saturating_sub(len);
        let written = text.get(start..).unwrap_or_default();
        let first = self.anchors.partition_point(|(anchor, _)| anchor.as_slice() < end);
        let alike = self.anchors.get(first..).unwrap_or_default();
        alike.iter().take_while(|(anchor, _)| anchor.starts_with(end)).filter(|(anchor, _)| anchor.len() > len).any(
            |(_, exact)| match exact {
                Some(exact) => exact.starts_with(written) && lex::opens_in(text, start),
                None => true,
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_go_on_is_counted() {
        let anchors = [("sk-", true), ("AKIA", true), ("AccessKey", false), ("-----BEGIN ", false)];
        let beginnings = Beginnings::new(anchors.into_iter());
        for (text, expected) in [
            ("", 0),
            ("a plain word", 0),
            ("ask", 0),
            ("a sk", 2),
            ("s", 1),
            ("sk-", 1),
            ("S", 0),
            ("MASK AK", 2),
            ("MASK ak", 0),
            ("myaccessk", 7),
            ("x ----", 4),
            ("é AKI", 3),
            ("éAKI", 3),
            ("-----BEGIN ", 0),
        ] {
            assert_eq!(beginnings.longest_at_end_of(text), expected, "{text:?}");
        }
    }
}
