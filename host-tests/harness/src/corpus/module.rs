//! Runs a case on a compiled weir.wasm behind the fake proxy.

use super::check::Observed;
use super::cut::Cut;
use super::load::{Case, Header, Message};
use crate::{Cause, Chunking, ExchangeResult, Headers, Host, HostOptions, Module, Outcome, Request, Response};

/// The fingerprint key of corpus runs, so that hashes in cases are the same everywhere.
pub const FINGERPRINT_KEY: &str = "corpus";

/// A case on a host of its own, which can run it again and again.
pub struct ModuleRun<'c> {
    case: &'c Case,
    host: Host,
    /// What was written before the first exchange.
    started: String,
}

impl<'c> ModuleRun<'c> {
    /// Starts a host with the case's policy.
    ///
    /// # Errors
    /// When the module refuses it.
    pub fn start(case: &'c Case, module: &Module) -> Result<Self, String> {
        let options = HostOptions::new(case.policy.0.clone())
            .env("WEIR_FINGERPRINT_KEY", FINGERPRINT_KEY)
            .clock(1_800_000_000_000_000_000)
            .property(&["xds", "route_name"], "corpus")
            .request_buffer_limit(32 << 20)
            .response_buffer_limit(32 << 20);
        let mut host = Host::start(module, options).map_err(|error| error.to_string())?;
        let started = host.take_logs().iter().map(|line| format!("{}\n", line.text)).collect();
        Ok(ModuleRun { case, host, started })
    }

    /// Runs the case, its bodies cut into these pieces.
    ///
    /// # Errors
    /// When the exchange does not end as an exchange should.
    pub fn run(&mut self, cut: &Cut) -> Result<Observed, String> {
        let exchange = self.host.exchange(request(&self.case.request, &cut.request));
        let result = match &self.case.response {
            Some(answer) => exchange.upstream(|_| response(answer, &cut.response)),
            None => exchange.without_upstream(),
        };
        observed(&result, self.started.clone())
    }
}

fn observed(result: &ExchangeResult, started: String) -> Result<Observed, String> {
    let broken_off = match result.outcome {
        Outcome::Completed => false,
        Outcome::Reset(Cause::Module) => true,
        _ => return Err(format!("{result}")),
    };
    let mut observed = Observed { written: started, broken_off, ..Observed::default() };
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
        if !message.declared {
            response = response.without_header("content-length");
        }
    }
    if !message.trailers.is_empty() {
        response = response.trailers(message.trailers.clone());
    }
    response
}
