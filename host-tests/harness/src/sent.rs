//! What was let through to one end, and whether it contradicts itself.

use crate::headers::Headers;
use crate::outcome::{FramingError, FramingErrorKind, Side};

/// What one end has received: the upstream of the request, or the client of the response.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sent {
    /// The headers; none have been sent while this is `None`.
    pub headers: Option<Headers>,
    /// The body so far.
    pub body: Vec<u8>,
    /// The trailers.
    pub trailers: Option<Headers>,
    /// Whether the end of the message was sent too.
    pub complete: bool,
}

impl Sent {
    /// The `:status` of a response.
    pub fn status(&self) -> Option<u16> {
        self.headers.as_ref()?.status()
    }

    /// The first value of a header, if it is UTF-8.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.as_ref()?.text(name)
    }

    /// The body as text; bytes that are not UTF-8 are replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// What contradicts itself in it. `bodiless` is for answers that have none whatever they declare (HEAD, 204, 304).
    pub(crate) fn framing_errors(&self, side: Side, bodiless: bool) -> Vec<FramingError> {
        let Some(headers) = &self.headers else { return Vec::new() };
        let mut kinds = Vec::new();
        let maps = std::iter::once(headers).chain(&self.trailers);
        for (name, _) in maps.flat_map(Headers::iter).filter(|(name, value)| breaks_line(name) || breaks_line(value)) {
            kinds.push(FramingErrorKind::HeaderBytes { name: String::from_utf8_lossy(name).into_owned() });
        }
        match declared_length(headers) {
            Err(()) => kinds.push(FramingErrorKind::Ambiguous),
            Ok(Some(declared)) => {
                let actual = self.body.len() as u64;
                if actual > declared || (self.complete && !bodiless && actual < declared) {
                    kinds.push(FramingErrorKind::Length { declared, actual });
                }
            }
            Ok(None) => {}
        }
        kinds.into_iter().map(|kind| FramingError { side, kind }).collect()
    }
}

fn breaks_line(bytes: &[u8]) -> bool {
    bytes.iter().any(|byte| matches!(byte, b'\r' | b'\n' | 0))
}

/// The `content-length`, or an error where it can be read in two ways.
fn declared_length(headers: &Headers) -> Result<Option<u64>, ()> {
    let mut declared = None;
    for value in headers.all("content-length") {
        let digits = !value.is_empty() && value.iter().all(u8::is_ascii_digit);
        let text = std::str::from_utf8(value).ok().filter(|_| digits).ok_or(())?;
        let length: u64 = text.parse().map_err(|_| ())?;
        if declared.is_some_and(|other| other != length) {
            return Err(());
        }
        declared = Some(length);
    }
    if declared.is_some() && headers.contains("transfer-encoding") { Err(()) } else { Ok(declared) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(headers: &[(&str, &str)], body: &str, complete: bool) -> Sent {
        let headers = Some(headers.iter().copied().collect());
        Sent { headers, body: body.into(), complete, ..Sent::default() }
    }

    #[test]
    fn lengths_must_agree() {
        let errors = |sent: &Sent| sent.framing_errors(Side::Request, false).len();
        assert_eq!(errors(&sent(&[("content-length", "2")], "ab", true)), 0);
        assert_eq!(errors(&sent(&[("content-length", "2")], "abc", false)), 1);
        assert_eq!(errors(&sent(&[("content-length", "2")], "a", true)), 1);
        assert_eq!(errors(&sent(&[("content-length", "2")], "a", false)), 0);
        assert_eq!(errors(&sent(&[("content-length", "+2")], "ab", true)), 1);
        assert_eq!(errors(&sent(&[("content-length", "2"), ("content-length", "3")], "ab", true)), 1);
        assert_eq!(errors(&sent(&[("content-length", "2"), ("transfer-encoding", "chunked")], "ab", true)), 1);
        assert_eq!(errors(&sent(&[("x", "a\r\nset-cookie: b")], "", true)), 1);
    }

    #[test]
    fn an_answer_to_head_may_declare_a_length() {
        assert!(sent(&[("content-length", "9")], "", true).framing_errors(Side::Response, true).is_empty());
    }
}
