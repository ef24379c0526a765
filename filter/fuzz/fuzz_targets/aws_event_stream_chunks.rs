//! The same, with base64 in the payload.

#![no_main]

use weir_engine::stream::frames::Format;

libfuzzer_sys::fuzz_target!(|data: &[u8]| weir_fuzz::messages(Format::AwsEventStreamChunks, data));
