//! Text to policy: one pass that reports everything that is wrong, then the compiled form.

mod catalogue;
mod conditions;
mod reader;
mod rules;
mod settings;

use std::sync::Arc;

use super::Policy;
use super::canonical;
use super::diagnostic::{Diagnostics, Located};
use super::problem::Problem;
use super::rule::Rule;
use super::words::{Action, Mode, With};
use crate::detect::EntryId;
use crate::stream::json::{Bounds, Document, Error};
use crate::wire::Scope;
use catalogue::Catalogue;
use reader::{At, Object, Reader};
use settings::Settings;

pub(super) use settings::Faults;

/// The deepest policy needs 6 levels; this only has to be more.
const DEPTH_MAX: usize = 64;
/// Keyword lists make policies long. Each value costs 16 bytes, and nobody reviews more than this.
const NODES_MAX: usize = 500_000;

const POLICY: &[&str] = &[
    "$schema",
    "version",
    "name",
    "owner",
    "description",
    "mode",
    "bypass",
    "dialects",
    "documents",
    "rules",
    "exceptions",
    "faults",
    "limits",
    "detectors",
    "audit",
];

/// Compiles a policy, or says everything that is wrong with it.
pub(super) fn policy(source: &str) -> Result<Policy, Diagnostics> {
    let document = Document::parse(source, Bounds { depth: DEPTH_MAX, nodes: NODES_MAX })
        .map_err(|error| Diagnostics::new(source, vec![not_json(source, error)]))?;
    let mut reader = Reader::new(&document);
    let policy = read(&mut reader, &document);
    let problems = reader.problems();
    match policy {
        Some(policy) if problems.is_empty() => Ok(policy),
        _ => Err(Diagnostics::new(source, problems)),
    }
}

/// `None` when something is wrong that is reported.
fn read(reader: &mut Reader<'_>, document: &Document<'_>) -> Option<Policy> {
    let object = reader.object(reader.root(), POLICY)?;
    version(reader, &object);
    let name = match object.get("name") {
        Some(at) => reader.name(at),
        None => {
            reader.report_missing(&object, "name", "write 1 to 64 lower-case letters, digits and `-`");
            None
        }
    };
    for optional in ["$schema", "owner", "description"] {
        object.get(optional).and_then(|at| reader.text(at));
    }
    let owner = object.get("owner").and_then(|at| document.string(at.node)).map(String::from);
    let description = object.get("description").and_then(|at| document.string(at.node)).map(String::from);
    let mode = object.get("mode").and_then(|at| reader.word::<Mode>(at)).unwrap_or(Mode::Enforce);
    let bypass = object.get("bypass").map(|at| rules::bypass(reader, at)).unwrap_or_default();
    let dialects = object.get("dialects").map(|at| rules::dialects(reader, at)).unwrap_or_default();
    let documents = object.get("documents").map(|at| rules::documents(reader, at)).unwrap_or_default();
    let mut catalogue = Catalogue::new();
    let settings = Settings::read(reader, &object, &mut catalogue);
    let rules = object.get("rules").map(|at| rules::rules(reader, at, &mut catalogue, mode)).unwrap_or_default();
    let exceptions = object.get("exceptions").map(|at| rules::exceptions(reader, at, &catalogue, &rules));
    let exceptions = exceptions.unwrap_or_default();
    let rules: Vec<_> = rules.into_iter().filter_map(|read| read.rule).collect();
    let set = match catalogue.build(&acting(&rules)) {
        Ok(set) => set,
        Err(error) => {
            let at = object.get("detectors").unwrap_or(At { ..object.at });
            reader.report(at, Problem::TooLarge { what: format!("the detectors do not fit together: {error}") });
            return None;
        }
    };
    let needs_route = bypass.iter().any(|one| one.whose.route.is_some())
        || dialects.iter().any(|one| one.whose.route.is_some())
        || exceptions.iter().any(|one| one.when.names_route())
        || rules
            .iter()
            .any(|rule| rule.when.names_route() || rule.unless.as_ref().is_some_and(|own| own.names_route()));
    let replaces =
        |rule: &&Rule| rule.when.detectors.is_none() && rule.when.on_parts() && rule.then.action >= Action::Redact;
    let replaces_in = |scope: &&Scope| rules.iter().filter(replaces).any(|rule| rule.when.scope(**scope).restricts());
    let whole_scopes = Scope::ALL.iter().filter(replaces_in).copied().collect();
    let named = |scope: &&Scope| {
        let speaks = |rule: &&Rule| rule.when.detectors.is_none() && rule.when.on_parts();
        rules.iter().filter(speaks).any(|rule| rule.when.scope(**scope).restricts())
    };
    let named_scopes = Scope::ALL.iter().filter(named).copied().collect();
    let restores = |rule: &&Rule| {
        rule.mode == Mode::Enforce && rule.then.action == Action::Redact && rule.then.with == With::Reversible
    };
    let mut reversible: Vec<EntryId> = rules
        .iter()
        .filter(restores)
        .filter_map(|rule| rule.when.detectors.as_ref())
        .flat_map(|own| own.entries.clone())
        .collect();
    reversible.sort_unstable();
    reversible.dedup();
    let Settings { faults, limits, credential_headers, audit_log } = settings;
    Some(Policy {
        name: name?,
        owner,
        description,
        hash: canonical::hash(document),
        mode,
        bypass,
        dialects,
        documents,
        rules,
        exceptions,
        faults,
        limits,
        set: Arc::new(set),
        credential_headers,
        audit_log,
        needs_route,
        whole_scopes,
        named_scopes,
        reversible,
    })
}

/// The detectors on whose findings it depends whether something is changed or stopped.
fn acting(rules: &[Rule]) -> Vec<EntryId> {
    let acting = rules.iter().filter(|rule| rule.mode == Mode::Enforce && rule.then.action >= Action::Redact);
    let conditions = acting.flat_map(|rule| [Some(&rule.when), rule.unless.as_ref()]).flatten();
    conditions.filter_map(|conditions| conditions.detectors.as_ref()).flat_map(|own| own.entries.clone()).collect()
}

fn version(reader: &mut Reader<'_>, object: &Object<'_>) {
    let Some(at) = object.get("version") else {
        return reader.report_missing(object, "version", "write `\"version\": 1`");
    };
    if let Some(version) = reader.integer(at, 0, u64::MAX)
        && version != 1
    {
        reader.report(at, Problem::UnknownVersion { version: version.to_string() });
    }
}

fn not_json(source: &str, error: Error) -> Located {
    let (problem, span) = match error {
        Error::Syntax(expected, at) => {
            let start = source.floor_char_boundary(at);
            let length = source.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
            (Problem::Syntax { expected: expected.to_string() }, start..start.saturating_add(length))
        }
        Error::Depth => (Problem::TooLarge { what: format!("nested deeper than {DEPTH_MAX} levels") }, 0..0),
        Error::Nodes => (Problem::TooLarge { what: format!("more than {NODES_MAX} values") }, 0..0),
    };
    Located { problem, path: String::new(), span }
}
