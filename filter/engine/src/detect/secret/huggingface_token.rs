//! Hugging Face tokens.

use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Outcome, lex, token};

pub(crate) const DETECTOR: Detector = Detector {
    id: "secret/huggingface-token",
    label: "HUGGINGFACE_TOKEN",
    about: "a Hugging Face token: `hf_` or `api_org_` and 34 letters or digits",
    max_span: 42,
    anchors: &[Anchor::Prefix("hf_"), Anchor::Prefix("api_org_")],
    find,
    tail: None,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &["HF_TOKEN=", "h", "f_Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQe", "\n"],
        &["h", "f_bQrTwMzXcVnLkJhGfDsAqWeRtYuIoPzXcV"],
        &["api_", "org_Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQe"],
    ],
    misses: &[
        &["h", "f_Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQ"],
        &["h", "f_Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeU"],
        &["xh", "f_Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQe"],
        &["H", "F_Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQe"],
        &["h", "f_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],
        &["hf_hub_download"],
        &["h", "f_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"],
    ],
    computed: &[],
};

fn find(candidate: &Candidate<'_>) -> Outcome {
    token::whole(candidate, DETECTOR.anchors, 34..=34, lex::alnum, Confidence::Certain)
}
