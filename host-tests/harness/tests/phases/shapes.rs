//! Messages in every shape, with every fate: whole and in pieces, with and without length, body and trailers.

use serde_json::json;
use weir_harness::{Headers, Outcome, Protocol, Request, Response};

use super::weir::{PLACEHOLDER, answer, chat, fine, key, options, passed, prompt, record, sane, ssn, start};
use super::{FATES, Fate, PROTOCOLS, check_request, check_response, judged, pieces};

#[test]
fn requests_in_every_shape() {
    for protocol in PROTOCOLS {
        let mut host = start(options().downstream(protocol).upstream(protocol));
        for (fate, chunks) in FATES.into_iter().flat_map(|fate| pieces().map(|chunks| (fate, chunks))) {
            for (trailers, length, header) in [(false, true, true), (false, false, false), (true, false, true)] {
                let body = fate.body(prompt);
                let mut request = chat(body.clone()).chunks(chunks.clone());
                if trailers {
                    request = request.trailers([("x-checksum", "1")]);
                }
                if !length {
                    request = request.without_header("content-length");
                }
                if header {
                    request = request.header("x-odd", b"\xff\xfe odd");
                }
                let what = format!("{protocol:?} {fate:?} {chunks:?} trailers {trailers} length {length}");
                let result = host.exchange(request).upstream(|_| fine());
                check_request(&host, &result, fate, &body, &what);
                if let Some(upstream) = &result.upstream {
                    assert_eq!(upstream.trailers.is_some(), trailers && protocol == Protocol::Http2, "{what}");
                    assert_eq!(
                        upstream.headers.as_ref().is_some_and(|map| map.bytes("x-odd").is_some()),
                        header,
                        "{what}"
                    );
                }
            }
        }
    }
}

#[test]
fn answers_in_every_shape() {
    for protocol in PROTOCOLS {
        let mut host = start(options().downstream(protocol).upstream(protocol));
        for (fate, chunks) in FATES.into_iter().flat_map(|fate| pieces().map(|chunks| (fate, chunks))) {
            for (trailers, length) in [(false, true), (false, false), (true, false)] {
                let body = fate.body(answer);
                let mut response =
                    Response::json(200, body.clone()).chunks(chunks.clone()).header("x-odd", b"\xff\xfe");
                if trailers {
                    response = response.trailers([("x-checksum", "1")]);
                }
                if !length {
                    response = response.without_header("content-length");
                }
                let what = format!("{protocol:?} {fate:?} {chunks:?} trailers {trailers} length {length}");
                let result = host.exchange(chat(prompt("hello"))).upstream(|_| response);
                check_response(&host, &result, fate, &body, &what);
            }
        }
    }
}

#[test]
fn requests_without_a_body() {
    let mut host = start(options());
    for (path, fate) in [
        ("/v1/models?q=hello".to_owned(), Fate::Allowed),
        (format!("/v1/models?q={}&b=1", key()), Fate::Redacted),
        (format!("/v1/models?q={}", ssn()), Fate::Blocked),
    ] {
        let result = host.exchange(Request::get(&path)).upstream(|_| Response::new(204));
        sane(&host, &result, &path);
        let record = record(&result);
        judged(&record["request"], fate, &path);
        let sent = result.upstream.as_ref().and_then(|sent| sent.header(":path").map(str::to_owned));
        let expected = (!fate.refused()).then(|| path.replace(&key(), "%5BAWS_ACCESS_KEY_ID%5D"));
        assert_eq!((sent, result.status()), (expected, Some(if fate.refused() { 403 } else { 204 })), "{path}");
    }
    // A body that is announced and empty is a body.
    let result = host.exchange(chat("")).upstream(|_| Response::json(200, ""));
    sane(&host, &result, "empty");
    assert_eq!((result.status(), result.was_forwarded()), (Some(200), true));
    assert_eq!(record(&result)["request"]["inspected"], "full");
}

#[test]
fn answers_without_a_body() {
    for protocol in PROTOCOLS {
        let mut host = start(options().downstream(protocol).upstream(protocol));
        let head = Response::json(200, "").with_header("content-length", "512");
        for (request, response) in [
            (Request::new("HEAD", "/v1/models"), head),
            (Request::get("/v1/models"), Response::new(204)),
            (Request::get("/v1/models"), Response::new(304).header("content-type", "image/png")),
        ] {
            let status = response.headers().status();
            let result = host.exchange(request).upstream(|_| response);
            sane(&host, &result, "bodiless");
            assert_eq!((&result.outcome, result.status()), (&Outcome::Completed, status), "{result}");
            let record = record(&result);
            assert_eq!((&record["response"]["action"], &record["status"]), (&json!("allow"), &json!(status)));
        }
    }
}

#[test]
fn trailers_are_judged_but_not_rewritten() {
    let mut host = start(options().downstream(Protocol::Http2).upstream(Protocol::Http2));
    let secret = || [("x-note", key())];
    let result = host.exchange(chat(prompt("hi")).trailers(secret())).upstream(|_| fine());
    sane(&host, &result, "request");
    assert_eq!((result.status(), &result.upstream), (Some(403), &None));
    let result = host.exchange(chat(prompt("hi"))).upstream(|_| fine().trailers(secret()));
    sane(&host, &result, "answer");
    assert_eq!((result.status(), passed(&result, &key())), (Some(403), false));
    assert_eq!(record(&result)["response"]["faults"][0]["fault"], "rewrite");
    // Trailers without any body.
    let request = Request::post("/v1/chat/completions").trailers([("a", "b")]);
    let result = host.exchange(request).upstream(|_| Response::new(200).trailers([("a", "b")]));
    sane(&host, &result, "no body");
    assert_eq!((result.status(), result.was_forwarded()), (Some(200), true), "{result}");
}

/// One of several headers of a name changes, and none is lost.
#[test]
fn repeated_headers_keep_all_their_values() {
    let mut host = start(options());
    let request =
        chat(prompt("hi")).header("x-note", "first").header("x-note", key()).header("x-note", format!("a {} b", key()));
    let result = host.exchange(request).upstream(|_| fine().header("x-note", key()).header("x-note", "last"));
    sane(&host, &result, "repeated");
    let values = |headers: Option<&Headers>| -> Vec<String> {
        let all = headers.into_iter().flat_map(|headers| headers.all("x-note"));
        all.map(|value| String::from_utf8_lossy(value).into_owned()).collect()
    };
    let upstream = result.upstream.as_ref().and_then(|sent| sent.headers.as_ref());
    assert_eq!(values(upstream), [format!("first, {PLACEHOLDER}, a {PLACEHOLDER} b")]);
    assert_eq!(values(result.client.headers.as_ref()), [format!("{PLACEHOLDER}, last")]);
}

/// Bytes that some readers take for JSON and Weir does not are not waved through as odd text.
#[test]
fn a_known_path_is_given_json_or_nothing() {
    let mut host = start(options());
    let hidden = prompt(&key()).replace("AKIA", "\\u0041KIA");
    let wide: Vec<u8> = hidden.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (media, body, fault) in [
        ("text/plain", format!("\u{feff}{hidden}").into_bytes(), "invalid_json"),
        ("text/plain", format!("x{hidden}").into_bytes(), "invalid_json"),
        ("text/plain", wide.clone(), "opaque_body"),
        ("application/json; charset=utf-16le", wide, "charset"),
        ("text/plain; x=1; Charset=\"UTF-7\"", hidden.clone().into_bytes(), "charset"),
        ("application/x-www-form-urlencoded", format!("\u{feff}{hidden}").into_bytes(), "invalid_json"),
        ("application/x-www-form-urlencoded", format!("x{hidden}").into_bytes(), "invalid_json"),
        ("multipart/form-data; boundary=x", format!(" {hidden}x").into_bytes(), "invalid_json"),
        ("multipart/form-data; boundary=x", format!("\u{feff}{hidden}").into_bytes(), "opaque_body"),
        ("multipart/form-data; boundary=x", format!("x{hidden}").into_bytes(), "opaque_body"),
    ] {
        let request = chat(body).with_header("content-type", media);
        let result = host.exchange(request).upstream(|_| fine());
        sane(&host, &result, media);
        assert_eq!((result.status(), &result.upstream), (Some(403), &None), "{media}");
        let faults = record(&result)["request"]["faults"].to_string();
        assert!(faults.contains(fault), "{media}: {faults}");
    }
}
