//! What stands in the place of a redacted text.

use crate::keyed::Fingerprint;
use crate::policy::With;

/// A part that is removed whole because a rule blocks it in a conversation's history.
const REMOVED: &str = "[REMOVED]";

/// Characters of a mask. The length of what was there is not told.
const MASK: &str = "********";

/// The text that replaces one finding, or a whole part for none.
pub fn replacement(with: With, finding: Option<(&str, Fingerprint)>) -> String {
    match (with, finding) {
        (_, None) => REMOVED.to_owned(),
        (With::Mask, Some(_)) => MASK.to_owned(),
        // What the upstream wrote is restored to nobody, so that it gets no code.
        (With::Placeholder | With::Reversible, Some((label, _))) => format!("[{label}]"),
        (With::Hash, Some((label, fingerprint))) => format!("[{label}:{fingerprint}]"),
    }
}
