//! Long runs of letters and digits, which may be text in base64, base32, hexadecimal or binary.

use std::ops::{Deref, Range};

use super::super::lex::{Word, joint};
use super::super::set::Set;
use super::bits::{Alphabet, BASE32, BASE64, BINARY, Decoder, HEX};
use super::derived::Context;

/// A run of fewer characters is not decoded: words are that long, and twelve bytes hold little.
const LEAST: usize = 16;
/// Characters of decoded text without a break from which on it is scanned. Random bytes get there once in some thousand.
const READABLE: usize = 8;
/// Decodes the runs of a text.
pub(super) struct Solid<S> {
    /// The characters of the run so far, while it is too short.
    short: Vec<(u8, Range<usize>)>,
    word: Word,
    /// From here on the run does not read as a plain word, and is held back.
    from: Option<usize>,
    /// Those that are at work, while a run is long enough.
    decoders: Vec<Decoder<S>>,
    /// Characters of a line break inside of a long run, which may go on in the next line.
    line_break: u8,
}

fn solid(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || joint(byte)
}

/// Where the next run begins that is long enough or goes up to the end of the text; `from` is no place inside of a run.
fn pass_over(text: &[u8], mut from: usize) -> usize {
    // A long run holds every place that is its length away from one before it.
    while let Some(near) = text.get(from..).and_then(<[u8]>::first_chunk::<LEAST>) {
        match near.iter().rposition(|byte| !solid(*byte)) {
            None => return from,
            Some(place) => from = from.saturating_add(place).saturating_add(1),
        }
    }
    let rest = text.get(from..).unwrap_or_default();
    let last = rest.iter().rposition(|byte| !solid(*byte)).map_or(0, |place| place.saturating_add(1));
    from.saturating_add(last)
}

impl<S: Deref<Target = Set> + Clone> Solid<S> {
    pub(super) fn new() -> Self {
        Solid { short: Vec::new(), word: Word::Begin, from: None, decoders: Vec::new(), line_break: 0 }
    }

    /// Goes on with text that stands in the source as it is.
    pub(super) fn same(&mut self, text: &[u8], source: usize, context: &mut Context<'_, S>) {
        let mut at = 0;
        while at < text.len() {
            if self.short.is_empty() && self.decoders.is_empty() {
                at = pass_over(text, at);
            }
            let Some(byte) = text.get(at) else { return };
            let start = source.saturating_add(at);
            self.take(*byte, start..start.saturating_add(1), context);
            at = at.saturating_add(1);
        }
    }

    /// Goes on with one byte.
    pub(super) fn take(&mut self, byte: u8, source: Range<usize>, context: &mut Context<'_, S>) {
        if !solid(byte) {
            if matches!(byte, b'\n' | b'\r') && !self.decoders.is_empty() && self.line_break < 2 {
                self.line_break = self.line_break.saturating_add(1);
            } else {
                self.end(context);
            }
            return;
        }
        self.line_break = 0;
        if self.from.is_none() {
            match self.word.with(byte) {
                Some(word) if self.short.len().saturating_add(1) < LEAST => self.word = word,
                _ => self.from = Some(source.start),
            }
        }
        let from = self.from.unwrap_or(source.start);
        if self.decoders.is_empty() {
            self.short.push((byte, source));
            if self.short.len() < LEAST {
                return;
            }
            self.decoders = decoders();
            for (byte, source) in std::mem::take(&mut self.short) {
                self.decoders.iter_mut().for_each(|decoder| decoder.take(byte, source.clone(), from, context));
            }
        } else {
            self.decoders.iter_mut().for_each(|decoder| decoder.take(byte, source.clone(), from, context));
        }
    }

    /// The run is over.
    pub(super) fn end(&mut self, context: &mut Context<'_, S>) {
        let from = self.from.take().unwrap_or(0);
        self.decoders.iter_mut().for_each(|decoder| decoder.end(from, context));
        self.decoders.clear();
        self.short.clear();
        (self.word, self.line_break) = (Word::Begin, 0);
    }

    pub(super) fn flush(&mut self, context: &mut Context<'_, S>) {
        let from = self.from.unwrap_or(0);
        self.decoders.iter_mut().for_each(|decoder| decoder.flush(from, context));
    }

    pub(super) fn held(&self, acting: bool) -> Option<usize> {
        let from = self.from?;
        if self.decoders.is_empty() {
            return Some(from);
        }
        self.decoders.iter().filter_map(|decoder| decoder.held(acting)).min().map(|held| held.max(from))
    }
}

fn decoders<S: Deref<Target = Set> + Clone>() -> Vec<Decoder<S>> {
    const KINDS: [&Alphabet; 4] = [&BASE64, &BASE32, &HEX, &BINARY];
    KINDS.into_iter().flat_map(|kind| (0..kind.phases).map(move |phase| Decoder::new(kind, phase, READABLE))).collect()
}
