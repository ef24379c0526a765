//! Streams through the real proxy: how one ends that was blocked, whatever its upstream does.

use super::{BOTH, CHAT, HTTP2, PLAIN};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use weir_cli::Step;
use weir_cli::client::{Http, Request};
use weir_cli::mock::Reply;
use weir_e2e::Lab;

fn asks() -> Request {
    let message = json!({"role": "user", "content": "hello"});
    Request::json(CHAT, json!({"model": "m", "stream": true, "messages": [message]}).to_string())
}

fn event(content: &str) -> Step {
    let choice = json!({"index": 0, "delta": {"content": content}, "finish_reason": null});
    let chunk = json!({"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]});
    Step::data(format!("data: {chunk}\n\n"))
}

fn stream(steps: Vec<Step>) -> Reply {
    Reply::new(200).header("content-type", "text/event-stream").steps(steps)
}

/// What the client got of a blocked stream, when it had all of it, and when it saw the end.
struct Ended {
    text: String,
    told: Duration,
    ended: Duration,
    record: Value,
}

fn blocked(lab: &mut Lab, http: Http, steps: Vec<Step>) -> Ended {
    lab.mock().respond_with(stream(steps));
    let begin = Instant::now();
    let seen = lab.play(&asks().http(http));
    let ended = begin.elapsed();
    assert_eq!((seen.response.status, seen.action("response")), (200, "block"), "{seen:#?}");
    let record = seen.record.clone().expect("a blocked stream is recorded");
    assert_eq!(record["answered_by"], "weir", "{record:#}");
    let told = seen.response.chunks.last().map(|(time, _)| *time).unwrap_or_default();
    Ended { text: seen.response.text(), told, ended, record }
}

impl Ended {
    /// The reason comes at once. The end comes with a tick, half a second later at most; to a client that speaks HTTP/1.1
    /// Envoy shows it one second after that (`delayed_close_timeout`), unless the client goes first. Twice as much is
    /// allowed here, for machines that do other things too.
    fn assert_within(&self, http: Http) {
        let most = if http == Http::One { 3_000 } else { 1_000 };
        assert!(self.told < Duration::from_millis(500), "told after {:?}", self.told);
        assert!(self.ended < Duration::from_millis(most), "ended after {:?}", self.ended);
    }

    /// Fails unless the client was given what came before the blocked event, then the reason, and nothing else.
    fn assert_told(&self) {
        let events: Vec<&str> = self.text.split("\n\n").filter(|event| !event.is_empty()).collect();
        let [first, last, done] = events.as_slice() else { panic!("{}", self.text) };
        assert!(first.contains("so far so good"), "{first}");
        assert_eq!(*done, "data: [DONE]");
        let last: Value = serde_json::from_str(last.strip_prefix("data: ").unwrap()).unwrap();
        assert_eq!(last["error"]["code"], "blocked_by_policy");
        let exchange = self.record["exchange"].as_str().unwrap();
        assert!(last["error"]["message"].as_str().unwrap().contains(exchange), "{last}");
    }
}

/// Waits until the upstream has noticed that nobody wants the rest of its answer.
fn abandoned(lab: &Lab, before: u64) {
    let begin = Instant::now();
    while lab.mock().abandoned() == before {
        assert!(begin.elapsed() < Duration::from_secs(5), "the upstream was not stopped");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// An upstream that says the blocked thing and then nothing more, without ending: only a tick can break it off.
#[test]
fn a_silent_upstream_is_broken_off() {
    for lab in [&PLAIN, &HTTP2] {
        lab.with(|lab| {
            for http in BOTH {
                let before = lab.mock().abandoned();
                let silence = Step::Wait(Duration::from_secs(20));
                let steps = vec![event("so far so good, "), event("forbidden. "), silence, event("never")];
                let ended = blocked(lab, http, steps);
                ended.assert_told();
                ended.assert_within(http);
                abandoned(lab, before);
            }
        });
    }
}

/// An upstream that goes on talking: it is stopped by the next thing it says, of which nothing is delivered.
#[test]
fn a_talking_upstream_is_stopped() {
    for lab in [&PLAIN, &HTTP2] {
        lab.with(|lab| {
            for http in BOTH {
                let before = lab.mock().abandoned();
                let pause = Step::Wait(Duration::from_millis(50));
                let mut steps = vec![event("so far so good, "), event("forbidden. ")];
                steps.extend((0..200).flat_map(|_| [pause.clone(), event("more")]));
                let ended = blocked(lab, http, steps);
                ended.assert_told();
                ended.assert_within(http);
                abandoned(lab, before);
            }
        });
    }
}

/// The blocked thing is the last that the upstream says: the stream ends as streams do.
#[test]
fn a_stream_that_ends_with_the_blocked_event_ends_cleanly() {
    for lab in [&PLAIN, &HTTP2] {
        lab.with(|lab| {
            for http in BOTH {
                let ended = blocked(lab, http, vec![event("so far so good, "), event("forbidden. ")]);
                ended.assert_told();
                ended.assert_within(http);
            }
        });
    }
}
