//! PyPI tokens.

use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Outcome, lex, token};

pub(crate) const DETECTOR: Detector = Detector {
    id: "secret/pypi-token",
    label: "PYPI_TOKEN",
    about: "a PyPI token: `pypi-`, the base64url beginning of a macaroon of pypi.org or test.pypi.org, and 50 to 1000 characters",
    max_span: 1100,
    anchors: &[Anchor::Prefix("pypi-AgEIcHlwaS5vcmc"), Anchor::Prefix("pypi-AgENdGVzdC5weXBpLm9yZw")],
    find,
    tail: None,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &[
            "password = ",
            "py",
            "pi-AgEIcHlwaS5vcmcZq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-Ku_Ea8Ro3IiWz8Kq3Lr6Tn1Xv5Mp9Cd2Bh7Gf4Js0YaQeUiOoPlKjHnBgVfCdXsZaQw7E3hT5kQ9wZ2xN7",
            "\n",
        ],
        &[
            "py",
            "pi-AgENdGVzdC5weXBpLm9yZwZq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-Ku_Ea8Ro3IiWz8Kq3Lr6Tn1Xv5Mp9Cd2",
        ],
    ],
    misses: &[
        &["py", "pi-AgEIcHlwaS5vcmc"],
        &["py", "pi-AgEIcHlwaS5vcmcZq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUi"],
        &[
            "xpy",
            "pi-AgEIcHlwaS5vcmcZq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-Ku_Ea8Ro3IiWz8Kq3Lr6Tn1Xv5Mp9Cd2",
        ],
        &[
            "py",
            "pi-AgEIcHlwaS5vcmdZq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-Ku_Ea8Ro3IiWz8Kq3Lr6Tn1Xv5Mp9Cd2",
        ],
        &[
            "PY",
            "PI-AgEIcHlwaS5vcmcZq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-Ku_Ea8Ro3IiWz8Kq3Lr6Tn1Xv5Mp9Cd2",
        ],
        &["pypi-server"],
    ],
    computed: &[],
};

fn find(candidate: &Candidate<'_>) -> Outcome {
    token::whole(candidate, DETECTOR.anchors, 50..=1000, lex::token, Confidence::Certain)
}
