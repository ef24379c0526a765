//! JSON web tokens.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Find, Outcome, lex, token};

/// Tokens with many groups or an embedded certificate reach several KiB; of a longer one, this much is found.
const MAX: usize = 16 * 1024;

pub(crate) const DETECTOR: Detector = Detector {
    id: "secret/jwt",
    label: "JWT",
    about: "a JSON web token: three base64url parts (five when it is encrypted), of which the first is a JSON object with \
            `alg` (RFC 7519); the third is empty where that is `none`",
    max_span: MAX,
    anchors: &[Anchor::Prefix("eyJ")],
    find: Find::Code(find),
    tail: None,
    rank: 0,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &["Bearer ", "eyJ", "hbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.", "eyJzdWIiOiJ3ZWlyIn0.c2lnbmF0dXJlLW9mLXdlaXI", "\n"],
        &["see ", "eyJ", "hbGciOiJIUzI1NiJ9.", "e30.c2lnbmF0dXJl", ". Next"],
        &["", "eyJ", "hbGciOiJub25lIn0.", "eyJzdWIiOiJ3ZWlyIn0.", ""],
        &["", "eyJ", "hbGciOiJub25lIn0.", "eyJzdWIiOiJ3ZWlyIn0.", " unsigned"],
        &["'", "eyJ", "hbGciOiJSU0EtT0FFUCIsImVuYyI6IkExMjhHQ00ifQ.", "a2V5a2V5.aXZpdg.Y2lwaGVydGV4dA.dGFn", "'"],
        &["\\n", "eyJ", "0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.", "eyJhIjoxfQ.c2lnbmF0dXJl", "\\n"],
    ],
    misses: &[
        &["eyJ", "hbGciOiJIUzI1NiJ9"],
        &["eyJ", "hbGciOiJIUzI1NiJ9.", "eyJzdWIiOiJ3ZWlyIn0"],
        &["eyJ", "hbGciOiJIUzI1NiJ9.", "eyJzdWIiOiJ3ZWlyIn0."],
        &["eyJ", "hbGciOiJIUzI1NiJ9.", "."],
        &["eyJ", "0eXAiOiJKV1QifQ.", "eyJzdWIiOiJ3ZWlyIn0.c2lnbmF0dXJl"],
        &["eyJ", "hbGciOiJIUzI1Ni.", "eyJzdWIiOiJ3ZWlyIn0.c2lnbmF0dXJl"],
        &["xeyJ", "hbGciOiJIUzI1NiJ9.", "eyJzdWIiOiJ3ZWlyIn0.c2lnbmF0dXJl"],
        &["EYJ", "hbGciOiJIUzI1NiJ9.", "eyJzdWIiOiJ3ZWlyIn0.c2lnbmF0dXJl"],
        &["eyJ", "hbGciOiJIUzI1NiJ9.", "a.b.c"],
        &["eyJ..."],
    ],
    computed: &[long],
};

fn long() -> String {
    ["eyJ", "hbGciOiJSUzI1NiJ9.", &"eyJncm91cHMi".repeat(1000), ".", &"c2lnbmF0dXJl".repeat(30)].concat()
}

#[derive(Deserialize)]
struct Header {
    alg: Algorithm,
    #[serde(default)]
    enc: Option<IgnoredAny>,
}

#[derive(Deserialize, PartialEq, Eq)]
enum Algorithm {
    #[serde(rename = "none")]
    None,
    #[serde(other)]
    Any,
}

fn find(candidate: &Candidate<'_>) -> Outcome {
    look(candidate).unwrap_or_else(|outcome| outcome)
}

fn look(candidate: &Candidate<'_>) -> Result<Outcome, Outcome> {
    let start = candidate.anchor().start;
    let inside = start
        .checked_sub(1)
        .is_some_and(|dash| candidate.at(dash) == Some(b'-') && candidate.before(dash).is_some_and(lex::token));
    if inside || token::prefix(candidate, DETECTOR.anchors).is_err() {
        return Err(Outcome::Miss);
    }
    let (mut at, mut end) = (start, start);
    for part in 0..5 {
        end = candidate.run_up_to(at, MAX - (at - start), lex::token);
        if end - start >= MAX {
            break;
        }
        if candidate.must_wait(end) {
            return Err(Outcome::Wait(start));
        }
        if part == 0 && header(candidate.slice(start..end)).is_none() {
            return Err(Outcome::Miss);
        }
        if candidate.at(end) != Some(b'.') || end + 1 - start >= MAX {
            break;
        }
        at = end + 1;
        end = at;
    }
    let len = judge(candidate.slice(start..end)).ok_or(Outcome::Miss)?;
    Ok(Outcome::Hit(start..start + len, Confidence::Certain))
}

fn header(part: &str) -> Option<Header> {
    serde_json::from_slice(&decode(part)?).ok()
}

/// The length of the token at the beginning of a run of base64url characters and full stops.
fn judge(run: &str) -> Option<usize> {
    let mut parts = run.split('.');
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next().unwrap_or_default());
    let header = header(first)?;
    let unsigned = first.len() + 1 + second.len() + 1;
    if run.len() >= MAX {
        return Some(run.len());
    }
    if header.enc.is_some() {
        let (fourth, fifth) = (parts.next()?, parts.next()?);
        let whole = !third.is_empty() && !fourth.is_empty() && !fifth.is_empty() && ends(parts);
        return whole.then_some(unsigned + third.len() + 1 + fourth.len() + 1 + fifth.len());
    }
    if second.is_empty() || !ends(parts) || (third.is_empty() && header.alg != Algorithm::None) || run.len() < unsigned
    {
        return None;
    }
    Some(unsigned + third.len())
}

/// Whether only full stops of the sentence follow.
fn ends<'t>(mut parts: impl Iterator<Item = &'t str>) -> bool {
    parts.all(str::is_empty)
}

/// Decodes base64url without padding (RFC 4648, section 5).
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in text.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        held = (held << 6) | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits & 0xFF) as u8);
        }
    }
    Some(bytes)
}
