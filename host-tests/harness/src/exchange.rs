//! One request and its response, from end to end.

use crate::call::{CallAnswer, HttpCall};
use crate::host::{Host, StreamId};
use crate::message::{Message, Request, Response};
use crate::options::Protocol;
use crate::outcome::{Cause, Side};
use crate::proxy::LocalReply;
use crate::result::ExchangeResult;
use crate::sent::Sent;
use std::time::Duration;

/// A point in an exchange, right after something has been delivered to the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// The request headers.
    RequestHeaders,
    /// This piece of the request body; the first is 1.
    RequestBody(usize),
    /// The last of the request.
    RequestEnd,
    /// The response headers.
    ResponseHeaders,
    /// This piece of the response body; the first is 1.
    ResponseBody(usize),
    /// The last of the response.
    ResponseEnd,
}

enum Interruption {
    ClientLeaves,
    UpstreamResets,
    ProxyReplies(LocalReply),
}

type Answers<'h> = Box<dyn FnMut(&HttpCall) -> CallAnswer + 'h>;

/// A request that is about to be sent. The builder methods say what else happens; [`upstream`](Self::upstream) or
/// [`without_upstream`](Self::without_upstream) runs it.
#[must_use = "an exchange does nothing until its upstream is given"]
pub struct Exchange<'h> {
    host: &'h mut Host,
    request: Request,
    interruptions: Vec<(At, Interruption)>,
    calls: Option<Answers<'h>>,
    calls_at_once: bool,
    calls_left: usize,
    ticks: usize,
}

/// One thing to deliver.
enum Piece<'a> {
    Headers(bool),
    Body(&'a [u8], bool),
    Trailers,
}

impl<'h> Exchange<'h> {
    pub(crate) fn new(host: &'h mut Host, request: Request) -> Self {
        Self { host, request, interruptions: Vec::new(), calls: None, calls_at_once: false, calls_left: 1000, ticks: 0 }
    }

    /// The client leaves at this point.
    pub fn client_leaves(mut self, at: At) -> Self {
        self.interruptions.push((at, Interruption::ClientLeaves));
        self
    }

    /// The upstream closes its connection at this point. Before its response that is a 503, after it a reset.
    pub fn upstream_resets(mut self, at: At) -> Self {
        self.interruptions.push((at, Interruption::UpstreamResets));
        self
    }

    /// The proxy answers by itself at this point.
    pub fn proxy_replies(mut self, at: At, reply: LocalReply) -> Self {
        self.interruptions.push((at, Interruption::ProxyReplies(reply)));
        self
    }

    /// Answers the calls that the module makes to other services (at most 1000), when nothing else is left to do.
    /// Without this, a module that waits for an answer hangs.
    pub fn calls(mut self, answers: impl FnMut(&HttpCall) -> CallAnswer + 'h) -> Self {
        self.calls = Some(Box::new(answers));
        self
    }

    /// The same, but each call is answered before anything more of the message is delivered.
    pub fn calls_at_once(mut self, answers: impl FnMut(&HttpCall) -> CallAnswer + 'h) -> Self {
        self.calls_at_once = true;
        self.calls(answers)
    }

    /// Lets up to this many ticks pass (with the clock) before a paused exchange counts as hanging.
    pub fn ticks(mut self, ticks: usize) -> Self {
        self.ticks = ticks;
        self
    }

    /// Runs the exchange. The closure is called with what the upstream received, and only once that is the whole
    /// request.
    pub fn upstream(self, answer: impl FnOnce(&Sent) -> Response) -> ExchangeResult {
        self.run(Some(answer))
    }

    /// Runs the exchange without a healthy upstream: what is forwarded is answered by the proxy with 503.
    pub fn without_upstream(self) -> ExchangeResult {
        self.run(None::<fn(&Sent) -> Response>)
    }

    fn run(mut self, answer: Option<impl FnOnce(&Sent) -> Response>) -> ExchangeResult {
        let id = self.host.open_with(std::mem::take(&mut self.request.properties));
        let request = std::mem::take(&mut self.request.message);
        self.send(id, Side::Request, request, false);
        self.wait(id, Side::Request);
        if !self.is_settled(id, Side::Response)
            && let Some(sent) = self.take_forwarded(id)
        {
            let response = answer.map(|answer| answer(&sent));
            let head = sent.headers.as_ref().is_some_and(|headers| headers.bytes(":method") == Some(b"HEAD"));
            if let Some(stream) = self.host.vm.proxy_mut().streams.get_mut(&id.0) {
                stream.request.sent = sent;
            }
            match response {
                Some(response) => self.send(id, Side::Response, response.message, head),
                None => self.host.reply(id, LocalReply::no_healthy_upstream()),
            }
        }
        self.wait(id, Side::Response);
        match self.host.finish(id) {
            Ok(result) => result,
            // The stream exists: it was opened above and nothing here removes it.
            Err(_) => ExchangeResult::new(crate::stream::Stream::new(0), Vec::new(), Vec::new(), Default::default()),
        }
    }

    /// The request, moved out, if the upstream has all of it.
    fn take_forwarded(&mut self, id: StreamId) -> Option<Sent> {
        let stream = self.host.vm.proxy_mut().streams.get_mut(&id.0)?;
        let waiting = stream.request.sent.complete && !stream.response.started;
        waiting.then(|| std::mem::take(&mut stream.request.sent))
    }

    fn send(&mut self, id: StreamId, side: Side, mut message: Message, bodiless: bool) {
        let options = &self.host.vm.proxy().options;
        let protocol = if side == Side::Request { options.downstream } else { options.upstream };
        if protocol == Protocol::Http1 {
            message.trailers = None;
        }
        let body = message.body.take().filter(|_| !bodiless);
        let pieces = pieces(&message, body.as_deref(), protocol);
        let last = pieces.len().saturating_sub(1);
        let headers = &mut message.headers;
        let trailers = &mut message.trailers;
        for (index, piece) in pieces.into_iter().enumerate() {
            match piece {
                Piece::Headers(end) => self.host.headers(id, side, std::mem::take(headers), end),
                Piece::Body(chunk, end) => self.host.body(id, side, chunk, end),
                Piece::Trailers => self.host.trailers(id, side, trailers.take().unwrap_or_default()),
            };
            if self.calls_at_once {
                while self.answer_one() {}
            }
            self.interrupt(id, side, index, index == last);
            if let Some(stream) = self.host.vm.proxy_mut().streams.get_mut(&id.0) {
                let sent = stream.side(side).sent.body.len();
                stream.side_mut(side).marks.push(sent);
            }
        }
    }

    fn interrupt(&mut self, id: StreamId, side: Side, index: usize, last: bool) {
        let is_now = |at: &At| match (at, side) {
            (At::RequestHeaders, Side::Request) | (At::ResponseHeaders, Side::Response) => index == 0,
            (At::RequestBody(n), Side::Request) | (At::ResponseBody(n), Side::Response) => index == *n && index > 0,
            (At::RequestEnd, Side::Request) | (At::ResponseEnd, Side::Response) => last,
            _ => false,
        };
        while let Some(found) = self.interruptions.iter().position(|(at, _)| is_now(at)) {
            match self.interruptions.remove(found).1 {
                Interruption::ClientLeaves => self.host.client_leaves(id),
                Interruption::ProxyReplies(reply) => self.host.reply(id, reply),
                Interruption::UpstreamResets if side == Side::Response => {
                    self.host.vm.reset(id.0, Cause::Upstream);
                }
                Interruption::UpstreamResets => {
                    let details = "upstream_reset_before_response_started{connection_termination}";
                    let body = "upstream connect error or disconnect/reset before headers. reset reason: connection \
                                termination";
                    self.host.reply(id, LocalReply::new(503, details, body));
                }
            }
        }
    }

    /// Answers calls and lets ticks pass until this side has come through or nothing moves any more.
    fn wait(&mut self, id: StreamId, side: Side) {
        while !self.is_settled(id, side) && (self.answer_one() || self.let_tick_pass()) {}
    }

    fn is_settled(&self, id: StreamId, side: Side) -> bool {
        let Some(stream) = self.host.stream(id) else { return true };
        stream.end.is_some() || (side == Side::Request && (stream.request.sent.complete || stream.response.started))
    }

    fn answer_one(&mut self) -> bool {
        let (Some(answers), Some(call)) = (self.calls.as_mut(), self.host.calls().first().cloned()) else {
            return false;
        };
        let Some(left) = self.calls_left.checked_sub(1) else { return false };
        self.calls_left = left;
        let answer = answers(&call);
        let _ = self.host.answer_call(call.token, answer); // a failure ends the stream and shows in its outcome
        true
    }

    fn let_tick_pass(&mut self) -> bool {
        let (Some((_, at)), Some(left)) = (self.host.next_tick(), self.ticks.checked_sub(1)) else { return false };
        self.ticks = left;
        let wait = at.saturating_sub(self.host.now());
        self.host.advance(Duration::from_nanos(wait)).is_ok()
    }
}

/// A message as the proxy's codec gives it to the filter.
fn pieces<'a>(message: &Message, body: Option<&'a [u8]>, protocol: Protocol) -> Vec<Piece<'a>> {
    let trailers = message.trailers.is_some();
    let Some(body) = body else {
        let mut pieces = vec![Piece::Headers(!trailers)];
        pieces.extend(trailers.then_some(Piece::Trailers));
        return pieces;
    };
    let mut pieces = vec![Piece::Headers(false)];
    let chunks = message.chunks.cut(body);
    let last = chunks.len().saturating_sub(1);
    let at_last = protocol == Protocol::Http2 && !trailers;
    let skip = protocol == Protocol::Http1 && body.is_empty() && chunks.len() == 1;
    if !skip {
        let body = chunks.into_iter().enumerate();
        pieces.extend(body.map(|(index, chunk)| Piece::Body(chunk, at_last && index == last)));
    }
    if trailers {
        pieces.push(Piece::Trailers);
    } else if protocol == Protocol::Http1 {
        pieces.push(Piece::Body(&[], true));
    }
    pieces
}
