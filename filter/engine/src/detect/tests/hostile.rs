//! Texts made to cost: the work is counted, not timed.

use super::super::Scanner;
use super::*;

/// Work of matchers per byte of text that no text may exceed.
const PER_BYTE: u64 = 64;

fn hostile() -> Vec<String> {
    let line = "MIIEpAIBAAKCAQEAq7Lw2Xn5Rv8Tb1Yc4Md6Kf9Hg3Js0PaQeUiWz8Kq3Lr6Tn1X\n";
    let mut seeds: Vec<String> = [
        "eyJ",
        " eyJ",
        ".eyJ",
        "-eyJ",
        "eyJhbGciOiJIUzI1NiJ9.",
        "AKIA",
        " AKIA",
        "-----BEGIN ",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\n",
        "-----END PRIVATE KEY-----",
        "1 ",
        "1",
        "12",
        "123 ",
        "1234 ",
        "4111 ",
        "4111-",
        "41111111 ",
        "536-",
        "536-90-",
        "536904399 ",
        "@",
        "a@",
        "a@b.",
        "a.b@c.de-",
        "%@",
        "é@",
        "sk-",
        " sk-",
        "sk-proj-",
        "x",
        "xox",
        "xoxe.",
        "xoxe-",
        "xapp-",
        "ghs_",
        " ghs_",
        "-ghs_",
        ".ghs_",
        "glpat-",
        "ATATT3",
        "-ATATT3",
        "secret_access_key",
        "secret_access_key=",
        "secret_key ",
        "AccountKey=",
        ":AA",
        "12345678:AA",
        "GB82",
        "GB82 ",
        "GB 82",
        "DE89 3704 ",
        "hooks.slack.com/",
        "hvs.",
        "-hvs.",
        "ya29.",
        "-ya29.",
        "pypi-AgEIcHlwaS5vcmc",
        "SG.",
        "%3D",
        "\\n",
        "\\",
        "ssn ",
        "ssn 536904399",
        "dapi",
        "glsa_",
        "npm_",
        "hf_",
        "1 1-",
        "1-2.3/4 ",
        "12 34 56 78 ",
        "AB 12 34 56 ",
        "ABCDEF 1",
        "nif tin afm 501964843 ",
        "nif tin 501964843",
        "id id id 123456782 ",
        "身份证11010519491231002X",
        "身份证 1 ",
        "first_name",
        "first_name: ",
        "first_name: \"Ada ",
        "address: 1 a",
        "address=",
        "swift code ",
        "bic ",
        "+",
        "+1 ",
        "+49 30 ",
        "+1 415 555 2671",
        "(4",
        "tel 12 34 56 7",
        "203.0.113.42 ",
        "203.0.113.42",
        "2001:db8::1 ",
        "2001:",
        "aa:bb:1",
        "aa:bb:cc:",
        "00:1B:44:11:3A:B7",
        "March 1",
        "12 March ",
        "12 de marzo de ",
        "1985-03-12 ",
        "48.8566, 2.3522",
        "48.8566 ",
        "-1.0001,",
        "0x1",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed ",
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa ",
        "1A1zP1eP5QGefi2DMPTfTL5SLm",
        "bc1q",
        "T1",
        "A1 ",
        "C01X00T47",
        "123456782,",
        "12345678901 ",
        "1234567890123456 ",
        "123-45-6789 ",
    ]
    .map(str::to_owned)
    .to_vec();
    seeds.push(format!("-----BEGIN PRIVATE KEY-----\n{}", line.repeat(400)));
    seeds.push(format!("-----BEGIN PRIVATE KEY-----\n{}", " ".repeat(20_000)));
    seeds.push(format!("-----BEGIN PRIVATE KEY-----\n{}", "Name: x\n".repeat(3_000)));
    seeds.push(format!("eyJhbGciOiJIUzI1NiJ9.{}", "a".repeat(20_000)));
    seeds.push(format!("-----BEGIN {}", "A ".repeat(3_000)));
    seeds
}

#[test]
fn work_is_linear_in_whole_texts() {
    for seed in hostile() {
        let text = seed.repeat((1 << 20) / seed.len() + 1);
        let mut scanner = Scanner::new(&*CATALOG, WORK);
        scanner.whole(&text, &mut Vec::new());
        let per_byte = (WORK - scanner.work_left()) / text.len() as u64;
        assert!(per_byte <= PER_BYTE, "{per_byte} per byte of {:?}", &seed[..seed.floor_char_boundary(40)]);
    }
}

#[test]
fn work_is_linear_in_streams_of_small_pieces() {
    for seed in hostile() {
        let text = seed.repeat((1 << 16) / seed.len() + 1);
        let mut scanner = Scanner::new(&*CATALOG, WORK);
        let mut rest = text.as_str();
        let (mut fed, mut most) = (0, 0);
        while !rest.is_empty() {
            let (piece, next) = rest.split_at(rest.ceil_char_boundary(4.min(rest.len())));
            fed += piece.len();
            most = most.max(fed - scanner.feed(piece, &mut Vec::new()));
            rest = next;
        }
        scanner.finish(&mut Vec::new());
        // What waits is read anew at most each time that it has grown by a sixteenth.
        let per_byte = (WORK - scanner.work_left()) / text.len() as u64;
        assert!(per_byte <= 17 * PER_BYTE, "{per_byte} per byte of {:?}", &seed[..seed.floor_char_boundary(40)]);
        assert!(most <= CATALOG.max_span() + CATALOG.max_span() / 16 + 24, "held {most}");
    }
}

#[test]
fn work_that_runs_out_says_so_and_stops() {
    let text = "ada@example.com ".repeat(1000);
    let mut findings = Vec::new();
    let work = text.len() as u64 + 1000;
    let mut scanner = Scanner::new(&*CATALOG, work);
    scanner.whole(&text, &mut findings);
    assert!(scanner.exhausted() && scanner.work_left() == 0);
    assert!(!findings.is_empty() && findings.len() < 100, "{}", findings.len());

    let mut scanner = Scanner::new(&*CATALOG, work);
    scanner.feed(&text, &mut Vec::new());
    assert!(scanner.exhausted());
    // Nothing of what still comes is kept.
    scanner.set_work(work);
    scanner.feed(&text, &mut Vec::new());
    assert_eq!((scanner.feed("ada@example.com ", &mut Vec::new()), scanner.work_left()), (2 * text.len() + 16, 0));
    assert!(!Scanner::new(&*CATALOG, work).exhausted());
}

#[test]
fn a_text_that_costs_more_than_is_left_is_not_begun() {
    let (mut scanner, mut findings) = (Scanner::new(&*CATALOG, 40), Vec::new());
    scanner.whole("ada", &mut findings);
    assert_eq!((scanner.exhausted(), scanner.work_left()), (false, 37), "every text costs its bytes");
    scanner.whole(&"ada@example.com ".repeat(3), &mut findings);
    assert_eq!((scanner.exhausted(), scanner.work_left(), findings.len()), (true, 0, 0));
}

#[test]
fn a_pattern_that_begins_everywhere_counts_every_search() {
    let mut builder = SetBuilder::new();
    builder.pattern(name("custom/x"), Pattern::new("a.{0,400}zzz|a", "zzz", 404).unwrap()).unwrap();
    let set = builder.build().unwrap();
    let text = ["a".repeat(400).as_str(), "zz."].concat().repeat(10) + &["a".repeat(400), "zzzz".to_owned()].concat();
    let mut scanner = Scanner::new(&set, WORK);
    scanner.whole(&text, &mut Vec::new());
    assert!(WORK - scanner.work_left() >= 400);
}
