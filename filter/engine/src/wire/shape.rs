//! What a dialect's documents look like, as plain data.
//!
//! A dialect is a handful of tables: for every object the members that its vendor documents, and for each member what may
//! stand there and who speaks in it. The tables add meaning and never take text away: whatever they do not name, and
//! whatever has another form than they say, is read leaf by leaf all the same (see [`super::reader`]).

use super::Scope;
use super::outline::TokenKind;

/// What may stand somewhere in a document.
#[derive(Debug)]
pub(super) enum Shape {
    /// Anything. Every text in it is spoken by whoever speaks here.
    Leaves,
    /// A text, or `null`.
    Text,
    /// A text that holds JSON, or the JSON itself.
    Json,
    /// One of these words, which are no text of anybody; also `null`.
    Words(&'static [&'static str]),
    /// Nothing, or `null`: only somebody else in the conversation has this member.
    Absent,
    /// The name of a model.
    Model,
    /// An image, audio or a file that Weir does not read, or `null`.
    Opaque,
    /// What repeats other text of the answer in pieces (see [`super::Outline::echoes`]), or `null`.
    Echo,
    /// How many tokens there were of this kind.
    Tokens(TokenKind),
    /// Why the model stopped, or `null` while it has not. What is being spoken here is complete with it.
    Finish,
    /// The same where a stream may say it before the last event: nothing is complete with it.
    Reason,
    /// The id of a JSON-RPC request, which its answer must repeat.
    RpcId,
    /// As the other says, but spoken by somebody else.
    As(Scope, &'static Shape),
    /// An array of these, or `null`.
    Each(&'static Shape),
    /// One of these, or an array of them.
    OneOrEach(&'static Shape),
    /// An object whose keys are anybody's words, with one of these under each, or `null`.
    Values(&'static Shape),
    /// A text, or (for everything that is no string) the other.
    TextOr(&'static Shape),
    /// An object of this form, or `null`.
    Object(&'static Object),
    /// An object whose form one of its members tells.
    Case(&'static Case),
    /// The turns of a conversation, oldest first.
    Turns(&'static Turns),
    /// The same, or the only turn by itself.
    OneOrTurns(&'static Turns),
    /// Streams: the next piece of a text, or `null`. The name tells it from the other texts that grow at the same place.
    Piece(&'static str),
    /// Streams: the next piece of a text, or (for everything that is no string) the other.
    PieceOr(&'static str, &'static Shape),
    /// Streams: a text that may stand for itself or be the next piece of one, so that it is read as both; or (for everything
    /// that is no string) the other.
    Said(&'static str, &'static Shape),
    /// Streams: the next piece of a text that is JSON once it is complete, and is held until then.
    JsonPiece(&'static str),
    /// Streams: the members of an object that number what it is a piece of: a choice, an item, a content part.
    Numbered(&'static [&'static str], &'static Shape),
    /// Streams: with this event, everything under the numbers read so far is complete.
    Ends(&'static Shape),
    /// Streams: `true` when everything under the numbers read so far is complete.
    Done,
}

/// The documented members of an object.
#[derive(Debug)]
pub(super) struct Object {
    /// Each with what stands there.
    pub(super) members: &'static [(&'static str, Shape)],
    /// A whole message that has none of these is something else altogether. Empty where all are optional.
    pub(super) marks: &'static [&'static str],
}

impl Object {
    /// An object all of whose members are optional.
    pub(super) const fn of(members: &'static [(&'static str, Shape)]) -> Self {
        Object { members, marks: &[] }
    }
}

/// Objects that one of their members tells apart.
#[derive(Debug)]
pub(super) struct Case {
    /// The member that tells.
    pub(super) by: &'static str,
    /// What it says, who speaks then (`None` for whoever speaks around it), and what the object looks like.
    pub(super) cases: &'static [(&'static [&'static str], Option<Scope>, Shape)],
    /// How to read an object whose member says something else. Where there is none it is not as documented, and read leaf
    /// by leaf.
    pub(super) otherwise: Option<&'static Shape>,
}

/// The turns of a conversation.
#[derive(Debug)]
pub(super) struct Turns {
    /// One turn.
    pub(super) each: &'static Shape,
    /// How the model's own turns are known: one of these members says one of these words.
    pub(super) own: &'static [(&'static str, &'static [&'static str])],
}
