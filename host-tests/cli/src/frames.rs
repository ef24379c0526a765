//! A message body played step by step: what the mock answers with and what the client sends.

use hyper::HeaderMap;
use hyper::body::{Body, Bytes, Frame, SizeHint};
use std::collections::VecDeque;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::Sleep;

/// One step of a body.
#[derive(Debug, Clone)]
pub enum Step {
    /// Bytes, written as one chunk (HTTP/1.1) or one DATA frame (HTTP/2, as far as it fits).
    Data(Bytes),
    /// A pause.
    Wait(Duration),
    /// Trailers; the last step.
    Trailers(Vec<(String, String)>),
    /// The stream is reset (HTTP/2) or the connection closed in the middle (HTTP/1.1); the last step. A short
    /// [`Step::Wait`] before it lets what came earlier leave first.
    Reset,
}

impl Step {
    /// A data step.
    pub fn data(bytes: impl Into<Bytes>) -> Step {
        Step::Data(bytes.into())
    }
}

/// A body that plays steps. With one data step and nothing else it has a known length.
pub(crate) struct Frames {
    steps: VecDeque<Step>,
    sleep: Option<Pin<Box<Sleep>>>,
    abandoned: Option<Box<dyn FnOnce() + Send>>,
}

impl Frames {
    pub(crate) fn new(steps: impl IntoIterator<Item = Step>) -> Frames {
        Frames { steps: steps.into_iter().collect(), sleep: None, abandoned: None }
    }

    /// Calls `then` should the peer go away before the last step was played.
    pub(crate) fn or_else(mut self, then: impl FnOnce() + Send + 'static) -> Frames {
        self.abandoned = Some(Box::new(then));
        self
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        if let Some(abandoned) = self.abandoned.take().filter(|_| !self.is_end_stream()) {
            abandoned();
        }
    }
}

impl Body for Frames {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let this = self.get_mut();
        loop {
            if let Some(sleep) = &mut this.sleep {
                match sleep.as_mut().poll(cx) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(()) => this.sleep = None,
                }
            }
            return Poll::Ready(match this.steps.pop_front() {
                None => None,
                Some(Step::Data(bytes)) => Some(Ok(Frame::data(bytes))),
                Some(Step::Wait(time)) => {
                    this.sleep = Some(Box::pin(tokio::time::sleep(time)));
                    continue;
                }
                Some(Step::Trailers(pairs)) => Some(Ok(Frame::trailers(header_map(&pairs)))),
                Some(Step::Reset) => Some(Err(io::Error::other("reset on purpose"))),
            });
        }
    }

    fn is_end_stream(&self) -> bool {
        self.steps.is_empty() && self.sleep.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        match (self.steps.len(), self.steps.front()) {
            (0, _) => SizeHint::with_exact(0),
            (1, Some(Step::Data(bytes))) => SizeHint::with_exact(bytes.len() as u64),
            _ => SizeHint::default(),
        }
    }
}

/// Pairs that HTTP cannot carry are left out.
fn header_map(pairs: &[(String, String)]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in pairs {
        use hyper::header::{HeaderName, HeaderValue};
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            map.append(name, value);
        }
    }
    map
}
