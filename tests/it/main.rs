//! The one integration-test binary.

mod endpoint;
mod rules;
