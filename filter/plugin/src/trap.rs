//! A trap on demand, which no input can reach in the module that is shipped: it exists behind the feature `trap-on-header`
//! only, so that tests can see what the proxy does with one.

use weir_abi::{Level, Pairs};

use crate::host;

/// Traps where this header is among those of a message.
const HEADER: &[u8] = b"x-weir-trap";

pub(crate) fn on_header(pairs: &Pairs) {
    if pairs.iter().any(|(name, _)| name == HEADER) {
        host::log(Level::Error, "weir_trap on purpose: this module is for tests alone");
        std::process::abort();
    }
}
