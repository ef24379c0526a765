//! Scans the texts of a message as they are read, and keeps what is found.

use std::iter::Peekable;
use std::ops::Range;

use super::joined::{self, Joined};
use super::reversible::Reversible;
use crate::detect::{Finding, Found, Scanner, Set};
use crate::exchange::{Part, Place, Sink};
use crate::keyed::Key;
use crate::policy::Policy;
use crate::sensitive::Sensitive;
use crate::wire::Scope;

/// Scans each part as it is read.
pub(super) struct Scan<'a> {
    pub(super) scanner: Scanner<&'a Set>,
    pub(super) policy: &'a Policy,
    pub(super) key: &'a Key,
    pub(super) parts: &'a mut Vec<Part>,
    pub(super) found: &'a mut Vec<Found>,
    pub(super) reversible: &'a mut Reversible,
    pub(super) most: usize,
    pub(super) overflow: bool,
    pub(super) raw: Vec<Finding>,
    /// From where on the text that was last looked at may go on in another.
    pub(super) open: usize,
    pub(super) joined: Joined,
    /// Whether it stands where speech does.
    pub(super) spoken: bool,
    pub(super) texts: Option<&'a mut Vec<Sensitive<String>>>,
}

impl Sink for Scan<'_> {
    fn part(&mut self, part: Part, text: &str) -> bool {
        self.spoken = false;
        self.look(text);
        self.keep(part, text)
    }

    fn named(&mut self, part: Part, key: &str, text: &str) -> bool {
        self.spoken = joined::SPOKEN.contains(&key);
        self.look_behind(key, text);
        self.keep(part, text)
    }

    fn examine(&mut self, bytes: usize) -> bool {
        self.scanner.charge(bytes)
    }
}

impl Scan<'_> {
    /// Looks at a text.
    pub(super) fn look(&mut self, text: &str) {
        self.open = self.scanner.whole(text, &mut self.raw);
    }

    /// Looks at a text that stands under a key.
    pub(super) fn look_behind(&mut self, key: &str, text: &str) {
        if !self.policy.set().mentions(key) {
            return self.look(text);
        }
        // The value is read as what stands behind its key; what lies in the key itself is another part's.
        let behind = [key, "\": \"", text].concat();
        let offset = behind.len().saturating_sub(text.len());
        self.open = self.scanner.whole(&behind, &mut self.raw).saturating_sub(offset);
        self.raw.retain_mut(|finding| {
            let inside = finding.start >= offset;
            finding.start = finding.start.saturating_sub(offset);
            finding.end = finding.end.saturating_sub(offset);
            inside
        });
    }

    /// Whether the last look found anything.
    pub(super) fn has_found(&self) -> bool {
        !self.raw.is_empty()
    }

    /// Whether a placeholder that is to be restored stands in a text.
    pub(super) fn is_restored(&self, part: &Part, text: &str) -> bool {
        self.reversible.stands_in(part, text)
    }

    /// Keeps what was just found in a part. Answers whether the place of the part will be needed again.
    pub(super) fn keep(&mut self, part: Part, text: &str) -> bool {
        let found = std::mem::take(&mut self.raw);
        let Place::Body(layer) = part.place else { return self.add(part, text, 0..text.len(), found) };
        let quoted = self.policy.quoted(text);
        if quoted.is_empty() || !matches!(part.scope, Scope::System | Scope::User | Scope::ToolOutput) {
            return self.add(part, text, 0..text.len(), found);
        }
        let (mut needed, mut at) = (false, 0);
        let mut found = found.into_iter().peekable();
        let mut in_delimiters = Vec::new();
        for range in quoted.into_iter().chain(std::iter::once(text.len()..text.len())) {
            let spoken = (part.scope, at..range.start);
            at = range.end;
            for (scope, range) in [spoken, (Scope::Document, range)] {
                in_delimiters.extend(before(&mut found, range.start));
                let own = before(&mut found, range.end);
                let (start, len) = (narrow(range.start), narrow(range.len()));
                if len > 0 {
                    needed |=
                        self.add(Part { scope, place: Place::Within(layer, start), len, ..part }, text, range, own);
                }
            }
        }
        in_delimiters.extend(found);
        // What begins in a delimiter belongs to whoever wrote the delimiter.
        if !in_delimiters.is_empty() {
            needed |= self.add(part, text, 0..text.len(), in_delimiters);
        }
        needed
    }

    /// Adds a part, which is this range of a text, with what was found in it.
    fn add(&mut self, part: Part, text: &str, range: Range<usize>, found: Vec<Finding>) -> bool {
        let index = narrow(self.parts.len());
        let own = text.get(range.clone()).unwrap_or_default();
        let open = if range.end == text.len() { self.open.saturating_sub(range.start) } else { own.len() };
        let spoken = self.spoken && joined::goes_on(part.scope) && !own.is_empty();
        let (any, goes_on) = (!found.is_empty(), spoken && open < own.len());
        let alone: Vec<Finding> = found
            .iter()
            .map(|finding| Finding { start: finding.start.saturating_sub(range.start), ..finding.clone() })
            .collect();
        for finding in found {
            if self.found.len() >= self.most {
                self.overflow = true;
                break;
            }
            let own = text.get(finding.range()).unwrap_or_default();
            let fingerprint = self.key.fingerprint(own.as_bytes());
            self.reversible.keep(self.policy, self.found.len(), &finding, own);
            let (start, end) = (finding.start.saturating_sub(range.start), finding.end.saturating_sub(range.start));
            self.found.push(Found { part: index, finding: Finding { start, end, ..finding }, fingerprint });
        }
        self.parts.push(part);
        if let Some(texts) = &mut self.texts {
            texts.push(Sensitive::new(text.get(range.clone()).unwrap_or_default().to_owned()));
        }
        let across = if spoken {
            self.joined.next(&mut self.scanner, (index, part.scope), own, &alone, open)
        } else {
            Vec::new()
        };
        for across in across {
            if self.found.len() >= self.most {
                self.overflow = true;
                break;
            }
            let fingerprint = self.key.fingerprint(across.text.as_bytes());
            self.found.push(Found { part: across.part, finding: across.finding, fingerprint });
        }
        let across = self.found.last().is_some_and(|found| found.part == index);
        let seen = self.reversible.look(self.policy, index, &part, own);
        self.overflow |= seen.overflow;
        any || across || goes_on || seen.any || self.policy.may_replace(part.scope)
    }
}

/// Takes the findings that begin before a place. They are in order.
fn before(found: &mut Peekable<std::vec::IntoIter<Finding>>, place: usize) -> Vec<Finding> {
    std::iter::from_fn(|| found.next_if(|finding| finding.start < place)).collect()
}

/// Bodies are below 4 GiB, so nothing is lost.
fn narrow(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
