//! Passwords in addresses.

use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Find, Outcome, lex, rarity};

pub(crate) const DETECTOR: Detector = Detector {
    id: "secret/url-password",
    label: "URL_PASSWORD",
    about: "the password in an address such as `postgres://user:password@host` (RFC 3986, section 3.2.1): the password alone, \
            so that the rest can still be read",
    max_span: MAX,
    anchors: &[Anchor::Name("://")],
    find: Find::Code(find),
    tail: None,
    rank: 1,
};

const MAX: usize = 160;

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &["postgres://app:", "hunter2", "@db.example.com:5432/app"],
        &["mongodb+srv://admin:", "Zq7Lw2Xn5", "@cluster0.example.net/?w=majority"],
        &["\"redis://:", "s3cr3tpass", "@10.0.0.7:6379/0\""],
        &["amqp://guest1:", "p%40ss%3Aw0rd", "@mq/vhost"],
        &["https://deploy:", "x9$kLm!2", "@git.example.com/a/b.git"],
    ],
    misses: &[
        &["https://example.com:8080/path@2x.png"],
        &["https://user@example.com/"],
        &["postgres://user:password@localhost/db"],
        &["postgres://user:${DB_PASSWORD}@host/db"],
        &["postgres://USER:<password>@host/db"],
        &["postgres://user:xxxxxxxx@host/db"],
        &["postgres://user:%s@host/db"],
        &["postgres://user:@host/db"],
        &["see https://example.com: ask ada@example.com"],
        &["http://a:b c@host"],
        &["://user:hunter22@host"],
    ],
    computed: &[],
};

/// What may stand in the part before the `@`.
const fn member(byte: u8) -> bool {
    byte.is_ascii_graphic()
        && !matches!(byte, b'/' | b'?' | b'#' | b'@' | b'"' | b'\'' | b'`' | b'<' | b'>' | b'\\' | b'{' | b'}')
}

fn find(candidate: &Candidate<'_>) -> Outcome {
    let anchor = candidate.anchor();
    if !candidate.before(anchor.start).is_some_and(|byte| byte.is_ascii_alphanumeric()) {
        return Outcome::Miss;
    }
    let end = candidate.run_up_to(anchor.end, MAX, member);
    let password = candidate.slice(anchor.end..end).find(':').map(|colon| anchor.end + colon + 1);
    let Some(start) = password else {
        return if candidate.must_wait(end) && end - anchor.end < MAX {
            Outcome::Wait(candidate.text().len())
        } else {
            Outcome::Miss
        };
    };
    if candidate.must_wait(end.saturating_add(1)) && end - anchor.end < MAX {
        return Outcome::Wait(start);
    }
    let host =
        candidate.at(end + 1).is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'[' | b'{' | b'$'));
    let value = candidate.slice(start..end);
    if candidate.at(end) != Some(b'@') || !host || sample(value) {
        return Outcome::Miss;
    }
    let confidence = if rarity::random(value.as_bytes()) { Confidence::Certain } else { Confidence::Likely };
    Outcome::Hit(start..end, confidence)
}

/// Whether a password is what documentation writes in its place.
pub(super) fn sample(value: &str) -> bool {
    const WORDS: &[&str] = &[
        "password", "passwd", "pass", "pwd", "pw", "secret", "token", "user", "username", "test", "postgres", "root",
        "guest", "key",
    ];
    let varying = value.starts_with(['$', '%', '*', '.', '[', '(', '<']) && !value.starts_with("%4");
    let lower = value.to_ascii_lowercase();
    let words = WORDS.contains(&lower.trim_matches(['_', '-', '*']));
    let own =
        lower.starts_with("your") || lower.starts_with("my") || lower.contains("example") || lower.contains("password");
    value.len() < 3 || varying || words || own || lex::placeholder(&[value.as_bytes(), b"\x01\x03\x05"].concat())
}
