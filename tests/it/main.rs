//! The one integration-test binary.

mod rules;
mod secrets;
mod seed;
