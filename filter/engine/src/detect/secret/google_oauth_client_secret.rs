//! Google OAuth client secrets.

use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Outcome, lex, token};

pub(crate) const DETECTOR: Detector = Detector {
    id: "secret/google-oauth-client-secret",
    label: "GOOGLE_OAUTH_CLIENT_SECRET",
    about: "a Google OAuth client secret: `GOCSPX-` and 28 base64url characters",
    max_span: 35,
    anchors: &[Anchor::Prefix("GOCSPX-")],
    find,
    tail: None,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[&["\"", "GOC", "SPX-Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-K", "\""], &["GOC", "SPX-Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3J"]],
    misses: &[
        &["GOC", "SPX-Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3"],
        &["GOC", "SPX-Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js"],
        &["XGOC", "SPX-Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3J"],
        &["goc", "spx-Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3J"],
        &["GOC", "SPX-your-client-secret-goes-here"],
        &["GOC", "SPX-xxxxxxxxxxxxxxxxxxxxxxxxxxxx"],
    ],
    computed: &[],
};

fn find(candidate: &Candidate<'_>) -> Outcome {
    token::whole(candidate, DETECTOR.anchors, 28..=28, lex::token, Confidence::Certain)
}
