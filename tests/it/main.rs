//! The one integration-test binary.

mod cli;
mod docs;
mod encoding;
mod endpoint;
mod json;
mod layers;
mod report;
mod robust;
mod rules;
mod schema;
mod secrets;
mod seed;
