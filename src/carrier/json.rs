//! JSON files: a bare body, an envelope around one, or an array of envelopes.

use crate::api::{self, edit_distance};
use crate::carrier::{Carrier, Skip, data_action, har, postman, terraform};
use crate::json::{self, Document, Kind, Value, holds_placeholder};
use crate::request::{Header, Payload, Request, Scope, is_map_alias};
use crate::text::{Passage, Span};

/// What a text may be taken for that does not show what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assume {
    /// A body: its path is mapped to an operation, or the user says which operation it is for.
    Body,
    /// What its carrier reads, whatever it looks like: the user says which carrier that is.
    Carrier,
    /// A body, where files of its kind hold little else: the user named the file, and said no more.
    Named,
    /// Nothing: the file was met on a walk.
    Nothing,
}

impl Assume {
    /// Whether JSON is taken for a body that does not look like one.
    #[must_use]
    pub const fn takes_any(self) -> bool {
        !matches!(self, Self::Nothing)
    }

    /// Whether the user says what the text is, and does not merely name the file.
    #[must_use]
    pub const fn is_told(self) -> bool {
        matches!(self, Self::Body | Self::Carrier)
    }
}

/// A document, and the text that it was parsed from.
#[derive(Clone, Copy)]
pub struct Source<'t> {
    /// The tree.
    pub document: &'t Document<'t>,
    /// The text of it, as a passage of the file.
    pub text: &'t Passage<'t>,
    /// Whether the text is the file itself, so that its nodes stand in the file where they say.
    pub is_file: bool,
}

impl<'t> Source<'t> {
    /// What a string says.
    pub(super) fn passage(&self, value: Value<'_>) -> Option<Passage<'t>> {
        json::passage(value, self.text)
    }

    /// The place of a node in the file.
    pub(super) fn place(&self, value: Value<'_>) -> Span {
        self.text.span_of(value.span())
    }

    /// What is sent, where a node is it.
    pub(super) fn payload(&self, body: Value<'t>) -> Payload<'t> {
        if body.is_unknown() {
            Payload::Opaque
        } else if self.is_file {
            Payload::Json(body)
        } else {
            Payload::Text(self.text.piece(body.span()))
        }
    }
}

/// Yields the requests of a document, in its order; says what it is, or why there are none.
///
/// # Errors
///
/// The reason for which the document holds no request.
pub fn requests(
    source: Source<'_>,
    assume: Assume,
    each: &mut dyn FnMut(&Request<'_>),
) -> Result<Carrier, Skip> {
    let Some(root) = source.document.root() else {
        return if assume.takes_any() { Ok(Carrier::Json) } else { Err(Skip::NotRecognised) };
    };
    if !is_telling(root) {
        return body(source, root, assume, each);
    }
    // The request of a recording has all that an envelope has.
    if let Some(found) = har::requests(source, root, each) {
        return found;
    }
    if let Some(request) = envelope(source, root) {
        each(&request);
        return Ok(Carrier::Json);
    }
    if let Some(found) = postman::requests(source, root, each) {
        return found;
    }
    if data_action::requests(source, root, each) {
        return Ok(Carrier::DataAction);
    }
    if let Some(found) = terraform::requests_in_json(source, root, each) {
        return found;
    }
    if root.kind() == Kind::Array && root.items().any(|item| envelope(source, item).is_some()) {
        for item in root.items() {
            each(&envelope(source, item).unwrap_or_else(|| bare(source, item)));
        }
        return Ok(Carrier::Json);
    }
    body(source, root, assume, each)
}

/// Yields a value as a body, if it may be taken for one.
fn body(
    source: Source<'_>,
    root: Value<'_>,
    assume: Assume,
    each: &mut dyn FnMut(&Request<'_>),
) -> Result<Carrier, Skip> {
    if !assume.takes_any() && !is_body(root) {
        return Err(Skip::NotRecognised);
    }
    each(&bare(source, root));
    Ok(Carrier::Json)
}

/// Whether a value may be more than a body: it is no object, or has a member by which any of the others
/// is known. One look at the members answers for all of them; most texts are nothing but a body.
fn is_telling(root: Value<'_>) -> bool {
    const OTHERS: [&[&str]; 4] = [har::MEMBERS, postman::MEMBERS, data_action::MEMBERS, terraform::MEMBERS];
    !root.is_object()
        || root.members().any(|(key, _)| {
            if key.says("attributes") {
                return false;
            }
            let Some(name) = key.as_str() else { return true };
            matches!(Part::named(&name), Some(Part::Url | Part::Line))
                || OTHERS.iter().any(|names| names.contains(&name.as_ref()))
        })
}

fn bare<'t>(source: Source<'t>, body: Value<'t>) -> Request<'t> {
    Request::bare(source.place(body), source.payload(body))
}

/// Reads an object as an envelope, if it is one: it says where it goes, in a string. Recordings hold it in
/// a member `request`, beside the answer.
pub(super) fn envelope<'t>(source: Source<'t>, value: Value<'t>) -> Option<Request<'t>> {
    let parts = Parts::of(value)?;
    match parts.line.filter(|line| line.is_object()) {
        Some(recorded) => made_of(source, recorded, Parts::of(recorded)?),
        None => made_of(source, value, parts),
    }
}

fn made_of<'t>(source: Source<'t>, value: Value<'t>, parts: Parts<'t>) -> Option<Request<'t>> {
    let text = |value: Option<Value<'t>>| source.passage(value?);
    let line = text(parts.line).and_then(|line| request_line(&line));
    let (method, url) = match line {
        Some((method, url)) => (Some(method), Some(url)),
        None => (text(parts.method), text(parts.url)),
    };
    let url = url?;
    if !may_be_url(url.as_str())
        || (method.is_none() && parts.body.is_none() && !url.as_str().contains("conversations"))
    {
        return None;
    }
    let is_record = parts.body.is_none() && is_record(value);
    if is_record && method.is_none() {
        return None;
    }
    let payload = match parts.body {
        None if is_record || may_hold_body(value) => Payload::Opaque,
        None => Payload::Absent,
        // The body's JSON, serialised.
        Some(body) if body.kind() == Kind::String => {
            source.passage(body).map_or(Payload::Opaque, Payload::Text)
        }
        Some(body) => wrapped(source, body).unwrap_or_else(|| source.payload(body)),
    };
    let scopes = parts.scopes.into_iter().flat_map(|scopes| scope_texts(source, scopes)).collect();
    Some(Request {
        place: source.place(value),
        method,
        url: Some(url),
        headers: parts.headers.filter(|_| !source.is_file).map_or_else(Vec::new, |all| headers(source, all)),
        scopes,
        unexpanded: Vec::new(),
        templates: None,
        is_sample: false,
        payload,
    })
}

/// The headers of an envelope: an object, or a list of objects that each have a name and a value.
fn headers<'t>(source: Source<'t>, all: Value<'t>) -> Vec<Header<'t>> {
    let header = |name, value| Some(Header { name: source.passage(name)?, value: source.passage(value)? });
    let of_item = |item: Value<'t>| header(item.get("name").or_else(|| item.get("key"))?, item.get("value")?);
    let named = all.members().filter_map(|(key, value)| header(key, value));
    named.chain(all.items().filter_map(of_item)).collect()
}

/// What is sent, where a body is an object around it that says how it is written, as recorders and
/// clients keep it: `{"mimeType": …, "text": …}`, `{"encoding": …, "string": …}`.
fn wrapped<'t>(source: Source<'t>, body: Value<'t>) -> Option<Payload<'t>> {
    const SAY_HOW: [&str; 5] = ["mimeType", "contentType", "encoding", "mode", "type"];
    const HOLD: [&str; 5] = ["text", "raw", "string", "json", "content"];
    const OTHERS: [&str; 9] = [
        "params",
        "form",
        "formdata",
        "urlencoded",
        "options",
        "file",
        "fileName",
        "base64_string",
        "matchType",
    ];
    let (mut says_how, mut held, mut others) = (false, None, false);
    for (key, member) in body.members() {
        let name = key.as_str()?;
        match name.as_ref() {
            name if SAY_HOW.contains(&name) && member.kind() == Kind::String => says_how = true,
            name if HOLD.contains(&name) => held = Some(member),
            name if OTHERS.contains(&name) => others = true,
            _ => return None,
        }
    }
    // A body may have a `type` or `mode` of its own.
    if !says_how || (held.is_none() && !others) {
        return None;
    }
    Some(match held {
        Some(held) if held.is_object() => source.payload(held),
        Some(held) if held.kind() == Kind::String => match source.passage(held) {
            Some(text) if text.as_str().trim_start().starts_with('{') => Payload::Text(text),
            _ => Payload::Opaque,
        },
        _ => Payload::Opaque,
    })
}

/// Whether an envelope may hold its body under a name that is not known here, or point to it.
fn may_hold_body(envelope: Value<'_>) -> bool {
    const NEVER: [&str; 12] = [
        "headers",
        "query",
        "params",
        "parameters",
        "pathparams",
        "queryparams",
        "scope",
        "scopes",
        "permission",
        "permissions",
        "requiredscopes",
        "auth",
    ];
    const HINTS: [&str; 8] = ["body", "data", "payload", "template", "content", "json", "file", "form"];
    envelope.members().any(|(key, value)| {
        let Some(name) = key.as_str() else { return true };
        let name = name.to_ascii_lowercase().replace(['_', '-'], "");
        let structured = matches!(value.kind(), Kind::Object | Kind::Array) || value.is_unknown();
        !NEVER.contains(&name.as_str()) && (structured || HINTS.iter().any(|hint| name.contains(hint)))
    })
}

/// Whether an object with a method and a URL is a line of a log, of a table of routes or of a
/// description, in which no body is to be expected.
fn is_record(envelope: Value<'_>) -> bool {
    const MEMBERS: [&str; 12] = [
        "controller",
        "duration",
        "durationMs",
        "handler",
        "latency",
        "operationId",
        "responseTime",
        "status",
        "statusCode",
        "summary",
        "time",
        "timestamp",
    ];
    envelope.members().any(|(key, _)| MEMBERS.iter().any(|name| key.says(name)))
}

/// The strings of a member that names scopes or permissions.
fn scope_texts<'t>(source: Source<'t>, value: Value<'t>) -> impl Iterator<Item = Scope<'t>> {
    let key = value.index().checked_sub(1).map(|index| Value::at(value.document(), index));
    let of_permissions = key
        .filter(|key| key.kind() == Kind::Key)
        .and_then(Value::as_str)
        .is_some_and(|key| key.to_ascii_lowercase().contains("permission"));
    let strings = std::iter::once(value).chain(value.items()).filter(|value| value.kind() == Kind::String);
    strings.filter_map(move |value| Some(Scope { text: source.passage(value)?, of_permissions }))
}

/// The members of an envelope, by what they mean.
#[derive(Default)]
struct Parts<'a> {
    method: Option<Value<'a>>,
    url: Option<Value<'a>>,
    line: Option<Value<'a>>,
    body: Option<Value<'a>>,
    scopes: Vec<Value<'a>>,
    headers: Option<Value<'a>>,
}

impl<'a> Parts<'a> {
    fn of(value: Value<'a>) -> Option<Self> {
        if value.kind() != Kind::Object {
            return None;
        }
        let mut parts = Self::default();
        for (key, member) in value.members() {
            parts.take(&key.as_str()?, member);
        }
        Some(parts)
    }

    fn take(&mut self, name: &str, value: Value<'a>) {
        if name.eq_ignore_ascii_case("headers") {
            self.headers = Some(value);
        }
        match Part::named(name) {
            // Of several the one that may be a path of the API's: beside it may stand its host, or a name.
            Some(Part::Url) if value.kind() == Kind::String => {
                let is_path = |url: Value<'_>| url.as_str().is_some_and(|url| url.contains("/api/"));
                if self.url.is_none_or(|url| !is_path(url) && is_path(value)) {
                    self.url = Some(value);
                }
            }
            Some(Part::Method) => self.method = Some(value),
            Some(Part::Line) if matches!(value.kind(), Kind::String | Kind::Object) => {
                self.line = Some(value);
            }
            Some(Part::Body) => self.body = Some(value),
            Some(Part::Scopes) => self.scopes.push(value),
            _ => {}
        }
    }
}

/// What a member of an envelope is for.
#[derive(Clone, Copy)]
enum Part {
    Method,
    Url,
    /// The method and the URL in one, or an object of all the parts.
    Line,
    Body,
    Scopes,
}

impl Part {
    /// The part that a name stands for, whatever its case.
    fn named(name: &str) -> Option<Self> {
        // Most members are a body's own, and are told by their first letter.
        let first = name.bytes().next().unwrap_or_default().to_ascii_lowercase();
        if !matches!(first, b'b' | b'e' | b'h' | b'm' | b'p' | b'r' | b's' | b'u') {
            return None;
        }
        let is = |names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
        if is(&["url", "path", "endpoint", "uri"]) {
            Some(Self::Url)
        } else if is(&["method", "httpMethod", "requestType"]) {
            Some(Self::Method)
        } else if is(&["request"]) {
            Some(Self::Line)
        } else if is(&["body", "payload"]) {
            Some(Self::Body)
        } else {
            is(&["scope", "scopes", "permission", "permissions", "requiredScopes"]).then_some(Self::Scopes)
        }
    }
}

/// `PATCH /api/v2/…`: method and path.
pub(super) fn request_line<'t>(line: &Passage<'t>) -> Option<(Passage<'t>, Passage<'t>)> {
    let text = line.as_str();
    let start = text.len() - text.trim_start().len();
    let method = text[start..].split_whitespace().next()?;
    let after = start + method.len();
    let url = after + (text[after..].len() - text[after..].trim_start().len());
    let end = url + text[url..].split_whitespace().next()?.len();
    let is_method = method.len() < 8 && method.bytes().all(|byte| byte.is_ascii_alphabetic());
    (is_method && may_be_url(&text[url..end]))
        .then(|| (line.piece(Span::from_usize(start, after)), line.piece(Span::from_usize(url, end))))
}

/// Whether a text may say where a request goes: a URL, a path, or what one of them is filled in for.
fn may_be_url(text: &str) -> bool {
    text.contains('/') || holds_placeholder(text)
}

/// Whether an object met on a walk is a participant body, by its members: more are known than are not,
/// and what is known is telling.
fn is_body(value: Value<'_>) -> bool {
    let (telling, weak, strange) = members_of_body(value);
    telling > 0 && strange < telling + weak
}

/// Whether an object is a participant body and nothing else, by its members; attributes in which there
/// is structure may be those of anything.
pub(super) fn is_plain_body(value: Value<'_>) -> bool {
    let (telling, _, strange) = members_of_body(value);
    let is_structure = |value: Value<'_>| matches!(value.kind(), Kind::Object | Kind::Array);
    let is_flat = |map: Value<'_>| !map.members().any(|(_, value)| is_structure(value));
    telling > 0 && strange == 0 && value.members().all(|(_, member)| is_flat(member))
}

/// Whether a map has members, and each of them is a list or an object.
fn is_structure_alone(map: Value<'_>) -> bool {
    let is_structure = |value: Value<'_>| matches!(value.kind(), Kind::Object | Kind::Array);
    map.members().next().is_some() && map.members().all(|(_, value)| is_structure(value))
}

/// Whether a value is text that no participant's state is like.
fn is_no_state(value: Value<'_>) -> bool {
    value.kind() == Kind::String && value.as_str().is_some_and(|said| !holds_placeholder(&said))
}

/// More than can speak for a body.
const IS_OTHER: usize = 100;

/// Whether a value is text that no flag is like: a label, say.
fn is_no_flag(value: Value<'_>) -> bool {
    const FLAGS: [&str; 6] = ["true", "false", "yes", "no", "on", "off"];
    let is_flag = |said: &str| {
        said.len() < 2 || holds_placeholder(said) || FLAGS.iter().any(|flag| flag.eq_ignore_ascii_case(said))
    };
    value.kind() == Kind::String && value.as_str().is_some_and(|said| !is_flag(&said))
}

/// How many members of an object tell that it is a participant body, how many may be such a body's, and
/// how many are not.
fn members_of_body(value: Value<'_>) -> (usize, usize, usize) {
    let (mut telling, mut weak, mut strange) = (0, 0, 0);
    if value.kind() != Kind::Object {
        return (telling, weak, strange);
    }
    for (key, member) in value.members() {
        let Some(name) = key.as_str() else { continue };
        match name.as_ref() {
            "attributes" if is_structure_alone(member) => strange += 1,
            "attributes" if matches!(member.kind(), Kind::Object | Kind::Null) => telling += 1,
            "state" if names_state(member) => telling += 1,
            // Many other things have a state, and attributes or more beside it.
            "state" if is_no_state(member) => strange += 1,
            // Which no other product has.
            "wrapup" | "wrapupSkipped" => telling += 2,
            "held" | "muted" | "confined" if is_no_flag(member) => strange += 1,
            "resumeTime" | "held" | "muted" | "confined" => telling += 1,
            "recording" if member.kind() == Kind::Boolean => telling += 1,
            "attributes" | "state" | "recording" => weak += 1,
            name if is_map_alias(name, member) => telling += 1,
            // A key that is not known yet may be any, as may one of which the end is missing.
            name if holds_placeholder(name) || is_cut_off(key) || is_nearly_known(name) => {}
            // What has an id is a thing that something answered with, or keeps, whatever else it has.
            "id" | "selfUri" => strange += IS_OTHER,
            _ => strange += 1,
        }
    }
    (telling, weak, strange)
}

/// Whether a name is one that people put beside those of a body, or a slip of one of them.
fn is_nearly_known(name: &str) -> bool {
    const LONG: [&str; 7] =
        ["attributes", "state", "wrapup", "wrapupskipped", "resumetime", "muted", "confined"];
    // So short that another word is as near.
    const SHORT: [&str; 5] = ["attr", "attrs", "held", "hold", "mute"];
    const OURS: [&str; 4] = ["participant", "conversation", "communication", "wrapup"];
    let name = plain(name);
    let bare = name.strip_prefix("is").unwrap_or(&name);
    let bare = bare.strip_prefix("on").unwrap_or(bare);
    let is_slip = |known: &str| bare.len().abs_diff(known.len()) <= 1 && edit_distance(bare, known) <= 1;
    OURS.iter().any(|word| name.contains(word))
        || SHORT.contains(&bare)
        || LONG.iter().any(|known| is_slip(known))
}

/// Whether a value is the name of a participant's state, nearly, or what else people call one.
pub(super) fn names_state(value: Value<'_>) -> bool {
    const SETTABLE: [&str; 2] = ["connected", "disconnected"];
    const CALLED: [&str; 7] = ["hangup", "held", "hold", "hungup", "mute", "onhold", "unhold"];
    let Some(said) = value.as_str().filter(|_| value.kind() == Kind::String) else { return false };
    let said = said.as_ref();
    let is_state = |state: &str| state.eq_ignore_ascii_case(said);
    let is_begun = |state: &str| state.starts_with(said) && is_cut_off(value);
    SETTABLE.contains(&said)
        || states().any(|state| is_state(state) || is_begun(state))
        || SETTABLE.iter().any(|state| edit_distance(said, state) <= 2)
        || CALLED.contains(&plain(said).as_str())
}

/// Whether the text ends within a string or a key.
fn is_cut_off(value: Value<'_>) -> bool {
    let (raw, rest) = (value.raw(), &value.document().text()[value.span().end as usize..]);
    raw.starts_with('"') && (raw.len() == 1 || !raw.ends_with('"')) && rest.trim_ascii_start().is_empty()
}

/// A word without case and separators.
fn plain(word: &str) -> String {
    word.chars().filter(char::is_ascii_alphanumeric).map(|char| char.to_ascii_lowercase()).collect()
}

/// The states that the published model lists.
fn states() -> impl Iterator<Item = &'static str> {
    let shape = api::model("MediaParticipantRequest")
        .and_then(|model| model.schema.as_ref())
        .map(|schema| schema.shape);
    let properties = match shape {
        Some(api::Shape::Object { properties, .. }) => *properties,
        _ => &[],
    };
    let options = properties.iter().find_map(|(name, shape)| match shape {
        api::Shape::String { options, .. } if *name == "state" => Some(*options),
        _ => None,
    });
    options.unwrap_or_default().iter().copied()
}
