//! OpenAI keys.

use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Find, Outcome, lex, token};

pub(crate) const DETECTOR: Detector = Detector {
    id: "secret/openai-api-key",
    label: "OPENAI_API_KEY",
    about: "an OpenAI key: `sk-proj-`, `sk-svcacct-`, `sk-admin-` and 40 to 200 base64url characters, or `sk-` and 20, the marker \
            `T3BlbkFJ` (`OpenAI` in base64) and 20 characters",
    max_span: 220,
    anchors: &[Anchor::Prefix("sk-")],
    find: Find::Code(find),
    tail: None,
    rank: 0,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &[
            "key ",
            "sk-proj-",
            "Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-Ku_Ea8T3Blb",
            "kFJ8aE_uK-gJ0fH5dM2bY7cW4zT9kQ1nV6sX3pL8riUeQaP0sJ3gH9fK6dM4cY1bT8vR5nX2wL7qZ",
            ",",
        ],
        &[
            "sk-",
            "svcacct-Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7YbT3BlbkFJZq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb",
        ],
        &[
            "\"",
            "sk-admin-",
            "Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-Ku_Ea8T3Blb",
            "kFJ8aE_uK-gJ0fH5dM2bY7cW4zT9kQ1nV6sX3pL8riUeQaP0sJ3gH9fK6dM4cY1bT8vR5nX2wL7qZ",
            "\"",
        ],
        &["=", "sk-", "Zq7Lw2Xn5Rv8Tb1Yc4MdT3Blb", "kFJc4Md6Kf9Hg3Js0PaQeUi", ";"],
        &["sk-", "proj-Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Q"],
    ],
    misses: &[
        &["sk-..."],
        &["sk-proj-", "..."],
        &["sk-your-", "api-key"],
        &["ask-", "Zq7Lw2Xn5Rv8Tb1Yc4MdT3Blb", "kFJc4Md6Kf9Hg3Js0PaQeUi"],
        &["sk-", "Zq7Lw2Xn5Rv8Tb1Yc4MT3Blb", "kFJc4Md6Kf9Hg3Js0PaQeUi"],
        &["sk-", "Zq7Lw2Xn5Rv8Tb1Yc4MdT3Blb", "kFJYc4Md6Kf9Hg3Js0PaQeUi"],
        &["sk-", "Zq7Lw2Xn5Rv8Tb1Yc4Mdt3blb", "kfjc4Md6Kf9Hg3Js0PaQeUi"],
        &["sk-proj-", "Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0"],
        &["sk-proj-", "your-api-key-goes-here-and-is-not-a-key-at-all-x"],
        &["SK-", "Zq7Lw2Xn5Rv8Tb1Yc4MdT3Blb", "kFJc4Md6Kf9Hg3Js0PaQeUi"],
        &[
            "sk-proj-",
            "Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-Ku_Ea8Ro3IiWz8Kq3Lr6Tn1Xv5Mp9Cd2Bh7Gf4Js0YaQeUiOoPlKjHnBgVfCdXsZaQw7E3hT5kQ9wZ2xN7mB4vC1dF6gzQ7lW2xN5rV8tB1yC4mD6kF9hG3jS0pAqEuIR8lP3xS6vN1qK9tZ4wC7yB2mD5hF0jG-kU",
        ],
    ],
    computed: &[],
};

const KINDS: &[&str] = &["proj-", "svcacct-", "admin-"];
const MARKER: &str = "T3BlbkFJ";

fn find(candidate: &Candidate<'_>) -> Outcome {
    look(candidate).unwrap_or_else(|outcome| outcome)
}

fn look(candidate: &Candidate<'_>) -> Result<Outcome, Outcome> {
    let start = candidate.anchor().start;
    let from = token::prefix(candidate, DETECTOR.anchors)?;
    let mut body = from..from;
    for kind in KINDS {
        match candidate.goes_on(from, kind) {
            None => return Err(Outcome::Wait(start)),
            Some(true) => body = token::body(candidate, from + kind.len(), 40..=200, lex::token)?,
            Some(false) => {}
        }
    }
    let kindless = body.is_empty();
    if kindless {
        body = token::body(candidate, from, 48..=48, lex::alnum)?;
    }
    let text = candidate.slice(body.clone());
    let marked = if kindless { text.get(20..28) == Some(MARKER) } else { text.contains(MARKER) };
    match (marked, kindless) {
        (true, _) => Ok(Outcome::Hit(start..body.end, Confidence::Certain)),
        (false, false) if !lex::placeholder(text.as_bytes()) => Ok(Outcome::Hit(start..body.end, Confidence::Likely)),
        (false, _) => Err(Outcome::Miss),
    }
}
