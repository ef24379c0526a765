//! What a route decides.

use serde_json::json;
use weir_harness::{HostOptions, Property, Response, Status};

use super::weir::{answer, chat, fine, policy, prompt, record, records, sane, ssn, start};

#[test]
fn routes() {
    let routed = policy(|policy| {
        let rule = json!({"id": "closed", "when": {"route": "closed"}, "then": {"action": "block"}});
        if let Some(rules) = policy["rules"].as_array_mut() {
            rules.push(rule);
        }
        policy["bypass"] = json!([{"route": "probe", "reason": "probe"}]);
    });
    let mut host = start(HostOptions::new(routed));
    let route =
        |name: &str| chat(prompt("hi")).header("accept-encoding", "gzip").property(&["xds", "route_name"], name);
    let result = host.exchange(route("open")).upstream(|_| fine());
    sane(&host, &result, "open");
    assert_eq!(
        (result.status(), result.upstream.as_ref().and_then(|sent| sent.header("accept-encoding"))),
        (Some(200), None)
    );
    let result = host.exchange(route("closed")).upstream(|_| fine());
    assert_eq!((result.status(), &result.upstream), (Some(403), &None));
    assert_eq!(record(&result)["request"]["rules"][0]["id"], "closed");
    // A route that the proxy does not name, or will not, may be the closed one.
    let unnamed = chat(prompt("hi"));
    let failing = chat(prompt("hi")).property(&["xds", "route_name"], Property::Fails(Status::SerializationFailure));
    for request in [unnamed, failing] {
        let result = host.exchange(request).upstream(|_| fine());
        sane(&host, &result, "unknown");
        assert_eq!((result.status(), &result.upstream), (Some(403), &None));
    }
    // What is not inspected is not touched either.
    let result = host.exchange(route("probe")).upstream(|_| Response::json(200, answer(&ssn())));
    sane(&host, &result, "bypass");
    assert_eq!(
        result.upstream.as_ref().and_then(|sent| sent.header("accept-encoding").map(str::to_owned)).as_deref(),
        Some("gzip")
    );
    assert_eq!((result.client.text(), records(&result).len()), (answer(&ssn()), 0));
}
