//! The bundled schemas, and what is made of them, against the real validator.

use jsonschema::Validator;
use paylint::api::{MODELS, Model, OPERATIONS, Operation, Shape, model};
use paylint::diagnostic::{Finding, Severity};
use paylint::json::Arena;
use paylint::lint::{Input, Scratch, Settings, lint};
use paylint::schema::{fits, is_date_time, violations};
use serde_json::{Map, Value, json};

const UUID: &str = "5f1f4b6e-5f0a-4c0e-9d5e-3f2f5a1f8b11";

fn bundled() -> Vec<(&'static Model, Value)> {
    let schemas = MODELS.iter().filter_map(|model| {
        let schema = model.schema.as_ref()?;
        Some((model, serde_json::from_str(schema.text).unwrap()))
    });
    schemas.collect()
}

fn validator(schema: &Value) -> Validator {
    jsonschema::options()
        .with_format("date-time", is_date_time)
        .with_format("uri", |_: &str| true)
        .should_validate_formats(true)
        .build(schema)
        .unwrap()
}

/// Makes bodies for a schema.
struct Sampler<'s> {
    root: &'s Value,
}

impl<'s> Sampler<'s> {
    fn resolve(&self, schema: &'s Value) -> &'s Value {
        match schema["$ref"].as_str() {
            Some(reference) => self.root.pointer(reference.strip_prefix('#').unwrap()).unwrap(),
            None => schema,
        }
    }

    /// A right value: with all members, or with as few as make sense.
    fn sample(&self, schema: &'s Value, whole: bool) -> Value {
        let schema = self.resolve(schema);
        match schema["type"].as_str() {
            Some("boolean") => true.into(),
            Some("integer" | "number") => 1.into(),
            Some("string") => string_of(schema).into(),
            Some("array") => json!([self.sample(&schema["items"], whole)]),
            Some("object") => self.object(schema, whole).into(),
            _ => UUID.into(),
        }
    }

    fn object(&self, schema: &'s Value, whole: bool) -> Map<String, Value> {
        let mut object = Map::new();
        let required: Vec<_> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let properties: Vec<_> = schema["properties"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, of)| (name.as_str(), of))
            .collect();
        // Where nothing is required, one member that says something is still to be sent.
        let telling = ["state", "code", "attributes"]
            .into_iter()
            .find(|name| properties.iter().any(|(other, _)| other == name))
            .or(properties.first().map(|(name, _)| *name));
        for (name, of) in &properties {
            let only = required.is_empty() && telling == Some(name);
            if whole || only || required.contains(name) {
                object.insert((*name).to_owned(), self.sample(of, whole));
            }
        }
        if properties.is_empty() && schema["additionalProperties"].is_object() {
            object.insert("order_id".to_owned(), self.sample(&schema["additionalProperties"], whole));
        }
        object
    }
}

fn string_of(schema: &Value) -> String {
    if schema["format"] == "date-time" {
        return "2026-03-24T09:30:00Z".to_owned();
    }
    let Some(options) = schema["enum"].as_array() else { return UUID.to_owned() };
    let settable = options.iter().find(|option| *option == "disconnected");
    settable.unwrap_or(&options[0]).as_str().unwrap().to_owned()
}

/// Every change of one place in a body: another type, another value, a member less, a member more.
fn changes(body: &Value) -> Vec<Value> {
    let mut pointers = vec![String::new()];
    let mut at = 0;
    while let Some(pointer) = pointers.get(at).cloned() {
        match body.pointer(&pointer) {
            Some(Value::Object(object)) => {
                pointers.extend(object.keys().map(|key| format!("{pointer}/{key}")));
            }
            Some(Value::Array(items)) => {
                pointers.extend((0..items.len()).map(|index| format!("{pointer}/{index}")));
            }
            _ => {}
        }
        at += 1;
    }
    let others = [
        Value::Null,
        json!(true),
        json!(0),
        json!(-7),
        json!(1.5),
        json!(1.0),
        json!(2_147_483_647),
        json!(2_147_483_648_u64),
        json!(-2_147_483_649_i64),
        json!(u64::MAX),
        json!(1e300),
        json!(""),
        json!("no such word"),
        json!("Disconnected"),
        json!("disconnected"),
        json!("BOTH"),
        json!("2026-02-30T09:30:00Z"),
        json!("2026-03-24T09:30:00.5+01:00"),
        json!([]),
        json!(["one", "one"]),
        json!([1, null]),
        json!({}),
        json!({"größe": "XL"}),
        json!({"a": {"b": [1]}}),
    ];
    let mut changed = vec![body.clone()];
    for pointer in &pointers {
        for other in &others {
            let mut copy = body.clone();
            *copy.pointer_mut(pointer).unwrap() = other.clone();
            changed.push(copy);
        }
        if let Some(object) = body.pointer(pointer).and_then(Value::as_object) {
            for key in object.keys() {
                let mut copy = body.clone();
                copy.pointer_mut(pointer).unwrap().as_object_mut().unwrap().remove(key);
                changed.push(copy);
            }
            for more in ["größe", "State", "a/b~c", ""] {
                let mut copy = body.clone();
                copy.pointer_mut(pointer).unwrap()[more] = json!("more");
                changed.push(copy);
            }
        }
    }
    changed
}

/// Bodies as they are written by hand, for the models they could be for and for those they are not.
fn written() -> Vec<Value> {
    vec![
        json!({"state": "disconnected"}),
        json!({"state": "connected", "muted": true, "held": false, "recording": true}),
        json!({"wrapup": {"code": UUID, "notes": "refund", "tags": ["billing", "refund"], "durationSeconds": 30}}),
        json!({"wrapup": {"code": UUID, "endTime": "2026-03-24T09:30Z"}, "wrapupSkipped": false}),
        json!({"attributes": {"order_id": "12345", "größe": "XL"}}),
        json!({"customAttributes": {"order_id": "12345"}}),
        json!({"speakTo": "BOTH", "consultingUserId": UUID}),
        json!({"speakTo": "OBJECT", "destination": {"queueId": UUID}}),
        json!({"phoneType": "CellPhone", "contactId": UUID, "transferType": "Unattended"}),
        json!({"callbackNumbers": ["+4930123456"], "routingData": {"queueId": UUID, "scoredAgents": [{"agent": {"id": UUID}, "score": 100}]}}),
        json!({"digits": "1234#"}),
        json!({}),
        json!([]),
        json!(null),
        json!("state"),
    ]
}

/// Whether an error is about what `fits` leaves to the rules about attributes: a map that is null or
/// empty, or a value in it.
fn is_of_a_map(shape: &Shape, error: &jsonschema::ValidationError<'_>) -> bool {
    use jsonschema::error::ValidationErrorKind as Kind;
    let pointer = error.instance_path().to_string();
    let Shape::Object { properties, .. } = shape else { return false };
    let Some(rest) = pointer.strip_prefix('/') else { return false };
    let (name, inside) = rest.split_once('/').map_or((rest, false), |(name, _)| (name, true));
    let is_map = properties.iter().any(|(known, shape)| *known == name && matches!(shape, Shape::Attributes));
    is_map
        && (inside
            || error.instance().is_null()
            || matches!(error.kind(), Kind::MinProperties { .. } | Kind::AdditionalProperties { .. }))
}

/// A number that is whole, but not written so; the quick verdict leaves it to the schema.
fn holds_double(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64() || number.as_i64().is_none(),
        Value::Array(items) => items.iter().any(holds_double),
        Value::Object(object) => object.values().any(holds_double),
        _ => false,
    }
}

/// `{}`, of which a rule of its own speaks.
fn is_empty_body(value: &Value) -> bool {
    value.as_object().is_some_and(Map::is_empty)
}

#[test]
fn the_quick_verdict_agrees_with_the_schema() {
    let mut arena = Arena::new();
    let (mut fitting, mut failing) = (0, 0);
    let bundled = bundled();
    assert_eq!(bundled.len(), 27);
    for (model, schema) in &bundled {
        let validator = validator(schema);
        let shape = model.schema.as_ref().unwrap().shape;
        let sampler = Sampler { root: schema };
        let mut bodies = written();
        for whole in [true, false] {
            let sample = sampler.sample(schema, whole);
            assert!(validator.is_valid(&sample), "{}: {sample} is no sample", model.name);
            bodies.extend(changes(&sample));
        }
        for body in bodies {
            let text = body.to_string();
            let document = arena.parse(&text);
            let root = document.root().unwrap();
            let errors: Vec<_> =
                validator.iter_errors(&body).filter(|error| !is_of_a_map(shape, error)).collect();
            let fit = fits(root, shape);
            let whence = format!("{}: {text}", model.name);
            if fit {
                assert!(errors.is_empty(), "{whence}: fits, but {}", errors[0]);
                fitting += 1;
            } else {
                assert!(!errors.is_empty() || holds_double(&body), "{whence}: does not fit, but is right");
                failing += 1;
            }
            let found = violations(model, root);
            let told = errors.is_empty() || is_empty_body(&body) || !found.is_empty();
            assert!(told, "{whence}: {} is not told", errors[0]);
            assert!(found.is_empty() || !errors.is_empty(), "{whence}: {found:?} is no violation");
        }
    }
    assert!(fitting > 500 && failing > 5000, "{fitting} fit, {failing} do not");
}

#[test]
fn every_bundled_schema_is_one() {
    for (model, schema) in bundled() {
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{}", model.name);
        assert_eq!(schema["title"], model.name);
        if let Err(error) = jsonschema::meta::validate(&schema) {
            panic!("{}: {error}", model.name);
        }
        assert!(jsonschema::validator_for(&schema).is_ok(), "{}", model.name);
    }
}

#[test]
fn every_body_has_its_model() {
    for operation in &OPERATIONS {
        let Some(payload) = operation.body else { continue };
        let name = payload.name.strip_prefix("array<").and_then(|rest| rest.strip_suffix('>'));
        assert_eq!(name.is_some(), payload.many, "{}", operation.id);
        let name = name.unwrap_or(payload.name);
        // A list of plain strings is the one body that has no members.
        assert_eq!(payload.model.is_none(), name == "string", "{}: {name}", operation.id);
        if let Some(found) = payload.model {
            assert_eq!(found.name, name);
            assert_eq!(model(name).map(|model| model.name), Some(name));
            assert!(!found.properties.is_empty(), "{name}");
        }
        if operation.participant_level {
            assert!(payload.model.is_some_and(|model| model.schema.is_some()), "{}", operation.id);
        }
    }
}

/// As small a body as is right for an operation.
fn right_body(operation: &Operation) -> Option<Value> {
    let payload = operation.body?;
    let Some(model) = payload.model else { return Some(json!([UUID])) };
    let body = match (&model.schema, operation.attributes) {
        (Some(schema), _) => {
            let schema = serde_json::from_str(schema.text).unwrap();
            let mut body = Sampler { root: &schema }.sample(&schema, false);
            if model.name == "ParkingStateRequest" {
                body["state"] = json!("parked");
            }
            body
        }
        (None, Some(map)) => json!({map: {"order_id": "12345"}}),
        (None, None) => json!({model.properties[0]: UUID}),
    };
    Some(if payload.many { json!([body]) } else { body })
}

fn found(text: &str) -> Vec<Finding> {
    let input = Input::json(text);
    let mut scratch = Scratch::default();
    let linted = lint(&input, &Settings::default(), &mut scratch);
    assert_eq!(linted.requests, 1, "{text}");
    linted.findings.to_vec()
}

#[test]
fn a_right_request_raises_nothing() {
    assert_eq!(OPERATIONS.len(), 334);
    for operation in &OPERATIONS {
        let mut envelope = json!({"method": operation.method.as_str(), "url": operation.path});
        if let Some(body) = right_body(operation) {
            envelope["body"] = body;
        }
        let text = envelope.to_string();
        for finding in found(&text) {
            let told = matches!(finding.rule, "deprecated-endpoint" | "removed-endpoint");
            assert!(
                told || finding.severity < Severity::Warning,
                "{text}: {} {}",
                finding.rule,
                finding.message.read(&text)
            );
        }
    }
}

#[test]
fn ending_a_conversation_raises_nothing() {
    for operation in &OPERATIONS {
        let takes_conversation = operation.body.is_some_and(|body| body.name == "Conversation");
        if !takes_conversation || operation.status == paylint::api::Status::Removed {
            continue;
        }
        let text = json!({
            "method": operation.method.as_str(),
            "url": operation.path.replace("{conversationId}", UUID),
            "body": {"state": "disconnected"},
        })
        .to_string();
        let found = found(&text);
        let found: Vec<_> = found.iter().filter(|finding| finding.rule != "deprecated-endpoint").collect();
        assert!(found.is_empty(), "{text}: {found:?}");
    }
    let text = format!(
        r#"{{"method": "PATCH", "url": "/api/v2/conversations/calls/{UUID}", "body": {{"state": "disconnected"}}}}"#
    );
    assert!(found(&text).is_empty());
}
