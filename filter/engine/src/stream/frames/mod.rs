//! Streams of events, cut into frames.
//!
//! Flows in: the bytes of a stream, in whatever chunks they arrive. Flows out: [`Frame`]s, each the bytes of one event
//! exactly as they came, with the text in it. Promises:
//! - No byte is lost or made up: the bytes of all frames, then [`Frames::rest`], are the bytes that were pushed.
//! - Where frames begin and end depends on the bytes alone, never on how they were cut into chunks.
//! - A frame is out as soon as its last byte has arrived (server-sent events have one exception, told in `sse`).
//! - Every text of a frame that is not a fixed word of its format comes out of it: nothing passes uninspected.
//! - Each byte is looked at a fixed number of times, and only the frame that is not yet complete is kept, up to the length
//!   that the caller allows.
//!
//! What the text of a frame means is the business of `wire`.

mod aws;
mod chunk;
mod frame;
mod json_array;
mod lines;
mod sse;

pub use aws::aws_event;
pub use frame::Frame;
pub use sse::sse_event;

use std::fmt;

/// How a stream is cut into frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Server-sent events, `text/event-stream` (WHATWG HTML, section 9.2). A frame is an event up to and with its blank
    /// line.
    Sse,
    /// One text per line, usually JSON: `application/x-ndjson`, `application/jsonl`. A frame is a line with its end.
    Lines,
    /// Messages of `application/vnd.amazon.eventstream` (Smithy: Amazon event stream specification). Both checksums are
    /// verified.
    AwsEventStream,
    /// The same, where the payload is `{"bytes":"<base64>", ..}` and the text is what the base64 decodes to: Bedrock's
    /// InvokeModelWithResponseStream. Payloads of another shape are their own text.
    AwsEventStreamChunks,
    /// One JSON array whose elements arrive one by one: Gemini's streamGenerateContent without `alt=sse`. `[` and `]` are
    /// frames of their own; the comma before an element belongs to the element's frame.
    JsonArray,
}

/// Why a stream cannot be read any further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// A frame is longer than allowed.
    TooLong,
    /// A checksum does not fit its bytes.
    Checksum,
    /// The bytes are not of this format, two readers could understand them differently, or the stream ends inside a frame
    /// that has to be complete.
    Syntax,
    /// A text is not UTF-8.
    Utf8,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Broken::TooLong => "a frame of the stream is too long",
            Broken::Checksum => "a checksum in the stream is wrong",
            Broken::Syntax => "the stream is not of its format",
            Broken::Utf8 => "a text in the stream is not UTF-8",
        })
    }
}

impl std::error::Error for Broken {}

/// Cuts one stream into frames.
pub struct Frames {
    format: Format,
    /// How far the frame in `rest` has been read.
    scanner: Scanner,
    /// The bytes of the frame that is not complete. Never longer than `most`, except after an error: then also what came
    /// in the same push behind it.
    rest: Vec<u8>,
    /// Bytes that a frame may have.
    most: usize,
    /// Once set, no byte is taken any more.
    broken: Option<Broken>,
}

impl fmt::Debug for Frames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Frames({:?}, {} bytes pending, broken: {:?})", self.format, self.rest.len(), self.broken)
    }
}

/// The part of a format that finds where a frame ends. `scan` is given the bytes that follow those it has been given
/// before, and returns how many of them complete the frame (none, where only the next byte could tell), or `None` when all
/// of them belong to a frame that goes on.
enum Scanner {
    Sse(sse::Scanner),
    Lines,
    Aws(aws::Scanner),
    JsonArray(json_array::Scanner),
}

impl Scanner {
    fn scan(&mut self, bytes: &[u8], most: usize) -> Result<Option<usize>, Broken> {
        match self {
            Scanner::Sse(scanner) => Ok(scanner.scan(bytes)),
            Scanner::Lines => Ok(lines::end(bytes)),
            Scanner::Aws(scanner) => scanner.scan(bytes, most),
            Scanner::JsonArray(scanner) => scanner.scan(bytes),
        }
    }
}

impl Frames {
    /// A reader at the start of a stream. No frame may have more than `most` bytes.
    pub fn new(format: Format, most: usize) -> Self {
        let scanner = match format {
            Format::Sse => Scanner::Sse(sse::Scanner::default()),
            Format::Lines => Scanner::Lines,
            Format::AwsEventStream | Format::AwsEventStreamChunks => Scanner::Aws(aws::Scanner::default()),
            Format::JsonArray => Scanner::JsonArray(json_array::Scanner::default()),
        };
        Frames { format, scanner, rest: Vec::new(), most, broken: None }
    }

    /// Takes the next bytes of the stream and appends the frames that they complete to `out`.
    ///
    /// A single byte can be a frame (a blank line), and a frame costs some 200 bytes beside its own: a caller that has to
    /// bound its memory pushes large chunks in slices and takes the frames out in between, which changes nothing else.
    ///
    /// # Errors
    /// [`Broken`] when the stream cannot be read on. Frames before that place are in `out`, and everything else of this
    /// push is in [`Frames::rest`]. Later calls give the same error and take no bytes.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<Frame>) -> Result<(), Broken> {
        if let Some(broken) = self.broken {
            return Err(broken);
        }
        let mut bytes = bytes;
        while !bytes.is_empty() {
            match self.next(&mut bytes) {
                Ok(frame) => out.extend(frame),
                Err(broken) => {
                    self.rest.extend_from_slice(bytes);
                    self.broken = Some(broken);
                    return Err(broken);
                }
            }
        }
        Ok(())
    }

    /// Takes from `bytes` what completes a frame, or all of them where they do not; none of them at an error of the scanner.
    /// That sees at most one byte more than a frame may have, so the error is the same however the bytes are cut.
    fn next(&mut self, bytes: &mut &[u8]) -> Result<Option<Frame>, Broken> {
        let room = self.most.saturating_sub(self.rest.len());
        let window = bytes.get(..room.saturating_add(1)).unwrap_or(bytes);
        let end = self.scanner.scan(window, self.most)?;
        let taken = end.unwrap_or(window.len());
        if taken > room {
            return Err(Broken::TooLong);
        }
        let (ours, left) = bytes.split_at_checked(taken).unwrap_or((bytes, &[]));
        self.rest.extend_from_slice(ours);
        *bytes = left;
        end.map(|_| self.cut()).transpose()
    }

    /// Takes the end of the stream: what is left becomes a last frame where the format, or a lenient reader of it, would
    /// take it for one (an event without its blank line, a line without its end).
    ///
    /// # Errors
    /// [`Broken`] as with [`Frames::push`]; [`Broken::Syntax`] when the stream ends inside a message or an array.
    pub fn finish(&mut self, out: &mut Vec<Frame>) -> Result<(), Broken> {
        if let Some(broken) = self.broken {
            return Err(broken);
        }
        let whole = match &self.scanner {
            Scanner::Sse(_) | Scanner::Lines => true,
            Scanner::Aws(_) => self.rest.is_empty(),
            Scanner::JsonArray(scanner) => scanner.may_end(),
        };
        let last = match whole {
            true if self.rest.is_empty() => return Ok(()),
            true => self.cut(),
            false => Err(Broken::Syntax),
        };
        match last {
            Ok(frame) => out.push(frame),
            Err(broken) => {
                self.broken = Some(broken);
                return Err(broken);
            }
        }
        Ok(())
    }

    /// Makes a frame of all that is in `rest`, or leaves it there.
    fn cut(&mut self) -> Result<Frame, Broken> {
        let bytes = std::mem::take(&mut self.rest);
        let read = match &mut self.scanner {
            Scanner::Sse(scanner) => sse::read(bytes, scanner.take_lead()),
            Scanner::Lines => lines::read(bytes),
            Scanner::Aws(_) => aws::read(bytes, self.format == Format::AwsEventStreamChunks),
            Scanner::JsonArray(_) => json_array::read(bytes),
        };
        read.map_err(|(broken, bytes)| {
            self.rest = bytes;
            broken
        })
    }

    /// Bytes that are kept because their frame is not complete.
    pub fn pending(&self) -> usize {
        self.rest.len()
    }

    /// The bytes that are kept because their frame is not complete; after an error also those behind it in the same push.
    pub fn rest(&self) -> &[u8] {
        &self.rest
    }
}
