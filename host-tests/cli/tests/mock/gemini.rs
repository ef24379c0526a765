//! Gemini, on the paths of the Gemini API and of Vertex AI.

use super::{events, joined, post, says_key_in_pieces};
use serde_json::{Value, json};
use weir_cli::client::Response;
use weir_cli::mock::Mock;
use weir_cli::mock::prompt::aws_access_key_id;

fn ask(mock: &Mock, operation: &str, prompt: &str) -> Response {
    let contents = json!([{"role": "user", "parts": [{"text": prompt}]}]);
    let body = json!({"contents": contents, "tools": [{"functionDeclarations": [{"name": "mail"}]}]});
    post(mock, &format!("/v1beta/models/gemini-2.5-flash:{operation}"), &body)
}

#[test]
fn whole() {
    let mock = Mock::start().unwrap();
    let answer = ask(&mock, "generateContent", "say secret, say reasoning").json();
    let parts = &answer["candidates"][0]["content"]["parts"];
    assert_eq!(parts[0]["thought"], true);
    assert!(parts[1]["text"].as_str().unwrap().contains(&aws_access_key_id()));
    assert_eq!(
        (&answer["candidates"][0]["finishReason"], &answer["modelVersion"]),
        (&json!("STOP"), &json!("gemini-2.5-flash"))
    );
    let usage = |name: &str| answer["usageMetadata"][name].as_u64().unwrap();
    let sum = usage("promptTokenCount") + usage("candidatesTokenCount") + usage("thoughtsTokenCount");
    assert_eq!(usage("totalTokenCount"), sum);
    let tool = ask(&mock, "generateContent", "say tool").json();
    let call = &tool["candidates"][0]["content"]["parts"][0]["functionCall"];
    assert_eq!((&call["name"], &call["args"]["subject"]), (&json!("mail"), &json!("hello")));
    let refusal = ask(&mock, "generateContent", "say refusal").json();
    assert_eq!(refusal["candidates"][0]["finishReason"], "SAFETY");
    assert_eq!(ask(&mock, "generateContent", "say choices").json()["candidates"].as_array().unwrap().len(), 3);
    let error = ask(&mock, "generateContent", "say error 429");
    assert_eq!((error.status, error.json()["error"]["status"].as_str()), (429, Some("RESOURCE_EXHAUSTED")));
}

#[test]
fn streams_as_events_and_as_an_array() {
    let mock = Mock::start().unwrap();
    let text = "/candidates/0/content/parts/0/text";
    let response = ask(&mock, "streamGenerateContent?alt=sse", "say secret");
    assert!(response.text().ends_with("}\r\n\r\n"), "Google's lines end in CRLF");
    let sent = events(&response);
    says_key_in_pieces(&response, &joined(&sent, text));
    let reasons: Vec<&Value> = sent.iter().filter_map(|chunk| chunk.pointer("/candidates/0/finishReason")).collect();
    assert_eq!(reasons, ["STOP"]);
    assert!(sent.last().unwrap()["candidates"][0]["finishReason"].is_string());

    let response = ask(&mock, "streamGenerateContent", "say secret");
    assert_eq!(response.header("content-type").unwrap(), "application/json; charset=UTF-8");
    let array: Vec<Value> = serde_json::from_str(&response.text()).unwrap();
    assert_eq!(joined(&array, text), joined(&sent, text));
    assert!(response.chunks.len() > 1 && response.text().starts_with("[{"));

    let tool = events(&ask(&mock, "streamGenerateContent?alt=sse", "say tool, say reasoning"));
    assert_eq!(tool[0]["candidates"][0]["content"]["parts"][0]["thought"], true);
    let call = &tool.last().unwrap()["candidates"][0]["content"]["parts"][0]["functionCall"];
    assert_eq!(call["args"]["subject"], "hello");
}

#[test]
fn vertex_counts_and_embeddings() {
    let mock = Mock::start().unwrap();
    let vertex = "/v1/projects/p/locations/us-central1/publishers/google/models";
    let body = json!({"contents": {"role": "user", "parts": [{"text": "hi"}]}});
    let answer = post(&mock, &format!("{vertex}/gemini-2.5-pro:generateContent"), &body).json();
    let said = answer["candidates"][0]["content"]["parts"][0]["text"].as_str().unwrap();
    assert!(said.starts_with("You said: \"hi\". I received 1 messages"), "{said}");
    assert!(ask(&mock, "countTokens", "hi").json()["totalTokens"].as_u64().unwrap() > 0);
    let values = json!([0.25, -0.5, 0.125]);
    assert_eq!(ask(&mock, "embedContent", "hi").json()["embedding"]["values"], values);
    let batch = post(&mock, "/v1beta/models/e:batchEmbedContents", &json!({"requests": [{}, {}]})).json();
    assert_eq!(batch["embeddings"][1]["values"], values);
    let predicted = post(&mock, &format!("{vertex}/e:predict"), &json!({"instances": [{"content": "a"}]})).json();
    assert_eq!(predicted["predictions"][0]["embeddings"]["values"], values);
    assert_eq!(post(&mock, "/v1beta/models/e:fly", &json!({})).status, 404);
}
