//! What every client of a model goes through. The mock upstream does what the prompt asks for, in the client's own dialect.

use super::clients::Runtime;
use serde_json::{Value, json};
use std::fmt;
use std::time::{Duration, Instant};
use weir_cli::mock::openai::{aws_access_key_id, card_number};
use weir_cli::mock::{Received, prompt};
use weir_e2e::{Lab, Shared};

/// A client of a model.
pub(crate) struct Client {
    /// Where it is tried.
    pub(crate) labs: &'static Shared,
    /// What runs its script.
    pub(crate) runtime: Runtime,
    /// The script.
    pub(crate) script: &'static str,
    /// What stands behind the proxy's address in the base URL.
    pub(crate) base: &'static str,
    /// What is asked in every call, besides what the scenario asks.
    pub(crate) always: fn() -> Value,
    /// The dialect that Weir must recognise.
    pub(crate) dialect: &'static str,
    /// The SDK hands on the thoughts of a model.
    pub(crate) thinks: bool,
    /// What a refused call raises.
    pub(crate) refused: Raised,
    /// What a stream raises that is blocked after it began.
    pub(crate) cut: Cut,
}

/// What an exception shows.
pub(crate) struct Raised {
    /// The name of its class.
    pub(crate) class: &'static str,
    /// The package of its class: the SDK's own.
    pub(crate) package: &'static str,
    /// The HTTP status.
    pub(crate) status: Option<i64>,
    /// The code.
    pub(crate) code: Option<&'static str>,
}

/// How an application learns that a stream was blocked.
pub(crate) enum Cut {
    /// It is raised.
    Raised(Raised),
    /// The SDK raises nothing for whatever event: the reason why the stream finished begins like this.
    Finish(&'static str),
}

/// The words of an answer that is blocked; see the policy of these tests.
const BLOCKED: &str = "say email";

/// What came of one call.
pub(crate) struct Called {
    /// What the script printed.
    pub(crate) result: Value,
    /// Every request that reached the upstream.
    pub(crate) upstream: Vec<Received>,
    /// The record of every exchange.
    pub(crate) records: Vec<Value>,
}

/// Short enough to be read when a test fails.
impl fmt::Debug for Called {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "the application: {:#}", self.result)?;
        for sent in &self.upstream {
            let text = sent.text();
            let body = if text.len() > 2_000 { format!("{} bytes", text.len()) } else { text };
            writeln!(f, "upstream: {} {}\n  {body}", sent.method, sent.path)?;
        }
        self.records.iter().try_for_each(|record| writeln!(f, "record: {record}"))
    }
}

/// A lab and a client in it.
pub(crate) struct Desk<'a> {
    pub(crate) lab: &'a mut Lab,
    pub(crate) client: &'a Client,
}

/// Runs a test of a client in one of its labs.
pub(crate) fn with(client: &Client, test: impl FnOnce(&mut Desk<'_>)) {
    client.labs.with(|lab| {
        lab.swap(&super::policy());
        test(&mut Desk { lab, client });
    });
}

impl Desk<'_> {
    /// One call, which makes `exchanges` requests.
    pub(crate) fn call(&mut self, exchanges: usize, what: &Value) -> Called {
        let Client { runtime, script, base, always, .. } = self.client;
        let mut whole = always();
        for (name, value) in what.as_object().unwrap() {
            whole[name] = value.clone();
        }
        let url = format!("http://{}{base}", self.lab.stack.envoy().listener());
        let (result, seen) = self.lab.witness(exchanges, || runtime.call(script, &url, &whole));
        let records = seen.into_iter().filter_map(|(_, record)| record).collect();
        Called { result, upstream: self.lab.mock().take_requests(), records }
    }

    /// A call that makes one request and raises nothing.
    pub(crate) fn answered(&mut self, how: &str, prompt: &str) -> Called {
        let called = self.call(1, &json!({"do": how, "prompt": prompt}));
        called.assert_went_well(self.client);
        called
    }
}

impl Called {
    /// What the application was told in words.
    pub(crate) fn text(&self) -> &str {
        self.result["text"].as_str().unwrap_or_else(|| panic!("no text: {self:#?}"))
    }

    /// The one request that reached the upstream.
    pub(crate) fn sent(&self) -> &Received {
        assert_eq!(self.upstream.len(), 1, "{self:#?}");
        &self.upstream[0]
    }

    /// The one record.
    pub(crate) fn record(&self) -> &Value {
        assert_eq!(self.records.len(), 1, "{self:#?}");
        &self.records[0]
    }

    /// The arguments of the one call of a tool.
    pub(crate) fn arguments(&self) -> &Value {
        let calls = self.result["tool_calls"].as_array().unwrap();
        assert_eq!((calls.len(), &calls[0]["name"]), (1, &json!("notify")), "{self:#?}");
        let arguments = &calls[0]["arguments"];
        assert!(arguments.is_object(), "the arguments of a tool are no JSON: {self:#?}");
        arguments
    }

    /// Nothing was raised, and both sides were read whole, in the client's dialect.
    fn assert_went_well(&self, client: &Client) {
        assert_eq!(self.result["raised"], json!(null), "{self:#?}");
        let record = self.record();
        assert_eq!(record["dialect"], client.dialect, "{record:#}");
        for side in ["request", "response"] {
            let verdict = &record[side];
            assert_eq!((&verdict["inspected"], &verdict["faults"]), (&json!("full"), &json!([])), "{record:#}");
        }
        assert!(self.sent().json().is_object(), "{self:#?}");
    }

    /// The application was given every piece, what made the model stop, and what it cost; Weir read the same.
    fn assert_complete(&self, streamed: bool) {
        assert!(self.result["finish"].is_string(), "{self:#?}");
        assert!(self.result["usage"].is_object(), "{self:#?}");
        let answer = &self.record()["response"];
        assert_eq!(answer["stream"].is_object(), streamed, "{self:#?}");
        assert_eq!(self.result["events"].as_u64().unwrap() > 0, streamed, "{self:#?}");
        assert!(answer["usage"]["input"].as_u64() > Some(0), "{answer:#}");
        assert!(answer["usage"]["output"].as_u64() > Some(0), "{answer:#}");
        assert_eq!(answer["finish"].as_array().map(Vec::len), Some(1), "{answer:#}");
    }

    /// Neither the application nor a record has the secrets of the mock.
    fn assert_clean(&self) {
        for secret in [aws_access_key_id(), card_number()] {
            assert!(!self.result.to_string().contains(&secret), "{self:#?}");
            assert!(!self.record().to_string().contains(&secret), "{self:#?}");
        }
    }

    /// The SDK raised this once, with the id of the record in its message, and did not try again.
    pub(crate) fn assert_raised(&self, wanted: &Raised, side: &str) {
        let (raised, record) = (&self.result["raised"], self.record());
        assert!(raised.is_object(), "nothing was raised: {self:#?}");
        assert_eq!((&raised["class"], &raised["package"]), (&json!(wanted.class), &json!(wanted.package)), "{self:#?}");
        assert_eq!((&raised["status"], &raised["code"]), (&json!(wanted.status), &json!(wanted.code)), "{self:#?}");
        let exchange = record["exchange"].as_str().unwrap();
        assert!(raised["message"].as_str().unwrap().contains(exchange), "{self:#?}");
        assert!(raised["exchange"].is_null() || raised["exchange"] == exchange, "{self:#?}");
        assert_eq!((&record[side]["action"], &record["answered_by"]), (&json!("block"), &json!("weir")), "{record:#}");
        assert_eq!(self.upstream.len(), usize::from(side == "response"), "{self:#?}");
    }
}

pub(crate) fn whole_answers_arrive(client: &Client) {
    with(client, |desk| {
        let called = desk.answered("plain", "What is a weir? (say reasoning)");
        assert!(called.text().starts_with("You said: \"What is a weir? (say reasoning)\"."), "{called:#?}");
        assert_eq!(called.result["reasoning"].as_str().unwrap().ends_with("Let me see."), client.thinks, "{called:#?}");
        called.assert_complete(false);
        let actions = [&called.record()["request"]["action"], &called.record()["response"]["action"]];
        assert_eq!(actions, [&json!("allow"); 2], "{called:#?}");
    });
}

pub(crate) fn streams_arrive(client: &Client) {
    with(client, |desk| {
        let called = desk.answered("stream", "What is a weir? (say reasoning)");
        assert!(called.text().starts_with("You said: \"What is a weir? (say reasoning)\"."), "{called:#?}");
        assert!(called.text().ends_with(" bytes."), "{called:#?}");
        assert_eq!(called.result["reasoning"].as_str().unwrap().ends_with("Let me see."), client.thinks, "{called:#?}");
        called.assert_complete(true);
        assert!(called.result["events"].as_u64() > Some(20), "the pieces did not stay pieces: {called:#?}");
        let actions = [&called.record()["request"]["action"], &called.record()["response"]["action"]];
        assert_eq!(actions, [&json!("allow"); 2], "{called:#?}");
    });
}

pub(crate) fn tools_are_called(client: &Client) {
    with(client, |desk| {
        for how in ["tool", "stream_tool"] {
            let called = desk.answered(how, "say tool and say secret");
            let arguments = called.arguments();
            assert_eq!(arguments["subject"], "hello", "{called:#?}");
            assert_eq!(arguments["to"], "ada.lovelace@example.org", "{called:#?}");
            let body = arguments["body"].as_str().unwrap_or_else(|| panic!("{called:#?}"));
            assert!(body.ends_with(" The key is [AWS_ACCESS_KEY_ID]."), "{called:#?}");
            called.assert_clean();
            called.assert_complete(how == "stream_tool");
        }
    });
}

pub(crate) fn whole_answers_are_redacted(client: &Client) {
    with(client, |desk| {
        let key = aws_access_key_id();
        let prompt = format!("My key is {key}, keep it. Then say secret and say card with say reasoning.");
        let called = desk.answered("plain", &prompt);
        let due = prompt.replace(&key, "[AWS_ACCESS_KEY_ID]");
        assert!(called.sent().text().contains(&due), "{called:#?}");
        assert!(called.text().starts_with(&format!("You said: \"{due}\".")), "{called:#?}");
        let given_away = "The key is [AWS_ACCESS_KEY_ID]. The card number is [PAYMENT_CARD].";
        assert!(called.text().ends_with(given_away), "{called:#?}");
        assert_eq!(called.result["reasoning"].as_str().unwrap().contains(given_away), client.thinks, "{called:#?}");
        called.assert_clean();
        for side in ["request", "response"] {
            assert_eq!(called.record()[side]["action"], "redact", "{called:#?}");
        }
    });
}

/// The key comes in pieces, in the second half of the stream.
pub(crate) fn streams_are_redacted(client: &Client) {
    with(client, |desk| {
        let called = desk.answered("stream", "say late secret with say reasoning");
        assert!(called.text().starts_with("You said: \"say late secret"), "{called:#?}");
        assert!(called.text().ends_with("a few deltas. The late key is [AWS_ACCESS_KEY_ID]."), "{called:#?}");
        let thoughts = called.result["reasoning"].as_str().unwrap();
        let due = "The late key is [AWS_ACCESS_KEY_ID]. Let me see.";
        assert_eq!(thoughts.ends_with(due), client.thinks, "{called:#?}");
        called.assert_clean();
        called.assert_complete(true);
        assert_eq!(called.record()["response"]["action"], "redact", "{called:#?}");
    });
}

pub(crate) fn requests_are_refused(client: &Client) {
    with(client, |desk| {
        for how in ["plain", "stream"] {
            let called = desk.call(1, &json!({"do": how, "prompt": "Tell me about project kingfisher."}));
            called.assert_raised(&client.refused, "request");
            assert_eq!(called.record()["status"], 403, "{called:#?}");
            assert_eq!(called.result["text"], "", "{called:#?}");
        }
    });
}

pub(crate) fn whole_answers_are_refused(client: &Client) {
    with(client, |desk| {
        let called = desk.call(1, &json!({"do": "plain", "prompt": BLOCKED}));
        called.assert_raised(&client.refused, "response");
        assert_eq!(called.result["text"], "", "{called:#?}");
        assert!(!called.result.to_string().contains(prompt::EMAIL), "{called:#?}");
    });
}

/// What came before the blocked words was delivered, nothing of them is, the application hears why, and the upstream is
/// stopped, which has more to say for some seconds.
pub(crate) fn streams_are_cut(client: &Client) {
    with(client, |desk| {
        let before = desk.lab.mock().abandoned();
        let begin = Instant::now();
        let prompt = format!("{BLOCKED} and say late secret, say slow 30");
        let called = desk.call(1, &json!({"do": "stream", "prompt": prompt}));
        let delivered = called.assert_cut(client);
        let said = format!("You said: \"{prompt}\". I received 1 messages");
        assert!(delivered.starts_with(&said), "{called:#?}");
        assert!(!called.result.to_string().contains("grace"), "{called:#?}");
        while desk.lab.mock().abandoned() == before {
            assert!(begin.elapsed() < Duration::from_secs(10), "the upstream was not stopped: {called:#?}");
            std::thread::sleep(Duration::from_millis(5));
        }
    });
}

/// Nothing of a call goes on before it was judged as a whole.
pub(crate) fn streamed_tool_calls_are_withheld(client: &Client) {
    with(client, |desk| {
        let called = desk.call(1, &json!({"do": "stream_tool", "prompt": format!("say tool and {BLOCKED}")}));
        called.assert_cut(client);
        let calls = match client.cut {
            Cut::Raised(_) => called.result["raised"]["after_calls"].as_array().cloned().unwrap(),
            Cut::Finish(_) => called.result["tool_calls"].as_array().cloned().unwrap(),
        };
        for call in calls {
            let begun = call["arguments"].as_str().unwrap_or_else(|| panic!("{called:#?}"));
            assert_eq!(begun, "", "{called:#?}");
        }
    });
}

pub(crate) fn the_models_own_errors_arrive(client: &Client) {
    with(client, |desk| {
        for how in ["plain", "stream"] {
            let called = desk.call(1, &json!({"do": how, "prompt": "say error 400"}));
            assert_eq!(called.result["raised"]["status"], 400, "{called:#?}");
            assert!(
                called.result["raised"]["message"].as_str().unwrap().contains("you asked for this error"),
                "{called:#?}"
            );
            assert_eq!(called.record()["answered_by"], "upstream", "{called:#?}");
        }
    });
}

impl Called {
    /// The stream was cut, the application was told why, and this text had come before.
    pub(crate) fn assert_cut(&self, client: &Client) -> &str {
        match &client.cut {
            Cut::Raised(raised) => {
                self.assert_raised(raised, "response");
                self.result["raised"]["after_text"].as_str().unwrap()
            }
            Cut::Finish(reason) => {
                let exchange = self.record()["exchange"].as_str().unwrap();
                assert_eq!(self.result["raised"], json!(null), "{self:#?}");
                let told = self.result["finish"].as_str().unwrap_or_default();
                assert!(told.starts_with(reason) && told.contains(exchange), "{self:#?}");
                assert_eq!(self.record()["response"]["action"], "block", "{self:#?}");
                self.text()
            }
        }
    }
}

/// The tests of one client.
macro_rules! scenarios {
    ($module:ident, $client:expr, [$($name:ident),* $(,)?]) => {
        mod $module {
            use super::*;
            $(
                #[test]
                fn $name() {
                    crate::scenarios::$name(&$client);
                }
            )*
        }
    };
    ($module:ident, $client:expr) => {
        crate::scenarios::scenarios!($module, $client, [
            whole_answers_arrive,
            streams_arrive,
            tools_are_called,
            whole_answers_are_redacted,
            streams_are_redacted,
            requests_are_refused,
            whole_answers_are_refused,
            streams_are_cut,
            streamed_tool_calls_are_withheld,
            the_models_own_errors_arrive,
        ]);
    };
}

pub(crate) use scenarios;
