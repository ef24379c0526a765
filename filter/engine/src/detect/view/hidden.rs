//! Text in characters that are not shown: tags, variation selectors, zero-width bits.

use std::ops::{Deref, Range};

use super::super::hidden::{LONGEST, Unseen};
use super::super::set::Set;
use super::super::{Confidence, EntryId, Finding};
use super::View;
use super::bits::{Alphabet, Decoder};
use super::derived::{Context, Derived};

/// Characters of hidden text from which on it is scanned: nothing that is written this way is there by chance.
const READABLE: usize = 4;

/// Bits of two characters that are not shown. Which of them is the zero is not known.
const SHOWN_AS_NOTHING: Alphabet = Alphabet { view: View::ZeroWidth, bits: 1, phases: 1, value: |bit| Some(bit) };

/// Decodes the hidden characters of a text, as long as they stand side by side.
pub(super) struct Hidden<S> {
    tags: Derived<S>,
    selectors: Derived<S>,
    /// The two characters that stand for bits.
    pair: [Option<char>; 2],
    /// The bits as they are, and the other way round.
    bits: [Decoder<S>; 2],
    /// Whether any of these has begun.
    begun: bool,
    run: Option<Run>,
    /// The last character that is shown.
    before: Option<char>,
}

/// Characters of one kind in a row.
struct Run {
    kind: Unseen,
    /// The detector that finds them.
    entry: EntryId,
    source: Range<usize>,
    count: usize,
    last: char,
    /// Some of the row has been found already.
    goes_on: bool,
}

impl Run {
    /// How sure it is that they hide something, between these characters; `None` where they have a use.
    fn judge(&self, before: Option<char>, after: Option<char>) -> Option<Confidence> {
        let word = |character: Option<char>| character.is_some_and(|character| character.is_ascii_alphanumeric());
        match self.kind {
            _ if self.goes_on => Some(Confidence::Certain),
            Unseen::Tags => {
                let flag = before == Some('\u{1F3F4}') && self.last == '\u{E007F}' && (4..=7).contains(&self.count);
                (!flag).then_some(Confidence::Certain)
            }
            Unseen::Selectors => (self.count > 1).then_some(Confidence::Certain),
            Unseen::Override => Some(Confidence::Likely),
            Unseen::ZeroWidth if self.count >= 8 => Some(Confidence::Certain),
            Unseen::ZeroWidth => (word(before) && word(after)).then_some(Confidence::Likely),
        }
    }
}

impl<S: Deref<Target = Set> + Clone> Hidden<S> {
    pub(super) fn new() -> Self {
        let bits = || Decoder::new(&SHOWN_AS_NOTHING, 0, READABLE);
        Hidden {
            tags: Derived::new(View::Tags, READABLE),
            selectors: Derived::new(View::Selectors, READABLE),
            pair: [None; 2],
            bits: [bits(), bits()],
            begun: false,
            run: None,
            before: None,
        }
    }

    /// A character that is not shown.
    pub(super) fn take(&mut self, character: char, source: Range<usize>, context: &mut Context<'_, S>) {
        self.begun = true;
        self.mark(character, &source, context);
        match character {
            // A tag stands for the ASCII character with the same last seven bits (Unicode 16, section 23.9).
            '\u{E0020}'..='\u{E007E}' => {
                let plain = char::from_u32(u32::from(character).saturating_sub(0xE0000)).unwrap_or_default();
                self.tags.character(plain, source, 0, context);
            }
            // There are 256 selectors, one for each byte.
            '\u{FE00}'..='\u{FE0F}' => self.selector(u32::from(character).saturating_sub(0xFE00), source, context),
            '\u{E0100}'..='\u{E01EF}' => {
                self.selector(u32::from(character).saturating_sub(0xE0100 - 16), source, context);
            }
            '\u{200B}'..='\u{200D}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' | '\u{180E}' => {
                let known = self.pair.iter().position(|one| one.is_none_or(|one| one == character));
                let Some(bit) = known else { return };
                if let Some(one) = self.pair.get_mut(bit) {
                    *one = Some(character);
                }
                for (flip, decoder) in self.bits.iter_mut().enumerate() {
                    decoder.value(u8::from(bit != flip), source.clone(), 0, context);
                }
            }
            _ => {}
        }
    }

    fn selector(&mut self, byte: u32, source: Range<usize>, context: &mut Context<'_, S>) {
        self.selectors.byte(u8::try_from(byte).unwrap_or_default(), source, 0, context);
    }

    /// Adds a character to the row, or begins another.
    fn mark(&mut self, character: char, source: &Range<usize>, context: &mut Context<'_, S>) {
        let kind = Unseen::of(character);
        if self.run.as_ref().is_some_and(|run| Some(run.kind) != kind) {
            self.close(Some(character), context);
        }
        let Some((kind, entry)) = kind.and_then(|kind| Some((kind, context.set.unseen(kind)?))) else { return };
        let new = || Run { kind, entry, source: source.clone(), count: 0, last: character, goes_on: false };
        let run = self.run.get_or_insert_with(new);
        run.count = run.count.saturating_add(1);
        (run.last, run.source.end) = (character, source.end);
        if run.source.len() >= LONGEST {
            self.close(Some(character), context);
            self.run = Some(Run { source: source.end..source.end, goes_on: true, ..new() });
        }
    }

    /// The row is over.
    fn close(&mut self, after: Option<char>, context: &mut Context<'_, S>) {
        let Some(run) = self.run.take().filter(|run| !run.source.is_empty()) else { return };
        if let Some(confidence) = run.judge(self.before, after) {
            let Run { entry, source: Range { start, end }, .. } = run;
            context.findings.push(Finding { start, end, entry, confidence, view: View::Written });
        }
    }

    /// Text that is shown, from its first character to its last.
    pub(super) fn shown(&mut self, first: char, last: char, context: &mut Context<'_, S>) {
        self.end(Some(first), context);
        self.before = Some(last);
    }

    /// The hidden characters are over, with this one or with the text.
    pub(super) fn end(&mut self, after: Option<char>, context: &mut Context<'_, S>) {
        if std::mem::take(&mut self.begun) {
            self.close(after, context);
            self.tags.end(0, context);
            self.selectors.end(0, context);
            self.bits.iter_mut().for_each(|bits| bits.end(0, context));
            self.pair = [None; 2];
        }
        if after.is_none() {
            self.before = None;
        }
    }

    pub(super) fn flush(&mut self, context: &mut Context<'_, S>) {
        if self.begun {
            self.tags.flush(0, context);
            self.selectors.flush(0, context);
            self.bits.iter_mut().for_each(|bits| bits.flush(0, context));
        }
    }

    pub(super) fn held(&self, set: &S, acting: bool) -> Option<usize> {
        let run = self.run.as_ref().filter(|run| !acting || set.acts(run.entry)).map(|run| run.source.start);
        let texts = [run, self.tags.held(acting), self.selectors.held(acting)];
        texts.into_iter().chain(self.bits.iter().map(|bits| bits.held(acting))).flatten().min()
    }
}
