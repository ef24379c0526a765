//! E-mail addresses.

use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Find, Outcome};

/// RFC 5321, sections 4.5.3.1.1 and 4.5.3.1.2.
const LOCAL_MAX: usize = 64;
const DOMAIN_MAX: usize = 255;

pub(crate) const DETECTOR: Detector = Detector {
    id: "pii/email",
    label: "EMAIL",
    about: "an e-mail address with a dotted domain (the unquoted forms of RFC 5321, with accented Latin letters)",
    max_span: LOCAL_MAX + 1 + DOMAIN_MAX,
    anchors: &[Anchor::Text("@")],
    find: Find::Code(find),
    tail: Some(tail),
    rank: 0,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &["write to ", "ada.lovelace+notes@example.co.uk", ", please"],
        &["<", "x_y@mail.example.com", ">."],
        &["a@b.io"],
        &["ask ", "Jörg.Müller@münchen.example.de", "!"],
        &["mailto:", "o'brien@example.com", "?subject=x"],
        &["邮箱是", "li.wei@example.cn", "。"],
        &["'", "ada@example.com", "'"],
        &["...", "ada@example.com", "..."],
        &["to=", "ada@example.com", ":secret"],
        &["ada ", "git@example.com", ": hello"],
        &["ada@", "x@example.com", "@"],
    ],
    misses: &[
        &["@example.com"],
        &["a@localhost"],
        &["git@github"],
        &["a@b.c"],
        &["@user mentions @other.user"],
        &["1@2.34"],
        &["git@github.com:weir/weir.git"],
        &["icon@2x.png"],
        &["lodash@4.17.21"],
        &["a.@example.com"],
        &["a@example..com"],
        &["a@-example.com"],
        &["a @ example.com"],
    ],
    computed: &[
        || ["a@", &"label.".repeat(40), "example"].concat(),
        || ["a".repeat(64).as_str(), "@example.org"].concat(),
    ],
};

/// The letters with which European languages write names beyond ASCII: Latin-1, Latin Extended-A and -B.
const fn accented(character: char) -> bool {
    matches!(character, '\u{C0}'..='\u{24F}')
}

const fn local(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '.' | '_' | '%' | '+' | '-' | '\'') || accented(character)
}

/// Length of the run of local-part characters at the end of a text, no longer than a local part may be.
fn local_run(text: &str) -> usize {
    let lengths = text.chars().rev().take_while(|character| local(*character)).map(char::len_utf8);
    let mut run = 0;
    for length in lengths.take(LOCAL_MAX) {
        if run + length > LOCAL_MAX {
            break;
        }
        run += length;
    }
    run
}

fn tail(text: &str) -> usize {
    local_run(text)
}

fn find(candidate: &Candidate<'_>) -> Outcome {
    let at = candidate.anchor().start;
    let run = local_run(candidate.slice(0..at));
    candidate.charge(run);
    let name = candidate.slice(at - run..at).trim_start_matches(['.', '\'', '-', '%']);
    let start = at - name.len();
    if name.is_empty() || name.ends_with('.') || in_address(candidate, start) {
        return Outcome::Miss;
    }
    // Of a longer character at the end of what may be read, the first bytes are enough to stop.
    let end = candidate.run_up_to(at + 1, DOMAIN_MAX, |byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | 0x80..=0xBF | 0xC3..=0xC9)
    });
    if candidate.must_wait(end) && end - at <= DOMAIN_MAX {
        return Outcome::Wait(start);
    }
    let host = host(candidate.slice(at + 1..candidate.text().floor_char_boundary(end)));
    let end = at + 1 + host.len();
    let remote = name == "git"
        && candidate.at(end) == Some(b':')
        && candidate.at(end + 1).is_some_and(|byte| !byte.is_ascii_whitespace());
    if name == "git" && candidate.must_wait(end + 1) {
        return Outcome::Wait(start);
    }
    if !valid(host) || remote { Outcome::Miss } else { Outcome::Hit(start..end, Confidence::Likely) }
}

/// Whether what begins here is the user or the password of a URL.
fn in_address(candidate: &Candidate<'_>, start: usize) -> bool {
    const LOOKBACK: usize = 64;
    if !matches!(candidate.before(start), Some(b':' | b'/' | b'!' | b'$' | b'&' | b'*' | b'=')) {
        return false;
    }
    let from = candidate.text().ceil_char_boundary(start.saturating_sub(LOOKBACK));
    candidate.charge(start.saturating_sub(from));
    let before = candidate.slice(from..start);
    let word = before.rsplit(|character: char| character.is_whitespace() || character == '"').next();
    word.and_then(|word| word.rsplit_once("://")).is_some_and(|(_, user)| !user.contains(['/', '?', '#', '@']))
}

/// The domain at the beginning of a run, without the punctuation of the sentence.
fn host(run: &str) -> &str {
    let stop = run.find(|character: char| !character.is_ascii() && !accented(character)).unwrap_or(run.len());
    run.get(..stop).unwrap_or_default().trim_end_matches(['.', '-'])
}

fn valid(host: &str) -> bool {
    let Some((labels, top)) = host.rsplit_once('.') else { return false };
    let retina = matches!(labels, "2x" | "3x");
    top.len() >= 2
        && top.bytes().all(|byte| byte.is_ascii_alphabetic())
        && !retina
        && labels.split('.').all(|label| !label.is_empty() && !label.starts_with('-'))
}
