//! The properties that a stream answers by itself.

use crate::headers::Headers;
use crate::options::Protocol;
use crate::stream::Stream;

impl Stream {
    /// `request.*`, `response.*`, and filter state by `wasm.` name or by the name that the module gave it. Numbers are
    /// 8 bytes, little endian.
    pub(crate) fn property(&self, path: &[u8], protocol: Protocol) -> Option<Vec<u8>> {
        let (first, rest) = match path.iter().position(|byte| *byte == 0) {
            Some(at) => (path.get(..at)?, path.get(at + 1..)),
            None => (path, None),
        };
        match (first, rest) {
            (b"request", Some(rest)) => self.request_property(rest, protocol),
            (b"response", Some(rest)) => self.response_property(rest),
            (b"filter_state", Some(rest)) => self.filter_state.get(rest.strip_prefix(b"wasm.")?).cloned(),
            (_, None) => self.filter_state.get(first).cloned(),
            _ => None,
        }
    }

    fn request_property(&self, name: &[u8], protocol: Protocol) -> Option<Vec<u8>> {
        let headers = &self.request.headers;
        let header = |name: &str| headers.bytes(name).map(<[u8]>::to_vec);
        match name {
            b"path" => header(":path"),
            b"url_path" => header(":path").map(|path| path.split(|b| *b == b'?').next().unwrap_or_default().to_vec()),
            b"query" => header(":path").map(|path| path.splitn(2, |b| *b == b'?').nth(1).unwrap_or_default().to_vec()),
            b"host" => header(":authority"),
            b"scheme" => header(":scheme"),
            b"method" => header(":method"),
            b"id" => header("x-request-id"),
            b"protocol" => Some(match protocol {
                Protocol::Http1 => b"HTTP/1.1".to_vec(),
                Protocol::Http2 => b"HTTP/2".to_vec(),
            }),
            b"size" => Some(number(self.request.sent.body.len() + self.request.held())),
            _ => named(headers, name),
        }
    }

    fn response_property(&self, name: &[u8]) -> Option<Vec<u8>> {
        if !self.response.started {
            return None;
        }
        match name {
            b"code" => Some(number(self.response.headers.status().unwrap_or(0).into())),
            b"code_details" => self.details.clone().map(String::into_bytes),
            b"size" => Some(number(self.response.sent.body.len())),
            _ => named(&self.response.headers, name),
        }
    }
}

/// `headers\0<name>`.
fn named(headers: &Headers, path: &[u8]) -> Option<Vec<u8>> {
    headers.bytes(path.strip_prefix(b"headers\0")?).map(<[u8]>::to_vec)
}

fn number(value: usize) -> Vec<u8> {
    (value as u64).to_le_bytes().to_vec()
}
