//! Numbers that have no fixed form, each with a reader of its own.

mod base_58;
mod bech_32;
mod coordinates;
mod crypto;
mod date;
mod keccak;
mod network;
mod phone;

pub(super) use coordinates::coordinates;
pub(super) use crypto::{LONGEST as ADDRESS, bitcoin, ethereum, litecoin, tron};
pub(super) use date::{LONGEST as DATE, date_of_birth};
pub(super) use network::{ip_address, mac_address};
pub(super) use phone::{international, national};

/// How much of the end of a text may still become the beginning of what these readers find.
pub(super) fn tail(text: &str) -> usize {
    let sign = usize::from(text.ends_with(['+', '(', '-']));
    sign.max(network::tail(text)).max(date::tail(text))
}
