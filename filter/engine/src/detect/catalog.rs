//! The list of all built-in detectors. Adding one is one line here; a line whose detector has no hits or no misses does
//! not compile.

use super::personal::number;
use super::{Detector, Evidence};
use super::{hidden, personal, prompt, secret};

macro_rules! catalog {
    ($($module:path;)+) => {
        /// The detectors with code of their own.
        const CODED: &[&Detector] = &[$({ use $module as module; &module::DETECTOR },)+];
        const PROOF: &[&Evidence] = &[$({ use $module as module; &module::EVIDENCE },)+];
    };
}

catalog! {
    secret::anthropic_api_key;
    secret::assigned_value;
    secret::atlassian_token;
    secret::authorization_header;
    secret::aws_access_key_id;
    secret::aws_secret_access_key;
    secret::azure_sas;
    secret::azure_storage_key;
    secret::connection_string;
    secret::databricks_token;
    secret::github_token;
    secret::gitlab_token;
    secret::grafana_token;
    secret::jwt;
    secret::npm_token;
    secret::openai_api_key;
    secret::private_key;
    secret::slack_token;
    secret::slack_webhook;
    secret::telegram_bot_token;
    secret::url_password;
    personal::address;
    personal::email;
    personal::iban;
    personal::payment_card;
    personal::person_name;
    personal::swift_bic;
    personal::us_ssn;
    hidden::bidi_override;
    hidden::tags;
    hidden::terminal_escape;
    hidden::variation_selectors;
    hidden::zero_width;
    prompt::special_token;
}

/// The detectors that are data.
const DECLARED: &[&[Detector]] = &[
    secret::ai::FAMILIES,
    secret::azure::FAMILIES,
    secret::chat::FAMILIES,
    secret::cloud::FAMILIES,
    secret::code::FAMILIES,
    secret::data::FAMILIES,
    secret::hosting::FAMILIES,
    secret::keys::FAMILIES,
    secret::monitoring::FAMILIES,
    secret::payment::FAMILIES,
    secret::work::FAMILIES,
];

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler: an index out of bounds does not build")]
const DECLARED_COUNT: usize = {
    let (mut count, mut i) = (0, 0);
    while i < DECLARED.len() {
        count += DECLARED[i].len();
        i += 1;
    }
    count
};

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler: an index out of bounds does not build")]
const ALL_DECLARED: [&Detector; DECLARED_COUNT] = {
    let mut all = [&DECLARED[0][0]; DECLARED_COUNT];
    let (mut next, mut i) = (0, 0);
    while i < DECLARED.len() {
        let mut j = 0;
        while j < DECLARED[i].len() {
            all[next] = &DECLARED[i][j];
            (next, j) = (next + 1, j + 1);
        }
        i += 1;
    }
    all
};

/// Those whose proof is written down.
const PROVEN_COUNT: usize = CODED.len() + number::DETECTORS.len();
const PROVEN: [&Detector; PROVEN_COUNT] = joined(CODED, &number::DETECTORS);

/// Every built-in detector: those with code of their own, then the numbers, then those that are data.
pub const DETECTORS: &[&Detector] = &joined::<_, { PROVEN_COUNT + DECLARED_COUNT }>(&PROVEN, &ALL_DECLARED);

/// The proof of the first of [`DETECTORS`], in their order. That of the declared ones is made from what they declare.
pub const EVIDENCE: &[&Evidence] = &joined::<_, PROVEN_COUNT>(PROOF, &number::EVIDENCE);

/// Two lists, one behind the other.
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler: an index out of bounds does not build")]
const fn joined<T, const N: usize>(first: &[&'static T], second: &[&'static T]) -> [&'static T; N] {
    let mut all = [first[0]; N];
    let mut at = 0;
    while at < N {
        all[at] = if at < first.len() { first[at] } else { second[at - first.len()] };
        at += 1;
    }
    all
}

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler: an index out of bounds does not build")]
const _: () = {
    let mut i = 0;
    while i < EVIDENCE.len() {
        assert!(!EVIDENCE[i].hits.is_empty(), "a detector has no hits");
        assert!(!EVIDENCE[i].misses.is_empty(), "a detector has no misses");
        i += 1;
    }
    i = 0;
    while i < DETECTORS.len() {
        assert!(!DETECTORS[i].anchors.is_empty(), "a detector has no anchors");
        assert!(DETECTORS[i].max_span > 0, "a detector has no maximal span");
        i += 1;
    }
};

/// The built-in detector with this id.
pub fn by_id(id: &str) -> Option<&'static Detector> {
    DETECTORS.iter().find(|detector| detector.id == id).copied()
}
