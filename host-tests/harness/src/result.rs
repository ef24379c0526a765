//! What a test looks at after an exchange.

use crate::call::HttpCall;
use crate::error::HarnessError;
use crate::logs::LogLine;
use crate::outcome::{Answerer, FramingError, Outcome, Side};
use crate::sent::Sent;
use crate::stream::{End, Stream};
use std::collections::BTreeMap;
use std::fmt;

/// Everything that came out of one exchange.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ExchangeResult {
    /// How it ended.
    pub outcome: Outcome,
    /// What the upstream received; `None` where it never heard of the request. It may be incomplete.
    pub upstream: Option<Sent>,
    /// What the client received.
    pub client: Sent,
    /// Who answered, if anybody did.
    pub answered_by: Option<Answerer>,
    /// Envoy's `%RESPONSE_CODE_DETAILS%`.
    pub details: Option<String>,
    /// What the module logged in the callbacks of this stream.
    pub logs: Vec<LogLine>,
    /// What the module set with `proxy_set_property`, by the name that it gave (Envoy adds `wasm.` in front).
    pub filter_state: BTreeMap<String, Vec<u8>>,
    /// By how much metrics have changed since the last stream was finished. A histogram counts its values.
    pub metrics: BTreeMap<String, i64>,
    /// Contradictions between what was sent and how it was framed.
    pub framing_errors: Vec<FramingError>,
    /// Calls to other services that were still pending, and have been cancelled.
    pub cancelled_calls: Vec<HttpCall>,
    marks: Vec<usize>,
}

impl ExchangeResult {
    pub(crate) fn new(
        mut stream: Stream,
        logs: Vec<LogLine>,
        cancelled_calls: Vec<HttpCall>,
        metrics: BTreeMap<String, i64>,
    ) -> Self {
        let head = stream.is_head();
        let upstream = std::mem::take(&mut stream.request.sent);
        let client = std::mem::take(&mut stream.response.sent);
        let bodiless = head || matches!(client.status(), Some(204 | 304));
        let mut framing_errors = upstream.framing_errors(Side::Request, false);
        framing_errors.extend(client.framing_errors(Side::Response, bodiless));
        let outcome = match &stream.end {
            Some(End::Failed(failure)) => Outcome::Failed(failure.clone()),
            Some(End::ClientLeft) => Outcome::ClientLeft,
            _ if !framing_errors.is_empty() => Outcome::FramingError,
            Some(End::Completed) => Outcome::Completed,
            Some(End::Reset(cause)) => Outcome::Reset(*cause),
            None if stream.is_paused(Side::Response) => Outcome::Hang(Side::Response),
            None if stream.is_paused(Side::Request) => Outcome::Hang(Side::Request),
            None => Outcome::Unfinished,
        };
        let name = |name: Vec<u8>| String::from_utf8_lossy(&name).into_owned();
        Self {
            outcome,
            upstream: upstream.headers.is_some().then_some(upstream),
            client,
            answered_by: stream.answered_by,
            details: stream.details,
            logs,
            filter_state: stream.filter_state.into_iter().map(|(key, value)| (name(key), value)).collect(),
            metrics,
            framing_errors,
            cancelled_calls,
            marks: stream.response.marks,
        }
    }

    /// The exchange, if its outcome is [`Outcome::Completed`].
    ///
    /// # Errors
    ///
    /// Otherwise a report of what happened instead.
    pub fn ok(&self) -> Result<&Self, HarnessError> {
        match self.outcome {
            Outcome::Completed => Ok(self),
            _ => Err(HarnessError::Exchange { report: self.to_string() }),
        }
    }

    /// The status that the client received.
    pub fn status(&self) -> Option<u16> {
        self.client.status()
    }

    /// Whether the upstream received the whole request.
    pub fn was_forwarded(&self) -> bool {
        self.upstream.as_ref().is_some_and(|sent| sent.complete)
    }

    /// What the client received because of each piece of the response: first its headers, then each chunk of the
    /// body, over HTTP/1 the empty end, and trailers.
    pub fn released(&self) -> Vec<&[u8]> {
        let starts = std::iter::once(0).chain(self.marks.iter().copied());
        let piece = |(from, to): (usize, &usize)| self.client.body.get(from..*to).unwrap_or_default();
        starts.zip(&self.marks).map(piece).collect()
    }

    /// A value of filter state as text.
    pub fn filter_state(&self, name: &str) -> Option<&str> {
        std::str::from_utf8(self.filter_state.get(name)?).ok()
    }

    /// Whether a log line contains this text.
    pub fn logged(&self, text: &str) -> bool {
        self.logs.iter().any(|line| line.text.contains(text))
    }
}

impl fmt::Display for ExchangeResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "outcome: {:?}", self.outcome)?;
        let status = self.status().map_or_else(|| "nothing".to_owned(), |status| status.to_string());
        let whole = if self.client.complete { "complete" } else { "incomplete" };
        write!(f, "\nclient: {status}, {} bytes, {whole}", self.client.body.len())?;
        match &self.upstream {
            Some(sent) => write!(f, "\nupstream: {} bytes, complete: {}", sent.body.len(), sent.complete)?,
            None => write!(f, "\nupstream: nothing")?,
        }
        self.framing_errors.iter().try_for_each(|error| write!(f, "\nframing: {error:?}"))?;
        self.logs.iter().try_for_each(|line| write!(f, "\n{line}"))
    }
}
