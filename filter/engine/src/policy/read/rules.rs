//! `rules`, `exceptions`, `bypass`, `dialects` and `documents`.

use super::catalogue::Catalogue;
use super::conditions::{self, Place, globs, methods};
use super::reader::{At, Object, Reader};
use crate::detect::EntryId;
use crate::event::Direction;
use crate::policy::condition::Conditions;
use crate::policy::problem::Problem;
use crate::policy::rule::{Bypass, Delimiters, Exception, RouteDialect, Rule, Then, Whose};
use crate::policy::words::{Action, Mode, OnHistory, Severity, With};
use crate::timestamp::Timestamp;

const RULE: &[&str] = &["id", "owner", "description", "severity", "frameworks", "mode", "when", "unless", "then"];
const THEN: &[&str] = &["action", "with", "on_history", "buffer"];
const EXCEPTION: &[&str] = &["id", "rule", "when", "owner", "reason", "until"];
const DIALECT: &[&str] = &["dialect", "path", "host", "route", "method"];
const DOCUMENT: &[&str] = &["begin", "end"];
const BYPASS: &[&str] = &["path", "host", "route", "method", "reason"];

const NAME_HELP: &str = "write 1 to 64 lower-case letters, digits and `-`";

/// A rule as far as it could be read. One that is wrong still takes its id and its place.
pub(super) struct ReadRule {
    id: Option<String>,
    pub(super) rule: Option<Rule>,
}

/// Reads `rules`.
pub(super) fn rules(reader: &mut Reader<'_>, at: At<'_>, catalogue: &mut Catalogue, mode: Mode) -> Vec<ReadRule> {
    let mut rules: Vec<ReadRule> = Vec::new();
    reader.items(at, |reader, at, _| {
        let Some(object) = reader.object(at, RULE) else { return };
        let taken = |id: &str| {
            rules.iter().position(|rule| rule.id.as_deref() == Some(id)).map(|first| format!("rules[{first}]"))
        };
        let id = unique_id(reader, &object, taken);
        let rule = rule(reader, &object, id.clone(), catalogue, mode);
        rules.push(ReadRule { id, rule });
    });
    rules
}

fn rule(
    reader: &mut Reader<'_>,
    object: &Object<'_>,
    id: Option<String>,
    catalogue: &mut Catalogue,
    policy_mode: Mode,
) -> Option<Rule> {
    let owner = object.get("owner").and_then(|at| reader.text(at));
    let description = object.get("description").and_then(|at| reader.text(at));
    let severity = object.get("severity").and_then(|at| reader.word::<Severity>(at));
    let mut frameworks = Vec::new();
    if let Some(at) = object.get("frameworks") {
        reader.items(at, |reader, at, _| frameworks.extend(reader.text(at)));
    }
    let mode = object.get("mode").and_then(|at| reader.word::<Mode>(at));
    let when = object.get("when").map(|at| conditions::of_rule(reader, at, catalogue, Place::When));
    let when_is_known = !matches!(when, Some(None));
    let when = when.flatten().unwrap_or_default();
    let on_parts = when.on_parts() || !when_is_known;
    let unless =
        object.get("unless").and_then(|at| conditions::of_rule(reader, at, catalogue, Place::Unless { on_parts }));
    let then = match object.get("then") {
        Some(at) => then(reader, at, on_parts, when_is_known.then_some(&when), catalogue),
        None => {
            reader.report_missing(object, "then", "write `\"then\": {\"action\": ..}`");
            None
        }
    };
    let monitored = policy_mode == Mode::Monitor || mode == Some(Mode::Monitor);
    let mode = if monitored { Mode::Monitor } else { Mode::Enforce };
    let severity = severity.unwrap_or(Severity::Medium);
    Some(Rule { id: id?, owner, description, severity, frameworks, mode, when, unless, then: then? })
}

/// `when`: none where it is wrong.
fn then(
    reader: &mut Reader<'_>,
    at: At<'_>,
    on_parts: bool,
    when: Option<&Conditions>,
    catalogue: &Catalogue,
) -> Option<Then> {
    let object = reader.object(at, THEN)?;
    let with = object.get("with").and_then(|at| reader.word::<With>(at));
    let on_history = object.get("on_history").and_then(|at| reader.word::<OnHistory>(at));
    let buffer = object.get("buffer").and_then(|at| reader.truth(at));
    let Some(action_at) = object.get("action") else {
        reader.report_missing(&object, "action", "write one of `allow`, `flag`, `redact`, `block`");
        return None;
    };
    let action = reader.word::<Action>(action_at)?;
    for (name, own) in [("with", Action::Redact), ("on_history", Action::Block)] {
        if let Some(member) = object.member(name).filter(|_| action != own) {
            reader.report(member.key, Problem::WrongOption { name, action: own.name() });
        }
    }
    if action == Action::Redact && !on_parts {
        reader.report(action_at, Problem::NothingToRedact);
    }
    if let (Action::Redact, Some(With::Reversible), Some(at), Some(when)) = (action, with, object.get("with"), when) {
        reversible(reader, at, when, catalogue);
    }
    Some(Then {
        action,
        with: with.unwrap_or(With::Placeholder),
        on_history: on_history.unwrap_or(OnHistory::Replace),
        buffer: buffer.unwrap_or(false),
    })
}

/// Whether everything that a rule replaces reversibly may come back, and can.
fn reversible(reader: &mut Reader<'_>, with: At<'_>, when: &Conditions, catalogue: &Catalogue) {
    let mut report = |why, detectors| reader.report(with, Problem::NotReversible { why, detectors });
    match &when.detectors {
        None if when.on_parts() => report("needs `detectors` in `when`", Vec::new()),
        None => {}
        Some(detects) => {
            let lasting = catalogue.not_reversible(&detects.entries);
            if !lasting.is_empty() {
                report("is not for", lasting);
            }
        }
    }
    let answers_only = |list: &Vec<Direction>| !list.is_empty() && !list.contains(&Direction::Request);
    if when.direction.as_ref().is_some_and(answers_only) {
        report("does nothing in a rule on answers only", Vec::new());
    }
}

/// Reads `exceptions`.
pub(super) fn exceptions(
    reader: &mut Reader<'_>,
    at: At<'_>,
    catalogue: &Catalogue,
    rules: &[ReadRule],
) -> Vec<Exception> {
    let mut ids: Vec<Option<String>> = Vec::new();
    let mut exceptions = Vec::new();
    reader.items(at, |reader, at, _| {
        let Some(object) = reader.object(at, EXCEPTION) else { return };
        let taken = |id: &str| {
            ids.iter().position(|known| known.as_deref() == Some(id)).map(|first| format!("exceptions[{first}]"))
        };
        let id = unique_id(reader, &object, taken);
        ids.push(id.clone());
        exceptions.extend(exception(reader, &object, id, catalogue, rules));
    });
    exceptions
}

fn exception(
    reader: &mut Reader<'_>,
    object: &Object<'_>,
    id: Option<String>,
    catalogue: &Catalogue,
    rules: &[ReadRule],
) -> Option<Exception> {
    let rule = named_rule(reader, object, rules);
    let target = rule.and_then(|index| rules.get(index)).and_then(|read| read.rule.as_ref());
    let looked_at = target.and_then(|rule| rule.when.detectors.as_ref()).map(|own| own.entries.as_slice());
    let when = match object.get("when") {
        Some(at) => conditions::of_exception(reader, at, catalogue, looked_at),
        None => Some(Conditions::default()),
    };
    if let (Some(target), Some(when)) = (target, &when)
        && let Some(why) = never_weakens(target, when, looked_at)
    {
        reader.report(object.at, Problem::NeverWeakens { why });
    }
    let owner = required_text(reader, object, "owner", "write who answers for the exception");
    let reason = required_text(reader, object, "reason", "write why the exception exists");
    let until = required_text(reader, object, "until", "write when it ends: `2030-12-31`");
    let until = until.and_then(|text| {
        let moment = Timestamp::parse(&text);
        if moment.is_none()
            && let Some(at) = object.get("until")
        {
            reader.report(at, Problem::BadDate { text });
        }
        moment
    });
    Some(Exception { id: id?, rule: rule?, when: when?, owner: owner?, reason: reason?, until: until? })
}

fn never_weakens(rule: &Rule, when: &Conditions, looked_at: Option<&[EntryId]>) -> Option<&'static str> {
    if rule.then.action == Action::Allow {
        return Some("its rule allows, so there is nothing to weaken");
    }
    if when.scope.is_some() && !rule.when.on_parts() {
        return Some("its rule decides on the whole exchange, which has no scope");
    }
    let own = when.detectors.as_ref()?;
    match looked_at {
        None => Some("its rule looks at no detectors"),
        // A rule whose own detectors are all wrong has its error already.
        Some(looked_at) if own.entries.is_empty() && !looked_at.is_empty() => {
            Some("its rule looks at none of these detectors")
        }
        Some(_) => None,
    }
}

fn named_rule(reader: &mut Reader<'_>, object: &Object<'_>, rules: &[ReadRule]) -> Option<usize> {
    let id = required_text(reader, object, "rule", "write the id of the rule that it weakens")?;
    let index = rules.iter().position(|rule| rule.id.as_deref() == Some(id.as_str()));
    if index.is_none()
        && let Some(at) = object.get("rule")
    {
        let known = rules.iter().filter_map(|rule| rule.id.clone()).collect();
        reader.report(at, Problem::UnknownRule { id, known });
    }
    index
}

/// Reads `bypass`.
pub(super) fn bypass(reader: &mut Reader<'_>, at: At<'_>) -> Vec<Bypass> {
    let mut list = Vec::new();
    reader.items(at, |reader, at, _| {
        let Some(object) = reader.object(at, BYPASS) else { return };
        let whose = whose(reader, &object);
        let reason = required_text(reader, &object, "reason", "write why it needs no inspection");
        if whose.is_everyone() {
            reader.report(at, Problem::BypassesAll);
        }
        list.extend(reason.map(|reason| Bypass { whose, reason }));
    });
    list
}

fn whose(reader: &mut Reader<'_>, object: &Object<'_>) -> Whose {
    Whose {
        path: globs(reader, object, "path"),
        host: globs(reader, object, "host"),
        route: globs(reader, object, "route"),
        method: object.get("method").map(|at| methods(reader, at)),
    }
}

/// Reads `dialects`.
pub(super) fn dialects(reader: &mut Reader<'_>, at: At<'_>) -> Vec<RouteDialect> {
    let mut list = Vec::new();
    reader.items(at, |reader, at, _| {
        let Some(object) = reader.object(at, DIALECT) else { return };
        let whose = whose(reader, &object);
        let Some(at) = object.get("dialect") else {
            reader.report_missing(&object, "dialect", "write the name of a dialect, such as `mcp`");
            return;
        };
        list.extend(reader.word(at).map(|dialect| RouteDialect { whose, dialect }));
    });
    list
}

/// Reads `documents`.
pub(super) fn documents(reader: &mut Reader<'_>, at: At<'_>) -> Vec<Delimiters> {
    let mut list = Vec::new();
    reader.items(at, |reader, at, _| {
        let Some(object) = reader.object(at, DOCUMENT) else { return };
        let begin = required_text(reader, &object, "begin", "write the characters before a quoted text: `<document>`");
        let end = required_text(reader, &object, "end", "write the characters after a quoted text: `</document>`");
        list.extend(begin.zip(end).map(|(begin, end)| Delimiters { begin, end }));
    });
    list
}

pub(super) fn required_text(
    reader: &mut Reader<'_>,
    object: &Object<'_>,
    name: &'static str,
    help: &'static str,
) -> Option<String> {
    match object.get(name) {
        Some(at) => reader.text(at),
        None => {
            reader.report_missing(object, name, help);
            None
        }
    }
}

/// `id`, which `taken` must not know; it answers with the place of the first one.
fn unique_id(reader: &mut Reader<'_>, object: &Object<'_>, taken: impl Fn(&str) -> Option<String>) -> Option<String> {
    let Some(at) = object.get("id") else {
        reader.report_missing(object, "id", NAME_HELP);
        return None;
    };
    let id = reader.name(at)?;
    if let Some(first) = taken(&id) {
        reader.report(at, Problem::DuplicateId { id, first });
        return None;
    }
    Some(id)
}
