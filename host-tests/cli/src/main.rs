//! The `weir` command; everything it does is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    weir_cli::cli::main()
}
