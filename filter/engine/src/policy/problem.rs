//! Everything that can be wrong with a policy, in the words that people read.
//!
//! Messages are lower case, without full stop, with the policy's own text in back-ticks. Each kind of problem has a
//! code; `tests/policy_errors` holds a case for every code.

use std::fmt::Write;

use super::near::nearest;

macro_rules! problems {
    ($($(#[doc = $doc:literal])+ $variant:ident $({ $($field:ident: $type:ty),+ })? = $code:literal;)+) => {
        /// One thing that is wrong, without its place.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub(super) enum Problem { $($(#[doc = $doc])+ $variant $({ $($field: $type),+ })?,)+ }

        /// The code of every kind of problem.
        pub const CODES: &[&str] = &[$($code,)+];

        impl Problem {
            /// The stable name of this kind of problem.
            pub(super) fn code(&self) -> &'static str {
                match self { $(Problem::$variant { .. } => $code,)+ }
            }
        }
    };
}

problems! {
    /// Not JSON.
    Syntax { expected: String } = "syntax";
    /// The configuration is no text at all.
    NotText = "not_text";
    /// Beyond a bound that is no setting.
    TooLarge { what: String } = "too_large";
    /// Another kind of JSON value.
    WrongType { expected: &'static str, found: &'static str } = "wrong_type";
    /// A field that does not exist here.
    UnknownField { name: String, known: &'static [&'static str] } = "unknown_field";
    /// A field that a later version will have.
    FutureField { name: String, instead: &'static str } = "future_field";
    /// The same field again.
    DuplicateKey { name: String } = "duplicate_key";
    /// A required field is missing.
    MissingField { name: &'static str, help: &'static str } = "missing_field";
    /// A word outside a closed set.
    UnknownWord { word: String, what: &'static str, known: Vec<&'static str> } = "unknown_word";
    /// A name that other systems could not carry.
    BadName { name: String, form: &'static str } = "bad_name";
    /// A text that says nothing.
    EmptyText = "empty_text";
    /// A text with half a surrogate pair.
    BrokenText = "broken_text";
    /// A list without elements.
    EmptyList = "empty_list";
    /// A number with a fraction or an exponent.
    NotAnInteger { number: String } = "not_an_integer";
    /// A number outside its bounds.
    OutOfRange { number: String, least: u64, most: u64 } = "out_of_range";
    /// A version this Weir does not read.
    UnknownVersion { version: String } = "unknown_version";
    /// Two things with one id.
    DuplicateId { id: String, first: String } = "duplicate_id";
    /// No detector has this id, or fits this glob.
    UnknownDetector { id: String, known: Vec<String> } = "unknown_detector";
    /// An exception to a rule that does not exist.
    UnknownRule { id: String, known: Vec<String> } = "unknown_rule";
    /// A condition on findings without detectors.
    NeedsDetectors { name: &'static str } = "needs_detectors";
    /// A condition on parts in `unless` of a rule on exchanges.
    NeedsParts { name: &'static str } = "needs_parts";
    /// Redact what?
    NothingToRedact = "nothing_to_redact";
    /// Something that must not come back, or cannot.
    NotReversible { why: &'static str, detectors: Vec<String> } = "not_reversible";
    /// An option of another action.
    WrongOption { name: &'static str, action: &'static str } = "wrong_option";
    /// Conditions that nothing can fulfil.
    NeverMatches { why: &'static str } = "never_matches";
    /// An exception that cannot weaken its rule.
    NeverWeakens { why: &'static str } = "never_weakens";
    /// A bypass without conditions.
    BypassesAll = "bypasses_all";
    /// No moment in time.
    BadDate { text: String } = "bad_date";
    /// Not the name of an HTTP method.
    BadMethod { text: String } = "bad_method";
    /// Not the name of a header.
    BadHeader { text: String } = "bad_header";
    /// Neither words nor an expression, or both.
    CustomKind = "custom_kind";
    /// An expression that does not compile.
    BadRegex { reason: String } = "bad_regex";
    /// A literal that is too common to look for.
    ShortLiteral { least: usize } = "short_literal";
}

impl Problem {
    /// What is wrong.
    pub(super) fn message(&self) -> String {
        match self {
            Problem::Syntax { expected } => expected.clone(),
            Problem::NotText => "the configuration is neither JSON text nor a google.protobuf.Struct".to_owned(),
            Problem::TooLarge { what } => what.clone(),
            Problem::WrongType { expected, found } => format!("expected {expected}, found {found}"),
            Problem::UnknownField { name, .. } | Problem::FutureField { name, .. } => {
                format!("unknown field {}", quoted(name))
            }
            Problem::DuplicateKey { name } => format!("field {} occurs twice", quoted(name)),
            Problem::MissingField { name, .. } => format!("missing field `{name}`"),
            Problem::UnknownWord { word, what, .. } => format!("{} is not {what}", quoted(word)),
            Problem::BadName { name, .. } => format!("{} is not a name", quoted(name)),
            Problem::EmptyText => "the text is empty".to_owned(),
            Problem::BrokenText => "the text holds half a surrogate pair".to_owned(),
            Problem::EmptyList => "the list is empty".to_owned(),
            Problem::NotAnInteger { number } => format!("{} is not an integer", quoted(number)),
            Problem::OutOfRange { number, .. } => format!("{} is out of range", quoted(number)),
            Problem::UnknownVersion { version } => format!("unknown version {}", quoted(version)),
            Problem::DuplicateId { id, .. } => format!("id {} is taken", quoted(id)),
            Problem::UnknownDetector { id, .. } if super::glob::is_pattern(id) => {
                format!("no detector fits {}", quoted(id))
            }
            Problem::UnknownDetector { id, .. } => format!("unknown detector {}", quoted(id)),
            Problem::UnknownRule { id, .. } => format!("unknown rule {}", quoted(id)),
            Problem::NeedsDetectors { name } => format!("`{name}` needs `detectors` beside it"),
            Problem::NeedsParts { name } => {
                format!("`{name}` in `unless` needs `detectors` or `scope` in `when`")
            }
            Problem::NothingToRedact => "`redact` needs `detectors` or `scope` in `when`".to_owned(),
            Problem::NotReversible { why, detectors } => not_reversible(why, detectors),
            Problem::WrongOption { name, action } => format!("`{name}` is an option of `{action}` only"),
            Problem::NeverMatches { .. } => "the rule can never match".to_owned(),
            Problem::NeverWeakens { .. } => "the exception can never apply".to_owned(),
            Problem::BypassesAll => "a bypass needs at least one condition".to_owned(),
            Problem::BadDate { text } => format!("{} is not a date", quoted(text)),
            Problem::BadMethod { text } => format!("{} is not an HTTP method", quoted(text)),
            Problem::BadHeader { text } => format!("{} is not the name of a header", quoted(text)),
            Problem::CustomKind => "a custom detector has either `keywords` or `regex`".to_owned(),
            Problem::BadRegex { reason } => format!("the regular expression is refused: {}", plain(reason)),
            Problem::ShortLiteral { .. } => "the literal is too short".to_owned(),
        }
    }

    /// What would be right.
    pub(super) fn help(&self) -> Option<String> {
        Some(match self {
            Problem::UnknownField { name, known } => did_you_mean(name, known, "the fields here are"),
            Problem::FutureField { instead, .. } => (*instead).to_owned(),
            Problem::DuplicateKey { .. } => "readers differ in which one they keep; remove one".to_owned(),
            Problem::MissingField { help, .. } | Problem::BadName { form: help, .. } => (*help).to_owned(),
            Problem::UnknownWord { word, known, .. } => did_you_mean(word, known, "write one of"),
            Problem::EmptyText => "write a text, or remove the field".to_owned(),
            Problem::BrokenText => "write both halves of the pair, or the character itself".to_owned(),
            Problem::EmptyList => "nothing is in an empty list; remove the field where everything is meant".to_owned(),
            Problem::NotAnInteger { .. } => "numbers have neither fraction nor exponent".to_owned(),
            Problem::OutOfRange { least, most, .. } => format!("write a number from {least} to {most}"),
            Problem::UnknownVersion { .. } => "this version of Weir reads `\"version\": 1`".to_owned(),
            Problem::DuplicateId { first, .. } => format!("the first one is `{first}`"),
            Problem::UnknownDetector { id, known } => unknown_detector(id, known),
            Problem::UnknownRule { id, known } => did_you_mean(id, known, "the rules are"),
            Problem::NeedsDetectors { .. } => "say which detectors' findings it speaks of".to_owned(),
            Problem::NeedsParts { .. } => {
                "a rule with neither decides on the whole exchange, which has no scope and no findings of its own"
                    .to_owned()
            }
            Problem::NothingToRedact => {
                "say what to replace: findings of `detectors`, or all text of a `scope`".to_owned()
            }
            Problem::NotReversible { detectors, .. } if detectors.is_empty() => {
                "write `placeholder`, or name detectors whose findings in requests are to come back".to_owned()
            }
            Problem::NotReversible { .. } => {
                "name detectors of `pii/*` or custom ones only, and redact secrets by a rule of their own".to_owned()
            }
            Problem::NeverMatches { why } | Problem::NeverWeakens { why } => (*why).to_owned(),
            Problem::BypassesAll => "give `path`, `host`, `route` or `method`; to decide nothing at all, use \
                                     `\"mode\": \"monitor\"`"
                .to_owned(),
            Problem::BadDate { .. } => "write `2030-12-31` or `2030-12-31T23:59:59Z`, in UTC".to_owned(),
            Problem::BadMethod { .. } => "methods are written in upper case: `POST`".to_owned(),
            Problem::BadHeader { .. } => "write a name such as `x-api-key`".to_owned(),
            Problem::CustomKind => {
                "write `\"keywords\": [\"one phrase\", ..]`, or `\"regex\"` with `\"literal\"` and `\"max_len\"`"
                    .to_owned()
            }
            Problem::BadRegex { .. } => {
                "Weir reads the syntax of the Rust crate regex-lite, without look-around and back-references".to_owned()
            }
            Problem::ShortLiteral { least } => {
                format!("write at least {least} characters that every match contains")
            }
            Problem::Syntax { .. } => {
                "a policy is strict JSON: double quotes, no comments, no comma before a closing bracket".to_owned()
            }
            Problem::NotText | Problem::TooLarge { .. } | Problem::WrongType { .. } | Problem::WrongOption { .. } => {
                return None;
            }
        })
    }
}

/// Names no more detectors than a person will read.
fn not_reversible(why: &str, detectors: &[String]) -> String {
    let Some(first) = detectors.first() else { return format!("`reversible` {why}") };
    match detectors.len().saturating_sub(1) {
        0 => format!("`reversible` {why} {}", quoted(first)),
        others => format!("`reversible` {why} {} and {others} more", quoted(first)),
    }
}

/// There are too many detectors to list, so that their families must do.
fn unknown_detector(id: &str, known: &[String]) -> String {
    let mut families: Vec<String> =
        known.iter().filter_map(|id| id.split_once('/')).map(|(family, _)| format!("{family}/*")).collect();
    families.sort_unstable();
    families.dedup();
    match nearest(id, known) {
        Some(near) => format!("did you mean `{near}`"),
        None => did_you_mean(id, &families, "the families of detectors are"),
    }
}

/// More than this many names are not listed.
const LISTED: usize = 24;

fn did_you_mean<S: AsRef<str>>(name: &str, known: &[S], otherwise: &str) -> String {
    if let Some(near) = nearest(name, known) {
        return format!("did you mean `{}`", plain(near));
    }
    if known.is_empty() {
        return "there are none".to_owned();
    }
    let mut list = otherwise.to_owned();
    for (i, known) in known.iter().take(LISTED).enumerate() {
        let comma = if i == 0 { "" } else { "," };
        let _ = write!(list, "{comma} `{}`", plain(known.as_ref()));
    }
    if known.len() > LISTED {
        let _ = write!(list, " and {} more", known.len().saturating_sub(LISTED));
    }
    list
}

/// Characters of the policy that one message repeats at most.
const QUOTED: usize = 60;

/// A text of the policy inside a message.
pub(super) fn quoted(text: &str) -> String {
    format!("`{}`", plain(text))
}

/// A text on one line, without anything that a terminal or a log would obey, cut to a readable length.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::new();
    for (i, character) in text.chars().enumerate() {
        if i == QUOTED {
            out.push('…');
            break;
        }
        if is_unsafe_to_show(character) {
            out.extend(character.escape_unicode());
        } else {
            out.push(character);
        }
    }
    out
}

/// Control characters, and the format characters that turn the direction of text or break lines.
pub(super) fn is_unsafe_to_show(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}
