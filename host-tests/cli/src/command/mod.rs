//! One file for each subcommand: its options and what it does.

pub(crate) mod build;
pub(crate) mod check;
pub(crate) mod demo;
pub(crate) mod inspect;
pub(crate) mod up;

mod interrupt;
