//! The words before a number.

use super::KINDS_MAX;
use crate::detect::Candidate;

/// Bytes before a number in which its words may stand.
const REACH: usize = 64;
/// Bytes within which words stand close.
const CLOSE: u8 = 28;

/// The words of all kinds of a set, in one order.
#[derive(Debug, Default)]
pub(super) struct Context {
    /// In the form of [`folded`], each with the kinds whose word it is.
    words: Vec<(&'static [u8], Vec<u8>)>,
    /// For each first byte, where the words with it begin.
    first: Vec<u16>,
}

/// Where the words of each kind stand before a number.
pub(super) struct Near {
    /// For each kind, where the last of its words ends; 0 where there is none.
    places: [u8; KINDS_MAX],
    /// Where the text ends in which they stand, and where its last digit does.
    end: u8,
    digit: u8,
}

impl Near {
    /// How near the words of a kind stand: 0 for not at all, else greater for nearer. Close ones are few bytes before the
    /// number, and no other number stands between.
    pub(super) fn of(&self, kind: usize, close: bool) -> u8 {
        let place = self.places.get(kind).copied().unwrap_or(0);
        let far = self.end.saturating_sub(place) > CLOSE || place < self.digit;
        if close && far { 0 } else { place }
    }
}

impl Context {
    pub(super) fn new<'w>(kinds: impl Iterator<Item = &'w [&'static str]>) -> Context {
        let mut words: Vec<(&[u8], Vec<u8>)> = Vec::new();
        for (kind, own) in (0..).zip(kinds) {
            for word in own {
                match words.iter_mut().find(|(known, _)| *known == word.as_bytes()) {
                    Some((_, kinds)) => kinds.push(kind),
                    None => words.push((word.as_bytes(), vec![kind])),
                }
            }
        }
        words.sort();
        let before =
            |byte: u16| words.partition_point(|(word, _)| word.first().is_some_and(|first| u16::from(*first) < byte));
        let first = (0..=256).map(|byte| u16::try_from(before(byte)).unwrap_or(u16::MAX)).collect();
        Context { words, first }
    }

    /// Whether some word stands in a text, such as a JSON key.
    pub(super) fn mentions(&self, text: &str) -> bool {
        let mut near = [0; KINDS_MAX];
        self.mark(&folded(text), &mut near);
        near.iter().any(|place| *place > 0)
    }

    /// Which words stand before an offset.
    pub(super) fn near(&self, candidate: &Candidate<'_>, start: usize) -> Near {
        let text = candidate.text();
        let from = text.ceil_char_boundary(start.saturating_sub(REACH));
        let cut = from > 0 && candidate.before(from).is_some_and(|byte| byte.is_ascii_alphanumeric());
        let mut before = candidate.slice(from..start);
        if cut {
            let word = before.find(|character: char| !character.is_ascii_alphanumeric()).unwrap_or(before.len());
            before = before.get(word..).unwrap_or_default();
        }
        let mut places = [0; KINDS_MAX];
        let folded = folded(own_part(before));
        candidate.charge(REACH + self.mark(&folded, &mut places));
        let narrow = |place: usize| u8::try_from(place).unwrap_or(u8::MAX);
        let digit = folded.iter().rposition(u8::is_ascii_digit).map_or(0, |place| place + 1);
        Near { places, end: narrow(folded.len()), digit: narrow(digit) }
    }

    /// The words with this first byte.
    fn beginning_with(&self, first: u8) -> &[(&'static [u8], Vec<u8>)] {
        let place = |byte: usize| self.first.get(byte).copied().map_or(0, usize::from);
        self.words.get(place(usize::from(first))..place(usize::from(first) + 1)).unwrap_or_default()
    }

    /// Marks the kinds whose words stand in a folded text; answers how many words were compared.
    fn mark(&self, text: &[u8], near: &mut [u8; KINDS_MAX]) -> usize {
        let mut compared = 0;
        for at in 0..text.len() {
            let (rest, before) = (text.get(at..).unwrap_or_default(), at.checked_sub(1).and_then(|at| text.get(at)));
            let Some(first) = rest.first() else { break };
            // Words begin behind a space; scripts without spaces begin them anywhere.
            let begins = before.is_none_or(|byte| *byte == b' ') || *first >= 0xE0;
            if *first == b' ' || !begins {
                continue;
            }
            let second = rest.get(1).copied();
            let alike = self.beginning_with(*first);
            let from = alike.partition_point(|(word, _)| word.get(1).copied() < second);
            let alike = alike.get(from..).unwrap_or_default();
            for (word, kinds) in alike.iter().take_while(|(word, _)| word.get(1).copied() == second) {
                compared += 1;
                if !stands(rest, word) {
                    continue;
                }
                let place = u8::try_from(at + word.len()).unwrap_or(u8::MAX);
                for kind in kinds {
                    if let Some(near) = near.get_mut(usize::from(*kind)) {
                        *near = place.max(*near);
                    }
                }
            }
        }
        compared
    }
}

/// Whether a text begins with a word. Behind letters of ASCII no other letter may follow.
fn stands(text: &[u8], word: &[u8]) -> bool {
    let ascii = word.last().is_some_and(u8::is_ascii);
    text.starts_with(word) && !(ascii && text.get(word.len()).is_some_and(|byte| byte.is_ascii_alphabetic()))
}

/// Lower case, with one space for everything that is no letter and no digit, and where lower case turns to upper case.
fn folded(text: &str) -> Vec<u8> {
    let mut folded = Vec::with_capacity(text.len() + 8);
    let mut lower = false;
    for character in text.chars() {
        if !character.is_alphanumeric() && !mark(character) {
            lower = false;
            if folded.last().is_some_and(|last| *last != b' ') {
                folded.push(b' ');
            }
            continue;
        }
        if lower && character.is_ascii_uppercase() {
            folded.push(b' ');
        }
        lower = character.is_ascii_lowercase();
        if character.is_ascii() {
            folded.push(u8::try_from(character).unwrap_or(b' ').to_ascii_lowercase());
            continue;
        }
        let mut buffer = [0; 4];
        for character in character.to_lowercase() {
            folded.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes());
        }
    }
    folded
}

/// Vowel signs, which belong to the word in scripts such as Thai and Hindi.
const fn mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36F}' | '\u{900}'..='\u{E7F}')
}

/// The part before a number that speaks of it: the key in front of a value, else the line when it has a label, else all.
fn own_part(before: &str) -> &str {
    let opened = before.trim_end_matches(['"', '\'', '\\', ' ', '+', '(']);
    if let Some(key) = opened.strip_suffix([':', '='])
        && let Some(key) = key.trim_end().strip_suffix(['"', '\''])
    {
        let key = key.trim_end_matches('\\');
        return key.rfind(['"', '\'']).and_then(|quote| key.get(quote..)).unwrap_or(key);
    }
    match before.rsplit_once('\n') {
        Some((_, line)) if line.contains([':', '=']) => line,
        _ => before,
    }
}
