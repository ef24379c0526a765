//! The settings without which Weir does not work: the one whose absence it finds out by itself, and the list of what the
//! module may call.

use super::{chat, policy, says};
use serde_json::json;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use weir_cli::client::{Http, Request};
use weir_cli::envoy::config::{RESOURCE, STATIC};
use weir_e2e::{Lab, module, root, setup};

/// Without `allow_on_headers_stop_iteration` Envoy delivers no body while headers are held. Nobody waits for long, and
/// everybody is told why.
#[test]
fn without_allow_on_headers_stop_iteration_exchanges_are_refused() {
    let mut setup = setup(policy(json!({})));
    let off = ("allow_on_headers_stop_iteration: true".to_owned(), "allow_on_headers_stop_iteration: false".to_owned());
    setup.resource_changes.push(off);
    let mut lab = Lab::start(setup);
    let address = lab.stack.envoy().listener();
    lab.mock().respond_with(says("hello"));
    lab.mock().respond_with(says("hello"));
    let requests = [
        chat("hello"),
        chat("hello").http(Http::Two),
        Request::new("GET", "/v1/models"),
        Request::new("GET", "/v1/models").http(Http::Two),
    ];
    let begin = Instant::now();
    let (responses, seen) = lab.witness(requests.len(), || {
        std::thread::scope(|scope| {
            let sent: Vec<_> = requests.iter().map(|request| scope.spawn(move || request.send(address))).collect();
            sent.into_iter().map(|thread| thread.join().unwrap().unwrap()).collect::<Vec<_>>()
        })
    });
    assert!(begin.elapsed() < Duration::from_secs(8), "refused after {:?}", begin.elapsed());
    for response in responses {
        assert!((400..600).contains(&response.status), "{response:?}");
        let code = response.json()["error"]["code"].clone();
        assert!(code == "uninspectable_request" || code == "uninspectable_answer", "{response:?}");
    }
    for (access, record) in &seen {
        let record = record.as_ref().expect("a refusal is recorded");
        let side = if access["method"] == "POST" { "request" } else { "response" };
        assert_eq!(record[side]["faults"], json!([{"fault": "cannot_hold", "outcome": "block"}]), "{record:#}");
        assert_eq!(access["details"], "weir:fault:cannot_hold");
    }
    // Only the two requests without a body went on.
    assert_eq!(lab.mock().take_requests().len(), 2);
    assert!(lab.metric("weir_faults_total", &[("fault", "cannot_hold")]) >= 4);
    lab.survived();
}

/// The shipped list of capabilities is exactly what the module needs: a missing callback would turn an inspection off in
/// silence, a missing call would make one fail, and one too many would be a permission nobody needs.
#[test]
fn the_capability_list_is_what_the_module_needs() {
    let bytes = std::fs::read(&module().path).unwrap();
    let (imports, exports) = imports_and_exports(&bytes);
    // Callbacks that the SDK exports and Weir does not implement; Envoy has no reason to call them.
    let unused = [
        "proxy_on_downstream_connection_close",
        "proxy_on_downstream_data",
        "proxy_on_foreign_function",
        "proxy_on_grpc_close",
        "proxy_on_grpc_receive",
        "proxy_on_grpc_receive_initial_metadata",
        "proxy_on_grpc_receive_trailing_metadata",
        "proxy_on_http_call_response",
        "proxy_on_memory_allocate",
        "proxy_on_new_connection",
        "proxy_on_queue_ready",
        "proxy_on_upstream_connection_close",
        "proxy_on_upstream_data",
    ];
    let callbacks =
        exports.into_iter().filter(|name| name.starts_with("proxy_on_") && !unused.contains(&name.as_str()));
    // The SDK imports every call there is; those that Weir makes are declared here, and the SDK's own are forbidden.
    let declared = std::fs::read_to_string(root().join("filter/abi/src/raw.rs")).unwrap();
    let made = declared.split("pub fn ").skip(1).filter_map(|rest| rest.split('(').next()).map(str::to_owned);
    // What Rust's standard library needs for the clock, the environment and the words of a panic.
    let std = ["clock_time_get", "environ_get", "environ_sizes_get", "fd_write"].map(str::to_owned);
    let calls: BTreeSet<String> = made.chain(std).collect();
    let misspelt: Vec<_> = calls.iter().filter(|name| !imports.contains(name)).collect();
    assert!(misspelt.is_empty(), "the module does not import {misspelt:?}");
    let needed: BTreeSet<String> = callbacks.chain(calls).collect();
    for (file, text) in [("envoy.yaml", STATIC), ("policy/ecds.yaml", RESOURCE)] {
        let listed: BTreeSet<String> = text
            .lines()
            .skip_while(|line| line.trim() != "allowed_capabilities:")
            .skip(1)
            .map_while(|line| line.trim().strip_suffix(": {}"))
            .map(str::to_owned)
            .collect();
        let missing: Vec<_> = needed.difference(&listed).collect();
        let superfluous: Vec<_> = listed.difference(&needed).collect();
        assert!(
            missing.is_empty() && superfluous.is_empty(),
            "{file} lacks {missing:?}, and {superfluous:?} is not needed"
        );
    }
}

/// The names of a module's imported and exported functions. Format: WebAssembly core specification, 5.5.5 and 5.5.10.
fn imports_and_exports(bytes: &[u8]) -> (Vec<String>, Vec<String>) {
    let (mut imports, mut exports) = (Vec::new(), Vec::new());
    let mut module = Reader(&bytes[8..]);
    while !module.0.is_empty() {
        let id = module.byte();
        let size = module.number();
        let mut section = Reader(module.take(size));
        match id {
            2 => {
                for _ in 0..section.number() {
                    let (_, name, kind) = (section.name(), section.name(), section.byte());
                    assert_eq!(kind, 0, "the module imports `{name}`, which is no function");
                    section.number();
                    imports.push(name);
                }
            }
            7 => {
                for _ in 0..section.number() {
                    let (name, _, _) = (section.name(), section.byte(), section.number());
                    exports.push(name);
                }
            }
            _ => {}
        }
    }
    (imports, exports)
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> &'a [u8] {
        let (head, rest) = self.0.split_at(count);
        self.0 = rest;
        head
    }

    fn byte(&mut self) -> u8 {
        self.take(1)[0]
    }

    /// Unsigned LEB128.
    fn number(&mut self) -> usize {
        let (mut value, mut shift) = (0, 0);
        loop {
            let byte = self.byte();
            value |= usize::from(byte & 0x7f) << shift;
            shift += 7;
            if byte < 0x80 {
                return value;
            }
        }
    }

    fn name(&mut self) -> String {
        let length = self.number();
        String::from_utf8(self.take(length).to_vec()).unwrap()
    }
}
