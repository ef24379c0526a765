//! Anthropic keys.

use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Find, Outcome, lex, token};

pub(crate) const DETECTOR: Detector = Detector {
    id: "secret/anthropic-api-key",
    label: "ANTHROPIC_API_KEY",
    about: "an Anthropic key or token: `sk-ant-`, its kind (`api03`, `admin01`, `oat01`), `-` and 80 to 120 base64url characters",
    max_span: 160,
    anchors: &[Anchor::Prefix("sk-ant-")],
    find: Find::Code(find),
    tail: None,
    rank: 0,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &[
            "x-api-key: ",
            "sk-ant-",
            "api03-Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-Ku_Ea8Ro3IiWz8Kq3Lr6Tn1XvAA",
            "\n",
        ],
        &[
            "'",
            "sk-ant-",
            "admin01-Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-Ku_Ea8Ro3IiWz8Kq3Lr6Tn1XvAA",
            "'",
        ],
        &[
            "sk-ant-",
            "oat01-Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-Ku_Ea8Ro3IiWz8Kq3Lr6Tn",
        ],
        &[
            "ANTHROPIC_API_KEY=",
            "sk-ant-",
            "api03-Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-Ku_Ea8Ro3IiWz8Kq3Lr6Tn1XvAA",
            " #",
        ],
    ],
    misses: &[
        &["sk-ant-", "api03-..."],
        &["sk-ant-", "api03-Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2M"],
        &[
            "sk-ant-",
            "api03-Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-Ku_Ea8Ro3IiWz8Kq3Lr6Tn1Xv5Mp9Cd2Bh7Gf4Js0YaQeUiOoPlKjHnBgVfCdXsZaQw7E3hT",
        ],
        &[
            "sk-ant-",
            "api03-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ],
        &[
            "SK-ANT-",
            "api03-Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-Ku_Ea8Ro3IiWz8Kq3Lr6Tn1XvAA",
        ],
        &[
            "risk-ant-",
            "api03-Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-Ku_Ea8Ro3IiWz8Kq3Lr6Tn1XvAA",
        ],
        &["sk-ant-", "colony-is-not-a-key-although-it-is-quite-long-and-goes-on-and-goes-on-and-goes-on-and-goes-on-"],
    ],
    computed: &[],
};

fn find(candidate: &Candidate<'_>) -> Outcome {
    look(candidate).unwrap_or_else(|outcome| outcome)
}

fn look(candidate: &Candidate<'_>) -> Result<Outcome, Outcome> {
    let from = token::prefix(candidate, DETECTOR.anchors)?;
    let kind = candidate.run_up_to(from, 12, lex::alnum);
    if candidate.must_wait(kind) {
        return Err(Outcome::Wait(candidate.anchor().start));
    }
    let versioned = candidate.before(kind).is_some_and(|byte| byte.is_ascii_digit());
    if !versioned || candidate.at(kind) != Some(b'-') {
        return Err(Outcome::Miss);
    }
    let body = token::body(candidate, kind + 1, 80..=120, lex::token)?;
    let text = candidate.slice(body.clone());
    if lex::placeholder(text.as_bytes()) {
        return Err(Outcome::Miss);
    }
    let confidence = if text.len() == 95 && text.ends_with("AA") { Confidence::Certain } else { Confidence::Likely };
    Ok(Outcome::Hit(candidate.anchor().start..body.end, confidence))
}
