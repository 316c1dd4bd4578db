//! Terraform: the data actions that its configuration creates.

mod blocks;
mod json;
mod template;
mod value;

pub(super) use json::{MEMBERS, requests as requests_in_json};

use blocks::{Body, Content, Item};
use value::Reader;

use crate::carrier::{Action, Assume, Carrier, Skip, Source, Template, json_requests};
use crate::json::Arena;
use crate::request::{Header, Request, Unexpanded};
use crate::text::{Passage, Span};

/// The resources that are data actions.
const ACTIONS: [&str; 2] = ["genesyscloud_integration_action", "genesyscloud_integration_action_draft"];

/// Yields the requests of the actions in a text, in its order.
///
/// # Errors
///
/// The reason for which there is none.
pub(super) fn requests(
    text: &Passage<'_>,
    assume: Assume,
    each: &mut dyn FnMut(&Request<'_>),
) -> Result<Carrier, Skip> {
    let said = text.as_str();
    // Most files of this kind are about other things.
    if memchr::memmem::find(said.as_bytes(), ACTIONS[0].as_bytes()).is_none() {
        return Err(Skip::NoRequest);
    }
    if said.trim_start_matches('\u{feff}').trim_start().starts_with('{') {
        let mut arena = Arena::new();
        let document = arena.parse(said);
        return json_requests(Source { document: &document, text, is_file: false }, assume, each);
    }
    let mut reader = Reader::new(text);
    let start = said.len() - said.trim_start_matches('\u{feff}').len();
    let file = reader.lexer.items(Span::from_usize(start, said.len()));
    for locals in file.items.iter().filter(|item| item.name.slice(said) == "locals") {
        let Content::Block { body, .. } = locals.content else { continue };
        for item in reader.lexer.items(body).items {
            if let Content::Attribute(value) = item.content {
                reader.locals.insert(item.name.slice(said), value);
            }
        }
    }
    let (mut found, mut unread) = (false, false);
    for (place, body) in file.items.iter().filter_map(|item| action_block(item, said)) {
        let body = reader.lexer.items(body);
        match action(&mut reader, text, place, &body) {
            Ok(Some((request, is_whole))) => {
                found = true;
                unread |= !is_whole;
                each(&request);
            }
            Ok(None) => {}
            Err(Broken) => unread = true,
        }
    }
    match (found, unread) {
        (_, true) => Err(Skip::NotHcl),
        (true, false) => Ok(Carrier::Terraform),
        (false, false) => Err(Skip::NoRequest),
    }
}

/// What there is of an action cannot be read.
struct Broken;

/// The head and the body of a block that creates an action.
fn action_block(item: &Item, text: &str) -> Option<(Span, Span)> {
    let Content::Block { labels, body } = &item.content else { return None };
    let of = labels.first().filter(|_| item.name.slice(text) == "resource")?;
    ACTIONS.contains(&of.slice(text)).then(|| (Span::new(item.name.start, body.start), *body))
}

/// The request of an action, if it says where that goes, and whether all of it could be read.
fn action<'r>(
    reader: &mut Reader<'r>,
    text: &'r Passage<'r>,
    place: Span,
    body: &Body,
) -> Result<Option<(Request<'r>, bool)>, Broken> {
    let said = text.as_str();
    let Some(config) = body.block(said, "config_request") else {
        return if body.is_broken { Err(Broken) } else { Ok(None) };
    };
    let config = reader.lexer.items(config);
    let Some(url) = config.attribute(said, "request_url_template") else {
        return if body.is_broken || config.is_broken { Err(Broken) } else { Ok(None) };
    };
    if !reader.is_expression(url) {
        return Err(Broken);
    }
    reader.unexpanded.clear();
    let url = reader.text(url).unwrap_or_else(|| reader.unknown(url));
    let method = config.attribute(said, "request_type");
    let method = method.map(|method| reader.text(method).unwrap_or_else(|| reader.unknown(method)));
    let headers = config.attribute(said, "headers").map(|headers| reader.members(headers));
    let template = config.attribute(said, "request_template");
    let is_broken =
        body.is_broken || config.is_broken || template.is_some_and(|range| reader.is_broken(range));
    let template = match template {
        None => Template::Absent,
        Some(template) if reader.is_null(template) => Template::Absent,
        Some(template) => match reader.text_with_directives(template) {
            Some((text, directives)) => Template::Text(text, directives),
            None => reader.file(template).map_or(Template::Opaque, Template::File),
        },
    };
    // A local value may have been read more than once.
    let mut unexpanded = std::mem::take(&mut reader.unexpanded);
    unexpanded.sort_by_key(|(span, _)| *span);
    unexpanded.dedup_by_key(|(span, _)| *span);
    let unexpanded = unexpanded.into_iter();
    let unexpanded =
        unexpanded.map(|(span, quoting)| Unexpanded { text: text.piece(span), quoting }).collect();
    // What the contract says is no part of what is sent.
    let inputs = body.attribute(said, "contract_input").and_then(|inputs| reader.text(inputs));
    let header = |(name, value)| Header { name, value };
    let action = Action {
        place: text.span_of(place),
        method,
        url: Some(url),
        headers: headers.unwrap_or_default().into_iter().map(header).collect(),
        template,
        inputs,
    };
    Ok(Some((Request { unexpanded, ..action.request() }, !is_broken)))
}
