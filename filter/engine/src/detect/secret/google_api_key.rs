//! Google API keys.

use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Outcome, lex, token};

pub(crate) const DETECTOR: Detector = Detector {
    id: "secret/google-api-key",
    label: "GOOGLE_API_KEY",
    about: "a Google API key: `AIza` and 35 base64url characters",
    max_span: 39,
    anchors: &[Anchor::Prefix("AIza")],
    find,
    tail: None,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &["key=", "AI", "zaSyZq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQ", "&"],
        &["AI", "zaSy1Qk9Tz4Wc7Yb2Md5Hf0Jg-Ku_Ea8Ro3Ii"],
    ],
    misses: &[
        &["AI", "zaSyZq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0Pa"],
        &["AI", "zaSyZq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQe"],
        &["xAI", "zaSyZq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQ"],
        &["ai", "zasyZq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQ"],
        &["AI", "zaXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX"],
        &["AI", "zaSy..."],
    ],
    computed: &[],
};

fn find(candidate: &Candidate<'_>) -> Outcome {
    token::whole(candidate, DETECTOR.anchors, 35..=35, lex::token, Confidence::Certain)
}
