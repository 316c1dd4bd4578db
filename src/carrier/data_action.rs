//! Data actions: what the platform sends for a flow, kept as an export or as the body that creates it.

use crate::carrier::Source;
use crate::json::{Kind, Value};
use crate::request::{Header, Payload, Request};
use crate::text::{Passage, Span};

/// The parts of a data action that make its request, from whatever file.
#[derive(Clone, Debug)]
pub struct Action<'t> {
    /// Where it begins in the file.
    pub place: Span,
    /// `requestType`: the method.
    pub method: Option<Passage<'t>>,
    /// `requestUrlTemplate`: the path, or a URL, as a Velocity template.
    pub url: Option<Passage<'t>>,
    /// `headers`, each value a Velocity template.
    pub headers: Vec<Header<'t>>,
    /// `requestTemplate`: the body as a Velocity template.
    pub template: Template<'t>,
    /// `contract.input.inputSchema`: the JSON Schema of the inputs, as JSON.
    pub inputs: Option<Passage<'t>>,
}

/// What an action says of its body.
#[derive(Clone, Debug)]
pub enum Template<'t> {
    /// Nothing.
    Absent,
    /// Something that cannot be read here, such as the address of a template.
    Opaque,
    /// The template.
    Text(Passage<'t>),
}

impl<'t> Action<'t> {
    /// The request that it sends.
    #[must_use]
    pub fn request(self) -> Request<'t> {
        let payload = match self.template {
            Template::Absent => Payload::Absent,
            Template::Opaque => Payload::Opaque,
            Template::Text(text) => Payload::Text(text),
        };
        Request {
            place: self.place,
            method: self.method,
            url: self.url,
            headers: self.headers,
            scopes: Vec::new(),
            unexpanded: Vec::new(),
            payload,
        }
    }
}

/// Reads an object as a data action, if it is one.
pub(super) fn request<'t>(source: Source<'t>, root: Value<'t>) -> Option<Request<'t>> {
    let request = root.get("config")?.get("request")?;
    let url = request.get("requestUrlTemplate")?;
    let template = match request.get("requestTemplate") {
        None if request.get("requestTemplateUri").is_some() => Template::Opaque,
        None => Template::Absent,
        Some(value) if value.kind() == Kind::Null => Template::Absent,
        Some(value) => source.passage(value).map_or(Template::Opaque, Template::Text),
    };
    let headers = request.get("headers").map(Value::members).into_iter().flatten();
    let header = |(name, value)| Some(Header { name: source.passage(name)?, value: source.passage(value)? });
    let inputs = root.get("contract").and_then(|contract| contract.get("input")?.get("inputSchema"));
    let action = Action {
        place: source.place(request),
        method: request.get("requestType").and_then(|method| source.passage(method)),
        url: Some(source.passage(url)?),
        headers: headers.filter_map(header).collect(),
        template,
        inputs: inputs.map(|schema| source.text.piece(schema.span())),
    };
    Some(action.request())
}
