//! The one integration-test binary.

#![expect(clippy::unwrap_used, clippy::panic, clippy::expect_used, reason = "a test that cannot go on fails")]
#![expect(clippy::format_collect, reason = "texts made for tests may be made slowly")]

mod baseline;
mod carriers;
mod cli;
mod config;
mod docs;
mod embedded;
mod encoding;
mod endpoint;
mod fix;
mod fixing;
mod har;
mod hook;
mod json;
mod layers;
mod named;
mod once;
mod program;
mod readme;
mod report;
mod response;
mod robust;
mod rules;
mod schema;
mod secrets;
mod seed;
mod template;
mod terraform;
