//! What the real Envoy does around Weir, case by case: framing, limits, trailers, broken exchanges, protocols that are not
//! read, and the settings without which it would not work. The corpus says what is decided; here it is how the decision
//! survives the proxy.

mod broken;
mod configuration;
mod framing;
mod limits;
mod messages;
mod protocols;
mod streams;

use serde_json::{Value, json};
use weir_e2e::chat::{BOTH, CHAT, body, chat, completion, says, with_words};
use weir_e2e::{Lab, Shared, baseline, setup};

/// As shipped, with an upstream that speaks HTTP/1.1.
static PLAIN: Shared = Shared::new(|| Lab::start(setup(policy(json!({})))));

/// As shipped, with an upstream that speaks HTTP/2.
static HTTP2: Shared = Shared::new(|| {
    let mut setup = setup(policy(json!({})));
    setup.mock_http2 = true;
    Lab::start(setup)
});

/// Nine letters: its mask of eight asterisks is shorter.
const LONG: &str = "marmalade";
/// Eight letters: its mask is as long.
const EQUAL: &str = "mandolin";
/// Three letters: its mask is longer.
const SHORT: &str = "zax";
const MASK: &str = "********";

/// The baseline with limits, and with rules that do to words what the baseline does to secrets.
fn policy(limits: Value) -> String {
    let mut policy = with_words(&baseline(), "envoy-tests", &[LONG, EQUAL, SHORT], &["forbidden"]);
    for (name, limit) in limits.as_object().unwrap() {
        policy["limits"][name] = limit.clone();
    }
    policy.to_string()
}
