//! Characters written as numbers or signs of their own, with spaces or commas between them: `73 6b 2d`, `115, 107, 45`,
//! `01110011 01101011`, Morse code.

use std::ops::{Deref, Range};

use super::super::set::Set;
use super::View;
use super::derived::{Context, Derived};

/// Codes in a row from which on they are read. Those before the last of these are not held back.
const LEAST: usize = 4;
/// The longest code: eight binary digits, or `0x` and two.
const LONGEST: usize = 8;

/// Reads the codes of a text.
pub(super) struct Codes<S> {
    /// The code that is being read; `None` behind anything that is none.
    code: Option<Code>,
    /// Codes in a row so far.
    count: usize,
    /// Where the first code stands that is held back.
    from: usize,
    kinds: [Kind<S>; 4],
}

/// A code so far.
#[derive(Clone, Copy, Default)]
struct Code {
    bytes: [u8; LONGEST],
    len: usize,
    /// Where it began.
    start: usize,
}

impl Code {
    fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}

/// One way to write a character.
struct Kind<S> {
    read: fn(&[u8]) -> Option<char>,
    /// The first characters, while there are too few.
    few: Vec<(char, Range<usize>)>,
    /// Whether all codes of the row are of this kind.
    fits: bool,
    text: Derived<S>,
}

impl<S: Deref<Target = Set> + Clone> Kind<S> {
    fn new(view: View, read: fn(&[u8]) -> Option<char>) -> Self {
        Kind { read, few: Vec::new(), fits: true, text: Derived::new(view, LEAST) }
    }

    fn end(&mut self, from: usize, context: &mut Context<'_, S>) {
        self.text.end(from, context);
        self.few.clear();
        self.fits = true;
    }

    fn take(&mut self, code: &[u8], source: Range<usize>, from: usize, context: &mut Context<'_, S>) {
        match (self.read)(code).filter(|_| self.fits) {
            Some(character) => self.few.push((character, source)),
            None => {
                self.end(from, context);
                self.fits = false;
            }
        }
    }
}

/// Two hexadecimal digits, or four of which the first two are zero, alone or behind `0x` or `\x`.
fn hex(code: &[u8]) -> Option<char> {
    let digits = code.strip_prefix(b"0x").or(code.strip_prefix(b"\\x")).unwrap_or(code);
    let digits = digits.strip_prefix(b"00").filter(|rest| rest.len() == 2).unwrap_or(digits);
    (digits.len() == 2).then(|| number(digits, 16)).flatten()
}

fn decimal(code: &[u8]) -> Option<char> {
    matches!(code.len(), 2 | 3).then(|| number(code, 10)).flatten()
}

fn binary(code: &[u8]) -> Option<char> {
    matches!(code.len(), 7 | 8).then(|| number(code, 2)).flatten()
}

fn number(digits: &[u8], radix: u32) -> Option<char> {
    let value = u8::from_str_radix(str::from_utf8(digits).ok()?, radix).ok()?;
    (b' '..=b'~').contains(&value).then_some(char::from(value))
}

/// ITU-R M.1677-1; `/` stands between words.
fn morse(code: &[u8]) -> Option<char> {
    const SIGNS: &[(&[u8], u8)] = &[
        (b".-", b'a'),
        (b"-...", b'b'),
        (b"-.-.", b'c'),
        (b"-..", b'd'),
        (b".", b'e'),
        (b"..-.", b'f'),
        (b"--.", b'g'),
        (b"....", b'h'),
        (b"..", b'i'),
        (b".---", b'j'),
        (b"-.-", b'k'),
        (b".-..", b'l'),
        (b"--", b'm'),
        (b"-.", b'n'),
        (b"---", b'o'),
        (b".--.", b'p'),
        (b"--.-", b'q'),
        (b".-.", b'r'),
        (b"...", b's'),
        (b"-", b't'),
        (b"..-", b'u'),
        (b"...-", b'v'),
        (b".--", b'w'),
        (b"-..-", b'x'),
        (b"-.--", b'y'),
        (b"--..", b'z'),
        (b"-----", b'0'),
        (b".----", b'1'),
        (b"..---", b'2'),
        (b"...--", b'3'),
        (b"....-", b'4'),
        (b".....", b'5'),
        (b"-....", b'6'),
        (b"--...", b'7'),
        (b"---..", b'8'),
        (b"----.", b'9'),
        (b".-.-.-", b'.'),
        (b"--..--", b','),
        (b"---...", b':'),
        (b"-....-", b'-'),
        (b"-..-.", b'/'),
        (b".--.-.", b'@'),
        (b"..--.-", b'_'),
        (b"/", b' '),
    ];
    SIGNS.iter().find(|(sign, _)| *sign == code).map(|(_, character)| char::from(*character))
}

/// What stands between codes.
const fn between(byte: u8) -> bool {
    matches!(byte, b' ' | b',' | b'\n' | b'\t' | b'\r' | b';')
}

/// What codes consist of.
const fn inside(byte: u8) -> bool {
    byte.is_ascii_hexdigit() || matches!(byte, b'x' | b'\\' | b'.' | b'-' | b'/')
}

const fn word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || inside(byte)
}

impl<S: Deref<Target = Set> + Clone> Codes<S> {
    pub(super) fn new() -> Self {
        let kinds = [
            Kind::new(View::Codes, hex),
            Kind::new(View::Codes, decimal),
            Kind::new(View::Codes, binary),
            Kind::new(View::Morse, morse),
        ];
        Codes { code: Some(Code::default()), count: 0, from: 0, kinds }
    }

    /// Goes on with text that stands in the source as it is.
    pub(super) fn same(&mut self, text: &[u8], source: usize, context: &mut Context<'_, S>) {
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let idle = self.count == 0 && self.code.is_none_or(|code| code.len == 0);
            let Some(passed) = (if idle { self.pass_over(rest) } else { Some(0) }) else { return };
            at = at.saturating_add(passed);
            if let Some(byte) = text.get(at) {
                let start = source.saturating_add(at);
                self.take(*byte, start..start.saturating_add(1), context);
            }
            at = at.saturating_add(1);
        }
    }

    /// Bytes before the next code, where none is being read; `None` when none begins. Words that cannot be one for their first
    /// two bytes are passed over.
    fn pass_over(&mut self, text: &[u8]) -> Option<usize> {
        let mut at = 0_usize;
        loop {
            if self.code.is_none() {
                at = at.saturating_add(text.get(at..)?.iter().position(|byte| byte.is_ascii() && !word(*byte))?);
                self.code = Some(Code::default());
            }
            at = at.saturating_add(text.get(at..)?.iter().position(|byte| !byte.is_ascii() || word(*byte))?);
            match text.get(at..)? {
                [first, second, ..] if !inside(*first) || (!inside(*second) && !between(*second)) => self.code = None,
                _ => return Some(at),
            }
        }
    }

    /// Goes on with one byte.
    pub(super) fn take(&mut self, byte: u8, source: Range<usize>, context: &mut Context<'_, S>) {
        if byte.is_ascii() && !word(byte) {
            self.complete(source.start, context);
            if !between(byte) {
                self.over(context);
            }
            self.code = Some(Code::default());
        } else if let Some(code) = &mut self.code {
            match code.bytes.get_mut(code.len) {
                Some(place) if inside(byte) => {
                    *place = byte;
                    if code.len == 0 {
                        code.start = source.start;
                    }
                    code.len = code.len.saturating_add(1);
                }
                _ => self.over(context),
            }
        }
    }

    /// A code has ended.
    fn complete(&mut self, end: usize, context: &mut Context<'_, S>) {
        let Some(code) = self.code.take().filter(|code| code.len > 0) else { return };
        let source = code.start..end;
        if !self.read(code.bytes(), source.clone(), context) {
            // It may be the first of another row.
            self.over(context);
            if !self.read(code.bytes(), source, context) {
                self.over(context);
                return;
            }
        }
        self.count = self.count.saturating_add(1);
        if self.count == LEAST {
            self.from = code.start;
        }
        if self.count >= LEAST {
            let from = self.from;
            for kind in &mut self.kinds {
                for (character, source) in kind.few.drain(..) {
                    kind.text.character(character, source, from, context);
                }
            }
        }
    }

    /// Whether a code is of some kind that all before it are of.
    fn read(&mut self, code: &[u8], source: Range<usize>, context: &mut Context<'_, S>) -> bool {
        let from = self.from;
        self.kinds.iter_mut().for_each(|kind| kind.take(code, source.clone(), from, context));
        self.kinds.iter().any(|kind| kind.fits)
    }

    fn over(&mut self, context: &mut Context<'_, S>) {
        let from = self.from;
        if self.count > 0 || self.kinds.iter().any(|kind| !kind.fits) {
            self.kinds.iter_mut().for_each(|kind| kind.end(from, context));
        }
        (self.code, self.count) = (None, 0);
    }

    pub(super) fn flush(&mut self, context: &mut Context<'_, S>) {
        let from = self.from;
        self.kinds.iter_mut().for_each(|kind| kind.text.flush(from, context));
    }

    /// The text is over.
    pub(super) fn end(&mut self, end: usize, context: &mut Context<'_, S>) {
        self.complete(end, context);
        self.over(context);
        self.code = Some(Code::default());
    }

    pub(super) fn held(&self, acting: bool) -> Option<usize> {
        if self.count < LEAST - 1 {
            return None;
        }
        let code = self.code.filter(|code| code.len > 0).map(|code| code.start);
        let texts = self.kinds.iter().filter_map(|kind| kind.text.held(acting));
        let held = texts.chain(code).min();
        if self.count < LEAST { held } else { held.map(|held| held.max(self.from)) }
    }
}
