//! What a prompt can ask for, in the dialects it was made for first, and where the way of the answer is asked for.

use super::bedrock::python;
use super::openai::{chat, content};
use super::{events, joined, post};
use serde_json::{Value, json};
use std::time::Duration;
use weir_cli::client::{Http, Request};
use weir_cli::mock::Mock;
use weir_cli::mock::prompt::{EMAIL, aws_access_key_id, card_number};

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
    assert!(content(&chat(&mock, "say email", none.clone())).contains(EMAIL));
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
    let unpack = "import gzip,sys; sys.stdout.buffer.write(gzip.decompress(sys.stdin.buffer.read()))";
    let response = chat(&mock, "say gzip and say big 200000", json!({}));
    assert_eq!(response.header("content-encoding").unwrap(), "gzip");
    let json: Value = serde_json::from_slice(&python(unpack, response.body())).unwrap();
    assert!(json["choices"][0]["message"]["content"].as_str().unwrap().len() > 200_000);

    let stream = chat(&mock, "say gzip", json!({"stream": true}));
    assert_eq!(stream.header("content-encoding").unwrap(), "gzip");
    let plain = String::from_utf8(python(unpack, stream.body())).unwrap();
    assert!(plain.starts_with("data: {") && plain.ends_with("data: [DONE]\n\n"), "{plain}");
}

#[test]
fn a_late_secret_comes_in_the_second_half() {
    let mock = Mock::start().unwrap();
    let key = aws_access_key_id();
    let sent = events(&chat(&mock, "say late secret", json!({"stream": true})));
    let said = joined(&sent, "/choices/0/delta/content");
    assert!(said.find(&key).unwrap() > said.len() / 2, "{said}");
    assert_eq!(said.matches(&key).count(), 1);
    let sent = events(&chat(&mock, "say late secret, say tool", json!({"stream": true})));
    let arguments = joined(&sent, "/choices/0/delta/tool_calls/0/function/arguments");
    assert!(arguments.find(&key).unwrap() > arguments.len() / 2, "{arguments}");
}

#[test]
fn the_prompt_is_repeated_as_it_arrived() {
    let mock = Mock::start().unwrap();
    let turns = json!([
        {"role": "system", "content": "be brief"}, {"role": "user", "content": "my name is Ada"},
        {"role": "user", "content": [{"type": "text", "text": "say repeat"}]},
    ]);
    let said = content(&post(&mock, "/v1/chat/completions", &json!({"messages": turns})));
    assert!(said.ends_with("You wrote: \"be brief\nmy name is Ada\nsay repeat\"."), "{said}");
    let turns = json!([{"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": "42"},
        {"type": "text", "text": "say repeat"}]}]);
    let answer = post(&mock, "/v1/messages", &json!({"system": "be brief", "messages": turns})).json();
    let said = answer["content"][0]["text"].as_str().unwrap();
    assert!(said.ends_with("You wrote: \"be brief\n42\nsay repeat\"."), "{said}");
}

#[test]
fn a_slow_answer_takes_its_time() {
    let mock = Mock::start().unwrap();
    let response = chat(&mock, "say slow 15", json!({"stream": true}));
    let times: Vec<Duration> = response.chunks.iter().map(|(time, _)| *time).collect();
    assert!(times.len() > 5);
    let last = times.last().copied().unwrap();
    assert!(last >= Duration::from_millis(15 * 10), "{times:?}");
}

#[test]
fn the_card_number_is_luhn_valid() {
    let digits: Vec<u32> = card_number().bytes().rev().map(|byte| u32::from(byte - b'0')).collect();
    let double = |d: u32| if d > 4 { d * 2 - 9 } else { d * 2 };
    let sum: u32 = digits.iter().enumerate().map(|(i, d)| if i % 2 == 1 { double(*d) } else { *d }).sum();
    assert_eq!((digits.len(), sum % 10), (16, 0));
}
