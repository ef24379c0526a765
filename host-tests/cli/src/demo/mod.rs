//! Telling requests under the shipped baseline policy, each with what must come of it.
//!
//! [`cases`] is data; [`play`] sends one case through a running [`Stack`] and compares. Nothing here contains a secret:
//! [`openai`](crate::mock::openai) puts them together at run time.

mod cases;

pub use cases::cases;

use crate::client::{Request, Response};
use crate::mock::Received;
use crate::stack::{Stack, Swap};
use crate::{Error, Result, Step, term};
use serde_json::Value;
use std::time::{Duration, Instant};

/// One request and what must come of it.
#[derive(Debug, Clone)]
pub struct Case {
    /// What it shows, in a few words.
    pub title: &'static str,
    /// The request.
    pub request: Request,
    /// What must come of it.
    pub expect: Expect,
    /// A rule that the policy has besides while this is played, as JSON.
    pub rule: Option<&'static str>,
}

/// What must come of a request.
#[derive(Debug, Clone)]
pub struct Expect {
    /// The status that the client gets.
    pub status: u16,
    /// The verdict on the request.
    pub request: Verdict,
    /// The verdict on the answer; `None` when there must not be one.
    pub answer: Option<Verdict>,
    /// What the upstream receives.
    pub upstream: Reaches,
    /// The value of the header `x-weir-flag` that the upstream receives.
    pub flag: Option<&'static str>,
    /// A text that must reach the client, in whatever it is said.
    pub told: Option<&'static str>,
    /// Texts that must not reach the client.
    pub hidden_from_client: Vec<String>,
}

/// What the record must say of one message.
#[derive(Debug, Clone, Default)]
pub struct Verdict {
    /// The action.
    pub action: &'static str,
    /// How much was inspected.
    pub inspected: &'static str,
    /// Detectors with findings, and in whose words: all of them, each once, in order.
    pub findings: Vec<(&'static str, &'static str)>,
    /// All faults.
    pub faults: Vec<&'static str>,
}

/// What the upstream receives of a request.
#[derive(Debug, Clone)]
pub enum Reaches {
    /// The very bytes that the client sent.
    Unchanged,
    /// JSON with the last of these texts in the place of the first.
    Replaced(String, &'static str),
    /// Nothing at all.
    Nothing,
}

/// What came of a case.
#[derive(Debug)]
pub struct Outcome {
    /// What the client got.
    pub response: Response,
    /// What the upstream received, if anything.
    pub upstream: Option<Received>,
    /// The record of the exchange.
    pub record: Option<Value>,
    /// What is not as it should be; empty when all is well.
    pub problems: Vec<String>,
}

/// Sends one case through and compares.
///
/// # Errors
/// When the proxy does not answer, there is no mock behind it, or the case's own rule is refused.
pub fn play(stack: &mut Stack, case: &Case) -> Result<Outcome> {
    let Some(rule) = case.rule else { return send(stack, case) };
    let before = stack.active_policy().to_owned();
    swap(stack, &with_rule(&before, rule)?)?;
    let outcome = send(stack, case);
    swap(stack, &before)?;
    outcome
}

fn swap(stack: &mut Stack, policy: &str) -> Result<()> {
    match stack.swap(policy)? {
        Swap::Accepted(_) => Ok(()),
        Swap::Refused(reason) => Err(Error::new(format!("the policy of the demo was refused: {reason}"))),
    }
}

/// A policy with one rule more.
fn with_rule(policy: &str, rule: &str) -> Result<String> {
    let parse = |text: &str| serde_json::from_str::<Value>(text).map_err(|error| Error::new(error.to_string()));
    let mut policy = parse(policy)?;
    let rule = parse(rule)?;
    match policy.get_mut("rules").and_then(Value::as_array_mut) {
        Some(rules) => rules.push(rule),
        None => policy["rules"] = Value::Array(vec![rule]),
    }
    Ok(policy.to_string())
}

fn send(stack: &Stack, case: &Case) -> Result<Outcome> {
    let mock = stack.mock().ok_or_else(|| Error::new("the demo needs the mock as its upstream"))?;
    mock.take_requests();
    let mark = stack.envoy().log_mark();
    let response = case.request.send(stack.envoy().listener())?;
    let record = wait_record(stack, mark);
    let upstream = mock.take_requests().into_iter().next();
    let problems = compare(case, &response, upstream.as_ref(), record.as_ref());
    Ok(Outcome { response, upstream, record, problems })
}

/// The record of the exchange, which may come a moment after the response.
fn wait_record(stack: &Stack, mark: usize) -> Option<Value> {
    let begin = Instant::now();
    loop {
        let lines = stack.envoy().logs_since(mark);
        let record = lines.iter().rev().find_map(|line| term::record(line.from_module()?));
        if record.is_some() || begin.elapsed() > Duration::from_secs(2) {
            return record;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn compare(case: &Case, response: &Response, upstream: Option<&Received>, record: Option<&Value>) -> Vec<String> {
    let expect = &case.expect;
    let mut problems = Vec::new();
    if response.status != expect.status {
        problems.push(format!("the client got status {} instead of {}", response.status, expect.status));
    }
    // A stream that is blocked is broken off once its client has been told.
    let cut = expect.status == 200 && expect.answer.as_ref().is_some_and(|answer| answer.action == "block");
    if let Some(broken) = response.broken.as_ref().filter(|_| !cut) {
        problems.push(format!("the answer broke off: {broken}"));
    }
    for (side, name, wanted) in
        [("request", "request", Some(&expect.request)), ("response", "answer", expect.answer.as_ref())]
    {
        match (wanted, record.and_then(|record| record.get(side))) {
            (None, None) => {}
            (Some(_), None) => problems.push(format!("there is no verdict on the {name}")),
            (None, Some(_)) => problems.push(format!("there is a verdict on the {name}")),
            (Some(wanted), Some(found)) => problems.extend(differences(name, wanted, found)),
        }
    }
    problems.extend(not_received(case, upstream));
    let (text, said) = (response.text(), said(&response.body()));
    if expect.told.is_some_and(|told| !text.contains(told)) {
        problems.push(format!("the client was not told `{}`", expect.told.unwrap_or_default()));
    }
    if expect.hidden_from_client.iter().any(|secret| text.contains(secret) || said.contains(secret)) {
        problems.push("the client received the secret".into());
    }
    problems
}

fn differences(name: &str, wanted: &Verdict, found: &Value) -> Vec<String> {
    let text = |value: &Value, field: &str| value.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
    let all = |list: &str, fields: &[&str]| {
        let items = found.get(list).and_then(Value::as_array).into_iter().flatten();
        let told = items.map(|item| fields.iter().map(|field| text(item, field)).collect::<Vec<_>>().join(" in "));
        let mut told: Vec<String> = told.collect();
        told.dedup();
        told.join(", ")
    };
    let findings: Vec<String> =
        wanted.findings.iter().map(|(detector, scope)| format!("{detector} in {scope}")).collect();
    let pairs = [
        ("action", text(found, "action"), wanted.action.to_owned()),
        ("inspected", text(found, "inspected"), wanted.inspected.to_owned()),
        ("findings", all("findings", &["detector", "scope"]), findings.join(", ")),
        ("faults", all("faults", &["fault"]), wanted.faults.join(", ")),
    ];
    let differs = pairs.into_iter().filter(|(_, found, wanted)| found != wanted);
    differs.map(|(what, found, wanted)| format!("{name}: {what} `{found}` instead of `{wanted}`")).collect()
}

fn not_received(case: &Case, upstream: Option<&Received>) -> Vec<String> {
    let mut problems = Vec::new();
    let sent = sent(&case.request);
    match (&case.expect.upstream, upstream) {
        (Reaches::Nothing, None) => return problems,
        (Reaches::Nothing, Some(_)) => problems.push("the request reached the upstream".into()),
        (_, None) => problems.push("the request did not reach the upstream".into()),
        (Reaches::Unchanged, Some(received)) if received.body != sent => {
            problems.push("the upstream received other bytes than were sent".into());
        }
        (Reaches::Replaced(from, to), Some(received)) => {
            if received.text() != String::from_utf8_lossy(&sent).replace(from, to) {
                problems.push("the upstream received something else than the request with the secret replaced".into());
            }
        }
        (Reaches::Unchanged, Some(_)) => {}
    }
    let flag = upstream.and_then(|received| received.header("x-weir-flag"));
    if flag.as_deref() != case.expect.flag {
        problems.push(format!("the upstream received x-weir-flag {flag:?} instead of {:?}", case.expect.flag));
    }
    problems
}

/// What an answer says: the messages of its choices or its error, without what is around them; of a stream, its deltas
/// put together. The whole body where it says nothing.
pub fn said(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let events = text.lines().filter_map(|line| line.strip_prefix("data: "));
    let events: Vec<Value> = events.filter_map(|data| serde_json::from_str(data).ok()).collect();
    let said: Vec<String> = match events.is_empty() {
        true => spoken(&serde_json::from_slice(body).unwrap_or_default(), "message"),
        // A word follows a word, but an error follows what was said.
        false => vec![events.iter().flat_map(|event| spoken(event, "delta")).collect()],
    };
    let said = said.join(" | ");
    if said.is_empty() { text.into_owned() } else { said }
}

fn spoken(answer: &Value, member: &str) -> Vec<String> {
    if let Some(message) = answer.pointer("/error/message").and_then(Value::as_str) {
        return vec![if member == "delta" { format!(" ... {message}") } else { message.to_owned() }];
    }
    let told = |message: &Value| match message.get("content").and_then(Value::as_str) {
        Some(content) => content.to_owned(),
        None => message.get("tool_calls").map(ToString::to_string).unwrap_or_default(),
    };
    let choices = answer.get("choices").and_then(Value::as_array).into_iter().flatten();
    choices.filter_map(|choice| choice.get(member)).map(told).collect()
}

/// The body that a request sends.
pub fn sent(request: &Request) -> Vec<u8> {
    let data = |step: &Step| match step {
        Step::Data(bytes) => bytes.to_vec(),
        _ => Vec::new(),
    };
    request.body.iter().flat_map(data).collect()
}
