//! Runs a case on the engine itself.

use std::sync::Arc;

use weir_bare_proxy as bare;
use weir_engine::event::Direction;
use weir_engine::{Policy, Worker};

use super::check::Observed;
use super::cut::Cut;
use super::load::{Case, Header, Message};

/// Runs a case whose bodies come in these pieces.
///
/// # Errors
/// Where the case's policy is not one.
pub fn run_on_engine(case: &Case, cut: &Cut) -> Result<Observed, String> {
    let policy = Policy::compile(&case.policy.0).map_err(|diagnostics| diagnostics.to_string())?;
    let worker = Worker::new(b"a corpus run is not random", Some(b"corpus"));
    let request = bare_message(headers_of(&case.request, true), &case.request);
    let response = case.response.as_ref().map(|response| bare_message(headers_of(response, false), response));
    let outcome =
        bare::play(worker, Arc::new(policy), &request, response.as_ref(), |direction, body| match direction {
            Direction::Request => cut.request.cut(body),
            Direction::Response => cut.response.cut(body),
        });
    let status = |headers: &[bare::Header]| {
        let status = headers.iter().find(|(name, _)| name == b":status");
        status.and_then(|(_, value)| std::str::from_utf8(value).ok()?.parse().ok()).unwrap_or(0)
    };
    let client = outcome.client.map(|(headers, body)| (status(&headers), plain(&headers), body));
    Ok(Observed {
        upstream: outcome.upstream.map(|(headers, body)| (plain(&headers), body)),
        broken_off: outcome.broken_off && client.is_some(),
        client: client.unwrap_or_default(),
        records: outcome.records,
        written: outcome.metrics.iter().map(|metric| format!("{metric}\n")).collect(),
    })
}

fn bare_message(headers: Vec<Header>, message: &Message) -> bare::Message {
    let bytes = |headers: &[Header]| {
        headers.iter().map(|(name, value)| (name.clone().into_bytes(), value.clone().into_bytes())).collect()
    };
    bare::Message { headers: bytes(&headers), body: message.body.clone(), trailers: bytes(&message.trailers) }
}

fn headers_of(message: &Message, request: bool) -> Vec<Header> {
    let mut headers = if request {
        vec![
            (":method".to_owned(), message.method.clone()),
            (":path".to_owned(), message.path.clone()),
            (":authority".to_owned(), "llm.example".to_owned()),
            (":scheme".to_owned(), "http".to_owned()),
        ]
    } else {
        vec![(":status".to_owned(), message.status.to_string())]
    };
    headers.extend(message.headers.iter().cloned());
    if let Some(body) = message.body.as_ref().filter(|_| message.declared) {
        headers.push(("content-length".to_owned(), body.len().to_string()));
    }
    headers
}

fn plain(headers: &[bare::Header]) -> Vec<Header> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let plain = headers.iter().filter(|(name, _)| name == b":path" || !name.starts_with(b":"));
    plain.map(|(name, value)| (text(name), text(value))).collect()
}
