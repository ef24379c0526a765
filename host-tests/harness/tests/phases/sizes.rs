//! Messages near the limits and past them, Weir's own and the proxy's, and the worst that fits.

use std::time::Duration;

use serde_json::json;
use weir_engine::limits::Limits;
use weir_harness::{Chunking, HostOptions, Outcome, Response};

use super::weir::{answer, chat, fine, key, options, passed, policy, prompt, record, sane, start};
use super::{PROTOCOLS, pieces};

#[test]
fn what_is_too_large_is_refused() {
    let small = policy(|policy| policy["limits"] = json!({"request_body": 300, "response_body": 300}));
    for protocol in PROTOCOLS {
        let mut host = start(HostOptions::new(small.clone()).downstream(protocol).upstream(protocol));
        let large = "x".repeat(400);
        for length in [true, false] {
            for chunks in pieces() {
                let request = chat(prompt(&large)).chunks(chunks.clone());
                let request = if length { request } else { request.without_header("content-length") };
                let result = host.exchange(request).upstream(|_| fine());
                sane(&host, &result, "large request");
                assert_eq!((result.status(), &result.upstream), (Some(413), &None), "{length} {chunks:?}\n{result}");
                assert_eq!(record(&result)["request"]["faults"][0]["fault"], "body_too_large");

                let response = Response::json(200, answer(&large)).chunks(chunks.clone());
                let response = if length { response } else { response.without_header("content-length") };
                let result = host.exchange(chat(prompt("hi"))).upstream(|_| response);
                sane(&host, &result, "large answer");
                assert_eq!(result.status(), Some(403), "{length} {chunks:?}\n{result}");
                assert!(!passed(&result, &large), "{result}");
                assert_eq!(record(&result)["response"]["faults"][0]["fault"], "body_too_large");
            }
        }
        // Exactly at the limit is not above it.
        let exact = prompt(&"x".repeat(300 - prompt("").len()));
        assert_eq!(host.exchange(chat(exact)).upstream(|_| fine()).status(), Some(200));
    }
}

/// The proxy's own limit is reached before Weir's.
#[test]
fn what_is_too_large_for_the_proxy_is_its_own_affair() {
    let mut host = start(options().request_buffer_limit(1000).response_buffer_limit(1000));
    let large = "x".repeat(2000);
    let request = chat(prompt(&large)).chunks(Chunking::Every(100));
    let result = host.exchange(request).upstream(|_| fine());
    sane(&host, &result, "request");
    assert_eq!(
        (result.status(), &result.upstream, result.client.text().as_str()),
        (Some(413), &None, "Payload Too Large")
    );
    assert_eq!(record(&result)["request"]["faults"][0]["fault"], "body_too_large");
    let response = Response::json(200, answer(&large)).chunks(Chunking::Every(100));
    let result = host.exchange(chat(prompt("hi"))).upstream(|_| response);
    sane(&host, &result, "answer");
    assert_eq!((result.status(), passed(&result, &large)), (Some(500), false));
    assert_eq!(record(&result)["request"]["action"], "allow");
    // A request that grows beyond the limit by being redacted.
    let hash = policy(|policy| policy["rules"][0]["then"]["with"] = json!("hash"));
    let mut host = start(HostOptions::new(hash).request_buffer_limit(1000));
    let fill = "x".repeat(1000 - prompt("").len() - 21);
    let result = host.exchange(chat(prompt(&format!("{} {fill}", key())))).upstream(|_| fine());
    sane(&host, &result, "grown request");
    assert_eq!((result.status(), passed(&result, &key())), (Some(413), false), "{result}");
}

/// Envoy dies of a held answer that grows beyond its limit, so such an answer goes another way.
#[test]
fn answers_that_grow_near_the_limit() {
    let hash = policy(|policy| policy["rules"][0]["then"]["with"] = json!("hash"));
    for protocol in PROTOCOLS {
        let limits = HostOptions::new(hash.clone()).response_buffer_limit(2000).h2_window(0);
        let mut host = start(limits.downstream(protocol).upstream(protocol));
        for size in (1900..=2000).step_by(5) {
            let fill = "y".repeat(size - answer("").len() - 2 * 21);
            let body = answer(&format!("{} {} {fill}", key(), key()));
            assert_eq!(body.len(), size);
            for trailers in [false, true] {
                let response = Response::json(200, body.clone()).chunks(Chunking::Every(700)).header("x-own", "1");
                let response = if trailers { response.trailers([("a", "b")]) } else { response };
                let result = host.exchange(chat(prompt("hi"))).upstream(|_| response);
                sane(&host, &result, &format!("{protocol:?} {size}"));
                assert_eq!(
                    (result.status(), result.client.header("x-own")),
                    (Some(200), Some("1")),
                    "{size}\n{result}"
                );
                assert!(!passed(&result, &key()) && result.client.text().contains(&fill), "{result}");
                assert_eq!(result.client.header("content-length"), Some(result.client.body.len().to_string().as_str()));
                assert!(result.client.body.len() > size && record(&result)["response"]["edits"] == 2);
            }
        }
    }
}

/// The worst that fits into the limits ends in time, and within memory that a worker can spare.
#[test]
fn hostile_bodies_at_the_limit() {
    const MOST: usize = 8 << 20;
    let fill = |before: &str, piece: &str, after: &str| {
        let times = (MOST - before.len() - after.len()) / piece.len();
        format!("{before}{}{after}", piece.repeat(times))
    };
    let many = |before: &str, piece: &str, after: &str, times: usize| format!("{before}{}{after}", piece.repeat(times));
    let message = |piece: &str| fill(r#"{"messages":[{"role":"user","content":""#, piece, r#""}]}"#);
    let mut nested = "[\"\\n\"]".to_owned();
    while nested.len() * 2 < MOST {
        nested = json!([nested]).to_string();
    }
    let mut host = start(options().request_buffer_limit(MOST * 2));
    let part = "--x\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n";
    let (json, urlencoded, parts) =
        ("application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x");
    let bodies = [
        ("escapes", message("\\n")),
        ("escapes of escapes", message("\\\\n")),
        (
            "a document of escapes in a string",
            fill(r#"{"messages":[{"role":"user","content":"[\""#, "\\\\n", r#"\"]"}]}"#),
        ),
        ("documents in strings", nested),
        ("roles", many(r#"{"messages":[{"#, r#""role":"user","#, r#""content":"x"}]}"#, 499_000)),
        ("keys", many("{\"messages\":[{", "\"\\u0061\":1,", "\"content\":\"x\"}]}", 499_000)),
        ("empty lists", many("{\"messages\":[", "[],", "[]]}", 999_000)),
        ("messages", many("{\"messages\":[", r#"{"role":"user"},"#, "{}]}", 330_000)),
        ("more values than the limit", fill("{\"messages\":[", "[],", "[]]}")),
        ("findings", message(&format!("{} ", key()))),
        ("a card number without end", message("4")),
        ("a private key without end", message(&format!("-----BEGIN RSA PRIVATE {}-----", "KEY"))),
        ("addresses without end", message("a@a.")),
        ("open brackets", "[".repeat(MOST)),
    ];
    let forms = [
        ("fields", urlencoded, fill("", "a=b&", "")),
        ("fields within the limit", urlencoded, many("", "a=%41&", "", 499_000)),
        ("encoded characters", urlencoded, fill("a=", "%C3%A9", "")),
        ("bytes that are no characters", urlencoded, fill("a=", "%ff", "")),
        ("parts", parts, fill("", part, "--x--")),
        ("empty parts", parts, fill("", "--x\r\n", "--x--")),
        ("delimiters that are none", parts, fill("--x\r\n", "\r\n--x-", "")),
        ("header lines", parts, fill("--x\r\n", "a:b\r\n", "")),
        ("parameters", parts, fill("--x\r\nContent-Disposition: form-data", ";a=\"\"", "\r\n\r\n\r\n--x--")),
        ("lines of JSON", parts, fill(part, "{}\n", "\r\n--x--")),
    ];
    let bodies = bodies.into_iter().map(|(name, body)| (name, json, body)).chain(forms);
    for (name, media, body) in bodies {
        let request = chat(body).with_header("content-type", media).header("x-note", "4".repeat(60_000));
        let began = std::time::Instant::now();
        let result = host.exchange(request).upstream(|_| fine());
        let took = began.elapsed();
        assert_eq!(host.failure(), None, "{name}");
        assert_eq!(result.outcome, Outcome::Completed, "{name}");
        assert!(took < Duration::from_secs(9), "{name} took {took:?}");
        assert!(host.memory_size() < 256 << 20, "{name} took {} bytes", host.memory_size());
    }
}

/// The highest limits that a policy may set leave room for what costs the most memory: line ends, in a document in a string
/// of a document in a string, and so on.
#[test]
fn hostile_bodies_at_the_ceiling() {
    let ceiling =
        Limits::ALL.iter().find(|limit| limit.name == "request_body").map_or(0, |limit| limit.ceiling as usize);
    let highest = policy(|policy| policy["limits"] = json!({"request_body": ceiling}));
    for (levels, written) in [(1, 2), (2, 3), (3, 5), (4, 9), (5, 17)] {
        let mut text = "\n".repeat(ceiling / written - 100);
        for _ in 1..levels {
            text = json!([text]).to_string();
        }
        let body = prompt(&text);
        assert!(body.len() <= ceiling && body.len() > ceiling / 10 * 9, "{levels}: {}", body.len());
        let mut host = start(HostOptions::new(highest.clone()).request_buffer_limit(ceiling * 2));
        let result = host.exchange(chat(body)).upstream(|_| fine());
        assert_eq!((host.failure(), result.status()), (None, Some(200)), "{levels}");
        assert!(host.memory_size() < 700 << 20, "{levels}: {} MiB", host.memory_size() >> 20);
    }
}
