//! The list of all built-in detectors. Adding one is one line here; a line whose detector has no hits or no misses does
//! not compile.

use super::personal::number;
use super::{Detector, Evidence};
use super::{personal, secret};

macro_rules! catalog {
    ($($module:path;)+) => {
        const LISTED: &[&Detector] = &[$({ use $module as module; &module::DETECTOR },)+];
        const PROOF: &[&Evidence] = &[$({ use $module as module; &module::EVIDENCE },)+];
    };
}

catalog! {
    secret::anthropic_api_key;
    secret::atlassian_token;
    secret::aws_access_key_id;
    secret::aws_secret_access_key;
    secret::azure_storage_key;
    secret::databricks_token;
    secret::digitalocean_token;
    secret::github_fine_grained_pat;
    secret::github_token;
    secret::gitlab_token;
    secret::google_api_key;
    secret::google_oauth_client_secret;
    secret::google_oauth_token;
    secret::grafana_token;
    secret::hashicorp_vault_token;
    secret::huggingface_token;
    secret::jwt;
    secret::npm_token;
    secret::openai_api_key;
    secret::private_key;
    secret::pypi_token;
    secret::sendgrid_api_key;
    secret::slack_token;
    secret::slack_webhook;
    secret::stripe_key;
    secret::telegram_bot_token;
    personal::address;
    personal::email;
    personal::iban;
    personal::payment_card;
    personal::person_name;
    personal::swift_bic;
    personal::us_ssn;
}

const COUNT: usize = LISTED.len() + number::DETECTORS.len();

/// Every built-in detector: those that are listed here, then the numbers.
pub const DETECTORS: &[&Detector] = &joined::<_, COUNT>(LISTED, &number::DETECTORS);

/// The proof of each detector, in the order of [`DETECTORS`].
pub const EVIDENCE: &[&Evidence] = &joined::<_, COUNT>(PROOF, &number::EVIDENCE);

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
        assert!(!DETECTORS[i].anchors.is_empty(), "a detector has no anchors");
        assert!(DETECTORS[i].max_span > 0, "a detector has no maximal span");
        i += 1;
    }
};

/// The built-in detector with this id.
pub fn by_id(id: &str) -> Option<&'static Detector> {
    DETECTORS.iter().find(|detector| detector.id == id).copied()
}
