//! Whole messages: both versions of HTTP on both sides, trailers, messages without a body, headers.

use super::{BOTH, CHAT, HTTP2, LONG, MASK, PLAIN, body, chat, completion, says};
use weir_cli::Step;
use weir_cli::client::{Http, Request};
use weir_cli::mock::Reply;
use weir_e2e::{Lab, findings};
use weir_harness::corpus::sample;

fn everywhere(test: impl Fn(&mut Lab, Http)) {
    for lab in [&PLAIN, &HTTP2] {
        lab.with(|lab| BOTH.iter().for_each(|http| test(lab, *http)));
    }
}

#[test]
fn every_pair_of_http_versions_works() {
    everywhere(|lab, http| {
        let key = sample("aws-access-key-id").unwrap();
        lab.mock().respond_with(says(&format!("take {key}")));
        let seen = lab.play(&chat(&format!("use {key}")).http(http));
        assert_eq!((seen.action("request"), seen.action("response")), ("redact", "redact"), "{seen:#?}");
        assert_eq!(seen.received().text(), body("use [AWS_ACCESS_KEY_ID]"));
        assert_eq!(seen.response.text(), completion("take [AWS_ACCESS_KEY_ID]"));
        let length = seen.response.body().len().to_string();
        assert_eq!(seen.response.header("content-length"), Some(length));
        let length = seen.received().body.len().to_string();
        assert_eq!(seen.received().header("content-length"), Some(length));

        let unchanged = lab.play(&chat("say choices").http(http));
        assert_eq!(unchanged.received().text(), body("say choices"));
        assert_eq!((unchanged.action("request"), unchanged.action("response")), ("allow", "allow"));

        let blocked = lab.play(&chat("this is forbidden").http(http));
        assert!(blocked.upstream.is_none(), "{blocked:#?}");
        blocked.assert_told("request");
        assert_eq!(blocked.response.json()["error"]["code"], "blocked_by_policy");

        lab.mock().respond_with(says("this is forbidden"));
        let blocked = lab.play(&chat("hello").http(http));
        blocked.assert_told("response");
        assert!(!blocked.response.text().contains("this is"));
    });
}

#[test]
fn bodies_in_many_pieces() {
    everywhere(|lab, http| {
        let key = sample("github-token").unwrap();
        let pieces = |text: String| -> Vec<Step> {
            let data = text.into_bytes().chunks(7).map(|piece| Step::data(piece.to_vec())).collect::<Vec<_>>();
            data.into_iter().flat_map(|step| [step, Step::data("")]).collect()
        };
        lab.mock().respond_with(says("").steps(pieces(completion(&key))));
        let seen = lab.play(&chat("").http(http).steps(pieces(body(&key))));
        assert_eq!(seen.received().text(), body("[GITHUB_TOKEN]"), "{seen:#?}");
        assert_eq!(seen.response.text(), completion("[GITHUB_TOKEN]"));
    });
}

/// With trailers no body callback says that the body is complete.
#[test]
fn trailers_end_a_request() {
    HTTP2.with(|lab| {
        let send = |lab: &mut Lab, content: &str, trailer: &str| {
            let trailers = vec![("x-sum".to_owned(), trailer.to_owned())];
            lab.play(&chat("").http(Http::Two).steps(vec![Step::data(body(content)), Step::Trailers(trailers)]))
        };
        let allowed = send(lab, "hello", "7");
        assert_eq!(allowed.received().text(), body("hello"), "{allowed:#?}");
        assert_eq!(allowed.received().trailers, [("x-sum".to_owned(), b"7".to_vec())]);
        let redacted = send(lab, LONG, "7");
        assert_eq!(redacted.received().text(), body(MASK), "{redacted:#?}");
        assert_eq!(redacted.received().trailers, [("x-sum".to_owned(), b"7".to_vec())]);
        let blocked = send(lab, "forbidden", "7");
        assert!(blocked.upstream.is_none());
        blocked.assert_told("request");
        // Trailers are text like any other.
        let blocked = send(lab, "hello", "forbidden");
        assert!(blocked.upstream.is_none());
        blocked.assert_told("request");
        assert_eq!(findings(blocked.verdict("request")), ["custom/forbidden header"]);
    });
}

#[test]
fn trailers_end_an_answer() {
    HTTP2.with(|lab| {
        for http in BOTH {
            let mut answer = |content: &str, trailer: &str| {
                let trailers = vec![("x-sum".to_owned(), trailer.to_owned())];
                let steps = vec![Step::data(completion(content)), Step::Trailers(trailers)];
                lab.mock().respond_with(says("").steps(steps));
                lab.play(&chat("hello").http(http))
            };
            let trailer = ("x-sum".to_owned(), b"7".to_vec());
            // Envoy does not forward trailers to HTTP/1.1.
            let trailers = if http == Http::Two { vec![trailer] } else { Vec::new() };
            let allowed = answer("hello", "7");
            assert_eq!((allowed.response.text(), &allowed.response.trailers), (completion("hello"), &trailers));
            let redacted = answer(LONG, "7");
            assert_eq!((redacted.response.text(), &redacted.response.trailers), (completion(MASK), &trailers));
            let grown = answer("zax zax", "7");
            assert_eq!(grown.response.text(), completion(&format!("{MASK} {MASK}")), "{grown:#?}");
            answer("forbidden", "7").assert_told("response");
            answer("hello", "forbidden").assert_told("response");
        }
    });
}

#[test]
fn messages_without_a_body() {
    everywhere(|lab, http| {
        let get = lab.play(&Request::new("GET", "/v1/models").http(http));
        assert_eq!((get.response.status, get.action("request")), (200, "allow"), "{get:#?}");
        // Nobody knows who speaks in a list of models, but every string of it was scanned.
        let answer = get.verdict("response");
        assert_eq!((&answer["action"], &answer["inspected"]), (&"flag".into(), &"partial".into()), "{get:#?}");
        assert_eq!(get.faults("response"), ["unknown_dialect"]);

        // The answer to a request without a body is looked at like any other.
        lab.mock().respond_with(says(&sample("card").unwrap()));
        let get = lab.play(&Request::new("GET", "/v1/models/x").http(http));
        assert_eq!(get.action("response"), "redact", "{get:#?}");
        assert!(!get.response.text().contains(&sample("card").unwrap()));

        let length = completion("hello").len().to_string();
        let reply = Reply::new(200).header("content-type", "application/json");
        lab.mock().respond_with(reply.header("content-length", &length));
        let head = lab.play(&Request::new("HEAD", "/v1/models").http(http));
        assert_eq!((head.response.status, head.response.body().len()), (200, 0), "{head:#?}");
        assert_eq!(head.response.header("content-length"), Some(length), "{head:#?}");
        for status in [204, 304] {
            lab.mock().respond_with(Reply::new(status).header("x-is", "empty"));
            let empty = lab.play(&Request::new("GET", CHAT).http(http));
            assert_eq!((empty.response.status, empty.response.body().len()), (status, 0));
            assert_eq!((empty.action("request"), empty.action("response")), ("allow", "allow"), "{empty:#?}");
        }
        // An empty body, said to be one and not said to be one.
        lab.mock().respond_with(Reply::json(200, ""));
        let empty = lab.play(&Request::json(CHAT, "").http(http));
        assert_eq!((empty.response.status, empty.action("response")), (200, "allow"), "{empty:#?}");
        lab.mock().respond_with(Reply::new(200).steps(vec![Step::data(""), Step::data("")]));
        let empty = lab.play(&Request::new("POST", CHAT).steps(vec![Step::data(""), Step::data("")]).http(http));
        assert_eq!((empty.response.status, empty.action("response")), (200, "allow"), "{empty:#?}");
    });
}

#[test]
fn headers_that_are_not_text() {
    everywhere(|lab, http| {
        let odd = [b"\xff\xfe ".as_slice(), b"\xe2\x28\xa1".as_slice()].concat();
        lab.mock().respond_with(says("hello").header("x-odd", &odd));
        let seen = lab.play(&chat("hello").header("x-odd", &odd).http(http));
        let pair = ("x-odd".to_owned(), odd.clone());
        assert_eq!((seen.action("request"), seen.action("response")), ("allow", "allow"), "{seen:#?}");
        assert!(seen.received().headers.contains(&pair) && seen.response.headers.contains(&pair), "{seen:#?}");

        // What is found beside bytes that are no text takes the whole value with it.
        let with_key = [odd.as_slice(), sample("aws-access-key-id").unwrap().as_bytes()].concat();
        let seen = lab.play(&chat("hello").header("x-odd", &with_key).http(http));
        assert_eq!(seen.action("request"), "redact", "{seen:#?}");
        assert_eq!(seen.received().header("x-odd").unwrap_or_default(), "");
    });
}

#[test]
fn headers_that_speak_in_the_name_of_weir() {
    everywhere(|lab, http| {
        let spoofed = |request: Request| {
            let request = request.header("x-weir-flag", "fault:nothing").header("X-Weir-Exchange", "e");
            request.header("accept-encoding", "gzip, br").http(http)
        };
        let plain = lab.play(&spoofed(chat("hello")));
        for name in ["x-weir-flag", "x-weir-exchange", "accept-encoding"] {
            assert_eq!(plain.received().header(name), None, "{plain:#?}");
        }
        let flagged = lab.play(&spoofed(chat(&format!("write to {}", sample("email").unwrap()))));
        assert_eq!(flagged.action("request"), "flag", "{flagged:#?}");
        assert_eq!(flagged.received().header("x-weir-flag").as_deref(), Some("see-personal-data"));
        let exchange = flagged.record.as_ref().unwrap()["exchange"].as_str().unwrap().to_owned();
        assert_eq!(flagged.received().header("x-weir-exchange"), Some(exchange));
        let twice = flagged.received().headers.iter().filter(|(name, _)| name == "x-weir-flag").count();
        assert_eq!(twice, 1);

        let both = lab.play(&spoofed(Request::new("GET", "/v1/models")));
        assert_eq!(both.received().header("x-weir-flag"), None, "{both:#?}");
    });
}
