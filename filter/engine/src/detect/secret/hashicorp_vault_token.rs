//! HashiCorp Vault tokens.

use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Outcome, lex, token};

pub(crate) const DETECTOR: Detector = Detector {
    id: "secret/hashicorp-vault-token",
    label: "VAULT_TOKEN",
    about: "a HashiCorp Vault service or batch token: `hvs.` or `hvb.` and 24 to 400 base64url characters",
    max_span: 404,
    anchors: &[Anchor::Prefix("hvs."), Anchor::Prefix("hvb.")],
    find,
    tail: None,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &[
            "X-Vault-Token: ",
            "hv",
            "s.CAESIZq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-Ku_Ea8Ro3IiWz8Kq3",
            "\n",
        ],
        &[
            "hv",
            "b.AAAAAQZq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-Ku_Ea8Ro3IiWz8Kq3Lr6Tn1Xv5Mp9Cd2Bh7Gf4Js0YaQeUiOoPlKjHnBgVfCdXsZaQw7E3hT",
        ],
        &["hv", "s.Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9"],
    ],
    misses: &[
        &["hv", "s.Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf"],
        &["xhv", "s.Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUi"],
        &["HV", "S.Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUi"],
        &["hv", "s.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],
        &["hvs. something"],
    ],
    computed: &[],
};

fn find(candidate: &Candidate<'_>) -> Outcome {
    token::whole(candidate, DETECTOR.anchors, 24..=400, lex::token, Confidence::Certain)
}
