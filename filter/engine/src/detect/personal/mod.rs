//! Data about people.

pub(super) mod email;
pub(super) mod iban;
pub(super) mod number;
pub(super) mod payment_card;
pub(super) mod us_ssn;
