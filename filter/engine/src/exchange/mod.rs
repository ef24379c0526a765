//! Meaning to parts: every text of a message is decoded, looked into for further JSON, and handed on once.
//!
//! Flows in: a document and its outline, a form, a plain text, or headers. Flows out: [`Part`]s with their text, into a
//! [`Sink`], and [`Layers`] that lead from any range of a part back to bytes. Promises: no text is kept; JSON inside a
//! string or a field is read like the outer one, down to `limits.nesting`; what cannot be read as JSON is handed on as
//! text.

mod event;
mod fields;
mod headers;
mod layers;
pub mod media;
mod multipart;
mod number;
mod part;
mod walk;

pub use event::{EventRead, Piece, event};
pub use fields::{also_as_form, body_form};
pub use headers::{CREDENTIAL_HEADERS, credential, header_parts, trailer_parts};
pub use layers::{Edit, LayerId, Layers};
pub use multipart::body_multipart;
pub use part::{Part, Place};
pub use walk::{Reading, beside_parts, body_json, body_text, held_json};

/// Takes the parts of a message, one by one.
pub trait Sink {
    /// One part and its text. Answers whether the place of the part will be needed again.
    fn part(&mut self, part: Part, text: &str) -> bool;

    /// So many bytes are about to be read, before their texts are handed on. False where that would be too much work.
    fn examine(&mut self, bytes: usize) -> bool {
        let _ = bytes;
        true
    }

    /// One part that is the value of a JSON member, with the key it stands under: `{"SecretAccessKey": "..."}` says what
    /// its value is.
    fn named(&mut self, part: Part, key: &str, text: &str) -> bool {
        let _ = key;
        self.part(part, text)
    }
}
