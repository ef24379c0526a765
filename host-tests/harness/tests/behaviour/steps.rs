use crate::{Test, get, host, post};
use weir_harness::{Action, End, Outcome, Response, Side, Step};

#[test]
fn two_streams_interleave() -> Test {
    let mut host = host()?;
    let [one, two] = [host.open(), host.open()];
    for id in [one, two] {
        let request = post("qh:pause qb:hold", "");
        let step = host.headers(id, Side::Request, request.headers().clone(), false);
        assert_eq!(step.action(), Some(Action::Pause));
    }
    assert_eq!(host.body(one, Side::Request, "ab", false), Step::Called(Action::Pause));
    assert_eq!(host.body(two, Side::Request, "cd", false), Step::Called(Action::Pause));
    assert_eq!(host.stream(one).map(|stream| stream.is_paused(Side::Request)), Some(true));
    assert_eq!(host.body(one, Side::Request, "", true), Step::Called(Action::Continue));
    assert_eq!(host.stream(one).map(|stream| stream.upstream().text()), Some("ab".into()));
    assert_eq!(host.stream(two).map(|stream| stream.upstream().complete), Some(false));
    host.headers(one, Side::Response, Response::new(204).headers().clone(), true);
    assert_eq!(host.stream(one).and_then(|stream| stream.end().cloned()), Some(End::Completed));
    host.client_leaves(two);
    assert_eq!(host.body(two, Side::Request, "", true), Step::NotCalled);
    assert_eq!(host.finish(two)?.outcome, Outcome::ClientLeft);
    let result = host.finish(one)?;
    assert!(result.logs.iter().all(|line| line.context == result.logs[0].context));
    assert!(host.finish(one).is_err());
    Ok(())
}

#[test]
fn a_stream_that_waits_for_more_is_unfinished() -> Test {
    let mut host = host()?;
    let id = host.open();
    host.headers(id, Side::Request, get("").headers().clone(), true);
    assert_eq!(host.finish(id)?.outcome, Outcome::Unfinished);
    Ok(())
}
