//! The answer's half of an exchange when it comes in events.

use super::inspect::Body;
use super::stream::{Judge, Stream};
use super::{Phase, Step};
use crate::audit::Metric;
use crate::effect::Effect;
use crate::enforce::Changes;
use crate::event::{Direction, Flow, Headers};
use crate::fault::Fault;
use crate::policy::{Cause, FaultOutcome, Mode};
use crate::sensitive::Sensitive;
use crate::stream::encodings::Encoding;
use crate::stream::frames::Format;
use crate::wire::Dialect;

const RESPONSE: Direction = Direction::Response;

/// How long the client of a blocked stream has to read its last event before the stream is broken off, should the upstream
/// say nothing more. Broken off in the same callback, the last event would be lost.
const LAST_EVENT_MS: u64 = 250;

impl Step<'_> {
    /// How the events of the answer are cut into frames; none when it is no stream.
    pub(super) fn format(&self) -> Option<Format> {
        let session = &*self.session;
        let error = session.answer.status.is_some_and(|status| status >= 400);
        let dialect = session.request.dialect.unwrap_or(Dialect::Unknown);
        session.answer.content.format(dialect, session.request.path.expose(), error)
    }

    /// Whether the policy wants to see this answer whole before its first byte goes on.
    pub(super) fn buffers(&self) -> bool {
        self.session.policy.buffers(&self.session.request.context(RESPONSE, self.now))
    }

    /// A stream that was held until it is complete is judged event by event all the same, and goes on whole or not at all.
    pub(super) fn buffered_stream(&mut self, format: Format, body: &Body<'_>) -> Flow {
        let stream = self.open_stream(format, None);
        let session = &mut *self.session;
        let context = session.request.context(RESPONSE, self.now);
        let (judgement, inspection) =
            std::mem::take(&mut session.inspection).judge(&session.policy, &self.worker.fingerprints, &context, false);
        (session.stream, session.inspection) = (Some(Box::new(stream)), inspection);
        let headers = Changes { headers: judgement.changes.headers, ..Changes::default() };
        let mut out = Vec::with_capacity(body.text.len());
        let cause = judgement.verdict.cause.or_else(|| self.stream_push(&body.text, true, &mut out));
        let inspection = std::mem::take(&mut self.session.inspection);
        let rewritten = cause.is_some() || self.rewrite(RESPONSE, &headers, &inspection, None);
        self.session.inspection = inspection;
        if let Some(stream) = &mut self.session.stream {
            stream.record.buffered = true;
        }
        self.account_for_stream();
        match cause {
            Some(cause) => return self.refuse(RESPONSE, cause),
            None if !rewritten => return self.refuse_for(RESPONSE, Fault::Rewrite),
            None => {}
        }
        self.session.phase = Phase::Settled;
        if self.session.policy.mode() == Mode::Enforce && out != *body.text {
            self.replace_body(RESPONSE, body.wire, out);
        }
        self.record();
        if self.session.phase == Phase::Settled { Flow::Continue } else { Flow::Hold }
    }

    fn open_stream(&self, format: Format, encoding: Option<Encoding>) -> Stream {
        let session = &*self.session;
        let error = session.answer.status.is_some_and(|status| status >= 400);
        let dialect = session.request.dialect.unwrap_or(Dialect::Unknown);
        Stream::new(format, encoding, dialect, error, session.policy.limits())
    }

    /// The headers of a stream go on at once, since its first event may be long in coming: they are judged by themselves.
    pub(super) fn stream_headers(&mut self, format: Format) -> Flow {
        let session = &mut *self.session;
        let context = session.request.context(RESPONSE, self.now);
        let inspection = std::mem::take(&mut session.inspection);
        let (judgement, inspection) = inspection.judge(&session.policy, &self.worker.fingerprints, &context, false);
        if let Some(cause) = judgement.verdict.cause {
            self.count(RESPONSE, &judgement.verdict, &judgement.message, &inspection);
            let [_, response] = &mut self.session.judged;
            *response = Some(judgement.message);
            return self.refuse(RESPONSE, cause);
        }
        let stream = self.open_stream(format, self.session.answer.content.encoding);
        let session = &mut *self.session;
        session.stream = Some(Box::new(stream));
        session.phase = Phase::Streaming { buffered: 0, end: false };
        let headers = Changes { headers: judgement.changes.headers, ..Changes::default() };
        if !self.rewrite(RESPONSE, &headers, &inspection, None) {
            return self.refuse_for(RESPONSE, Fault::Rewrite);
        }
        self.session.inspection = inspection;
        if self.session.policy.mode() == Mode::Enforce {
            // What is said of the exact bytes of a stream may be wrong once it has gone by.
            let mut names = std::mem::take(&mut self.session.answer.exact);
            // Decision 10: what came compressed goes on in plain text.
            names.extend(self.session.answer.content.encoding.map(|_| "content-encoding"));
            for name in names {
                self.effects.push(Effect::RemoveHeader { direction: RESPONSE, name: name.to_owned() });
            }
        }
        Flow::Continue
    }

    pub(super) fn stream_body(&mut self, buffered: usize, end: bool) -> Flow {
        if buffered == 0 {
            return self.stream_bytes(Some(&[]), end);
        }
        self.session.phase = Phase::Streaming { buffered, end };
        Flow::Read
    }

    pub(super) fn stream_bytes(&mut self, bytes: Option<&[u8]>, end: bool) -> Flow {
        let Some(bytes) = bytes else { return self.break_off(Fault::HostCall) };
        let watching = self.session.policy.mode() == Mode::Monitor;
        let mut out = Vec::with_capacity(bytes.len());
        let cause = self.stream_push(bytes, end, &mut out);
        if let Some(cause) = cause {
            return self.block_stream(cause, out, end);
        }
        if !watching && out != bytes {
            self.effects.push(Effect::ReplaceBody { direction: RESPONSE, body: Sensitive::new(out) });
        }
        if end {
            self.end_stream();
            self.session.phase = Phase::Settled;
        }
        Flow::Continue
    }

    fn stream_push(&mut self, bytes: &[u8], end: bool, out: &mut Vec<u8>) -> Option<Cause> {
        let session = &mut *self.session;
        let stream = session.stream.as_mut()?;
        session.inspection.add_bytes(bytes.len());
        let mut judge = Judge {
            policy: &session.policy,
            key: &self.worker.fingerprints,
            context: session.request.context(RESPONSE, self.now),
            inspection: &mut session.inspection,
        };
        stream.push(&mut judge, bytes, end, out)
    }

    /// The last thing a client hears of a blocked stream is why. Nothing more goes on; the upstream is broken off at the next
    /// callback, since what is written in the same one as a reset is lost.
    fn block_stream(&mut self, cause: Cause, mut out: Vec<u8>, end: bool) -> Flow {
        let (last, _) = self.with_refusal(RESPONSE, cause, |session, refusal| {
            let events = session.request.dialect.unwrap_or(Dialect::Unknown).last_events(refusal);
            session.stream.as_ref().map(|stream| stream.last(&events)).unwrap_or_default()
        });
        out.extend_from_slice(&last);
        self.effects.push(Effect::ReplaceBody { direction: RESPONSE, body: Sensitive::new(out) });
        self.session.answer.by = Some("weir");
        self.end_stream();
        self.session.since = self.now;
        self.session.phase = if end { Phase::Settled } else { Phase::Muted { broken_off: false } };
        Flow::Continue
    }

    /// With trailers no body callback says that the stream is complete, and bytes that are still held cannot be delivered.
    pub(super) fn stream_trailers(&mut self, trailers: Option<Headers<'_>>) -> Flow {
        let session = &mut *self.session;
        match trailers {
            Some(trailers) => {
                let parts = session.inspection.trailers(&session.policy, &self.worker.fingerprints, trailers);
                if let Some(stream) = &mut session.stream {
                    stream.ends_in_trailers(parts);
                }
            }
            None => session.inspection.fault(Fault::HostCall),
        }
        let held = session.stream.as_ref().is_some_and(|stream| stream.held() > 0);
        if held && session.policy.mode() == Mode::Enforce {
            session.inspection.fault(Fault::Trailers);
        }
        let cause = self.stream_push(&[], true, &mut Vec::new());
        if cause.is_some() {
            self.session.answer.by = Some("weir");
        }
        self.end_stream();
        if cause.is_some() {
            // The last words of a block cannot be said any more: only that it is not whole.
            return self.muted_trailers(false);
        }
        self.session.phase = Phase::Settled;
        Flow::Continue
    }

    /// Trailers would go on as they are, also while the stream is being broken off.
    pub(super) fn muted_trailers(&mut self, broken_off: bool) -> Flow {
        self.session.phase = Phase::Muted { broken_off: true };
        if !broken_off {
            self.effects.push(Effect::Reset);
        }
        Flow::Hold
    }

    pub(super) fn muted_body(&mut self, broken_off: bool, buffered: usize, end: bool) -> Flow {
        if buffered > 0 {
            self.effects.push(Effect::ReplaceBody { direction: RESPONSE, body: Sensitive::new(Vec::new()) });
        }
        if !end && !broken_off {
            self.session.phase = Phase::Muted { broken_off: true };
            self.effects.push(Effect::Reset);
        }
        Flow::Continue
    }

    pub(super) fn muted_tick(&mut self) -> Flow {
        if self.now.since(self.session.since) >= LAST_EVENT_MS {
            self.session.phase = Phase::Muted { broken_off: true };
            self.effects.push(Effect::Reset);
        }
        Flow::Continue
    }

    /// Something that had to be done to a stream did not work: it must not go on as if it had.
    pub(super) fn break_off(&mut self, fault: Fault) -> Flow {
        let first = !matches!(self.session.phase, Phase::Muted { broken_off: true });
        self.session.phase = Phase::Muted { broken_off: true };
        if first {
            self.measure(Metric::Faults { fault, outcome: FaultOutcome::Block }, 1);
            self.session.answer.by = Some("weir");
            self.effects.push(Effect::Reset);
        }
        self.end_stream();
        let [_, response] = &mut self.session.judged;
        if let Some(message) = response {
            message.refused(fault);
        }
        self.record();
        Flow::Hold
    }

    /// Writes down how a stream went, once, whoever ended it.
    pub(super) fn end_stream(&mut self) {
        if self.session.stream.is_some() {
            self.account_for_stream();
            self.record();
        }
    }

    fn account_for_stream(&mut self) {
        let session = &mut *self.session;
        let Some(stream) = session.stream.take() else { return };
        let context = session.request.context(RESPONSE, self.now);
        let inspection = std::mem::take(&mut session.inspection);
        let verdict = stream.verdict.unwrap_or_else(|| inspection.decide(&session.policy, &context));
        let mut message = inspection.message(&session.policy, &verdict, stream.edits);
        if let Some(fault) = stream.undecodable.filter(|_| session.policy.mode() == Mode::Enforce) {
            message.refused(fault);
        }
        message.stream = Some(stream.record);
        message.restored = stream.restored;
        (session.answer.usage, session.answer.finishes) = (stream.usage, stream.finishes);
        message.learnt(session.answer.usage, &session.answer.finishes);
        self.measure(Metric::StreamHeldBytes, stream.record.held_bytes as u64);
        self.count(RESPONSE, &verdict, &message, &inspection);
        let [_, response] = &mut self.session.judged;
        *response = Some(message);
    }
}
