//! Findings to verdict.
//!
//! Flows in: a policy as text, once; then, for each message, what is known of it ([`Context`]), its parts, findings and
//! faults. Flows out: a [`Verdict`], or [`Diagnostics`] that say everything that is wrong with the policy. Promises: a
//! policy compiles without a single error or not at all; the same inputs give the same verdict; what nobody knows
//! restricts and never permits; monitor mode changes nothing; adding a restriction never weakens.
//!
//! Reading order: `words`, `rule`, `condition` (the policy language, field by field), `decide` (its meaning), `read`
//! (text to rules), `problem` and `render` (how errors speak).
//!
//! # The document
//!
//! | field | meaning |
//! |---|---|
//! | `$schema` | for editors; not read |
//! | `version` | 1 |
//! | `name` | what records call the policy: lower-case letters, digits and `-` |
//! | `owner`, `description` | for people |
//! | `mode` | `enforce` (the default) or `monitor` |
//! | `bypass` | exchanges that are not inspected: `path`, `host`, `route`, `method`, and a `reason` |
//! | `dialects` | what requests speak where neither path nor headers tell: `dialect`, and `path`, `host`, `route`, `method` |
//! | `documents` | what stands between `begin` and `end` in a text of a conversation has the scope `document` |
//! | `rules` | see [`Rule`] |
//! | `exceptions` | see [`Exception`] |
//! | `faults` | a [`Fault`] name, or `default` for all others: `block` (the default), `flag` or `allow` |
//! | `limits` | a name of [`Limits`] and a number from 1 to its ceiling |
//! | `detectors` | `custom` detectors; `credential_headers` that are never scanned, besides the usual ones |
//! | `audit` | `log`: `all` (the default) or `not_allowed` |
//!
//! A field that is not in this list, or in that of its object, is an error.

mod canonical;
mod condition;
mod context;
mod decide;
mod diagnostic;
mod facts;
mod glob;
mod near;
mod problem;
mod protobuf;
mod read;
mod redaction;
mod render;
mod rule;
#[cfg(test)]
mod test_support;
#[cfg(test)]
mod tests;
mod tri;
mod verdict;
mod words;

pub use context::Context;
pub use diagnostic::{Diagnostic, Diagnostics};
pub use problem::CODES;
pub use rule::{Exception, Rule};
pub use verdict::{Cause, Decision, Redaction, Target, Verdict};
pub use words::{Action, AuditLog, FaultOutcome, Mode, OnHistory, Severity, With};

use std::ops::Range;
use std::sync::Arc;

use crate::detect::{EntryId, Set};
use crate::fault::Fault;
use crate::limits::Limits;
use crate::wire::{Dialect, Scope};
use facts::Facts;
use rule::{Bypass, Delimiters, RouteDialect};

/// A compiled policy. Immutable.
#[derive(Debug)]
pub struct Policy {
    name: String,
    owner: Option<String>,
    description: Option<String>,
    hash: String,
    mode: Mode,
    bypass: Vec<Bypass>,
    dialects: Vec<RouteDialect>,
    documents: Vec<Delimiters>,
    rules: Vec<Rule>,
    exceptions: Vec<Exception>,
    faults: read::Faults,
    limits: Limits,
    set: Arc<Set>,
    credential_headers: Vec<String>,
    audit_log: AuditLog,
    needs_route: bool,
    /// Scopes whose parts a rule may replace as a whole without any finding.
    whole_scopes: Vec<Scope>,
    /// Scopes that some rule speaks of without asking what was found in them.
    named_scopes: Vec<Scope>,
    /// Detectors whose findings some rule replaces reversibly.
    reversible: Vec<EntryId>,
}

impl Policy {
    /// Compiles a policy from its JSON text.
    ///
    /// # Errors
    /// [`Diagnostics`] with every error of the text, each with its place.
    pub fn compile(source: &str) -> Result<Policy, Diagnostics> {
        read::policy(source)
    }

    /// Compiles a policy from the configuration that a proxy hands over: JSON text, or the bytes of a
    /// google.protobuf.Struct. No text that begins with `{` is a Struct, and no Struct with a field of the policy
    /// language is such a text.
    ///
    /// # Errors
    /// [`Diagnostics`]; those of a Struct have a path, but no place in a text.
    pub fn from_configuration(bytes: &[u8]) -> Result<Policy, Diagnostics> {
        let text = std::str::from_utf8(bytes);
        if let Ok(text) = text
            && (bytes.is_empty() || text.trim_start().starts_with('{'))
        {
            return Policy::compile(text);
        }
        match (protobuf::struct_to_json(bytes), text) {
            (Some(json), _) => Policy::compile(&json).map_err(Diagnostics::without_places),
            (None, Ok(text)) => Policy::compile(text),
            (None, Err(_)) => Err(Diagnostics::not_text()),
        }
    }

    /// `name`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// `owner`.
    pub fn owner(&self) -> Option<&str> {
        self.owner.as_deref()
    }

    /// `description`.
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// `sha256:` and 64 hexadecimal digits, over the RFC 8785 form of the document.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// `mode`.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// `limits`, with the defaults of those not given.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The detectors that rules name.
    pub fn set(&self) -> &Set {
        &self.set
    }

    /// The same, for scanners that outlive a call.
    pub fn shared_set(&self) -> Arc<Set> {
        self.set.clone()
    }

    /// `rules`, in order.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// `exceptions`, in order.
    pub fn exceptions(&self) -> &[Exception] {
        &self.exceptions
    }

    /// The id of the exception with this index.
    pub fn exception_id(&self, index: usize) -> Option<&str> {
        self.exceptions.get(index).map(Exception::id)
    }

    /// `detectors.credential_headers`, in lower case: headers that are never scanned, besides the built-in list.
    pub fn credential_headers(&self) -> &[String] {
        &self.credential_headers
    }

    /// `audit.log`.
    pub fn audit_log(&self) -> AuditLog {
        self.audit_log
    }

    /// Whether any condition, exception or bypass names a route, so that it is worth asking the proxy for it.
    pub fn needs_route(&self) -> bool {
        self.needs_route
    }

    /// Whether a verdict may replace this part even when nothing is found in it, so that its place must be kept.
    pub fn may_replace(&self, scope: Scope) -> bool {
        self.whole_scopes.contains(&scope)
    }

    /// Whether a rule could match a part of this scope in which nothing is found.
    pub fn speaks_of(&self, scope: Scope) -> bool {
        self.named_scopes.contains(&scope)
    }

    /// Whether a rule may replace findings of this detector so that they can be restored.
    pub fn may_restore(&self, entry: EntryId) -> bool {
        self.reversible.binary_search(&entry).is_ok()
    }

    /// Whether a rule replaces anything so that it can be restored.
    pub fn restores(&self) -> bool {
        !self.reversible.is_empty()
    }

    /// The reason why this exchange is not inspected; `None` when it is. Every condition of a bypass must be certainly
    /// true.
    pub fn bypass(&self, context: &Context<'_>) -> Option<&str> {
        let facts = Facts::new(context);
        self.bypass.iter().find(|one| one.whose.holds(&facts)).map(|one| one.reason.as_str())
    }

    /// The dialect that the policy gives to this exchange, whatever its path and headers say.
    pub fn dialect(&self, context: &Context<'_>) -> Option<Dialect> {
        let facts = Facts::new(context);
        self.dialects.iter().find(|one| one.whose.holds(&facts)).map(|one| one.dialect)
    }

    /// Whether a rule that could match this message wants to see a stream whole before its first byte goes on.
    pub fn buffers(&self, context: &Context<'_>) -> bool {
        let facts = Facts::new(context);
        self.rules.iter().any(|rule| rule.then.buffer && rule.when.message(&facts).restricts())
    }

    /// The ranges of a text that the policy's delimiters mark as quoted, in order and disjoint.
    pub fn quoted(&self, text: &str) -> Vec<Range<usize>> {
        let find = |pair: &Delimiters, from: usize| {
            text.get(from..).and_then(|rest| rest.find(&pair.begin)).map(|place| from.saturating_add(place))
        };
        let mut ranges = Vec::new();
        // Where each pair begins next: one that is rare is not looked for anew behind every other.
        let mut next: Vec<(&Delimiters, Option<usize>)> =
            self.documents.iter().map(|pair| (pair, find(pair, 0))).collect();
        loop {
            let first =
                next.iter().filter_map(|(pair, place)| Some((*pair, (*place)?))).min_by_key(|(_, place)| *place);
            let Some((pair, begin)) = first else { return ranges };
            let start = begin.saturating_add(pair.begin.len());
            let rest = text.get(start..).unwrap_or_default();
            let end = rest.find(&pair.end).map_or(text.len(), |len| start.saturating_add(len));
            ranges.push(start..end);
            let at = end.saturating_add(pair.end.len()).min(text.len());
            for (pair, place) in next.iter_mut().filter(|(_, place)| place.is_some_and(|place| place < at)) {
                *place = find(pair, at);
            }
        }
    }

    /// What the policy says to a fault.
    pub fn fault(&self, fault: Fault) -> FaultOutcome {
        self.faults.outcome(fault)
    }
}
