//! The functions that a module imports: what the proxy offers (`env`) and a small WASI preview 1.
//!
//! Signatures and statuses are those of the proxy-wasm specification 0.2.1 and of what Envoy answers. A call first
//! passes the gate, which counts it and makes it fail where a test wants that.

mod buffers;
mod calls;
mod guest;
mod headers;
mod metrics;
mod shared;
mod streams;
mod wasi;

use crate::host_call::HostCall;
use crate::proxy::Proxy;
use guest::{Guest, Halt};
use wasmtime::{Caller, Linker};

/// Adds every import to the linker.
pub(crate) fn link(linker: &mut Linker<Proxy>) -> wasmtime::Result<()> {
    buffers::link(linker)?;
    calls::link(linker)?;
    headers::link(linker)?;
    metrics::link(linker)?;
    shared::link(linker)?;
    streams::link(linker)?;
    wasi::link(linker)
}

/// Runs one host call: through the gate, then `body`, whose result becomes the status.
fn call(
    mut caller: Caller<'_, Proxy>,
    which: HostCall,
    body: impl FnOnce(&mut Guest<'_, '_>) -> Result<(), Halt>,
) -> wasmtime::Result<u32> {
    if let Some(status) = caller.data_mut().gate.enter(which) {
        return Ok(status as u32);
    }
    match body(&mut Guest::new(&mut caller)) {
        Ok(()) => Ok(0),
        Err(Halt::Status(status)) => Ok(status as u32),
        Err(Halt::Trap(error)) => Err(error),
    }
}
