//! How sure a rule is.

/// Where the knowledge behind a rule comes from, surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// A standard that every JSON parser follows: its name.
    Standard(&'static str),
    /// The published contract of the API: what in it.
    Contract(&'static str),
    /// An error that the operations declare: its code.
    DeclaredError(&'static str),
    /// A page of the vendor's documentation: what it says.
    Documented(&'static str),
    /// Seen in real requests or samples: what.
    Observed(&'static str),
    /// Concluded: from what.
    Inferred(&'static str),
    /// Said by the team itself, in its configuration: where.
    Team(&'static str),
}

impl Evidence {
    /// The kind of evidence, as it is shown.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Standard(_) => "standard",
            Self::Contract(_) => "published contract",
            Self::DeclaredError(_) => "declared server error",
            Self::Documented(_) => "documented",
            Self::Observed(_) => "observed",
            Self::Inferred(_) => "inferred",
            Self::Team(_) => "your own configuration",
        }
    }

    /// What exactly.
    #[must_use]
    pub const fn source(self) -> &'static str {
        match self {
            Self::Standard(source)
            | Self::Contract(source)
            | Self::DeclaredError(source)
            | Self::Documented(source)
            | Self::Observed(source)
            | Self::Inferred(source)
            | Self::Team(source) => source,
        }
    }
}
