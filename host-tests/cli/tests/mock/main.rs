//! The mock model, over HTTP/1.1 and HTTP/2: what every dialect shares. A file for each vendor stands beside this one.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod anthropic;
mod bedrock;
mod cohere;
mod controls;
mod gemini;
mod ollama;
mod openai;
mod responses;
mod sigv4;
mod transcription;

use serde_json::Value;
use std::time::Duration;
use weir_cli::Step;
use weir_cli::client::{Http, Request, Response};
use weir_cli::mock::prompt::aws_access_key_id;
use weir_cli::mock::{Mock, Reply};

/// A POST of `body` and its answer, which may be an error.
fn post(mock: &Mock, path: &str, body: &Value) -> Response {
    Request::json(path, body.to_string()).send(mock.address()).unwrap()
}

/// The data of server-sent events; `[DONE]` is left out. Names, where there are any, are the type of the data.
fn events(response: &Response) -> Vec<Value> {
    assert_eq!(response.header("content-type").unwrap(), "text/event-stream");
    let text = response.text().replace("\r\n", "\n");
    let events = text.strip_suffix("\n\n").unwrap().split("\n\n").filter(|event| *event != "data: [DONE]");
    let data = events.map(|event| {
        let (name, data) = event.split_once('\n').map_or((None, event), |(name, data)| (Some(name), data));
        let data: Value = serde_json::from_str(data.strip_prefix("data: ").unwrap()).unwrap();
        if let Some(name) = name {
            assert_eq!(name, format!("event: {}", data["type"].as_str().unwrap()));
        }
        data
    });
    data.collect()
}

/// The strings at `pointer`, put together.
fn joined(events: &[Value], pointer: &str) -> String {
    events.iter().filter_map(|event| event.pointer(pointer).and_then(Value::as_str)).collect()
}

/// The types of events, runs of one type as one.
fn types(events: &[Value]) -> Vec<&str> {
    let mut types: Vec<&str> = events.iter().map(|event| event["type"].as_str().unwrap()).collect();
    types.dedup();
    types
}

/// A stream whose pieces say the key, while no piece does.
fn says_key_in_pieces(response: &Response, said: &str) {
    assert!(said.contains(&aws_access_key_id()), "{said}");
    assert!(!response.text().contains(&aws_access_key_id()), "the key must come in pieces");
}

#[test]
fn answers_can_be_scripted() {
    let mock = Mock::start().unwrap();
    let get = |http| Request::new("GET", "/").http(http).send(mock.address()).unwrap();
    let wait = || Step::Wait(Duration::from_millis(60));

    let trailers = vec![("x-sum".to_owned(), "7".to_owned())];
    let steps = vec![Step::data("one"), wait(), Step::data("two"), Step::Trailers(trailers)];
    mock.respond_with(Reply::new(201).header("x-odd", b"\xff").steps(steps.clone()));
    let response = get(Http::Two);
    assert_eq!((response.status, response.text().as_str()), (201, "onetwo"));
    assert!(response.headers.contains(&("x-odd".into(), b"\xff".to_vec())));
    assert_eq!(response.trailers, [("x-sum".to_owned(), b"7".to_vec())]);
    assert!(response.chunks[1].0 >= Duration::from_millis(60));

    for http in [Http::One, Http::Two] {
        mock.respond_with(Reply::new(200).steps(vec![Step::data("half"), wait(), Step::Reset]));
        let response = get(http);
        assert_eq!(response.text(), "half");
        assert!(response.broken.is_some());
    }

    mock.respond_with(Reply::json(200, "0123456789").chunked(4));
    let response = get(Http::One);
    assert_eq!(
        (response.header("transfer-encoding").as_deref(), response.text().as_str()),
        (Some("chunked"), "0123456789")
    );
    mock.respond_with(Reply::json(200, "0123456789"));
    assert_eq!(get(Http::One).header("content-length").as_deref(), Some("10"));
    assert_eq!(get(Http::One).status, 404, "the script is used up");
}

#[test]
fn requests_that_break_off_are_recorded_as_such() {
    let mock = Mock::start().unwrap();
    let steps = vec![Step::data("half"), Step::Wait(Duration::from_millis(50)), Step::Reset];
    let _ = Request::new("POST", "/x").steps(steps).send(mock.address());
    std::thread::sleep(Duration::from_millis(100));
    let received = mock.requests().remove(0);
    assert_eq!((received.text().as_str(), received.complete), ("half", false));
}

#[test]
fn request_steps_go_out_chunked_with_trailers_on_http2() {
    let mock = Mock::start().unwrap();
    let trailers = Step::Trailers(vec![("x-end".to_owned(), "1".to_owned())]);
    let steps = vec![Step::data("a"), Step::data("b"), trailers];
    Request::new("POST", "/x").http(Http::Two).steps(steps).send(mock.address()).unwrap();
    let received = mock.requests().remove(0);
    assert_eq!((received.text().as_str(), received.trailers), ("ab", vec![("x-end".to_owned(), b"1".to_vec())]));
}

#[test]
fn a_taken_port_is_told() {
    let mock = Mock::start().unwrap();
    let error = Mock::start_on(mock.address().port()).err().unwrap().to_string();
    assert_eq!(error, format!("port {} of 127.0.0.1 is taken", mock.address().port()));
}
