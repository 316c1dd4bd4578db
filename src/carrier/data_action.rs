//! Data actions: what the platform sends for a flow, kept as an export or as the body that creates it.

use crate::carrier::Source;
use crate::json::{Kind, Value};
use crate::request::{Header, Payload, Request};
use crate::template::{self, Inputs, Part, Piece, Reading, Role, Templates, Variants};
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
    /// The template, and the directives of another language that stand in it as they are written there.
    Text(Passage<'t>, Vec<Piece>),
    /// The file that the template is in.
    File(Passage<'t>),
}

impl<'t> Action<'t> {
    /// The request that it sends.
    #[must_use]
    pub fn request(self) -> Request<'t> {
        let mut parts = Vec::new();
        let url = self.url.map(|url| {
            let part = Part::of(Role::Url, &url);
            let read = template::flat(&url, &part.reading);
            parts.push(part);
            read
        });
        parts.extend(self.headers.iter().map(|header| Part::of(Role::Header, &header.value)));
        let (payload, body) = match self.template {
            Template::Absent => (Payload::Absent, None),
            Template::Opaque => (Payload::Opaque, None),
            Template::File(name) => (Payload::File(name), None),
            Template::Text(text, directives) => match Part::around(Role::Body, &text, directives) {
                Some(part) => (payload(&text, &part.reading), Some(part)),
                None => (Payload::Opaque, None),
            },
        };
        let whole = body.is_some() || matches!(payload, Payload::Absent);
        parts.extend(body);
        let inputs = self.inputs.as_ref().and_then(Inputs::of);
        Request {
            place: self.place,
            method: self.method,
            url,
            headers: self.headers,
            scopes: Vec::new(),
            unexpanded: Vec::new(),
            templates: Some(Templates { parts, inputs, whole, broken: Vec::new() }),
            is_sample: false,
            payload,
        }
    }
}

/// What the template of a body makes.
fn payload<'t>(text: &Passage<'t>, reading: &Reading) -> Payload<'t> {
    if reading.is_unbalanced() {
        Payload::Opaque
    } else if reading.has_directives() {
        Payload::Variants(Variants::of(text, reading))
    } else {
        Payload::Text(template::plain(text, reading))
    }
}

/// Yields the requests of a data action, or of those in a list; false where the value is neither.
pub(super) fn requests(source: Source<'_>, root: Value<'_>, each: &mut dyn FnMut(&Request<'_>)) -> bool {
    if let Some(request) = request(source, root) {
        each(&request);
        return true;
    }
    // As the API lists them.
    let list = if root.is_object() { root.get("entities") } else { Some(root) };
    let mut found = false;
    for item in list.into_iter().flat_map(Value::items) {
        if let Some(request) = request(source, item) {
            each(&request);
            found = true;
        }
    }
    found
}

/// The members of a JSON object of which it must have one to be a data action, or a list of them.
pub(super) const MEMBERS: &[&str] = &["config", "entities"];

/// Reads an object as a data action, if it is one.
fn request<'t>(source: Source<'t>, root: Value<'t>) -> Option<Request<'t>> {
    let request = root.get("config")?.get("request")?;
    let url = request.get("requestUrlTemplate")?;
    let template = match request.get("requestTemplate") {
        None if request.get("requestTemplateUri").is_some() => Template::Opaque,
        None => Template::Absent,
        Some(value) if value.kind() == Kind::Null => Template::Absent,
        Some(value) => {
            source.passage(value).map_or(Template::Opaque, |text| Template::Text(text, Vec::new()))
        }
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
    let mut request = action.request();
    // What makes the answer may use inputs as well.
    let answers = root.get("config")?.get("response").and_then(|response| response.get("successTemplate"));
    if let (Some(answer), Some(templates)) = (answers, &mut request.templates) {
        templates.whole &= !answer.raw().to_ascii_lowercase().contains("input");
    }
    Some(request)
}
