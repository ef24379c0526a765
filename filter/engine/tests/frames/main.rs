//! The readers of streams: what they make of examples, that no cut of the bytes changes it, and that rewriting one frame
//! changes one frame.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test that cannot go on must fail, and says where")]

mod aws;
mod cuts;
mod json_array;
mod lines;
mod mutations;
mod sse;
