//! Words whose letters stand apart: `i g n o r e`, `s.k.-.a.n.t`.

use std::ops::{Deref, Range};

use super::super::set::Set;
use super::View;
use super::derived::{Context, Derived};

/// Characters apart from each other, from which on they are read together: `a b c` are three.
const LEAST: usize = 4;

/// Reads the separated characters of a text together.
pub(super) struct Spaced<S> {
    state: State,
    /// What stands between the characters: one kind within one word.
    separator: Option<char>,
    /// Whether more than one space came, which is the space between two words.
    gap: bool,
    /// Characters read so far, without the last.
    count: usize,
    /// The characters so far, while there are too few.
    few: Vec<(char, bool, Range<usize>)>,
    /// The last character, which counts once another separator or the end shows that it stands alone.
    last: Option<(char, bool, Range<usize>)>,
    /// Where the second character stands: before that nothing is held back.
    from: usize,
    text: Derived<S>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Inside of a longer word.
    Word,
    /// Where a word may begin.
    Start,
    /// Behind a character that may stand alone.
    Character,
    /// Behind a separator.
    Separator,
}

/// The kind of a separator; every space is one.
fn separator(character: char) -> Option<char> {
    match character {
        ' ' | '\t' | '\n' | '\r' => Some(' '),
        '.' | '-' | '_' | '*' | ',' | '|' | '/' | '+' | '~' => Some(character),
        _ => None,
    }
}

/// Whether a word ends before this byte.
const fn ends_word(byte: u8) -> bool {
    byte.is_ascii() && !byte.is_ascii_alphanumeric()
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
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            if self.state == State::Word {
                let Some(end) = rest.bytes().position(ends_word) else { return };
                (at, self.state) = (at.saturating_add(end).saturating_add(1), State::Start);
            } else if let Some(character) = rest.chars().next() {
                let start = source.saturating_add(at);
                let end = start.saturating_add(character.len_utf8());
                self.take(character, start..end, context);
                at = at.saturating_add(character.len_utf8());
            }
        }
    }

    /// Goes on with one character.
    pub(super) fn take(&mut self, character: char, source: Range<usize>, context: &mut Context<'_, S>) {
        let kind = separator(character);
        match self.state {
            State::Word if !u8::try_from(character).is_ok_and(ends_word) => {}
            State::Word => self.state = State::Start,
            State::Start if kind == Some(' ') => {}
            State::Start => {
                self.last = Some((character, false, source));
                self.state = State::Character;
            }
            State::Character => match kind {
                Some(kind) if self.separator.is_none_or(|separator| separator == kind) => {
                    self.separator = Some(kind);
                    self.state = State::Separator;
                    self.confirm(context);
                }
                _ => {
                    let word = character.is_alphanumeric();
                    let begins =
                        self.count == 0 && self.last.as_ref().is_some_and(|(last, ..)| !last.is_alphanumeric());
                    if !word {
                        self.confirm(context);
                    }
                    self.over(!word, context);
                    if word && begins {
                        (self.last, self.state) = (Some((character, false, source)), State::Character);
                    }
                }
            },
            State::Separator => match kind {
                Some(' ') if self.separator == Some(' ') => self.gap = true,
                Some(kind) if self.separator == Some(kind) || kind == ' ' => self.over(kind == ' ', context),
                _ if self.separator != Some(' ') && !character.is_alphanumeric() => self.over(false, context),
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
            for (character, gap, source) in std::mem::take(&mut self.few) {
                if gap {
                    self.text.character(' ', source.start..source.start, self.from, context);
                }
                self.text.character(character, source, self.from, context);
            }
        }
    }

    /// What comes does not belong to the separated characters.
    fn over(&mut self, space: bool, context: &mut Context<'_, S>) {
        self.text.end(self.from, context);
        self.few.clear();
        (self.last, self.separator, self.gap, self.count) = (None, None, false, 0);
        self.state = if space { State::Start } else { State::Word };
    }

    pub(super) fn flush(&mut self, context: &mut Context<'_, S>) {
        self.text.flush(self.from, context);
    }

    /// The text is over.
    pub(super) fn end(&mut self, context: &mut Context<'_, S>) {
        self.confirm(context);
        self.over(true, context);
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
