//! Bedrock: Converse and InvokeModel, whole and as binary event streams.

use super::joined;
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Stdio};
use weir_cli::client::{Http, Request, Response};
use weir_cli::mock::Mock;
use weir_cli::mock::event_stream::frame;
use weir_cli::mock::prompt::aws_access_key_id;
use weir_cli::mock::sigv4::sign;

const CLAUDE: &str = "anthropic.claude-3-5-sonnet-20241022-v2%3A0";

fn send(mock: &Mock, path: &str, body: &Value) -> Response {
    sign(Request::json(path, body.to_string()), "bedrock.example").send(mock.address()).unwrap()
}

fn converse(mock: &Mock, operation: &str, prompt: &str) -> Response {
    let tools = json!({"tools": [{"toolSpec": {"name": "mail"}}]});
    let body = json!({"messages": [{"role": "user", "content": [{"text": prompt}]}], "toolConfig": tools});
    send(mock, &format!("/model/{CLAUDE}/{operation}"), &body)
}

/// Frames as pairs of event type and payload, with both sums checked by Python's zlib, not by the mock's own.
fn frames(response: &Response) -> Vec<(String, Value)> {
    const READ: &str = r#"
import json, struct, sys, zlib
data, out = sys.stdin.buffer.read(), []
while data:
    total, size, crc = struct.unpack(">III", data[:12])
    assert zlib.crc32(data[:8]) == crc, "prelude"
    assert zlib.crc32(data[:total - 4]) == struct.unpack(">I", data[total - 4:total])[0], "message"
    rest, headers = data[12:12 + size], {}
    while rest:
        name = rest[1:1 + rest[0]]
        kind, length = struct.unpack(">BH", rest[1 + rest[0]:4 + rest[0]])
        assert kind == 7
        headers[name.decode()] = rest[4 + rest[0]:4 + rest[0] + length].decode()
        rest = rest[4 + rest[0] + length:]
    assert headers[":message-type"] == "event" and headers[":content-type"] == "application/json"
    out.append([headers[":event-type"], json.loads(data[12 + size:total - 4])])
    data = data[total:]
json.dump(out, sys.stdout)
"#;
    assert_eq!(response.header("content-type").unwrap(), "application/vnd.amazon.eventstream");
    serde_json::from_slice(&python(READ, response.body())).unwrap()
}

/// The JSON in the `bytes` of chunks, decoded by Python.
fn chunks(response: &Response) -> Vec<Value> {
    let encoded: Vec<Value> = frames(response)
        .into_iter()
        .map(|(kind, payload)| {
            assert_eq!(kind, "chunk");
            payload["bytes"].clone()
        })
        .collect();
    let decode = "import base64,json,sys; json.dump([json.loads(base64.b64decode(c, validate=True)) for c in json.load(sys.stdin)], sys.stdout)";
    serde_json::from_slice(&python(decode, Value::from(encoded).to_string().into_bytes())).unwrap()
}

pub(crate) fn python(program: &str, input: Vec<u8>) -> Vec<u8> {
    let mut child =
        Command::new("python3").args(["-c", program]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success());
    output.stdout
}

#[test]
fn converse_whole() {
    let mock = Mock::start().unwrap();
    let answer = converse(&mock, "converse", "say secret, say reasoning").json();
    let content = &answer["output"]["message"]["content"];
    assert!(content[0]["reasoningContent"]["reasoningText"]["signature"].is_string());
    assert!(content[1]["text"].as_str().unwrap().contains(&aws_access_key_id()));
    assert_eq!(answer["stopReason"], "end_turn");
    assert!(answer["usage"]["totalTokens"].as_u64().unwrap() > 0);
    let tool = converse(&mock, "converse", "say tool").json();
    let call = &tool["output"]["message"]["content"][0]["toolUse"];
    assert_eq!((&call["name"], &call["input"]["subject"]), (&json!("mail"), &json!("hello")));
    assert_eq!(converse(&mock, "converse", "say refusal").json()["stopReason"], "content_filtered");
    let error = converse(&mock, "converse", "say error 429");
    assert_eq!((error.status, error.header("x-amzn-errortype").as_deref()), (429, Some("ThrottlingException")));
}

#[test]
fn converse_streams() {
    let mock = Mock::start().unwrap();
    let sent = frames(&converse(&mock, "converse-stream", "say secret, say reasoning"));
    let mut order: Vec<&str> = sent.iter().map(|(kind, _)| kind.as_str()).collect();
    order.dedup();
    let block = ["contentBlockDelta", "contentBlockStop"];
    assert_eq!(order, [&["messageStart"], &block[..], &block[..], &["messageStop", "metadata"]].concat());
    let payloads: Vec<Value> = sent.into_iter().map(|(_, payload)| payload).collect();
    assert!(joined(&payloads, "/delta/text").contains(&aws_access_key_id()));
    assert!(joined(&payloads, "/delta/reasoningContent/text").contains(&aws_access_key_id()));
    assert!(payloads.last().unwrap()["usage"]["outputTokens"].as_u64().unwrap() > 0);
    assert!(payloads.iter().all(|payload| payload["p"].is_string()), "payloads are padded");

    let tool: Vec<Value> =
        frames(&converse(&mock, "converse-stream", "say tool")).into_iter().map(|(_, payload)| payload).collect();
    assert_eq!(tool[1]["start"]["toolUse"]["name"], "mail");
    let arguments = joined(&tool, "/delta/toolUse/input");
    assert_eq!(serde_json::from_str::<Value>(&arguments).unwrap()["subject"], "hello");
}

#[test]
fn invoke_takes_the_bodies_of_vendors() {
    let mock = Mock::start().unwrap();
    let turns = json!({"messages": [{"role": "user", "content": "say secret"}]});
    let vendors = [
        (CLAUDE, turns, "/content/0/text", "/delta/text"),
        ("amazon.titan-text-express-v1", json!({"inputText": "say secret"}), "/results/0/outputText", "/outputText"),
        ("meta.llama3-8b-instruct-v1:0", json!({"prompt": "say secret"}), "/generation", "/generation"),
    ];
    for (model, body, whole, delta) in vendors {
        let answer = send(&mock, &format!("/model/{model}/invoke"), &body).json();
        let said = answer.pointer(whole).unwrap().as_str().unwrap();
        assert!(said.contains(&aws_access_key_id()), "{model}: {said}");
        let sent = chunks(&send(&mock, &format!("/model/{model}/invoke-with-response-stream"), &body));
        assert_eq!(joined(&sent, delta), said, "{model}");
        assert!(sent.last().unwrap()["amazon-bedrock-invocationMetrics"].is_object());
    }
    let unknown = send(&mock, "/model/nobody.knows-v1/invoke", &json!({}));
    assert_eq!((unknown.status, unknown.header("x-amzn-errortype").as_deref()), (400, Some("ValidationException")));
}

#[test]
fn requests_must_be_signed() {
    let mock = Mock::start().unwrap();
    let path = format!("/model/{CLAUDE}/converse");
    let refused = |request: Request, name: &str| {
        let response = request.send(mock.address()).unwrap();
        assert_eq!((response.status, response.header("x-amzn-errortype").as_deref()), (403, Some(name)));
        assert!(response.json()["message"].is_string());
    };
    let body = r#"{"messages":[]}"#;
    refused(Request::json(&path, body), "MissingAuthenticationTokenException");
    let signed = sign(Request::json(&path, body), "bedrock.example");
    refused(signed.clone().body(r#"{"messages":[ ]}"#), "InvalidSignatureException");
    for http in [Http::One, Http::Two] {
        assert_eq!(signed.clone().http(http).send(mock.address()).unwrap().status, 200);
    }
}

#[test]
fn frames_are_those_of_the_specification() {
    // No headers and no payload: the smallest frame, whose sums botocore's reader accepts.
    assert_eq!(frame(&[], b""), b"\0\0\0\x10\0\0\0\0\x05\xc2\x48\xeb\x7d\x98\xc8\xff");
}
