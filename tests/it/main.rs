//! The one integration-test binary.

mod cli;
mod encoding;
mod layers;
mod robust;
mod rules;
mod schema;
