//! Names that some readers take for the same member.
//!
//! Go's `encoding/json` (Ollama, many gateways) compares names without case, and so can those of .NET and Java; the JSON
//! form of Protocol Buffers (Gemini, Vertex) takes `snake_case` and `camelCase` for one field.

/// Whether a name is the documented one to some reader.
pub(super) fn same_name(documented: &str, name: &str) -> bool {
    documented == name || letters(documented).eq(letters(name))
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
