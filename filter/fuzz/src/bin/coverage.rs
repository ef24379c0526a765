//! A target under libFuzzer, which looks for inputs that reach new code. `WEIR_FUZZ_TARGET` names it.

#![no_main]

use std::sync::LazyLock;

static TARGET: LazyLock<weir_fuzz::Target> = LazyLock::new(|| {
    let name = std::env::var("WEIR_FUZZ_TARGET").unwrap_or_default();
    weir_fuzz::target(&name).unwrap_or_else(|| panic!("`WEIR_FUZZ_TARGET` is `{name}`, which is no target"))
});

libfuzzer_sys::fuzz_target!(|data: &[u8]| TARGET(data));
