//! SendGrid keys.

use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Outcome, lex, token};

pub(crate) const DETECTOR: Detector = Detector {
    id: "secret/sendgrid-api-key",
    label: "SENDGRID_API_KEY",
    about: "a SendGrid key: `SG.`, 22 base64url characters, `.`, 43 base64url characters",
    max_span: 69,
    anchors: &[Anchor::Prefix("SG.")],
    find,
    tail: None,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &["key ", "S", "G.hT5kQ9wZ2xN7mB4vC1dF6g.r8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-Ku_Ea8Ro3Ii", "."],
        &["S", "G.g6Fd1Cv4Bm7Nx2Zw9Qk5Th.iI3oR8aE_uK-gJ0fH5dM2bY7cW4zT9kQ1nV6sX3pL8r"],
    ],
    misses: &[
        &["S", "G.hT5kQ9wZ2xN7mB4vC1dF6g.r8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-Ku_Ea8Ro3I"],
        &["S", "G.hT5kQ9wZ2xN7mB4vC1dF6g.r8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-Ku_Ea8Ro3Iia"],
        &["MS", "G.hT5kQ9wZ2xN7mB4vC1dF6g.r8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-Ku_Ea8Ro3Ii"],
        &["s", "g.hT5kQ9wZ2xN7mB4vC1dF6g.r8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-Ku_Ea8Ro3Ii"],
        &["S", "G.hT5kQ9wZ2xN7mB4vC1dF6.r8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-Ku_Ea8Ro3Ii"],
        &["SG. and then"],
        &["S", "G.xxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],
    ],
    computed: &[],
};

fn find(candidate: &Candidate<'_>) -> Outcome {
    look(candidate).unwrap_or_else(|outcome| outcome)
}

fn look(candidate: &Candidate<'_>) -> Result<Outcome, Outcome> {
    let id = token::after(candidate, DETECTOR.anchors, 22..=22, lex::token)?;
    if candidate.at(id.end) != Some(b'.') {
        return Err(Outcome::Miss);
    }
    let secret = token::body(candidate, id.end + 1, 43..=43, lex::token)?;
    Ok(Outcome::Hit(candidate.anchor().start..secret.end, Confidence::Certain))
}
