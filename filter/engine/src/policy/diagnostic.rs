//! What is wrong with a policy, and where.

use std::fmt;
use std::ops::Range;

use super::problem::Problem;
use super::render;

/// Every error of one policy, in the order in which they stand in it. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostics {
    /// The text of the policy; `None` when it came as a Struct, which has no lines.
    source: Option<String>,
    errors: Vec<Diagnostic>,
}

/// One error.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Diagnostic {
    /// The stable name of this kind of error, one of [`CODES`](super::CODES).
    pub code: &'static str,
    /// Where in the document: `rules[2].then.action`; empty for the document itself.
    pub path: String,
    /// Where in the text, in bytes. Empty (`0..0`) when the policy came as a Struct.
    pub span: Range<usize>,
    /// The line, from 1; 0 when the policy came as a Struct.
    pub line: usize,
    /// The column in characters, from 1; 0 when the policy came as a Struct.
    pub column: usize,
    /// What is wrong: lower case, no full stop, text of the policy in back-ticks.
    pub message: String,
    /// What would be right.
    pub help: Option<String>,
}

impl Diagnostics {
    /// Puts problems in order and finds their lines.
    pub(super) fn new(source: &str, mut problems: Vec<Located>) -> Self {
        problems.sort_by_key(|located| (located.span.start, located.span.end));
        let mut lines = render::Lines::new(source);
        let errors = problems
            .into_iter()
            .map(|located| {
                let (line, column) = lines.place(located.span.start);
                Diagnostic {
                    code: located.problem.code(),
                    path: located.path,
                    line,
                    column,
                    message: located.problem.message(),
                    help: located.problem.help(),
                    span: located.span,
                }
            })
            .collect();
        Diagnostics { source: Some(source.to_owned()), errors }
    }

    /// The error of a configuration that is no text.
    pub(super) fn not_text() -> Self {
        let located = Located { problem: Problem::NotText, path: String::new(), span: 0..0 };
        Diagnostics::new("", vec![located]).without_places()
    }

    /// The same errors without places in a text that nobody has written.
    pub(super) fn without_places(mut self) -> Self {
        self.source = None;
        for error in &mut self.errors {
            (error.span, error.line, error.column) = (0..0, 0, 0);
        }
        self
    }

    /// Every error, in order.
    pub fn errors(&self) -> &[Diagnostic] {
        &self.errors
    }

    /// Every error with its line, underlined, for a terminal. `file_name` is only shown.
    pub fn render(&self, file_name: &str, colour: bool) -> String {
        let source = self.source.as_deref();
        let shown: Vec<String> =
            self.errors.iter().map(|error| render::render(error, source, file_name, colour)).collect();
        shown.join("\n")
    }

    /// Every error as one JSON array of objects with the fields of [`Diagnostic`].
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(&self.errors).unwrap_or_else(|_| "[]".to_owned())
    }
}

/// One line per error, fit for a log: `path: line:column: message (help: ..)`.
impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, error) in self.errors.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{error}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        if self.line > 0 {
            write!(f, "{}:{}: ", self.line, self.column)?;
        }
        f.write_str(&self.message)?;
        self.help.as_ref().map_or(Ok(()), |help| write!(f, " (help: {help})"))
    }
}

impl std::error::Error for Diagnostics {}

/// A problem and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Located {
    pub(super) problem: Problem,
    pub(super) path: String,
    pub(super) span: Range<usize>,
}
