//! The audit event of one exchange: one line of JSON without any text of it.

use serde::Serialize;

use crate::detect::{Found, Set, View};
use crate::exchange::Part;
use crate::fault::{Fault, Inspected};
use crate::keyed::{ExchangeId, Fingerprint};
use crate::policy::{Action, FaultOutcome, Mode, Policy, Target, Verdict};
use crate::wire::{Finish, Usage};

/// Findings listed in one message of a record; `findings_total` counts all.
pub const MAX_FINDINGS: usize = 64;

/// What Weir decided for one exchange. Serialises to one JSON object.
#[derive(Debug, Clone, Serialize)]
pub struct Record {
    /// Version of Weir.
    pub weir: &'static str,
    /// Always `exchange` in this version.
    pub kind: &'static str,
    /// Id of the exchange, as in errors and headers.
    pub exchange: ExchangeId,
    /// The proxy's request id, when it is a UUID.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// When the exchange began, RFC 3339 in UTC.
    pub time: String,
    /// Which policy decided.
    pub policy: PolicyName,
    /// The policy's mode.
    pub mode: &'static str,
    /// The dialect of the request.
    pub dialect: &'static str,
    /// The request, once decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<Message>,
    /// The answer, once decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response: Option<Message>,
    /// The status the client was given, where Weir knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Who wrote the answer: `upstream`, `proxy` (Envoy itself) or `weir`; absent while there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered_by: Option<&'static str>,
}

/// Name and hash of the policy that decided.
#[derive(Debug, Clone, Serialize)]
pub struct PolicyName {
    /// `name` in the policy.
    pub name: String,
    /// `sha256:` and 64 hex digits over the RFC 8785 form.
    pub hash: String,
}

/// The verdict on one message.
#[derive(Debug, Clone, Serialize)]
pub struct Message {
    /// What was done: `allow`, `flag`, `redact` or `block`.
    pub action: &'static str,
    /// What would have been done were nothing in monitor mode.
    pub would: &'static str,
    /// How much was read.
    pub inspected: Inspected,
    /// Rules that matched.
    pub rules: Vec<RecordedDecision>,
    /// Up to [`MAX_FINDINGS`] findings.
    pub findings: Vec<RecordedFinding>,
    /// All findings, carried ones included.
    pub findings_total: usize,
    /// What could not be done, and what the policy made of it.
    pub faults: Vec<RecordedFault>,
    /// Bytes of the body as it came.
    pub bytes: usize,
    /// Pieces of text that were looked at.
    pub parts: usize,
    /// Byte ranges that were replaced.
    pub edits: usize,
    /// Placeholders of the request that were restored in this answer.
    #[serde(skip_serializing_if = "is_zero")]
    pub restored: usize,
    /// Tokens, as the vendor counted them.
    #[serde(skip_serializing_if = "Usage::is_empty")]
    pub usage: Usage,
    /// Why the model stopped, once for each choice.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub finish: Vec<&'static str>,
    /// How a stream went; absent for a whole body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream: Option<StreamRecord>,
}

/// How a stream went.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct StreamRecord {
    /// Events that came.
    pub events: u64,
    /// The most bytes that were held back between two chunks.
    pub held_bytes: usize,
    /// The longest time that an event waited, in milliseconds.
    pub held_ms: u64,
    /// The policy asked for the whole stream before its first byte went on.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub buffered: bool,
}

impl StreamRecord {
    /// So many bytes are being held back.
    pub fn held(&mut self, bytes: usize) {
        self.held_bytes = self.held_bytes.max(bytes);
    }

    /// An event has waited for so long.
    pub fn waited(&mut self, milliseconds: u64) {
        self.held_ms = self.held_ms.max(milliseconds);
    }
}

/// A rule that matched.
#[derive(Debug, Clone, Serialize)]
pub struct RecordedDecision {
    /// Id of the rule.
    pub id: String,
    /// What it asked for.
    pub action: &'static str,
    /// Present and true when the rule only watches.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub monitor: bool,
    /// Id of the exception that lifted it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exception: Option<String>,
    /// The part it is about; absent for the whole exchange.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<u32>,
    /// How many findings made it match.
    pub findings: usize,
    /// Which ones, as indices into all findings of the message. For tools that explain a verdict; not in the JSON.
    #[serde(skip)]
    pub of: Vec<u32>,
}

/// A finding, without its text.
#[derive(Debug, Clone, Serialize)]
pub struct RecordedFinding {
    /// Detector id.
    pub detector: String,
    /// Whose words it was in.
    pub scope: &'static str,
    /// Number of the part.
    pub part: u32,
    /// Byte range in the part's decoded text.
    pub span: [usize; 2],
    /// How sure.
    pub confidence: &'static str,
    /// How the text was read where it was found, unless as it is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub view: Option<View>,
    /// Keyed hash of the text.
    pub fingerprint: Fingerprint,
    /// `new`, or `carried` when it stood in an earlier turn.
    pub state: &'static str,
}

/// A fault and its outcome.
#[derive(Debug, Clone, Serialize)]
pub struct RecordedFault {
    /// Name of the fault.
    pub fault: &'static str,
    /// What the policy makes of it: `allow`, `flag` or `block`.
    pub outcome: &'static str,
}

/// What a [`Message`] is made from.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'a> {
    /// The verdict.
    pub verdict: &'a Verdict,
    /// The parts it speaks of.
    pub parts: &'a [Part],
    /// The findings it speaks of.
    pub found: &'a [Found],
    /// Bytes of the body.
    pub bytes: usize,
    /// Byte ranges replaced.
    pub edits: usize,
}

impl Message {
    /// Projects a verdict.
    pub fn new(policy: &Policy, judged: Judged<'_>) -> Self {
        let Judged { verdict, parts, found, bytes, edits } = judged;
        Message {
            action: verdict.action.name(),
            would: verdict.would.name(),
            inspected: verdict.inspected,
            rules: decisions(policy, verdict),
            findings: found.iter().take(MAX_FINDINGS).map(|one| finding(policy.set(), parts, one)).collect(),
            findings_total: found.len(),
            faults: verdict
                .faults
                .iter()
                .map(|(fault, outcome)| RecordedFault { fault: fault.name(), outcome: outcome.name() })
                .collect(),
            bytes,
            parts: parts.len(),
            edits,
            restored: 0,
            usage: Usage::default(),
            finish: Vec::new(),
            stream: None,
        }
    }
}

impl Message {
    /// What the answer says of itself.
    pub fn learnt(&mut self, usage: Usage, finishes: &[Finish]) {
        self.usage = usage;
        self.finish = finishes.iter().map(|finish| finish.name()).collect();
    }

    /// What was decided could not be carried out: the message is refused instead.
    pub fn refused(&mut self, fault: Fault) {
        (self.action, self.would) = (Action::Block.name(), Action::Block.name());
        (self.edits, self.restored) = (0, 0);
        self.faults.retain(|known| known.fault != fault.name());
        self.faults.push(RecordedFault { fault: fault.name(), outcome: FaultOutcome::Block.name() });
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "this is how serde asks")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

fn decisions(policy: &Policy, verdict: &Verdict) -> Vec<RecordedDecision> {
    let recorded = verdict.decisions.iter().take(MAX_FINDINGS).map(|decision| RecordedDecision {
        id: policy.rules().get(decision.rule).map(|rule| rule.id().to_owned()).unwrap_or_default(),
        action: decision.action.name(),
        monitor: decision.mode == Mode::Monitor,
        exception: decision.excepted.and_then(|index| policy.exception_id(index)).map(str::to_owned),
        part: match decision.target {
            Target::Exchange => None,
            Target::Part(part) => Some(part),
        },
        findings: decision.findings.len(),
        of: decision.findings.clone(),
    });
    recorded.collect()
}

fn finding(set: &Set, parts: &[Part], found: &Found) -> RecordedFinding {
    let part = usize::try_from(found.part).ok().and_then(|index| parts.get(index));
    RecordedFinding {
        detector: set.name(found.finding.entry).map(|name| name.id.to_string()).unwrap_or_default(),
        scope: part.map_or("unknown", |part| part.scope.name()),
        part: found.part,
        span: [found.finding.start, found.finding.end],
        confidence: found.finding.confidence.name(),
        view: (found.finding.view != View::Written).then_some(found.finding.view),
        fingerprint: found.fingerprint,
        state: if part.is_some_and(|part| part.carried) { "carried" } else { "new" },
    }
}

impl Record {
    /// The record as one line of JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}
