//! The requests of a text, named without being checked.

use crate::api::Operation;
use crate::carrier::{Carrier, Skip};
use crate::json::Document;
use crate::request::{Body, Payload};
use crate::rules::{Subject, without_secrets};
use crate::text::{Passage, Span};

use super::address::Addresses;
use super::trust::Trust;
use super::{Input, Scratch, Settings, each_request};

/// A request that was found, and what it would be checked as.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Where it begins.
    pub place: Span,
    /// Its method, as written.
    pub method: Option<String>,
    /// Its URL or path, as it reads.
    pub url: Option<String>,
    /// What it is for.
    pub target: Target,
}

/// What a request is for.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    /// An operation of the API.
    Operation(&'static Operation),
    /// One of several operations that take the same body, of this model.
    Model(&'static str),
    /// No operation of the API.
    Nothing,
}

/// What is found in a text before any of it is checked.
#[derive(Debug)]
pub struct Listing {
    /// What the text is, or why no request is in it.
    pub carrier: Result<Carrier, Skip>,
    /// The requests that would be checked, in the order of the text.
    pub requests: Vec<Listed>,
}

/// Names the requests of a text, without checking them.
pub fn list(input: &Input<'_>, settings: &Settings, scratch: &mut Scratch) -> Listing {
    let is_json = input.carrier.is_json();
    let document = if is_json { scratch.arena.parse(input.text) } else { Document::unread(input.text) };
    let addresses = Addresses::new(settings, Trust::in_file(input));
    let mut requests = Vec::new();
    let mut elsewhere = None;
    let recognised = each_request(input, &document, &mut |request| {
        if matches!(request.payload, Payload::Unreadable(_)) {
            return;
        }
        let subject = Subject::new(request, Body::Opaque, &document, (input.text, 0));
        let subject = match addresses.find(subject) {
            Ok(subject) => subject,
            Err(skip) => {
                elsewhere = Some(skip);
                return;
            }
        };
        let target = match (subject.operation, subject.model) {
            (Some(operation), _) => Target::Operation(operation),
            (None, Some(model)) => Target::Model(model.name),
            (None, None) => Target::Nothing,
        };
        let said = |part: &Option<Passage<'_>>| {
            part.as_ref().map(|part| without_secrets(part.as_str()).into_owned())
        };
        requests.push(Listed {
            place: request.place,
            method: said(&request.method),
            url: said(&request.url),
            target,
        });
    });
    let carrier = match elsewhere {
        Some(skip) if requests.is_empty() => Err(skip),
        _ => recognised,
    };
    Listing { carrier, requests }
}
