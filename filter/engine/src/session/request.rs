//! The request's half of an exchange.

use super::content::{Content, leaves_http, uuid};
use super::inspect::{Body, Inspection, Look};
use super::{Phase, QUESTION, Step};
use crate::effect::Effect;
use crate::event::{Direction, Flow, Headers, Question};
use crate::fault::Fault;
use crate::policy::{Action, Cause, FaultOutcome, Mode, Policy, Verdict};
use crate::sensitive::Sensitive;
use crate::wire::Dialect;

/// Tells the upstream which rules flagged a request. Only Weir writes it.
pub(super) const FLAG_HEADER: &str = "x-weir-flag";
/// Tells client and upstream the id of an exchange in which Weir did something.
pub(super) const EXCHANGE_HEADER: &str = "x-weir-exchange";

/// Without a first body byte after this long, and without ever having seen a body while headers were held, the proxy is
/// not configured to deliver one.
const CANNOT_HOLD_MS: u64 = 5_000;

const REQUEST: Direction = Direction::Request;

impl Step<'_> {
    pub(super) fn request_headers(&mut self, headers: Headers<'_>, end: bool) -> Flow {
        let (now, session) = (self.now, &mut *self.session);
        (session.began, session.since) = (now, now);
        let request = &mut session.request;
        // Not all of a path need be text for rules to speak of it.
        let path = String::from_utf8_lossy(headers.first(":path").unwrap_or_default());
        request.dialect = Some(Dialect::of_request(&path, headers));
        request.path = Sensitive::new(path.split(['?', '#']).next().unwrap_or_default().to_owned());
        request.method = headers.text(":method").unwrap_or_default().to_owned();
        request.host = headers.text(":authority").map(|host| Sensitive::new(host.to_owned()));
        request.request_id = headers.text("x-request-id").and_then(uuid);
        let early = if leaves_http(headers) {
            Some(Fault::Upgrade)
        } else {
            match Content::of(REQUEST, headers) {
                Ok(content) => {
                    request.content = content;
                    None
                }
                // Without a body there is nothing that could not be read.
                Err(fault) => (!end || fault == Fault::Grpc).then_some(fault),
            }
        };
        if let Some(fault) = early {
            session.inspection.fault(fault);
        }
        session.inspection.headers(&session.policy, &self.worker.fingerprints, headers);
        session.request.unwanted = unwanted(headers);
        if self.session.policy.needs_route() {
            self.effects.push(Effect::Ask { id: QUESTION, question: Question::RouteName });
            self.session.phase = Phase::RouteAsked { end };
            return Flow::Hold;
        }
        self.route_known(None, end)
    }

    /// What a client must not say in Weir's name, and what would come back unreadable, does not pass. (Decision 10: an
    /// answer can only be read when it is not compressed; Decision 13: monitor mode changes nothing.)
    fn clean(&mut self) {
        if self.session.policy.mode() == Mode::Monitor {
            return;
        }
        for name in std::mem::take(&mut self.session.request.unwanted) {
            self.effects.push(Effect::RemoveHeader { direction: REQUEST, name: name.to_owned() });
        }
    }

    pub(super) fn route_known(&mut self, route: Option<&[u8]>, end: bool) -> Flow {
        let session = &mut *self.session;
        session.request.route = route.and_then(|name| std::str::from_utf8(name).ok()).map(str::to_owned);
        if session.policy.bypass(&session.request.context(REQUEST, self.now)).is_some() {
            session.phase = Phase::Settled;
            session.recorded = true;
            self.measure(crate::audit::Metric::Bypassed, 1);
            return Flow::Continue;
        }
        self.clean();
        let session = &mut *self.session;
        if let Some(dialect) = session.policy.dialect(&session.request.context(REQUEST, self.now)) {
            session.request.dialect = Some(dialect);
        }
        let most = session.policy.limits().request_body as usize;
        if let Some(length) = session.request.content.length.filter(|length| *length > most) {
            session.inspection.bytes(length);
            session.inspection.fault(Fault::BodyTooLarge);
        }
        if end || session.inspection.hopeless() {
            return self.conclude_request(None);
        }
        session.phase = Phase::RequestHeld { buffered: None };
        Flow::Hold
    }

    pub(super) fn request_body(&mut self, buffered: usize, end: bool) -> Flow {
        let most = self.session.policy.limits().request_body as usize;
        self.session.phase = Phase::RequestHeld { buffered: Some(buffered) };
        if buffered > most {
            self.session.inspection.bytes(buffered);
            self.session.inspection.fault(Fault::BodyTooLarge);
            return self.conclude_request(None);
        }
        if end { Flow::Read } else { Flow::Hold }
    }

    /// With trailers no body callback says that the body is complete; this one does.
    pub(super) fn request_trailers(&mut self, trailers: Headers<'_>) -> Flow {
        let session = &mut *self.session;
        session.inspection.trailers(&session.policy, &self.worker.fingerprints, trailers);
        Flow::Read
    }

    pub(super) fn request_bytes(&mut self, bytes: Option<&[u8]>) -> Flow {
        let Some(body) = bytes else {
            self.session.inspection.fault(Fault::HostCall);
            return self.conclude_request(None);
        };
        let session = &mut *self.session;
        let most = session.policy.limits().request_body as usize;
        let encoding = session.request.content.encoding;
        let body = session.inspection.decoded(&session.policy, &self.worker.fingerprints, encoding, body, most);
        let Some(Body { text: body, wire }) = body else { return self.conclude_request(None) };
        let dialect = session.request.dialect.unwrap_or(Dialect::Unknown);
        let look = Look {
            policy: &session.policy,
            dialect,
            direction: REQUEST,
            kind: session.request.content.kind.asked(dialect),
            charset: session.request.content.charset,
            error: false,
        };
        let learnt = session.inspection.body(look, &self.worker.fingerprints, &body);
        session.request.dialect = learnt.dialect.or(session.request.dialect);
        session.request.told = learnt.told;
        self.conclude_request(Some(&Body { text: body, wire }))
    }

    /// The proxy would not give headers or trailers.
    pub(super) fn request_unreadable(&mut self) -> Flow {
        if self.session.phase == Phase::Start {
            (self.session.began, self.session.since) = (self.now, self.now);
        }
        self.session.inspection.fault(Fault::HostCall);
        self.conclude_request(None)
    }

    /// The headers are held, and no body has come for a while.
    pub(super) fn tick(&mut self) -> Flow {
        if self.now.since(self.session.since) < CANNOT_HOLD_MS {
            return Flow::Hold;
        }
        self.session.inspection.fault(Fault::CannotHold);
        match self.session.phase {
            Phase::RequestHeld { .. } => self.conclude_request(None),
            _ => self.conclude_response(None),
        }
    }

    fn conclude_request(&mut self, body: Option<&Body<'_>>) -> Flow {
        let session = &mut *self.session;
        let inspection = std::mem::take(&mut session.inspection);
        let context = session.request.context(REQUEST, self.now);
        let (judgement, inspection) =
            inspection.judge(&session.policy, &self.worker.fingerprints, &context, session.request.content.signed);
        self.count(REQUEST, &judgement.verdict, &judgement.message, &inspection);
        let refused = judgement.verdict.cause;
        self.session.judged = [Some(judgement.message), None];
        self.session.inspection = Inspection::of_answer(judgement.placeholders, inspection.work);
        if let Some(cause) = refused {
            let body = body.filter(|_| inspection.blames_only_the_body(&judgement.verdict));
            return match self.forward_instead(cause, body) {
                Some(flow) => flow,
                None => self.refuse(REQUEST, cause),
            };
        }
        self.session.phase = Phase::Forwarded;
        if !self.rewrite(REQUEST, &judgement.changes, &inspection, body) {
            return self.refuse_for(REQUEST, Fault::Rewrite);
        }
        self.flag(&judgement.verdict);
        Flow::Continue
    }

    /// Somebody may be waiting for a message that is refused, and would wait on: something else goes in the place of its body,
    /// which tells them. Its headers go on, so that is only possible where they are not to blame.
    fn forward_instead(&mut self, cause: Cause, body: Option<&Body<'_>>) -> Option<Flow> {
        let body = body?;
        let (instead, _) = self.with_refusal(REQUEST, cause, |session, refusal| {
            let request = &session.request;
            let answers = request.told.rpc_answers.as_ref().map(|id| id.expose().as_str());
            request.dialect.and_then(|dialect| dialect.instead(refusal, request.path.expose(), answers))
        });
        let instead = instead?;
        self.session.phase = Phase::Forwarded;
        self.replace_body(REQUEST, body.wire, instead.into_bytes());
        Some(Flow::Continue)
    }

    /// Marks a flagged request for the upstream.
    fn flag(&mut self, verdict: &Verdict) {
        let session = &*self.session;
        let flags = flags(&session.policy, verdict);
        if flags.is_empty() {
            return;
        }
        let set = |name: &str, value: String| Effect::SetHeader {
            direction: REQUEST,
            name: name.to_owned(),
            value: Sensitive::new(value.into_bytes()),
        };
        let (flag, exchange) = (set(FLAG_HEADER, flags.join(",")), set(EXCHANGE_HEADER, session.id.to_string()));
        self.effects.extend([flag, exchange]);
    }

    /// The proxy answers before the request was judged.
    pub(super) fn answered_early(&mut self, headers: Headers<'_>) -> Flow {
        let session = &mut *self.session;
        if session.phase == Phase::Start {
            (session.began, session.since) = (self.now, self.now);
        }
        let mut inspection = std::mem::take(&mut session.inspection);
        if headers.text(":status") == Some("413") {
            inspection.fault(Fault::BodyTooLarge);
        } else {
            inspection.fault(Fault::Interrupted);
        }
        session.answer.status = headers.text(":status").and_then(|status| status.parse().ok());
        session.answer.by = Some("proxy");
        let context = session.request.context(REQUEST, self.now);
        let (judgement, inspection) = inspection.judge(&session.policy, &self.worker.fingerprints, &context, false);
        self.count(REQUEST, &judgement.verdict, &judgement.message, &inspection);
        self.session.judged = [Some(judgement.message), None];
        self.session.phase = Phase::Settled;
        self.record();
        Flow::Continue
    }
}

/// The headers of a request that must not go on: see [`Step::clean`].
fn unwanted(headers: Headers<'_>) -> Vec<&'static str> {
    [FLAG_HEADER, EXCHANGE_HEADER, "accept-encoding"].into_iter().filter(|name| headers.first(name).is_some()).collect()
}

/// The ids of rules, and `fault:` and the names of faults, that flag a message.
fn flags(policy: &Policy, verdict: &Verdict) -> Vec<String> {
    /// Enough to find the record; a header must not grow without bound.
    const MOST: usize = 16;
    let mut flags: Vec<String> = Vec::new();
    let rules = verdict.decisions.iter().filter(|decision| {
        decision.action == Action::Flag && decision.mode == Mode::Enforce && decision.excepted.is_none()
    });
    let ids = rules.filter_map(|decision| policy.rules().get(decision.rule)).map(|rule| rule.id().to_owned());
    let faults = verdict.faults.iter().filter(|(_, outcome)| *outcome == FaultOutcome::Flag);
    for flag in ids.chain(faults.map(|(fault, _)| format!("fault:{fault}"))) {
        if flags.len() < MOST && !flags.contains(&flag) {
            flags.push(flag);
        }
    }
    if policy.mode() == Mode::Monitor { Vec::new() } else { flags }
}
