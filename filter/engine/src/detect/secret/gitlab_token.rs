//! GitLab tokens.

use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Find, Outcome, check, lex, token};

pub(crate) const DETECTOR: Detector = Detector {
    id: "secret/gitlab-token",
    label: "GITLAB_TOKEN",
    about: "a GitLab token: a prefix such as `glpat-` and 20 to 64 base64url characters, or the routable form, which goes on with \
            `.01.`, a length and a CRC-32 (confirmed: certain)",
    max_span: 340,
    anchors: &[
        Anchor::Prefix("glpat-"),
        Anchor::Prefix("gldt-"),
        Anchor::Prefix("glrt-"),
        Anchor::Prefix("glrtr-"),
        Anchor::Prefix("glptt-"),
        Anchor::Prefix("glcbt-"),
        Anchor::Prefix("glft-"),
        Anchor::Prefix("glimt-"),
        Anchor::Prefix("glagent-"),
        Anchor::Prefix("gloas-"),
        Anchor::Prefix("glsoat-"),
        Anchor::Prefix("glffct-"),
        Anchor::Prefix("glwt-"),
    ],
    find: Find::Code(find),
    tail: None,
    rank: 0,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &["PRIVATE-TOKEN: ", "gl", "pat-hT5kQ9wZ2xN7mB4vC1dF", "\n"],
        &["gl", "rt-t1_hT5kQ9wZ2xN7mB4vC1dF"],
        &["\"", "gl", "cbt-64_hT5kQ9wZ2xN7mB4vC1dF", "\""],
        &["gl", "agent-Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9"],
        &["use ", "gl", "dt-hT5kQ9wZ2xN7mB4vC1dF", ". Then"],
        &["t ", "gl", "pat-Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUi.01.0z1a2b3c4", " x"],
        &["gl", "pat-Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUi.01.0z1a2b3c4"],
    ],
    misses: &[
        &["gl", "pat-hT5kQ9wZ2xN7mB4vC1d"],
        &["gl", "pat-Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-Ku"],
        &["xgl", "pat-hT5kQ9wZ2xN7mB4vC1dF"],
        &["GL", "PAT-hT5kQ9wZ2xN7mB4vC1dF"],
        &["gl", "pat-xxxxxxxxxxxxxxxxxxxx"],
        &["gl", "pat-your-access-token-here"],
        &["glpat-..."],
    ],
    computed: &[routable],
};

const ROUTABLE_MAX: usize = 300;

fn find(candidate: &Candidate<'_>) -> Outcome {
    look(candidate).unwrap_or_else(|outcome| outcome)
}

fn look(candidate: &Candidate<'_>) -> Result<Outcome, Outcome> {
    let start = candidate.anchor().start;
    let body = token::after(candidate, DETECTOR.anchors, 20..=ROUTABLE_MAX, lex::token)?;
    if let Some(end) = routable_end(candidate, body.end)? {
        let (signed, sum) = candidate.slice(start..end).split_at_checked(end - start - 7).unwrap_or_default();
        let valid = check::base_36(check::crc_32(signed.as_bytes())) == sum.as_bytes();
        return Ok(Outcome::Hit(start..end, if valid { Confidence::Certain } else { Confidence::Likely }));
    }
    match body.len() {
        20 => Ok(Outcome::Hit(start..body.end, Confidence::Certain)),
        21..=64 => Ok(Outcome::Hit(start..body.end, Confidence::Likely)),
        _ => Err(Outcome::Miss),
    }
}

/// The end of `.`, a version of two digits, `.`, two characters of length and seven of checksum.
fn routable_end(candidate: &Candidate<'_>, from: usize) -> Result<Option<usize>, Outcome> {
    const SHAPE: &[u8] = b".00.zzzzzzzzz";
    for (at, class) in (from..).zip(SHAPE) {
        let Some(byte) = candidate.at(at) else {
            return if candidate.ended() { Ok(None) } else { Err(Outcome::Wait(candidate.anchor().start)) };
        };
        let fits = match class {
            b'0' => byte.is_ascii_digit(),
            b'z' => byte.is_ascii_digit() || byte.is_ascii_lowercase(),
            class => byte == *class,
        };
        if !fits {
            return Ok(None);
        }
    }
    let end = from + SHAPE.len();
    if candidate.must_wait(end) {
        return Err(Outcome::Wait(candidate.anchor().start));
    }
    Ok((!candidate.at(end).is_some_and(lex::identifier)).then_some(end))
}

fn routable() -> String {
    let signed = ["gl", "pat-Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUi", ".01.0z"].concat();
    let sum = check::base_36(check::crc_32(signed.as_bytes()));
    sum.iter().map(|byte| char::from(*byte)).fold(signed, |token, digit| token + &digit.to_string())
}
