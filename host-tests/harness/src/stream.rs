//! One HTTP stream, as the proxy sees it.

use crate::direction::Direction;
use crate::headers::Headers;
use crate::options::Property;
use crate::outcome::{Answerer, Cause, Failure, Side};
use crate::sent::Sent;
use std::collections::BTreeMap;

/// How a stream ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// The client has the whole response.
    Completed,
    /// The response was cut short.
    Reset(Cause),
    /// The client left.
    ClientLeft,
    /// The VM failed.
    Failed(Failure),
}

/// A stream that is open; see [`Host::stream`](crate::Host::stream).
#[derive(Debug)]
pub struct Stream {
    pub(crate) root: u32,
    pub(crate) request: Direction,
    pub(crate) response: Direction,
    pub(crate) answered_by: Option<Answerer>,
    pub(crate) details: Option<String>,
    pub(crate) end: Option<End>,
    pub(crate) filter_state: BTreeMap<Vec<u8>, Vec<u8>>,
    pub(crate) properties: BTreeMap<Vec<u8>, Property>,
    pub(crate) log_phase: bool,
}

impl Stream {
    pub(crate) fn new(root: u32) -> Self {
        Self {
            root,
            request: Direction::default(),
            response: Direction::default(),
            answered_by: None,
            details: None,
            end: None,
            filter_state: BTreeMap::new(),
            properties: BTreeMap::new(),
            log_phase: false,
        }
    }

    /// What the upstream has received.
    pub fn upstream(&self) -> &Sent {
        &self.request.sent
    }

    /// What the client has received.
    pub fn client(&self) -> &Sent {
        &self.response.sent
    }

    /// How it ended, if it has.
    pub fn end(&self) -> Option<&End> {
        self.end.as_ref()
    }

    /// Who answered, once anybody has.
    pub fn answered_by(&self) -> Option<Answerer> {
        self.answered_by
    }

    /// Whether this side is held back by the module.
    pub fn is_paused(&self, side: Side) -> bool {
        self.side(side).stopped != crate::direction::Stopped::No
    }

    pub(crate) fn side(&self, side: Side) -> &Direction {
        match side {
            Side::Request => &self.request,
            Side::Response => &self.response,
        }
    }

    pub(crate) fn side_mut(&mut self, side: Side) -> &mut Direction {
        match side {
            Side::Request => &mut self.request,
            Side::Response => &mut self.response,
        }
    }

    pub(crate) fn is_head(&self) -> bool {
        self.request.headers.bytes(":method") == Some(b"HEAD")
    }

    pub(crate) fn is_grpc(&self) -> bool {
        let kind = self.request.headers.bytes("content-type").unwrap_or_default();
        kind.strip_prefix(b"application/grpc").is_some_and(|rest| matches!(rest.first(), None | Some(b'+')))
    }

    /// The header map of this ABI type, if the module can reach it: any during the log phase (to read), otherwise
    /// what the filter has been given and has not let go.
    pub(crate) fn map(&self, kind: u32) -> Option<&Headers> {
        match kind {
            0 => self.headers(&self.request),
            1 => self.trailers(&self.request),
            2 => self.headers(&self.response),
            3 => self.trailers(&self.response),
            _ => None,
        }
    }

    fn headers<'a>(&self, direction: &'a Direction) -> Option<&'a Headers> {
        (direction.headers_readable || (self.log_phase && direction.started)).then_some(&direction.headers)
    }

    fn trailers<'a>(&self, direction: &'a Direction) -> Option<&'a Headers> {
        direction.trailers.as_ref().filter(|_| direction.trailers_readable || self.log_phase)
    }

    /// The same, to change it.
    pub(crate) fn map_mut(&mut self, kind: u32) -> Option<&mut Headers> {
        let direction = self.side_mut(if kind < 2 { Side::Request } else { Side::Response });
        match kind {
            0 | 2 if direction.headers_readable => Some(&mut direction.headers),
            1 | 3 if direction.trailers_readable => direction.trailers.as_mut(),
            _ => None,
        }
    }
}
