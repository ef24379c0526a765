//! Tells exchanges that time passes, where no callback would.
//!
//! Two kinds of exchange need that. One whose headers are held, until the proxy has proven that it delivers bodies: without
//! `allow_on_headers_stop_iteration` Envoy never calls the body callbacks of such a stream, the client would wait until a
//! timeout, and nobody would know why; the engine refuses it after a while with a fault that names the reason. And one whose
//! answer was blocked after some of it had gone on: it is broken off, also when its upstream says nothing more.
//!
//! The setting stands beside the policy in the proxy's configuration, so each configuration has to prove itself anew.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use weir_abi::Stream;
use weir_engine::{Direction, Event, Flow, Session};

use crate::host;

/// How often exchanges are told, while there is one that has to be told.
const TICK_MS: u32 = 500;

/// The exchanges of one configuration that wait for time to pass.
#[derive(Default)]
pub(crate) struct Held {
    /// A body of a held message has come: the proxy is configured as it must be.
    proven: Cell<bool>,
    watched: RefCell<Vec<(u32, Weak<RefCell<Session>>)>>,
    ticking: Cell<bool>,
}

impl Held {
    /// A body of a held message has come: nobody who is held needs to be told of time any more.
    pub(crate) fn prove(&self) {
        self.proven.set(true);
    }

    /// Tells this exchange of time passing, while nothing is proven.
    pub(crate) fn watch(&self, context_id: u32, session: &Rc<RefCell<Session>>) {
        if !self.proven.get() {
            self.wake(context_id, session);
        }
    }

    /// Tells this exchange of time passing, as long as it waits for it.
    pub(crate) fn wake(&self, context_id: u32, session: &Rc<RefCell<Session>>) {
        self.watched.borrow_mut().push((context_id, Rc::downgrade(session)));
        if !self.ticking.replace(true) {
            host::ignore(weir_abi::set_tick_period(TICK_MS));
        }
    }

    /// Time has passed.
    pub(crate) fn tick(&self) {
        let mut watched = self.watched.take();
        watched.retain(|(context_id, session)| {
            let Some(session) = session.upgrade() else { return false };
            let Ok(mut session) = session.try_borrow_mut() else { return true };
            let held = [Direction::Request, Direction::Response].into_iter().find(|one| session.holds(*one));
            let waits = session.waits_for_time() || (held.is_some() && !self.proven.get());
            if !waits || weir_abi::set_effective_context(*context_id).is_err() {
                return waits;
            }
            let flow = host::drive(&mut session, Event::Tick);
            // A tick is no callback of the exchange, so its flow is not an answer that the proxy hears.
            if let (Flow::Continue, Some(direction)) = (flow, held) {
                host::ignore(weir_abi::continue_stream(match direction {
                    Direction::Request => Stream::Request,
                    Direction::Response => Stream::Response,
                }));
            }
            true
        });
        if watched.is_empty() {
            self.ticking.set(false);
            host::ignore(weir_abi::set_tick_period(0));
        }
        self.watched.borrow_mut().extend(watched);
    }
}
