//! From a method and a path to the operation they name.

use crate::api::url::{Endpoint, Part};
use crate::api::{Method, OPERATIONS, Operation, Segment, Status};

/// The operation that a request names.
#[derive(Clone, Debug)]
pub enum Resolution {
    /// This one.
    Operation(&'static Operation),
    /// One of several that cannot be told apart before it is sent, all taking the same body.
    OneOf(&'static Operation),
    /// The path exists, but not with this method; the operations it has.
    OtherMethods(Vec<&'static Operation>),
    /// No operation has such a path.
    None,
    /// It cannot be known: a placeholder stands where it matters.
    Unknown,
}

/// How well a path fits an operation's: the literals that agree, and the placeholders that would
/// have to turn out as literals.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Fit {
    literals: usize,
    hopes: usize,
}

/// Finds the operation of a method, if that is known, and a path.
#[must_use]
pub fn resolve(method: Option<Method>, endpoint: &Endpoint) -> Resolution {
    let fits: Vec<_> = OPERATIONS
        .iter()
        .filter_map(|operation| fit(&endpoint.parts, operation.segments).map(|fit| (operation, fit)))
        .collect();
    let exact = fits.iter().any(|(_, fit)| fit.hopes == 0);
    let candidates = fits.iter().filter(|(_, fit)| !exact || fit.hopes == 0);
    let of_method: Vec<_> = candidates
        .clone()
        .filter(|(operation, _)| method.is_none_or(|method| operation.method == method))
        .collect();
    let best = of_method.iter().map(|(_, fit)| fit.literals).max();
    let named: Vec<_> = of_method
        .iter()
        .filter(|(_, fit)| Some(fit.literals) == best)
        .map(|(operation, _)| *operation)
        .collect();
    match (named.as_slice(), method) {
        ([], Some(_)) if exact => {
            let best = candidates.clone().map(|(_, fit)| fit.literals).max();
            let there =
                candidates.filter(|(_, fit)| Some(fit.literals) == best).map(|(operation, _)| *operation);
            Resolution::OtherMethods(there.collect())
        }
        ([], _) if fits.is_empty() => Resolution::None,
        ([], _) => Resolution::Unknown,
        ([one], Some(_)) if exact => Resolution::Operation(one),
        (several, _) => one_of(several),
    }
}

/// What several operations have in common, if it is enough to check a body.
fn one_of(several: &[&'static Operation]) -> Resolution {
    let mut with_body =
        several.iter().filter(|operation| operation.body.is_some() && operation.status != Status::Removed);
    let Some(first) = with_body.next() else { return Resolution::Unknown };
    let body = first.body.map(|body| body.name);
    if with_body.all(|other| other.body.map(|body| body.name) == body) {
        Resolution::OneOf(first)
    } else {
        Resolution::Unknown
    }
}

fn fit(parts: &[Part], segments: &[Segment]) -> Option<Fit> {
    if parts.len() != segments.len() {
        return None;
    }
    let mut fit = Fit { literals: 0, hopes: 0 };
    for (part, segment) in parts.iter().zip(segments) {
        match segment {
            Segment::Parameter(_) => {}
            Segment::Literal(literal) if part.text == *literal => fit.literals += 1,
            Segment::Literal(_) if part.template => fit.hopes += 1,
            Segment::Literal(_) => return None,
        }
    }
    // The first segment says that it is about conversations at all.
    (parts.first().is_some_and(|first| first.text == "conversations")).then_some(fit)
}
