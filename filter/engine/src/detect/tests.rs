//! Every detector against its evidence, and the scanner against every way to cut a text.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, reason = "a test that fails may panic")]

mod cuts;
mod declared;
mod evidence;
mod hostile;
mod personal;

use std::ops::Range;
use std::sync::LazyLock;

use super::catalog::{DETECTORS, EVIDENCE};
use super::{DetectorName, Finding, Keywords, Pattern, Scanner, Set, SetBuilder};

const WORK: u64 = 1 << 32;

static CATALOG: LazyLock<Set> = LazyLock::new(|| {
    let mut builder = SetBuilder::new();
    for detector in DETECTORS {
        builder.built_in(detector).unwrap();
    }
    builder.build().unwrap()
});

/// Keywords and patterns: found in the middle of what they match, at its beginning, with endings that depend on what
/// follows.
static CUSTOM: LazyLock<Set> = LazyLock::new(|| {
    let mut builder = SetBuilder::new();
    let phrases = ["Project Nightfall", "fall", "机密", "Straße", "a", "night"].map(str::to_owned).to_vec();
    builder.keywords(name("custom/words"), &Keywords { phrases }).unwrap();
    builder.keywords(name("custom/more"), &Keywords { phrases: vec!["nightfall".to_owned()] }).unwrap();
    for (id, regex, literal, max_len) in [
        ("custom/invoice", r"INV-\d{4,8}\b", "INV-", 12),
        ("custom/middle", r"\b[a-z]{2,6}#case#\d+", "#case#", 24),
        ("custom/tail", r"(?i)[a-z]{1,8}corp", "corp", 12),
        ("custom/line", r"(?m)^key=[^\n]{1,20}$", "key=", 24),
    ] {
        builder.pattern(name(id), Pattern::new(regex, literal, max_len).unwrap()).unwrap();
    }
    builder.build().unwrap()
});

fn name(id: &str) -> DetectorName {
    DetectorName { id: id.into(), label: "X".into() }
}

/// A text and where the finding of a detector stands in it, if there is one.
struct Sample {
    id: &'static str,
    text: String,
    finding: Option<Range<usize>>,
}

fn samples() -> Vec<Sample> {
    let mut samples = Vec::new();
    for (detector, evidence) in DETECTORS.iter().zip(EVIDENCE) {
        let mut hit = |before: &str, found: &str, after: &str| {
            let finding = Some(before.len()..before.len() + found.len());
            samples.push(Sample { id: detector.id, text: [before, found, after].concat(), finding });
        };
        for pieces in evidence.hits {
            match pieces {
                [before, found @ .., after] if !found.is_empty() => hit(before, &found.concat(), after),
                found => hit("", &found.concat(), ""),
            }
        }
        for computed in evidence.computed {
            hit("", &computed(), "");
            hit("it is `", &computed(), "`, you see ");
        }
        for pieces in evidence.misses {
            samples.push(Sample { id: detector.id, text: pieces.concat(), finding: None });
            samples.push(Sample { id: detector.id, text: format!("so: {}\n", pieces.concat()), finding: None });
        }
    }
    samples.extend(declared::hits());
    samples
}

/// Texts without a finding, and with several of several kinds.
fn texts() -> Vec<String> {
    let mut texts: Vec<String> =
        samples().into_iter().map(|sample| sample.text).filter(|text| text.len() < 600).collect();
    let all: Vec<&String> = texts.iter().filter(|text| text.len() < 120).collect();
    let joined: Vec<String> =
        all.chunks(7).map(|some| some.iter().map(|text| text.as_str()).collect::<Vec<_>>().join(" ")).collect();
    texts.extend(joined);
    texts.extend([
        String::new(),
        "Plain prose, in which nothing is to be found. ".to_owned(),
        "12 34 567 8901 2345678901 GB82 DE 4111 4111 1111 ".to_owned(),
        "ümläute, 漢字 and 🦀 then ada@example.com 漢字".to_owned(),
        "a@b.io@c.io a@b.io,a@b.io;a@b.io".to_owned(),
    ]);
    texts
}

fn whole(set: &Set, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    Scanner::new(set, WORK).whole(text, &mut findings);
    findings
}

fn id<'s>(set: &'s Set, finding: &Finding) -> &'s str {
    &set.name(finding.entry).unwrap().id
}
