//! npm tokens.

use crate::detect::{Anchor, Candidate, Detector, Evidence, Find, Outcome, check, token};

pub(crate) const DETECTOR: Detector = Detector {
    id: "secret/npm-token",
    label: "NPM_TOKEN",
    about: "an npm access token: `npm_` and 36 characters, of which the last six are a CRC-32 (confirmed: certain)",
    max_span: 40,
    anchors: &[Anchor::Prefix("npm_")],
    find: Find::Code(find),
    tail: None,
    rank: 0,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &["_authToken=", "np", "m_Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUi", "\n"],
        &["np", "m_iUeQaP0sJ3gH9fK6dM4cY1bT8vR5nX2wL7qZ"],
    ],
    misses: &[
        &["np", "m_Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeU"],
        &["np", "m_Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUia"],
        &["xnp", "m_Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUi"],
        &["NP", "M_Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUi"],
        &["np", "m_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],
        &["npm_config_cache"],
        &["npm_lifecycle_event"],
    ],
    computed: &[with_checksum],
};

fn find(candidate: &Candidate<'_>) -> Outcome {
    token::with_base_62_crc(candidate, DETECTOR.anchors, 36)
}

fn with_checksum() -> String {
    check::with_base_62_crc("npm_", "Qk9Tz4Wc7Yb2Md5Hf0JgKuEa8Ro3Ii")
}
