//! Data about people.

pub(super) mod address;
pub(super) mod email;
pub(super) mod iban;
mod key;
pub(super) mod number;
pub(super) mod payment_card;
pub(super) mod person_name;
pub(super) mod swift_bic;
pub(super) mod us_ssn;
