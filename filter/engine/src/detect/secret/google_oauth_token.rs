//! Google OAuth access tokens.

use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Outcome, lex, token};

pub(crate) const DETECTOR: Detector = Detector {
    id: "secret/google-oauth-token",
    label: "GOOGLE_OAUTH_TOKEN",
    about: "a Google OAuth access token: `ya29.` and 30 to 2048 base64url characters",
    max_span: 2053,
    anchors: &[Anchor::Prefix("ya29.")],
    find,
    tail: None,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &[
            "Bearer ",
            "ya",
            "29.a0Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-Ku_Ea8Ro3IiWz8Kq3Lr6Tn1Xv5Mp9Cd2Bh7Gf4Js0YaQeUiOoPlKjHnBgVfCdXsZaQw7E3hT5kQ9wZ2xN7",
            "\"",
        ],
        &["ya", "29.c0Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2M"],
    ],
    misses: &[
        &["ya", "29.short"],
        &["ya", "29.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],
        &["Xya", "29.a0Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2M"],
        &["YA", "29.a0Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2M"],
        &["ya", "29 a0Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2M"],
    ],
    computed: &[|| ["ya29.", &"aB3-".repeat(4), &"Zq7Lw2Xn5Rv8Tb1Y".repeat(127)].concat()],
};

fn find(candidate: &Candidate<'_>) -> Outcome {
    token::whole(candidate, DETECTOR.anchors, 30..=2048, lex::token, Confidence::Certain)
}
