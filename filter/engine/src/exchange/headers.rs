//! Headers, path and query as parts.

use super::layers::{Layers, Written};
use super::{Part, Place, Sink};
use crate::event::Headers;
use crate::stream::percent::{self, Escapes};
use crate::wire::Scope;

/// Headers whose purpose is to carry a credential to the next hop. A secret there is where it belongs, so it is not a
/// part; a policy can add names (`detectors.credential_headers`).
pub const CREDENTIAL_HEADERS: &[&str] = &[
    "anthropic-api-key",
    "api-key",
    "authorization",
    "cookie",
    "ocp-apim-subscription-key",
    "proxy-authorization",
    "set-cookie",
    "x-amz-security-token",
    "x-amzn-oidc-accesstoken",
    "x-amzn-oidc-data",
    "x-api-key",
    "x-auth-token",
    "x-forwarded-access-token",
    "x-forwarded-client-cert",
    "x-goog-api-key",
    "x-goog-iap-jwt-assertion",
];

/// Query parameters whose purpose is to carry a credential.
const CREDENTIAL_PARAMETERS: &[&str] = &["access_token", "api-key", "api_key", "apikey", "key", "sig", "token"];

/// Headers whose values the proxy has checked or written itself: nobody's text fits into them.
const PROTOCOL_HEADERS: &[&str] = &[":status", "connection", "content-length", "transfer-encoding"];

/// Digits in the name of a header from which on it may say something.
const NAME_DIGITS: usize = 9;

/// Whether a header carries credentials by its name.
pub fn credential(name: &[u8], also: &[String]) -> bool {
    CREDENTIAL_HEADERS.iter().any(|known| known.as_bytes() == name) || also.iter().any(|own| own.as_bytes() == name)
}

/// Hands on every header value, the path and each query parameter that may hold text, and answers the layers of the path.
/// Values that are not UTF-8 are read with U+FFFD in the place of what is not; ranges into them are not used for edits,
/// but for the path's (see `enforce`).
pub fn header_parts(headers: Headers<'_>, also_credentials: &[String], sink: &mut impl Sink) -> Layers {
    let mut layers = Layers::default();
    for ((name, value), index) in headers.iter().zip(0u32..) {
        if tells(name) {
            emit_unplaced(&String::from_utf8_lossy(name), sink);
        }
        if protocol(headers, name, value) || value.is_empty() || credential(name, also_credentials) {
            continue;
        }
        if name == b":path" {
            path_parts(value, index, &mut layers, sink);
        } else {
            emit(&String::from_utf8_lossy(value), index, sink);
        }
    }
    layers
}

/// Whether the name of a header may be somebody's text: it can be judged, not rewritten.
fn tells(name: &[u8]) -> bool {
    name.iter().filter(|byte| byte.is_ascii_digit()).count() >= NAME_DIGITS
}

/// Whether nobody's text fits into a header: by its name, or by what it says.
fn protocol(headers: Headers<'_>, name: &[u8], value: &[u8]) -> bool {
    match name {
        b":scheme" => matches!(value, b"http" | b"https"),
        // A request's does not go on.
        b"accept-encoding" => headers.first(":status").is_none(),
        // Milliseconds, where the router wrote it; nobody else need have.
        b"x-envoy-upstream-service-time" => value.len() < NAME_DIGITS && value.iter().all(u8::is_ascii_digit),
        _ => PROTOCOL_HEADERS.iter().any(|known| known.as_bytes() == name),
    }
}

/// Hands on every trailer value, and names that may be somebody's text.
pub fn trailer_parts(trailers: Headers<'_>, sink: &mut impl Sink) {
    for (name, value) in trailers.iter() {
        if tells(name) {
            emit_unplaced(&String::from_utf8_lossy(name), sink);
        }
        emit_unplaced(&String::from_utf8_lossy(value), sink);
    }
}

fn path_parts(value: &[u8], index: u32, layers: &mut Layers, sink: &mut impl Sink) {
    let mut split = value.splitn(2, |byte| *byte == b'?');
    let (path, query) = (split.next().unwrap_or_default(), split.next().unwrap_or_default());
    let mut url = Url { index, layers, sink };
    url.emit(path, Escapes::Percent, 0);
    let mut start = path.len().saturating_add(1);
    for parameter in query.split(|byte| *byte == b'&') {
        let name = parameter.split(|byte| *byte == b'=').next().unwrap_or_default();
        // To some readers a semicolon begins another parameter.
        if parameter.contains(&b';')
            || !CREDENTIAL_PARAMETERS.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(name))
        {
            url.emit(parameter, Escapes::Form, start);
        }
        start = start.saturating_add(parameter.len()).saturating_add(1);
    }
}

struct Url<'l, 's, S> {
    index: u32,
    layers: &'l mut Layers,
    sink: &'s mut S,
}

impl<S: Sink> Url<'_, '_, S> {
    /// A piece of a URL as its reader will see it.
    fn emit(&mut self, piece: &[u8], escapes: Escapes, start: usize) {
        if piece.is_empty() {
            return;
        }
        let decoded = percent::decode(piece, escapes);
        let source = start..start.saturating_add(piece.len());
        let layer = self.layers.push(None, Written::Percent, &source, decoded.mapped);
        let len = u32::try_from(decoded.text.len()).unwrap_or(u32::MAX);
        let part = Part { scope: Scope::Header, carried: false, place: Place::Url(self.index, layer), len };
        if self.sink.part(part, &decoded.text) && decoded.mapped {
            self.layers.map(layer, percent::text_map(piece, escapes));
        }
    }
}

fn emit_unplaced(text: &str, sink: &mut impl Sink) {
    if !text.is_empty() {
        let len = u32::try_from(text.len()).unwrap_or(u32::MAX);
        sink.part(Part { scope: Scope::Header, carried: false, place: Place::Unplaced, len }, text);
    }
}

fn emit(text: &str, index: u32, sink: &mut impl Sink) {
    if !text.is_empty() {
        let len = u32::try_from(text.len()).unwrap_or(u32::MAX);
        sink.part(Part { scope: Scope::Header, carried: false, place: Place::Header(index), len }, text);
    }
}
