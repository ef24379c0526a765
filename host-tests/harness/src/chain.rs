//! Drives one stream through the filter: calls the callbacks, applies their actions and what host calls deferred.

use crate::direction::{Action, Stopped};
use crate::headers::Headers;
use crate::outcome::{Answerer, Cause, Failure, Side};
use crate::proxy::{Deferred, LocalReply};
use crate::stream::{End, Stream};
use crate::vm::Vm;

/// What delivering something to the filter did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The callback ran and answered this.
    Called(Action),
    /// The callback was not called: the stream has ended, a local reply has taken over, or a Pause in the headers
    /// callback stopped everything.
    NotCalled,
    /// The callback failed, and with it the VM.
    Failed(Failure),
}

impl Vm {
    pub(crate) fn stream(&self, id: u32) -> Option<&Stream> {
        self.proxy().streams.get(&id)
    }

    fn open_stream(&mut self, id: u32) -> Option<&mut Stream> {
        self.proxy_mut().streams.get_mut(&id).filter(|stream| stream.end.is_none())
    }

    /// Whether something can still come in from the client and the upstream: not behind a local reply.
    fn takes_input(&mut self, id: u32) -> bool {
        let Some(stream) = self.open_stream(id) else { return false };
        matches!(stream.answered_by, None | Some(Answerer::Upstream))
    }

    /// Delivers headers from the client, or from the upstream.
    pub(crate) fn headers(&mut self, id: u32, side: Side, headers: Headers, end: bool) -> Step {
        if !self.takes_input(id) {
            return Step::NotCalled;
        }
        if let (Side::Response, Some(stream)) = (side, self.open_stream(id)) {
            stream.answered_by = Some(Answerer::Upstream);
            stream.details = Some("via_upstream".into());
        }
        self.run_headers(id, side, headers, end)
    }

    /// Delivers a piece of body from the client, or from the upstream.
    pub(crate) fn body(&mut self, id: u32, side: Side, chunk: &[u8], end: bool) -> Step {
        if self.takes_input(id) { self.run_body(id, side, chunk, end) } else { Step::NotCalled }
    }

    /// Delivers trailers from the client, or from the upstream.
    pub(crate) fn trailers(&mut self, id: u32, side: Side, trailers: Headers) -> Step {
        if self.takes_input(id) { self.run_trailers(id, side, trailers) } else { Step::NotCalled }
    }

    fn run_headers(&mut self, id: u32, side: Side, headers: Headers, end: bool) -> Step {
        let Some(stream) = self.open_stream(id) else { return Step::NotCalled };
        let count = headers.len() as u32;
        stream.side_mut(side).start(headers, end);
        let exports = self.exports();
        let callback = match side {
            Side::Request => &exports.request_headers,
            Side::Response => &exports.response_headers,
        };
        let action = self.decide(id, callback, (id, count, end.into()));
        let stop_iteration = self.proxy().options.headers_stop_iteration;
        self.apply(id, side, action, |stream, action| stream.side_mut(side).after_headers(action, stop_iteration))
    }

    fn run_body(&mut self, id: u32, side: Side, chunk: &[u8], end: bool) -> Step {
        let Some(stream) = self.open_stream(id) else { return Step::NotCalled };
        let Some(size) = stream.side_mut(side).take_chunk(chunk, end) else { return Step::NotCalled };
        if stream.side(side).buffering && size > self.limit(side) {
            self.too_large(id, side);
            return Step::NotCalled;
        }
        let exports = self.exports();
        let callback = match side {
            Side::Request => &exports.request_body,
            Side::Response => &exports.response_body,
        };
        let action = self.decide(id, callback, (id, size as u32, end.into()));
        let limit = self.limit(side);
        let mut overflow = false;
        let step = self.apply(id, side, action, |stream, action| {
            let direction = stream.side_mut(side);
            direction.after_body(action);
            overflow = direction.held() > limit;
            if action == Action::Continue && direction.stopped != Stopped::No && !overflow {
                direction.release();
            }
        });
        if overflow {
            self.too_large(id, side);
        }
        step
    }

    fn run_trailers(&mut self, id: u32, side: Side, trailers: Headers) -> Step {
        let Some(stream) = self.open_stream(id) else { return Step::NotCalled };
        let count = trailers.len() as u32;
        if !stream.side_mut(side).take_trailers(trailers) {
            return Step::NotCalled;
        }
        let exports = self.exports();
        let callback = match side {
            Side::Request => &exports.request_trailers,
            Side::Response => &exports.response_trailers,
        };
        let action = self.decide(id, callback, (id, count));
        self.apply(id, side, action, |stream, action| stream.side_mut(side).after_trailers(action))
    }

    /// Applies the action of a callback, unless a local reply or a reset makes it void, then what was deferred.
    fn apply(
        &mut self,
        id: u32,
        side: Side,
        action: Result<Action, Failure>,
        effect: impl FnOnce(&mut Stream, Action),
    ) -> Step {
        let action = match action {
            Ok(action) => action,
            Err(failure) => {
                self.fail(id, &failure);
                return Step::Failed(failure);
            }
        };
        if !self.proxy().is_ending(id)
            && let Some(stream) = self.open_stream(id)
        {
            effect(stream, action);
            stream.settle(side);
        }
        self.run_deferred();
        Step::Called(action)
    }

    /// Does what host calls have asked for since the callback began.
    pub(crate) fn run_deferred(&mut self) {
        while let Some((id, what)) = self.proxy_mut().deferred.pop_front() {
            match what {
                Deferred::Reply(reply) => self.reply(id, reply),
                Deferred::Continue(side) => self.resume(id, side),
                Deferred::Close(cause) => self.reset(id, cause),
            }
        }
    }

    fn resume(&mut self, id: u32, side: Side) {
        let Some(stream) = self.open_stream(id) else { return };
        let direction = stream.side_mut(side);
        match direction.stopped {
            Stopped::No => {}
            Stopped::Single => direction.release(),
            Stopped::All => {
                let (body, trailers) = direction.release_headers();
                let end = direction.ended && !direction.sent.complete;
                if !body.is_empty() || (end && trailers.is_none()) {
                    self.run_body(id, side, &body, end && trailers.is_none());
                }
                if let Some(trailers) = trailers {
                    self.run_trailers(id, side, trailers);
                }
            }
        }
        if let Some(stream) = self.open_stream(id) {
            stream.settle(side);
        }
    }

    /// Answers the client without the upstream. A reply in the request phase goes through the filter's own response
    /// callbacks; one in the response phase does not; once headers are out all that is left is a reset.
    pub(crate) fn reply(&mut self, id: u32, reply: LocalReply) {
        let Some(stream) = self.open_stream(id) else { return };
        let by = if reply.by_module { Answerer::Module } else { Answerer::Proxy };
        if stream.response.sent.headers.is_some() {
            self.reset(id, if reply.by_module { Cause::Module } else { Cause::Proxy });
            return;
        }
        stream.answered_by = Some(by);
        stream.details = Some(reply.details.clone());
        let (headers, body) = reply.render(stream.is_grpc(), stream.is_head());
        if stream.response.started {
            stream.response.replace(headers, body);
            stream.settle(Side::Response);
            return;
        }
        self.run_headers(id, Side::Response, headers, body.is_empty());
        if !body.is_empty() {
            self.run_body(id, Side::Response, &body, true);
        }
    }

    pub(crate) fn reset(&mut self, id: u32, cause: Cause) {
        if let Some(stream) = self.open_stream(id) {
            stream.end = Some(End::Reset(cause));
        }
    }

    fn limit(&self, side: Side) -> usize {
        match side {
            Side::Request => self.proxy().options.request_limit(),
            Side::Response => self.proxy().options.response_limit(),
        }
    }

    fn too_large(&mut self, id: u32, side: Side) {
        let reply = match side {
            Side::Request => LocalReply::payload_too_large(),
            Side::Response => LocalReply::new(500, "response_payload_too_large", "Internal Server Error"),
        };
        self.reply(id, reply);
    }

    /// The VM has failed in a callback of this stream: 503 where that is still possible. Every other stream of the VM
    /// stays as it is, which for a paused one means that it hangs.
    pub(crate) fn fail(&mut self, id: u32, failure: &Failure) {
        let Some(stream) = self.open_stream(id) else { return };
        if stream.response.sent.headers.is_none() && !matches!(failure, Failure::ProxyCrash { .. }) {
            let headers = [(":status", "503"), ("content-length", "0")].into_iter().collect();
            stream.response.replace(headers, Vec::new());
            stream.answered_by = Some(Answerer::Proxy);
        }
        stream.details = Some("wasm_fail_stream".into());
        stream.end = Some(End::Failed(failure.clone()));
    }
}

impl Stream {
    /// Notices the end of the response.
    pub(crate) fn settle(&mut self, side: Side) {
        if side == Side::Response && self.response.sent.complete && self.end.is_none() {
            self.end = Some(End::Completed);
        }
    }
}

impl LocalReply {
    /// The response as Envoy writes it: a length and a type for a body, and for gRPC a status in place of both.
    fn render(self, grpc: bool, head: bool) -> (Headers, Vec<u8>) {
        let mut headers = Headers::new();
        headers.set(":status", if grpc { "200".into() } else { self.status.to_string() });
        self.headers.iter().for_each(|(name, value)| headers.add(name, value));
        if grpc {
            let status = self.grpc_status.unwrap_or(match self.status {
                400 => 13,
                401 => 16,
                403 => 7,
                404 => 12,
                429 | 502 | 503 | 504 => 14,
                _ => 2,
            });
            headers.set("content-type", "application/grpc");
            headers.set("grpc-status", status.to_string());
            if !self.body.is_empty() {
                headers.set("grpc-message", percent_encoded(&self.body));
            }
            headers.remove("content-length");
            return (headers, Vec::new());
        }
        if self.body.is_empty() {
            headers.remove("content-length");
            headers.remove("content-type");
        } else {
            headers.set("content-length", self.body.len().to_string());
            if !headers.contains("content-type") {
                headers.set("content-type", "text/plain");
            }
        }
        (headers, if head { Vec::new() } else { self.body })
    }
}

/// The form of a gRPC message in a header.
fn percent_encoded(text: &[u8]) -> String {
    let plain = |byte: &u8| (b' '..=b'~').contains(byte) && *byte != b'%';
    text.iter().map(|byte| if plain(byte) { char::from(*byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
