//! The answer's half of an exchange.

use super::conclude::DIGESTS;
use super::content::{Content, Kind};
use super::inspect::{Body, Look};
use super::shape::shape_of_stream;
use super::{Phase, QUESTION, Step};
use crate::effect::Effect;
use crate::event::{Direction, Flow, Headers, Question};
use crate::fault::Fault;
use crate::stream::frames::Format;
use crate::wire::Dialect;

const RESPONSE: Direction = Direction::Response;

/// Envoy's word for an answer that an upstream wrote.
const VIA_UPSTREAM: &[u8] = b"via_upstream";

impl Step<'_> {
    pub(super) fn response_headers(&mut self, headers: Headers<'_>, end: bool) -> Flow {
        let session = &mut *self.session;
        session.since = self.now;
        session.answer.status = headers.text(":status").and_then(|status| status.parse().ok());
        match Content::of(RESPONSE, headers) {
            Ok(content) => session.answer.content = content,
            Err(fault) if !end => session.inspection.fault(fault),
            Err(_) => {}
        }
        let exact = DIGESTS.into_iter().chain(["content-length"]);
        session.answer.exact = exact.filter(|name| headers.first(name).is_some()).collect();
        let connect = session.request.method.eq_ignore_ascii_case("CONNECT");
        if session.answer.status == Some(101) || (connect && matches!(session.answer.status, Some(200..=299))) {
            session.inspection.fault(Fault::Upgrade);
        }
        session.inspection.headers(&session.policy, &self.worker.fingerprints, headers);
        // Only the router writes this header, and only to answers that come from an upstream: no need to ask.
        if headers.first("x-envoy-upstream-service-time").is_some() {
            return self.origin_known(Some(VIA_UPSTREAM), end);
        }
        self.effects.push(Effect::Ask { id: QUESTION, question: Question::ResponseCodeDetails });
        self.session.phase = Phase::OriginAsked { end };
        Flow::Hold
    }

    /// An error that the proxy itself wrote holds nothing of an upstream, and is passed as it is: during an incident its
    /// words are what people need to see. Anything else that no upstream wrote may be an old answer from a cache, or
    /// come from a service that another filter asked, and is judged like any answer.
    pub(super) fn origin_known(&mut self, details: Option<&[u8]>, end: bool) -> Flow {
        let session = &mut *self.session;
        let by_proxy = details.is_some_and(|details| details != VIA_UPSTREAM);
        session.answer.by = Some(if by_proxy { "proxy" } else { "upstream" });
        if by_proxy && session.answer.status.is_some_and(|status| status >= 400) {
            session.inspection = Default::default();
            session.phase = Phase::Settled;
            self.record();
            return Flow::Continue;
        }
        let most = session.policy.limits().response_body as usize;
        let streams = self.format().is_some() && !self.buffers();
        let session = &mut *self.session;
        if let Some(length) = session.answer.content.length.filter(|length| *length > most && !end && !streams) {
            session.inspection.bytes(length);
            session.inspection.fault(Fault::BodyTooLarge);
        }
        if end || session.inspection.hopeless() {
            return self.conclude_response(None);
        }
        if let Some(format) = self.format().filter(|_| !self.buffers()) {
            return self.stream_headers(format);
        }
        let session = &mut *self.session;
        session.phase = Phase::ResponseHeld { buffered: None };
        Flow::Hold
    }

    pub(super) fn response_body(&mut self, buffered: usize, end: bool) -> Flow {
        self.session.phase = Phase::ResponseHeld { buffered: Some(buffered) };
        if buffered > self.session.policy.limits().response_body as usize {
            self.session.inspection.bytes(buffered);
            self.session.inspection.fault(Fault::BodyTooLarge);
            return self.conclude_response(None);
        }
        if end { Flow::Read } else { Flow::Hold }
    }

    pub(super) fn response_trailers(&mut self, trailers: Headers<'_>) -> Flow {
        let session = &mut *self.session;
        session.inspection.trailers(&session.policy, &self.worker.fingerprints, trailers);
        Flow::Read
    }

    pub(super) fn response_bytes(&mut self, bytes: Option<&[u8]>) -> Flow {
        let Some(body) = bytes else {
            self.session.inspection.fault(Fault::HostCall);
            return self.conclude_response(None);
        };
        let session = &mut *self.session;
        let most = session.policy.limits().response_body as usize;
        let encoding = session.answer.content.encoding;
        let body = session.inspection.decoded(&session.policy, &self.worker.fingerprints, encoding, body, most);
        let Some(body) = body else { return self.conclude_response(None) };
        if let Some(format) = self.format().or_else(|| self.unlabelled(&body.text)) {
            return self.buffered_stream(format, &body);
        }
        let session = &mut *self.session;
        let look = Look {
            policy: &session.policy,
            dialect: session.request.dialect.unwrap_or(Dialect::Unknown),
            direction: RESPONSE,
            kind: session.answer.content.kind,
            charset: session.answer.content.charset,
            error: session.answer.status.is_some_and(|status| status >= 400),
        };
        let learnt = session.inspection.body(look, &self.worker.fingerprints, &body.text);
        (session.answer.usage, session.answer.finishes) = (learnt.told.usage, learnt.told.finishes);
        self.conclude_response(Some(&body))
    }

    /// The format of a stream that does not call itself one: who asked for a stream reads it as such, and texts go on from
    /// one event to the next. (Gemini's is an array of events under whatever path it was asked for.)
    fn unlabelled(&self, body: &[u8]) -> Option<Format> {
        let session = &*self.session;
        let dialect = session.request.dialect.unwrap_or(Dialect::Unknown);
        if session.answer.status.is_some_and(|status| status >= 400) {
            return None;
        }
        if dialect == Dialect::GoogleGenerate && body.trim_ascii_start().first() == Some(&b'[') {
            return Some(Format::JsonArray);
        }
        let says_text = matches!(session.answer.content.kind, Kind::Text | Kind::Encoded);
        if says_text && !dialect.answers_in_text() { shape_of_stream(body, session.policy.limits()) } else { None }
    }

    /// The proxy would not give headers or trailers.
    pub(super) fn response_unreadable(&mut self) -> Flow {
        if self.session.phase == Phase::Forwarded {
            self.session.since = self.now;
        }
        self.session.inspection.fault(Fault::HostCall);
        self.conclude_response(None)
    }

    pub(super) fn conclude_response(&mut self, body: Option<&Body<'_>>) -> Flow {
        let session = &mut *self.session;
        let inspection = std::mem::take(&mut session.inspection);
        let context = session.request.context(RESPONSE, self.now);
        let (mut judgement, inspection) = inspection.judge(&session.policy, &self.worker.fingerprints, &context, false);
        judgement.message.learnt(session.answer.usage, &session.answer.finishes);
        self.count(RESPONSE, &judgement.verdict, &judgement.message, &inspection);
        let refused = judgement.verdict.cause;
        let [_, response] = &mut self.session.judged;
        *response = Some(judgement.message);
        if let Some(cause) = refused {
            return self.refuse(RESPONSE, cause);
        }
        self.session.phase = Phase::Settled;
        if !self.rewrite(RESPONSE, &judgement.changes, &inspection, body) {
            return self.refuse_for(RESPONSE, Fault::Rewrite);
        }
        self.record();
        // An answer that grows is given by Weir in full, so the upstream's must not go on.
        if self.session.phase == Phase::Settled { Flow::Continue } else { Flow::Hold }
    }
}
