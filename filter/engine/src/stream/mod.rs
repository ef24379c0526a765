//! Bytes to frames: readers that know a format of bytes and nothing of vendors.
//!
//! Flows in: bytes. Flows out: nodes with spans into those bytes, maps from decoded text back to them, and the frames of
//! streams. Promises: every span lies within its input and on character boundaries, nothing is read twice, and every
//! bound is a value of [`Limits`](crate::limits::Limits) or given by the caller.

#![deny(clippy::arithmetic_side_effects)]

pub mod base64;
mod crc32;
pub mod encodings;
pub mod form;
pub mod frames;
pub mod json;
pub mod multipart;
pub mod part_head;
pub mod percent;
pub mod text_map;
