//! One error type: a sentence for the person at the terminal, and the exit code it ends the command with.

use std::fmt;

/// A failure, told in one clear sentence (lower case, no full stop).
#[derive(Debug, Clone)]
pub struct Error {
    message: String,
    exit: u8,
}

/// What everything here returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error that says `message` and ends the command with exit code 1.
    pub fn new(message: impl Into<String>) -> Error {
        Error { message: message.into(), exit: 1 }
    }

    /// The same error with another exit code.
    #[must_use]
    pub fn exit_code(mut self, code: u8) -> Error {
        self.exit = code;
        self
    }

    /// The exit code of the command that ends with this error.
    pub fn code(&self) -> u8 {
        self.exit
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// Says what was being done when something from outside failed.
pub(crate) trait Context<T> {
    /// Puts `what` (as in "cannot read `x`") before the cause.
    fn context<S: fmt::Display>(self, what: impl FnOnce() -> S) -> Result<T>;
}

impl<T, E: fmt::Display> Context<T> for std::result::Result<T, E> {
    fn context<S: fmt::Display>(self, what: impl FnOnce() -> S) -> Result<T> {
        self.map_err(|cause| Error::new(format!("{}: {cause}", what())))
    }
}
