//! An error on a terminal: the message, the place, the line, the text underlined, and what would be right.

use std::fmt::Write;

use super::diagnostic::Diagnostic;
use super::problem::is_unsafe_to_show;

/// Characters of a line that are shown at most ...
const WIDTH: usize = 100;
/// ... and how many of them before the underlined text, where the line is longer.
const LEAD: usize = 30;

/// Finds lines and columns of ascending offsets, reading the text once.
pub(super) struct Lines<'s> {
    source: &'s str,
    at: usize,
    line: usize,
    begin: usize,
}

impl<'s> Lines<'s> {
    pub(super) fn new(source: &'s str) -> Self {
        Lines { source, at: 0, line: 1, begin: 0 }
    }

    /// Line and column (in characters) of an offset, both from 1. Offsets must not go down.
    pub(super) fn place(&mut self, offset: usize) -> (usize, usize) {
        let offset = self.source.floor_char_boundary(offset);
        for (i, byte) in self.source.bytes().enumerate().take(offset).skip(self.at) {
            if byte == b'\n' {
                self.line = self.line.saturating_add(1);
                self.begin = i.saturating_add(1);
            }
        }
        self.at = offset;
        let before = self.source.get(self.begin..offset).unwrap_or_default();
        (self.line, before.chars().count().saturating_add(1))
    }
}

struct Paint {
    error: &'static str,
    frame: &'static str,
    help: &'static str,
    bold: &'static str,
    off: &'static str,
}

const COLOUR: Paint =
    Paint { error: "\x1b[1;31m", frame: "\x1b[1;34m", help: "\x1b[1;36m", bold: "\x1b[1m", off: "\x1b[0m" };
const PLAIN: Paint = Paint { error: "", frame: "", help: "", bold: "", off: "" };

pub(super) fn render(error: &Diagnostic, source: Option<&str>, file_name: &str, colour: bool) -> String {
    let Paint { error: red, frame, help, bold, off } = if colour { COLOUR } else { PLAIN };
    let mut out = format!("{red}error[{}]{off}{bold}: {}{off}\n", error.code, error.message);
    let number = error.line.to_string();
    let margin = " ".repeat(number.len());
    match source {
        Some(source) => {
            let shown = excerpt(source, error);
            let _ = writeln!(out, "{margin}{frame}-->{off} {file_name}:{}:{}", error.line, error.column);
            let _ = writeln!(out, "{margin} {frame}|{off}");
            let _ = writeln!(out, "{frame}{number} |{off} {}", shown.line);
            let blank = " ".repeat(shown.before);
            let carets = "^".repeat(shown.under);
            let _ = writeln!(out, "{margin} {frame}|{off} {blank}{red}{carets}{off}");
        }
        None => {
            let _ = writeln!(out, "{margin}{frame}-->{off} {file_name}");
        }
    }
    if !error.path.is_empty() {
        let _ = writeln!(out, "{margin} {frame}={off} at `{}`", error.path);
    }
    if let Some(text) = &error.help {
        let _ = writeln!(out, "{margin} {frame}={off} {help}help{off}: {text}");
    }
    out
}

struct Excerpt {
    line: String,
    before: usize,
    under: usize,
}

/// The first line of the error's span, cut where it is long, with the characters to underline. Every character of the
/// line becomes exactly one, so that the underline stands where it should.
fn excerpt(source: &str, error: &Diagnostic) -> Excerpt {
    let start = source.floor_char_boundary(error.span.start);
    let begin = source.get(..start).and_then(|before| before.rfind('\n')).map_or(0, |at| at.saturating_add(1));
    let line = source.get(begin..).and_then(|rest| rest.split('\n').next()).unwrap_or_default();
    let line = line.strip_suffix('\r').unwrap_or(line);
    let column = error.column.saturating_sub(1);
    let length = line.chars().count();
    let spanned = source.get(error.span.clone()).unwrap_or_default();
    let wanted = spanned.split('\n').next().unwrap_or_default().trim_end().chars().count();
    let from = if length <= WIDTH { 0 } else { column.saturating_sub(LEAD).min(length.saturating_sub(WIDTH)) };
    let shown: String = line.chars().skip(from).take(WIDTH).map(showable).collect();
    let (head, tail) = (from > 0, from.saturating_add(WIDTH) < length);
    let before = column.saturating_sub(from);
    let under = wanted.min(WIDTH.saturating_sub(before)).max(1);
    let (dots, after) = (if head { "…" } else { "" }, if tail { "…" } else { "" });
    Excerpt { line: format!("{dots}{shown}{after}"), before: before.saturating_add(usize::from(head)), under }
}

fn showable(character: char) -> char {
    match character {
        '\t' => ' ',
        other if is_unsafe_to_show(other) => char::REPLACEMENT_CHARACTER,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(source: &str, text: &str) -> Excerpt {
        let start = source.find(text).unwrap_or_default();
        let (line, column) = Lines::new(source).place(start);
        let (path, message) = (String::new(), String::new());
        let span = start..start + text.len();
        excerpt(source, &Diagnostic { code: "syntax", path, span, line, column, message, help: None })
    }

    #[test]
    fn long_lines_are_cut_around_the_text() {
        let source = format!("first\n\t{}HERE{}\nlast", "é".repeat(500), "y".repeat(500));
        let shown = at(&source, "HERE");
        let under: String = shown.line.chars().skip(shown.before).take(shown.under).collect();
        assert_eq!((under.as_str(), shown.line.chars().count()), ("HERE", WIDTH + 2));
        let short = at("a\tHERE\r\nb", "HERE");
        assert_eq!((short.line.as_str(), short.before, short.under), ("a HERE", 2, 4));
    }

    #[test]
    fn an_underline_ends_with_its_line_and_is_never_empty() {
        let shown = at("{\n  \"a\": {  \n  }\n}", "{  \n  }");
        assert_eq!((shown.before, shown.under), (7, 1));
        let end = at("abc\n", "\n");
        assert_eq!((end.before, end.under), (3, 1));
    }

    #[test]
    fn nothing_that_a_terminal_obeys_is_shown() {
        assert_eq!(at("x\u{1b}[31m\u{202e}HERE", "HERE").line, "x\u{fffd}[31m\u{fffd}HERE");
    }
}
