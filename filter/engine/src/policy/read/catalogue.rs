//! Every detector that a policy can name, and those that its rules do name.

use super::reader::{At, Member, Object, Reader, is_name};
use crate::detect::{
    CustomError, Detector, DetectorName, EntryId, Keywords, Pattern, Set, SetBuilder, SetError, catalog,
};
use crate::policy::glob::{Glob, is_pattern};
use crate::policy::problem::Problem;

/// Custom detectors of one policy: each is an entry of the automaton, whose memory every VM of the proxy pays.
const CUSTOM_MAX: usize = 1_000;
/// Bytes of one keyword: a stream holds back as much.
const KEYWORD_MAX: usize = 1_024;

/// What begins the ids of detectors of personal data.
const PERSONAL: &str = "pii/";

const CUSTOM: &[&str] = &["id", "keywords", "regex", "literal", "max_len"];

/// Known detectors, built in and custom. Only what is enabled gets into the set.
pub(super) struct Catalogue {
    known: Vec<Known>,
    builder: SetBuilder,
}

struct Known {
    id: String,
    kind: Kind,
    entry: Option<EntryId>,
}

enum Kind {
    BuiltIn(&'static Detector),
    Keywords(Keywords),
    Pattern(Pattern),
    /// Wrong, and reported; naming it is no second error.
    Broken,
}

impl Catalogue {
    pub(super) fn new() -> Self {
        let built_in = |detector: &&'static Detector| Known {
            id: detector.id.to_owned(),
            kind: Kind::BuiltIn(detector),
            entry: None,
        };
        Catalogue { known: catalog::DETECTORS.iter().map(built_in).collect(), builder: SetBuilder::new() }
    }

    /// Reads `detectors.custom`.
    pub(super) fn read_custom(&mut self, reader: &mut Reader<'_>, at: At<'_>) {
        let mut first: Vec<(String, String)> = Vec::new();
        reader.items(at, |reader, at, index| {
            if index == CUSTOM_MAX {
                reader.report(at, Problem::TooLarge { what: format!("more than {CUSTOM_MAX} custom detectors") });
            }
            if index >= CUSTOM_MAX {
                return;
            }
            let Some(object) = reader.object(at, CUSTOM) else { return };
            let kind = custom_kind(reader, &object).unwrap_or(Kind::Broken);
            let Some(id) = custom_id(reader, &object) else { return };
            if let Some((_, place)) = first.iter().find(|(known, _)| *known == id) {
                if let Some(at) = object.get("id") {
                    reader.report(at, Problem::DuplicateId { id, first: place.clone() });
                }
                return;
            }
            first.push((id.clone(), at.path.to_string()));
            self.known.push(Known { id, kind, entry: None });
        });
    }

    /// Reads `detectors` of a rule and enables them. Also tells whether all of them are custom.
    pub(super) fn enable(&mut self, reader: &mut Reader<'_>, at: At<'_>) -> (Vec<EntryId>, bool) {
        let mut entries = Vec::new();
        let (mut any, mut only_custom) = (false, true);
        for index in self.resolve(reader, at) {
            let Some(known) = self.known.get_mut(index) else { continue };
            any = true;
            only_custom &= !matches!(known.kind, Kind::BuiltIn(_));
            if known.entry.is_none() {
                known.entry = add(&mut self.builder, &known.id, &known.kind);
            }
            entries.extend(known.entry);
        }
        entries.sort_unstable();
        entries.dedup();
        (entries, any && only_custom)
    }

    /// Reads `detectors` of an exception: those among them that rules have enabled; `None` when there are no such
    /// detectors at all.
    pub(super) fn enabled(&self, reader: &mut Reader<'_>, at: At<'_>) -> Option<Vec<EntryId>> {
        let resolved = self.resolve(reader, at);
        if resolved.is_empty() {
            return None;
        }
        let mut entries: Vec<EntryId> = resolved.iter().filter_map(|index| self.known.get(*index)?.entry).collect();
        entries.sort_unstable();
        entries.dedup();
        Some(entries)
    }

    /// The ids of those among these detectors whose findings must not be given back: all built-in ones but those of
    /// personal data.
    pub(super) fn not_reversible(&self, entries: &[EntryId]) -> Vec<String> {
        let lasting = |known: &&Known| {
            known.entry.is_some_and(|entry| entries.contains(&entry))
                && matches!(known.kind, Kind::BuiltIn(_))
                && !known.id.starts_with(PERSONAL)
        };
        self.known.iter().filter(lasting).map(|known| known.id.clone()).collect()
    }

    fn resolve(&self, reader: &mut Reader<'_>, at: At<'_>) -> Vec<usize> {
        let mut found = Vec::new();
        reader.one_or_list(at, |reader, at| {
            let Some(id) = reader.text(at) else { return };
            let glob = Glob::new(&id);
            let fits = |known: &Known| if is_pattern(&id) { glob.fits(&known.id).permits() } else { known.id == id };
            let before = found.len();
            found.extend(self.known.iter().enumerate().filter(|(_, known)| fits(known)).map(|(index, _)| index));
            if found.len() == before {
                let known = self.known.iter().map(|known| known.id.clone()).collect();
                reader.report(at, Problem::UnknownDetector { id, known });
            }
        });
        found
    }

    /// Compiles what is enabled; `acting` are the detectors whose findings may change or stop something.
    pub(super) fn build(self, acting: &[EntryId]) -> Result<Set, SetError> {
        self.builder.build_acting(|entry| acting.contains(&entry))
    }
}

fn add(builder: &mut SetBuilder, id: &str, kind: &Kind) -> Option<EntryId> {
    match kind {
        Kind::BuiltIn(detector) => builder.built_in(detector),
        Kind::Keywords(keywords) => builder.keywords(custom_name(id), keywords),
        Kind::Pattern(pattern) => builder.pattern(custom_name(id), pattern.clone()),
        Kind::Broken => None,
    }
}

/// `custom/project-names` stands as `PROJECT_NAMES` in placeholders.
fn custom_name(id: &str) -> DetectorName {
    let label = id.strip_prefix("custom/").unwrap_or(id).to_ascii_uppercase().replace('-', "_");
    DetectorName { id: id.into(), label: label.into() }
}

fn custom_id(reader: &mut Reader<'_>, object: &Object<'_>) -> Option<String> {
    let form = "write `custom/` and 1 to 64 lower-case letters, digits and `-`";
    let Some(at) = object.get("id") else {
        reader.report_missing(object, "id", form);
        return None;
    };
    let id = reader.text(at)?;
    if id.strip_prefix("custom/").is_some_and(is_name) {
        return Some(id);
    }
    reader.report(at, Problem::BadName { name: id, form });
    None
}

fn custom_kind(reader: &mut Reader<'_>, object: &Object<'_>) -> Option<Kind> {
    match (object.member("keywords"), object.member("regex")) {
        (Some(keywords), None) => {
            for name in ["literal", "max_len"] {
                if let Some(member) = object.member(name) {
                    reader.report(member.key, Problem::WrongOption { name, action: "regex" });
                }
            }
            read_keywords(reader, keywords.value)
        }
        (None, Some(regex)) => read_pattern(reader, object, regex),
        (None, None) => {
            reader.report(object.at, Problem::CustomKind);
            None
        }
        (Some(_), Some(regex)) => {
            reader.report(regex.key, Problem::CustomKind);
            None
        }
    }
}

fn read_keywords(reader: &mut Reader<'_>, at: At<'_>) -> Option<Kind> {
    let mut phrases: Vec<String> = Vec::new();
    reader.list(at, |reader, at, _| {
        let Some(text) = reader.text(at) else { return };
        if text.len() > KEYWORD_MAX {
            return reader
                .report(at, Problem::TooLarge { what: format!("a keyword of more than {KEYWORD_MAX} bytes") });
        }
        phrases.push(text.to_ascii_lowercase());
    });
    phrases.sort_unstable();
    phrases.dedup();
    Some(Kind::Keywords(Keywords { phrases }))
}

fn read_pattern(reader: &mut Reader<'_>, object: &Object<'_>, regex: Member<'_>) -> Option<Kind> {
    let literal_help = "write a text that every match contains, in any case";
    let length_help = "write the length in bytes of the longest match";
    let expression = reader.text(regex.value);
    let literal_at = object.get("literal");
    let length_at = object.get("max_len");
    let literal = literal_at.and_then(|at| reader.text(at));
    let length = length_at.and_then(|at| reader.integer(at, 1, Pattern::MAX_LEN as u64));
    if literal_at.is_none() {
        reader.report_missing(object, "literal", literal_help);
    }
    if length_at.is_none() {
        reader.report_missing(object, "max_len", length_help);
    }
    let (expression, literal, length) = (expression?, literal?, usize::try_from(length?).ok()?);
    let error = match Pattern::new(&expression, &literal, length) {
        Ok(pattern) => return Some(Kind::Pattern(pattern)),
        Err(error) => error,
    };
    match error {
        CustomError::ShortLiteral => {
            reader.report(literal_at?, Problem::ShortLiteral { least: Pattern::LITERAL_MIN });
        }
        other => reader.report(regex.value, Problem::BadRegex { reason: other.to_string() }),
    }
    None
}
