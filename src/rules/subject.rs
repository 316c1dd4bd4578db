//! What rules are given.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use crate::api::{Endpoint, Method, Model, Operation, Part, Resolution, Role, Segment, closest};
use crate::json::{Document, Flags, Kind, Value, holds_placeholder};
use crate::request::{Body, OpenQuote, Request, Unreadable, is_map_alias};
use crate::rules::{Agreement, Signs, Team, mixed_update, oversized_body, unwrapped_attributes};
use crate::schema::{self, Violation};
use crate::template;
use crate::text::{Passage, Span, Utf16};

/// A text, for the rules about texts.
pub struct TextSubject<'a> {
    /// Its tree.
    pub document: &'a Document<'a>,
    /// Bytes that are no UTF-8. In the text, each such byte is shown as `?`.
    pub invalid_utf8: &'a [Span],
    /// The request that the text is the body of, where it is nothing else: its other parts stand
    /// elsewhere.
    pub request: Option<&'a Request<'a>>,
    /// Set where the file is no UTF-8 at all; then nothing else is known of it.
    pub utf_16: Option<Utf16>,
    /// Values that are put into the text, and would break it: they are escaped in its strings, and left
    /// out elsewhere.
    pub broken_values: &'a [BrokenValue],
    /// Where the file cannot be read, and why; then nothing else is known of it.
    pub unreadable: Option<(Span, Unreadable)>,
    /// Whether it is a line of a file, and not its first.
    pub is_later_line: bool,
    /// The quote that is left open around what the request sends.
    pub open_quote: Option<&'a OpenQuote<'a>>,
}

/// The value of a placeholder that cannot stand where it is put.
#[derive(Clone, Debug)]
pub struct BrokenValue {
    /// Where it is put.
    pub span: Span,
    /// The placeholder, as it is written.
    pub name: String,
    /// The first character that breaks the string.
    pub breaker: char,
    /// Whether it is put into a string, and not where a value stands.
    pub in_string: bool,
}

impl<'a> TextSubject<'a> {
    /// A text of which nothing is known besides.
    #[must_use]
    pub const fn of(document: &'a Document<'a>) -> Self {
        Self {
            document,
            invalid_utf8: &[],
            request: None,
            utf_16: None,
            broken_values: &[],
            unreadable: None,
            is_later_line: false,
            open_quote: None,
        }
    }
}

impl TextSubject<'_> {
    /// Whether a byte of a place could not be read.
    #[must_use]
    pub fn is_unread(&self, place: Span) -> bool {
        let next = self.invalid_utf8.partition_point(|run| run.end <= place.start);
        self.invalid_utf8.get(next).is_some_and(|run| run.start < place.end)
    }
}

/// A request, with what is known of it before any rule is asked.
pub struct Subject<'a> {
    /// The request.
    pub request: &'a Request<'a>,
    /// What it sends.
    pub body: Body<'a>,
    /// The document that the body is in.
    pub document: &'a Document<'a>,
    /// The file as it is written, and what is to be taken from an offset that a passage of the request
    /// gives to have one of the file.
    pub file: (&'a str, u32),
    /// Its URL taken apart.
    pub endpoint: Option<Endpoint<'a>>,
    /// What its method and URL name; `None` where it has no URL.
    pub resolution: Option<Resolution>,
    /// The operation: the one that the URL names, or the one that bare bodies are for.
    pub operation: Option<&'static Operation>,
    /// What the body is checked as: the operation's model, or the union of bare bodies.
    pub model: Option<&'static Model>,
    /// What the team says of its requests.
    pub team: Option<&'a Team>,
    /// Where the tree ceases to be what the author meant, if it does.
    pub trusted_end: u32,
    /// The body as a part of the file, where it is written inside another text.
    pub passage: Option<&'a Passage<'a>>,
    references: OnceCell<HashMap<Span, Option<&'a str>>>,
    violations: OnceCell<Vec<Violation<'a>>>,
    places: OnceCell<Vec<Place>>,
}

/// Where a node stands: in which container, and as which of its members or items, from 0.
#[derive(Clone, Copy, Debug)]
struct Place {
    parent: u32,
    position: u32,
}

/// A member of the body that is a map of attributes, or was meant as one.
#[derive(Clone, Copy, Debug)]
pub struct AttributeMap<'a> {
    /// Its name in the body.
    pub key: Value<'a>,
    /// The map, or what stands in its place.
    pub value: Value<'a>,
    /// Whether the name is the one that the model has for it.
    pub named: bool,
}

impl AttributeMap<'_> {
    /// Whether nothing is sent in it: it is null, or has no members. What is wrong with that is told
    /// as such, and not what would be wrong with attributes in its place.
    #[must_use]
    pub fn is_void(&self) -> bool {
        self.value.kind() == Kind::Null || is_empty_object(self.value)
    }
}

impl<'a> Subject<'a> {
    /// Puts together what is known of a request, but for where it goes.
    #[must_use]
    pub fn new(
        request: &'a Request<'a>,
        body: Body<'a>,
        document: &'a Document<'a>,
        file: (&'a str, u32),
    ) -> Self {
        Self {
            request,
            body,
            document,
            file,
            endpoint: None,
            resolution: None,
            operation: None,
            model: None,
            team: None,
            trusted_end: document.trusted_end(),
            passage: None,
            references: OnceCell::new(),
            violations: OnceCell::new(),
            places: OnceCell::new(),
        }
    }

    /// What stands in the file at a place that a passage of the request gives, as it is written.
    #[must_use]
    pub fn written(&self, place: Span) -> &'a str {
        let (text, base) = self.file;
        Span::new(place.start.saturating_sub(base), place.end.saturating_sub(base)).slice(text)
    }

    /// The reference that stands in the body's template where a range of the body reads as
    /// [`template::UNKNOWN`], as it is written there.
    #[must_use]
    pub fn reference_behind(&self, range: Span) -> Option<&'a str> {
        let place = self.passage?.span_of(range);
        let references = self.references.get_or_init(|| {
            let mut references = HashMap::new();
            let templates = self.request.templates.iter().flat_map(|templates| &templates.parts);
            for part in templates.filter(|part| part.role == template::Role::Body) {
                let text = part.text.as_str();
                let printed = |reference: &&template::Reference| reference.place == template::Place::Text;
                for reference in part.reading.references.iter().filter(printed) {
                    let place = part.text.span_of(reference.span);
                    let home = Span::new(place.start - self.file.1, place.end - self.file.1);
                    // Those of a value that is put there by its name have one place.
                    let said = references.entry(home).or_insert(Some(reference.span.slice(text)));
                    *said = said.filter(|said| *said == reference.span.slice(text));
                }
            }
            references
        });
        *references.get(&place)?
    }

    /// What the team has agreed on for maps of attributes.
    #[must_use]
    pub fn agreement(&self) -> Option<&'a Agreement> {
        self.team?.agreement.as_ref()
    }

    /// The body, where it is JSON.
    #[must_use]
    pub const fn body(&self) -> Option<Value<'a>> {
        self.body.json()
    }

    /// The method, where it is one that the API knows.
    #[must_use]
    pub fn method(&self) -> Option<Method> {
        Method::parse(self.request.method.as_ref()?.as_str().trim())
    }

    /// Whether something that was not seen may be concluded to be missing: not after a fault that
    /// the parser could only guess its way out of.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.trusted_end == u32::MAX
    }

    /// The segments of the path that stand for parameters, each with the parameter's name; none where
    /// the path is no operation's.
    pub fn ids(&self) -> impl Iterator<Item = (Part<'a>, &'static str)> {
        let operation = match &self.resolution {
            Some(Resolution::OtherMethods(operations)) => operations.first().copied(),
            _ => self.called(),
        };
        let segments = operation.map_or(&[][..], |operation| operation.segments);
        let parts = self.endpoint.as_ref().map_or(&[][..], |endpoint| &endpoint.parts);
        parts.iter().zip(segments).filter_map(|(part, segment)| match segment {
            Segment::Parameter(name) => Some((*part, *name)),
            Segment::Literal(_) => None,
        })
    }

    /// Whether the body is one of those that say what becomes of a participant.
    #[must_use]
    pub fn updates_participant(&self) -> bool {
        self.model.is_some_and(|model| matches!(model.role, Role::Union | Role::Fields))
    }

    /// Whether the path ends in a communication, and not in what belongs to one.
    #[must_use]
    pub fn is_of_communication(&self) -> bool {
        self.called().is_some_and(|operation| {
            operation.segments.last() == Some(&Segment::Parameter("communicationId"))
        })
    }

    /// Whether the body lacks a member for certain: it is whole, no key of it is unknown, and none is
    /// so like the name that it must be meant.
    #[must_use]
    pub fn lacks(&self, object: Value<'_>, name: &str) -> bool {
        self.is_whole()
            && object.members().all(|(key, _)| {
                key.as_str().is_some_and(|key| !holds_placeholder(&key) && closest(&key, [name]).is_none())
            })
    }

    /// Whether the operation itself is named, by a URL or an option, and not merely assumed.
    #[must_use]
    pub const fn is_addressed(&self) -> bool {
        self.operation.is_some()
    }

    /// Whether a value is written as a variable, which stands for another text where it is put in quotes:
    /// `PowerShell`'s `$true`.
    #[must_use]
    pub fn is_variable(&self, value: Value<'_>) -> bool {
        self.passage.is_some_and(|body| body.span_of(value.span()).slice(self.file.0).starts_with('$'))
    }

    /// What the body's schema finds wrong.
    #[must_use]
    pub fn violations(&self) -> &[Violation<'a>] {
        self.violations.get_or_init(|| match (self.model, self.body()) {
            (Some(model), Some(body)) => {
                let mut found = schema::violations(model, body);
                if !self.is_whole() {
                    found.retain(|violation| {
                        !matches!(violation.kind, schema::ViolationKind::MissingProperty { .. })
                    });
                }
                found
            }
            _ => Vec::new(),
        })
    }

    /// The maps of attributes in the body, under whatever name.
    pub fn attribute_maps(&self) -> impl Iterator<Item = AttributeMap<'a>> + use<'a> {
        let named = self.map_name();
        let open = self.may_be_meant_for_attributes();
        let members = self.body().map(Value::members).into_iter().flatten();
        members.filter_map(move |(key, value)| {
            let name = key.as_str()?;
            let is_named = named == Some(name.as_ref());
            let is_meant = || open && (name == "attributes" || is_map_alias(&name, value));
            (is_named || is_meant()).then_some(AttributeMap { key, value, named: is_named })
        })
    }

    /// The unknown keys of the body of which another rule says better what is wrong: they are meant
    /// as the map of attributes, or as fields beside it, or are attributes that should stand inside.
    #[must_use]
    pub fn told_elsewhere(&self) -> HashSet<u32> {
        let Some(body) = self.body() else { return HashSet::new() };
        let keys = || body.members().map(|(key, _)| key);
        if unwrapped_attributes::is_unwrapped(self) {
            return keys().map(Value::index).collect();
        }
        let maps = self.attribute_maps().map(|map| map.key);
        maps.chain(mixed_update::stray_fields(self)).map(Value::index).collect()
    }

    /// The objects of the body whose members are attributes: its maps, or the body itself where the
    /// wrapper around the map is missing.
    pub fn attribute_objects(&self) -> impl Iterator<Item = Value<'a>> + use<'a> {
        let bare = self.body().filter(|_| unwrapped_attributes::is_unwrapped(self));
        self.attribute_maps().map(|map| map.value).chain(bare)
    }

    /// The operation that the path is of, also where the method is not its own, or where it is one
    /// of several that take the same body.
    #[must_use]
    pub fn called(&self) -> Option<&'static Operation> {
        self.operation.or_else(|| match self.resolution.as_ref()? {
            Resolution::Operation(operation) | Resolution::OneOf(operation) => Some(*operation),
            Resolution::OtherMethods(operations) => {
                operations.iter().find(|operation| operation.body.is_some()).copied()
            }
            Resolution::None | Resolution::Unknown => None,
        })
    }

    /// Whether the body is one in which people put participant data, rightly or not.
    fn may_be_meant_for_attributes(&self) -> bool {
        // Whatever the path should have been, a map of attributes is one of strings.
        let Some(model) = self.model else { return matches!(self.resolution, Some(Resolution::None)) };
        takes_participant_data(model)
            || self.called().is_some_and(|called| called.participant_level && called.attributes.is_none())
    }

    /// What an object is called that members stand in: the model's name, or that of the member which
    /// holds the object.
    #[must_use]
    pub fn object_name(&self, object: Value<'a>, model: &Model) -> String {
        if self.is_body(object) { model.name.to_owned() } else { self.name_of(object) }
    }

    /// What a value is called: the name of its member, its place in a list, or the body.
    #[must_use]
    pub fn name_of(&self, value: Value<'a>) -> String {
        if self.is_body(value) {
            return "the body".to_owned();
        }
        if let Some(name) = key_of(value).and_then(Value::as_str) {
            return format!("`{name}`");
        }
        let place = self.place(value);
        let list = place.and_then(|place| key_of(Value::at(value.document(), place.parent)));
        let number = place.map_or(1, |place| place.position + 1);
        match list.and_then(Value::as_str) {
            Some(name) => format!("item {number} of `{name}`"),
            None => format!("item {number}"),
        }
    }

    /// Where each node of the document stands; found once, in one pass.
    fn place(&self, value: Value<'a>) -> Option<Place> {
        let nodes = self.document.nodes();
        let places = self.places.get_or_init(|| {
            let mut places = vec![Place { parent: u32::MAX, position: 0 }; nodes.len()];
            for (parent, node) in (0..).zip(nodes) {
                let children = match node.kind {
                    Kind::Object | Kind::Array => parent + 1..node.next,
                    _ => continue,
                };
                let (mut at, mut position) = (children.start, 0);
                while at < children.end {
                    places[at as usize] = Place { parent, position };
                    let is_key = nodes[at as usize].kind == Kind::Key;
                    if is_key && let Some(place) = places.get_mut(at as usize + 1) {
                        *place = Place { parent, position };
                    }
                    at = nodes[at as usize].next;
                    position += 1;
                }
            }
            places
        });
        places.get(value.index() as usize).copied().filter(|place| place.parent != u32::MAX)
    }

    /// Whether a value is the body itself.
    #[must_use]
    pub fn is_body(&self, value: Value<'_>) -> bool {
        self.body().is_some_and(|body| body.index() == value.index())
    }

    /// The names of members and places in lists that lead from the body to a value, the last first.
    pub fn path_up(&self, value: Value<'a>) -> impl Iterator<Item = String> {
        let mut next = Some(value);
        std::iter::from_fn(move || {
            let value = next.filter(|value| !self.is_body(*value))?;
            let place = self.place(value)?;
            next = Some(Value::at(value.document(), place.parent));
            let name = key_of(value).and_then(Value::as_str);
            Some(name.map_or_else(|| place.position.to_string(), std::borrow::Cow::into_owned))
        })
    }

    /// The name that the model has for the map of attributes.
    #[must_use]
    pub fn map_name(&self) -> Option<&'static str> {
        match self.operation {
            Some(operation) => operation.attributes,
            None => self
                .model
                .filter(|model| matches!(model.role, Role::Union | Role::Attributes))
                .map(|_| "attributes"),
        }
    }

    /// The signs of this request, besides those of its document.
    #[must_use]
    pub fn signs(&self, survey: Signs) -> Signs {
        let mut signs = survey
            .and(Signs::REQUEST)
            .and_if(self.request.url.is_some(), Signs::URL)
            .and_if(self.operation.is_some(), Signs::OPERATION)
            .and_if(!self.request.scopes.is_empty(), Signs::SCOPES)
            .and_if(!self.request.unexpanded.is_empty(), Signs::UNEXPANDED)
            .and_if(self.agreement().is_some(), Signs::TEAM)
            .and_if(self.request.templates.is_some(), Signs::TEMPLATE);
        let Some(body) = self.body() else { return signs };
        signs = signs.and_if(body.span().len() > oversized_body::LIMIT, Signs::LONG);
        if let Some(schema) = self.model.and_then(|model| model.schema.as_ref()) {
            signs = signs.and_if(!schema::fits(body, schema.shape), Signs::MISFIT);
        }
        signs = signs.and_if(is_empty_object(body), Signs::EMPTY);
        let mut maps = 0;
        for map in self.attribute_maps() {
            maps += 1;
            signs = signs.and(Signs::MAP).and_if(!map.named, Signs::STRAY_MAP);
            signs = signs.and_if(is_empty_object(map.value), Signs::EMPTY);
            signs = signs.and_if(!all_strings(map.value), Signs::ODD_VALUE);
        }
        let fields = body.kind() == Kind::Object && body.members().take(maps + 1).count() > maps;
        signs.and_if(fields, Signs::FIELDS).and_if(fields && maps > 0, Signs::MIXED)
    }
}

/// Whether a model is one of those that participant data is about: the bodies of the two updates of a
/// participant, and their union.
#[must_use]
pub(super) fn takes_participant_data(model: &Model) -> bool {
    model.role != Role::Other
}

/// The key of a value that is a member's.
#[must_use]
pub fn key_of(value: Value<'_>) -> Option<Value<'_>> {
    let before = Value::at(value.document(), value.index().checked_sub(1)?);
    (before.kind() == Kind::Key).then_some(before)
}

/// Whether a value is `{}`.
#[must_use]
pub(super) fn is_empty_object(value: Value<'_>) -> bool {
    value.kind() == Kind::Object && value.node().next == value.index() + 1
}

/// Whether a value is an object of which every member is a string, or is not known.
fn all_strings(map: Value<'_>) -> bool {
    if map.is_unknown() {
        return true;
    }
    let node = map.node();
    if node.kind != Kind::Object {
        return false;
    }
    if node.flags.has(Flags::PLAIN) {
        return true;
    }
    let nodes = map.document().nodes();
    let mut at = map.index() as usize + 1;
    while at < node.next as usize {
        let key = &nodes[at];
        if !matches!(nodes[at + 1].kind, Kind::String | Kind::Placeholder | Kind::Invalid) {
            return false;
        }
        at = key.next as usize;
    }
    true
}
