//! Turns the API's catalogue and the bundled schemas into static tables, so that nothing is parsed
//! when the tool starts. Fails on any schema keyword it does not translate: the tables may never
//! be laxer than the schemas.

#![expect(clippy::expect_used, clippy::panic, reason = "a table that cannot be made stops the build")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use serde_json::{Map, Value};

const SUFFIX: &str = ".schema.json";

fn main() {
    let schemas = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo")).join("schemas");
    println!("cargo::rerun-if-changed=schemas");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=CC");
    link();
    let catalogue = read(&schemas.join("operations.json"));
    let regions = read(&schemas.join("regions.json"));
    let mut out = String::new();
    let models = models(&schemas, &catalogue, &mut out);
    operations(&catalogue, &models, &mut out);
    vocabulary(&catalogue, &regions, &mut out);
    errors(&read(&schemas.join("errors.json")), &catalogue, &mut out);
    let path = PathBuf::from(env::var_os("OUT_DIR").expect("set by cargo")).join("catalogue.rs");
    fs::write(path, out).expect("the build folder is writable");
}

/// Has the command linked so that it starts sooner, where the linker is known to take what that needs.
fn link() {
    let of = |key: &str| env::var(key).unwrap_or_default();
    if of("CARGO_CFG_TARGET_OS") != "linux" || of("CARGO_CFG_TARGET_ENV") != "gnu" {
        return;
    }
    fix_the_address();
    // Of another target the C compiler that is asked may have the wrong libraries.
    let is_native = of("TARGET") == of("HOST") && of("CARGO_CFG_TARGET_ARCH") == "x86_64";
    let is_static = of("CARGO_CFG_TARGET_FEATURE").split(',').any(|feature| feature == "crt-static");
    if is_native && !is_static {
        take_in_the_libraries();
    }
}

/// Links the command for a fixed address. The tables are full of pointers, and a program that may lie
/// anywhere has each of them written anew when it starts: 19,000 of them, on pages that are then its
/// own, took a fifth of the time of checking one file.
fn fix_the_address() {
    println!("cargo::rustc-link-arg-bins=-no-pie");
}

/// Links the C library into the command, where all of it can be linked that way: to find, map and join
/// three libraries took a third of the time of checking one file. (`crt-static` would do it, but a
/// package cannot ask for that, and where a library is missing nothing could be built.) The linker is
/// shown a folder in which the names of the shared libraries stand for the static ones.
fn take_in_the_libraries() {
    // As the compiler names them to the linker, and the archives that they are made of: those of the C
    // library and the compiler's need each other.
    const LIBRARIES: [(&str, &[&str]); 7] = [
        ("gcc_s", &["libgcc_eh.a"]),
        ("util", &["libutil.a"]),
        ("rt", &["librt.a"]),
        ("pthread", &["libpthread.a"]),
        ("m", &["libm.a"]),
        ("dl", &["libdl.a"]),
        ("c", &["libc.a", "libgcc.a", "libgcc_eh.a"]),
    ];
    let folder = PathBuf::from(env::var_os("OUT_DIR").expect("set by cargo")).join("link");
    fs::create_dir_all(&folder).expect("the build folder is writable");
    for (library, archives) in LIBRARIES {
        let Some(found) = archives.iter().map(|name| archive(name)).collect::<Option<Vec<_>>>() else {
            return;
        };
        let script = format!("GROUP({})\n", found.join(" "));
        fs::write(folder.join(format!("lib{library}.so")), script).expect("the build folder is writable");
    }
    println!("cargo::rustc-link-arg-bins=-L{}", folder.display());
    println!("cargo::rustc-link-arg-bins=-static");
}

/// Where the C compiler has an archive, in quotes; nowhere, where it answers with the bare name.
fn archive(name: &str) -> Option<String> {
    let compiler = env::var("CC").unwrap_or_else(|_| "cc".to_owned());
    let said = Command::new(compiler).arg(format!("-print-file-name={name}")).output().ok()?;
    let path = String::from_utf8(said.stdout).ok()?;
    let path = path.trim();
    (Path::new(path).is_absolute() && Path::new(path).is_file()).then(|| format!("\"{path}\""))
}

fn read(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Writes `MODELS`; returns the index of each model by name.
fn models(schemas: &Path, catalogue: &Value, out: &mut String) -> BTreeMap<String, usize> {
    let mut bundled = BTreeMap::new();
    for entry in fs::read_dir(schemas).expect("schemas/ is there").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(model) = name.strip_suffix(SUFFIX) else { continue };
        if model.starts_with(|first: char| first.is_ascii_uppercase()) {
            bundled.insert(model.to_owned(), entry.path());
        }
    }
    let mut records = BTreeMap::new();
    for (model, path) in &bundled {
        let schema = read(path);
        let mut shapes = Shapes { schema: &schema, model, open: Vec::new(), out };
        let root = shapes.shape(&schema, true);
        let role = role_of(model);
        let names = names(schema["properties"].as_object().expect("a model has properties").keys());
        records.insert(
            model.clone(),
            format!(
                "Model {{ name: {model:?}, role: Role::{role}, properties: &[{names}], schema: Some(Schema {{ shape: &{root}, text: include_str!({:?}) }}) }}",
                path.display().to_string()
            ),
        );
    }
    for (model, properties) in catalogue["models"].as_object().expect("models") {
        let role = role_of(model);
        let names =
            names(properties.as_array().expect("names").iter().map(|name| name.as_str().expect("a name")));
        records.insert(
            model.clone(),
            format!("Model {{ name: {model:?}, role: Role::{role}, properties: &[{names}], schema: None }}"),
        );
    }
    writeln!(out, "/// Every body model, by name.\npub static MODELS: [Model; {}] = [", records.len())
        .expect("to a string");
    for record in records.values() {
        writeln!(out, "    {record},").expect("to a string");
    }
    out.push_str("];\n");
    let union =
        records.keys().position(|name| name == "UpdateConversationCallParticipant").expect("the union");
    writeln!(out, "/// The model of bare bodies.\npub static UNION_MODEL: &Model = &MODELS[{union}];")
        .expect("to a string");
    records.into_keys().enumerate().map(|(index, name)| (name, index)).collect()
}

/// What a model is to the rules, where it is more than a body.
fn role_of(model: &str) -> &'static str {
    match model {
        "UpdateConversationCallParticipant" => "Union",
        "MediaParticipantRequest" => "Fields",
        "ParticipantAttributes" => "Attributes",
        _ => "Other",
    }
}

fn names(names: impl Iterator<Item = impl AsRef<str>>) -> String {
    names.map(|name| format!("{:?}", name.as_ref())).collect::<Vec<_>>().join(", ")
}

/// Translates one schema file.
struct Shapes<'a> {
    schema: &'a Value,
    model: &'a str,
    /// Definitions being translated: a cycle would let data recurse without bound.
    open: Vec<String>,
    out: &'a mut String,
}

impl Shapes<'_> {
    /// A Rust expression of a schema's shape.
    fn shape(&mut self, schema: &Value, root: bool) -> String {
        let schema = schema.as_object().expect("a schema is an object");
        if let Some(reference) = schema.get("$ref") {
            return self.reference(reference.as_str().expect("a reference"));
        }
        self.check_keywords(schema, root);
        match schema.get("type").and_then(Value::as_str).unwrap_or("any") {
            "any" => "Shape::Any".to_owned(),
            "boolean" => "Shape::Boolean".to_owned(),
            "string" => string(schema),
            "integer" => format!(
                "Shape::Integer {{ minimum: {}, maximum: {} }}",
                schema.get("minimum").map_or("i64::MIN".to_owned(), ToString::to_string),
                schema.get("maximum").map_or("i64::MAX".to_owned(), ToString::to_string),
            ),
            "number" => "Shape::Number".to_owned(),
            "array" => {
                let items =
                    schema.get("items").map_or("Shape::Any".to_owned(), |items| self.shape(items, false));
                let unique = schema.get("uniqueItems").is_some_and(|unique| unique == true);
                format!("Shape::Array {{ items: &{items}, unique: {unique} }}")
            }
            "object" => self.object(schema, root),
            other => panic!("{}: type {other} is not translated", self.model),
        }
    }

    fn object(&mut self, schema: &Map<String, Value>, root: bool) -> String {
        let mut properties = String::new();
        for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let shape = if root && is_string_map(property) {
                "Shape::Attributes".to_owned()
            } else {
                self.shape(property, false)
            };
            write!(properties, "({name:?}, &{shape}), ").expect("to a string");
        }
        let additional = match schema.get("additionalProperties") {
            None => "Additional::Free".to_owned(),
            Some(Value::Bool(false)) => "Additional::Refused".to_owned(),
            Some(of) => format!("Additional::Of(&{})", self.shape(of, false)),
        };
        let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
        let required = names(required.map(|name| name.as_str().expect("a name")));
        let least = schema.get("minProperties").map_or("0".to_owned(), ToString::to_string);
        format!(
            "Shape::Object {{ properties: &[{properties}], required: &[{required}], additional: {additional}, least: {least} }}"
        )
    }

    fn reference(&mut self, reference: &str) -> String {
        let name = reference.strip_prefix("#/$defs/").expect("a reference into the same file").to_owned();
        assert!(!self.open.contains(&name), "{}: {name} holds itself", self.model);
        self.open.push(name.clone());
        let schema = &self.schema["$defs"][&name];
        let shape = self.shape(&schema.clone(), false);
        self.open.pop();
        let constant = format!("{}_{name}", self.model).to_uppercase();
        let line = format!("static {constant}: Shape = {shape};\n");
        if !self.out.contains(&line) {
            self.out.push_str(&line);
        }
        constant
    }

    fn check_keywords(&self, schema: &Map<String, Value>, root: bool) {
        const KNOWN: [&str; 16] = [
            "title",
            "description",
            "type",
            "properties",
            "required",
            "additionalProperties",
            "items",
            "enum",
            "format",
            "minimum",
            "maximum",
            "minLength",
            "maxLength",
            "minProperties",
            "uniqueItems",
            "readOnly",
        ];
        for keyword in schema.keys() {
            let meta = root && matches!(keyword.as_str(), "$schema" | "$id" | "$defs");
            assert!(meta || KNOWN.contains(&keyword.as_str()), "{}: {keyword} is not translated", self.model);
        }
    }
}

fn is_string_map(schema: &Value) -> bool {
    schema["type"] == "object"
        && schema["properties"].is_null()
        && schema["additionalProperties"]["type"] == "string"
}

fn string(schema: &Map<String, Value>) -> String {
    let options = schema.get("enum").and_then(Value::as_array).into_iter().flatten();
    let options = names(options.map(|option| option.as_str().expect("an enum of strings")));
    let bound = |keyword: &str, none: &str| schema.get(keyword).map_or(none.to_owned(), ToString::to_string);
    format!(
        "Shape::String {{ options: &[{options}], date_time: {}, least: {}, most: {} }}",
        schema.get("format").is_some_and(|format| format == "date-time"),
        bound("minLength", "0"),
        bound("maxLength", "usize::MAX"),
    )
}

fn operations(catalogue: &Value, models: &BTreeMap<String, usize>, out: &mut String) {
    let operations = catalogue["operations"].as_array().expect("operations");
    let index = |call: &Value| {
        let call = call.as_str().expect("a successor");
        operations
            .iter()
            .position(|other| format!("{} {}", text(other, "method"), text(other, "path")) == call)
            .unwrap_or_else(|| panic!("{call} is no operation"))
    };
    writeln!(
        out,
        "/// Every operation, by path.\npub static OPERATIONS: [Operation; {}] = [",
        operations.len()
    )
    .expect("to a string");
    for operation in operations {
        let body = operation["body"].as_str().map(|body| {
            let (name, many) = match body.strip_prefix("array<").and_then(|rest| rest.strip_suffix('>')) {
                Some(name) => (name, true),
                None => (body, false),
            };
            let model = models.get(name).map_or("None".to_owned(), |at| format!("Some(&MODELS[{at}])"));
            format!("Payload {{ name: {body:?}, model: {model}, many: {many} }}")
        });
        let required = operation["bodyRequired"] == true;
        let successors = operation["successor"].as_array().into_iter().flatten();
        let successors = successors.map(|call| index(call).to_string()).collect::<Vec<_>>().join(", ");
        writeln!(
            out,
            "    Operation {{ id: {:?}, method: Method::{}, path: {:?}, segments: &[{}], body: {}, body_required: {required}, \
             attributes: {}, status: Status::{}, successors: &[{successors}], participant_level: {}, scopes: {}, \
             permissions: &[{}], all_permissions: {}, sdk: {} }},",
            text(operation, "id"),
            capitalised(text(operation, "method")),
            text(operation, "path"),
            segments(text(operation, "path")),
            option(body),
            option(operation["attributes"].as_str().map(|name| format!("{name:?}"))),
            capitalised(text(operation, "status")),
            operation["participantLevel"] == true,
            option(operation["scopes"].as_array().map(|scopes| format!("&[{}]", list(scopes)))),
            list(operation["permissions"].as_array().expect("permissions")),
            operation["permissionType"] == "ALL",
            sdk(&operation["sdk"]),
        )
        .expect("to a string");
    }
    out.push_str("];\n");
}

/// The segments of a path after `/api/v2/`.
fn segments(path: &str) -> String {
    let rest = path.strip_prefix("/api/v2/").expect("a path of version 2");
    let parts =
        rest.split('/').map(|part| match part.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) => format!("Segment::Parameter({name:?})"),
            None => format!("Segment::Literal({part:?})"),
        });
    parts.collect::<Vec<_>>().join(", ")
}

fn sdk(names: &Value) -> String {
    let field = |key: &str| option(names[key].as_str().map(|name| format!("{name:?}")));
    format!(
        "Sdk {{ javascript: {}, python: {}, go: {}, dotnet: {}, cli: {} }}",
        field("js"),
        field("python"),
        field("go"),
        field("dotnet"),
        field("cli")
    )
}

fn vocabulary(catalogue: &Value, regions: &Value, out: &mut String) {
    let array = |value: &Value| list(value.as_array().expect("a list"));
    writeln!(out, "/// Every OAuth scope.\npub static SCOPES: &[&str] = &[{}];", array(&catalogue["scopes"]))
        .expect("to a string");
    writeln!(
        out,
        "/// Every permission of the conversation domain.\npub static PERMISSIONS: &[&str] = &[{}];",
        array(&catalogue["permissions"])
    )
    .expect("to a string");
    writeln!(
        out,
        "/// The build of the API that the catalogue is of.\npub static API_BUILD: &str = {};",
        catalogue["apiBuild"]
    )
    .expect("to a string");
    writeln!(
        out,
        "/// When that build was published.\npub static API_DATE: &str = {};",
        catalogue["apiDate"]
    )
    .expect("to a string");
    let regions = regions["regions"].as_array().expect("regions").iter();
    let regions = regions.map(|region| format!("({}, {})", region["region"], region["domain"]));
    let regions = regions.collect::<Vec<_>>().join(", ");
    writeln!(out, "/// Regions and their domains.\npub static REGIONS: &[(&str, &str)] = &[{regions}];")
        .expect("to a string");
}

/// Writes `ERRORS`, sorted by code.
fn errors(errors: &Value, catalogue: &Value, out: &mut String) {
    let operations = catalogue["operations"].as_array().expect("operations");
    let index = |id: &Value| {
        operations
            .iter()
            .position(|operation| operation["id"] == *id)
            .unwrap_or_else(|| panic!("no operation {id}"))
    };
    let mut errors: Vec<_> = errors["errors"].as_array().expect("errors").iter().collect();
    errors.sort_by_key(|error| text(error, "code"));
    writeln!(
        out,
        "/// Every error code that is known, by code.\npub static ERRORS: [ErrorCode; {}] = [",
        errors.len()
    )
    .expect("to a string");
    for error in errors {
        let declared = match &error["operations"] {
            Value::Array(ids) => {
                let ids = ids.iter().map(|id| index(id).to_string()).collect::<Vec<_>>().join(", ");
                format!("Some(&[{ids}])")
            }
            _ => "None".to_owned(),
        };
        writeln!(
            out,
            "    ErrorCode {{ code: {:?}, status: {}, means: {:?}, remedy: {:?}, rules: &[{}], operations: {declared} }},",
            text(error, "code"),
            error["status"],
            text(error, "means"),
            text(error, "remedy"),
            list(error["rules"].as_array().expect("rules")),
        )
        .expect("to a string");
    }
    out.push_str("];\n");
}

fn list(values: &[Value]) -> String {
    names(values.iter().map(|value| value.as_str().expect("a string")))
}

fn option(value: Option<String>) -> String {
    value.map_or("None".to_owned(), |value| format!("Some({value})"))
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("{key} is missing"))
}

fn capitalised(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    first.to_uppercase() + &rest.to_lowercase()
}
