//! Runs a case on a compiled weir.wasm behind the fake proxy.

use super::check::Observed;
use super::load::{Case, Header, Message};
use crate::{Cause, Chunking, Headers, Host, HostOptions, Module, Outcome, Request, Response};

/// The fingerprint key of corpus runs, so that hashes in cases are the same everywhere.
pub const FINGERPRINT_KEY: &str = "corpus";

/// Runs a case whose bodies come as `chunks` says.
///
/// # Errors
/// When the module refuses the policy, or the exchange does not end as an exchange should.
pub fn run_on_module(case: &Case, module: &Module, chunks: &Chunking) -> Result<Observed, String> {
    let options = HostOptions::new(case.policy.0.clone())
        .env("WEIR_FINGERPRINT_KEY", FINGERPRINT_KEY)
        .clock(1_800_000_000_000_000_000)
        .property(&["xds", "route_name"], "corpus")
        .request_buffer_limit(32 << 20)
        .response_buffer_limit(32 << 20);
    let mut host = Host::start(module, options).map_err(|error| error.to_string())?;
    let started: String = host.take_logs().iter().map(|line| format!("{}\n", line.text)).collect();
    let request = request(&case.request, chunks);
    let exchange = host.exchange(request);
    let result = match &case.response {
        Some(answer) => exchange.upstream(|_| response(answer, chunks)),
        None => exchange.without_upstream(),
    };
    // A stream that is blocked after some of it has gone on is broken off.
    let broken_off = case.response.as_ref().is_some_and(|answer| answer.written.is_some())
        && result.outcome == Outcome::Reset(Cause::Module);
    if result.outcome != Outcome::Completed && !broken_off {
        return Err(format!("{result}"));
    }
    let mut observed = Observed { written: started, ..Observed::default() };
    for line in &result.logs {
        match line.text.strip_prefix("weir_record ") {
            Some(json) => observed.records.push(serde_json::from_str(json).map_err(|error| error.to_string())?),
            None => observed.written.push_str(&line.text),
        }
    }
    let state = result.filter_state("weir").map(serde_json::from_str::<serde_json::Value>);
    match (observed.records.first(), state) {
        (Some(record), Some(Ok(state))) if *record == state => {}
        (None, None) => {}
        _ => return Err("the log's record and the filter state's are not the same".to_owned()),
    }
    for metric in result.metrics.iter() {
        observed.written.push_str(&format!("{metric:?}\n"));
    }
    observed.upstream = result
        .upstream
        .as_ref()
        .filter(|sent| sent.complete)
        .map(|sent| (sent.headers.as_ref().map(plain).unwrap_or_default(), sent.body.clone()));
    let headers = result.client.headers.as_ref().map(plain).unwrap_or_default();
    observed.client = (result.status().unwrap_or(0), headers, result.client.body.clone());
    Ok(observed)
}

fn plain(headers: &Headers) -> Vec<Header> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let kept = headers.iter().filter(|(name, _)| *name == b":path" || !name.starts_with(b":"));
    kept.map(|(name, value)| (text(name), text(value))).collect()
}

fn request(message: &Message, chunks: &Chunking) -> Request {
    let mut request = Request::new(&message.method, &message.path).with_header(":authority", "llm.example");
    for (name, value) in &message.headers {
        request = request.header(name, value);
    }
    if let Some(body) = &message.body {
        request = request.body(body.clone()).chunks(chunks.clone());
    }
    if !message.trailers.is_empty() {
        request = request.trailers(message.trailers.clone());
    }
    request
}

fn response(message: &Message, chunks: &Chunking) -> Response {
    let mut response = Response::new(message.status);
    for (name, value) in &message.headers {
        response = response.header(name, value);
    }
    if let Some(body) = &message.body {
        response = response.body(body.clone()).chunks(chunks.clone());
    }
    if !message.trailers.is_empty() {
        response = response.trailers(message.trailers.clone());
    }
    response
}
