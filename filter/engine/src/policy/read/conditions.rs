//! `when` and `unless`, of rules and of exceptions.

use super::catalogue::Catalogue;
use super::reader::{At, Object, Reader};
use crate::detect::{Confidence, EntryId};
use crate::policy::condition::{Conditions, Detects};
use crate::policy::glob::Glob;
use crate::policy::problem::Problem;
use crate::policy::words::Word;

/// `when` and `unless` of rules.
const OF_RULES: &[&str] =
    &["direction", "scope", "method", "host", "path", "route", "model", "dialect", "detectors", "confidence", "count"];

/// `when` of exceptions.
const OF_EXCEPTIONS: &[&str] =
    &["direction", "scope", "method", "host", "path", "route", "model", "dialect", "detectors"];

/// The highest `count`: the ceiling of `limits.findings`.
const COUNT_MAX: u64 = 100_000;

/// Which conditions of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// `when`.
    When,
    /// `unless`, of a rule that targets parts or not.
    Unless { on_parts: bool },
}

pub(super) fn of_rule(
    reader: &mut Reader<'_>,
    at: At<'_>,
    catalogue: &mut Catalogue,
    place: Place,
) -> Option<Conditions> {
    let object = reader.object(at, OF_RULES)?;
    match place {
        Place::Unless { .. } if object.is_empty() => {
            let why = "an empty `unless` is always true; remove it, or say when the rule does not apply";
            reader.report(at, Problem::NeverMatches { why });
        }
        Place::Unless { on_parts: false } => {
            report_each(reader, &object, &["scope", "detectors"], |name| Problem::NeedsParts { name });
        }
        Place::When | Place::Unless { .. } => {}
    }
    let mut conditions = on_message(reader, &object);
    let confidence = object.get("confidence").map(|at| (at, reader.word::<Confidence>(at)));
    let count = object.get("count").and_then(|at| reader.integer(at, 1, COUNT_MAX));
    let Some(at) = object.get("detectors") else {
        report_each(reader, &object, &["confidence", "count"], |name| Problem::NeedsDetectors { name });
        return Some(conditions);
    };
    let (entries, only_custom) = catalogue.enable(reader, at);
    if let Some((at, Some(Confidence::Certain))) = confidence
        && only_custom
        && place == Place::When
    {
        let why = "findings of custom detectors are `likely`, as nothing but their text is known of them";
        reader.report(at, Problem::NeverMatches { why });
    }
    let confidence = confidence.and_then(|(_, word)| word).unwrap_or(Confidence::Likely);
    let count = count.and_then(|count| u32::try_from(count).ok());
    conditions.detectors = Some(Detects { entries, confidence, count });
    Some(conditions)
}

/// Reports each of these fields that is there.
fn report_each(
    reader: &mut Reader<'_>,
    object: &Object<'_>,
    names: &[&'static str],
    problem: impl Fn(&'static str) -> Problem,
) {
    for name in names {
        if let Some(member) = object.member(name) {
            reader.report(member.key, problem(name));
        }
    }
}

/// `looked_at` are the detectors of the rule, if it has any.
pub(super) fn of_exception(
    reader: &mut Reader<'_>,
    at: At<'_>,
    catalogue: &Catalogue,
    looked_at: Option<&[EntryId]>,
) -> Option<Conditions> {
    let object = reader.object(at, OF_EXCEPTIONS)?;
    let mut conditions = on_message(reader, &object);
    if let Some(mut entries) = object.get("detectors").and_then(|at| catalogue.enabled(reader, at)) {
        entries.retain(|entry| looked_at.is_some_and(|own| own.contains(entry)));
        conditions.detectors = Some(Detects { entries, confidence: Confidence::Possible, count: None });
    }
    Some(conditions)
}

fn on_message(reader: &mut Reader<'_>, object: &Object<'_>) -> Conditions {
    Conditions {
        direction: words(reader, object, "direction"),
        method: object.get("method").map(|at| methods(reader, at)),
        host: globs(reader, object, "host"),
        path: globs(reader, object, "path"),
        route: globs(reader, object, "route"),
        model: globs(reader, object, "model"),
        dialect: words(reader, object, "dialect"),
        scope: words(reader, object, "scope"),
        detectors: None,
    }
}

fn words<W: Word>(reader: &mut Reader<'_>, object: &Object<'_>, name: &'static str) -> Option<Vec<W>> {
    object.get(name).map(|at| {
        let mut words = Vec::new();
        reader.one_or_list(at, |reader, at| words.extend(reader.word::<W>(at)));
        words
    })
}

pub(super) fn globs(reader: &mut Reader<'_>, object: &Object<'_>, name: &'static str) -> Option<Vec<Glob>> {
    object.get(name).map(|at| {
        let mut globs = Vec::new();
        reader.one_or_list(at, |reader, at| globs.extend(reader.text(at).map(|text| Glob::new(&text))));
        globs
    })
}

pub(super) fn methods(reader: &mut Reader<'_>, at: At<'_>) -> Vec<String> {
    let mut methods = Vec::new();
    reader.one_or_list(at, |reader, at| match reader.text(at) {
        Some(text) if text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-') => methods.push(text),
        Some(text) => reader.report(at, Problem::BadMethod { text }),
        None => {}
    });
    methods
}
