//! AWS access key ids.

use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Find, Outcome, token};

pub(crate) const DETECTOR: Detector = Detector {
    id: "secret/aws-access-key-id",
    label: "AWS_ACCESS_KEY_ID",
    about: "an AWS access key id: `AKIA`, `ASIA`, `ABIA` or `ACCA` and 16 base32 characters \
            (AWS IAM user guide, unique identifiers)",
    max_span: 20,
    anchors: &[Anchor::Prefix("AKIA"), Anchor::Prefix("ASIA"), Anchor::Prefix("ABIA"), Anchor::Prefix("ACCA")],
    find: Find::Code(find),
    tail: None,
    rank: 0,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &["key=", "AKIA", "QYLPMN5HXY4K2ZTB", " ok"],
        &["ASIA", "QYLPMN5HXY4K2ZTB"],
        &["\\n", "AKIA", "Q3EGRIZ5NTEXAM2L", "\\n"],
        &["密钥", "AKIA", "QYLPMN5HXY4K2ZTB", "。"],
        &["id%3D", "AKIA", "QYLPMN5HXY4K2ZTB", "%26"],
    ],
    misses: &[
        &["AKIA", "IOSFODNN7EXAMPLE"],
        &["AKIA", "short"],
        &["AKIA", "QYLPMN5HXY4K2ZT"],
        &["akia", "qylpmn5hxy4k2ztb"],
        &["XAKIA", "QYLPMN5HXY4K2ZTB"],
        &["my_AKIA", "QYLPMN5HXY4K2ZTB"],
        &["AKIA", "QYLPMN5HXY4K2ZTBB"],
        &["AKIA", "QYLPMN5HXY4K2ZTBa"],
        &["AKIA", "QYLPMN5HXY4K2Z01"],
        &["AKIA", "XXXXXXXXXXXXXXXX"],
        &["AKIA", "AAAAAAAAAAAAAAAA"],
    ],
    computed: &[],
};

fn find(candidate: &Candidate<'_>) -> Outcome {
    match token::after(candidate, DETECTOR.anchors, 16..=16, |byte| matches!(byte, b'A'..=b'Z' | b'2'..=b'7')) {
        Ok(body) if candidate.slice(body.clone()).ends_with("EXAMPLE") => Outcome::Miss,
        Ok(body) => Outcome::Hit(candidate.anchor().start..body.end, Confidence::Certain),
        Err(outcome) => outcome,
    }
}
