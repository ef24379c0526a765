//! Ctrl-C and its relatives as a call, so that a command can clean up before it ends.

use crate::Result;
use crate::error::Context;
use tokio::signal::unix::{SignalKind, signal};

/// Calls `then` at the first SIGINT, SIGTERM or SIGHUP instead of ending the process.
pub(super) fn on_interrupt(then: impl FnOnce() + Send + 'static) -> Result<()> {
    let said = || "cannot listen for Ctrl-C";
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context(said)?;
    let (mut interrupt, mut terminate, mut hangup) = {
        let _inside = runtime.enter();
        let listen = |kind| signal(kind).context(said);
        (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?, listen(SignalKind::hangup())?)
    };
    std::thread::spawn(move || {
        runtime.block_on(async {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
                _ = hangup.recv() => {}
            }
        });
        then();
    });
    Ok(())
}
