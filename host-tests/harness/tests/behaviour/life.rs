use crate::{Test, get, host, post, probe, start};
use std::time::Duration;
use weir_harness::{CallAnswer, HarnessError, Host, HostOptions, Level, Outcome, Response, Side};

fn version(host: &mut Host) -> Result<String, HarnessError> {
    let result = host.exchange(get("qh:version")).upstream(|_| Response::new(204));
    let line = result.ok()?.logs.iter().find_map(|line| line.text.strip_prefix("version ").map(str::to_owned));
    Ok(line.unwrap_or_default())
}

#[test]
fn a_refused_configuration_says_why() -> Test {
    let Err(HarnessError::Rejected { callback, logs }) = start(HostOptions::new("reject")) else {
        return Err(HarnessError::Unknown { what: "rejection".into() });
    };
    assert_eq!(callback, "on_configure");
    assert!(logs.iter().any(|line| line.text == "configured 1 reject" && line.level == Level::Info));
    assert!(matches!(start(HostOptions::new("panic")), Err(HarnessError::Failed { .. })));
    Ok(())
}

#[test]
fn a_new_configuration_keeps_the_vm_and_its_streams() -> Test {
    for canary in [false, true] {
        let mut host = start(HostOptions::new("v1").canary(canary))?;
        let id = host.open();
        host.headers(id, Side::Request, get("qh:version log:version").headers().clone(), true);
        host.reconfigure("v2")?;
        let logs = host.take_logs();
        assert!(logs.iter().any(|line| line.text == "configured 2 v2"), "the statics survive: {logs:?}");
        assert_eq!(host.contexts(), 3);
        assert_eq!(version(&mut host)?, "v2");
        let result = host.finish(id)?;
        assert!(result.logged("version v1"));
        assert!(host.take_logs().iter().any(|line| line.text == "root done v1"));
        assert_eq!(host.contexts(), 1);
    }
    Ok(())
}

#[test]
fn a_refused_new_configuration_leaves_the_old_one() -> Test {
    for canary in [false, true] {
        let mut host = start(HostOptions::new("v1").canary(canary))?;
        assert!(matches!(host.reconfigure("reject"), Err(HarnessError::Rejected { .. })));
        assert_eq!(version(&mut host)?, "v1");
        assert_eq!(host.contexts(), 1);
        assert!(host.reconfigure("panic").is_err());
        assert_eq!(host.failure().is_none(), canary, "only a canary may die of it");
    }
    Ok(())
}

#[test]
fn ticks_come_with_the_clock_and_stop_with_their_root() -> Test {
    let mut host = start(HostOptions::new("tick"))?;
    host.take_logs();
    host.advance(Duration::from_millis(350))?;
    assert_eq!(host.take_logs().len(), 3);
    host.reconfigure("v2")?;
    host.take_logs();
    host.advance(Duration::from_secs(1))?;
    assert!(host.take_logs().is_empty());
    Ok(())
}

#[test]
fn a_tick_may_resume_a_stream() -> Test {
    let mut host = start(HostOptions::new("tick"))?;
    let result = host.exchange(post("qh:pause qb:pause qb:end-wait", "hello")).ticks(1).upstream(|received| {
        assert_eq!(received.text(), "hello");
        Response::new(204)
    });
    result.ok()?;
    Ok(())
}

#[test]
fn a_call_out_is_answered_by_the_test() -> Test {
    let mut host = start(HostOptions::new("v1").cluster("approval"))?;
    let commands = "qh:pause qb:pause qb:end-call=approval call:set-request=x-approved call:body call:resume-request";
    let ask = || post(commands, "hello");
    let result = host
        .exchange(ask())
        .calls(|call| {
            assert_eq!((call.cluster.as_str(), call.body.as_slice()), ("approval", &b"question"[..]));
            CallAnswer::new(200, "yes")
        })
        .upstream(|received| {
            assert_eq!((received.text().as_str(), received.header("x-approved")), ("hello", Some("1")));
            Response::new(204)
        });
    assert!(result.ok()?.logged("answer Some(\"200\") 1 3") && result.logged("body Ok(\"hello\")"), "{result}");

    let result = host.exchange(ask()).calls(|_| CallAnswer::timeout()).upstream(|_| Response::new(204));
    assert!(result.ok()?.logged("answer Some(\"504\") 3 24"));

    let result = host.exchange(ask()).upstream(|_| Response::new(204));
    assert_eq!((result.outcome, result.cancelled_calls.len()), (Outcome::Hang(Side::Request), 1));

    let result = host.exchange(get("qh:call=nobody")).upstream(|_| Response::new(204));
    assert!(result.ok()?.logged("call BadArgument"));

    let deny = "qh:pause qh:call=approval qb:pause call:reply=403";
    let result =
        host.exchange(post(deny, "hello")).calls_at_once(|_| CallAnswer::refused()).upstream(|_| Response::new(204));
    assert_eq!((result.ok()?.status(), &result.upstream), (Some(403), &None));
    Ok(())
}

#[test]
fn one_module_serves_hosts_in_many_threads() -> Test {
    fn is_send<T: Send>(_: &T) {}
    let module = probe()?;
    is_send(&host()?);
    let run = || -> Test {
        let mut host = Host::start(&module, HostOptions::new("v1"))?;
        host.exchange(post("qh:pause qb:hold", "hello")).upstream(|_| Response::new(204)).ok()?;
        Ok(())
    };
    std::thread::scope(|scope| {
        let threads = [scope.spawn(run), scope.spawn(run)];
        threads.into_iter().all(|thread| matches!(thread.join(), Ok(Ok(()))))
    })
    .then_some(())
    .ok_or(HarnessError::VmDead)
}

#[test]
fn a_host_starts_with_no_lines_of_its_own() -> Test {
    let mut host = host()?;
    let logs: Vec<_> = host.take_logs().into_iter().map(|line| line.text).collect();
    assert_eq!(logs, ["configured 1 v1"]);
    Ok(())
}
