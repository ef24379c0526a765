//! Business identifier codes of banks.

use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Find, Outcome, lex};

pub(crate) const DETECTOR: Detector = Detector {
    id: "pii/swift-bic",
    label: "BANK_CODE",
    about: "a business identifier code behind the words: four letters, a country, a location, a branch (ISO 9362)",
    max_span: 11,
    anchors: &[Anchor::Name("swift"), Anchor::Name("bic")],
    find: Find::Code(find),
    tail: None,
    rank: 0,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &["BIC: ", "DEUTDEFF", "."],
        &["SWIFT code ", "NEDSZAJJXXX", ","],
        &["SWIFT/BIC: ", "BOFAUS3N", ""],
        &["{\"bic\":\"", "COBADEFFXXX", "\"}"],
        &["swift_code=", "MARKDEF1100", "&"],
    ],
    misses: &[
        &["DEUTDEFF"],
        &["BIC: DEUTQQFF"],
        &["SWIFT code deutdeff"],
        &["cubic DEUTDEFF"],
        &["Swift is a programming language"],
        &["BIC DEUTDEFFXX"],
    ],
    computed: &[],
};

/// Countries and territories that have banks with such codes (ISO 3166).
const COUNTRIES: &[u8] =
    b"ADAEAFAGAIALAMAOARATAUAWAZBABBBDBEBFBGBHBIBJBMBNBOBRBSBTBWBYBZCACDCFCGCHCICLCMCNCOCRCUCVCWCY\
CZDEDJDKDMDODZECEEEGERESETFIFJFOFRGAGBGDGEGGGHGIGLGMGNGQGRGTGWGYHKHNHRHTHUIDIEILIMINIQIRISITJEJMJOJPKEKGKHKMKNKRKWKYKZ\
LALBLCLILKLRLSLTLULVLYMAMCMDMEMGMKMLMMMNMOMRMTMUMVMWMXMYMZNANCNENGNINLNONPNZOMPAPEPFPGPHPKPLPSPTPYQARORSRURWSASBSCSDSE\
SGSISKSLSMSNSRSSSTSVSYSZTCTDTGTHTJTLTMTNTOTRTTTVTWTZUAUGUSUYUZVAVCVEVGVNVUWSXKYEZAZMZW";

/// Words that may stand between the key and the code.
const BETWEEN: &[&str] = &["code", "bic", "swift", "is", "number", "no"];

fn find(candidate: &Candidate<'_>) -> Outcome {
    let anchor = candidate.anchor();
    if candidate.before(anchor.start).is_some_and(lex::alnum) {
        return Outcome::Miss;
    }
    let mut at = anchor.end;
    for _ in 0..4 {
        let start = candidate.run_up_to(at, 5, |byte| !lex::alnum(byte) && byte.is_ascii() && byte != b'\n');
        let end = candidate.run_up_to(start, 12, lex::alnum);
        if candidate.must_wait(end) && end - start < 12 {
            return Outcome::Wait(anchor.end);
        }
        let word = candidate.slice(start..end);
        if is_code(word.as_bytes()) && start > at && !candidate.at(end).is_some_and(lex::identifier) {
            return Outcome::Hit(start..end, Confidence::Likely);
        }
        if !BETWEEN.iter().any(|known| known.eq_ignore_ascii_case(word)) {
            return Outcome::Miss;
        }
        at = end;
    }
    Outcome::Miss
}

fn is_code(code: &[u8]) -> bool {
    let (letters, rest) = code.split_at_checked(6).unwrap_or_default();
    let country = letters.get(4..).unwrap_or_default();
    matches!(code.len(), 8 | 11)
        && letters.iter().all(u8::is_ascii_uppercase)
        && rest.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        && COUNTRIES.as_chunks::<2>().0.iter().any(|known| known.as_slice() == country)
}
