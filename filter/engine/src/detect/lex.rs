//! Byte classes and boundaries that several detectors share.

use super::Candidate;

/// `[A-Za-z0-9]`
pub(super) const fn alnum(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

/// `[A-Za-z0-9_]`: a token that touches one of these is part of a longer identifier.
pub(super) const fn identifier(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// `[A-Za-z0-9_-]`: base64url, and the inside of most tokens.
pub(super) const fn token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// `[A-Za-z0-9+/=]`: standard base64 with padding.
pub(super) const fn base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

/// `[0-9a-f]`
pub(super) const fn hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

/// Whether a character makes a word longer, in scripts that put spaces between words.
pub(super) fn word(character: char) -> bool {
    character == '_' || (character.is_alphanumeric() && !unspaced(character))
}

/// Scripts whose words are not separated (Thai to Myanmar, Khmer, Han, Kana), or take endings without a separation
/// (Hangul).
const fn unspaced(character: char) -> bool {
    matches!(character,
        '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1100}'..='\u{11FF}' | '\u{1780}'..='\u{17FF}'
        | '\u{2E80}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7FF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Whether a token can begin at `start`: nothing that belongs to an identifier stands before it. The last letter of an
/// escape (`\n`, `%3D`, `\u003d`), as in source code or twice encoded text, does not belong to one.
pub(super) fn opens(candidate: &Candidate<'_>, start: usize) -> bool {
    opens_in(candidate.bytes(), start)
}

/// The same, for a place in any text.
pub(super) fn opens_in(text: &[u8], start: usize) -> bool {
    let before = |back: usize| start.checked_sub(back).and_then(|at| text.get(at)).copied();
    let Some(byte) = before(1) else { return true };
    if !identifier(byte) {
        return true;
    }
    let digits = |count: usize| (1..=count).all(|back| before(back).is_some_and(|digit| digit.is_ascii_hexdigit()));
    (matches!(byte, b'n' | b'r' | b't') && before(2) == Some(b'\\'))
        || (before(3) == Some(b'%') && digits(2))
        || (before(6) == Some(b'\\') && before(5) == Some(b'u') && digits(4))
}

/// Whether a secret is none: what documentation and templates write in its place.
pub(super) fn placeholder(body: &[u8]) -> bool {
    const WORDS: &[&[u8]] =
        &[b"xxxx", b"your", b"example", b"placeholder", b"redacted", b"insert", b"dummy", b"changeme"];
    let mut seen = [false; 256];
    let mut distinct = 0_usize;
    for byte in body {
        if let Some(seen) = seen.get_mut(usize::from(*byte))
            && !std::mem::replace(seen, true)
        {
            distinct += 1;
        }
    }
    let ascending = body.array_windows().filter(|[first, second]| first.checked_add(1) == Some(*second)).count();
    let word = |word: &&[u8]| body.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    distinct < 5 || ascending.saturating_mul(3) > body.len().saturating_mul(2) || WORDS.iter().any(word)
}

/// Whether a body is words: long, and letters of one case and what joins words. A token of that length without a digit and
/// without a second case does not come up by chance.
pub(super) fn words(body: &[u8]) -> bool {
    let any = |member: fn(&u8) -> bool| body.iter().any(member);
    body.len() >= 16 && !any(u8::is_ascii_digit) && !(any(u8::is_ascii_lowercase) && any(u8::is_ascii_uppercase))
}

/// What may join two words of a run, and an encoded text to what stands before it.
pub(super) const fn joint(byte: u8) -> bool {
    matches!(byte, b'-' | b'_' | b'/' | b'+')
}

/// Longest run of capitals that reads as a word, and of digits that reads as a number.
const AT_A_TIME: usize = 4;

/// What the last characters of a run read as.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    Begin,
    Small,
    Capital(usize),
    Digits(usize),
}

impl Word {
    /// What they read as with one more, `None` where words do not go on like that.
    pub(super) fn with(self, byte: u8) -> Option<Self> {
        match (self, byte) {
            (_, byte) if joint(byte) => Some(Word::Begin),
            (Word::Begin | Word::Small | Word::Capital(1), b'a'..=b'z') => Some(Word::Small),
            (Word::Begin, b'A'..=b'Z') => Some(Word::Capital(1)),
            (Word::Capital(count), b'A'..=b'Z') if count < AT_A_TIME => Some(Word::Capital(count.saturating_add(1))),
            (Word::Begin, b'0'..=b'9') => Some(Word::Digits(1)),
            (Word::Digits(count), b'0'..=b'9') if count < AT_A_TIME => Some(Word::Digits(count.saturating_add(1))),
            _ => None,
        }
    }
}

/// How many bytes at the beginning of a run of letters, digits and joints read as plain words. No stream holds these back.
pub(super) fn plain(run: &[u8]) -> usize {
    let mut word = Word::Begin;
    let other = run.iter().position(|byte| match word.with(*byte) {
        Some(more) => {
            word = more;
            false
        }
        None => true,
    });
    other.unwrap_or(run.len())
}
