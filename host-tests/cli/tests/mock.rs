//! The mock model, over HTTP/1.1 and HTTP/2.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Duration;
use weir_cli::Step;
use weir_cli::client::{Http, Request, Response};
use weir_cli::mock::openai::{aws_access_key_id, card_number};
use weir_cli::mock::{Mock, Reply};

fn chat(mock: &Mock, prompt: &str, more: Value) -> Response {
    let mut body = json!({"model": "m", "messages": [{"role": "user", "content": prompt}]});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    Request::json("/v1/chat/completions", body.to_string()).send(mock.address()).unwrap()
}

fn content(response: &Response) -> String {
    response.json()["choices"][0]["message"]["content"].as_str().unwrap_or_default().to_owned()
}

/// The deltas of a stream, put together.
fn streamed(response: &Response, pointer: &str) -> String {
    let events = response.text();
    assert!(events.ends_with("data: [DONE]\n\n"));
    let events = events.split("\n\n").filter_map(|event| event.strip_prefix("data: ")).filter(|data| *data != "[DONE]");
    let deltas = events.map(|data| serde_json::from_str::<Value>(data).unwrap());
    deltas.filter_map(|delta| delta.pointer(pointer).and_then(Value::as_str).map(str::to_owned)).collect()
}

#[test]
fn it_echoes_what_arrived_and_records_it() {
    let mock = Mock::start().unwrap();
    for (http, version) in [(Http::One, "HTTP/1.1"), (Http::Two, "HTTP/2.0")] {
        let body = r#"{"messages":[{"role":"user","content":[{"type":"text","text":"one"},{"type":"text","text":"two"}]},
            {"role":"assistant","content":"x"}]}"#;
        let request = Request::json("/v1/chat/completions?q=1", body).http(http).header("x-odd", b"\xff\xfe");
        let response = request.send(mock.address()).unwrap();
        assert_eq!(response.status, 200);
        let said = format!("You said: \"one\ntwo\". I received 2 messages in {} bytes.", body.len());
        assert_eq!(content(&response), said);
        let received = mock.take_requests().remove(0);
        assert_eq!((received.method.as_str(), received.path.as_str()), ("POST", "/v1/chat/completions?q=1"));
        assert_eq!((received.version.as_str(), received.text().as_str()), (version, body));
        assert!(received.headers.contains(&("x-odd".into(), b"\xff\xfe".to_vec())));
        assert!(received.complete);
    }
}

#[test]
fn a_prompt_can_ask_for_things() {
    let mock = Mock::start().unwrap();
    let none = json!({});
    let both = content(&chat(&mock, "say secret and say card", none.clone()));
    assert!(both.contains(&aws_access_key_id()) && both.contains(&card_number()), "{both}");
    let tool = chat(&mock, "say tool", json!({"tools": [{"type": "function", "function": {"name": "mail"}}]})).json();
    let function = &tool["choices"][0]["message"]["tool_calls"][0]["function"];
    assert_eq!(function["name"], "mail");
    let arguments: Value = serde_json::from_str(function["arguments"].as_str().unwrap()).unwrap();
    assert_eq!(arguments["to"], "ada.lovelace@example.org");
    assert_eq!(tool["choices"][0]["finish_reason"], "tool_calls");
    assert_eq!(chat(&mock, "say choices", none.clone()).json()["choices"].as_array().unwrap().len(), 3);
    assert!(content(&chat(&mock, "say big 3000", none.clone())).len() > 3000);
    let refusal = chat(&mock, "say refusal", none.clone()).json();
    assert_eq!(refusal["choices"][0]["message"]["refusal"], "I will not do that.");
    assert_eq!(chat(&mock, "say html", none.clone()).header("content-type").unwrap(), "text/html");
    let error = chat(&mock, "say error 429", none.clone());
    assert_eq!((error.status, error.json()["error"]["type"].as_str()), (429, Some("rate_limit_error")));
    assert_eq!(chat(&mock, "say error 500", none).status, 500);
}

#[test]
fn its_gzip_is_gzip() {
    let mock = Mock::start().unwrap();
    let response = chat(&mock, "say gzip and say big 200000", json!({}));
    assert_eq!(response.header("content-encoding").unwrap(), "gzip");
    let unpack = "import gzip,sys; sys.stdout.buffer.write(gzip.decompress(sys.stdin.buffer.read()))";
    let mut python = Command::new("python3");
    python.args(["-c", unpack]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = python.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let body = response.body();
    let writer = std::thread::spawn(move || stdin.write_all(&body));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(json["choices"][0]["message"]["content"].as_str().unwrap().len() > 200_000);
}

#[test]
fn it_streams() {
    let mock = Mock::start().unwrap();
    let response = chat(&mock, "say secret", json!({"stream": true, "stream_options": {"include_usage": true}}));
    assert_eq!(response.header("content-type").unwrap(), "text/event-stream");
    let text = streamed(&response, "/choices/0/delta/content");
    assert!(text.contains(&aws_access_key_id()), "{text}");
    assert!(!response.text().contains(&aws_access_key_id()), "the key must come in pieces");
    assert!(response.text().contains("\"usage\""));
    let tool = chat(&mock, "say tool", json!({"stream": true}));
    let arguments = streamed(&tool, "/choices/0/delta/tool_calls/0/function/arguments");
    assert_eq!(serde_json::from_str::<Value>(&arguments).unwrap()["subject"], "hello");
}

#[test]
fn other_paths() {
    let mock = Mock::start().unwrap();
    let send = |request: Request| request.send(mock.address()).unwrap();
    assert_eq!(send(Request::new("GET", "/v1/models")).json()["data"][0]["id"], "mock-1");
    let embedded = send(Request::json("/v1/embeddings", r#"{"input":["a","b"]}"#)).json();
    assert_eq!(embedded["data"].as_array().unwrap().len(), 2);
    assert_eq!(send(Request::new("GET", "/nope")).status, 404);
    assert_eq!(send(Request::json("/v1/chat/completions", "{")).status, 400);
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

#[test]
fn the_card_number_is_luhn_valid() {
    let digits: Vec<u32> = card_number().bytes().rev().map(|byte| u32::from(byte - b'0')).collect();
    let double = |d: u32| if d > 4 { d * 2 - 9 } else { d * 2 };
    let sum: u32 = digits.iter().enumerate().map(|(i, d)| if i % 2 == 1 { double(*d) } else { *d }).sum();
    assert_eq!((digits.len(), sum % 10), (16, 0));
}
