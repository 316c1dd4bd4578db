//! The same configuration, written in JSON: blocks are objects or lists of them, and strings are
//! templates.

use super::ACTIONS;
use super::template::Quotes;
use super::value::Reader;
use crate::carrier::{Action, Carrier, Skip, Source, Template};
use crate::json::{Kind, Value};
use crate::request::{Header, Request, Unexpanded};
use crate::template::Piece as Directive;
use crate::text::{Passage, Span};

/// The members of a JSON object of which it must have one to be such a configuration.
pub const MEMBERS: &[&str] = &["resource"];

/// Yields the requests of a document that is Terraform's and creates data actions; `None` where it is
/// not.
pub fn requests(
    source: Source<'_>,
    root: Value<'_>,
    each: &mut dyn FnMut(&Request<'_>),
) -> Option<Result<Carrier, Skip>> {
    let resources = || blocks(root.get("resource"));
    if !resources().any(|resource| ACTIONS.iter().any(|name| resource.get(name).is_some())) {
        return None;
    }
    let mut found = Err(Skip::NoRequest);
    for resource in resources() {
        let of_actions = resource.members().filter(|(kind, value)| {
            kind.as_str().is_some_and(|kind| ACTIONS.contains(&&*kind)) && !value.is_unknown()
        });
        let named = of_actions.flat_map(|(_, actions)| blocks(Some(actions))).flat_map(Value::members);
        for action in named.flat_map(|(_, action)| blocks(Some(action))) {
            if let Some(request) = request(source, action) {
                each(&request);
                found = Ok(Carrier::Terraform);
            }
        }
    }
    Some(found)
}

/// The blocks that a member stands for.
fn blocks(value: Option<Value<'_>>) -> impl Iterator<Item = Value<'_>> {
    value
        .into_iter()
        .flat_map(|value| {
            let single = (value.kind() == Kind::Object).then_some(value);
            single.into_iter().chain(value.items())
        })
        .filter(|block| block.kind() == Kind::Object)
}

fn request<'t>(source: Source<'t>, body: Value<'t>) -> Option<Request<'t>> {
    let config = blocks(body.get("config_request")).next()?;
    let mut unexpanded = Vec::new();
    let url = plain(source, config.get("request_url_template")?, &mut unexpanded)?;
    let method = config.get("request_type").and_then(|method| plain(source, method, &mut unexpanded));
    let headers = config.get("headers").map(Value::members).into_iter().flatten();
    let headers = headers
        .filter_map(|(name, value)| {
            Some(Header { name: source.passage(name)?, value: plain(source, value, &mut unexpanded)? })
        })
        .collect();
    let template = match config.get("request_template") {
        None => Template::Absent,
        Some(value) if value.kind() == Kind::Null => Template::Absent,
        Some(value) => text(source, value, &mut unexpanded)
            .map_or(Template::Opaque, |(text, directives)| Template::Text(text, directives)),
    };
    let inputs = body.get("contract_input").and_then(|inputs| plain(source, inputs, &mut Vec::new()));
    let action = Action { place: source.place(body), method, url: Some(url), headers, template, inputs };
    Some(Request { unexpanded, ..action.request() })
}

/// What a string without directives comes to.
fn plain<'t>(
    source: Source<'t>,
    value: Value<'_>,
    unexpanded: &mut Vec<Unexpanded<'t>>,
) -> Option<Passage<'t>> {
    text(source, value, unexpanded).filter(|(_, directives)| directives.is_empty()).map(|(text, _)| text)
}

/// What a string comes to, and its directives. References that are not expanded are added to a list.
fn text<'t>(
    source: Source<'t>,
    value: Value<'_>,
    unexpanded: &mut Vec<Unexpanded<'t>>,
) -> Option<(Passage<'t>, Vec<Directive>)> {
    let said = source.passage(value)?;
    let all = Span::from_usize(0, said.as_str().len());
    let mut reader = Reader::new(&said);
    let text = reader.template(all, Quotes::Json)?;
    let found = std::mem::take(&mut reader.unexpanded).into_iter();
    unexpanded.extend(found.map(|(span, quoting)| Unexpanded { text: said.piece(span), quoting }));
    Some(text)
}
