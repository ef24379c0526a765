//! The set-ups that tricks are played in, each started when it is first needed.

use super::scripted::Scripted;
use super::{key, policy};
use serde_json::json;
use std::time::Duration;
use weir_cli::envoy::Upstream;
use weir_cli::mock::Received;
use weir_e2e::raw::send;
use weir_e2e::{Lab, setup};

/// Longer than anything is silent that goes on.
pub(crate) const SILENCE: Duration = Duration::from_millis(400);

#[derive(Default)]
pub(crate) struct Stage {
    http1: Option<Lab>,
    http2: Option<Lab>,
    wire: Option<Wire>,
    open: Option<Lab>,
    custom: Option<(&'static str, Lab)>,
}

/// Envoy before an upstream that writes any bytes.
pub(crate) struct Wire {
    pub(crate) lab: Lab,
    pub(crate) upstream: Scripted,
}

impl Stage {
    /// As shipped, before a mock that speaks HTTP/1.1.
    pub(crate) fn http1(&mut self) -> &mut Lab {
        fresh(self.http1.get_or_insert_with(|| Lab::start(setup(policy(|_| {})))))
    }

    /// As shipped, before a mock that speaks HTTP/2.
    pub(crate) fn http2(&mut self) -> &mut Lab {
        fresh(self.http2.get_or_insert_with(|| {
            let mut setup = setup(policy(|_| {}));
            setup.mock_http2 = true;
            Lab::start(setup)
        }))
    }

    /// As shipped, before an upstream that writes any bytes.
    pub(crate) fn wire(&mut self) -> &mut Wire {
        self.wire.get_or_insert_with(|| Wire::start(policy(|_| {}), Vec::new()))
    }

    /// Under a policy that lets other protocols and binary bodies pass, with an Envoy that accepts upgrades.
    pub(crate) fn open(&mut self) -> &mut Lab {
        fresh(self.open.get_or_insert_with(|| {
            let mut setup = setup(policy(|policy| {
                for fault in ["grpc", "upgrade", "opaque_body"] {
                    policy["faults"][fault] = json!("allow");
                }
            }));
            setup.mock_http2 = true;
            Lab::start(setup)
        }))
    }

    /// A set-up that one kind of trick alone needs; the last one is kept.
    pub(crate) fn custom(&mut self, name: &'static str, make: impl FnOnce() -> Lab) -> &mut Lab {
        if self.custom.as_ref().is_none_or(|(own, _)| *own != name) {
            self.custom = Some((name, make()));
        }
        fresh(&mut self.custom.as_mut().unwrap().1)
    }

    /// Fails if an Envoy or a VM of the module did not survive.
    pub(crate) fn survived(&mut self) {
        let custom = self.custom.as_mut().map(|(_, lab)| lab);
        let labs = [self.http1.as_mut(), self.http2.as_mut(), self.open.as_mut(), custom];
        labs.into_iter().flatten().for_each(Lab::survived);
        if let Some(wire) = &mut self.wire {
            wire.lab.survived();
        }
    }
}

fn fresh(lab: &mut Lab) -> &mut Lab {
    if let Some(mock) = lab.stack.mock() {
        mock.clear_script();
        mock.take_requests();
    }
    lab
}

impl Wire {
    pub(crate) fn start(policy: String, changes: Vec<(String, String)>) -> Wire {
        let upstream = Scripted::start();
        let mut setup = setup(policy);
        let (host, port) = (upstream.address().ip().to_string(), upstream.address().port());
        setup.upstream = Some(Upstream { host, port, tls: false, http2: false });
        setup.bootstrap_changes = changes;
        Wire { lab: Lab::start(setup), upstream }
    }
}

/// Sends bytes to Envoy as they are and answers what came back, and what the mock received: never the key.
pub(crate) fn poke(lab: &mut Lab, bytes: &str) -> (String, Vec<Received>) {
    let address = lab.stack.envoy().listener();
    let (answer, _) = lab.overhear(|| send(address, bytes.as_bytes(), SILENCE));
    let received = lab.mock().take_requests();
    for request in &received {
        assert_clean(request);
    }
    (String::from_utf8_lossy(&answer).into_owned(), received)
}

/// Fails if the key is anywhere in a request that went on.
pub(crate) fn assert_clean(request: &Received) {
    let text =
        format!("{} {:?} {:?} {}", request.path, pairs(&request.headers), pairs(&request.trailers), request.text());
    assert!(!text.contains(&key()), "the key went on: {text}");
}

fn pairs(pairs: &[(String, Vec<u8>)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| (name.clone(), String::from_utf8_lossy(value).into_owned())).collect()
}
