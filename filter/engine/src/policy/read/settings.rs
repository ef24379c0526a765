//! `faults`, `limits`, `detectors` and `audit`: what holds for every exchange.

use std::collections::BTreeMap;

use super::catalogue::Catalogue;
use super::reader::{Object, Reader};
use crate::fault::Fault;
use crate::limits::{Limit, Limits};
use crate::policy::problem::Problem;
use crate::policy::words::{AuditLog, FaultOutcome};

const DETECTORS: &[&str] = &["custom", "credential_headers"];
const AUDIT: &[&str] = &["log"];

/// The names of `faults`, with the one that stands for all others.
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, where it is an error and not a panic")]
const FAULTS: &[&str] = &{
    let mut names = ["default"; Fault::ALL.len() + 1];
    let mut i = 0;
    while i < Fault::ALL.len() {
        names[i + 1] = Fault::ALL[i].name();
        i += 1;
    }
    names
};

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, where it is an error and not a panic")]
const LIMITS: &[&str] = &{
    let mut names = [""; Limits::ALL.len()];
    let mut i = 0;
    while i < Limits::ALL.len() {
        names[i] = Limits::ALL[i].name;
        i += 1;
    }
    names
};

/// The outcome of every fault.
#[derive(Debug)]
pub(in crate::policy) struct Faults {
    default: FaultOutcome,
    named: BTreeMap<Fault, FaultOutcome>,
}

impl Faults {
    pub(in crate::policy) fn outcome(&self, fault: Fault) -> FaultOutcome {
        self.named.get(&fault).copied().unwrap_or(self.default)
    }
}

pub(super) struct Settings {
    pub(super) faults: Faults,
    pub(super) limits: Limits,
    pub(super) credential_headers: Vec<String>,
    pub(super) audit_log: AuditLog,
}

impl Settings {
    pub(super) fn read(reader: &mut Reader<'_>, policy: &Object<'_>, catalogue: &mut Catalogue) -> Self {
        let audit = policy.get("audit").and_then(|at| reader.object(at, AUDIT));
        let audit_log = audit.as_ref().and_then(|audit| audit.get("log")).and_then(|at| reader.word(at));
        Settings {
            faults: faults(reader, policy),
            limits: limits(reader, policy),
            credential_headers: detectors(reader, policy, catalogue),
            audit_log: audit_log.unwrap_or(AuditLog::All),
        }
    }
}

fn faults(reader: &mut Reader<'_>, policy: &Object<'_>) -> Faults {
    let mut faults = Faults { default: FaultOutcome::Block, named: BTreeMap::new() };
    let Some(object) = policy.get("faults").and_then(|at| reader.object(at, FAULTS)) else { return faults };
    for name in FAULTS {
        let Some(outcome) = object.get(name).and_then(|at| reader.word(at)) else { continue };
        match Fault::from_name(name) {
            Some(fault) => drop(faults.named.insert(fault, outcome)),
            None => faults.default = outcome,
        }
    }
    faults
}

fn limits(reader: &mut Reader<'_>, policy: &Object<'_>) -> Limits {
    let mut limits = Limits::default();
    let Some(object) = policy.get("limits").and_then(|at| reader.object(at, LIMITS)) else { return limits };
    for Limit { name, ceiling, .. } in Limits::ALL {
        let value = object.get(name).and_then(|at| reader.integer(at, 1, u64::from(*ceiling)));
        if let Some(value) = value.and_then(|value| u32::try_from(value).ok()) {
            limits.set(name, value);
        }
    }
    limits
}

/// Reads `detectors` and answers with its `credential_headers`.
fn detectors(reader: &mut Reader<'_>, policy: &Object<'_>, catalogue: &mut Catalogue) -> Vec<String> {
    let mut headers = Vec::new();
    let Some(object) = policy.get("detectors").and_then(|at| reader.object(at, DETECTORS)) else { return headers };
    if let Some(at) = object.get("custom") {
        catalogue.read_custom(reader, at);
    }
    if let Some(at) = object.get("credential_headers") {
        reader.items(at, |reader, at, _| match reader.text(at) {
            Some(text) if text.bytes().all(is_token) => headers.push(text.to_ascii_lowercase()),
            Some(text) => reader.report(at, Problem::BadHeader { text }),
            None => {}
        });
    }
    headers
}

/// `tchar` of RFC 9110, section 5.6.2: what the names of headers are made of.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}
