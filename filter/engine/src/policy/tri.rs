//! Three-valued logic (Kleene's strong tables): a condition is false, unknown or true.

/// The value of a condition. The order makes `and` the minimum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tri {
    False,
    Unknown,
    True,
}

impl Tri {
    /// True only when both are, false when one is.
    pub(super) fn and(self, other: Tri) -> Tri {
        self.min(other)
    }

    /// True when one is, false only when both are.
    pub(super) fn or(self, other: Tri) -> Tri {
        self.max(other)
    }

    /// Unknown stays unknown.
    pub(super) fn not(self) -> Tri {
        match self {
            Tri::False => Tri::True,
            Tri::Unknown => Tri::Unknown,
            Tri::True => Tri::False,
        }
    }

    /// Unknown restricts ...
    pub(super) fn restricts(self) -> bool {
        self != Tri::False
    }

    /// ... and never permits.
    pub(super) fn permits(self) -> bool {
        self == Tri::True
    }
}

impl From<bool> for Tri {
    fn from(value: bool) -> Tri {
        if value { Tri::True } else { Tri::False }
    }
}

#[cfg(test)]
mod tests {
    use super::Tri::{self, False, True, Unknown};

    #[test]
    fn kleene_tables() {
        let all = [False, Unknown, True];
        let and = [[False, False, False], [False, Unknown, Unknown], [False, Unknown, True]];
        let or = [[False, Unknown, True], [Unknown, Unknown, True], [True, True, True]];
        for (a, (and, or)) in all.iter().zip(and.iter().zip(&or)) {
            for (b, (and, or)) in all.iter().zip(and.iter().zip(or)) {
                assert_eq!((a.and(*b), a.or(*b)), (*and, *or), "{a:?} {b:?}");
                assert_eq!(a.and(*b).not(), a.not().or(b.not()), "de Morgan");
            }
        }
    }

    #[test]
    fn unknown_restricts_and_never_permits() {
        assert!(Unknown.restricts() && !Unknown.permits());
        assert!(Unknown.not().restricts() && !Unknown.not().permits());
        assert!(Tri::from(true).permits() && !Tri::from(false).restricts());
    }
}
