//! Reversible placeholders through whole exchanges: what the upstream is sent, and what the client gets back, however the
//! answer is cut into deltas and chunks.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

mod placeholders_proxy;

use placeholders_proxy::{
    Answer, Exchange, Outcome, POLICY, arguments_of, chat, chunk, content_of, delta, deltas, run, tool,
};
use serde_json::{Value, json};

const EMAIL: &str = "ada.lovelace@example.com";
/// Has what JSON must escape.
const NAME: &str = "Project \"Nautilus\"";

/// What stands for a text in the request that goes on.
fn placeholder(text: &str) -> String {
    let sent = run(&Exchange { request: chat(text), ..Exchange::default() }).upstream;
    let sent: Value = serde_json::from_slice(&sent).unwrap();
    sent.pointer("/messages/0/content").unwrap().as_str().unwrap().to_owned()
}

/// The answer to a request that mentions both.
fn answered(answer: Answer) -> Outcome {
    run(&Exchange { request: chat(&format!("{EMAIL} and {NAME}")), answer, ..Exchange::default() })
}

/// A stream of deltas, in chunks of so many bytes.
fn streamed(pieces: &[&str], size: usize) -> Outcome {
    answered(Answer::Stream(chunk(&deltas(pieces), size)))
}

#[test]
fn the_upstream_sees_the_same_placeholder_on_every_turn() {
    let own = placeholder(EMAIL);
    assert!(own.starts_with("[EMAIL_") && own.len() == "[EMAIL_]".len() + 8, "{own}");
    let request = json!({"model": "m", "messages": [
        {"role": "user", "content": format!("I am {EMAIL}")},
        {"role": "assistant", "content": format!("Hello {EMAIL}, and {NAME}")},
        {"role": "user", "content": format!("again: {EMAIL}")},
    ]});
    let sent = run(&Exchange { request, ..Exchange::default() }).upstream;
    let sent = String::from_utf8(sent).unwrap();
    assert_eq!(sent.matches(&own).count(), 3, "{sent}");
    assert!(!sent.contains("ada.") && !sent.contains("Nautilus"), "{sent}");
}

#[test]
fn a_literal_in_the_request_is_not_restored() {
    let own = placeholder(EMAIL);
    let sent = placeholder(&format!("{EMAIL} {own}"));
    let (longer, literal) = sent.split_once(' ').unwrap();
    assert_eq!((literal, longer.len()), (own.as_str(), own.len() + 8));
    let request = chat(&format!("{EMAIL} {own}"));
    let answer = Answer::Stream(vec![deltas(&[&own, " ", longer])]);
    let outcome = run(&Exchange { request, answer, ..Exchange::default() });
    assert_eq!(content_of(&outcome.client), format!("{own} {EMAIL}"));
}

/// Two splits of a delta at every place, and chunks of many sizes: the same text, and for the same events the same bytes.
#[test]
fn a_stream_is_restored_however_it_is_cut() {
    let own = placeholder(EMAIL);
    let text = format!("é {own}, ok");
    let places: Vec<usize> = (0..=text.len()).filter(|at| text.is_char_boundary(*at)).collect();
    for first in &places {
        for second in places.iter().filter(|second| *second >= first) {
            let pieces = [&text[..*first], &text[*first..*second], &text[*second..]];
            let whole = streamed(&pieces, usize::MAX);
            assert_eq!(content_of(&whole.client), format!("é {EMAIL}, ok"), "{first} {second}");
            assert_eq!(whole.record.pointer("/response/restored"), Some(&json!(1)));
            assert_eq!(whole.record.pointer("/response/edits"), Some(&json!(0)));
            for size in [1, 5, 64] {
                assert!(streamed(&pieces, size).client == whole.client, "{first} {second} {size}");
            }
        }
    }
    let letters: Vec<String> = text.chars().map(String::from).collect();
    let letters: Vec<&str> = letters.iter().map(String::as_str).collect();
    assert_eq!(content_of(&streamed(&letters, 3).client), format!("é {EMAIL}, ok"));
}

#[test]
fn what_only_begins_like_a_placeholder_goes_on_as_it_came() {
    let own = placeholder(EMAIL);
    for length in 1..own.len() {
        let begun = &own[..length];
        for pieces in [vec!["a ", begun], vec!["a ", begun, "! b"], vec!["a ", begun, &own], vec!["a ", begun, begun]] {
            let sent = deltas(&pieces);
            let expected = pieces.concat().replace(&own, EMAIL);
            let got = answered(Answer::Stream(chunk(&sent, 11))).client;
            assert_eq!(content_of(&got), expected);
            assert!(expected.contains(EMAIL) || got == sent, "{expected}");
        }
    }
}

/// What is held back goes on with the delta that shows that it is none, or with the one that completes it.
#[test]
fn nothing_waits_longer_than_it_must() {
    let policy = r#"{ "version": 1, "name": "case",
      "rules": [{ "id": "a", "when": { "detectors": "custom/x" }, "then": { "action": "redact", "with": "reversible" } }],
      "detectors": { "custom": [{ "id": "custom/x", "keywords": ["Quokka"] }] } }"#;
    let exchange = |answer| Exchange { policy: policy.to_owned(), request: chat("Quokka"), answer };
    let sent: Value = serde_json::from_slice(&run(&exchange(Answer::None)).upstream).unwrap();
    let own = sent.pointer("/messages/0/content").unwrap().as_str().unwrap();
    let chunks = ["one", " [X", "Y] two ", &own[..9], &own[9..], "[", "!"].map(delta).to_vec();
    let seen =
        (1..=chunks.len()).map(|count| content_of(&run(&exchange(Answer::Open(chunks[..count].to_vec()))).client));
    let expected = ["one", "one", "one [XY] two ", "one [XY] two ", "one [XY] two Quokka", "one [XY] two Quokka"];
    let seen: Vec<String> = seen.collect();
    assert_eq!(seen[..6], expected);
    assert_eq!(seen[6], "one [XY] two Quokka[!");
}

#[test]
fn arguments_of_tools_are_restored_and_stay_json() {
    let (email, name) = (placeholder(EMAIL), placeholder(NAME));
    let inner = json!({"subject": name}).to_string();
    let arguments = json!({"to": email, "deep": inner, "n": 1}).to_string();
    let expected = json!({"to": EMAIL, "deep": json!({"subject": NAME}).to_string(), "n": 1});
    for cut in 1..arguments.len() {
        let events = tool(&[&arguments[..cut], &arguments[cut..]]);
        let outcome = answered(Answer::Stream(chunk(&events, 37)));
        let got = arguments_of(&outcome.client);
        assert_eq!(serde_json::from_str::<Value>(&got).unwrap(), expected, "{cut}");
        assert_eq!(outcome.record.pointer("/response/restored"), Some(&json!(2)));
    }
    let call = json!({"id": "call", "type": "function", "function": {"name": "mail", "arguments": arguments}});
    let message = json!({"role": "assistant", "content": null, "tool_calls": [call]});
    let whole = json!({"choices": [{"index": 0, "message": message, "finish_reason": "tool_calls"}]});
    let outcome = answered(Answer::Json(whole));
    let got: Value = serde_json::from_slice(&outcome.client).unwrap();
    let got = got.pointer("/choices/0/message/tool_calls/0/function/arguments").unwrap().as_str().unwrap();
    assert_eq!(serde_json::from_str::<Value>(got).unwrap(), expected);
}

/// A document that is streamed as text stays one.
#[test]
fn json_in_a_growing_text_stays_json() {
    let text = json!({"project": placeholder(NAME)}).to_string();
    for cut in 0..text.len() {
        let got = content_of(&streamed(&[&text[..cut], &text[cut..]], 50).client);
        assert_eq!(serde_json::from_str::<Value>(&got).unwrap(), json!({"project": NAME}));
    }
    assert_eq!(content_of(&streamed(&[&placeholder(NAME)], 50).client), NAME);
}

/// The rule on answers replaces `] plus` and digits: a restoration that overlaps it does not happen.
#[test]
fn a_redaction_wins_over_a_restoration() {
    let own = placeholder(EMAIL);
    let text = format!("{own} and {own} plus 12345 end");
    let expected = format!("{EMAIL} and {}[CODES] end", &own[..own.len() - 1]);
    for cut in 0..text.len() {
        for size in [1, 9, usize::MAX] {
            let outcome = streamed(&[&text[..cut], &text[cut..]], size);
            assert_eq!(content_of(&outcome.client), expected, "{cut} {size}");
            assert_eq!(outcome.record.pointer("/response/restored"), Some(&json!(1)));
        }
    }
    let whole = json!({"choices": [{"index": 0, "message": {"role": "assistant", "content": text}}]});
    let got: Value = serde_json::from_slice(&answered(Answer::Json(whole)).client).unwrap();
    assert_eq!(got.pointer("/choices/0/message/content"), Some(&json!(expected)));
}

/// What an upstream knows of itself is nobody's to be restored, and values that were restored are not found again.
#[test]
fn what_the_upstream_wrote_is_redacted_for_good() {
    let own = placeholder(EMAIL);
    let outcome = streamed(&["mine is root@example.org, ", "yours is ", &own], 40);
    assert_eq!(content_of(&outcome.client), format!("mine is [EMAIL], yours is {EMAIL}"));
    assert_eq!(outcome.record.pointer("/response/findings_total"), Some(&json!(1)));
}

#[test]
fn monitor_mode_changes_nothing() {
    let own = placeholder(EMAIL);
    let policy = POLICY.replace("enforce", "monitor");
    let body = chat(EMAIL);
    let answer = Answer::Stream(vec![deltas(&[&own])]);
    let outcome = run(&Exchange { policy: policy.clone(), request: body.clone(), answer });
    assert_eq!((outcome.upstream, outcome.client), (body.to_string().into_bytes(), deltas(&[&own])));
    assert_eq!(outcome.record.pointer("/response/restored"), None);
    assert_eq!(outcome.record.pointer("/request/would"), Some(&json!("redact")));
}

/// More of them than the policy keeps findings are a fault, as more findings are.
#[test]
fn restorations_are_bounded() {
    let own = placeholder(EMAIL);
    let policy = POLICY.replace("\"rules\"", "\"limits\": {\"findings\": 3}, \"rules\"");
    for (count, fault) in [(3, 0), (4, 1)] {
        let answer = Answer::Stream(vec![deltas(&[&own.repeat(count)])]);
        let outcome = run(&Exchange { policy: policy.clone(), request: chat(EMAIL), answer });
        let faults = outcome.record.pointer("/response/faults").unwrap().as_array().unwrap();
        assert_eq!(faults.len(), fault, "{:?}", outcome.record);
    }
}

#[test]
fn nothing_prints_what_is_kept() {
    let own = placeholder(EMAIL);
    let cut = Answer::Open(vec![deltas(&[&own, " and ", &own[..10]])]);
    for answer in [cut, Answer::None] {
        let outcome = answered(answer);
        assert!(!outcome.debug.contains("ada") && !outcome.debug.contains("Nautilus"), "{}", outcome.debug);
        assert!(!outcome.record.to_string().contains("lovelace"));
    }
}

/// Against the definition: the text with every placeholder replaced.
#[test]
fn any_text_in_any_deltas_is_what_replacing_gives() {
    let (email, name) = (placeholder(EMAIL), placeholder(NAME));
    let words =
        [&email, &name, &email[..5], &email[..14], &name[3..], "[", "]", "[EMAIL_", " é ", "word", "\n\\\"", "[[", "_"];
    let mut seed = 7u32;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) as usize % below
    };
    for _ in 0..400 {
        let text: String = (0..next(12) + 1).map(|_| words[next(words.len())]).collect();
        let mut pieces = Vec::new();
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let (piece, tail) = rest.split_at(rest.ceil_char_boundary(1 + next(20).min(rest.len() - 1)));
            pieces.push(piece);
            rest = tail;
        }
        let outcome = streamed(&pieces, 1 + next(200));
        assert_eq!(content_of(&outcome.client), text.replace(&email, EMAIL).replace(&name, NAME), "{pieces:?}");
    }
}
