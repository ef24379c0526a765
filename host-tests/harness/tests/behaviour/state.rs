use crate::{Test, get, host, post, start};
use std::time::Duration;
use weir_harness::{ExchangeResult, HostOptions, Metric, Property, Response, Status};

fn run(options: HostOptions, commands: &str) -> Result<ExchangeResult, weir_harness::HarnessError> {
    let result = start(options)?.exchange(get(commands)).upstream(|_| Response::json(201, "{}"));
    result.ok()?;
    Ok(result)
}

#[test]
fn properties_come_from_the_test_and_from_the_stream() -> Test {
    let options = HostOptions::new("v1")
        .property(&["connection", "mtls"], Property::bool(true))
        .property(&["xds", "upstream_host_metadata"], Property::Fails(Status::SerializationFailure));
    let commands = "qh:property=request.method qh:property=request.headers.x-probe qh:property=route_name \
                    qh:property=connection.mtls qh:property=xds.upstream_host_metadata \
                    qh:property=plugin_root_id qh:property=response.code rh:property=response.code \
                    qh:property=source.address";
    let mut host = start(options)?;
    let request = get(commands).property(&["source", "address"], "10.0.0.1:5");
    let result = host.exchange(request).upstream(|_| Response::json(201, "{}"));
    result.ok()?;
    for line in [
        r#"Ok("GET")"#,
        "Err(1)",
        r#"Ok("\\x01")"#,
        "Err(3)",
        r#"Ok("weir")"#,
        r#"Ok("\\xc9\\x00\\x00\\x00\\x00\\x00\\x00\\x00")"#,
        r#"Ok("10.0.0.1:5")"#,
    ] {
        assert!(result.logged(line), "{line} is not in {result}");
    }
    Ok(())
}

#[test]
fn what_the_module_sets_is_filter_state() -> Test {
    let commands = "qh:set-property={} qh:property=verdict qh:property=filter_state.wasm.verdict log:set-property=end";
    let result = run(HostOptions::new("v1"), commands)?;
    assert_eq!(result.filter_state("verdict"), Some("end"));
    assert!(result.logged(r#"property Ok("{}")"#));
    Ok(())
}

#[test]
fn metrics_outlive_the_vm_and_a_name_may_be_defined_twice() -> Test {
    let mut host = host()?;
    let result = host.exchange(get("qh:count=hits rh:count=hits")).upstream(|_| Response::new(204));
    assert_eq!(result.ok()?.metrics.get("hits"), Some(&2));
    assert!(result.logged("ids differ true"));
    host.reload()?;
    let result = host.exchange(get("qh:count=hits")).upstream(|_| Response::new(204));
    assert_eq!(result.metrics.get("hits"), Some(&1));
    assert_eq!(host.metric("hits"), Some(&Metric::Counter(3)));
    Ok(())
}

#[test]
fn shared_data_compares_and_swaps_and_outlives_the_vm() -> Test {
    let mut host = host()?;
    let result = host.exchange(get("qh:shared=key")).upstream(|_| Response::new(204));
    assert!(result.ok()?.logged("shared Ok((None, None))"));
    assert!(result.logged("shared Ok(()) Ok(()) Err(CasMismatch)"), "{result}");
    host.reload()?;
    assert_eq!(host.shared_data("key"), Some(&b"2"[..]));
    host.set_shared_data("key", "other");
    let result = host.exchange(get("qh:shared=key")).upstream(|_| Response::new(204));
    assert!(result.logged("shared Ok((Some([111, 116, 104, 101, 114]), Some("), "{result}");
    Ok(())
}

#[test]
fn time_randomness_and_environment_are_the_tests() -> Test {
    let commands = "qh:time qh:instant qh:random qh:env=KEY qh:env=NONE qh:print=hello";
    let options = HostOptions::new("v1").env("KEY", "value").clock(5_000_000_007).clock_step(Duration::from_nanos(1));
    let (one, two) = (run(options.clone(), commands)?, run(options, commands)?);
    let texts = |result: &ExchangeResult| result.logs.iter().map(|line| line.text.clone()).collect::<Vec<_>>();
    assert_eq!(texts(&one), texts(&two));
    for line in ["time 5000000007", "instant Ok(5.000000008s)", r#"env Ok("value")"#, "env Err(NotPresent)", "hello"] {
        assert!(one.logged(line), "{line} is not in {one}");
    }
    Ok(())
}

#[test]
fn there_are_no_foreign_functions() -> Test {
    assert!(run(HostOptions::new("v1"), "qh:foreign=sign")?.logged("foreign status 1"));
    Ok(())
}

#[test]
fn the_log_phase_reads_every_map_and_changes_none() -> Test {
    let request = post("log:get=:path log:set=x-late", "hello");
    let result = host()?.exchange(request).upstream(|_| Response::new(204));
    assert!(result.ok()?.logged(r#"got Ok("/v1/chat?x=1")"#) && result.logged("set status 2"), "{result}");
    Ok(())
}
