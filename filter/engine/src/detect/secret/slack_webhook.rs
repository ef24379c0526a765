//! Slack webhooks.

use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Find, Outcome, lex};

pub(crate) const DETECTOR: Detector = Detector {
    id: "secret/slack-webhook",
    label: "SLACK_WEBHOOK",
    about: "the address of a Slack webhook: `hooks.slack.com` and a path of `services`, `workflows` or `triggers` with its ids",
    max_span: 200,
    anchors: &[Anchor::Text("hooks.slack.com/")],
    find: Find::Code(find),
    tail: None,
    rank: 0,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &["https://", "hooks.slack.com/", "services/T02ABCDEF3G/B02ABCDEF3H/Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9", "\""],
        &[
            "https://",
            "hooks.slack.com/",
            "workflows/T02ABCDEF3G/A02ABCDEF3H/291234567890123456/Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9",
            " and",
        ],
        &["<", "hooks.slack.com/", "triggers/T02ABCDEF3G/2912345678901/3f9a1c7e5b2d80463f9a1c7e5b2d8046", ">"],
    ],
    misses: &[
        &["https://", "hooks.slack.com/", "services/T02ABCDEF3G"],
        &["https://", "hooks.slack.com/", "services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX"],
        &["https://", "hooks.slack.com/", "services/T02ABCDEF3G/B02ABCDEF3H/short"],
        &["https://", "hooks.slack.com/", "docs/T02ABCDEF3G/B02ABCDEF3H/Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9"],
        &["https://", "webhooks.slack.com/", "services/T02ABCDEF3G/B02ABCDEF3H/Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9"],
        &["https://", "hooks.slack.com/", "services/your/webhook/abcdefghijklmnopqrstuvwx"],
    ],
    computed: &[],
};

fn find(candidate: &Candidate<'_>) -> Outcome {
    let anchor = candidate.anchor();
    if !lex::opens(candidate, anchor.start) {
        return Outcome::Miss;
    }
    let end = candidate.run_up_to(anchor.end, 181, |byte| lex::token(byte) || byte == b'/');
    if end - anchor.end > 180 {
        return Outcome::Miss;
    }
    if candidate.must_wait(end) {
        return Outcome::Wait(anchor.start);
    }
    let path = candidate.slice(anchor.end..end).trim_end_matches('/');
    let mut steps = path.split('/');
    let known = matches!(steps.next(), Some("services" | "workflows" | "triggers"));
    let team = steps.next().is_some_and(|id| id.starts_with('T') && id.len() >= 8 && id.bytes().all(lex::alnum));
    let key = steps.next_back().is_some_and(|key| key.len() >= 20 && !lex::placeholder(key.as_bytes()));
    let ids = steps.all(|id| id.len() >= 8 && id.bytes().all(lex::alnum));
    if known && team && key && ids {
        Outcome::Hit(anchor.start..anchor.end + path.len(), Confidence::Certain)
    } else {
        Outcome::Miss
    }
}
