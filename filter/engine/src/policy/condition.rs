//! What must be true: the compiled form of `when` and `unless`.

use super::facts::Facts;
use super::glob::Glob;
use super::tri::Tri;
use crate::detect::{Confidence, EntryId, Finding};
use crate::event::Direction;
use crate::wire::{Dialect, Scope};

/// Conditions that must all be true. A list is true when one of its elements is; a field that is not given is true.
///
/// A fact that nobody knows (no host, a speaker the dialect does not tell) makes its condition unknown.
#[derive(Debug, Default)]
pub(super) struct Conditions {
    /// `direction`: request, response.
    pub(super) direction: Option<Vec<Direction>>,
    /// `method`: of the request, upper case.
    pub(super) method: Option<Vec<String>>,
    /// `host`: globs, in any case, on the authority with or without its port.
    pub(super) host: Option<Vec<Glob>>,
    /// `path`: globs on the path without query.
    pub(super) path: Option<Vec<Glob>>,
    /// `route`: globs on the name of the proxy's route.
    pub(super) route: Option<Vec<Glob>>,
    /// `model`: globs on the model that the request asks for.
    pub(super) model: Option<Vec<Glob>>,
    /// `dialect`: names of dialects.
    pub(super) dialect: Option<Vec<Dialect>>,
    /// `scope`: who speaks. Of one part.
    pub(super) scope: Option<Vec<Scope>>,
    /// `detectors`, `confidence`, `count`. Of the findings of one part.
    pub(super) detectors: Option<Detects>,
}

/// Which findings count.
#[derive(Debug)]
pub(super) struct Detects {
    /// `detectors`: ids and globs, resolved; sorted. In an exception: those of them that the rule looks at.
    pub(super) entries: Vec<EntryId>,
    /// `confidence`: how sure the detector must be; likely when not given.
    pub(super) confidence: Confidence,
    /// `count`: how many there must be.
    pub(super) count: Option<u32>,
}

impl Conditions {
    /// The conditions on the message as a whole.
    pub(super) fn message(&self, facts: &Facts<'_>) -> Tri {
        let given = |condition: Option<Tri>| condition.unwrap_or(Tri::True);
        given(self.direction.as_deref().map(|list| list.contains(&facts.context.direction).into()))
            .and(given(self.dialect.as_deref().map(|list| dialect(list, facts.context.dialect))))
            .and(given(self.method.as_deref().map(|list| facts.method(list))))
            .and(given(self.host.as_deref().map(|list| facts.host(list))))
            .and(given(self.path.as_deref().map(|list| facts.path(list))))
            .and(given(self.route.as_deref().map(|list| facts.route(list))))
            .and(given(self.model.as_deref().map(|list| facts.model(list))))
    }

    /// The condition on the speaker of a part.
    pub(super) fn scope(&self, scope: Scope) -> Tri {
        match &self.scope {
            None => Tri::True,
            Some(list) if list.contains(&scope) => Tri::True,
            Some(_) if scope == Scope::Unknown => Tri::Unknown,
            Some(_) => Tri::False,
        }
    }

    /// Whether it speaks of parts or of what was found in them.
    pub(super) fn on_parts(&self) -> bool {
        self.scope.is_some() || self.detectors.is_some()
    }

    /// Whether it names a route.
    pub(super) fn names_route(&self) -> bool {
        self.route.is_some()
    }
}

fn dialect(list: &[Dialect], dialect: Dialect) -> Tri {
    match dialect {
        known if list.contains(&known) => Tri::True,
        Dialect::Unknown => Tri::Unknown,
        _ => Tri::False,
    }
}

impl Detects {
    /// Whether a finding is one of those that count.
    pub(super) fn admits(&self, finding: &Finding) -> bool {
        finding.confidence >= self.confidence && self.entries.binary_search(&finding.entry).is_ok()
    }
}
