//! Azure account keys.

use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Find, Outcome, lex};

pub(crate) const DETECTOR: Detector = Detector {
    id: "secret/azure-storage-key",
    label: "AZURE_STORAGE_KEY",
    about: "the key of an Azure Storage or Cosmos DB account: 86 base64 characters and `==` behind `AccountKey=`",
    max_span: 88,
    anchors: &[Anchor::Text("AccountKey=")],
    find: Find::Code(find),
    tail: None,
    rank: 0,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &[
            "AccountName=weir;AccountKey=",
            "Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg+Ku/Ea8Ro3IiWz8Kq3L==",
            ";EndpointSuffix=core.windows.net",
        ],
        &[
            "accountkey=",
            "Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg+Ku/Ea8Ro3IiWz8Kq3L==",
            "",
        ],
    ],
    misses: &[
        &["AccountKey=", "Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg+Ku/Ea8Ro3IiWz8Kq3L="],
        &["AccountKey=", "Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg+Ku/Ea8Ro3IiWz8Kq3=="],
        &["AccountKey=", "Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg+Ku/Ea8Ro3IiWz8Kq3Lr6=="],
        &["AccountKey=", "<your key>"],
        &["AccountKey=", "Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg+Ku/Ea8Ro3IiWz8Kq3L==="],
        &["AccountKey=", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="],
        &["AccountKey", "Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg+Ku/Ea8Ro3IiWz8Kq3L=="],
    ],
    computed: &[],
};

fn find(candidate: &Candidate<'_>) -> Outcome {
    let start = candidate.anchor().end;
    let end = candidate.run_up_to(start, 89, lex::base64);
    if end - start <= 88 && candidate.must_wait(end) {
        return Outcome::Wait(start);
    }
    let key = candidate.slice(start..end).strip_suffix("==").unwrap_or_default();
    // A key that carries a signature has a detector of its own.
    let signed = matches!(key.get(76..80), Some("+ASt" | "ACDb" | "+ABa" | "+AMC" | "APIM"));
    if key.len() != 86 || signed || key.ends_with('=') || lex::placeholder(key.as_bytes()) {
        return Outcome::Miss;
    }
    Outcome::Hit(start..end, Confidence::Certain)
}
