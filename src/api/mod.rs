//! What the API is: its operations, the bodies they take, its hosts.
//!
//! All of it is static data, made at build time from `schemas/`. Source of the facts: the
//! published platform API of the build that [`API_BUILD`] names, by its Swagger document and SDKs.

mod distance;
mod errors;
mod line;
mod nearest;
mod resolve;
mod url;
mod words;

pub use distance::{closest, edit_distance};
pub use line::{Refusal, gone, operation_of_line};
pub use nearest::{Nearest, Step, nearest};
pub use resolve::{Resolution, operations_at, resolve};
pub use url::{Endpoint, Host, Part, Reach, classify, may_reach_conversations, name_of};
pub use words::{is_uuid, takes_uuid};

/// An HTTP method that an operation of the API uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates, or does something.
    Post,
    /// Replaces.
    Put,
    /// Changes what is given.
    Patch,
    /// Removes.
    Delete,
}

impl Method {
    /// As it is written in a request.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// Reads a method, whatever its case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete]
            .into_iter()
            .find(|method| method.as_str().eq_ignore_ascii_case(text))
    }
}

impl std::fmt::Display for Method {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.as_str())
    }
}

/// One operation of `/api/v2/conversations`.
#[derive(Debug)]
pub struct Operation {
    /// Its `operationId`, which is also its name in the JavaScript SDK.
    pub id: &'static str,
    /// How it is called.
    pub method: Method,
    /// Where it is called, `{…}` standing for parameters.
    pub path: &'static str,
    /// The path after `/api/v2/`.
    pub segments: &'static [Segment],
    /// What it takes as its body.
    pub body: Option<Payload>,
    /// Whether it must be given one.
    pub body_required: bool,
    /// The member of its body that is a map of attributes, name to string.
    pub attributes: Option<&'static str>,
    /// Whether it may still be called.
    pub status: Status,
    /// Indices in [`OPERATIONS`] of what to call instead, best first.
    pub successors: &'static [usize],
    /// Whether its path names a participant.
    pub participant_level: bool,
    /// OAuth scopes of which a client needs one; `None` where not known.
    pub scopes: Option<&'static [&'static str]>,
    /// Permissions a caller needs.
    pub permissions: &'static [&'static str],
    /// Whether all of them are needed, and not any one.
    pub all_permissions: bool,
    /// Its names in the SDKs.
    pub sdk: Sdk,
}

/// One part of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segment {
    /// Stands as it is.
    Literal(&'static str),
    /// Is filled in.
    Parameter(&'static str),
}

/// The body that an operation takes.
#[derive(Clone, Copy, Debug)]
pub struct Payload {
    /// The model's name as published; `array<…>` for a list.
    pub name: &'static str,
    /// The model, where its members are known.
    pub model: Option<&'static Model>,
    /// Whether it is a list of the model.
    pub many: bool,
}

/// Whether an operation may still be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It may.
    Current,
    /// It may, and may change.
    Preview,
    /// It may, and will be taken away.
    Deprecated,
    /// It is gone.
    Removed,
}

/// What an operation is called in each SDK, where it is known.
#[derive(Clone, Copy, Debug)]
pub struct Sdk {
    /// JavaScript, and Java.
    pub javascript: Option<&'static str>,
    /// Python.
    pub python: Option<&'static str>,
    /// Go.
    pub go: Option<&'static str>,
    /// .NET.
    pub dotnet: Option<&'static str>,
    /// The `gc` command.
    pub cli: Option<&'static str>,
}

/// A body model.
#[derive(Debug)]
pub struct Model {
    /// Its published name.
    pub name: &'static str,
    /// What it is to an update of a participant.
    pub role: Role,
    /// Its top-level members.
    pub properties: &'static [&'static str],
    /// Its schema, where one is bundled.
    pub schema: Option<Schema>,
}

/// What a model is to an update of a participant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// `UpdateConversationCallParticipant`: all that can be sent of a participant.
    Union,
    /// `MediaParticipantRequest`: its fields.
    Fields,
    /// `ParticipantAttributes`: its attributes.
    Attributes,
    /// Another body.
    Other,
}

/// A bundled schema.
#[derive(Debug)]
pub struct Schema {
    /// For a quick verdict.
    pub shape: &'static Shape,
    /// JSON Schema, draft 2020-12.
    pub text: &'static str,
}

/// A schema as a table.
#[derive(Debug)]
pub enum Shape {
    /// Anything.
    Any,
    /// True or false.
    Boolean,
    /// A string.
    String {
        /// All it may be; anything, where there are none.
        options: &'static [&'static str],
        /// Whether it is a date and time.
        date_time: bool,
        /// Fewest characters.
        least: usize,
        /// Most characters.
        most: usize,
    },
    /// A whole number.
    Integer {
        /// Smallest.
        minimum: i64,
        /// Largest.
        maximum: i64,
    },
    /// A number.
    Number,
    /// A list.
    Array {
        /// What each item is.
        items: &'static Shape,
        /// Whether no two may be equal.
        unique: bool,
    },
    /// An object.
    Object {
        /// The members that are known.
        properties: &'static [(&'static str, &'static Shape)],
        /// Those that must be there.
        required: &'static [&'static str],
        /// What other members may be.
        additional: Additional,
        /// Fewest members.
        least: usize,
    },
    /// A map of strings that the rules about attributes look into.
    Attributes,
}

/// What the members of an object may be that its schema does not name.
#[derive(Debug)]
pub enum Additional {
    /// Anything.
    Free,
    /// There may be none.
    Refused,
    /// Of a shape.
    Of(&'static Shape),
}

/// The tables of this module, out of a file of their own.
#[expect(clippy::unreadable_literal, reason = "the limits of integers, as the schemas have them")]
mod tables {
    use super::{
        Additional, ErrorCode, Method, Model, Operation, Payload, Role, Schema, Sdk, Segment, Shape, Status,
    };
    include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));
}

pub use errors::ErrorCode;
pub use tables::{
    API_BUILD, API_DATE, ERRORS, MODELS, OPERATIONS, PERMISSIONS, REGIONS, SCOPES, UNION_MODEL,
};

/// The name under which a bare body is checked: the union of what can be sent of a participant.
pub const UNION: &str = "UpdateConversationCallParticipant";

/// The model of a name.
#[must_use]
pub fn model(name: &str) -> Option<&'static Model> {
    MODELS.binary_search_by(|model| model.name.cmp(name)).ok().map(|at| &MODELS[at])
}

impl Model {
    /// All that a string member of it may be, where the schema lists that.
    #[must_use]
    pub fn options(&self, member: &str) -> &'static [&'static str] {
        let Some(Schema { shape: Shape::Object { properties, .. }, .. }) = &self.schema else { return &[] };
        properties
            .iter()
            .find_map(|(name, shape)| match shape {
                Shape::String { options, .. } if *name == member => Some(*options),
                _ => None,
            })
            .unwrap_or_default()
    }
}

/// The operation that an `operationId`, or its name in one of the SDKs, stands for; case does not
/// matter.
#[must_use]
pub fn operation(name: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| {
        let sdk = &operation.sdk;
        [Some(operation.id), sdk.python, sdk.go, sdk.dotnet, sdk.cli]
            .into_iter()
            .flatten()
            .any(|known| known.eq_ignore_ascii_case(name))
    })
}

impl Operation {
    /// Method and path, as a request's first line has them.
    #[must_use]
    pub fn call(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// What to call instead.
    pub fn successors(&self) -> impl Iterator<Item = &'static Operation> {
        self.successors.iter().filter_map(|index| OPERATIONS.get(*index))
    }

    /// The operation that updates the attributes of this one's participant: the sibling
    /// `…/attributes` of the same media, or else the generic one.
    #[must_use]
    pub fn attributes_sibling(&self) -> &'static Operation {
        let base = self.path.find("/participants/{participantId}").map_or("", |at| &self.path[..at]);
        let wanted = format!("{base}/participants/{{participantId}}/attributes");
        let generic = "/api/v2/conversations/{conversationId}/participants/{participantId}/attributes";
        let find = |path: &str| {
            OPERATIONS.iter().find(|other| {
                other.method == Method::Patch
                    && other.path == path
                    && matches!(other.status, Status::Current | Status::Preview)
            })
        };
        find(&wanted).or_else(|| find(generic)).unwrap_or(&OPERATIONS[0])
    }

    /// The bundled or known model of the body, when it is sent alone.
    #[must_use]
    pub fn model(&self) -> Option<&'static Model> {
        self.body.as_ref().filter(|body| !body.many)?.model
    }
}
