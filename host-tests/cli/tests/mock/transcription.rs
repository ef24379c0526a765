//! OpenAI's audio transcriptions.

use super::{events, joined};
use serde_json::json;
use weir_cli::client::{Request, Response};
use weir_cli::mock::Mock;
use weir_cli::mock::prompt::aws_access_key_id;

fn ask(mock: &Mock, fields: &[(&str, &str)]) -> Response {
    let mut body = String::new();
    for (name, value) in fields {
        body += &format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    let kind = "Content-Type: audio/wav";
    body += &format!("--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n{kind}\r\n\r\n");
    body += "RIFF\r\n\r\n--edg\r\n--edge--\r\n";
    let request = Request::new("POST", "/v1/audio/transcriptions").body(body);
    request.header("content-type", "multipart/form-data; boundary=\"edge\"").send(mock.address()).unwrap()
}

#[test]
fn formats() {
    let mock = Mock::start().unwrap();
    let secret = ("prompt", "say secret");
    let json = ask(&mock, &[secret]).json();
    let said = json["text"].as_str().unwrap();
    assert!(said.contains(&aws_access_key_id()) && said.ends_with("The audio has 13 bytes."), "{said}");
    let verbose = ask(&mock, &[secret, ("response_format", "verbose_json")]).json();
    assert_eq!((&verbose["task"], &verbose["segments"][0]["id"]), (&json!("transcribe"), &json!(0)));
    assert_eq!(verbose["segments"][0]["text"], verbose["text"]);
    let text = ask(&mock, &[secret, ("response_format", "text")]);
    assert_eq!(text.header("content-type").unwrap(), "text/plain; charset=utf-8");
    assert!(text.text().contains(&aws_access_key_id()));
    assert!(ask(&mock, &[("response_format", "vtt")]).text().starts_with("WEBVTT\n\n"));
    assert!(ask(&mock, &[("response_format", "srt")]).text().starts_with("1\n00:00:00,000 --> "));
    assert_eq!(ask(&mock, &[("prompt", "say error 500")]).status, 500);
    let no_form = Request::json("/v1/audio/transcriptions", "{}").send(mock.address()).unwrap();
    assert_eq!(no_form.status, 400);
}

#[test]
fn streams() {
    let mock = Mock::start().unwrap();
    let response = ask(&mock, &[("prompt", "say secret"), ("stream", "true")]);
    let sent = events(&response);
    let (last, deltas) = sent.split_last().unwrap();
    assert_eq!(last["type"], "transcript.text.done");
    assert!(deltas.iter().all(|delta| delta["type"] == "transcript.text.delta"));
    assert_eq!(last["text"], joined(deltas, "/delta"));
    assert!(last["text"].as_str().unwrap().contains(&aws_access_key_id()));
    assert!(deltas.iter().all(|delta| delta["delta"].as_str().unwrap().chars().count() <= 5));
}
