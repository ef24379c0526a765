//! Messages larger than Weir's limits, and larger than Envoy's.

use super::{CHAT, PLAIN, body, chat, completion, policy, says};
use serde_json::json;
use weir_cli::Step;
use weir_cli::client::{Http, Request};
use weir_e2e::{Lab, Shared, setup};

/// Envoy's default buffer limit of 1 MiB under Weir's limits of 8 MiB: what happens to those who copy half.
static SMALL: Shared = Shared::new(|| {
    let mut setup = setup(policy(json!({"response_body": 8_388_608, "findings": 100_000})));
    setup.bootstrap_changes.push(("    per_connection_buffer_limit_bytes: 33554432\n".into(), String::new()));
    Lab::start(setup)
});

const MIB: usize = 1_048_576;

/// The body in pieces of 16 KiB, whose length is not told before.
fn in_pieces(request: &Request) -> Request {
    let whole: Vec<u8> = weir_cli::demo::sent(request);
    request.clone().steps(whole.chunks(16_384).map(|piece| Step::data(piece.to_vec())).collect())
}

#[test]
fn requests_up_to_the_limit_are_inspected_whole() {
    PLAIN.with(|lab| {
        let room = 8 * MIB - body("").len();
        for http in super::BOTH {
            let full = chat(&"x".repeat(room)).http(http);
            for request in [in_pieces(&full), full] {
                lab.mock().respond_with(says("that was long"));
                let seen = lab.play(&request);
                assert_eq!((seen.response.status, seen.action("request")), (200, "allow"), "{}", seen.access);
                assert_eq!(seen.verdict("request")["bytes"], 8 * MIB);
                assert_eq!(seen.received().body.len(), 8 * MIB);
            }
            let over = chat(&"x".repeat(room + 1)).http(http);
            for request in [in_pieces(&over), over] {
                let seen = lab.play(&request);
                seen.assert_refused_for("request", "body_too_large");
                assert_eq!(seen.response.status, 413);
                assert!(seen.upstream.is_none());
            }
        }
    });
}

#[test]
fn answers_beyond_the_limit_are_refused() {
    PLAIN.with(|lab| {
        let room = 4 * MIB - completion("").len();
        for http in super::BOTH {
            for pieces in [false, true] {
                let cut = |reply: weir_cli::mock::Reply| if pieces { reply.chunked(16_384) } else { reply };
                lab.mock().respond_with(cut(says(&"x".repeat(room))));
                let full = lab.play(&chat("hello").http(http));
                assert_eq!((full.response.status, full.response.body().len()), (200, 4 * MIB), "{}", full.access);
                assert_eq!(full.verdict("response")["inspected"], "full");
                lab.mock().respond_with(cut(says(&"x".repeat(room + 1))));
                let over = lab.play(&chat("hello").http(http));
                over.assert_refused_for("response", "body_too_large");
                assert!(over.response.body().len() < 1_000);
            }
        }
    });
}

/// Envoy gives up before Weir could: the client hears it at once, and Weir's record says that nothing was inspected.
#[test]
fn requests_beyond_what_envoy_buffers() {
    SMALL.with(|lab| {
        let large = chat(&"x".repeat(3 * MIB));
        for request in [in_pieces(&large), large] {
            let seen = lab.play(&request);
            assert_eq!(
                (seen.response.status, &seen.access["details"]),
                (413, &json!("request_payload_too_large")),
                "{}",
                seen.access
            );
            assert!(seen.upstream.is_none());
            let verdict = seen.verdict("request");
            assert_eq!((&verdict["action"], &verdict["inspected"]), (&json!("block"), &json!("none")));
            assert_eq!(seen.faults("request"), ["body_too_large"]);
            assert_eq!(seen.record.as_ref().unwrap()["answered_by"], "proxy");
        }
        // HTTP/2 has a window of 16 MiB, which counts here.
        lab.mock().respond_with(says("that was long"));
        let seen = lab.play(&chat(&"x".repeat(3 * MIB)).http(Http::Two));
        assert_eq!((seen.response.status, seen.action("request")), (200, "allow"), "{}", seen.access);
    });
}

#[test]
fn answers_beyond_what_envoy_buffers() {
    SMALL.with(|lab| {
        for pieces in [false, true] {
            let reply = says(&"a secret that is too long ".repeat(3 * MIB / 26));
            lab.mock().respond_with(if pieces { reply.chunked(16_384) } else { reply });
            let seen = lab.play(&chat("hello"));
            assert_eq!(
                (seen.response.status, &seen.access["details"]),
                (500, &json!("response_payload_too_large")),
                "{}",
                seen.access
            );
            assert!(!seen.response.text().contains("secret"));
            assert_eq!((seen.action("request"), seen.action("response")), ("allow", "none"), "{:?}", seen.record);
        }
    });
}

/// Envoy 1.40 ends with a segmentation fault when a filter makes a buffered answer larger than the buffer limit.
#[test]
fn answers_that_grow_around_what_envoy_buffers() {
    SMALL.with(|lab| {
        let around = [MIB - 6, MIB - 5, MIB - 1, MIB, MIB / 2, 900_000];
        for size in around {
            for http in super::BOTH {
                for words in [1, 40, 2_000] {
                    let zax = "zax ".repeat(words);
                    let filler = "x".repeat(size - completion(&zax).len());
                    let (sent, due) = (zax.clone() + &filler, zax.replace("zax", super::MASK) + &filler);
                    assert_eq!(completion(&sent).len(), size);
                    lab.mock().respond_with(says(&sent));
                    let seen = lab.play(&chat("hello").http(http));
                    let told = format!("{size} bytes, {words} words, {http:?}: {}", seen.access);
                    assert_eq!((seen.response.status, seen.action("response")), (200, "redact"), "{told}");
                    assert!(seen.response.text() == completion(&due), "{told}: {} bytes", seen.response.body().len());
                    assert_eq!(
                        seen.response.header("content-length"),
                        Some(completion(&due).len().to_string()),
                        "{told}"
                    );
                }
            }
        }
        let seen = lab.play(&Request::json(CHAT, body("hello")));
        assert_eq!(seen.response.status, 200);
    });
}

/// A request that grows beyond the limit is Envoy's 413, not a crash, and the record does not claim that it went on.
#[test]
fn requests_that_grow_beyond_what_envoy_buffers() {
    SMALL.with(|lab| {
        let zax = "zax ".repeat(50_000);
        let request = chat(&(zax.clone() + &"x".repeat(MIB - 1 - body(&zax).len())));
        let seen = lab.play(&request);
        assert_eq!(seen.response.status, 413, "{}", seen.access);
        assert!(seen.upstream.is_none());
    });
}
