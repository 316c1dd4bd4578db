//! What every carrier yields and every rule reads.

use crate::json::{Kind, Value};
use crate::template::{Templates, Variants};
use crate::text::{Passage, Span};

/// A request as written down somewhere: whole, or only its body.
#[derive(Clone, Debug)]
pub struct Request<'t> {
    /// Where it begins in the file, for lists of requests.
    pub place: Span,
    /// The HTTP method, where one is given.
    pub method: Option<Passage<'t>>,
    /// The URL or path, where one is given.
    pub url: Option<Passage<'t>>,
    /// The headers that do not stand in the document of the body, as far as they are written out.
    pub headers: Vec<Header<'t>>,
    /// The scopes or permissions that it says it needs.
    pub scopes: Vec<Scope<'t>>,
    /// References to variables that stand where they are not expanded.
    pub unexpanded: Vec<Unexpanded<'t>>,
    /// The templates that it is made of, where it is a data action's.
    pub templates: Option<Templates<'t>>,
    /// Whether it is shown to be read: its ids stand for real ones.
    pub is_sample: bool,
    /// What is sent.
    pub payload: Payload<'t>,
}

/// A reference to a variable that is sent as it is written.
#[derive(Clone, Debug)]
pub struct Unexpanded<'t> {
    /// The reference.
    pub text: Passage<'t>,
    /// Why it is not expanded.
    pub quoting: Quoting,
}

/// Quoting that keeps a reference from being expanded, or expands it where that is not meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quoting {
    /// Between a shell's single quotes.
    Shell,
    /// In a shell's here-document whose word is quoted.
    ShellDocument,
    /// Between PowerShell's single quotes.
    PowerShell,
    /// `$${…}` in a string of Terraform's, where `${…}` is meant.
    TerraformEscaped,
    /// `${…}` in a string of Terraform's, where the reference is meant for Velocity.
    TerraformExpanded,
}

/// A header of a request.
#[derive(Clone, Debug)]
pub struct Header<'t> {
    /// Its name, before the colon.
    pub name: Passage<'t>,
    /// What it says.
    pub value: Passage<'t>,
}

/// A string in which a request names scopes or permissions.
#[derive(Clone, Debug)]
pub struct Scope<'t> {
    /// One of them, or a list in one string.
    pub text: Passage<'t>,
    /// Whether permissions are meant: a bare word there may be the name of a role.
    pub of_permissions: bool,
}

/// What a request sends.
#[derive(Clone, Debug)]
pub enum Payload<'t> {
    /// Nothing: the request is whole, and has no body.
    Absent,
    /// Something that is not known here: a variable, or what another program makes.
    Opaque,
    /// JSON of the file's own document.
    Json(Value<'t>),
    /// Text that is to be read as JSON, out of a file that is none, or out of a string in it.
    Text(Passage<'t>),
    /// The same, one of several texts that a template may make.
    Variants(Variants<'t>),
    /// Another file, of this name.
    File(Passage<'t>),
    /// What a quote opens that nothing closes: where it ends is not known.
    Unclosed(OpenQuote<'t>),
    /// Whatever stands in a part of the file that cannot be read: it is not known whether that is a request.
    Unreadable(Unreadable),
}

/// A quote of a script that is left open.
#[derive(Clone, Debug)]
pub struct OpenQuote<'t> {
    /// The quote.
    pub quote: Passage<'t>,
    /// The quote before it that ends a string where the body seems to go on, if there is one: then that
    /// is the one that should not be there.
    pub early: Option<Passage<'t>>,
    /// How such a quote is written within the string, where it has to be written otherwise.
    pub escaped: Option<&'static str>,
}

/// Why a part of a file cannot be read.
#[derive(Clone, Copy, Debug)]
pub struct Unreadable {
    /// What is wrong at the place.
    pub why: &'static str,
    /// What to do about it.
    pub help: &'static str,
}

impl<'t> Request<'t> {
    /// A body alone.
    #[must_use]
    pub const fn bare(place: Span, payload: Payload<'t>) -> Self {
        Self {
            place,
            method: None,
            url: None,
            headers: Vec::new(),
            scopes: Vec::new(),
            unexpanded: Vec::new(),
            templates: None,
            is_sample: false,
            payload,
        }
    }

    /// All that is sent beside the payload, giving back every offset with `base` added; see
    /// [`Passage::based`].
    #[must_use]
    pub fn beside_payload(&self, base: u32) -> Self {
        let based = |passage: &Passage<'t>| passage.clone().based(base);
        Self {
            place: self.place,
            method: self.method.as_ref().map(based),
            url: self.url.as_ref().map(based),
            headers: self
                .headers
                .iter()
                .map(|header| Header { name: based(&header.name), value: based(&header.value) })
                .collect(),
            scopes: self.scopes.iter().map(|scope| Scope { text: based(&scope.text), ..*scope }).collect(),
            unexpanded: self
                .unexpanded
                .iter()
                .map(|reference| Unexpanded { text: based(&reference.text), quoting: reference.quoting })
                .collect(),
            is_sample: self.is_sample,
            templates: self.templates.as_ref().map(|templates| templates.based(base)),
            payload: Payload::Opaque,
        }
    }
}

/// The body of a request, as rules look at it.
#[derive(Clone, Copy, Debug)]
pub enum Body<'a> {
    /// There is none.
    Absent,
    /// JSON.
    Json(Value<'a>),
    /// Something that is not known here.
    Opaque,
}

impl<'a> Body<'a> {
    /// The JSON that is sent, where it is known.
    #[must_use]
    pub const fn json(self) -> Option<Value<'a>> {
        match self {
            Self::Json(value) => Some(value),
            Self::Absent | Self::Opaque => None,
        }
    }
}

/// Whether a member was meant as the map of attributes: `customAttributes`, `participant_data` and
/// the like, holding an object, null, or what is not known yet.
#[must_use]
pub fn is_map_alias(name: &str, value: Value<'_>) -> bool {
    if name.len() < 5 || !(matches!(value.kind(), Kind::Object | Kind::Null) || value.is_unknown()) {
        return false;
    }
    // From the end, as that is what tells, without case and separators; a body's own names come here too.
    let plain = || {
        name.bytes().rev().filter(|byte| !matches!(byte, b'_' | b'-')).map(|byte| byte.to_ascii_lowercase())
    };
    let is = |alias: &str| plain().eq(alias.bytes().rev());
    let ends_with = |end: &str| plain().take(end.len()).eq(end.bytes().rev());
    (ends_with("attributes") && name != "attributes")
        || ["attrs", "participantdata", "customdata", "attributemap", "attribute"].into_iter().any(is)
}
