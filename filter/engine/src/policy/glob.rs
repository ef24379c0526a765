//! Patterns with `*` (any run of characters, `/` included, none too) and `?` (exactly one character).

use std::str::Chars;

use super::tri::Tri;

/// A pattern. There is no escape: the texts that policies match hold neither `*` nor `?`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Glob(String);

impl Glob {
    pub(super) fn new(pattern: &str) -> Self {
        Glob(pattern.to_owned())
    }

    /// Whether the whole text fits, where the case of letters means nothing.
    pub(super) fn fits_any_case(&self, text: &str) -> bool {
        self.run(text, |own, other| own.eq_ignore_ascii_case(&other))
    }

    /// Whether the whole text fits. Unknown when only the case of letters differs: some who read it tell them apart,
    /// some do not.
    pub(super) fn fits(&self, text: &str) -> Tri {
        if self.run(text, |own, other| own == other) {
            Tri::True
        } else if self.fits_any_case(text) {
            Tri::Unknown
        } else {
            Tri::False
        }
    }

    /// Takes at most (length of the pattern) x (length of the text) steps: only the last `*` is ever tried again,
    /// because an earlier one could not make more fit.
    fn run(&self, text: &str, same: impl Fn(char, char) -> bool) -> bool {
        let (mut pattern, mut rest) = (self.0.chars(), text.chars());
        let mut retry: Option<(Chars<'_>, Chars<'_>)> = None;
        loop {
            let from = rest.clone();
            let fits = match (pattern.next(), rest.next()) {
                (None, None) => return true,
                (Some('*'), _) => {
                    rest = from;
                    retry = Some((pattern.clone(), rest.clone()));
                    continue;
                }
                (Some('?'), Some(_)) => true,
                (Some(own), Some(other)) => same(own, other),
                (None, Some(_)) => false,
                // The text is used up and something other than `*` is left: more of it in the last `*` cannot help.
                (Some(_), None) => return false,
            };
            if !fits {
                let Some((after_star, mut begin)) = retry.take() else { return false };
                if begin.next().is_none() {
                    return false;
                }
                pattern = after_star.clone();
                rest = begin.clone();
                retry = Some((after_star, begin));
            }
        }
    }
}

/// Whether a text is a pattern rather than a plain word.
pub(super) fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hits_and_misses() {
        for (pattern, text, fits) in [
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
            ("*", "anything/at all", true),
            ("a*", "a", true),
            ("*a", "banana", true),
            ("*a", "bananas", false),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("?", "é", true),
            ("?", "", false),
            ("??", "a", false),
            ("*?", "a", true),
            ("gpt-4*", "gpt-4o-mini", true),
            ("gpt-4*", "GPT-4o", false),
            ("/v1/*/completions", "/v1/chat/completions", true),
            ("/v1/*", "/v1", false),
            ("*.*.*", "a.b", false),
            ("**a**", "xax", true),
        ] {
            assert_eq!(Glob::new(pattern).fits(text) == Tri::True, fits, "`{pattern}` on `{text}`");
        }
        assert!(Glob::new("API.*.com").fits_any_case("api.OpenAI.COM"));
        assert_eq!(Glob::new("gpt-4*").fits("GPT-4o"), Tri::Unknown);
        assert_eq!(Glob::new("gpt-4*").fits("gpt-3"), Tri::False);
    }

    /// A matcher that tries every `*` again would need 2^40 steps here.
    #[test]
    fn work_is_bounded_by_the_product_of_lengths() {
        let pattern = "*a".repeat(40) + "b";
        let text = "a".repeat(20_000);
        assert!(!Glob::new(&pattern).fits_any_case(&text));
        assert!(Glob::new(&pattern).fits_any_case(&(text + "b")));
    }

    /// Against the definition, on every short pattern and text.
    #[test]
    fn agrees_with_the_definition() {
        fn slow(pattern: &[char], text: &[char]) -> bool {
            match (pattern.split_first(), text.split_first()) {
                (None, None) => true,
                (None, Some(_)) => false,
                (Some(('*', rest)), None) => slow(rest, text),
                (Some(('*', rest)), Some((_, tail))) => slow(rest, text) || slow(pattern, tail),
                (Some(_), None) => false,
                (Some((own, rest)), Some((other, tail))) => (*own == '?' || own == other) && slow(rest, tail),
            }
        }
        let words = |alphabet: &[char], longest: usize| {
            let mut all = vec![String::new()];
            let mut last = all.clone();
            for _ in 0..longest {
                last = last.iter().flat_map(|word| alphabet.iter().map(move |c| format!("{word}{c}"))).collect();
                all.extend(last.clone());
            }
            all
        };
        for pattern in words(&['a', 'b', '*', '?'], 5) {
            for text in words(&['a', 'b'], 5) {
                let (p, t): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
                assert_eq!(Glob::new(&pattern).fits_any_case(&text), slow(&p, &t), "`{pattern}` on `{text}`");
            }
        }
    }
}
