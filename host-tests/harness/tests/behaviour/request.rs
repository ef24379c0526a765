use crate::{Test, callbacks, get, host, post, start};
use weir_harness::{Chunking, FramingErrorKind, HostOptions, Outcome, Protocol, Response, Side};

/// Headers paused, body held until its end.
const BUFFER: &str = "qh:pause qb:hold";

#[test]
fn a_paused_body_is_told_cumulatively_and_http1_says_its_end_apart() -> Test {
    let request = post(BUFFER, "hello").chunks(Chunking::Sizes(vec![2, 3]));
    let result = host()?.exchange(request).upstream(|received| {
        assert_eq!(received.text(), "hello");
        assert_eq!(received.header("content-length"), Some("5"));
        Response::json(200, "{}")
    });
    result.ok()?;
    let expected = ["qh 6 false", "qb 2 false", "qb 5 false", "qb 5 true", "rh 3 false", "rb 2 false", "rb 0 true"];
    assert_eq!(callbacks(&result), [&expected[..], &["log 0 true", "done 0 true"]].concat());
    assert_eq!(result.client.text(), "{}");
    Ok(())
}

#[test]
fn over_http2_the_end_comes_with_the_last_piece() -> Test {
    let mut host = start(HostOptions::new("v1").downstream(Protocol::Http2).upstream(Protocol::Http2))?;
    let result = host.exchange(post(BUFFER, "hello")).upstream(|_| Response::json(200, "{}"));
    result.ok()?;
    assert_eq!(callbacks(&result)[..4], ["qh 6 false", "qb 5 true", "rh 3 false", "rb 2 true"]);
    Ok(())
}

#[test]
fn a_bodiless_request_ends_with_its_headers_and_an_empty_body_does_not() -> Test {
    let result = host()?.exchange(get("")).upstream(|_| Response::new(204));
    assert_eq!(callbacks(result.ok()?)[..2], ["qh 5 true", "rh 1 true"]);
    let result = host()?.exchange(post("", "")).upstream(|_| Response::new(204));
    assert_eq!(callbacks(result.ok()?)[..2], ["qh 6 false", "qb 0 true"]);
    Ok(())
}

#[test]
fn every_split_of_a_body_is_the_same_to_the_upstream() -> Test {
    let mut host = host()?;
    let splits = Chunking::every_split(5).chain([Chunking::OneByte, Chunking::Every(2), Chunking::Sizes(vec![0, 0])]);
    for chunks in splits {
        for commands in [BUFFER, ""] {
            let request = post(commands, "hello").chunks(chunks.clone());
            let result = host.exchange(request).upstream(|received| Response::json(200, received.body.clone()));
            assert_eq!(result.ok()?.client.text(), "hello", "{chunks:?} {commands}");
        }
    }
    assert_eq!(host.contexts(), 1);
    Ok(())
}

#[test]
fn trailers_never_let_the_body_callback_see_the_end() -> Test {
    let mut host = start(HostOptions::new("v1").downstream(Protocol::Http2))?;
    let request = post("qh:pause qb:pause qt:body qt:set-body=bye qt:no-length qt:trailer=x-added", "hello");
    let result = host.exchange(request.trailers([("x-sum", "1")])).upstream(|received| {
        assert_eq!(received.text(), "bye");
        let trailers = received.trailers.clone().unwrap_or_default();
        assert_eq!(trailers, [("x-sum", "1"), ("x-added", "1")].into_iter().collect());
        Response::new(204)
    });
    assert_eq!(callbacks(result.ok()?)[..3], ["qh 6 false", "qb 5 false", "qt 1 true"]);
    assert!(result.logged("body Ok(\"hello\")"), "{result}");
    Ok(())
}

#[test]
fn in_trailers_a_body_that_was_let_go_is_gone() -> Test {
    let mut host = start(HostOptions::new("v1").downstream(Protocol::Http2))?;
    let request = post("qt:body qt:set-body=x", "hello").trailers([("a", "b")]);
    let result = host.exchange(request).upstream(|_| Response::new(204));
    result.ok()?;
    assert!(result.logged("body Err(1)") && result.logged("set-body status 2"), "{result}");
    Ok(())
}

#[test]
fn http1_drops_trailers() -> Test {
    let request = post("", "hello").trailers([("a", "b")]);
    let result = host()?.exchange(request).upstream(|received| {
        assert_eq!(received.trailers, None);
        Response::new(204)
    });
    assert!(callbacks(result.ok()?).contains(&"qb 0 true"));
    Ok(())
}

#[test]
fn a_rewritten_body_with_its_length_is_well_framed() -> Test {
    let commands = "qh:pause qb:hold qb:end-length=3 qb:end-set-body=bye";
    let result = host()?.exchange(post(commands, "hello")).upstream(|received| {
        assert_eq!((received.text().as_str(), received.header("content-length")), ("bye", Some("3")));
        Response::new(204)
    });
    result.ok()?;
    let result = host()?.exchange(post("qh:no-length qb:set-body=bye", "hello")).upstream(|_| Response::new(204));
    result.ok()?;
    Ok(())
}

#[test]
fn a_stale_length_is_caught() -> Test {
    for (body, actual) in [("bye", 3), ("GET /smuggled", 13)] {
        let commands = format!("qh:pause qb:hold qb:end-set-body={}", body.replace(' ', "_"));
        let result = host()?.exchange(post(&commands, "hello")).upstream(|_| Response::new(204));
        assert_eq!(result.outcome, Outcome::FramingError);
        let error = result.framing_errors.first().map(|error| (error.side, error.kind.clone()));
        assert_eq!(error, Some((Side::Request, FramingErrorKind::Length { declared: 5, actual })));
        assert!(result.ok().is_err());
    }
    Ok(())
}

#[test]
fn headers_cannot_be_changed_once_they_have_gone() -> Test {
    let result = host()?.exchange(post("qb:set=x-late qb:get=x-probe", "hello")).upstream(|received| {
        assert_eq!(received.header("x-late"), None);
        Response::new(204)
    });
    result.ok()?;
    assert!(result.logged("set status 2") && result.logged("got Err(2)"), "{result}");
    let result = host()?.exchange(post("qh:pause qb:set=x-late", "hello")).upstream(|received| {
        assert_eq!(received.header("x-late"), Some("1"));
        Response::new(204)
    });
    assert!(!result.ok()?.logged("status"));
    Ok(())
}

#[test]
fn without_the_flag_a_pause_in_headers_stops_the_body_callback_too() -> Test {
    let options = || HostOptions::new("tick").allow_on_headers_stop_iteration(false);
    let result = start(options())?.exchange(post(BUFFER, "hello")).upstream(|_| Response::new(204));
    assert_eq!(result.outcome, Outcome::Hang(Side::Request));
    assert_eq!(callbacks(&result), ["qh 6 false", "log 0 true", "done 0 true"]);
    assert_eq!((result.upstream, result.client.headers), (None, None));

    let request = post("qh:pause qh:wait", "hello").chunks(Chunking::OneByte);
    let result = start(options())?.exchange(request).ticks(1).upstream(|received| {
        assert_eq!(received.text(), "hello");
        Response::new(204)
    });
    assert_eq!(callbacks(result.ok()?)[..2], ["qh 6 false", "qb 5 true"]);
    Ok(())
}

#[test]
fn an_upstream_hears_of_a_request_whose_headers_were_not_held() -> Test {
    let result = host()?.exchange(post("qb:hold qb:end-reply=403", "hello")).upstream(|_| Response::new(204));
    assert_eq!(result.ok()?.status(), Some(403));
    assert_eq!(result.upstream.map(|sent| sent.complete), Some(false));
    let result = host()?.exchange(post("qh:pause qb:hold qb:end-reply=403", "hello")).upstream(|_| Response::new(204));
    assert_eq!((result.ok()?.status(), &result.upstream), (Some(403), &None));
    Ok(())
}

#[test]
fn a_body_past_the_limit_is_413_through_the_filter() -> Test {
    let mut host = start(HostOptions::new("v1").request_buffer_limit(8))?;
    let long = post(BUFFER, "0123456789").chunks(Chunking::Every(4));
    let result = host.exchange(long).upstream(|_| Response::new(204));
    assert_eq!(result.ok()?.status(), Some(413));
    assert_eq!(result.details.as_deref(), Some("request_payload_too_large"));
    let expected = ["qh 6 false", "qb 4 false", "qb 8 false", "rh 3 false", "rb 17 true", "log 0 true", "done 0 true"];
    assert_eq!(callbacks(&result), expected);
    let grown = post("qh:pause qb:hold qb:end-grow=9", "0123");
    assert_eq!(host.exchange(grown).upstream(|_| Response::new(204)).ok()?.status(), Some(413));

    let h2 = HostOptions::new("v1").request_buffer_limit(8).h2_window(16).downstream(Protocol::Http2);
    start(h2)?.exchange(post(BUFFER, "0123456789")).upstream(|_| Response::new(204)).ok()?;
    Ok(())
}

#[test]
fn non_utf8_values_and_duplicates_arrive_as_they_are() -> Test {
    let request = get("qh:get=x-raw qh:pairs").header("x-raw", b"\xff\xfe").header("x-raw", "second");
    let result = host()?.exchange(request).upstream(|received| {
        let values: Vec<_> = received.headers.iter().flat_map(|headers| headers.all("x-raw")).collect();
        assert_eq!(values, [&b"\xff\xfe"[..], b"second"]);
        Response::new(204)
    });
    assert!(result.ok()?.logged(r#"got Ok("\\xff\\xfe")"#) && result.logged("pairs 7"), "{result}");
    Ok(())
}
