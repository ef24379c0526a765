//! `weir inspect`
//!
//! `--format json` is one object: `direction`, `path`, `dialect`, `policy`, `mode`, `bypass`, then `action`, `would`,
//! `inspected`, `rules`, `findings`, `findings_total`, `faults`, `bytes`, `parts` and `edits` as in a record, where each
//! finding also has `rules` (those it led to), `headers` that are set, `rewritten` (the body that goes on, null when it is
//! the one that came) and `refusal` (`status` and `body`, null when there is none).

use super::check::Format;
use crate::offline::{Decided, HeaderList, Message, decide, texts};
use crate::policy::{Source, counted};
use crate::term::{Style, Tone, printable, tone};
use crate::underline::underline;
use crate::{Error, Result};
use clap::Args;
use serde_json::{Value, json};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use weir_engine::audit::{self, Record};
use weir_engine::{Direction, Policy, Timestamp};

/// Options of `weir inspect`.
#[derive(Debug, Args)]
pub(crate) struct Inspect {
    /// The policy that decides [default: policies/baseline.json]
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// The path of the request, which tells the dialect also of an answer
    #[arg(long, value_name = "P", default_value = "/v1/chat/completions")]
    path: String,
    /// The method of the request
    #[arg(long, value_name = "M", default_value = "POST")]
    method: String,
    /// A header of the message, as in 'content-type: text/plain'; content-type is application/json unless given
    #[arg(long = "header", short = 'H', value_name = "'N: V'")]
    headers: Vec<String>,
    /// The body is an answer, not a request
    #[arg(long)]
    response: bool,
    /// The status of the answer
    #[arg(long, value_name = "N", default_value_t = 200, requires = "response")]
    status: u16,
    /// The body of the request that was answered, for policies that look at it
    #[arg(long, value_name = "FILE", requires = "response")]
    request: Option<PathBuf>,
    /// How to report
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The file with the body; `-` is stdin
    #[arg(value_name = "BODY")]
    body: PathBuf,
}

pub(crate) fn run(options: &Inspect) -> Result<ExitCode> {
    inspect(options).map_err(|error| error.exit_code(2))
}

fn inspect(options: &Inspect) -> Result<ExitCode> {
    let direction = if options.response { Direction::Response } else { Direction::Request };
    let policy = Arc::new(Source::read(options.policy.as_deref())?.compile()?);
    let (request, answer) = messages(options)?;
    let decided = decide(policy.clone(), &request, answer.as_ref(), now());
    let verdict = decided.record.as_ref().and_then(|record| side(record, direction));
    if verdict.is_none() && options.response && decided.refusal.is_some() {
        return Err(Error::new(
            "the policy refuses the request itself, so there is no answer to inspect; give the request with --request",
        ));
    }
    match options.format {
        Format::Json => say!("{:#}", object(options, direction, &decided, verdict)),
        Format::Text => {
            let texts = texts(&policy, &request, answer.as_ref(), &decided);
            let shown =
                Shown { options, policy: &policy, direction, decided: &decided, texts, style: Style::of_stdout() };
            say!("{}", shown.whole(verdict).trim_end());
        }
    }
    let blocked = verdict.is_some_and(|verdict| verdict.action == "block");
    Ok(if blocked { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

fn side(record: &Record, direction: Direction) -> Option<&audit::Message> {
    match direction {
        Direction::Request => record.request.as_ref(),
        Direction::Response => record.response.as_ref(),
    }
}

/// The request, and the answer when that is what is inspected.
fn messages(options: &Inspect) -> Result<(Message, Option<Message>)> {
    let own = options.headers.iter().map(|header| parse(header)).collect::<Result<HeaderList>>()?;
    let first: HeaderList =
        vec![(":method".into(), options.method.clone().into()), (":path".into(), options.path.clone().into())];
    let body = read(&options.body)?;
    if !options.response {
        return Ok((message(first, own, body), None));
    }
    let request = options.request.as_deref().map(read).transpose()?.unwrap_or_default();
    let status: HeaderList = vec![(":status".into(), options.status.to_string().into())];
    Ok((message(first, Vec::new(), request), Some(message(status, own, body))))
}

fn message(mut headers: HeaderList, own: HeaderList, body: Vec<u8>) -> Message {
    if !own.iter().any(|(name, _)| name == "content-type") && !body.is_empty() {
        headers.push(("content-type".into(), b"application/json".to_vec()));
    }
    // HTTP/2's name for it, under which Envoy gives it to the module.
    headers
        .extend(own.into_iter().map(|(name, value)| (if name == "host" { ":authority".into() } else { name }, value)));
    if !body.is_empty() {
        headers.push(("content-length".into(), body.len().to_string().into()));
    }
    Message { headers, body }
}

fn parse(header: &str) -> Result<(String, Vec<u8>)> {
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    let parsed = header.split_once(':').filter(|(name, _)| !name.is_empty() && name.chars().all(token));
    let (name, value) = parsed.ok_or_else(|| {
        Error::new(format!("`{header}` is not a header; write a name, a colon and a value, as in `x-team: blue`"))
    })?;
    Ok((name.to_ascii_lowercase(), value.trim().as_bytes().to_vec()))
}

fn read(file: &Path) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    let result = match file.as_os_str() == "-" {
        true => std::io::stdin().read_to_end(&mut body).map(drop),
        false => std::fs::read(file).map(|bytes| body = bytes),
    };
    result.map_err(|cause| Error::new(format!("cannot read the body `{}`: {cause}", file.display())))?;
    Ok(body)
}

/// The rules that a finding led to, with what they asked for.
fn led_to(verdict: &audit::Message, finding: usize) -> impl Iterator<Item = &audit::RecordedDecision> {
    let about = move |rule: &&audit::RecordedDecision| rule.of.iter().any(|index| *index as usize == finding);
    verdict.rules.iter().filter(about)
}

fn object(options: &Inspect, direction: Direction, decided: &Decided, verdict: Option<&audit::Message>) -> Value {
    let mut object = serde_json::to_value(verdict).ok().filter(Value::is_object).unwrap_or_else(|| json!({}));
    object["direction"] = direction.name().into();
    object["path"] = options.path.as_str().into();
    object["bypass"] = verdict.is_none().into();
    if let Some(record) = &decided.record {
        object["policy"] = json!(record.policy);
        object["mode"] = record.mode.into();
        object["dialect"] = record.dialect.into();
    }
    if let (Some(verdict), Some(findings)) = (verdict, object["findings"].as_array_mut()) {
        for (index, finding) in findings.iter_mut().enumerate() {
            let rules: Vec<&str> = led_to(verdict, index).map(|rule| rule.id.as_str()).collect();
            finding["rules"] = rules.into();
            // Of a key that is made for this one call.
            finding.as_object_mut().map(|fields| fields.remove("fingerprint"));
        }
    }
    let headers = decided.headers.iter().filter(|(own, ..)| *own == direction);
    let headers: serde_json::Map<String, Value> =
        headers.map(|(_, name, value)| (name.clone(), String::from_utf8_lossy(value).into())).collect();
    object["headers"] = headers.into();
    object["rewritten"] = decided.rewritten(direction).map(|body| String::from_utf8_lossy(body)).into();
    object["refusal"] = match &decided.refusal {
        Some((status, body)) => json!({"status": status, "body": body}),
        None => Value::Null,
    };
    object
}

/// A verdict for a person, who has the text already.
struct Shown<'a> {
    options: &'a Inspect,
    policy: &'a Policy,
    direction: Direction,
    decided: &'a Decided,
    /// The parts' texts.
    texts: Vec<String>,
    style: Style,
}

impl Shown<'_> {
    fn whole(&self, verdict: Option<&audit::Message>) -> String {
        let what = if self.options.response { "answer to" } else { "request to" };
        let target = format!("{what} {} {}", printable(&self.options.method), printable(&self.options.path));
        let Some(verdict) = verdict else {
            return format!(
                "{}  {target}: the policy lists it as bypass, nothing was inspected\n",
                self.action("bypass")
            );
        };
        let dialect = self.decided.record.as_ref().map_or("unknown", |record| record.dialect);
        let mut out =
            format!("{}  {target}, {dialect}, inspected {}", self.action(verdict.action), verdict.inspected.name());
        if verdict.would != verdict.action {
            out += &self.style.paint(Tone::Notice, &format!(" (would {})", verdict.would));
        }
        let looked = format!("{} bytes in {}", verdict.bytes, counted(verdict.parts, "part"));
        out += &format!("\n  policy  {} {}\n  looked  {looked}\n", self.policy.name(), self.policy.hash());
        for rule in verdict.rules.iter().filter(|rule| rule.of.is_empty()) {
            out += &format!("  rule    {}\n", self.rule(rule));
        }
        for fault in &verdict.faults {
            out += &format!("  fault   {} -> {}: {}\n", fault.fault, self.paint(fault.outcome), about(fault.fault));
        }
        for (direction, name, value) in &self.decided.headers {
            if *direction == self.direction && name != "content-length" {
                out += &format!("  header  {name}: {}\n", printable(&String::from_utf8_lossy(value)));
            }
        }
        for index in 0..verdict.findings.len() {
            out += &self.finding(verdict, index);
        }
        let more = verdict.findings_total.saturating_sub(verdict.findings.len());
        if more > 0 {
            out += &format!("\n{} more\n", counted(more, "finding"));
        }
        if let Some((status, body)) = &self.decided.refusal {
            out += &format!("\n{} {status}\n{}\n", self.style.paint(Tone::Strong, "the client gets"), printable(body));
        }
        if let Some(body) = self.decided.rewritten(self.direction) {
            let body = printable(&String::from_utf8_lossy(body));
            out += &format!("\n{}\n{}\n", self.style.paint(Tone::Strong, "the body that goes on"), body.trim_end());
        }
        out
    }

    fn finding(&self, verdict: &audit::Message, index: usize) -> String {
        let Some(finding) = verdict.findings.get(index) else { return String::new() };
        let carried = if finding.state == "carried" { ", of an earlier turn" } else { "" };
        let title = self.style.paint(Tone::Strong, &finding.detector);
        let mut out = format!("\n{title} in {}{carried}, {}", finding.scope, finding.confidence);
        let rules: Vec<String> = led_to(verdict, index).map(|rule| self.rule(rule)).collect();
        out += &match rules.is_empty() {
            true => ": no rule asks for it\n".to_owned(),
            false => format!(": {}\n", rules.join(", ")),
        };
        if let Some(text) = self.texts.get(finding.part as usize) {
            let [start, end] = finding.span;
            out += &underline(text, start..end, "  | ", self.style);
        }
        out
    }

    fn rule(&self, rule: &audit::RecordedDecision) -> String {
        let monitor = if rule.monitor { " (monitor)" } else { "" };
        let lifted = rule.exception.as_ref().map(|id| format!(" (lifted by {id})")).unwrap_or_default();
        format!("{} -> {}{monitor}{lifted}", rule.id, self.paint(rule.action))
    }

    fn action(&self, action: &str) -> String {
        self.style.paint(tone(action), &format!("{:6}", action.to_uppercase()))
    }

    fn paint(&self, action: &str) -> String {
        self.style.paint(tone(action), action)
    }
}

/// The fault's sentence, to stand behind a colon.
fn about(fault: &str) -> String {
    let about = weir_engine::Fault::from_name(fault).map_or("", weir_engine::Fault::about);
    let mut rest = about.chars();
    match rest.next() {
        Some(first) if !rest.clone().next().is_some_and(char::is_uppercase) => {
            first.to_lowercase().chain(rest).collect()
        }
        _ => about.to_owned(),
    }
}
