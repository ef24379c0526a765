//! Decisions for people: a record, one JSON line, becomes one readable line, coloured where a terminal shows it.
//!
//! Nothing that is printed here can steer the terminal: control characters are replaced.

use serde_json::Value;
use std::io::IsTerminal;

/// The word before a record in Weir's log lines.
pub const RECORD_PREFIX: &str = "weir_record ";

/// Whether to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    colour: bool,
}

/// A colour, by what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Let through.
    Good,
    /// Noticed or changed.
    Notice,
    /// Stopped.
    Bad,
    /// Of less interest.
    Dim,
    /// A heading.
    Strong,
}

impl Style {
    /// No colour.
    pub const PLAIN: Style = Style { colour: false };
    /// Colour whatever the output is.
    pub const COLOUR: Style = Style { colour: true };

    /// Colour if stdout is a terminal and NO_COLOR is not set.
    pub fn of_stdout() -> Style {
        Style::of(std::io::stdout().is_terminal())
    }

    /// Colour if stderr is a terminal and NO_COLOR is not set.
    pub fn of_stderr() -> Style {
        Style::of(std::io::stderr().is_terminal())
    }

    fn of(terminal: bool) -> Style {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Style { colour: terminal && !refused }
    }

    /// Whether to colour.
    pub fn colour(self) -> bool {
        self.colour
    }

    /// `text` in a tone, with control characters replaced.
    pub fn paint(self, tone: Tone, text: &str) -> String {
        let text = printable(text);
        if !self.colour {
            return text;
        }
        let code = match tone {
            Tone::Good => "32",
            Tone::Notice => "33",
            Tone::Bad => "1;31",
            Tone::Dim => "2",
            Tone::Strong => "1",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}

/// Control characters, except line breaks and tabs, and characters that hide or reorder others become a visible stand-in.
pub fn printable(text: &str) -> String {
    let odd = |c: char| match c {
        '\n' | '\t' => false,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => true,
        _ => c.is_control(),
    };
    text.chars().map(|c| if odd(c) { '\u{fffd}' } else { c }).collect()
}

/// The record in what the module logged, if it is one.
pub fn record(said: &str) -> Option<Value> {
    let json = said.strip_prefix(RECORD_PREFIX)?;
    serde_json::from_str(json).ok().filter(Value::is_object)
}

/// One line for one record:
///
/// ```text
/// 14:02:11 REDACT  openai/chat  request redact by no-secrets: secret/aws-access-key-id in user; answer allow  200  #0123abcd
/// ```
pub fn line(record: &Value, style: Style) -> String {
    let sides = [("request", record.get("request")), ("answer", record.get("response"))];
    let sides: Vec<(&str, &Value)> =
        sides.into_iter().filter_map(|(name, side)| Some((name, side.filter(|side| side.is_object())?))).collect();
    let strongest = sides.iter().map(|(_, side)| text(side, "action")).max_by_key(|action| rank(action)).unwrap_or("?");
    let dialect = Some(text(record, "dialect")).filter(|dialect| !dialect.is_empty());
    let told: Vec<String> = sides.iter().map(|(name, side)| self::side(name, side, style)).collect();
    let mut fields = vec![
        style.paint(Tone::Dim, text(record, "time").get(11..19).unwrap_or("--:--:--")),
        style.paint(tone(strongest), &format!("{:8}", strongest.to_uppercase())),
    ];
    if text(record, "mode") == "monitor" {
        fields.push(style.paint(Tone::Dim, "monitor"));
    }
    fields.push(style.paint(Tone::Dim, dialect.unwrap_or("unknown")));
    fields.push(told.join("; "));
    if let Some(status) = record.get("status").and_then(Value::as_u64) {
        let by = if text(record, "answered_by") == "proxy" { " (by the proxy itself)" } else { "" };
        fields.push(style.paint(if status < 400 { Tone::Good } else { Tone::Bad }, &format!("{status}{by}")));
    }
    let exchange: String = text(record, "exchange").chars().take(8).collect();
    fields.push(style.paint(Tone::Dim, &format!("#{exchange}")));
    fields.join("  ")
}

fn side(name: &str, side: &Value, style: Style) -> String {
    let action = text(side, "action");
    let mut told = format!("{name} {}", style.paint(tone(action), action));
    let would = text(side, "would");
    if !would.is_empty() && would != action {
        told += &style.paint(Tone::Notice, &format!(" (would {would})"));
    }
    let rules = counted(list(side, "rules").map(rule));
    if !rules.is_empty() {
        told += &format!(" by {}", style.paint(Tone::Strong, &rules.join(", ")));
    }
    let mut reasons = counted(list(side, "findings").map(finding));
    reasons.extend(counted(list(side, "faults").map(fault)));
    if !reasons.is_empty() {
        told += &format!(": {}", printable(&reasons.join(", ")));
    }
    let inspected = text(side, "inspected");
    if !inspected.is_empty() && inspected != "full" {
        told += &style.paint(Tone::Notice, &format!(" [inspected {inspected}]"));
    }
    told
}

fn rule(rule: &Value) -> String {
    let monitored = rule.get("monitor").and_then(Value::as_bool).unwrap_or(false);
    let exception = text(rule, "exception");
    let lifted = if exception.is_empty() { String::new() } else { format!(" (lifted by {exception})") };
    format!("{}{lifted}{}", text(rule, "id"), if monitored { " (monitor)" } else { "" })
}

fn finding(finding: &Value) -> String {
    let carried = if text(finding, "state") == "carried" { " (carried)" } else { "" };
    format!("{} in {}{carried}", text(finding, "detector"), text(finding, "scope"))
}

fn fault(fault: &Value) -> String {
    format!("fault {} -> {}", text(fault, "fault"), text(fault, "outcome"))
}

/// Equal texts become one, with how often they came, in order of first appearance.
fn counted(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen: Vec<(String, usize)> = Vec::new();
    for text in texts {
        match seen.iter_mut().find(|(known, _)| *known == text) {
            Some((_, count)) => *count += 1,
            None => seen.push((text, 1)),
        }
    }
    seen.into_iter().map(|(text, count)| if count == 1 { text } else { format!("{text} x{count}") }).collect()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    value.get(name).and_then(Value::as_array).into_iter().flatten()
}

/// The order of actions, weakest first.
pub fn rank(action: &str) -> u8 {
    match action {
        "allow" => 0,
        "flag" => 1,
        "redact" => 2,
        "escalate" => 3,
        _ => 4,
    }
}

/// The tone of an action.
pub fn tone(action: &str) -> Tone {
    match rank(action) {
        0 => Tone::Good,
        1..=3 => Tone::Notice,
        _ => Tone::Bad,
    }
}
