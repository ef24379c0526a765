//! Signatures of Azure shared access.

use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Find, Outcome, lex};

pub(crate) const DETECTOR: Detector = Detector {
    id: "secret/azure-sas",
    label: "AZURE_SAS",
    about: "the signature of an Azure shared access signature: `sig=` and a SHA-256 HMAC in base64, which may be percent-encoded, \
            among the other fields of one (`sv=`, `se=`, `sp=`, `sr=`; Azure Storage documentation)",
    max_span: MAX,
    anchors: &[Anchor::Name("&sig="), Anchor::Name("?sig=")],
    find: Find::Code(find),
    tail: None,
    rank: 0,
};

const MAX: usize = 72;

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &[
            "https://x.blob.core.windows.net/a?sv=2024-08-04&se=2026-01-01&sr=b&sp=r&sig=",
            "Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9",
            "Hg3Js0PaQeUir8Lp3Xs%3D",
            "\"",
        ],
        &[
            "SharedAccessSignature sr=hub&se=1700000000&sig=",
            "Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9",
            "Hg3Js0PaQe%2Bir8Lp3Xs%3D",
            "&skn=root",
        ],
        &["https://x.example.net/?sv=1&sp=r&sig=", "Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9", "Hg3Js0PaQeUir8Lp3Xs=", ""],
    ],
    misses: &[
        &["https://example.com/?a=1&sig=", "Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9", "Hg3Js0PaQeUir8Lp3Xs%3D"],
        &["?sv=2024&sp=r&sig=", "Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9"],
        &["?sv=2024&sp=r&sig=<signature>"],
        &["?sv=2024&sp=r&sig=", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx%3D"],
    ],
    computed: &[],
};

fn find(candidate: &Candidate<'_>) -> Outcome {
    const LOOKBACK: usize = 120;
    let anchor = candidate.anchor();
    let end = candidate.run_up_to(anchor.end, MAX + 1, |byte| lex::base64(byte) || byte == b'%');
    if end - anchor.end <= MAX && candidate.must_wait(end) {
        return Outcome::Wait(anchor.end);
    }
    let from = candidate.text().ceil_char_boundary(anchor.start.saturating_sub(LOOKBACK));
    candidate.charge(anchor.start - from);
    let before = candidate.slice(from..anchor.start);
    let fields = ["sv=", "se=", "sp=", "sr="].iter().filter(|field| before.contains(**field)).count();
    let value = candidate.slice(anchor.end..end);
    let ends = value.ends_with("%3D") || value.ends_with("%3d") || value.ends_with('=');
    if !(44..=MAX).contains(&value.len()) || !ends || fields < 2 || lex::placeholder(value.as_bytes()) {
        return Outcome::Miss;
    }
    Outcome::Hit(anchor.end..end, Confidence::Certain)
}
