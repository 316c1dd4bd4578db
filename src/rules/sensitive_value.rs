//! Values that should not be participant data.

use crate::diagnostic::{Draft, Severity, Sink};
use crate::json::{Flags, Kind, Value, passage};
use crate::rules::{
    Check, Evidence, Group, Rule, Secret, SecretKind, Signs, TextSubject, may_hold_secret, secrets,
};
use crate::text::{Passage, Span};

pub static RULE: Rule = Rule {
    id: "sensitive-value",
    level: Severity::Warning,
    group: Group::Attributes,
    evidence: Evidence::Documented(
        "participant data is plain text to flows, scripts and integrations; secured data is what is encrypted",
    ),
    summary: "a card number, a token or a private key in the request",
    why: "Participant attributes are plain text: whoever may see the interaction, and every flow, script and \
          integration that handles it, reads them, and they stay visible after the call. A token or a key in \
          a file is known to everyone who has the file, and to its history for good.\n\n\
          Card numbers are told by their issuer's first digits, their length and their check digit, tokens \
          and keys by their form. A number may pass for a card's by chance, about one in a hundred of those \
          that are long enough. No output of this tool shows the value.",
    remedy: "Take it out of the request. What a flow needs to know of a card belongs into secured data; a token \
             is filled in when the request is sent, as `Bearer {{token}}`. Revoke a token or a key that others \
             may have seen.",
    fix: None,
    bad: &[
        r#"{"attributes": {"payment": "4111 1111 1111 1111"}}"#,
        r#"{"method": "PATCH", "url": "/api/v2/conversations/{conversationId}/participants/{participantId}/attributes", "headers": {"Authorization": "Bearer c2VjcmV0LWZvci10aGUtZG9jcy0wMDE"}, "body": {"attributes": {"priority": "high"}}}"#,
    ],
    good: &[
        r#"{"attributes": {"payment": "on file"}}"#,
        r#"{"method": "PATCH", "url": "/api/v2/conversations/{conversationId}/participants/{participantId}/attributes", "headers": {"Authorization": "Bearer {{token}}"}, "body": {"attributes": {"priority": "high"}}}"#,
    ],
    waits_for: Signs::SECRET,
    check: Check::Text(check),
};

fn check(subject: &TextSubject<'_>, sink: &mut Sink<'_>) {
    if may_hold_secret(subject.document.text().as_bytes()) {
        check_document(subject, sink);
    }
    let Some(request) = subject.request else { return };
    let headers = request.headers.iter().map(|header| (Some(header.name.as_str()), &header.value));
    for (name, text) in headers.chain(request.url.iter().map(|url| (None, url))) {
        if !may_hold_secret(text.as_str().as_bytes()) {
            continue;
        }
        for secret in secrets(text.as_str()) {
            let holder = name.map_or_else(|| "the URL".to_owned(), |name| format!("`{name}`"));
            sink.push(describe(&holder, &secret).at(text.span_of(secret.span)));
        }
    }
}

fn check_document(subject: &TextSubject<'_>, sink: &mut Sink<'_>) {
    let whole = Passage::of_file(subject.document.text());
    let mut told: Vec<Span> = Vec::new();
    let mut tell = |holder: &str, secret: &Secret, place: Span| {
        told.push(place);
        sink.push(describe(holder, secret).at(place));
    };
    for index in 0..subject.document.nodes().len() {
        let value = Value::at(subject.document, u32::try_from(index).unwrap_or(u32::MAX));
        match value.kind() {
            Kind::String | Kind::Key => {
                let escaped = value.node().flags.has(Flags::ESCAPED);
                if !escaped && !may_hold_secret(value.raw().as_bytes()) {
                    continue;
                }
                let Some(text) = passage(value, &whole) else { continue };
                for secret in secrets(text.as_str()) {
                    tell(&holder(value), &secret, text.span_of(secret.span));
                }
            }
            Kind::Number => {
                for secret in secrets(value.raw()) {
                    tell(&holder(value), &secret, value.span());
                }
            }
            _ => {}
        }
    }
    // What is read as no value where a fault is, is in the text all the same.
    if !subject.document.faults().is_empty() {
        let is_new = |secret: &Secret| {
            let next = told.partition_point(|place| place.end <= secret.span.start);
            told.get(next).is_none_or(|place| secret.span.end <= place.start)
        };
        for secret in secrets(subject.document.text()).into_iter().filter(is_new) {
            sink.push(describe("this text", &secret).at(secret.span));
        }
    }
}

/// What is said of a secret, but for its place.
struct Words {
    message: String,
    help: &'static str,
}

impl Words {
    fn at(self, place: Span) -> Draft {
        Draft::new(place, self.message).help(self.help).secret(place)
    }
}

/// What a string or number is called.
fn holder(value: Value<'_>) -> String {
    if value.kind() == Kind::Key {
        return "this name".to_owned();
    }
    name(value).map_or_else(|| "this value".to_owned(), |name| format!("`{name}`"))
}

fn describe(holder: &str, secret: &Secret) -> Words {
    let (what, help) = match secret.kind {
        SecretKind::Card(issuer) => (
            format!("what looks like a card number ({issuer})"),
            "take it out: attributes are plain text; secured data is the place for it",
        ),
        SecretKind::BearerToken => (
            "a bearer token".to_owned(),
            "write a placeholder such as `Bearer {{token}}`, and revoke the token if others have seen it",
        ),
        SecretKind::WebToken => (
            "a JSON Web Token".to_owned(),
            "write a placeholder such as `{{token}}`, and revoke the token if others have seen it",
        ),
        SecretKind::PrivateKey => {
            ("a private key".to_owned(), "take it out, and replace the key if others have seen it")
        }
    };
    Words { message: format!("{holder} holds {what}"), help }
}

/// The name of the member that a value is, or is an item of; none that is a secret itself.
fn name(value: Value<'_>) -> Option<String> {
    let nodes = value.document().nodes();
    let index = (0..value.index()).rev().find(|index| {
        let node = &nodes[*index as usize];
        node.kind == Kind::Key && node.next > value.index()
    })?;
    let name = Value::at(value.document(), index).as_str()?;
    secrets(&name).is_empty().then(|| name.into_owned())
}
