//! GitHub tokens.

use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Find, Outcome, check, lex, token};

pub(crate) const DETECTOR: Detector = Detector {
    id: "secret/github-token",
    label: "GITHUB_TOKEN",
    about: "a GitHub token: `ghp_`, `gho_`, `ghu_`, `ghs_` or `ghr_` and 36 (`ghr_` also 76) characters, of which the last six are \
            a CRC-32 (confirmed: certain); or `ghs_` with a number and a JWT",
    max_span: 1540,
    anchors: &[
        Anchor::Prefix("ghp_"),
        Anchor::Prefix("gho_"),
        Anchor::Prefix("ghu_"),
        Anchor::Prefix("ghs_"),
        Anchor::Prefix("ghr_"),
    ],
    find: Find::Code(find),
    tail: None,
    rank: 0,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &["token ", "gh", "p_Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUi", "."],
        &["https://", "gh", "o_iUeQaP0sJ3gH9fK6dM4cY1bT8vR5nX2wL7qZ", "@github.com/"],
        &["gh", "r_Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUiZq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUiab3d"],
        &[
            "Bearer ",
            "gh",
            "s_12345_ey",
            "JhbGciOiJSUzI1NiJ9.Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUiZq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUi.r8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-Ku_Ea8Ro3Iir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-Ku_Ea8Ro3Ii",
            "\n",
        ],
        &["\\n", "gh", "u_Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUi", "\\n"],
    ],
    misses: &[
        &["gh", "p_Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeU"],
        &["gh", "p_Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUia"],
        &["xgh", "p_Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUi"],
        &["my_gh", "p_Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUi"],
        &["GH", "P_Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUi"],
        &["gh", "p_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],
        &["gh", "p_..."],
        &["gh", "p_Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUi_x"],
        &["gh", "s_12345_abc.Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUi.Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUi"],
        &["gh", "p_abcdefghijklmnopqrstuvwxyz0123456789"],
    ],
    computed: &[with_checksum],
};

/// Longest token of the kind that holds a JWT (GitHub writes of about 520 characters).
const SIGNED_MAX: usize = 1536;

fn find(candidate: &Candidate<'_>) -> Outcome {
    look(candidate).unwrap_or_else(|outcome| outcome)
}

fn look(candidate: &Candidate<'_>) -> Result<Outcome, Outcome> {
    let start = candidate.anchor().start;
    match candidate.slice(candidate.anchor()) {
        "ghs_" => match signed(candidate)? {
            Some(end) => Ok(Outcome::Hit(start..end, Confidence::Certain)),
            None => Ok(token::with_base_62_crc(candidate, DETECTOR.anchors, 36)),
        },
        "ghr_" => match token::with_base_62_crc(candidate, DETECTOR.anchors, 36) {
            Outcome::Miss => Ok(token::with_base_62_crc(candidate, DETECTOR.anchors, 76)),
            outcome => Ok(outcome),
        },
        _ => Ok(token::with_base_62_crc(candidate, DETECTOR.anchors, 36)),
    }
}

/// The end of an installation token that is a number and a JWT, without a full stop behind it.
fn signed(candidate: &Candidate<'_>) -> Result<Option<usize>, Outcome> {
    let from = token::prefix(candidate, DETECTOR.anchors)?;
    let id = candidate.run_up_to(from, 24, lex::alnum);
    match candidate.goes_on(id, "_eyJ") {
        Some(true) => {}
        Some(false) => return Ok(None),
        None => return Err(Outcome::Wait(candidate.anchor().start)),
    }
    let end = candidate.run_up_to(from, SIGNED_MAX, |byte| lex::token(byte) || byte == b'.');
    if candidate.must_wait(end) && end - from < SIGNED_MAX {
        return Err(Outcome::Wait(candidate.anchor().start));
    }
    let body = candidate.slice(from..end).trim_end_matches('.');
    let web_token = body.bytes().filter(|byte| *byte == b'.').count() == 2;
    Ok(web_token.then_some(from + body.len()))
}

fn with_checksum() -> String {
    check::with_base_62_crc("ghp_", "Qk9Tz4Wc7Yb2Md5Hf0JgKuEa8Ro3Ii")
}
