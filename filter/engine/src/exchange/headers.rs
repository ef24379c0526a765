//! Headers, path and query as parts.

use super::{Part, Place, Sink};
use crate::event::Headers;
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
const PROTOCOL_HEADERS: &[&str] = &[
    ":scheme",
    ":status",
    "accept-encoding",
    "connection",
    "content-length",
    "transfer-encoding",
    "x-envoy-upstream-service-time",
];

/// Whether a header carries credentials by its name.
pub fn credential(name: &[u8], also: &[String]) -> bool {
    CREDENTIAL_HEADERS.iter().any(|known| known.as_bytes() == name) || also.iter().any(|own| own.as_bytes() == name)
}

/// Hands on every header value, the path and each query parameter that may hold text. Values that are not UTF-8 are
/// read with U+FFFD in the place of what is not; ranges into them are not used for edits (see `enforce`).
pub fn header_parts(headers: Headers<'_>, also_credentials: &[String], sink: &mut impl Sink) {
    for ((name, value), index) in headers.iter().zip(0u32..) {
        let protocol = PROTOCOL_HEADERS.iter().any(|known| known.as_bytes() == name);
        if protocol || value.is_empty() || credential(name, also_credentials) {
            continue;
        }
        let text = String::from_utf8_lossy(value);
        if name == b":path" {
            path_parts(&text, index, sink);
        } else {
            emit(&text, index, 0, sink);
        }
    }
}

/// Hands on every trailer value.
pub fn trailer_parts(trailers: Headers<'_>, sink: &mut impl Sink) {
    for (_, value) in trailers.iter() {
        emit_unplaced(&String::from_utf8_lossy(value), sink);
    }
}

fn path_parts(path: &str, index: u32, sink: &mut impl Sink) {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    emit_url(path, false, index, 0, sink);
    let mut start = path.len().saturating_add(1);
    for parameter in query.split('&') {
        let name = parameter.split('=').next().unwrap_or_default();
        if !CREDENTIAL_PARAMETERS.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            emit_url(parameter, true, index, start, sink);
        }
        start = start.saturating_add(parameter.len()).saturating_add(1);
    }
}

/// A piece of a URL as its reader will see it. What was encoded is judged, but has no place in the bytes: where it would
/// have to be rewritten, that is a fault.
fn emit_url(piece: &str, query: bool, index: u32, start: usize, sink: &mut impl Sink) {
    match decoded(piece, query) {
        Some(text) => emit_unplaced(&text, sink),
        None => emit(piece, index, start, sink),
    }
}

/// The piece without percent-encoding (RFC 3986, section 2.1), and in a query with `+` as a space; `None` where that makes no
/// difference. A `%` that begins no encoding stands for itself.
fn decoded(piece: &str, query: bool) -> Option<String> {
    if !(piece.contains('%') || (query && piece.contains('+'))) {
        return None;
    }
    let mut bytes = Vec::with_capacity(piece.len());
    let mut rest = piece.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let hex = tail.first_chunk::<2>().and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = hex.filter(|_| *first == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (byte, first) {
            (Some(byte), _) => bytes.push(byte),
            (None, b'+') if query => bytes.push(b' '),
            (None, other) => bytes.push(*other),
        }
        rest = if byte.is_some() { tail.get(2..).unwrap_or_default() } else { tail };
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn emit_unplaced(text: &str, sink: &mut impl Sink) {
    if !text.is_empty() {
        let len = u32::try_from(text.len()).unwrap_or(u32::MAX);
        sink.part(Part { scope: Scope::Header, carried: false, place: Place::Unplaced, len }, text);
    }
}

fn emit(text: &str, index: u32, start: usize, sink: &mut impl Sink) {
    if !text.is_empty() {
        let place = Place::Header(index, u32::try_from(start).unwrap_or(u32::MAX));
        let len = u32::try_from(text.len()).unwrap_or(u32::MAX);
        sink.part(Part { scope: Scope::Header, carried: false, place, len }, text);
    }
}
