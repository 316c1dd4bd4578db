//! Where requests go.

use std::cell::{Cell, RefCell};

use crate::api::{self, Endpoint, Method, Model, Operation, Reach, Resolution, resolve};
use crate::carrier::Skip;
use crate::rules::Subject;

use super::Settings;
use super::trust::Trust;

/// Finds out where the requests of a file go.
pub(super) struct Addresses<'l> {
    settings: &'l Settings,
    trust: Trust<'l>,
    /// Whether any was asked for: most files hold one request.
    asked: Cell<bool>,
    /// The last one: in a file of many, a request often goes where the one before it goes.
    last: RefCell<Option<Address>>,
}

/// What a method and a URL say.
struct Address {
    method: Option<Method>,
    url: String,
    /// Without the texts of its parts, which are those of the URL.
    endpoint: Endpoint<'static>,
    resolution: Resolution,
}

impl<'l> Addresses<'l> {
    /// None yet.
    pub(super) const fn new(settings: &'l Settings, trust: Trust<'l>) -> Self {
        Self { settings, trust, asked: Cell::new(false), last: RefCell::new(None) }
    }

    /// What the requests are checked by.
    pub(super) const fn settings(&self) -> &'l Settings {
        self.settings
    }

    /// Finds the operation that a request is for; the reason, where it is not for the part of the API that
    /// is checked.
    pub(super) fn find<'a>(&self, mut subject: Subject<'a>) -> Result<Subject<'a>, Skip>
    where
        'l: 'a,
    {
        subject.team = self.settings.team.as_deref();
        let Some(url) = &subject.request.url else {
            subject.operation = self.settings.operation;
            subject.model = self.settings.operation.map_or(Some(api::UNION_MODEL), Operation::model);
            return Ok(subject);
        };
        let (method, url) = (subject.method(), url.as_str());
        let (endpoint, resolution) = match self.known(method, url) {
            Some(known) => known,
            None => self.read(method, url)?,
        };
        let is_data_action = subject.request.templates.is_some();
        if !is_data_action && !endpoint.names_platform() && !self.trust.is_ours() {
            return Err(Skip::UnknownAddress);
        }
        if matches!(resolution, Resolution::None) && !endpoint.is_telling() {
            return Err(Skip::Foreign);
        }
        (subject.operation, subject.model) = match &resolution {
            Resolution::Operation(operation) => (Some(*operation), operation.model()),
            Resolution::OneOf(operation) => (None, operation.model()),
            Resolution::OtherMethods(operations) => (None, only_model(operations)),
            Resolution::None | Resolution::Unknown => (None, None),
        };
        subject.endpoint = Some(endpoint);
        subject.resolution = Some(resolution);
        Ok(subject)
    }

    /// What was found for the request before, if that has the same method and URL.
    fn known<'u>(&self, method: Option<Method>, url: &'u str) -> Option<(Endpoint<'u>, Resolution)> {
        let last = self.last.borrow();
        let last = last.as_ref().filter(|last| last.method == method && last.url == url)?;
        Some((last.endpoint.of_equal(url), last.resolution.clone()))
    }

    fn read<'u>(&self, method: Option<Method>, url: &'u str) -> Result<(Endpoint<'u>, Resolution), Skip> {
        let hosts = self.settings.team.as_ref().map_or(&[][..], |team| &team.hosts);
        let endpoint = Endpoint::parse_among(url, hosts);
        reach(&endpoint)?;
        let resolution = resolve(method, &endpoint);
        if self.asked.replace(true) {
            let (url, resolution) = (url.to_owned(), resolution.clone());
            *self.last.borrow_mut() =
                Some(Address { method, url, endpoint: endpoint.detached(), resolution });
        }
        Ok((endpoint, resolution))
    }
}

/// Whether a request goes to the part of the API that is checked.
pub(super) fn reach(endpoint: &Endpoint<'_>) -> Result<(), Skip> {
    match endpoint.reach {
        Reach::Conversations => Ok(()),
        Reach::OtherApi => Err(Skip::OtherApi),
        Reach::Foreign if endpoint.is_unknown() => Err(Skip::UnknownAddress),
        Reach::Foreign => Err(Skip::Foreign),
    }
}

/// The model that operations agree on, if they do.
fn only_model(operations: &[&'static Operation]) -> Option<&'static Model> {
    let mut models =
        operations.iter().filter(|operation| operation.body.is_some()).map(|operation| operation.model());
    let first = models.next()??;
    models.all(|other| other.is_some_and(|other| other.name == first.name)).then_some(first)
}
