//! The one integration-test binary.

mod cli;
mod layers;
mod robust;
mod rules;
mod schema;
