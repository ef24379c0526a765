//! Atlassian tokens.

use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Find, Outcome, check, lex, token};

pub(crate) const DETECTOR: Detector = Detector {
    id: "secret/atlassian-token",
    label: "ATLASSIAN_TOKEN",
    about: "an Atlassian API token: `ATATT3`, base64url characters, `=` and a CRC-32 in hexadecimal (confirmed: certain)",
    max_span: 400,
    anchors: &[Anchor::Prefix("ATATT3")],
    find: Find::Code(find),
    tail: None,
    rank: 0,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &[
            "-u a:",
            "ATA",
            "TT3xFfGF0Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-Ku_Ea8Ro3IiWz8Kq3Lr6Tn1Xv5Mp9Cd2Bh7Gf4Js0YaQeUiOoPlKjHnBgVfCdXsZaQw7E3hT5kQ9wZ2xN7mB4vC1dF6gzQ7lW2xN5r=1A2B3C4D",
            " x",
        ],
        &[
            "ATA",
            "TT3xFfGF0Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-Ku_Ea8Ro3IiWz8Kq3Lr6Tn1Xv5Mp9Cd2Bh7Gf4Js0YaQeUiOoPlKjHnBgVfCdXsZaQw7E3hT5kQ9wZ2xN7mB4vC1dF6gzQ7lW2xN5rV8tB1yC4mD=00FF00FF",
        ],
    ],
    misses: &[
        &["ATA", "TT3xFfGF0Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2M"],
        &[
            "ATA",
            "TT3xFfGF0Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-Ku_Ea8Ro3IiWz8Kq3Lr6Tn1Xv5Mp9Cd2Bh7Gf4Js0YaQeUiOoPlKjHnBgVfCdXsZaQw7E3hT5kQ9wZ2xN7mB4vC1dF6gzQ7lW2xN5r",
        ],
        &[
            "ATA",
            "TT3xFfGF0Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-Ku_Ea8Ro3IiWz8Kq3Lr6Tn1Xv5Mp9Cd2Bh7Gf4Js0YaQeUiOoPlKjHnBgVfCdXsZaQw7E3hT5kQ9wZ2xN7mB4vC1dF6gzQ7lW2xN5r=1A2B3C4",
        ],
        &[
            "ATA",
            "TT3xFfGF0Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-Ku_Ea8Ro3IiWz8Kq3Lr6Tn1Xv5Mp9Cd2Bh7Gf4Js0YaQeUiOoPlKjHnBgVfCdXsZaQw7E3hT5kQ9wZ2xN7mB4vC1dF6gzQ7lW2xN5r=1A2B3C4D5",
        ],
        &[
            "XATA",
            "TT3xFfGF0Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-Ku_Ea8Ro3IiWz8Kq3Lr6Tn1Xv5Mp9Cd2Bh7Gf4Js0YaQeUiOoPlKjHnBgVfCdXsZaQw7E3hT5kQ9wZ2xN7mB4vC1dF6gzQ7lW2xN5r=1A2B3C4D",
        ],
        &[
            "ata",
            "tt3xFfGF0Zq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUir8Lp3Xs6Vn1Qk9Tz4Wc7Yb2Md5Hf0Jg-Ku_Ea8Ro3IiWz8Kq3Lr6Tn1Xv5Mp9Cd2Bh7Gf4Js0YaQeUiOoPlKjHnBgVfCdXsZaQw7E3hT5kQ9wZ2xN7mB4vC1dF6gzQ7lW2xN5r=1A2B3C4D",
        ],
    ],
    computed: &[with_checksum],
};

fn find(candidate: &Candidate<'_>) -> Outcome {
    look(candidate).unwrap_or_else(|outcome| outcome)
}

fn look(candidate: &Candidate<'_>) -> Result<Outcome, Outcome> {
    let start = candidate.anchor().start;
    let body = token::after(candidate, DETECTOR.anchors, 100..=380, lex::token)?;
    if candidate.at(body.end) != Some(b'=') {
        return Err(Outcome::Miss);
    }
    let sum = token::body(candidate, body.end + 1, 8..=8, |byte| byte.is_ascii_hexdigit())?;
    let valid = candidate.slice(sum.clone()) == checksum(candidate.slice(start..sum.start));
    Ok(Outcome::Hit(start..sum.end, if valid { Confidence::Certain } else { Confidence::Likely }))
}

fn checksum(signed: &str) -> String {
    format!("{:08X}", check::crc_32(signed.as_bytes()))
}

fn with_checksum() -> String {
    let signed = ["ATA", "TT3xFfGF0", &"Zq7Lw2Xn5Rv8-Tb1Yc4Md6_Kf9Hg3Js0".repeat(5), "="].concat();
    format!("{signed}{}", checksum(&signed))
}
