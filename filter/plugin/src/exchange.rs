//! One exchange: its callbacks as events, and the engine's flow as actions.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use proxy_wasm::traits::{Context, HttpContext};
use proxy_wasm::types::Action;
use weir_abi::Map;
use weir_engine::event::Headers;
use weir_engine::{Direction, Event, Flow, Policy, Session};

use crate::held::Held;
use crate::host;

/// One HTTP stream of the proxy.
pub(crate) struct Exchange {
    context_id: u32,
    session: Rc<RefCell<Session>>,
    held: Rc<Held>,
}

impl Exchange {
    pub(crate) fn open(context_id: u32, policy: Arc<Policy>, held: Rc<Held>) -> Self {
        Exchange { context_id, session: Rc::new(RefCell::new(host::open(policy))), held }
    }

    fn headers(&mut self, direction: Direction, map: Map, event: impl FnOnce(Headers<'_>) -> Event<'_>) -> Action {
        let Ok(pairs) = weir_abi::headers(map) else { return self.step(Event::Unreadable(direction)) };
        #[cfg(feature = "trap-on-header")]
        crate::trap::on_header(&pairs);
        let list: Vec<(&[u8], &[u8])> = pairs.iter().collect();
        let action = self.step(event(Headers(&list)));
        if self.holds(direction) {
            self.held.watch(self.context_id, &self.session);
        }
        action
    }

    fn body(&mut self, direction: Direction, buffered: usize, end: bool) -> Action {
        // Bodies that pass by, such as those of a bypass or of our own refusals, prove nothing.
        if self.holds(direction) {
            self.held.prove();
        }
        self.step(Event::Body { direction, buffered, end })
    }

    fn holds(&self, direction: Direction) -> bool {
        self.session.try_borrow().is_ok_and(|session| session.holds(direction))
    }

    fn step(&mut self, event: Event<'_>) -> Action {
        // The proxy never calls an exchange from within a host call of the same exchange, but for the one that
        // `envoy/README.md` names, which is avoided; should it, holding is safe.
        let Ok(mut session) = self.session.try_borrow_mut() else { return Action::Pause };
        let flow = host::drive(&mut session, event);
        if session.waits_for_time() {
            self.held.wake(self.context_id, &self.session);
        }
        match flow {
            Flow::Continue => Action::Continue,
            Flow::Hold | Flow::Read => Action::Pause,
        }
    }
}

impl Context for Exchange {}

impl HttpContext for Exchange {
    fn on_http_request_headers(&mut self, _count: usize, end: bool) -> Action {
        self.headers(Direction::Request, Map::RequestHeaders, |headers| Event::Headers {
            direction: Direction::Request,
            headers,
            end,
        })
    }

    fn on_http_request_body(&mut self, size: usize, end: bool) -> Action {
        self.body(Direction::Request, size, end)
    }

    fn on_http_request_trailers(&mut self, _count: usize) -> Action {
        self.headers(Direction::Request, Map::RequestTrailers, |headers| Event::Trailers {
            direction: Direction::Request,
            headers,
        })
    }

    fn on_http_response_headers(&mut self, _count: usize, end: bool) -> Action {
        self.headers(Direction::Response, Map::ResponseHeaders, |headers| Event::Headers {
            direction: Direction::Response,
            headers,
            end,
        })
    }

    fn on_http_response_body(&mut self, size: usize, end: bool) -> Action {
        self.body(Direction::Response, size, end)
    }

    fn on_http_response_trailers(&mut self, _count: usize) -> Action {
        self.headers(Direction::Response, Map::ResponseTrailers, |headers| Event::Trailers {
            direction: Direction::Response,
            headers,
        })
    }

    fn on_log(&mut self) {
        self.step(Event::Closed);
    }
}
