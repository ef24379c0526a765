//! AWS access key ids.

use crate::detect::lex::alnum;
use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Outcome, no_tail};

pub(crate) const DETECTOR: Detector = Detector {
    id: "secret/aws-access-key-id",
    label: "AWS_ACCESS_KEY_ID",
    about: "an AWS access key id: `AKIA`, `ASIA`, `ABIA` or `ACCA` and 16 base32 characters \
            (AWS IAM user guide, unique identifiers)",
    max_span: 20,
    anchors: &[Anchor::Text("AKIA"), Anchor::Text("ASIA"), Anchor::Text("ABIA"), Anchor::Text("ACCA")],
    find,
    tail: no_tail,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[&["key=", "AKIA", "QYLPMN5HXY4K2ZTB", " ok"], &["ASIA", "2222333344445555"]],
    misses: &[
        &["AKIA", "IOSFODNN7EXAMPLE"],
        &["AKIA", "short"],
        &["akia", "qylpmn5hxy4k2ztb"],
        &["XAKIA", "QYLPMN5HXY4K2ZTB"],
        &["AKIA", "QYLPMN5HXY4K2ZTBB"],
        &["AKIA", "QYLPMN5HXY4K2Z01"],
    ],
};

fn find(candidate: &Candidate<'_>) -> Outcome {
    let start = candidate.anchor().start;
    if candidate.before(start).is_some_and(alnum) || !candidate.slice(candidate.anchor()).bytes().all(|b| b.is_ascii_uppercase()) {
        return Outcome::Miss;
    }
    let end = candidate.run_up_to(start, 21, |byte| matches!(byte, b'A'..=b'Z' | b'2'..=b'7'));
    if candidate.must_wait(end) {
        return Outcome::Wait(start);
    }
    let documentation = candidate.slice(start..end).ends_with("EXAMPLE");
    if end - start != 20 || candidate.at(end).is_some_and(alnum) || documentation {
        return Outcome::Miss;
    }
    Outcome::Hit(start..end, Confidence::Certain)
}
