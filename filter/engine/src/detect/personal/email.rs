//! E-mail addresses.

use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Outcome};

pub(crate) const DETECTOR: Detector = Detector {
    id: "pii/email",
    label: "EMAIL",
    about: "an e-mail address with a dotted domain (the unquoted forms of RFC 5321)",
    max_span: 320,
    anchors: &[Anchor::Text("@")],
    find,
    tail,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &["write to ", "ada.lovelace+notes@example.co.uk", ", please"],
        &["<", "x_y@mail.example.com", ">."],
        &["a@b.io"],
    ],
    misses: &[&["@example.com"], &["a@localhost"], &["git@github"], &["a@b.c"], &["@user mentions @other.user"], &["1@2.34"]],
};

const LOCAL_MAX: usize = 64;
const DOMAIN_MAX: usize = 255;

const fn local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'%' | b'+' | b'-' | b'\'')
}

const fn domain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-')
}

/// Length of the run of local-part characters that ends at `end`, no longer than a local part may be.
fn local_run(bytes: &[u8], end: usize) -> usize {
    let before = bytes.get(..end).unwrap_or_default();
    before.iter().rev().take(LOCAL_MAX).take_while(|byte| local(**byte)).count()
}

fn tail(text: &str) -> usize {
    local_run(text.as_bytes(), text.len())
}

fn find(candidate: &Candidate<'_>) -> Outcome {
    let at = candidate.anchor().start;
    let run = local_run(candidate.bytes(), at);
    let skip = candidate.bytes().get(at - run..at).unwrap_or_default().iter().take_while(|b| matches!(b, b'.' | b'\'' | b'-' | b'%')).count();
    let start = at - run + skip;
    if start == at || candidate.before(at) == Some(b'.') {
        return Outcome::Miss;
    }
    let end = candidate.run_up_to(at + 1, DOMAIN_MAX, domain);
    if candidate.must_wait(end) {
        return Outcome::Wait(start);
    }
    let name = candidate.slice(at + 1..end).trim_end_matches(['.', '-']);
    let valid = name.rsplit_once('.').is_some_and(|(host, top)| {
        !host.is_empty()
            && host.split('.').all(|label| !label.is_empty() && !label.starts_with('-'))
            && top.len() >= 2
            && top.bytes().all(|byte| byte.is_ascii_alphabetic())
    });
    if !valid {
        return Outcome::Miss;
    }
    Outcome::Hit(start..at + 1 + name.len(), Confidence::Likely)
}
