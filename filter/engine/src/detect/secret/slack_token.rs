//! Slack tokens.

use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Find, Outcome, lex, token};

pub(crate) const DETECTOR: Detector = Detector {
    id: "secret/slack-token",
    label: "SLACK_TOKEN",
    about: "a Slack token: `xoxb-`, `xoxp-`, `xoxa-`, `xoxr-`, `xoxs-`, `xoxc-`, `xoxe-`, `xoxe.xoxp-` or `xapp-`, groups of digits, \
            and letters and digits",
    max_span: 340,
    anchors: &[Anchor::Prefix("xox"), Anchor::Prefix("xapp-")],
    find: Find::Code(find),
    tail: None,
    rank: 0,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &["token=", "xo", "xb-2912345678901-2912345678902-Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9", "&"],
        &["xo", "xp-2912345678901-2912345678902-2912345678903-3f9a1c7e5b2d80463f9a1c7e5b2d8046"],
        &[
            "\"",
            "xo",
            "xe.xo",
            "xp-1-Mi0yZq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUiZq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUiZq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUiZq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUi",
            "\"",
        ],
        &[
            "xo",
            "xe-1-My0xZq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUiZq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUiZq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUi",
        ],
        &["xa", "pp-1-A0291AB3C4D-2912345678901-3f9a1c7e5b2d80463f9a1c7e5b2d80463f9a1c7e5b2d80463f9a1c7e5b2d8046"],
    ],
    misses: &[
        &["xo", "xb-short"],
        &["xo", "xb-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],
        &["xo", "xb-your-token-goes-here-and-is-long-enough-12"],
        &["axo", "xb-2912345678901-2912345678902-Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9"],
        &["XO", "XB-2912345678901-2912345678902-Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9"],
        &["xo", "xz-2912345678901-2912345678902-Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9"],
        &["xoxo, love"],
        &[
            "xo",
            "xb-2912345678901-2912345678902-Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUiZq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUiZq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUiZq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUiZq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUiZq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUiZq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUiZq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUiZq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUi",
        ],
        &["xo", "xb-2912345678901-2912345678902-Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9_a"],
        &["xapp-store"],
    ],
    computed: &[],
};

fn find(candidate: &Candidate<'_>) -> Outcome {
    look(candidate).unwrap_or_else(|outcome| outcome)
}

fn look(candidate: &Candidate<'_>) -> Result<Outcome, Outcome> {
    let start = candidate.anchor().start;
    let mut from = token::prefix(candidate, DETECTOR.anchors)?;
    if candidate.before(from) != Some(b'-') {
        from = kind(candidate, from)?;
        if candidate.before(from) == Some(b'.') {
            if !candidate.goes_on(from, "xox").ok_or(Outcome::Wait(start))? {
                return Err(Outcome::Miss);
            }
            from = kind(candidate, from + 3)?;
        }
    }
    if candidate.must_wait(from) {
        return Err(Outcome::Wait(start));
    }
    // The first group is a version or an id.
    if !candidate.at(from).is_some_and(|byte| byte.is_ascii_digit()) {
        return Err(Outcome::Miss);
    }
    let body = token::body(candidate, from, 24..=320, |byte| lex::alnum(byte) || byte == b'-')?;
    if lex::placeholder(candidate.slice(body.clone()).as_bytes()) {
        return Err(Outcome::Miss);
    }
    Ok(Outcome::Hit(start..body.end, Confidence::Certain))
}

/// The end of the letter after `xox` and what separates it from the rest.
fn kind(candidate: &Candidate<'_>, at: usize) -> Result<usize, Outcome> {
    if candidate.must_wait(at + 1) {
        return Err(Outcome::Wait(candidate.anchor().start));
    }
    match (candidate.at(at), candidate.at(at + 1)) {
        (Some(b'b' | b'p' | b'a' | b'r' | b's' | b'c' | b'e' | b'o'), Some(b'-')) | (Some(b'e'), Some(b'.')) => {
            Ok(at + 2)
        }
        _ => Err(Outcome::Miss),
    }
}
