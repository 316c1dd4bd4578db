//! Bodies against the bundled schemas.
//!
//! [`fits`] gives a quick verdict from the tables made at build time; it never says yes where
//! JSON Schema says no. Only for a body that does not fit is the schema itself compiled and asked,
//! by [`violations`], which says what is wrong and where.

mod date_time;
mod describe;
mod screen;
mod violations;

pub use date_time::is_date_time;
pub use describe::description;
pub use screen::fits;
pub use violations::{Expected, Violation, ViolationKind, violations};
