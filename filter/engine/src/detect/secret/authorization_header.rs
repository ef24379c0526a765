//! Credentials in an `Authorization` header.

use super::assigned_value::ordinary;
use super::jwt::decode;
use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Find, Outcome, lex};

pub(crate) const DETECTOR: Detector = Detector {
    id: "secret/authorization-header",
    label: "AUTHORIZATION",
    about: "the credentials behind `Bearer` (RFC 6750), where they look drawn at random, or behind `Basic` (RFC 7617), where they \
            are base64 of a name, `:` and a password",
    max_span: MAX,
    anchors: &[Anchor::Name("bearer "), Anchor::Name("basic ")],
    find: Find::Code(find),
    tail: None,
    rank: 1,
};

const MAX: usize = 512;

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &["Authorization: Bearer ", "Zq7Lw2Xn", "5Rv8", "Tb1Yc4Md", "6Kf9", "\""],
        &["authorization: bearer ", "hT5kQ9wZ", "2xN7.mB4", "v", "C1dF6g-Kf9Hg3", "\n"],
        &["Authorization: Basic ", "YWRhOmh1", "bnRl", "cjI=", ""],
        &["-H 'Authorization: Basic ", "ZGVwbG95", "OlRy", "MHViNGRvcg==", "'"],
    ],
    misses: &[
        &["Authorization: Bearer YOUR_ACCESS_TOKEN"],
        &["Authorization: Bearer $TOKEN"],
        &["Authorization: Bearer <token>"],
        &["the bearer certificate-of-authenticity-number"],
        &["a basic understanding"],
        &["basic YWRhIGFuZCBodW50ZXIy"],
        &["Bearer ", "xxxxxxxxxxxxxxxxxxxxxxxx"],
        &["Bearer ", "Zq7Lw2Xn", "5Rv8"],
    ],
    computed: &[],
};

fn find(candidate: &Candidate<'_>) -> Outcome {
    let start = candidate.anchor().end;
    let member = |byte| lex::base64(byte) || matches!(byte, b'-' | b'.' | b'_' | b'~');
    let end = candidate.run_up_to(start, MAX + 1, member);
    if end - start <= MAX && candidate.must_wait(end) {
        return Outcome::Wait(start);
    }
    let value = candidate.slice(start..end).trim_end_matches('.');
    let basic = candidate.slice(candidate.anchor()).eq_ignore_ascii_case("basic ");
    let fits = if basic { name_and_password(value) } else { value.len() >= 16 && !ordinary(value.as_bytes()) };
    if value.len() > MAX || !fits {
        Outcome::Miss
    } else {
        Outcome::Hit(start..start + value.len(), Confidence::Likely)
    }
}

/// Whether a value is base64 of a printable name, `:` and a password.
fn name_and_password(value: &str) -> bool {
    let Some(decoded) = decode(&value.trim_end_matches('=').replace('+', "-").replace('/', "_")) else { return false };
    let printable = decoded.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ');
    value.len() >= 8
        && printable
        && decoded.iter().position(|byte| *byte == b':').is_some_and(|at| at + 3 < decoded.len())
}
