//! Finds out whether the proxy delivers bodies while headers are held.
//!
//! Without `allow_on_headers_stop_iteration` Envoy never calls the body callbacks of a stream whose headers are held: the
//! client would wait until a timeout, and nobody would know why. So until the first body has come, held exchanges are
//! told of time passing; the engine refuses them after a while with a fault that names the reason.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use weir_engine::{Event, Session};

use crate::host;

thread_local! {
    static PROVEN: Cell<bool> = const { Cell::new(false) };
    static WATCHED: RefCell<Vec<(u32, Weak<RefCell<Session>>)>> = const { RefCell::new(Vec::new()) };
}

/// A body callback has come: the proxy is configured as it must be.
pub(crate) fn prove() {
    if !PROVEN.replace(true) {
        WATCHED.with_borrow_mut(Vec::clear);
    }
}

pub(crate) fn proven() -> bool {
    PROVEN.get()
}

/// Tells this exchange of time passing, while nothing is proven.
pub(crate) fn watch(context_id: u32, session: &Rc<RefCell<Session>>) {
    if !proven() {
        WATCHED.with_borrow_mut(|watched| {
            watched.retain(|(id, session)| *id != context_id && session.strong_count() > 0);
            watched.push((context_id, Rc::downgrade(session)));
        });
    }
}

/// Time has passed.
pub(crate) fn tick() {
    let watched = WATCHED.take();
    for (context_id, session) in &watched {
        let Some(session) = session.upgrade() else { continue };
        let Ok(mut session) = session.try_borrow_mut() else { continue };
        if weir_abi::set_effective_context(*context_id).is_ok() {
            let _ = host::drive(&mut session, Event::Tick);
        }
    }
    if !proven() {
        WATCHED.replace(watched);
    }
}
