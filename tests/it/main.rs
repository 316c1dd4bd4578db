//! The one integration-test binary.

mod cli;
mod layers;
mod report;
mod robust;
mod rules;
mod secrets;
mod seed;
