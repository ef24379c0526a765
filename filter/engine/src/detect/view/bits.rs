//! Characters of a few bits each, put together to bytes: base64, base32, hexadecimal, binary.

use std::ops::{Deref, Range};

use super::super::lex::joint;
use super::super::set::Set;
use super::View;
use super::derived::{Context, Derived};

/// A kind of encoding whose characters stand for a fixed number of bits.
#[derive(Debug)]
pub(super) struct Alphabet {
    pub(super) view: View,
    /// Bits per character.
    pub(super) bits: u8,
    /// Places in a run of characters at which a byte may begin. Where words or digits seldom stand right before a text in this
    /// encoding, only the first is tried.
    pub(super) phases: usize,
    /// The bits of a character, `None` for one that is none of this kind.
    pub(super) value: fn(u8) -> Option<u8>,
}

/// RFC 4648 sections 4 and 5: both alphabets, without regard to padding.
pub(super) const BASE64: Alphabet = Alphabet {
    view: View::Base64,
    bits: 6,
    phases: 4,
    value: |byte| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    },
};

/// RFC 4648 section 6, in either case.
pub(super) const BASE32: Alphabet = Alphabet {
    view: View::Base32,
    bits: 5,
    phases: 1,
    value: |byte| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a'),
        b'2'..=b'7' => Some(byte - b'2' + 26),
        _ => None,
    },
};

/// RFC 4648 section 8, in either case.
pub(super) const HEX: Alphabet = Alphabet {
    view: View::Hex,
    bits: 4,
    phases: 2,
    value: |byte| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    },
};

/// Ones and zeros, the highest bit first.
pub(super) const BINARY: Alphabet = Alphabet {
    view: View::Binary,
    bits: 1,
    phases: 1,
    value: |byte| match byte {
        b'0' => Some(0),
        b'1' => Some(1),
        _ => None,
    },
};

/// Decodes one run of characters from one phase on.
pub(super) struct Decoder<S> {
    alphabet: &'static Alphabet,
    /// Characters that are passed over at the beginning of a run.
    phase: usize,
    skip: usize,
    bits: u16,
    count: u8,
    /// Something else came, without a joint since.
    asleep: bool,
    /// Where the character stands that holds the first of these bits.
    from: usize,
    text: Derived<S>,
}

impl<S: Deref<Target = Set> + Clone> Decoder<S> {
    pub(super) fn new(alphabet: &'static Alphabet, phase: usize, least: usize) -> Self {
        let text = Derived::new(alphabet.view, least);
        Decoder { alphabet, phase, skip: phase, bits: 0, count: 0, asleep: false, from: 0, text }
    }

    /// Takes a character; one that is not of the alphabet ends the run, and another may begin behind a joint.
    pub(super) fn take(&mut self, byte: u8, source: Range<usize>, from: usize, context: &mut Context<'_, S>) {
        match (self.alphabet.value)(byte) {
            Some(_) if self.asleep => {}
            Some(value) => self.value(value, source, from, context),
            None => {
                if !self.asleep {
                    self.end(from, context);
                }
                self.asleep = !joint(byte);
            }
        }
    }

    /// Takes the bits of a character.
    pub(super) fn value(&mut self, value: u8, source: Range<usize>, from: usize, context: &mut Context<'_, S>) {
        if let Some(skip) = self.skip.checked_sub(1) {
            self.skip = skip;
            return;
        }
        if self.count == 0 {
            self.from = source.start;
        }
        self.bits = (self.bits << self.alphabet.bits) | u16::from(value);
        self.count = self.count.saturating_add(self.alphabet.bits);
        if let Some(rest) = self.count.checked_sub(8) {
            let byte = (self.bits >> rest).to_le_bytes()[0];
            self.text.byte(byte, self.from..source.end, from, context);
            self.bits &= (1 << rest) - 1;
            (self.count, self.from) = (rest, source.start);
        }
    }

    /// The run is over.
    pub(super) fn end(&mut self, from: usize, context: &mut Context<'_, S>) {
        self.text.end(from, context);
        (self.skip, self.bits, self.count) = (self.phase, 0, 0);
    }

    pub(super) fn flush(&mut self, from: usize, context: &mut Context<'_, S>) {
        self.text.flush(from, context);
    }

    pub(super) fn held(&self, acting: bool) -> Option<usize> {
        self.text.held(acting).or((self.count > 0).then_some(self.from))
    }
}
