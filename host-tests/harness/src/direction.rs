//! One direction of a stream: what the filter manager holds, what the module can reach, what has been let through.
//!
//! Headers, pieces of the body and trailers come in; after each callback the module's action goes in; what comes out
//! is in [`Direction::sent`]. Nothing here knows wasm. The rules are those of Envoy 1.40 (`envoy-facts`, sections 2
//! to 4): a Pause holds everything from there on, the next Continue lets all of it through.

use crate::headers::Headers;
use crate::sent::Sent;

/// What a callback answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Let it through.
    Continue,
    /// Hold it back.
    Pause,
}

/// Whether the filter manager has stopped at the filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Stopped {
    /// It passes everything on.
    #[default]
    No,
    /// It holds what has come; further pieces still go to the callback.
    Single,
    /// It collects without calling the filter (a Pause in the headers callback without
    /// `allow_on_headers_stop_iteration`).
    All,
}

#[derive(Debug, Default)]
pub(crate) struct Direction {
    /// The headers have come.
    pub(crate) started: bool,
    /// The end has come, with headers, body or trailers.
    pub(crate) ended: bool,
    pub(crate) headers: Headers,
    /// The module can still reach `headers`; they take effect only while they have not been sent.
    pub(crate) headers_readable: bool,
    pub(crate) stopped: Stopped,
    /// What has been held back of the body.
    held: Vec<u8>,
    /// The current piece, during a body callback that is not `buffering`.
    chunk: Option<Vec<u8>>,
    /// The last body callback paused, so the module sees `held` as its buffer.
    pub(crate) buffering: bool,
    pub(crate) trailers: Option<Headers>,
    pub(crate) trailers_readable: bool,
    pub(crate) sent: Sent,
    /// The length of `sent.body` after each delivered piece of input.
    pub(crate) marks: Vec<usize>,
}

impl Direction {
    pub(crate) fn start(&mut self, headers: Headers, end: bool) {
        self.started = true;
        self.ended = end;
        self.headers = headers;
        self.headers_readable = true;
    }

    pub(crate) fn after_headers(&mut self, action: Action, stop_iteration: bool) {
        match action {
            Action::Continue => {
                self.headers_readable = false;
                self.release();
            }
            Action::Pause if stop_iteration => self.stopped = Stopped::Single,
            Action::Pause => self.stopped = Stopped::All,
        }
    }

    /// Takes one piece in and answers the size that the body callback is told, or `None` where it is not called.
    pub(crate) fn take_chunk(&mut self, chunk: &[u8], end: bool) -> Option<usize> {
        self.ended |= end;
        if self.stopped == Stopped::All {
            self.held.extend_from_slice(chunk);
            return None;
        }
        if self.buffering {
            self.held.extend_from_slice(chunk);
            return Some(self.held.len());
        }
        self.chunk = Some(chunk.to_vec());
        Some(chunk.len())
    }

    pub(crate) fn after_body(&mut self, action: Action) {
        let chunk = self.chunk.take();
        let stopped = self.stopped == Stopped::Single;
        match (action, chunk) {
            (Action::Continue, Some(chunk)) if !stopped => {
                append(&mut self.sent.body, chunk);
                self.sent.complete |= self.ended;
            }
            (Action::Continue, chunk) => {
                append(&mut self.held, chunk.unwrap_or_default());
                self.buffering = false;
                // The caller looks at the limit, then releases.
            }
            (Action::Pause, chunk) => {
                append(&mut self.held, chunk.unwrap_or_default());
                self.buffering = true;
                self.stopped = Stopped::Single;
            }
        }
    }

    pub(crate) fn take_trailers(&mut self, trailers: Headers) -> bool {
        self.ended = true;
        self.trailers = Some(trailers);
        self.trailers_readable = self.stopped != Stopped::All;
        self.trailers_readable
    }

    pub(crate) fn after_trailers(&mut self, action: Action) {
        match action {
            Action::Continue => {
                self.trailers_readable = false;
                self.release();
            }
            Action::Pause => self.stopped = Stopped::Single,
        }
    }

    /// The bytes that are held back.
    pub(crate) fn held(&self) -> usize {
        self.held.len()
    }

    /// Lets through all that is held.
    pub(crate) fn release(&mut self) {
        self.stopped = Stopped::No;
        self.buffering = false;
        if self.sent.headers.is_none() {
            self.sent.headers = Some(self.headers.clone());
        }
        append(&mut self.sent.body, std::mem::take(&mut self.held));
        self.sent.trailers.clone_from(&self.trailers);
        self.sent.complete |= self.ended;
    }

    /// Leaves [`Stopped::All`]: the headers go, and what was collected is handed out to be delivered.
    pub(crate) fn release_headers(&mut self) -> (Vec<u8>, Option<Headers>) {
        let (body, trailers) = (std::mem::take(&mut self.held), self.trailers.take());
        let ended = self.ended;
        self.ended = ended && body.is_empty() && trailers.is_none();
        self.headers_readable = false;
        self.release();
        self.ended = ended;
        (body, trailers)
    }

    /// The body buffer that the module can reach now.
    pub(crate) fn body(&self) -> Option<&Vec<u8>> {
        if self.buffering { Some(&self.held) } else { self.chunk.as_ref() }
    }

    pub(crate) fn body_mut(&mut self) -> Option<&mut Vec<u8>> {
        if self.buffering { Some(&mut self.held) } else { self.chunk.as_mut() }
    }

    /// The module has called `proxy_continue_stream`: what it could reach is gone.
    pub(crate) fn forget(&mut self) {
        self.headers_readable = false;
        self.trailers_readable = false;
    }

    /// Replaces whatever was held by a whole message that no filter sees.
    pub(crate) fn replace(&mut self, headers: Headers, body: Vec<u8>) {
        *self = Self { marks: std::mem::take(&mut self.marks), ..Self::default() };
        self.start(headers.clone(), true);
        self.headers_readable = false;
        self.sent = Sent { headers: Some(headers), body, trailers: None, complete: true };
    }
}

/// Appends without copying where there is nothing yet.
fn append(to: &mut Vec<u8>, mut from: Vec<u8>) {
    if to.is_empty() {
        *to = from;
    } else {
        to.append(&mut from);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn started(action: Action) -> Direction {
        let mut direction = Direction::default();
        direction.start(Headers::new(), false);
        direction.after_headers(action, true);
        direction
    }

    #[test]
    fn a_pause_holds_and_the_next_continue_lets_all_through() {
        let mut direction = started(Action::Pause);
        assert_eq!(direction.take_chunk(b"ab", false), Some(2));
        direction.after_body(Action::Pause);
        assert_eq!(direction.take_chunk(b"c", false), Some(3));
        direction.after_body(Action::Pause);
        assert_eq!(direction.take_chunk(b"", true), Some(3));
        assert_eq!(direction.sent, Sent::default());
        direction.after_body(Action::Continue);
        direction.release();
        assert_eq!(direction.sent.body, b"abc");
        assert!(direction.sent.complete);
    }

    #[test]
    fn while_streaming_only_the_piece_can_be_reached() {
        let mut direction = started(Action::Continue);
        assert_eq!(direction.take_chunk(b"ab", false), Some(2));
        direction.after_body(Action::Continue);
        assert_eq!(direction.body(), None);
        assert_eq!(direction.take_chunk(b"c", false), Some(1));
        assert_eq!(direction.body(), Some(&b"c".to_vec()));
    }

    #[test]
    fn stopped_all_collects_without_a_callback() {
        let mut direction = Direction::default();
        direction.start(Headers::new(), false);
        direction.after_headers(Action::Pause, false);
        assert_eq!(direction.take_chunk(b"ab", true), None);
        assert_eq!(direction.release_headers(), (b"ab".to_vec(), None));
        assert!(!direction.sent.complete && direction.ended);
    }
}
