//! The one integration-test binary.

mod cli;
mod endpoint;
mod layers;
mod robust;
mod rules;
mod secrets;
mod seed;
