//! Stripe keys.

use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Outcome, lex, token};

pub(crate) const DETECTOR: Detector = Detector {
    id: "secret/stripe-key",
    label: "STRIPE_KEY",
    about: "a Stripe secret or restricted key, live or test, or the secret of a webhook: prefix and 16 to 247 characters",
    max_span: 256,
    anchors: &[
        Anchor::Prefix("sk_live_"),
        Anchor::Prefix("sk_test_"),
        Anchor::Prefix("rk_live_"),
        Anchor::Prefix("rk_test_"),
        Anchor::Prefix("whsec_"),
    ],
    find,
    tail: None,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &["key: ", "sk_li", "ve_51Zq7Lw2Xn5Rv8Tb1Yc4Md6K", "\n"],
        &["rk_te", "st_Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9"],
        &[
            "(",
            "sk_te",
            "st_51Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUiZq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUiZq7Lw2Xn5Rv8Tb1Yc4Md",
            ")",
        ],
        &["whs", "ec_Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0Pa"],
        &[
            "STRIPE=",
            "rk_li",
            "ve_51Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUiZq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUiZq7Lw2Xn5Rv8Tb1Yc4Md",
            "",
        ],
    ],
    misses: &[
        &["sk_li", "ve_xxxxxxxxxxxxxxxxxxxxxxxx"],
        &["sk_li", "ve_short"],
        &["sk_li", "ve_"],
        &["ask_li", "ve_51Zq7Lw2Xn5Rv8Tb1Yc4Md6K"],
        &["sk_li", "ve_51Zq7Lw2Xn5Rv8Tb1Yc4Md6K_suffix"],
        &["SK_LI", "VE_51Zq7Lw2Xn5Rv8Tb1Yc4Md6K"],
        &["pk_li", "ve_51Zq7Lw2Xn5Rv8Tb1Yc4Md6K"],
        &["whs", "ec_..."],
        &[
            "sk_li",
            "ve_Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUiZq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUiZq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUiZq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUiZq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUiZq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUiZq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUi",
        ],
    ],
    computed: &[],
};

fn find(candidate: &Candidate<'_>) -> Outcome {
    token::whole(candidate, DETECTOR.anchors, 16..=247, lex::alnum, Confidence::Certain)
}
