use crate::{Test, callbacks, get, host, post, start};
use weir_harness::{Answerer, At, HostOptions, LocalReply, Outcome, Protocol, Response, Side};

#[test]
fn a_reply_in_the_request_phase_comes_back_through_the_response_callbacks() -> Test {
    for (commands, before) in [
        ("qh:reply=403", 1),
        ("qh:reply=403 qh:pause", 1),
        ("qh:pause qb:reply=403", 2),
        ("qh:pause qb:hold qb:end-reply=403", 3),
    ] {
        let result = host()?.exchange(post(commands, "hello")).upstream(|_| Response::new(204));
        assert_eq!((result.ok()?.status(), result.answered_by), (Some(403), Some(Answerer::Module)));
        assert_eq!(result.client.text(), "blocked");
        assert_eq!(result.client.header("x-probed"), Some("1"));
        assert_eq!(result.client.header("content-type"), Some("text/plain"));
        assert_eq!(result.details.as_deref(), Some("probe_blocked"));
        assert_eq!(callbacks(&result)[before..before + 2], ["rh 4 false", "rb 7 true"], "{commands}");
        assert_eq!(result.upstream, None);
    }
    Ok(())
}

#[test]
fn a_reply_from_trailers_blocks() -> Test {
    let mut host = start(HostOptions::new("v1").downstream(Protocol::Http2))?;
    let request = post("qh:pause qb:pause qt:reply=403", "hello").trailers([("a", "b")]);
    let result = host.exchange(request).upstream(|_| Response::new(204));
    assert_eq!((result.ok()?.status(), &result.upstream), (Some(403), &None));
    Ok(())
}

#[test]
fn a_reply_that_the_filter_itself_holds_back_hangs() -> Test {
    let result = host()?.exchange(get("qh:reply=403 rh:pause rb:pause")).upstream(|_| Response::new(204));
    assert_eq!(result.outcome, Outcome::Hang(Side::Response));
    Ok(())
}

#[test]
fn a_reply_to_grpc_is_a_status() -> Test {
    let request = get("qh:reply=403").header("content-type", "application/grpc");
    let result = host()?.exchange(request).upstream(|_| Response::new(204));
    assert_eq!((result.ok()?.status(), result.client.header("grpc-status")), (Some(200), Some("7")));
    assert!(result.client.body.is_empty());
    Ok(())
}

#[test]
fn the_proxy_answers_by_itself() -> Test {
    let mut host = host()?;
    let result = host.exchange(get("")).without_upstream();
    assert_eq!((result.ok()?.status(), result.answered_by), (Some(503), Some(Answerer::Proxy)));
    assert!(callbacks(&result).contains(&"rb 19 true"));
    let reply = LocalReply::new(429, "rate_limited", "");
    let result =
        host.exchange(post("", "hello")).proxy_replies(At::RequestHeaders, reply).upstream(|_| Response::new(204));
    assert_eq!((result.ok()?.status(), result.was_forwarded()), (Some(429), false));
    assert!(callbacks(&result).contains(&"rh 1 true"));
    Ok(())
}

#[test]
fn a_client_may_leave_at_any_point() -> Test {
    let mut host = host()?;
    let points = [At::RequestHeaders, At::RequestBody(1), At::RequestEnd, At::ResponseHeaders, At::ResponseBody(1)];
    for at in points {
        let request = post("qh:pause qb:hold rh:pause rb:hold", "hello");
        let result = host.exchange(request).client_leaves(at).upstream(|_| Response::json(200, "{}"));
        assert_eq!(result.outcome, Outcome::ClientLeft);
        assert_eq!(callbacks(&result).last(), Some(&"done 0 true"), "{at:?}");
    }
    assert_eq!(host.contexts(), 1);
    Ok(())
}
