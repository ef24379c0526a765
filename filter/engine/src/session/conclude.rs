//! After the verdict: rewriting, refusing, counting, writing down.

use std::sync::Arc;

use super::inspect::{Body, Inspection};
use super::request::EXCHANGE_HEADER;
use super::{Phase, Request, Session, Step};
use crate::audit::{Message, Metric, PolicyName, Record};
use crate::effect::Effect;
use crate::enforce::{Changes, splice, splice_bytes};
use crate::event::{Direction, Flow};
use crate::exchange::Edit;
use crate::fault::Fault;
use crate::policy::{Action, AuditLog, Cause, Context, FaultOutcome, Policy, Verdict};
use crate::sensitive::Sensitive;
use crate::timestamp::Timestamp;
use crate::wire::{Dialect, Refusal};

/// Headers that speak of the exact bytes of a body: wrong once it is rewritten.
pub(super) const DIGESTS: [&str; 5] = ["content-md5", "digest", "content-digest", "repr-digest", "etag"];

impl Request {
    pub(super) fn context(&self, direction: Direction, now: Timestamp) -> Context<'_> {
        Context {
            direction,
            dialect: self.dialect.unwrap_or(Dialect::Unknown),
            method: &self.method,
            host: self.host.as_ref().map(|host| host.expose().as_str()),
            path: self.path.expose(),
            route: self.route.as_deref(),
            model: self.told.model.as_ref().map(|model| model.expose().as_str()),
            now,
        }
    }
}

impl Step<'_> {
    /// Puts changes into effects. False when that is not possible.
    pub(super) fn rewrite(
        &mut self,
        direction: Direction,
        changes: &Changes,
        inspection: &Inspection,
        body: Option<&Body<'_>>,
    ) -> bool {
        if changes.is_empty() {
            return true;
        }
        self.rewrite_headers(direction, changes, inspection) && self.rewrite_body(direction, changes, body)
    }

    /// A header that occurs more than once becomes one with all its values in order (RFC 9110, section 5.3): there is no
    /// way to change one of several.
    fn rewrite_headers(&mut self, direction: Direction, changes: &Changes, inspection: &Inspection) -> bool {
        let mut done: Vec<&[u8]> = Vec::new();
        for (_, name, _) in &inspection.headers {
            if done.contains(&name.as_slice()) {
                continue;
            }
            done.push(name);
            let (mut values, mut edited) = (Vec::new(), false);
            for (number, _, value) in inspection.headers.iter().filter(|(_, own, _)| own == name) {
                let mut edits: Vec<Edit> = changes
                    .headers
                    .iter()
                    .filter(|(header, _)| header == number)
                    .map(|(_, edit)| edit.clone())
                    .collect();
                edits.sort_by_key(|edit| edit.range.start);
                edited |= !edits.is_empty();
                let Some(value) = rewritten(name, value.expose(), edits) else { return false };
                values.push(value);
            }
            if edited {
                let Ok(name) = String::from_utf8(name.clone()) else { return false };
                self.effects.push(Effect::SetHeader {
                    direction,
                    name,
                    value: Sensitive::new(values.join(b", ".as_slice())),
                });
            }
        }
        true
    }

    fn rewrite_body(&mut self, direction: Direction, changes: &Changes, body: Option<&Body<'_>>) -> bool {
        if changes.body.is_empty() {
            return true;
        }
        let Some(Body { text: body, wire }) = body else { return false };
        // Of a multipart body only some parts need be text.
        let rewritten = match std::str::from_utf8(body) {
            Ok(text) => splice(text, &changes.body).map(String::into_bytes),
            Err(_) => splice_bytes(body, &changes.body),
        };
        let Ok(rewritten) = rewritten else { return false };
        self.replace_body(direction, *wire, rewritten);
        true
    }

    /// Puts another body, which is not compressed, in the place of one of `len` bytes that is held.
    pub(super) fn replace_body(&mut self, direction: Direction, len: usize, rewritten: Vec<u8>) {
        if direction == Direction::Response && rewritten.len() > len {
            self.session.phase = Phase::Replied { to: direction };
            self.effects.push(Effect::ReplaceAnswer { body: Sensitive::new(rewritten) });
            return;
        }
        for name in DIGESTS {
            self.effects.push(Effect::RemoveHeader { direction, name: name.to_owned() });
        }
        let content = match direction {
            Direction::Request => &self.session.request.content,
            Direction::Response => &self.session.answer.content,
        };
        let (has_length, encoded) = (content.has_length, content.encoding.is_some());
        if encoded {
            self.effects.push(Effect::RemoveHeader { direction, name: "content-encoding".to_owned() });
        }
        if has_length {
            let value = Sensitive::new(rewritten.len().to_string().into_bytes());
            self.effects.push(Effect::SetHeader { direction, name: "content-length".to_owned(), value });
        }
        self.effects.push(Effect::ReplaceBody { direction, body: Sensitive::new(rewritten) });
    }

    /// Refuses an exchange because something that Weir has to do to it did not work, whatever the policy says to the
    /// fault: an edit that was decided and did not happen is not let through. Monitor mode has nothing to do.
    pub(super) fn refuse_for(&mut self, direction: Direction, fault: Fault) -> Flow {
        self.measure(Metric::Faults { fault, outcome: FaultOutcome::Block }, 1);
        let session = &mut *self.session;
        let slot = match direction {
            Direction::Request => 0,
            Direction::Response => 1,
        };
        if session.judged.get(slot).is_some_and(Option::is_none) {
            let inspection = std::mem::take(&mut session.inspection);
            let context = session.request.context(direction, self.now);
            let (judgement, _) = inspection.judge(&session.policy, &self.worker.fingerprints, &context, false);
            session.judged.iter_mut().skip(slot).take(1).for_each(|own| *own = Some(judgement.message.clone()));
        }
        if let Some(Some(message)) = session.judged.get_mut(slot) {
            message.refused(fault);
        }
        self.refuse(direction, Cause::Fault(fault))
    }

    /// Puts into words why an exchange is refused, and hands them to `tell`.
    pub(super) fn with_refusal<T>(
        &self,
        direction: Direction,
        cause: Cause,
        tell: impl FnOnce(&Session, &Refusal<'_>) -> T,
    ) -> (T, String) {
        let session = &*self.session;
        let what = match direction {
            Direction::Request => "request",
            Direction::Response => "answer",
        };
        let (message, code, rule, details) = match cause {
            Cause::Rule(index) => {
                let rule = session.policy.rules().get(index).map_or("", |rule| rule.id());
                let message = format!("the {what} was blocked by policy rule `{rule}` (exchange {})", session.id);
                (message, "blocked_by_policy".to_owned(), Some(rule), format!("weir:rule:{rule}"))
            }
            Cause::Fault(fault) => {
                let message = format!(
                    "the {what} could not be inspected (`{fault}`), and the policy refuses what it cannot inspect \
                     (exchange {})",
                    session.id
                );
                (message, format!("uninspectable_{what}"), None, format!("weir:fault:{fault}"))
            }
        };
        let status = match cause {
            Cause::Fault(Fault::BodyTooLarge) if direction == Direction::Request => 413,
            _ => 403,
        };
        let rpc_id = session.request.told.rpc_id.as_ref().map(|id| id.expose().as_str());
        let refusal = Refusal { status, message: &message, code: &code, rule, exchange: session.id, rpc_id };
        (tell(session, &refusal), details)
    }

    /// Answers the client in its own dialect, with nothing that helps an attacker.
    pub(super) fn refuse(&mut self, direction: Direction, cause: Cause) -> Flow {
        let (answer, details) = self.with_refusal(direction, cause, |session, refusal| {
            session.request.dialect.unwrap_or(Dialect::Unknown).error(refusal)
        });
        let session = &mut *self.session;
        let status = answer.status;
        let mut headers = vec![
            ("content-type", "application/json".to_owned()),
            (EXCHANGE_HEADER, session.id.to_string()),
            // OpenAI's SDKs honour it: asking again will not help.
            ("x-should-retry", "false".to_owned()),
        ];
        headers.extend(answer.headers);
        session.phase = Phase::Replied { to: direction };
        session.answer.status = Some(status);
        session.answer.by = Some("weir");
        self.effects.push(Effect::Reply { status, headers, body: answer.body, details });
        self.record();
        Flow::Hold
    }

    pub(super) fn count(
        &mut self,
        direction: Direction,
        verdict: &Verdict,
        message: &Message,
        inspection: &Inspection,
    ) {
        let policy = self.session.policy.clone();
        let (action, would, inspected) = (verdict.action, verdict.would, verdict.inspected);
        self.measure(Metric::Decisions { direction, action, would, inspected }, 1);
        self.measure(Metric::BodyBytes { direction }, message.bytes as u64);
        if message.stream.is_none() {
            self.measure(Metric::HeldMilliseconds { direction }, self.now.since(self.session.since));
        }
        for (kind, tokens) in message.usage.counts() {
            self.measure(Metric::Tokens { kind }, tokens);
        }
        for (detector, count) in inspection.fresh(&policy) {
            self.measure(Metric::Findings { detector, direction }, count);
        }
        for (fault, outcome) in &verdict.faults {
            self.measure(Metric::Faults { fault: *fault, outcome: *outcome }, 1);
        }
        for (rule, action) in matched(&policy, verdict) {
            self.measure(Metric::Rules { rule, action }, 1);
        }
    }

    /// Writes the exchange down, once: at its last verdict, or at its end when that comes first.
    pub(super) fn record(&mut self) {
        let session = &mut *self.session;
        if session.recorded || session.judged.iter().all(Option::is_none) {
            return;
        }
        session.recorded = true;
        let [request, response] = session.judged.clone();
        let plain =
            |message: &Option<crate::audit::Message>| message.as_ref().is_none_or(|message| message.would == "allow");
        let logged = session.policy.audit_log() == AuditLog::All || !plain(&request) || !plain(&response);
        let record = Record {
            weir: env!("CARGO_PKG_VERSION"),
            kind: "exchange",
            exchange: session.id,
            request_id: session.request.request_id.clone(),
            time: session.began.to_string(),
            policy: PolicyName { name: session.policy.name().to_owned(), hash: session.policy.hash().to_owned() },
            mode: session.policy.mode().name(),
            dialect: session.request.dialect.unwrap_or(Dialect::Unknown).name(),
            request,
            response,
            status: session.answer.status,
            answered_by: session.answer.by,
        };
        self.effects.push(Effect::Record { record: Box::new(record), logged });
    }
}

/// The value of a header with its edits made; `None` where that is not possible.
fn rewritten(name: &[u8], value: &[u8], edits: Vec<Edit>) -> Option<Vec<u8>> {
    if edits.is_empty() {
        return Some(value.to_vec());
    }
    if name == b":path" {
        return splice_bytes(value, &edits).ok();
    }
    match std::str::from_utf8(value) {
        Ok(text) => splice(text, &edits).ok().map(String::into_bytes),
        // A value that is not text cannot be edited at the places found in its repaired form; it goes as a whole.
        Err(_) => Some(Vec::new()),
    }
}

/// The rules that matched, each with its strongest action.
fn matched(policy: &Policy, verdict: &Verdict) -> Vec<(Arc<str>, Action)> {
    let mut rules: Vec<(usize, Action)> = Vec::new();
    for decision in &verdict.decisions {
        match rules.iter_mut().find(|(rule, _)| *rule == decision.rule) {
            Some((_, action)) => *action = decision.action.max(*action),
            None => rules.push((decision.rule, decision.action)),
        }
    }
    let named = rules.iter().filter_map(|(rule, action)| Some((policy.rules().get(*rule)?.id().into(), *action)));
    named.collect()
}
