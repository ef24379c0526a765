//! Databricks tokens.

use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Find, Outcome, lex, token};

pub(crate) const DETECTOR: Detector = Detector {
    id: "secret/databricks-token",
    label: "DATABRICKS_TOKEN",
    about: "a Databricks personal access token: `dapi`, 32 hexadecimal digits, and `-` and a digit at most",
    max_span: 38,
    anchors: &[Anchor::Prefix("dapi")],
    find: Find::Code(find),
    tail: None,
    rank: 0,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[&["t=", "da", "pi3f9a1c7e5b2d80463f9a1c7e5b2d8046", " x"], &["da", "pi0b8e6d4c2a1f75930b8e6d4c2a1f7593-2"]],
    misses: &[
        &["da", "pi3f9a1c7e5b2d8046"],
        &["da", "pi3f9a1c7e5b2d80463f9a1c7e5b2d80460"],
        &["xda", "pi3f9a1c7e5b2d80463f9a1c7e5b2d8046"],
        &["DA", "PI3f9a1c7e5b2d80463f9a1c7e5b2d8046"],
        &["da", "pi00000000000000000000000000000000"],
        &["dapi.example"],
    ],
    computed: &[],
};

fn find(candidate: &Candidate<'_>) -> Outcome {
    look(candidate).unwrap_or_else(|outcome| outcome)
}

fn look(candidate: &Candidate<'_>) -> Result<Outcome, Outcome> {
    let start = candidate.anchor().start;
    let body = token::after(candidate, DETECTOR.anchors, 32..=32, lex::hex)?;
    let suffix = candidate.run_up_to(body.end, 3, |byte| byte == b'-' || byte.is_ascii_digit());
    if candidate.must_wait(suffix) {
        return Err(Outcome::Wait(start));
    }
    let numbered = candidate.at(body.end) == Some(b'-') && suffix - body.end == 2;
    let end = if numbered { suffix } else { body.end };
    Ok(Outcome::Hit(start..end, Confidence::Certain))
}
