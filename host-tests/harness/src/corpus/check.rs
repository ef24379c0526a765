//! What was seen against what must be seen.

#![expect(clippy::indexing_slicing, reason = "indexing a JSON value never panics: what is not there is null")]

use serde_json::Value;

use super::load::{Case, Header, Message, Verdict, Whole};
use super::samples::{names, sample};
use super::stream;

/// What came of an exchange, whoever ran it.
#[derive(Debug, Clone, Default)]
pub struct Observed {
    /// Headers and body that the upstream received, if it was asked at all.
    pub upstream: Option<(Vec<Header>, Vec<u8>)>,
    /// Status, headers and body that the client received.
    pub client: (u16, Vec<Header>, Vec<u8>),
    /// Whether what the client received was broken off before its end.
    pub broken_off: bool,
    /// Every record that was written for the exchange.
    pub records: Vec<Value>,
    /// Everything else that was written: log lines, metric names.
    pub written: String,
}

/// Compares.
///
/// # Errors
/// All differences, a line each.
pub fn check(case: &Case, observed: &Observed) -> Result<(), String> {
    let mut differences = Vec::new();
    let mut differ = |what: &str, expected: &dyn std::fmt::Debug, found: &dyn std::fmt::Debug| {
        differences.push(format!("{what}: expected {expected:?}, found {found:?}"));
    };
    let sides = [("request", &case.expect.request), ("response", &case.expect.response)];
    let speaks = sides.iter().any(|(_, verdict)| matches!(verdict, Some(Some(_))));
    if speaks && observed.records.len() != 1 {
        differ("number of records", &1, &observed.records.len());
    }
    let record = observed.records.first().cloned().unwrap_or_default();
    for (side, expected) in sides {
        match expected {
            None => {}
            Some(None) if record[side].is_null() => {}
            Some(None) => differ(side, &"no verdict", &record[side]),
            Some(Some(verdict)) => compare_verdict(side, verdict, &record[side], &mut differ),
        }
    }
    let exchange = record["exchange"].as_str().unwrap_or_default();
    match (&case.expect.upstream, &observed.upstream) {
        (Whole::None, None) => {}
        (Whole::None, Some(_)) => differ("upstream", &"nothing", &"a request"),
        (_, None) => differ("upstream", &"a request", &"nothing"),
        (expected, Some((headers, body))) => {
            compare("upstream", expected, Some(&case.request), exchange, (None, headers, body), &mut differ);
        }
    }
    let (status, headers, body) = &observed.client;
    if observed.broken_off && !may_break_off(case) {
        differ("client", &"a whole answer", &"one that was broken off");
    }
    let sent = case.response.as_ref();
    compare("client", &case.expect.client, sent, exchange, (Some(*status), headers, body), &mut differ);
    let evidence = format!("{}{}", record, observed.written);
    // The samples, and the card that cases write with spaces.
    let secrets = names().iter().map(|name| (*name, sample(name).unwrap_or_default()));
    for (name, text) in secrets.chain([("card with spaces", "4111 1111 1111 1111".to_owned())]) {
        let escaped = Value::String(text.clone()).to_string();
        if evidence.contains(&text) || evidence.contains(escaped.trim_matches('"')) {
            differ("evidence", &"no text of the exchange", &name);
        }
    }
    if differences.is_empty() { Ok(()) } else { Err(differences.join("\n")) }
}

/// A stream that is blocked after it has begun is broken off behind its last event, if more of it would come.
fn may_break_off(case: &Case) -> bool {
    let blocked = matches!(&case.expect.response, Some(Some(verdict)) if verdict.action.as_deref() == Some("block"));
    blocked && matches!(case.expect.client, Whole::Stream { .. })
}

type Differ<'a> = dyn FnMut(&str, &dyn std::fmt::Debug, &dyn std::fmt::Debug) + 'a;

fn compare_verdict(side: &str, expected: &Verdict, found: &Value, differ: &mut Differ<'_>) {
    let words = [("action", &expected.action), ("would", &expected.would), ("inspected", &expected.inspected)];
    for (name, word) in words {
        if let Some(word) = word
            && found[name].as_str() != Some(word)
        {
            differ(&format!("{side}.{name}"), word, &found[name]);
        }
    }
    let list = |member: &str, show: &dyn Fn(&Value) -> String| -> Vec<String> {
        let mut shown: Vec<String> = Vec::new();
        for item in found[member].as_array().map(Vec::as_slice).unwrap_or_default() {
            shown.push(show(item));
        }
        shown
    };
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut rules = list("rules", &|rule| text(&rule["id"]));
    rules.dedup();
    let findings = list("findings", &|finding| {
        let carried = if finding["state"] == "carried" { " carried" } else { "" };
        format!("{} {}{carried}", text(&finding["detector"]), text(&finding["scope"]))
    });
    let faults = list("faults", &|fault| format!("{} {}", text(&fault["fault"]), text(&fault["outcome"])));
    for (name, expected, found) in [
        ("rules", &expected.rules, rules),
        ("findings", &expected.findings, findings),
        ("faults", &expected.faults, faults),
    ] {
        if let Some(expected) = expected
            && *expected != found
        {
            differ(&format!("{side}.{name}"), expected, &found);
        }
    }
}

fn compare(
    who: &str,
    expected: &Whole,
    sent: Option<&Message>,
    exchange: &str,
    (status, headers, body): (Option<u16>, &[Header], &[u8]),
    differ: &mut Differ<'_>,
) {
    let length = headers.iter().find(|(name, _)| name == "content-length").map(|(_, value)| value.clone());
    if let Some(length) = length
        && length != body.len().to_string()
        && !body.is_empty()
    {
        differ(&format!("{who} content-length"), &body.len(), &length);
    }
    match expected {
        Whole::None => {}
        Whole::Unchanged => {
            let sent_body = sent.and_then(|message| message.body.as_deref()).unwrap_or_default();
            if body != sent_body {
                differ(&format!("{who} body"), &shown(sent_body), &shown(body));
            }
            if let (Some(status), Some(sent)) = (status, sent)
                && status != sent.status
            {
                differ(&format!("{who} status"), &sent.status, &status);
            }
        }
        Whole::Is { status: wanted, headers: wanted_headers, json, bytes } => {
            compare_head(who, (*wanted, wanted_headers), (status, headers), exchange, differ);
            if let Some(json) = json {
                let wanted = json.to_string().replace("<exchange>", exchange);
                let found = serde_json::from_slice::<Value>(body).unwrap_or_default().to_string();
                if found != wanted {
                    differ(&format!("{who} body"), &wanted, &shown(body));
                }
            }
            if let Some(bytes) = bytes {
                let wanted = String::from_utf8_lossy(bytes).replace("<exchange>", exchange);
                if String::from_utf8_lossy(body) != wanted {
                    differ(&format!("{who} body"), &wanted, &shown(body));
                }
            }
        }
        Whole::Stream { status: wanted, headers: wanted_headers, format, events } => {
            compare_head(who, (*wanted, wanted_headers), (status, headers), exchange, differ);
            match format.or_else(|| sent.and_then(|sent| sent.format)) {
                Some(format) => {
                    if let Err(differences) = stream::compare(format, events, body, exchange) {
                        differ(&format!("{who} stream"), &"the events of the case", &Plain(differences));
                    }
                }
                None => differ(&format!("{who} stream"), &"a format", &"none"),
            }
        }
    }
}

fn compare_head(
    who: &str,
    (wanted, wanted_headers): (Option<u16>, &[Header]),
    (status, headers): (Option<u16>, &[Header]),
    exchange: &str,
    differ: &mut Differ<'_>,
) {
    if wanted.is_some() && wanted != status {
        differ(&format!("{who} status"), &wanted, &status);
    }
    for (name, value) in wanted_headers {
        let found = headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
        let value = value.replace("<exchange>", exchange);
        if found.unwrap_or_default() != value {
            differ(&format!("{who} header {name}"), &value, &found);
        }
    }
}

/// Text that is shown as it is.
struct Plain(String);

impl std::fmt::Debug for Plain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

fn shown(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    if text.len() > 2000 { format!("{} bytes", text.len()) } else { text.into_owned() }
}
