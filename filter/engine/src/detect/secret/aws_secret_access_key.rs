//! AWS secret access keys.

use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Find, Outcome, lex};

pub(crate) const DETECTOR: Detector = Detector {
    id: "secret/aws-secret-access-key",
    label: "AWS_SECRET_ACCESS_KEY",
    about: "an AWS secret access key: 40 base64 characters not more than 40 bytes behind its name (AWS IAM user guide)",
    max_span: 40,
    anchors: &[
        Anchor::Name("secret_access_key"),
        Anchor::Name("SecretAccessKey"),
        Anchor::Name("secret-access-key"),
        Anchor::Name("secret access key"),
        Anchor::Name("secret_key"),
        Anchor::Name("secretkey"),
    ],
    find: Find::Code(find),
    tail: None,
    rank: 0,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &["aws_secret_access_key = ", "wq7Lw2Xn5", "Rv8Tb1Yc", "4Md", "6Kf9Hg3J/0PaQeUi+Zx8", "\n"],
        &["AWS_SECRET_ACCESS_KEY=", "wq7Lw2Xn5", "Rv8Tb1Yc", "4Md", "6Kf9Hg3J/0PaQeUi+Zx8", ""],
        &["{\"SecretAccessKey\": \"", "wq7Lw2Xn5", "Rv8Tb1Yc", "4Md", "6Kf9Hg3J/0PaQeUi+Zx8", "\"}"],
        &["<SecretAccessKey>", "wq7Lw2Xn5", "Rv8Tb1Yc", "4Md", "6Kf9Hg3J/0PaQeUi+Zx8", "</SecretAccessKey>"],
        &["the AWS secret access key is: ", "wq7Lw2Xn5", "Rv8Tb1Yc", "4Md", "6Kf9Hg3J/0PaQeUi+Zx8", ", keep it"],
    ],
    misses: &[
        &["aws_secret_access_key = ", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"],
        &["aws_secret_access_key = ", "wq7Lw2Xn5", "Rv8Tb1Yc", "4Md", "6Kf9Hg3J/0PaQeUi+Zx"],
        &["aws_secret_access_key = ", "wq7Lw2Xn5", "Rv8Tb1Yc", "4Md", "6Kf9Hg3J/0PaQeUi+Zx8a"],
        &["key = ", "wq7Lw2Xn5", "Rv8Tb1Yc", "4Md", "6Kf9Hg3J/0PaQeUi+Zx8"],
        &["aws_secret_access_key = ", "3f9a1c7e", "5b2d80463f9a1c7e5b2d80463f9a1c7e"],
        &[
            "the secret access key must never be shown to anybody, not even as ",
            "wq7Lw2Xn5",
            "Rv8Tb1Yc",
            "4Md",
            "6Kf9Hg3J/0PaQeUi+Zx8",
        ],
        &["aws_secret_access_key = ", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],
        &["aws_secret_access_key = ", "wq7Lw2Xn5", "Rv8Tb1Yc", "4Md", "6Kf9Hg3J/0PaQeUi+Zx=="],
    ],
    computed: &[],
};

/// Bytes between the name and the key.
const GAP: usize = 40;
const LEN: usize = 40;

const fn member(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}

fn find(candidate: &Candidate<'_>) -> Outcome {
    let first = candidate.anchor().end;
    let mut at = first;
    while at - first <= GAP {
        let start = candidate.run_up_to(at, GAP + 1 - (at - first), |byte| !member(byte));
        let end = candidate.run_up_to(start, LEN + 1, member);
        if candidate.must_wait(end) && end - start <= LEN {
            return Outcome::Wait(start);
        }
        let glued = candidate.at(end).is_some_and(|byte| matches!(byte, b'=' | b'_' | b'-'));
        if end - start == LEN && start - first <= GAP && !glued {
            return judge(candidate.slice(start..end), start);
        }
        at = end.max(at + 1);
    }
    Outcome::Miss
}

fn judge(key: &str, start: usize) -> Outcome {
    let mixed = key.bytes().any(|byte| byte.is_ascii_uppercase()) && key.bytes().any(|byte| byte.is_ascii_lowercase());
    if !mixed || key.contains("EXAMPLE") || lex::placeholder(key.as_bytes()) {
        return Outcome::Miss;
    }
    Outcome::Hit(start..start + LEN, Confidence::Likely)
}
