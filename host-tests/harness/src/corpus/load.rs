//! Files to cases.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use weir_engine::stream::frames::Format;

use super::encode::encode;
use super::samples::expand;
use super::stream::{StreamEvent, stream};

/// A header or trailer.
pub type Header = (String, String);

/// One case.
#[derive(Debug, Clone)]
pub struct Case {
    /// Path below the corpus, without `.json`.
    pub name: String,
    /// What it shows.
    pub about: String,
    /// Text of the policy.
    pub policy: Policy,
    /// What the client sends.
    pub request: Message,
    /// What the upstream answers; `None` when it is never asked.
    pub response: Option<Message>,
    /// What must come of it.
    pub expect: Expected,
    /// Runner and reason.
    pub not_on: Vec<(String, String)>,
}

/// A policy as JSON text.
#[derive(Debug, Clone)]
pub struct Policy(pub String);

/// A request or an answer.
#[derive(Debug, Clone, Default)]
pub struct Message {
    /// Of a request.
    pub method: String,
    /// Of a request.
    pub path: String,
    /// Of an answer.
    pub status: u16,
    /// Without pseudo-headers and content-length.
    pub headers: Vec<Header>,
    /// `None`: there is no body.
    pub body: Option<Vec<u8>>,
    /// After the body.
    pub trailers: Vec<Header>,
    /// How the body is cut into events, when the case writes it as a stream.
    pub format: Option<Format>,
    /// The lengths of its events.
    pub events: Vec<usize>,
    /// Whether its headers tell how long it is.
    pub declared: bool,
}

impl Message {
    /// Whether the body is read event by event: it is written as a stream, or its headers call it one.
    pub fn streams(&self) -> bool {
        let kinds = ["text/event-stream", "application/x-ndjson", "application/vnd.amazon.eventstream"];
        let mut types = self.headers.iter().filter(|(name, _)| name == "content-type");
        self.format.is_some() || types.any(|(_, value)| kinds.iter().any(|kind| value.starts_with(kind)))
    }
}

/// What must come of a case.
#[derive(Debug, Clone)]
pub struct Expected {
    /// `None`: not checked. `Some(None)`: there must be none.
    pub request: Option<Option<Verdict>>,
    /// `None`: not checked. `Some(None)`: there must be none.
    pub response: Option<Option<Verdict>>,
    /// What the upstream receives.
    pub upstream: Whole,
    /// What the client receives.
    pub client: Whole,
}

/// A verdict as the record tells it; absent members are not checked.
#[derive(Debug, Clone, Default)]
pub struct Verdict {
    /// `action`
    pub action: Option<String>,
    /// `would`
    pub would: Option<String>,
    /// `inspected`
    pub inspected: Option<String>,
    /// Ids of the rules that matched, without repetition, in order.
    pub rules: Option<Vec<String>>,
    /// `detector scope` or `detector scope carried`.
    pub findings: Option<Vec<String>>,
    /// `fault outcome`.
    pub faults: Option<Vec<String>>,
}

/// What somebody receives.
#[derive(Debug, Clone)]
pub enum Whole {
    /// Byte for byte what was sent.
    Unchanged,
    /// Nothing.
    None,
    /// This.
    Is {
        /// For clients.
        status: Option<u16>,
        /// Those named must be so; an empty value means the header must be absent.
        headers: Vec<Header>,
        /// As JSON, compared as values.
        json: Option<Value>,
        /// As bytes.
        bytes: Option<Vec<u8>>,
    },
    /// These events.
    Stream {
        /// The status.
        status: Option<u16>,
        /// As in [`Whole::Is`].
        headers: Vec<Header>,
        /// How they are cut, when that is not as the answer was.
        format: Option<Format>,
        /// In order.
        events: Vec<StreamEvent>,
    },
}

/// Loads every case below `folder`, with policies from `policies`, sorted by name. `WEIR_CASE` keeps those whose name
/// contains it.
///
/// # Errors
/// A sentence that names the file and what is wrong with it.
pub fn load(folder: &Path, policies: &Path) -> Result<Vec<Case>, String> {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    files.sort();
    let wanted = std::env::var("WEIR_CASE").unwrap_or_default();
    let mut cases = Vec::new();
    for file in files {
        let relative = file.strip_prefix(folder).unwrap_or(&file).with_extension("");
        let name = relative.to_string_lossy().into_owned();
        if name.contains(&wanted) {
            cases.push(one(&file, name, policies).map_err(|problem| format!("{}: {problem}", file.display()))?);
        }
    }
    Ok(cases)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    let entries = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for entry in entries {
        let path = entry.map_err(|error| format!("{}: {error}", folder.display()))?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    Ok(())
}

fn one(file: &Path, name: String, policies: &Path) -> Result<Case, String> {
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    let value: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let value = expanded(value)?;
    let mut members = Members::of(value, "the case")?;
    let case = Case {
        name,
        about: members.text("about")?,
        policy: policy(members.take("policy").ok_or("`policy` is missing")?, policies)?,
        request: message(members.take("request").ok_or("`request` is missing")?)?,
        response: members.take("response").filter(|value| !value.is_null()).map(message).transpose()?,
        expect: expected(members.take("expect").ok_or("`expect` is missing")?)?,
        not_on: match members.take("not_on") {
            Some(value) => pairs(value)?,
            None => Vec::new(),
        },
    };
    members.end()?;
    for (runner, reason) in &case.not_on {
        if !["engine", "harness", "envoy"].contains(&runner.as_str()) || reason.len() < 10 {
            return Err(format!("`not_on.{runner}` is no runner, or gives no reason"));
        }
    }
    Ok(case)
}

fn expanded(value: Value) -> Result<Value, String> {
    Ok(match value {
        Value::String(text) => Value::String(expand(&text)?),
        Value::Array(values) => Value::Array(values.into_iter().map(expanded).collect::<Result<_, _>>()?),
        Value::Object(members) => {
            let mut out = Map::new();
            for (key, member) in members {
                out.insert(expand(&key)?, expanded(member)?);
            }
            Value::Object(out)
        }
        other => other,
    })
}

fn policy(value: Value, policies: &Path) -> Result<Policy, String> {
    match value {
        Value::String(name) => {
            let file = policies.join(format!("{name}.json"));
            std::fs::read_to_string(&file).map(Policy).map_err(|error| format!("{}: {error}", file.display()))
        }
        other => Ok(Policy(other.to_string())),
    }
}

fn message(value: Value) -> Result<Message, String> {
    let mut members = Members::of(value, "a message")?;
    let mut message = Message {
        method: members.take("method").and_then(|value| value.as_str().map(str::to_owned)).unwrap_or("POST".into()),
        path: members.take("path").and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default(),
        status: status(members.take("status"))?.unwrap_or(200),
        headers: members.take("headers").map(pairs).transpose()?.unwrap_or_default(),
        trailers: members.take("trailers").map(pairs).transpose()?.unwrap_or_default(),
        body: body(&mut members)?.map(|(bytes, _)| bytes),
        declared: true,
        ..Message::default()
    };
    let encoding = members.take("encode").and_then(|value| value.as_str().map(str::to_owned));
    if let (Some(name), Some(body)) = (&encoding, &mut message.body) {
        *body = encode(name, std::slice::from_ref(body))?.concat();
    }
    if let Some(written) = members.take("stream") {
        if message.body.is_some() {
            return Err("a body is either a stream or not".to_owned());
        }
        let (events, pieces, declared) = stream(written)?;
        message.format = Some(events.format.ok_or("a stream needs a `format`")?);
        let pieces = match &encoding {
            Some(name) => encode(name, &pieces)?,
            None => pieces,
        };
        message.events = pieces.iter().map(Vec::len).collect();
        message.body = Some(pieces.concat());
        message.declared = declared;
    }
    members.end()?;
    Ok(message)
}

type Body = (Vec<u8>, Option<Value>);

fn body(members: &mut Members) -> Result<Option<Body>, String> {
    let repeat = members.take("repeat").and_then(|value| value.as_u64());
    let body = match (members.take("json"), members.take("text"), members.take("base64")) {
        (Some(value), None, None) => Some((value.to_string().into_bytes(), Some(value))),
        (None, Some(Value::String(text)), None) => Some((text.into_bytes(), None)),
        (None, None, Some(Value::String(text))) => Some((base64(&text).ok_or("bad base64")?, None)),
        (None, None, None) => None,
        _ => return Err("a body is one of `json`, `text` (a string) and `base64` (a string)".to_owned()),
    };
    Ok(body.map(|(bytes, value)| (bytes.repeat(usize::try_from(repeat.unwrap_or(1)).unwrap_or(1)), value)))
}

fn expected(value: Value) -> Result<Expected, String> {
    let mut members = Members::of(value, "`expect`")?;
    let expected = Expected {
        request: members.take("request").map(verdict).transpose()?,
        response: members.take("response").map(verdict).transpose()?,
        upstream: whole(members.take("upstream").ok_or("`expect.upstream` is missing")?)?,
        client: whole(members.take("client").ok_or("`expect.client` is missing")?)?,
    };
    members.end()?;
    Ok(expected)
}

fn verdict(value: Value) -> Result<Option<Verdict>, String> {
    if value.is_null() {
        return Ok(None);
    }
    let mut members = Members::of(value, "a verdict")?;
    let mut word = |name: &str| members.take(name).and_then(|value| value.as_str().map(str::to_owned));
    let (action, would, inspected) = (word("action"), word("would"), word("inspected"));
    let mut list = |name: &str| {
        let strings = |value: Value| {
            let items = value.as_array().cloned().unwrap_or_default();
            items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect::<Vec<_>>()
        };
        members.take(name).map(strings)
    };
    let verdict =
        Verdict { action, would, inspected, rules: list("rules"), findings: list("findings"), faults: list("faults") };
    members.end()?;
    Ok(Some(verdict))
}

fn whole(value: Value) -> Result<Whole, String> {
    match value {
        Value::String(word) if word == "unchanged" => Ok(Whole::Unchanged),
        Value::String(word) if word == "none" => Ok(Whole::None),
        value => {
            let mut members = Members::of(value, "what is received")?;
            if let Some(written) = members.take("stream") {
                let (events, ..) = stream(written)?;
                let status = status(members.take("status"))?;
                let headers = members.take("headers").map(pairs).transpose()?.unwrap_or_default();
                members.end()?;
                return Ok(Whole::Stream { status, headers, format: events.format, events: events.events });
            }
            let body = body(&mut members)?;
            let (json, bytes) = match body {
                Some((_, Some(json))) => (Some(json), None),
                Some((bytes, None)) => (None, Some(bytes)),
                None => (None, None),
            };
            let status = status(members.take("status"))?;
            let headers = members.take("headers").map(pairs).transpose()?.unwrap_or_default();
            members.end()?;
            Ok(Whole::Is { status, headers, json, bytes })
        }
    }
}

fn status(value: Option<Value>) -> Result<Option<u16>, String> {
    let Some(value) = value else { return Ok(None) };
    value.as_u64().and_then(|status| u16::try_from(status).ok()).map(Some).ok_or("a status is a number".to_owned())
}

/// An object of strings; a list of strings stands for a repeated name.
fn pairs(value: Value) -> Result<Vec<Header>, String> {
    let Value::Object(members) = value else { return Err("expected an object of strings".to_owned()) };
    let mut out = Vec::new();
    for (name, value) in members {
        match value {
            Value::String(text) => out.push((name, text)),
            Value::Array(values) => {
                out.extend(values.iter().filter_map(|value| Some((name.clone(), value.as_str()?.to_owned()))));
            }
            _ => return Err(format!("`{name}` is neither a string nor a list of strings")),
        }
    }
    Ok(out)
}

fn base64(text: &str) -> Option<Vec<u8>> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut out, mut bits, mut count) = (Vec::new(), 0u32, 0);
    for byte in text.bytes().filter(|byte| *byte != b'=') {
        let digit = ALPHABET.iter().position(|letter| *letter == byte)?;
        bits = (bits << 6) | u32::try_from(digit).ok()?;
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    Some(out)
}

/// An object whose every member must be used.
pub(super) struct Members {
    what: &'static str,
    members: Map<String, Value>,
}

impl Members {
    pub(super) fn of(value: Value, what: &'static str) -> Result<Self, String> {
        match value {
            Value::Object(members) => Ok(Members { what, members }),
            _ => Err(format!("{what} is not an object")),
        }
    }

    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        self.members.remove(name)
    }

    fn text(&mut self, name: &str) -> Result<String, String> {
        match self.take(name) {
            Some(Value::String(text)) if !text.is_empty() => Ok(text),
            _ => Err(format!("{} needs a text `{name}`", self.what)),
        }
    }

    pub(super) fn end(&self) -> Result<(), String> {
        match self.members.keys().next() {
            Some(name) => Err(format!("{} has an unknown member `{name}`", self.what)),
            None => Ok(()),
        }
    }
}
