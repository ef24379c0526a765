//! The type that holds user text and cannot print it.
//!
//! Whatever a client, a model or a tool wrote travels through the engine as [`Sensitive`]. Its `Debug` shows a length,
//! it has no `Display` and no `Serialize`, so text cannot reach a log line, an error, a metric or a record by accident.
//! The only way to the text is [`Sensitive::expose`], which is easy to search for.

use std::fmt;

/// Text of a user, a model or a tool.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Sensitive<T>(T);

impl<T> Sensitive<T> {
    /// Wraps a text.
    pub const fn new(text: T) -> Self {
        Self(text)
    }
}

impl<T: AsRef<[u8]>> Sensitive<T> {
    /// The text itself, for the code that inspects or forwards it. What comes out must not be formatted.
    pub fn expose(&self) -> &T {
        &self.0
    }

    /// The text itself, given away.
    pub fn into_exposed(self) -> T {
        self.0
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.0.as_ref().len()
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Sensitive<String> {
    /// Appends more of the text.
    pub fn push_str(&mut self, more: &str) {
        self.0.push_str(more);
    }
}

impl<T: AsRef<[u8]>> fmt::Debug for Sensitive<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sensitive({} bytes)", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_a_length_and_nothing_else() {
        assert_eq!(format!("{:?}", Sensitive::new("my card is 4111")), "Sensitive(15 bytes)");
        assert_eq!(format!("{:#?}", Some(Sensitive::new(vec![1u8, 2]))), "Some(\n    Sensitive(2 bytes),\n)");
    }
}
