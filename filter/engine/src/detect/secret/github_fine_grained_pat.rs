//! GitHub fine-grained personal access tokens.

use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Outcome, lex, token};

pub(crate) const DETECTOR: Detector = Detector {
    id: "secret/github-fine-grained-pat",
    label: "GITHUB_TOKEN",
    about: "a GitHub fine-grained personal access token: `github_pat_`, 22 characters, `_`, 59 characters",
    max_span: 93,
    anchors: &[Anchor::Prefix("github_pat_")],
    find,
    tail: None,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &[
            "token: ",
            "github_pat_115kQ9wZ2xN7mB4vC1dF6g",
            "_Wz8Kq3Lr6Tn1Xv5Mp9Cd2Bh7Gf4Js0YaQeUiOoPlKjHnBgVfCdXsZaQw7E3",
            ".",
        ],
        &["github_pat_115kQ9wZ2xN7mB4vC1dF6g", "_Wz8Kq3Lr6Tn1Xv5Mp9Cd2Bh7Gf4Js0YaQeUiOoPlKjHnBgVfCdXsZaQw7E3"],
    ],
    misses: &[
        &["github_pat_115kQ9wZ2xN7mB4vC1dF6g", "_Wz8Kq3Lr6Tn1Xv5Mp9Cd2Bh7Gf4Js0YaQeUiOoPlKjHnBgVfCdXsZaQw7E"],
        &["github_pat_115kQ9wZ2xN7mB4vC1dF6g", "_Wz8Kq3Lr6Tn1Xv5Mp9Cd2Bh7Gf4Js0YaQeUiOoPlKjHnBgVfCdXsZaQw7E3Z"],
        &["my_github_pat_115kQ9wZ2xN7mB4vC1dF6g", "_Wz8Kq3Lr6Tn1Xv5Mp9Cd2Bh7Gf4Js0YaQeUiOoPlKjHnBgVfCdXsZaQw7E3"],
        &["github_pat_115kQ9wZ2xN7mB4vC1dF6g", "-Wz8Kq3Lr6Tn1Xv5Mp9Cd2Bh7Gf4Js0YaQeUiOoPlKjHnBgVfCdXsZaQw7E3"],
        &["github_pat_xxxxxxxxxxxxxxxxxxxxxx", "_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],
        &["github_pat_"],
    ],
    computed: &[],
};

fn find(candidate: &Candidate<'_>) -> Outcome {
    let body = match token::after(candidate, DETECTOR.anchors, 82..=82, lex::identifier) {
        Ok(body) => candidate
            .slice(body.clone())
            .bytes()
            .enumerate()
            .all(|(at, byte)| (at == 22) == (byte == b'_'))
            .then_some(body),
        Err(outcome) => return outcome,
    };
    body.map_or(Outcome::Miss, |body| Outcome::Hit(candidate.anchor().start..body.end, Confidence::Certain))
}
