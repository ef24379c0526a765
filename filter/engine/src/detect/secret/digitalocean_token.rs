//! DigitalOcean tokens.

use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Outcome, lex, token};

pub(crate) const DETECTOR: Detector = Detector {
    id: "secret/digitalocean-token",
    label: "DIGITALOCEAN_TOKEN",
    about: "a DigitalOcean personal, OAuth or refresh token: `dop_v1_`, `doo_v1_` or `dor_v1_` and 64 hexadecimal digits",
    max_span: 71,
    anchors: &[Anchor::Prefix("dop_v1_"), Anchor::Prefix("doo_v1_"), Anchor::Prefix("dor_v1_")],
    find,
    tail: None,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &["t=", "do", "p_v1_3f9a1c7e5b2d80463f9a1c7e5b2d80463f9a1c7e5b2d80463f9a1c7e5b2d8046", " x"],
        &["do", "r_v1_0b8e6d4c2a1f75930b8e6d4c2a1f75930b8e6d4c2a1f75930b8e6d4c2a1f7593"],
    ],
    misses: &[
        &["do", "p_v1_3f9a1c7e5b2d80463f9a1c7e5b2d80463f9a1c7e5b2d8046"],
        &["do", "p_v1_3f9a1c7e5b2d80463f9a1c7e5b2d80463f9a1c7e5b2d80463f9a1c7e5b2d80460"],
        &["xdo", "p_v1_3f9a1c7e5b2d80463f9a1c7e5b2d80463f9a1c7e5b2d80463f9a1c7e5b2d8046"],
        &["DO", "P_V1_3f9a1c7e5b2d80463f9a1c7e5b2d80463f9a1c7e5b2d80463f9a1c7e5b2d8046"],
        &["do", "p_v1_0000000000000000000000000000000000000000000000000000000000000000"],
        &["do", "p_v1_3f9a1c7e5b2d804g3f9a1c7e5b2d804g3f9a1c7e5b2d804g3f9a1c7e5b2d804g"],
    ],
    computed: &[],
};

fn find(candidate: &Candidate<'_>) -> Outcome {
    token::whole(candidate, DETECTOR.anchors, 64..=64, lex::hex, Confidence::Certain)
}
