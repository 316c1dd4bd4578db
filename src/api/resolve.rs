//! From a method and a path to the operation they name.

use std::cell::Cell;
use std::sync::LazyLock;

use crate::api::url::{Endpoint, Part};
use crate::api::words::{is_of_a_path, takes_uuid};
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
    literals: u32,
    hopes: u32,
}

/// The most segments that a path of the catalogue has, with room to spare.
const MOST: usize = 16;

/// Operations whose paths have the same second segment.
type Group = (Option<Segment>, Vec<&'static Operation>);

/// Operations by the number of their segments and the second of them, so that few are compared.
static BY_LENGTH: LazyLock<[Vec<Group>; MOST]> = LazyLock::new(|| {
    let mut table: [Vec<Group>; MOST] = Default::default();
    for operation in &OPERATIONS {
        let Some(groups) = table.get_mut(operation.segments.len()) else { continue };
        let second = operation.segments.get(1).copied();
        match groups.iter_mut().find(|(other, _)| *other == second) {
            Some((_, group)) => group.push(operation),
            None => groups.push((second, vec![operation])),
        }
    }
    table
});

/// Operations that a path may be, each with how well it fits.
fn fits<'p>(parts: &'p [Part<'p>]) -> impl Iterator<Item = (&'static Operation, Fit)> + Clone + 'p {
    fits_of(parts, |_| true)
}

/// The same, of those operations alone that are wanted.
fn fits_of<'p>(
    parts: &'p [Part<'p>],
    wanted: impl Fn(&Operation) -> bool + Clone + 'p,
) -> impl Iterator<Item = (&'static Operation, Fit)> + Clone + 'p {
    let groups = BY_LENGTH.get(parts.len()).map_or(&[][..], Vec::as_slice);
    // The first segment says that it is about conversations at all.
    let groups = if parts.first().is_some_and(|first| first.text == "conversations") { groups } else { &[] };
    let second = parts.get(1).copied();
    let path = Path { parts, words: [const { Cell::new(None) }; MOST] };
    groups
        .iter()
        .filter(move |(segment, _)| match (segment, &second) {
            (Some(Segment::Literal(literal)), Some(part)) => {
                (part.template && !part.named_id) || part.text == *literal
            }
            _ => true,
        })
        .flat_map(|(_, group)| group)
        .filter(move |operation| wanted(operation))
        .filter_map(move |operation| Some((*operation, path.fit(operation.segments)?)))
}

/// The operations of a path, whatever their method: those that fit it best.
#[must_use]
pub fn operations_at(endpoint: &Endpoint<'_>) -> Vec<&'static Operation> {
    let exact = || fits(&endpoint.parts).filter(|(_, fit)| fit.hopes == 0);
    let best = exact().map(|(_, fit)| fit.literals).max();
    exact().filter(|(_, fit)| Some(fit.literals) == best).map(|(operation, _)| operation).collect()
}

/// Finds the operation of a method, if that is known, and a path.
#[must_use]
pub fn resolve(method: Option<Method>, endpoint: &Endpoint<'_>) -> Resolution {
    // The usual case: the method is known, and no placeholder stands for a literal. The others need not
    // be looked at then.
    let of_method = fits_of(&endpoint.parts, move |operation| method == Some(operation.method));
    let mut best = None::<(u32, &'static Operation)>;
    for (operation, fit) in of_method.filter(|(_, fit)| fit.hopes == 0) {
        if best.is_none_or(|(literals, _)| fit.literals > literals) {
            best = Some((fit.literals, operation));
        }
    }
    if let Some((_, operation)) = best {
        return Resolution::Operation(operation);
    }
    let (mut exact, mut any) = (false, false);
    for (_, fit) in fits(&endpoint.parts) {
        any = true;
        exact |= fit.hopes == 0;
    }
    match method {
        _ if !any => Resolution::None,
        Some(_) if exact => Resolution::OtherMethods(operations_at(endpoint)),
        _ => one_of(method, endpoint, exact),
    }
}

/// What the operations that a path may stand for have in common, if it is enough to check a body.
fn one_of(method: Option<Method>, endpoint: &Endpoint<'_>, exact: bool) -> Resolution {
    let candidates: Vec<_> = fits(&endpoint.parts)
        .filter(|(operation, fit)| {
            (!exact || fit.hopes == 0) && method.is_none_or(|method| operation.method == method)
        })
        .collect();
    let best = candidates.iter().map(|(_, fit)| fit.literals).max();
    let mut with_body = candidates
        .iter()
        .filter(|(_, fit)| Some(fit.literals) == best)
        .map(|(operation, _)| *operation)
        .filter(|operation| operation.body.is_some() && operation.status != Status::Removed);
    let Some(first) = with_body.next() else { return Resolution::Unknown };
    let body = first.body.map(|body| body.name);
    if with_body.all(|other| other.body.map(|body| body.name) == body) {
        Resolution::OneOf(first)
    } else {
        Resolution::Unknown
    }
}

/// The segments of a path, with what is asked of them over and over.
#[derive(Clone)]
struct Path<'p> {
    parts: &'p [Part<'p>],
    /// For each, whether it is a word that belongs to a path, once that was asked.
    words: [Cell<Option<bool>>; MOST],
}

impl Path<'_> {
    fn fit(&self, segments: &[Segment]) -> Option<Fit> {
        let mut fit = Fit { literals: 1, hopes: 0 };
        let pairs = || self.parts.iter().zip(segments);
        for (part, segment) in pairs().skip(1) {
            match segment {
                Segment::Parameter(_) => {}
                Segment::Literal(literal) if part.text == *literal => fit.literals += 1,
                Segment::Literal(_) if part.template && !part.named_id => fit.hopes += 1,
                Segment::Literal(_) => return None,
            }
        }
        let mut words = false;
        for (index, (part, segment)) in pairs().enumerate().skip(1) {
            let Segment::Parameter(parameter) = segment else { continue };
            // `/conversations/calls/participants/…` lacks a conversation's id, and is no path of a
            // conversation named `calls`.
            if self.is_of_a_path(index, part) && takes_uuid(parameter) {
                return None;
            }
            words |= !part.template && part.text.bytes().all(|byte| byte.is_ascii_alphabetic());
        }
        // A placeholder is not stretched to a literal for a path whose other words have no place in it.
        (fit.hopes == 0 || !words).then_some(fit)
    }

    fn is_of_a_path(&self, index: usize, part: &Part<'_>) -> bool {
        let Some(known) = self.words.get(index) else { return false };
        known.get().unwrap_or_else(|| {
            let found = !part.template && is_of_a_path(part.text);
            known.set(Some(found));
            found
        })
    }
}
