//! Telegram bot tokens.

use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Find, Outcome, lex, token};

pub(crate) const DETECTOR: Detector = Detector {
    id: "secret/telegram-bot-token",
    label: "TELEGRAM_BOT_TOKEN",
    about: "a Telegram bot token: 8 to 10 digits, `:AA` and 33 base64url characters",
    max_span: 46,
    anchors: &[Anchor::Text(":AA")],
    find: Find::Code(find),
    tail: Some(tail),
    rank: 0,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &["token ", "6291847305:", "AAr8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-K", "."],
        &["62918473:", "AAXs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-Ku_Ea8"],
        &["/bot", "6291847305:", "AAr8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-K", "/getMe"],
    ],
    misses: &[
        &["6291847:", "AAr8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-K"],
        &["62918473055:", "AAr8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-K"],
        &["6291847305:", "AAr8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-"],
        &["6291847305:", "AAr8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-Ku"],
        &["6291847305:", "aar8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-K"],
        &["a:AAr8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-K"],
        &["fe80::AA"],
        &["6291847305:", "AAxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],
    ],
    computed: &[],
};

const DIGITS: usize = 10;

/// Length of the run of digits that ends at `end`, up to one more than a bot's id may have.
fn id_len(bytes: &[u8], end: usize) -> usize {
    bytes.get(..end).unwrap_or_default().iter().rev().take(DIGITS + 1).take_while(|byte| byte.is_ascii_digit()).count()
}

fn tail(text: &str) -> usize {
    let colon = [":A", ":a", ":", ""].into_iter().find(|part| text.ends_with(part)).map_or(0, str::len);
    let id = id_len(text.as_bytes(), text.len() - colon);
    if id == 0 || id > DIGITS { 0 } else { id + colon }
}

fn find(candidate: &Candidate<'_>) -> Outcome {
    let anchor = candidate.anchor();
    let id = id_len(candidate.bytes(), anchor.start);
    let start = anchor.start - id;
    // The API's own paths write `bot` before the token.
    let opens = candidate.slice(start.saturating_sub(4)..start) == "/bot" || lex::opens(candidate, start);
    if !(8..=DIGITS).contains(&id) || !opens || candidate.slice(anchor.clone()) != ":AA" {
        return Outcome::Miss;
    }
    match token::body(candidate, anchor.end, 33..=33, lex::token) {
        Ok(body) if lex::placeholder(candidate.slice(body.clone()).as_bytes()) => Outcome::Miss,
        Ok(body) => Outcome::Hit(start..body.end, Confidence::Certain),
        Err(Outcome::Wait(_)) => Outcome::Wait(start),
        Err(outcome) => outcome,
    }
}
