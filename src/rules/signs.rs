//! What can be seen of a text or request before any rule is asked.

use crate::json::{Document, KeyTable};

/// A set of things seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signs(u32);

impl Signs {
    /// Signs there can be.
    pub const COUNT: usize = 32;
    /// Nothing; a rule that waits for it is never asked.
    pub const NONE: Self = Self(0);
    /// Given with every request.
    pub const REQUEST: Self = Self(1);
    /// The text departs from JSON.
    pub const FAULT: Self = Self(1 << 1);
    /// Bytes that are no UTF-8.
    pub const INVALID_UTF8: Self = Self(1 << 2);
    /// A byte-order mark.
    pub const BYTE_ORDER_MARK: Self = Self(1 << 3);
    /// Two keys of one object may be the same, or differ in case alone.
    pub const KEY_CLASH: Self = Self(1 << 4);
    /// A key holds a dot.
    pub const DOT_IN_KEY: Self = Self(1 << 5);
    /// A string may hold a secret.
    pub const SECRET: Self = Self(1 << 6);
    /// The request says where it is sent.
    pub const URL: Self = Self(1 << 7);
    /// The operation is known.
    pub const OPERATION: Self = Self(1 << 8);
    /// The body's model is known and it does not fit, as far as the quick verdict goes.
    pub const MISFIT: Self = Self(1 << 9);
    /// An attribute's value is no string, or the map is no map.
    pub const ODD_VALUE: Self = Self(1 << 10);
    /// An object that should have members has none.
    pub const EMPTY: Self = Self(1 << 11);
    /// The body holds a map of attributes.
    pub const MAP: Self = Self(1 << 12);
    /// The body has fields of a participant.
    pub const FIELDS: Self = Self(1 << 13);
    /// The request names scopes or permissions.
    pub const SCOPES: Self = Self(1 << 14);
    /// The body is longer than a limit may allow.
    pub const LONG: Self = Self(1 << 15);

    /// A map of attributes stands under a name that the model has not for it.
    pub const STRAY_MAP: Self = Self(1 << 16);
    /// The body holds a map of attributes and something else.
    pub const MIXED: Self = Self(1 << 17);
    /// A reference to a variable stands where it is not expanded, or is where it should not be.
    pub const UNEXPANDED: Self = Self(1 << 24);
    /// The team has agreed on something for maps of attributes.
    pub const TEAM: Self = Self(1 << 20);
    /// The request is made of templates.
    pub const TEMPLATE: Self = Self(1 << 18);

    /// Both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Adds those of another set where a condition holds.
    #[must_use]
    pub const fn and_if(self, condition: bool, other: Self) -> Self {
        if condition { self.and(other) } else { self }
    }

    /// Those of the set that are also in another.
    #[must_use]
    pub const fn only(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The signs in the set, each by its number, below [`Self::COUNT`].
    pub fn indices(self) -> impl Iterator<Item = usize> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            (left != 0).then(|| {
                let index = left.trailing_zeros() as usize;
                left &= left - 1;
                index
            })
        })
    }

    /// Whether the sets share anything.
    #[must_use]
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// What one pass over all nodes of a document shows.
#[derive(Default)]
pub struct Survey {
    keys: KeyTable,
}

impl Survey {
    /// Makes the pass. `secret` is what [`may_hold_secret`](super::may_hold_secret) says of the text, or of one around
    /// it.
    pub fn of(&mut self, document: &Document<'_>, secret: bool) -> Signs {
        let keys = self.keys.survey(document);
        Signs::NONE
            .and_if(keys.clash, Signs::KEY_CLASH)
            .and_if(keys.dot, Signs::DOT_IN_KEY)
            .and_if(secret, Signs::SECRET)
            .and_if(!document.faults().is_empty(), Signs::FAULT)
            .and_if(document.text().starts_with('\u{feff}'), Signs::BYTE_ORDER_MARK)
    }
}
