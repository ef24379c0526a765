//! AWS event streams, as they come and with checksums made right.

#![no_main]

use weir_engine::stream::frames::Format;

libfuzzer_sys::fuzz_target!(|data: &[u8]| weir_fuzz::messages(Format::AwsEventStream, data));
