use crate::{Test, callbacks, get, host, start};
use weir_harness::{
    At, Cause, Chunking, Failure, HarnessError, HostOptions, Outcome, Protocol, Request, Response, Side,
};

const BUFFER: &str = "rh:pause rb:hold";

fn json() -> Response {
    Response::json(200, r#"{"secret": 1}"#)
}

#[test]
fn a_held_response_can_be_rewritten_or_replaced() -> Test {
    let commands = "rh:pause rb:hold rb:end-length=2 rb:end-set-body={} rb:end-set=x-late";
    let result = host()?.exchange(get(commands)).upstream(|_| json().chunks(Chunking::Every(3)));
    assert_eq!((result.ok()?.client.text().as_str(), result.client.header("x-late")), ("{}", Some("1")));

    let result = host()?.exchange(get("rh:pause rb:hold rb:end-reply=403")).upstream(|_| json());
    assert_eq!((result.ok()?.status(), result.client.text().as_str()), (Some(403), "blocked"));
    assert_eq!(callbacks(&result)[1..4], ["rh 3 false", "rb 13 false", "rb 13 true"]);
    assert_eq!(callbacks(&result).len(), 6, "the local reply does not come back: {result}");
    Ok(())
}

#[test]
fn a_local_reply_may_be_larger_than_the_limit() -> Test {
    let mut host = start(HostOptions::new("v1").response_buffer_limit(64))?;
    let result = host.exchange(get("rh:pause rb:hold rb:end-big-reply=1000")).upstream(|_| json());
    assert_eq!(result.ok()?.client.body.len(), 1000);
    Ok(())
}

#[test]
fn a_stale_length_is_caught() -> Test {
    let result = host()?.exchange(get("rh:pause rb:hold rb:end-set-body={}")).upstream(|_| json());
    assert_eq!(result.outcome, Outcome::FramingError);
    let result = host()?.exchange(get("rh:split")).upstream(|_| json());
    assert_eq!(result.outcome, Outcome::FramingError);
    Ok(())
}

#[test]
fn late_headers_are_refused_and_a_late_reply_is_a_reset() -> Test {
    let result = host()?.exchange(get("rb:set=x-late")).upstream(|_| json());
    assert!(result.ok()?.logged("set status 2"));
    let result = host()?.exchange(get("rb:reply=403")).upstream(|_| json());
    assert_eq!(result.outcome, Outcome::Reset(Cause::Module));
    assert_eq!((result.status(), result.client.body.len(), result.client.complete), (Some(200), 0, false));
    Ok(())
}

#[test]
fn a_held_response_past_the_limit_is_500_and_a_streamed_one_has_none() -> Test {
    let mut host = start(HostOptions::new("v1").response_buffer_limit(8))?;
    let result = host.exchange(get(BUFFER)).upstream(|_| json().chunks(Chunking::Every(5)));
    assert_eq!((result.ok()?.status(), result.details.as_deref()), (Some(500), Some("response_payload_too_large")));
    host.exchange(get("")).upstream(|_| json()).ok()?;
    let result = host.exchange(get("rb:hold")).upstream(|_| json());
    assert_eq!(result.outcome, Outcome::Reset(Cause::Proxy));
    Ok(())
}

#[test]
fn growing_a_held_response_past_the_limit_crashes_the_proxy() -> Test {
    let mut host = start(HostOptions::new("v1").response_buffer_limit(64))?;
    let result = host.exchange(get("rh:pause rb:hold rb:end-grow=65")).upstream(|_| json());
    assert!(matches!(result.outcome, Outcome::Failed(Failure::ProxyCrash { .. })), "{result}");
    assert_eq!(result.client.headers, None);
    let result = host.exchange(get("")).upstream(|_| json());
    assert!(matches!(result.outcome, Outcome::Failed(Failure::ProxyCrash { .. })), "{result}");
    assert!(matches!(host.reload(), Err(HarnessError::ProxyGone)));
    let mut host = start(HostOptions::new("v1").response_buffer_limit(64))?;
    host.exchange(get("rh:pause rb:hold rb:end-length=64 rb:end-grow=64")).upstream(|_| json()).ok()?;
    host.exchange(get("rh:no-length rb:set-body=x rb:end-grow=65")).upstream(|_| json()).ok()?;
    Ok(())
}

#[test]
fn a_stream_is_released_piece_by_piece() -> Test {
    let stream = || Response::event_stream(["data: a\n\n", "data: b\n\n", "data: [DONE]\n\n"]);
    let result = host()?.exchange(get("")).upstream(|_| stream());
    let pieces: [&[u8]; 5] = [b"", b"data: a\n\n", b"data: b\n\n", b"data: [DONE]\n\n", b""];
    assert_eq!(result.ok()?.released(), pieces);

    let result = host()?.exchange(get("rb:set-body= rb:end-prepend=held")).upstream(|_| stream());
    let pieces: [&[u8]; 5] = [b"", b"", b"", b"", b"held"];
    assert_eq!(result.ok()?.released(), pieces);
    Ok(())
}

#[test]
fn with_trailers_what_was_let_go_cannot_be_reached() -> Test {
    let mut host = start(HostOptions::new("v1").upstream(Protocol::Http2))?;
    let response = || json().trailers([("x-end", "1")]);
    let result = host.exchange(get("rt:prepend=held")).upstream(|_| response());
    assert!(result.ok()?.logged("prepend status 2"));
    let result = host.exchange(get("rh:pause rb:pause rt:length=2 rt:set-body={}")).upstream(|_| response());
    assert_eq!(result.ok()?.client.text(), "{}");
    assert_eq!(result.client.trailers, Some([("x-end", "1")].into_iter().collect()));
    Ok(())
}

#[test]
fn a_response_that_nobody_resumes_hangs() -> Test {
    let result = host()?.exchange(get("rh:pause rb:pause")).upstream(|_| json());
    assert_eq!(result.outcome, Outcome::Hang(Side::Response));
    let result = host()?.exchange(get("rh:pause")).upstream(|_| Response::new(204));
    assert_eq!(result.outcome, Outcome::Hang(Side::Response));
    let mut host = start(HostOptions::new("v1").allow_on_headers_stop_iteration(false))?;
    let result = host.exchange(get(BUFFER)).upstream(|_| json());
    assert_eq!(result.outcome, Outcome::Hang(Side::Response));
    assert!(!callbacks(&result).iter().any(|call| call.starts_with("rb")));
    Ok(())
}

#[test]
fn an_answer_to_head_has_a_length_and_no_body() -> Test {
    let result = host()?.exchange(Request::new("HEAD", "/")).upstream(|_| json());
    assert_eq!((result.ok()?.client.header("content-length"), result.client.body.len()), (Some("13"), 0));
    assert!(callbacks(&result).contains(&"rh 3 true"));
    Ok(())
}

#[test]
fn an_upstream_may_close_at_any_point() -> Test {
    let mut host = host()?;
    let result = host.exchange(get("")).upstream_resets(At::RequestEnd).upstream(|_| json());
    assert_eq!((result.ok()?.status(), callbacks(&result).len()), (Some(503), 5));
    for at in [At::ResponseHeaders, At::ResponseBody(1)] {
        let result = host.exchange(get(BUFFER)).upstream_resets(at).upstream(|_| json());
        assert_eq!((result.outcome, result.client.headers), (Outcome::Reset(Cause::Upstream), None));
    }
    let chunked = json().chunks(Chunking::Every(5));
    let result = host.exchange(get("")).upstream_resets(At::ResponseBody(2)).upstream(|_| chunked);
    assert_eq!((result.outcome, result.client.body.len()), (Outcome::Reset(Cause::Upstream), 10));
    assert_eq!(host.contexts(), 1);
    Ok(())
}

#[test]
fn ending_a_stream_loses_what_was_written_in_the_same_callback() -> Test {
    let result = host()?.exchange(get("rb:set-body=bye rb:reset")).upstream(|_| Response::event_stream(["a", "b"]));
    assert_eq!((result.outcome, result.client.body.len()), (Outcome::Reset(Cause::Module), 0));
    let result = host()?.exchange(get("rb:end-reset")).upstream(|_| Response::event_stream(["a", "b"]));
    assert_eq!((result.outcome, result.client.text().as_str()), (Outcome::Reset(Cause::Module), "ab"));
    Ok(())
}
