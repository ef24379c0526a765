//! The list of all built-in detectors. Adding one is one line here; a line whose detector has no hits or no misses does
//! not compile.

use super::{Detector, Evidence};
use super::{personal, secret};

macro_rules! catalog {
    ($($module:path;)+) => {
        /// Every built-in detector, in the order of their ids in the documentation.
        pub const DETECTORS: &[&Detector] = &[$({ use $module as module; &module::DETECTOR },)+];

        /// The proof of each detector, in the order of [`DETECTORS`].
        pub const EVIDENCE: &[&Evidence] = &[$({ use $module as module; &module::EVIDENCE },)+];
    };
}

catalog! {
    secret::aws_access_key_id;
    personal::email;
}

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
