//! Grafana service account tokens.

use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Find, Outcome, check, lex, token};

pub(crate) const DETECTOR: Detector = Detector {
    id: "secret/grafana-token",
    label: "GRAFANA_TOKEN",
    about: "a Grafana service account token: `glsa_`, 32 letters or digits, `_` and a CRC-32 in hexadecimal (confirmed: certain)",
    max_span: 46,
    anchors: &[Anchor::Prefix("glsa_")],
    find: Find::Code(find),
    tail: None,
    rank: 0,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &["t: ", "gl", "sa_Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0Pa_a1b2c3d4", " x"],
        &["gl", "sa_w2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUi_00ff00ff"],
    ],
    misses: &[
        &["gl", "sa_Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0P_a1b2c3d4"],
        &["gl", "sa_Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0Pa_a1b2c3d"],
        &["gl", "sa_Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0Pa_a1b2c3d4e"],
        &["gl", "sa_Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0Pa-a1b2c3d4"],
        &["xgl", "sa_Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0Pa_a1b2c3d4"],
        &["GL", "SA_Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0Pa_a1b2c3d4"],
        &["gl", "sa_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx_00000000"],
    ],
    computed: &[with_checksum],
};

fn find(candidate: &Candidate<'_>) -> Outcome {
    let body = match token::after(candidate, DETECTOR.anchors, 41..=41, lex::identifier) {
        Ok(body) => body,
        Err(outcome) => return outcome,
    };
    let start = candidate.anchor().start;
    let token = candidate.slice(start..body.end);
    let Some((signed, sum)) = token.rsplit_once('_') else { return Outcome::Miss };
    if sum.len() != 8 || !sum.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Outcome::Miss;
    }
    let valid = sum.eq_ignore_ascii_case(&checksum(signed));
    Outcome::Hit(start..body.end, if valid { Confidence::Certain } else { Confidence::Likely })
}

fn checksum(signed: &str) -> String {
    format!("{:08x}", check::crc_32(signed.as_bytes()).swap_bytes())
}

fn with_checksum() -> String {
    let signed = ["gl", "sa_Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0Pa"].concat();
    format!("{signed}_{}", checksum(&signed))
}
