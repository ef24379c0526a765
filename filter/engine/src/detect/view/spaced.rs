//! Words whose letters stand apart: `i g n o r e`, `s.k.-.a.n.t`.

use std::ops::{Deref, Range};

use super::super::set::Set;
use super::View;
use super::derived::{Context, Derived};

/// Characters apart from each other, from which on they are read together: `a b c` are three.
const LEAST: usize = 4;

/// Reads the separated characters of a text together: letters or digits that stand alone, with one separator between them
/// and none before the first. Behind a space, signs count as well.
pub(super) struct Spaced<S> {
    state: State,
    /// What stands between the characters: one kind within one row.
    separator: Option<char>,
    /// Whether more than one space came, which is the space between two words.
    gap: bool,
    /// Characters of the row so far, without the last.
    count: usize,
    /// These characters, while there are too few.
    few: Vec<(char, bool, Range<usize>)>,
    /// The last character, which counts once another separator or the end shows that it stands alone.
    last: Option<(char, bool, Range<usize>)>,
    /// Where the second character stands: before that nothing is held back.
    from: usize,
    text: Derived<S>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Inside of a word.
    Word,
    /// Where one may begin.
    Start,
    /// Behind a character that may stand alone.
    Character,
    /// Behind a separator.
    Separator,
}

/// The kind of a separator; every space is one.
const fn separator(character: char) -> Option<char> {
    match character {
        ' ' | '\t' | '\n' | '\r' => Some(' '),
        '.' | '-' | '_' | '*' | ',' | '|' | '/' | '+' | '~' => Some(character),
        _ => None,
    }
}

/// Of each byte: 1 when it belongs to a word, 2 when it is a separator.
const BYTES: [u8; 256] = {
    let mut bytes = [0; 256];
    let mut byte = 0_u8;
    loop {
        let kind = if !byte.is_ascii() || byte.is_ascii_alphanumeric() {
            1
        } else if separator(byte as char).is_some() {
            2
        } else {
            0
        };
        #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler: an index out of bounds does not build")]
        {
            bytes[byte as usize] = kind;
        }
        if byte == u8::MAX {
            break bytes;
        }
        byte += 1;
    }
};

fn kind(byte: u8) -> u8 {
    BYTES.get(usize::from(byte)).copied().unwrap_or(0)
}

impl<S: Deref<Target = Set> + Clone> Spaced<S> {
    pub(super) fn new() -> Self {
        Spaced {
            state: State::Start,
            separator: None,
            gap: false,
            count: 0,
            few: Vec::new(),
            last: None,
            from: 0,
            text: Derived::new(View::Spaced, LEAST),
        }
    }

    /// Goes on with text that stands in the source as it is.
    pub(super) fn same(&mut self, text: &str, source: usize, context: &mut Context<'_, S>) {
        let ascii = text.is_ascii();
        let mut at = 0;
        while at < text.len() {
            if ascii && matches!(self.state, State::Word | State::Start) {
                at = self.pass_over(text.as_bytes(), at);
            }
            let Some(character) = text.get(at..).and_then(|rest| rest.chars().next()) else { return };
            let (start, len) = (source.saturating_add(at), character.len_utf8());
            self.take(character, start..start.saturating_add(len), context);
            at = at.saturating_add(len);
        }
    }

    /// The next place at which a row may begin, or the last byte: a letter or digit, neither of which stands before it, and a
    /// separator behind it. Everything before is passed over.
    fn pass_over(&mut self, text: &[u8], from: usize) -> usize {
        // The kinds of the last bytes, two bits each.
        let mut kinds = u8::from(self.state == State::Word);
        let rest = text.get(from..).unwrap_or_default();
        for (place, byte) in rest.iter().enumerate() {
            kinds = (kinds << 2 | kind(*byte)) & 0b11_1111;
            if place > 0 && matches!(kinds, 0b00_01_10 | 0b10_01_10) {
                self.state = State::Start;
                return from.saturating_add(place).saturating_sub(1);
            }
        }
        let before = if rest.len() > 1 { kinds >> 2 & 0b11 } else { u8::from(self.state == State::Word) };
        self.state = if before == 1 { State::Word } else { State::Start };
        text.len().saturating_sub(1).max(from)
    }

    /// Goes on with one character.
    pub(super) fn take(&mut self, character: char, source: Range<usize>, context: &mut Context<'_, S>) {
        let word = character.is_alphanumeric();
        match self.state {
            State::Word => self.state = if word { State::Word } else { State::Start },
            State::Start if word => {
                self.last = Some((character, false, source));
                self.state = State::Character;
            }
            State::Start => {}
            State::Character => match separator(character) {
                Some(kind) if self.separator.is_none_or(|separator| separator == kind) => {
                    self.separator = Some(kind);
                    self.state = State::Separator;
                    self.confirm(context);
                }
                kind => {
                    // With another separator the last character may begin another row.
                    let first = self.last.clone().filter(|(last, ..)| last.is_alphanumeric());
                    if !word {
                        self.confirm(context);
                    }
                    self.over(word, context);
                    if let (Some(_), Some((last, _, source))) = (kind, first) {
                        (self.separator, self.state) = (kind, State::Separator);
                        self.last = Some((last, false, source));
                        self.confirm(context);
                    }
                }
            },
            State::Separator => match separator(character) {
                Some(' ') if self.separator == Some(' ') => self.gap = true,
                Some(kind) if self.separator == Some(kind) || kind == ' ' => self.over(false, context),
                _ if self.separator != Some(' ') && !word => self.over(false, context),
                _ => {
                    if self.count == 1 {
                        self.from = source.start;
                    }
                    self.last = Some((character, std::mem::take(&mut self.gap), source));
                    self.state = State::Character;
                }
            },
        }
    }

    /// The last character stands alone.
    fn confirm(&mut self, context: &mut Context<'_, S>) {
        let Some(last) = self.last.take() else { return };
        self.count = self.count.saturating_add(1);
        self.few.push(last);
        if self.count >= LEAST {
            for (character, gap, source) in self.few.drain(..) {
                if gap {
                    self.text.character(' ', source.start..source.start, self.from, context);
                }
                self.text.character(character, source, self.from, context);
            }
        }
    }

    /// What comes does not belong to the row: the rest of a word, or something else.
    fn over(&mut self, word: bool, context: &mut Context<'_, S>) {
        self.text.end(self.from, context);
        self.few.clear();
        (self.last, self.separator, self.gap, self.count) = (None, None, false, 0);
        self.state = if word { State::Word } else { State::Start };
    }

    pub(super) fn flush(&mut self, context: &mut Context<'_, S>) {
        self.text.flush(self.from, context);
    }

    /// The text is over.
    pub(super) fn end(&mut self, context: &mut Context<'_, S>) {
        self.confirm(context);
        self.over(false, context);
    }

    pub(super) fn held(&self, acting: bool) -> Option<usize> {
        let last = self.last.as_ref().map(|(_, _, source)| source.start);
        match self.count {
            0 => None,
            1..LEAST => (self.count > 1 || last.is_some()).then_some(self.from),
            _ => self.text.held(acting).into_iter().chain(last).min().map(|held| held.max(self.from)),
        }
    }
}
