//! One text per line.

#![no_main]

use weir_engine::stream::frames::Format;

libfuzzer_sys::fuzz_target!(|data: &[u8]| weir_fuzz::frames(Format::Lines, data));
