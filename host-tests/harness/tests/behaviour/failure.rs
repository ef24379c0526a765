use crate::{Test, build_probe, get, host, post, probe, start};
use std::time::Duration;
use weir_harness::{Failure, Fault, Host, HostCall, HostOptions, Level, Module, Outcome, Response, Side, Status, Step};

#[test]
fn a_trap_is_503_and_kills_the_vm_until_it_is_reloaded() -> Test {
    let mut host = host()?;
    let other = host.open();
    host.headers(other, Side::Request, get("qh:pause").headers().clone(), true);
    let result = host.exchange(get("qh:trap")).upstream(|_| Response::new(204));
    let Outcome::Failed(Failure::Trap { callback, message, backtrace }) = &result.outcome else {
        return Err(weir_harness::HarnessError::Exchange { report: result.to_string() });
    };
    assert_eq!(*callback, "proxy_on_request_headers");
    assert!(message.contains("unreachable") && backtrace.contains("wasm"), "{message} {backtrace}");
    assert_eq!((result.status(), result.details.as_deref()), (Some(503), Some("wasm_fail_stream")));
    assert!(result.logs.iter().any(|line| line.level == Level::Critical && line.text.contains("told to trap")));

    let result = host.exchange(get("")).upstream(|_| Response::new(204));
    assert_eq!((result.status(), &result.outcome), (Some(503), &Outcome::Failed(Failure::VmDead)));
    assert_eq!(host.stream(other).map(|stream| stream.end().is_none()), Some(true), "others hang");

    host.reload()?;
    assert!(host.finish(other).is_err());
    host.exchange(get("")).upstream(|_| Response::new(204)).ok()?;
    Ok(())
}

#[test]
fn a_trap_after_the_headers_cuts_the_response() -> Test {
    let result = host()?.exchange(get("rb:end-trap")).upstream(|_| Response::json(200, "{}"));
    assert!(matches!(result.outcome, Outcome::Failed(Failure::Trap { .. })));
    assert_eq!((result.status(), result.client.text().as_str(), result.client.complete), (Some(200), "{}", false));
    let result = host()?.exchange(get("log:trap")).upstream(|_| Response::json(200, "{}"));
    assert!(matches!(result.outcome, Outcome::Failed(Failure::Trap { callback: "proxy_on_log", .. })));
    Ok(())
}

#[test]
fn an_exit_is_a_trap() -> Test {
    let result = host()?.exchange(get("qh:exit")).upstream(|_| Response::new(204));
    assert!(matches!(&result.outcome, Outcome::Failed(Failure::Trap { message, .. }) if message.contains("exit(3)")));
    Ok(())
}

#[test]
fn an_endless_loop_ends() -> Test {
    let mut host = start(HostOptions::new("v1").deadline(Duration::from_millis(100)))?;
    let result = host.exchange(get("qb:loop qh:loop")).upstream(|_| Response::new(204));
    assert_eq!(result.outcome, Outcome::Failed(Failure::EndlessLoop { callback: "proxy_on_request_headers" }));
    Ok(())
}

#[test]
fn memory_has_a_limit_and_does_not_shrink() -> Test {
    let mut host = start(HostOptions::new("v1").memory_limit(16 << 20))?;
    let before = host.memory_size();
    host.exchange(get("qh:memory=8000000")).upstream(|_| Response::new(204)).ok()?;
    assert!(host.memory_size() >= before + 8_000_000 - 1_000_000);
    let result = host.exchange(get("qh:memory=64000000")).upstream(|_| Response::new(204));
    assert!(matches!(result.outcome, Outcome::Failed(Failure::Trap { .. })), "{result}");
    Ok(())
}

#[test]
fn any_host_call_can_be_made_to_fail() -> Test {
    let mut host = host()?;
    let request = || post("qh:pause qb:hold qb:set=a qb:set=b", "hello");
    host.inject(Fault::nth(HostCall::ReplaceMapValue, 2, Status::InternalFailure));
    let result = host.exchange(request()).upstream(|received| {
        assert_eq!(received.header("a"), Some("1"));
        Response::new(204)
    });
    assert_eq!(result.ok()?.logs.iter().filter(|line| line.text == "set status 10").count(), 1);
    assert_eq!(host.call_count(HostCall::ReplaceMapValue), 4);

    host.inject(Fault::always(HostCall::ReplaceMapValue, Status::BadArgument));
    let result = host.exchange(request()).upstream(|received| {
        assert_eq!(received.header("a"), None);
        Response::new(204)
    });
    assert_eq!(result.ok()?.logs.iter().filter(|line| line.text == "set status 2").count(), 4);
    host.clear_faults();
    assert!(!host.exchange(request()).upstream(|_| Response::new(204)).ok()?.logged("status"));
    assert_eq!(HostCall::from_name("proxy_set_buffer_bytes"), Some(HostCall::SetBuffer));
    Ok(())
}

#[test]
fn instructions_are_counted_on_demand() -> Test {
    let path = build_probe().map_err(|reason| weir_harness::HarnessError::Load { reason })?;
    let mut host = Host::start(&Module::counting_from_file(path)?, HostOptions::new("v1"))?;
    let mut cost = |body: &str| -> Result<u64, weir_harness::HarnessError> {
        let before = host.instructions().unwrap_or_default();
        host.exchange(post("qb:body", body)).upstream(|_| Response::new(204)).ok()?;
        Ok(host.instructions().unwrap_or_default() - before)
    };
    cost("x")?;
    let (short, long, again) = (cost("x")?, cost(&"x".repeat(1000))?, cost("x")?);
    assert!(short > 0 && long > short && again == short, "{short} {long} {again}");
    assert_eq!(Host::start(&probe()?, HostOptions::new("v1"))?.instructions(), None);
    Ok(())
}

#[test]
fn a_dead_vm_answers_steps_too() -> Test {
    let mut host = host()?;
    let id = host.open();
    let step = host.headers(id, Side::Request, get("qh:trap").headers().clone(), true);
    assert!(matches!(step, Step::Failed(Failure::Trap { .. })));
    let id = host.open();
    let step = host.headers(id, Side::Request, get("").headers().clone(), true);
    assert_eq!(step, Step::NotCalled);
    assert_eq!(host.finish(id)?.status(), Some(503));
    Ok(())
}

#[test]
fn what_is_no_module_is_refused() {
    assert!(Module::from_bytes(b"not wasm").is_err());
    assert!(Module::from_file("/nonexistent.wasm").is_err());
}
