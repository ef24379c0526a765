//! Whether a value was drawn at random, or written by somebody.
//!
//! Entropy alone does not tell: `process_incoming_request` has as much of it as a key has. What tells is which letters follow
//! which. `trigrams.bin` holds a bit for each of the 17,576 groups of three letters: whether it occurs in at least two
//! different words of the texts and the code of this repository (a test writes it anew with `UPDATE=1`). Of the groups in
//! words and names nearly all are known; of those in random text, one in eight. Steps between letters and digits, and capitals
//! inside, are the other thing that people seldom write. Both are counted, for each byte of the value.

use std::ops::Not;

/// Letters of the alphabet.
const LETTERS: usize = 26;
/// A bit for each trigram, in the order of the alphabet, lowest bit first.
static KNOWN: &[u8; LETTERS * LETTERS * LETTERS / 8] = include_bytes!("trigrams.bin");

/// Rare things for each hundred bytes, from which on a value is random: of twelve or more random letters and digits, 99 of 100
/// values reach 50, of words and names 1 of 100 reaches 33.
const RANDOM: usize = 40;
/// The same for hexadecimal digits, which have few letters and many steps.
const RANDOM_HEX: usize = 20;

/// Whether a value is rare enough to be random.
pub(super) fn random(value: &[u8]) -> bool {
    let hex = value.len() >= 16 && value.iter().all(u8::is_ascii_hexdigit) && value.iter().any(u8::is_ascii_digit);
    rarity(value) >= if hex { RANDOM_HEX } else { RANDOM }
}

/// Rare things for each hundred bytes of a value.
fn rarity(value: &[u8]) -> usize {
    let unknown = value.array_windows().filter(|[first, second, third]| {
        index([*first, *second, *third]).is_some_and(|index| known(KNOWN, index).not())
    });
    let steps = value.array_windows().filter(|[first, second]| {
        let digits = first.is_ascii_digit() != second.is_ascii_digit();
        digits && first.is_ascii_alphanumeric() && second.is_ascii_alphanumeric()
    });
    let capitals =
        value.array_windows().filter(|[first, second]| first.is_ascii_lowercase() && second.is_ascii_uppercase());
    let twice = 2 * (unknown.count() + steps.count()) + capitals.count();
    (50 * twice).checked_div(value.len()).unwrap_or(0)
}

/// The place of three letters among all trigrams.
fn index(letters: [u8; 3]) -> Option<usize> {
    letters.into_iter().try_fold(0, |index, letter| {
        let letter = letter.to_ascii_lowercase().checked_sub(b'a').filter(|letter| usize::from(*letter) < LETTERS)?;
        Some(index * LETTERS + usize::from(letter))
    })
}

fn known(table: &[u8], index: usize) -> bool {
    table.get(index / 8).is_some_and(|bits| bits >> (index % 8) & 1 == 1)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails may panic")]

    use std::collections::{BTreeMap, BTreeSet};
    use std::path::Path;

    use super::*;

    fn texts(folder: &Path, texts: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && !matches!(name.as_str(), "target" | "detect" | "corpus") && !name.starts_with('.') {
                self::texts(&path, texts);
            } else if matches!(path.extension().and_then(|end| end.to_str()), Some("md" | "rs" | "yaml")) {
                texts.extend(std::fs::read_to_string(&path));
            }
        }
    }

    fn words(text: &str) -> impl Iterator<Item = String> {
        text.split(|one: char| !one.is_ascii_alphabetic()).flat_map(|name| {
            let mut words = vec![String::new()];
            let mut before = ' ';
            for letter in name.chars() {
                if before.is_ascii_lowercase() && letter.is_ascii_uppercase() {
                    words.push(String::new());
                }
                words.last_mut().unwrap().push(letter.to_ascii_lowercase());
                before = letter;
            }
            words
        })
    }

    /// With `UPDATE=1`, writes the table from the texts of this repository.
    #[test]
    fn the_table_knows_the_words_of_this_repository() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut all = Vec::new();
        texts(&root, &mut all);
        let words: BTreeSet<String> = all.iter().flat_map(|text| words(text)).collect();
        let mut counts = BTreeMap::new();
        for word in &words {
            for three in word.as_bytes().array_windows() {
                *counts.entry(index(*three).unwrap()).or_insert(0_usize) += 1;
            }
        }
        let mut table = vec![0_u8; KNOWN.len()];
        for (index, _) in counts.iter().filter(|(_, count)| **count >= 2) {
            table[index / 8] |= 1 << (index % 8);
        }
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/detect/trigrams.bin"), &table).unwrap();
            return;
        }
        let missing = counts.iter().filter(|(index, count)| **count >= 8 && !known(KNOWN, **index)).count();
        assert!(missing * 100 <= counts.len(), "{missing} of {}: run this test with UPDATE=1", counts.len());
    }

    #[test]
    fn words_and_names_are_not_random() {
        for value in [
            "process_incoming_request",
            "correct-horse-battery-staple",
            "MyServiceAccountPassword",
            "config/settings/production.yaml",
            "os.environ.get",
            "kubernetes-cluster-eu-west-1",
            "super_secret_password_123",
            "application/json",
            "documentation2024",
            "CamelCaseClassName",
        ] {
            assert!(!random(value.as_bytes()), "{value}: {}", rarity(value.as_bytes()));
        }
    }

    #[test]
    fn keys_are_random() {
        for value in [
            ["Zq7Lw2Xn5Rv8", "Tb1Yc4Md"].concat(),
            ["3f9a1c7e5b2d8046", "0b8e6d4c2a1f7593"].concat(),
            ["xkcdqpwzvbnmlhjt", "rsgf"].concat(),
            ["hT5kQ9wZ2x", "N7mB4vC1dF6g"].concat(),
            ["k8s9x2m4q7w1", "z5v3"].concat(),
        ] {
            assert!(random(value.as_bytes()), "{value}: {}", rarity(value.as_bytes()));
        }
    }
}
