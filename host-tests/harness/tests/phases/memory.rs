//! Whatever is played, again and again, the module does not hold on to memory.

use serde_json::json;
use weir_harness::{At, Chunking, Host, HostOptions, Outcome, Request, Response};

use super::weir::{chat, fine, key, options, policy, prompt, sane, start};

/// Bytes of the longest bodies.
const MOST: usize = 60_000;

/// Rounds until every buffer has been as large as it gets, and then those in which nothing may grow any more.
const ROUNDS: (usize, usize) = (4, 5);

fn fill(before: &str, piece: &str, after: &str) -> String {
    format!("{before}{}{after}", piece.repeat((MOST - before.len() - after.len()) / piece.len()))
}

fn delta(choice: usize, delta: &serde_json::Value) -> String {
    format!("data: {}\n\n", json!({"choices": [{"index": choice, "delta": delta}]}))
}

/// Requests that cost as much as they can.
fn requests() -> Vec<Request> {
    let message = |piece: &str| fill(r#"{"messages":[{"role":"user","content":""#, piece, r#""}]}"#);
    let mut nested = "[\"\\n\"]".to_owned();
    while nested.len() * 2 < MOST {
        nested = json!([nested]).to_string();
    }
    let typed = |media: &str, body: String| chat(body).with_header("content-type", media);
    let part = "--x\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n";
    let gzip: Vec<u8> = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3].into_iter().chain([0xAA; 4_000]).collect();
    vec![
        chat(prompt("hi")).header("x-note", "4".repeat(60_000)),
        chat(message("\\n")),
        chat(message(&format!("{} ", key()))),
        chat(message(&format!("-----BEGIN RSA PRIVATE {}-----", "KEY"))),
        chat(nested),
        chat("[".repeat(MOST)),
        chat(fill("{\"messages\":[", "[],", "[]]}")),
        chat(fill("{", "\"a\":1,", "\"b\":2}")),
        typed("application/x-www-form-urlencoded", fill("", "a=%41&", "")),
        typed("multipart/form-data; boundary=x", fill("", part, "--x--")),
        typed("text/plain; charset=utf-16", "\u{0}h\u{0}i".repeat(1_000)),
        chat(gzip.clone()).with_header("content-encoding", "gzip"),
        chat(gzip).with_header("content-encoding", "zstd"),
    ]
}

/// Answers, the most of them streams: many texts beside each other, one that does not end, what waits, what breaks.
fn answers() -> Vec<Response> {
    let call = |index: usize| {
        let call = json!({"index": index, "id": "c", "function": {"name": "f", "arguments": "{\"a\":"}});
        json!({"tool_calls": [call]})
    };
    let many = |one: &dyn Fn(usize) -> String, count: usize| (0..count).map(one).collect::<String>();
    let stream = |text: String| Response::event_stream([text]).chunks(Chunking::Every(4_096));
    vec![
        fine(),
        Response::json(200, fill("{\"choices\":[", "{},", "{}]}")),
        stream(many(&|index| delta(index, &json!({"content": "so"})), 900)),
        stream(many(&|index| delta(index, &json!({"content": "so"})), 2_000)),
        stream(many(&|index| delta(0, &call(index)), 900)),
        stream([delta(0, &call(0)), many(&|_| delta(0, &json!({"content": ""})), 2_500)].concat()),
        stream(many(&|_| delta(0, &json!({"content": format!("{} ", key())})), 1_500)),
        stream(delta(0, &json!({"content": "-----BEGIN "})).repeat(2_000)),
        stream("data: x\n".repeat(MOST / 8)),
        stream("\n".repeat(MOST)),
        Response::new(200)
            .header("content-type", "application/vnd.amazon.eventstream")
            .body(vec![0_u8; 4_000])
            .chunks(Chunking::Every(100)),
    ]
}

fn play(host: &mut Host, requests: &[Request], answers: &[Response]) {
    for request in requests {
        let result = host.exchange(request.clone()).upstream(|_| fine());
        sane(host, &result, "a hostile request");
        assert!(!matches!(result.outcome, Outcome::Hang(_)), "{result}");
    }
    for answer in answers {
        let result = host.exchange(chat(prompt("hi"))).upstream(|_| answer.clone());
        sane(host, &result, "a hostile answer");
        // Somebody leaves in the middle of it.
        let result = host.exchange(chat(prompt("hi"))).client_leaves(At::ResponseBody(1)).upstream(|_| answer.clone());
        assert_eq!(host.failure(), None, "{result}");
    }
}

#[test]
fn memory_does_not_grow_from_round_to_round() {
    let lenient = policy(|policy| policy["faults"] = json!({"default": "allow"}));
    for options in [options(), HostOptions::new(lenient)] {
        let mut host = start(options);
        let (requests, answers) = (requests(), answers());
        (0..ROUNDS.0).for_each(|_| play(&mut host, &requests, &answers));
        let before = host.memory_size();
        (0..ROUNDS.1).for_each(|_| play(&mut host, &requests, &answers));
        assert_eq!(host.memory_size(), before, "it grew from {} KiB", before >> 10);
        assert!(before < 64 << 20, "it takes {} KiB", before >> 10);
    }
}
