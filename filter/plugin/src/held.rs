//! Finds out whether the proxy delivers bodies while headers are held.
//!
//! Without `allow_on_headers_stop_iteration` Envoy never calls the body callbacks of a stream whose headers are held: the
//! client would wait until a timeout, and nobody would know why. So until the first body of a held message has come,
//! held exchanges are told of time passing; the engine refuses them after a while with a fault that names the reason.
//!
//! The setting stands beside the policy in the proxy's configuration, so each configuration has to prove itself anew.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use weir_abi::Stream;
use weir_engine::{Direction, Event, Flow, Session};

use crate::host;

/// What is known of one configuration of the proxy.
#[derive(Default)]
pub(crate) struct Held {
    proven: Cell<bool>,
    watched: RefCell<Vec<(u32, Weak<RefCell<Session>>)>>,
}

impl Held {
    /// A body of a held message has come: the proxy is configured as it must be.
    pub(crate) fn prove(&self) {
        if !self.proven.replace(true) {
            self.watched.take();
        }
    }

    pub(crate) fn proven(&self) -> bool {
        self.proven.get()
    }

    /// Tells this exchange of time passing, while nothing is proven.
    pub(crate) fn watch(&self, context_id: u32, session: &Rc<RefCell<Session>>) {
        if !self.proven() {
            self.watched.borrow_mut().push((context_id, Rc::downgrade(session)));
        }
    }

    /// Time has passed.
    pub(crate) fn tick(&self) {
        let mut watched = self.watched.take();
        watched.retain(|(context_id, session)| {
            let Some(session) = session.upgrade() else { return false };
            let Ok(mut session) = session.try_borrow_mut() else { return true };
            if weir_abi::set_effective_context(*context_id).is_ok() {
                let held = [Direction::Request, Direction::Response].into_iter().find(|one| session.holds(*one));
                let flow = host::drive(&mut session, Event::Tick);
                // A tick is no callback of the exchange, so its flow is not an answer that the proxy hears.
                if let (Flow::Continue, Some(direction)) = (flow, held) {
                    host::ignore(weir_abi::continue_stream(match direction {
                        Direction::Request => Stream::Request,
                        Direction::Response => Stream::Response,
                    }));
                }
            }
            true
        });
        if !self.proven() {
            self.watched.borrow_mut().extend(watched);
        }
    }
}
