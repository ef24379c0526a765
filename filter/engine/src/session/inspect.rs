//! Bytes to a verdict: parts, findings, decision, and the changes it asks for.

use std::borrow::Cow;
use std::ops::Range;

use crate::audit::{Judged, Message};
use crate::detect::{Finding, Found, Scanner};
use crate::enforce::{Changes, Placeholders, Source, changes, replacement};
use crate::event::{Direction, Headers};
use crate::exchange::media::{Charset, typed};
use crate::exchange::{Layers, Part, Place, Reading, beside_parts, header_parts, trailer_parts};
use crate::fault::{Fault, Inspected};
use crate::keyed::{Fingerprint, Key};
use crate::policy::{Action, Cause, Context, Policy, Redaction, Target, Verdict};
use crate::sensitive::Sensitive;
use crate::stream::encodings::{Encoding, decode};
use crate::stream::json::hides;
use crate::wire::{Dialect, Told};

use super::content::Kind;
use super::joined::Joined;
use super::reversible::{Assigned, Reversible};
use super::scan::Scan;
use super::shape::Shape;

/// What has been seen of the message that is being judged.
#[derive(Debug, Default)]
pub(super) struct Inspection {
    pub(super) parts: Vec<Part>,
    pub(super) found: Vec<Found>,
    faults: Vec<Fault>,
    layers: Layers,
    header_layers: Layers,
    echoes: Vec<Range<usize>>,
    /// Headers that hold findings, and those of the same names: number, name, value.
    pub(super) headers: Vec<(u32, Vec<u8>, Sensitive<Vec<u8>>)>,
    bytes: usize,
    /// The bytes that may still be examined; none before the first were.
    pub(super) work: Option<u64>,
    pub(super) reversible: Reversible,
    /// The texts of the parts, for a tool that shows them. No session keeps them.
    pub(super) texts: Option<Vec<Sensitive<String>>>,
}

/// A body that is complete.
pub(super) struct Body<'b> {
    /// What its readers read.
    pub(super) text: Cow<'b, [u8]>,
    /// How many bytes of it the proxy holds.
    pub(super) wire: usize,
}

/// What a body says about the exchange.
#[derive(Debug, Default)]
pub(super) struct Learnt {
    pub(super) dialect: Option<Dialect>,
    pub(super) told: Told,
}

/// A verdict with everything that carrying it out needs.
pub(super) struct Judgement {
    pub(super) verdict: Verdict,
    pub(super) changes: Changes,
    pub(super) message: Message,
    /// What stands in the request that goes on, and is restored in its answer.
    pub(super) placeholders: Placeholders,
}

impl Inspection {
    /// An inspection of an answer in which these are restored.
    /// `work` is what the request has left of the exchange's.
    pub(super) fn of_answer(placeholders: Placeholders, work: Option<u64>) -> Self {
        Inspection { reversible: Reversible::of_answer(placeholders), work, ..Inspection::default() }
    }

    /// One that keeps the texts of its parts.
    pub(super) fn with_texts() -> Self {
        Inspection { texts: Some(Vec::new()), ..Inspection::default() }
    }

    /// The texts of the parts, if they were kept.
    pub(super) fn into_texts(self) -> Vec<Sensitive<String>> {
        self.texts.unwrap_or_default()
    }

    /// Adds a part that grows from event to event.
    pub(super) fn add_growing(&mut self, part: Part) {
        self.parts.push(part);
        if let Some(texts) = &mut self.texts {
            texts.push(Sensitive::default());
        }
    }

    /// What a part says in the end, once its last event has come.
    pub(super) fn spoken(&mut self, part: u32, whole: &str) {
        if let Some(text) = self.texts.as_mut().and_then(|texts| texts.get_mut(part as usize)) {
            *text = Sensitive::new(whole.to_owned());
        }
    }

    pub(super) fn fault(&mut self, fault: Fault) {
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    pub(super) fn bytes(&mut self, bytes: usize) {
        self.bytes = bytes;
    }

    pub(super) fn add_bytes(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_add(bytes);
    }

    /// Looks at headers.
    pub(super) fn headers(&mut self, policy: &Policy, key: &Key, headers: Headers<'_>) {
        let before = self.found.len();
        let layers = self.look(policy, key, |sink| header_parts(headers, policy.credential_headers(), sink));
        self.header_layers = layers;
        let mut names: Vec<&[u8]> = Vec::new();
        for found in self.found.get(before..).unwrap_or_default() {
            let Some(Part { place: Place::Header(number) | Place::Url(number, _), .. }) =
                self.parts.get(found.part as usize)
            else {
                continue;
            };
            let name = headers.0.get(*number as usize).map(|(name, _)| *name);
            names.extend(name.filter(|name| !names.contains(name)));
        }
        let same = headers.iter().zip(0..).filter(|((name, _), _)| names.contains(name));
        self.headers
            .extend(same.map(|((name, value), number)| (number, name.to_vec(), Sensitive::new(value.to_vec()))));
    }

    /// Looks at trailers.
    /// Looks at trailers, and answers which parts they are.
    pub(super) fn trailers(&mut self, policy: &Policy, key: &Key, trailers: Headers<'_>) -> Range<u32> {
        let parts = |own: &Self| u32::try_from(own.parts.len()).unwrap_or(u32::MAX);
        let before = parts(self);
        self.look(policy, key, |sink| trailer_parts(trailers, sink));
        before..parts(self)
    }

    /// Whether nothing can be learnt from waiting for the body.
    pub(super) fn hopeless(&self) -> bool {
        self.faults.iter().any(|fault| fault.leaves() == Inspected::None)
    }

    /// Undoes the encoding of a body. `None`, with the fault, where that cannot be done: then nothing of it can be rewritten, but
    /// whoever overlooks the label still reads what is written in plain text.
    pub(super) fn decoded<'b>(
        &mut self,
        policy: &Policy,
        key: &Key,
        encoding: Option<Encoding>,
        body: &'b [u8],
        most: usize,
    ) -> Option<Body<'b>> {
        let wire = body.len();
        let Some(encoding) = encoding.filter(|_| !body.is_empty()) else {
            return Some(Body { text: Cow::Borrowed(body), wire });
        };
        // Bytes can be made that are a text, and decode to another one.
        let plain = typed(body);
        let decoded = match plain {
            true => Err(Fault::ContentEncoding),
            false => decode(encoding, body, policy.limits().expansion, most),
        };
        match decoded {
            Ok((text, notes)) => {
                self.look(policy, key, |sink| beside_parts(&notes, sink));
                Some(Body { text: Cow::Owned(text), wire })
            }
            Err(fault) => {
                self.bytes = wire;
                self.fault(fault);
                if plain {
                    self.look(policy, key, |sink| beside_parts(body, sink));
                }
                None
            }
        }
    }

    /// Looks at a whole body.
    pub(super) fn body(&mut self, look: Look<'_>, key: &Key, body: &[u8]) -> Learnt {
        self.bytes = body.len();
        if body.is_empty() {
            return Learnt::default();
        }
        let legible = look.charset.reads(body);
        if !legible {
            self.fault(Fault::Charset);
        }
        let Some(shape) = look.shape(body) else {
            if legible {
                self.fault(Fault::InvalidUtf8);
            }
            return Learnt::default();
        };
        let Look { policy, error, .. } = look;
        let reading = self.look(policy, key, |sink| look.read(shape, sink));
        let Reading { faults, dialect, told, layers, echoes } = reading;
        let dialect = dialect.unwrap_or(look.dialect);
        let no_json = !shape.is_json() || faults.contains(&Fault::InvalidJson);
        if no_json && body.contains(&0) && !matches!(shape, Shape::Multipart(..)) {
            // UTF-16 and UTF-32 text looks like this: it is scanned, but what it says may well be missed.
            self.fault(Fault::OpaqueBody);
        }
        let promised = look.promises_json(shape);
        let documented = shape.is_fields() && dialect.fields(look.direction).is_some();
        let plain = no_json && !promised && !documented;
        if plain
            && let Shape::Text(text) | Shape::Json(text) = shape
            && (hides(text) || (look.kind == Kind::Encoded && text.lines().any(hides)))
        {
            self.fault(Fault::InvalidJson);
        }
        for fault in faults {
            // What says it is text, or an error page, breaks no promise by not being JSON.
            // (A field that says it is JSON promises it.)
            if fault != Fault::InvalidJson || shape.is_fields() || (promised && (!error || body.contains(&b'\\'))) {
                self.fault(fault);
            }
        }
        if plain && !error && !(look.direction == Direction::Response && dialect.answers_in_text()) {
            self.fault(if dialect == Dialect::Unknown { Fault::UnknownDialect } else { Fault::UnknownShape });
        }
        self.layers = layers;
        self.echoes = echoes;
        Learnt { dialect: Some(dialect), told }
    }

    /// Numbers of parts, findings and faults.
    pub(super) fn seen(&self) -> (usize, usize, usize) {
        (self.parts.len(), self.found.len(), self.faults.len())
    }

    pub(super) fn decide(&self, policy: &Policy, context: &Context<'_>) -> Verdict {
        policy.decide(context, &self.parts, &self.found, &self.faults)
    }

    /// Whether nothing was found outside of the body, and everything that a rule blocks stands in it.
    pub(super) fn blames_only_the_body(&self, verdict: &Verdict) -> bool {
        let inside = |part: u32| {
            let place = self.parts.get(part as usize).map(|part| part.place);
            matches!(place, Some(Place::Body(_) | Place::Within(..)))
        };
        let mut blocking = verdict.decisions.iter().filter(|decision| decision.action == Action::Block);
        self.found.iter().all(|found| inside(found.part))
            && blocking.all(|decision| matches!(decision.target, Target::Part(part) if inside(part)))
    }

    /// What the record says of this message.
    pub(super) fn message(&self, policy: &Policy, verdict: &Verdict, edits: usize) -> Message {
        Message::new(policy, Judged { verdict, parts: &self.parts, found: &self.found, bytes: self.bytes, edits })
    }

    /// Keeps a finding, as long as there are not too many.
    pub(super) fn keep(&mut self, policy: &Policy, part: u32, finding: Finding, fingerprint: Fingerprint) {
        if self.found.len() < policy.limits().findings as usize {
            self.found.push(Found { part, finding, fingerprint });
        } else {
            self.fault(Fault::TooManyFindings);
        }
    }

    pub(super) fn look<T>(&mut self, policy: &Policy, key: &Key, read: impl FnOnce(&mut Scan<'_>) -> T) -> T {
        let limits = policy.limits();
        let work = self.work.unwrap_or(u64::from(limits.work));
        let mut scan = Scan {
            scanner: Scanner::new(policy.set(), work),
            policy,
            key,
            parts: &mut self.parts,
            found: &mut self.found,
            reversible: &mut self.reversible,
            most: limits.findings as usize,
            overflow: false,
            raw: Vec::new(),
            open: 0,
            joined: Joined::default(),
            spoken: false,
            texts: self.texts.as_mut(),
        };
        let result = read(&mut scan);
        let (overflow, exhausted, left) = (scan.overflow, scan.scanner.exhausted(), scan.scanner.work_left());
        self.work = Some(left);
        if overflow {
            self.fault(Fault::TooManyFindings);
        }
        if exhausted {
            self.fault(Fault::Work);
        }
        result
    }

    /// Decides, and works out what the decision changes. A rewrite that is due but impossible is a fault, and the
    /// decision is taken again with it.
    pub(super) fn judge(
        mut self,
        policy: &Policy,
        key: &Key,
        context: &Context<'_>,
        signed: bool,
    ) -> (Judgement, Self) {
        let mut verdict = self.decide(policy, context);
        let (mut placeholders, assigned) = self.reversible.assign(policy.set(), key, &self.found, &verdict.redactions);
        let mut changes = self.changes(policy, &verdict, &assigned);
        let impossible = match &changes {
            Err(fault) => Some(*fault),
            Ok(changes) if signed && !changes.body.is_empty() => Some(Fault::SignedBody),
            Ok(_) => None,
        };
        if let Some(fault) = impossible {
            self.fault(fault);
            verdict = self.decide(policy, context);
            if verdict.action == Action::Redact {
                // Nothing is redacted, and the record must not say so.
                verdict.action = Action::Flag;
            }
            (changes, placeholders) = (Ok(Changes::default()), Placeholders::default());
        }
        let changes = match verdict.cause {
            // Nothing is forwarded that could be changed.
            Some(Cause::Rule(_) | Cause::Fault(_)) => {
                placeholders = Placeholders::default();
                Changes::default()
            }
            None => changes.unwrap_or_default(),
        };
        let edits = changes.body.len().saturating_add(changes.headers.len()).saturating_sub(changes.restored);
        let mut message = self.message(policy, &verdict, edits);
        message.restored = changes.restored;
        (Judgement { verdict, changes, message, placeholders }, self)
    }

    fn changes(&self, policy: &Policy, verdict: &Verdict, assigned: &Assigned) -> Result<Changes, Fault> {
        let source = Source {
            parts: &self.parts,
            layers: &self.layers,
            header_layers: &self.header_layers,
            echoes: &self.echoes,
            restorations: self.reversible.restorations(),
            placeholders: &self.reversible.placeholders(),
        };
        changes(verdict, source, |redaction| {
            let own = (redaction.part, redaction.range.start);
            let placeholder = assigned.binary_search_by_key(&own, |(part, start, _)| (*part, *start)).ok();
            match placeholder.and_then(|index| assigned.get(index)) {
                Some((_, _, placeholder)) => placeholder.clone(),
                None => self.replacement(policy, redaction),
            }
        })
    }

    /// What stands in the place of a redaction.
    pub(super) fn replacement(&self, policy: &Policy, redaction: &Redaction) -> String {
        let found = redaction.finding.and_then(|index| self.found.get(index as usize));
        if let Some(blank) = found.and_then(|found| found.finding.view.blank()) {
            return blank.repeat(redaction.range.len());
        }
        let named = found.and_then(|found| {
            policy.set().name(found.finding.entry).map(|name| (name.label.as_ref(), found.fingerprint))
        });
        replacement(redaction.with, named)
    }

    /// Findings that this message brought, as (detector id, how many): those of earlier turns are not counted again.
    pub(super) fn fresh(&self, policy: &Policy) -> Vec<(std::sync::Arc<str>, u64)> {
        let mut counts: Vec<(std::sync::Arc<str>, u64)> = Vec::new();
        for found in &self.found {
            let carried = self.parts.get(found.part as usize).is_some_and(|part| part.carried);
            let Some(name) = policy.set().name(found.finding.entry).filter(|_| !carried) else { continue };
            match counts.iter_mut().find(|(id, _)| *id == name.id) {
                Some((_, count)) => *count = count.saturating_add(1),
                None => counts.push((name.id.clone(), 1)),
            }
        }
        counts
    }
}

/// How to look at a body.
#[derive(Clone, Copy)]
pub(super) struct Look<'a> {
    pub(super) policy: &'a Policy,
    pub(super) dialect: Dialect,
    pub(super) direction: Direction,
    pub(super) kind: Kind,
    pub(super) charset: Charset,
    /// The answer has an error status.
    pub(super) error: bool,
}
