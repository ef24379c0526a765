//! What stands behind a key: `"first_name": "Ada"`, `city=Ulm`, `Address: 12 Main Street`.
//!
//! Names and places are found here and nowhere else: without a key nothing tells them from other words.

use std::ops::Range;

use crate::detect::{Candidate, Outcome};

/// Bytes between a key and its value.
const JOINT: usize = 8;

/// The value of a key.
pub(super) struct Value<'t> {
    pub(super) range: Range<usize>,
    pub(super) text: &'t str,
    /// It stands in quotes.
    pub(super) quoted: bool,
}

/// The value behind the key at an anchor, of at most `most` bytes.
///
/// # Errors
/// The outcome to answer: a miss when the anchor is part of another word, when no value stands there or it is longer; or
/// to wait.
pub(super) fn value<'t>(
    candidate: &Candidate<'t>,
    most: usize,
    ends: impl Fn(u8) -> bool,
) -> Result<Value<'t>, Outcome> {
    let Range { start, end } = candidate.anchor();
    let inner = candidate.before(start).is_some_and(|byte| byte.is_ascii_alphabetic());
    let camel = candidate.at(start).is_some_and(|byte| byte.is_ascii_uppercase());
    if inner && !(camel && candidate.before(start).is_some_and(|byte| byte.is_ascii_lowercase())) {
        return Err(Outcome::Miss);
    }
    let wait = || Outcome::Wait(end);
    let joint = candidate.run_up_to(end, JOINT, |byte| matches!(byte, b'"' | b'\'' | b'\\' | b' ' | b':' | b'='));
    if candidate.must_wait(joint) {
        return Err(wait());
    }
    let between = candidate.slice(end..joint);
    let signs = between.bytes().filter(|byte| matches!(byte, b':' | b'=')).count();
    if signs != 1 {
        return Err(Outcome::Miss);
    }
    let opened = between.rsplit([':', '=']).next().unwrap_or_default();
    let quote = opened.bytes().find(|byte| matches!(byte, b'"' | b'\''));
    let close = candidate.run_up_to(joint, most + 1, |byte| match quote {
        Some(quote) => byte != quote && !matches!(byte, b'\\' | b'\n' | b'\r'),
        None => !ends(byte) && !matches!(byte, b'\n' | b'\r' | b'"' | b'\\' | b'<' | b'>' | b'{' | b'}'),
    });
    if close - joint > most {
        return Err(Outcome::Miss);
    }
    if candidate.must_wait(close) {
        return Err(wait());
    }
    let text = candidate.slice(joint..close).trim_end();
    Ok(Value { range: joint..joint + text.len(), text, quoted: quote.is_some() })
}

/// Whether a value is none: what programs, schemas and templates write in its place.
pub(super) fn placeholder(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "null",
        "none",
        "nil",
        "true",
        "false",
        "string",
        "str",
        "text",
        "undefined",
        "unknown",
        "required",
        "optional",
        "varchar",
        "char",
        "type",
        "n/a",
        "na",
        "first",
        "last",
        "name",
        "field",
        "value",
        "placeholder",
        "redacted",
        "string?",
        "address",
        "todo",
    ];
    let first = text.split(' ').next().unwrap_or_default();
    WORDS.iter().any(|word| word.eq_ignore_ascii_case(first)) || text.starts_with(['$', '%', '*', '[', '(', '#', '_'])
}
