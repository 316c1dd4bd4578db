//! Whether a request is one to the platform, where its address does not say.

use std::cell::OnceCell;

use crate::carrier::{Assume, Carrier, names_platform};

use super::Input;

/// What is known of a file besides its requests. Many have an `/api/v2/conversations` of their own, so that
/// this alone, behind a host that is filled in later, is no request to the platform.
pub(super) struct Trust<'t> {
    text: &'t str,
    is_ours: OnceCell<bool>,
}

impl<'t> Trust<'t> {
    /// That of a request which is said to be one to the platform.
    pub(super) fn full() -> Self {
        Self { text: "", is_ours: OnceCell::from(true) }
    }

    /// That of the requests in a file.
    pub(super) fn in_file(input: &Input<'t>) -> Self {
        // A file of requests and nothing else, which the user named, is meant.
        let is_meant =
            input.assume.is_told() || (input.carrier == Carrier::Json && input.assume == Assume::Named);
        Self { text: input.text, is_ours: if is_meant { OnceCell::from(true) } else { OnceCell::new() } }
    }

    /// Whether the file speaks of the platform, or is known to.
    pub(super) fn is_ours(&self) -> bool {
        *self.is_ours.get_or_init(|| names_platform(self.text))
    }
}
