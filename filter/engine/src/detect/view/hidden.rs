//! Text in characters that are not shown: tags, variation selectors, zero-width bits.

use std::ops::{Deref, Range};

use super::super::set::Set;
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
        }
    }

    /// A character that is not shown.
    pub(super) fn take(&mut self, character: char, source: Range<usize>, context: &mut Context<'_, S>) {
        self.begun = true;
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

    /// A character that is shown, or the end of the text.
    pub(super) fn end(&mut self, context: &mut Context<'_, S>) {
        if std::mem::take(&mut self.begun) {
            self.tags.end(0, context);
            self.selectors.end(0, context);
            self.bits.iter_mut().for_each(|bits| bits.end(0, context));
            self.pair = [None; 2];
        }
    }

    pub(super) fn flush(&mut self, context: &mut Context<'_, S>) {
        if self.begun {
            self.tags.flush(0, context);
            self.selectors.flush(0, context);
            self.bits.iter_mut().for_each(|bits| bits.flush(0, context));
        }
    }

    pub(super) fn held(&self, acting: bool) -> Option<usize> {
        let texts = [self.tags.held(acting), self.selectors.held(acting)];
        texts.into_iter().chain(self.bits.iter().map(|bits| bits.held(acting))).flatten().min()
    }
}
