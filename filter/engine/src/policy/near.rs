//! The word that somebody probably meant.

/// Longer names are no slips of the finger.
const LONGEST: usize = 64;

/// The known word that is nearest to `name`, if one is near: at most a third of its characters differ, in any case.
pub(super) fn nearest<'k, S: AsRef<str>>(name: &str, known: &'k [S]) -> Option<&'k str> {
    if name.chars().count() > LONGEST {
        return None;
    }
    let name: Vec<char> = name.to_lowercase().replace(['-', ' '], "_").chars().collect();
    let near = |word: &'k S| {
        let word = word.as_ref();
        let letters: Vec<char> = word.to_lowercase().replace('-', "_").chars().collect();
        let distance = distance(&name, &letters);
        (distance <= letters.len().max(3) / 3 && distance < letters.len()).then_some((distance, word))
    };
    known.iter().filter_map(near).min_by_key(|(distance, _)| *distance).map(|(_, word)| word)
}

/// Levenshtein's distance, where swapping two neighbours counts as one step (optimal string alignment).
fn distance(a: &[char], b: &[char]) -> usize {
    let at = |row: &[usize], i: usize| row.get(i).copied().unwrap_or(usize::MAX / 2);
    let (mut before, mut previous): (Vec<usize>, Vec<usize>) = (Vec::new(), (0..=b.len()).collect());
    for (i, one) in a.iter().enumerate() {
        let mut row = vec![i.saturating_add(1)];
        for (j, other) in b.iter().enumerate() {
            let replaced = at(&previous, j).saturating_add(usize::from(one != other));
            let dropped = at(&previous, j.saturating_add(1)).saturating_add(1);
            let added = at(&row, j).saturating_add(1);
            let swapped = match (i.checked_sub(1), j.checked_sub(1)) {
                (Some(p), Some(q)) if a.get(p) == Some(other) && b.get(q) == Some(one) => {
                    at(&before, q).saturating_add(1)
                }
                _ => usize::MAX,
            };
            row.push(replaced.min(dropped).min(added).min(swapped));
        }
        before = std::mem::replace(&mut previous, row);
    }
    at(&previous, b.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognised_and_other_words_are_not() {
        let known = ["action", "with", "on_history", "detectors", "id"];
        for (name, near) in [
            ("actoin", Some("action")),
            ("Action", Some("action")),
            ("on-history", Some("on_history")),
            ("detector", Some("detectors")),
            ("wiht", Some("with")),
            ("ids", Some("id")),
            ("severity", None),
            ("", None),
        ] {
            assert_eq!(nearest(name, &known), near, "{name}");
        }
        assert_eq!(nearest(&"x".repeat(10_000), &known), None);
    }

    #[test]
    fn distances() {
        for (a, b, expected) in
            [("", "", 0), ("", "ab", 2), ("ab", "ba", 1), ("kitten", "sitting", 3), ("abc", "abc", 0)]
        {
            let letters = |text: &str| text.chars().collect::<Vec<_>>();
            assert_eq!(distance(&letters(a), &letters(b)), expected, "{a} {b}");
        }
    }
}
