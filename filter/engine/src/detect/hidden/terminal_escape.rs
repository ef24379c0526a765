//! Sequences that a terminal carries out.

use crate::detect::{Anchor, Candidate, Confidence, Detector, Evidence, Find, Outcome};

/// Bytes of parameters that are read.
const PARAMETERS: usize = 64;

pub(crate) const DETECTOR: Detector = Detector {
    id: "hidden/terminal-escape",
    label: "TERMINAL_ESCAPE",
    about: "an escape sequence that a terminal carries out instead of showing it, as a character or written as an escape; colours alone are possible, everything else likely (ECMA-48, section 5.4)",
    max_span: PARAMETERS + 16,
    anchors: &[
        Anchor::Text("\u{1B}["),
        Anchor::Text("\u{1B}]"),
        Anchor::Text("\u{1B}P"),
        Anchor::Text("\\u001b["),
        Anchor::Text("\\u001b]"),
        Anchor::Text("\\x1b["),
        Anchor::Text("\\x1b]"),
        Anchor::Text("\\033["),
        Anchor::Text("\\033]"),
        Anchor::Text("\\e["),
        Anchor::Text("\\e]"),
    ],
    find: Find::Code(find),
    tail: None,
    rank: 0,
};

pub(crate) const EVIDENCE: Evidence = Evidence {
    hits: &[
        &["see ", "\u{1B}[2J", " here"],
        &["see ", "\u{1B}[31;1m", "red"],
        &["see ", "\u{1B}]8;;", "https://example.com"],
        &["see ", "\\u001b[1A", "x"],
        &["echo -e '", "\\x1b[?25l", "'"],
        &["printf \"", "\\033]0;", "title\""],
    ],
    misses: &[&["\u{1B} [2J"], &["\\e[abc"], &["\u{1B}[\u{e9}"], &["a[2J"], &["\\x1c[2J"], &["regex \\e[^a]"]],
    computed: &[],
};

/// A control sequence is parameters (`0` to `?`), intermediates (space to `/`) and a final byte; a command to the operating
/// system is a number and a semicolon.
fn find(candidate: &Candidate<'_>) -> Outcome {
    let anchor = candidate.anchor();
    let opener = candidate.before(anchor.end);
    let parameters = candidate.run_up_to(anchor.end, PARAMETERS, |byte| matches!(byte, b' '..=b'?'));
    if candidate.must_wait(parameters) {
        return Outcome::Wait(anchor.start);
    }
    if opener != Some(b'[') {
        // Of a string to the terminal the beginning says enough.
        let digits = candidate.run_up_to(anchor.end, 4, |byte| byte.is_ascii_digit());
        let command = digits > anchor.end && candidate.at(digits) == Some(b';');
        let second = digits + 1 + usize::from(candidate.at(digits + 1) == Some(b';'));
        return if command { Outcome::Hit(anchor.start..second, Confidence::Likely) } else { Outcome::Miss };
    }
    let written = candidate.at(anchor.start) == Some(b'\\');
    match candidate.at(parameters) {
        Some(b'm') if parameters > anchor.end || !written => {
            Outcome::Hit(anchor.start..parameters + 1, Confidence::Possible)
        }
        // Written as an escape, a letter without parameters may be a set of characters in a pattern.
        Some(last @ b'@'..=b'~') if (parameters > anchor.end || !written) && last != b'^' => {
            Outcome::Hit(anchor.start..parameters + 1, Confidence::Likely)
        }
        _ => Outcome::Miss,
    }
}
