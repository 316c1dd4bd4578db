//! The one integration-test binary.

mod cli;
mod encoding;
mod endpoint;
mod layers;
mod report;
mod robust;
mod rules;
mod schema;
mod secrets;
mod seed;
