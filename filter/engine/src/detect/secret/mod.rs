//! Credentials in the formats their vendors document.

pub(super) mod aws_access_key_id;
