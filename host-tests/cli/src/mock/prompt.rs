//! What a prompt can ask the mock for, and the answer that follows, before any vendor's shape is put around it.
//!
//! The answer quotes the last turn of the user and says how many messages and bytes arrived. The prompt may ask for
//! more, also for several things at once, in every dialect that has room for it:
//!
//! | the prompt says | the answer |
//! |---|---|
//! | `say secret` | holds an AWS access key id |
//! | `say late secret` | holds that key near its end, after harmless words: in a stream, in the second half |
//! | `say card` | holds a payment card number |
//! | `say email` | holds an e-mail address |
//! | `say repeat` | repeats every text of the prompt as it arrived, earlier turns and instructions too |
//! | `say reasoning` | is thought over aloud first; the thoughts give away what the answer gives away |
//! | `say tool` | calls a tool whose arguments hold an e-mail address, and whatever else was asked for |
//! | `say choices` | has three choices (candidates, output messages, content blocks) |
//! | `say big N` | has N bytes of filler |
//! | `say refusal` | is a refusal |
//! | `say html` | is an HTML page |
//! | `say gzip` | comes compressed, asked for or not, streams too |
//! | `say slow N` | comes with N milliseconds before each delta (100 without a number) |
//! | `say error N` | is the vendor's error with status N (429 without a number) |
//!
//! A tool is called once: after its result came back, the mock answers in words. Secrets are put together here at run
//! time: they match the detectors, and no text of this repository does.

use serde_json::{Value, json};

/// An AWS access key id of the right shape that belongs to nobody.
pub fn aws_access_key_id() -> String {
    ["AKIA", "Q3EGRZPL", "7XMSNW2D"].concat()
}

/// A payment card number with a right check digit, from a range made for tests.
pub fn card_number() -> String {
    let body = "453201511283036";
    // From the right, every second digit counts double, beginning with the one before the check digit.
    let digits = body.bytes().rev().map(|byte| u32::from(byte - b'0'));
    let sum: u32 = digits.enumerate().map(|(i, d)| if i % 2 == 0 { d * 2 / 10 + d * 2 % 10 } else { d }).sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

/// The e-mail address of `say email`.
pub const EMAIL: &str = "grace.hopper@example.com";

/// The words of a refusal.
pub const REFUSAL: &str = "I will not do that.";

/// What stands for the signature of thoughts; the mock does not check what comes back.
pub(super) const SIGNATURE: &str = "bW9jayBzaWduYXR1cmU=";

/// What `say big N` gives at most: more than every limit on the way.
const MOST_FILLER: usize = 64 << 20;

/// What the vendors' requests have in common.
#[derive(Default)]
pub(super) struct Prompt {
    /// The text of the user's last turn: where controls are looked for.
    pub(super) text: String,
    /// Every text of the prompt, a line each.
    pub(super) whole: String,
    /// How many messages arrived.
    pub(super) messages: usize,
    /// The size of the request's body.
    pub(super) bytes: usize,
    /// The first tool that the request declares.
    pub(super) tool: Option<String>,
    /// The last message is what a tool said.
    pub(super) after_tool: bool,
}

impl Prompt {
    /// A prompt of one text.
    pub(super) fn of_text(text: String, bytes: usize) -> Prompt {
        Prompt { whole: text.clone(), text, messages: 1, bytes, ..Prompt::default() }
    }

    /// A prompt whose turns stand under `key`, as strings or as objects with a role. `body` is the whole request.
    pub(super) fn of_turns(body: &Value, key: &str, bytes: usize) -> Prompt {
        let turns = match body.get(key) {
            Some(Value::Array(turns)) => turns.clone(),
            Some(Value::Null) | None => Vec::new(),
            Some(single) => vec![single.clone()],
        };
        let by_user = |turn: &&Value| match turn {
            // Items of Responses that are not messages have no role either.
            Value::Object(_) => match turn.get("role") {
                Some(role) => role == "user",
                None => turn.get("call_id").is_none() && turn.get("type").is_none_or(|kind| kind != "reasoning"),
            },
            other => other.is_string(),
        };
        let text = turns.iter().rev().find(by_user).map(text_of).unwrap_or_default();
        let mut lines = Vec::new();
        let around = ["system", "instructions", "systemInstruction", "system_instruction", "documents", "suffix"];
        around.iter().filter_map(|name| body.get(name)).for_each(|part| gather(part, 0, &mut lines));
        turns.iter().for_each(|turn| gather(turn, 0, &mut lines));
        let after_tool = turns.last().is_some_and(|turn| {
            turn.get("role").is_some_and(|role| role == "tool")
                || turn.get("type").is_some_and(|kind| kind == "function_call_output")
        });
        Prompt { text, whole: lines.join("\n"), messages: turns.len(), bytes, tool: None, after_tool }
    }

    /// Names the tool that the answer may call: the string at the first of these places that holds one.
    pub(super) fn with_tool(mut self, body: &Value, pointers: &[&str]) -> Prompt {
        let found = pointers.iter().find_map(|pointer| body.pointer(pointer).and_then(Value::as_str));
        self.tool = found.map(str::to_owned);
        self
    }

    /// Whether the prompt says `say {what}`.
    pub(super) fn asks(&self, what: &str) -> bool {
        self.text.contains(&format!("say {what}"))
    }

    /// The number in `say {what} {number}`.
    pub(super) fn number_after(&self, what: &str) -> Option<usize> {
        let rest = self.text.split_once(&format!("say {what} "))?.1;
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    }

    /// What the answer says that it should not.
    fn given_away(&self) -> String {
        let mut said = String::new();
        if self.asks("repeat") {
            said += &format!(" You wrote: \"{}\".", self.whole);
        }
        if self.asks("secret") {
            said += &format!(" The key is {}.", aws_access_key_id());
        }
        if self.asks("card") {
            said += &format!(" The card number is {}.", card_number());
        }
        if self.asks("email") {
            said += &format!(" The address is {EMAIL}.");
        }
        if self.asks("late secret") {
            said += &" Here are some harmless words that take up a few deltas.".repeat(4);
            said += &format!(" The late key is {}.", aws_access_key_id());
        }
        said
    }

    /// The answer to this prompt.
    pub(super) fn answer(&self) -> Answer {
        let given_away = self.given_away();
        let mut text =
            format!("You said: \"{}\". I received {} messages in {} bytes.", self.text, self.messages, self.bytes);
        if self.asks("big") {
            let size = self.number_after("big").unwrap_or(100_000).min(MOST_FILLER);
            text.extend("All work and no play. ".chars().cycle().take(size));
        }
        text += &given_away;
        let reasoning = self.asks("reasoning").then(|| format!("The user wants an answer.{given_away} Let me see."));
        let call = (self.asks("tool") && !self.after_tool).then(|| {
            let body = format!("There were {} messages.{given_away}", self.messages);
            let name = self.tool.clone().unwrap_or_else(|| "send_email".to_owned());
            Call { name, arguments: json!({"to": "ada.lovelace@example.org", "subject": "hello", "body": body}) }
        });
        let reasoned = reasoning.as_deref().map_or(0, str::len) / 4;
        let spoken = call.as_ref().map_or(text.len(), |call| call.arguments.to_string().len()) / 4;
        Answer {
            tokens: Tokens { input: self.bytes / 4, output: spoken + reasoned, reasoning: reasoned },
            refusal: self.asks("refusal"),
            choices: if self.asks("choices") { 3 } else { 1 },
            text,
            reasoning,
            call,
        }
    }
}

/// An answer without a shape.
pub(super) struct Answer {
    /// What is said in words.
    pub(super) text: String,
    /// What is thought before.
    pub(super) reasoning: Option<String>,
    /// The tool that is called instead of words.
    pub(super) call: Option<Call>,
    /// [`REFUSAL`] is said instead of words or a call.
    pub(super) refusal: bool,
    /// How often the words are said.
    pub(super) choices: usize,
    /// What it is said to have cost.
    pub(super) tokens: Tokens,
}

/// A call of a tool.
pub(super) struct Call {
    /// The tool's name.
    pub(super) name: String,
    /// The arguments, an object.
    pub(super) arguments: Value,
}

/// Counts of tokens: a quarter of the bytes.
pub(super) struct Tokens {
    /// Of the request.
    pub(super) input: usize,
    /// Of the answer, thoughts included.
    pub(super) output: usize,
    /// Of the thoughts.
    pub(super) reasoning: usize,
}

/// A part of an answer, for dialects whose answers are sequences.
pub(super) enum Block<'a> {
    /// Thoughts.
    Reasoning(&'a str),
    /// Words.
    Text(&'a str),
    /// Words that decline.
    Refusal(&'a str),
    /// A call of a tool.
    Call(&'a Call),
}

impl Answer {
    /// The answer as a sequence: thoughts, then a refusal, a call, or the words once for each choice.
    pub(super) fn blocks(&self) -> Vec<Block<'_>> {
        let mut blocks: Vec<Block<'_>> = self.reasoning.as_deref().map(Block::Reasoning).into_iter().collect();
        match &self.call {
            _ if self.refusal => blocks.push(Block::Refusal(REFUSAL)),
            Some(call) => blocks.push(Block::Call(call)),
            None => blocks.extend((0..self.choices).map(|_| Block::Text(self.text.as_str()))),
        }
        blocks
    }

    /// The words, for dialects that know no refusals.
    pub(super) fn words(&self) -> &str {
        if self.refusal { REFUSAL } else { &self.text }
    }

    /// The call, unless the answer declines.
    pub(super) fn called(&self) -> Option<&Call> {
        self.call.as_ref().filter(|_| !self.refusal)
    }
}

/// The text of a turn: a string, or an object with a text, or with content or parts that are either, or arrays of them.
fn text_of(turn: &Value) -> String {
    match turn {
        Value::String(text) => text.clone(),
        Value::Array(parts) => {
            let texts: Vec<String> = parts.iter().map(own_text).filter(|text| !text.is_empty()).collect();
            texts.join("\n")
        }
        Value::Object(fields) => ["content", "parts", "text"]
            .iter()
            .find_map(|key| fields.get(*key))
            .map_or_else(String::new, |value| if value.is_string() { own_text(value) } else { text_of(value) }),
        _ => String::new(),
    }
}

/// The text of a part itself; what stands deeper in it (the result of a tool) is not the user's.
fn own_text(part: &Value) -> String {
    let text = part.as_str().or_else(|| part.get("text").and_then(Value::as_str));
    text.unwrap_or_default().to_owned()
}

/// Names whose strings are no text.
const NOT_TEXT: [&str; 14] = [
    "role",
    "type",
    "id",
    "call_id",
    "tool_use_id",
    "toolUseId",
    "tool_call_id",
    "media_type",
    "mimeType",
    "data",
    "signature",
    "thoughtSignature",
    "bytes",
    "status",
];

/// Every text in `value`, in order of appearance as far as JSON has one.
fn gather(value: &Value, depth: usize, lines: &mut Vec<String>) {
    match value {
        Value::String(text) => lines.push(text.clone()),
        Value::Array(items) if depth < 32 => items.iter().for_each(|item| gather(item, depth + 1, lines)),
        Value::Object(fields) if depth < 32 => {
            let texts = fields.iter().filter(|(name, _)| !NOT_TEXT.contains(&name.as_str()));
            texts.for_each(|(_, field)| gather(field, depth + 1, lines));
        }
        _ => {}
    }
}

/// Pieces of five characters, as models stream them.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = String> + use<> {
    let characters: Vec<char> = text.chars().collect();
    let count = characters.len().div_ceil(5);
    (0..count).map(move |piece| characters.iter().skip(piece * 5).take(5).collect())
}
