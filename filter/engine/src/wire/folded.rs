//! Names that some readers take for the same member.
//!
//! Go's `encoding/json` (Ollama, many gateways) compares names without case, and so can those of .NET and Java; the JSON
//! form of Protocol Buffers (Gemini, Vertex) takes `snake_case` and `camelCase` for one field.

/// Whether a name is the documented one to some reader.
pub(super) fn same_name(documented: &str, name: &str) -> bool {
    documented == name || letters(documented).eq(letters(name))
}

/// Whether a name is the documented one in the other of the two spellings that Protocol Buffers write, as A2A's older clients do:
/// nobody hides anything in it, since they write all of their members so.
pub(super) fn other_spelling(documented: &str, name: &str) -> bool {
    snake(documented).eq(name.chars()) || snake(name).eq(documented.chars())
}

/// `camelCase` as `camel_case`.
fn snake(name: &str) -> impl Iterator<Item = char> {
    name.chars().flat_map(|letter| {
        let upper = letter.is_ascii_uppercase();
        upper.then_some('_').into_iter().chain(std::iter::once(letter.to_ascii_lowercase()))
    })
}

/// The letters of a name that every one of those readers compares.
fn letters(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|letter| !matches!(letter, '_' | '-')).map(|letter| match letter {
        // LATIN SMALL LETTER LONG S and KELVIN SIGN fold to ASCII letters, and the two letters I of Turkish in its locale.
        '\u{17f}' => 's',
        '\u{212a}' => 'k',
        '\u{130}' | '\u{131}' => 'i',
        other => other.to_ascii_lowercase(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings() {
        assert!(other_spelling("messageId", "message_id") && other_spelling("tool_calls", "toolCalls"));
        for name in ["Messages", "MESSAGES", "messages_", "me\u{17f}sages"] {
            assert!(!other_spelling("messages", name), "{name}");
        }
    }

    #[test]
    fn names() {
        for name in ["tool_calls", "toolCalls", "TOOL_CALLS", "tool-calls", "tool_call\u{17f}", "_toolcalls"] {
            assert!(same_name("tool_calls", name), "{name}");
        }
        assert!(same_name("token_id", "to\u{212a}en\u{131}d"));
        for name in ["tool_call", "tools_calls", "tool calls", "tool_call\u{df}", ""] {
            assert!(!same_name("tool_calls", name), "{name}");
        }
    }
}
