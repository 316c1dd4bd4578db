//! `paylint operations`

use std::fmt::Write as _;

use serde_json::json;

use crate::api::{self, Endpoint, Method, OPERATIONS, Operation, Status, edit_distance};
use crate::cli::args::{ListFormat, Operations};
use crate::cli::error::Trouble;

/// The operations that fit the words best, nearest first.
pub fn render(arguments: &Operations) -> Result<String, Trouble> {
    let query = arguments.query.join(" ");
    let mut found = search(query.trim());
    if found.is_empty() {
        return Err(Trouble::new(format!("no operation is anything like `{query}`"))
            .help("try words of its path: `paylint operations participants attributes`"));
    }
    let all = found.len();
    // Without words all are listed, a line each.
    let limit = if query.is_empty() || arguments.limit == 0 { all } else { arguments.limit };
    found.truncate(limit);
    Ok(match arguments.format {
        ListFormat::Json => {
            format!("{:#}\n", json!(found.iter().map(|operation| record(operation)).collect::<Vec<_>>()))
        }
        ListFormat::Text if query.is_empty() => found.iter().map(|operation| line(operation)).collect(),
        ListFormat::Text => {
            let mut text = found.iter().map(|operation| details(operation)).collect::<Vec<_>>().join("\n");
            if all > found.len() {
                let _ = writeln!(text, "\n{} more; `-n 0` shows all", all - found.len());
            }
            text
        }
    })
}

fn search(query: &str) -> Vec<&'static Operation> {
    if query.contains('/') {
        return by_path(query);
    }
    let words: Vec<_> = query.split_whitespace().map(str::to_lowercase).collect();
    let mut found: Vec<_> = OPERATIONS
        .iter()
        .filter_map(|operation| {
            let costs: Option<Vec<_>> = words.iter().map(|word| cost(word, operation)).collect();
            Some((costs?.iter().sum::<usize>(), operation))
        })
        .collect();
    // What this tool is about comes first, then what may still be called, then the shortest.
    found.sort_by_key(|(cost, operation)| {
        (*cost, !operation.participant_level, gone(operation), operation.path.len(), operation.id)
    });
    found.into_iter().map(|(_, operation)| operation).collect()
}

const fn gone(operation: &Operation) -> u8 {
    match operation.status {
        Status::Current => 0,
        Status::Preview => 1,
        Status::Deprecated => 2,
        Status::Removed => 3,
    }
}

/// How far a word is from anything that an operation is called; `None` where it is too far.
fn cost(word: &str, operation: &Operation) -> Option<usize> {
    const INSIDE: usize = 1;
    const TYPING: usize = 3;
    let names = operation.path.split(['/', '{', '}']).chain([operation.method.as_str()]);
    let body = operation.body.iter().map(|body| body.name);
    let sdk = &operation.sdk;
    let sdk = [Some(operation.id), sdk.python, sdk.go, sdk.dotnet, sdk.cli].into_iter().flatten();
    let mut best = None;
    for name in names.chain(body).chain(sdk).filter(|name| !name.is_empty()) {
        let name = name.to_lowercase();
        let here = if name == word {
            Some(0)
        } else if name.contains(word) {
            Some(INSIDE)
        } else {
            (word.len() > 3 && edit_distance(&name, word) <= word.len() / 4).then_some(TYPING)
        };
        best = match (best, here) {
            (Some(best), Some(here)) => Some(here.min(best)),
            (best, here) => best.or(here),
        };
    }
    best
}

/// Those of a path, its own first; the one nearest to it, where there are none.
fn by_path(query: &str) -> Vec<&'static Operation> {
    let (method, path) = match query.split_once(char::is_whitespace) {
        Some((method, path)) => (Method::parse(method), path.trim()),
        None => (None, query),
    };
    let endpoint = Endpoint::parse(path);
    let mut found: Vec<_> =
        OPERATIONS.iter().filter_map(|operation| Some((fit(&endpoint, operation)?, operation))).collect();
    found.sort_by_key(|(literals, operation)| {
        (
            method.is_some_and(|method| method != operation.method),
            std::cmp::Reverse(*literals),
            operation.method,
        )
    });
    let mut found: Vec<_> = found.into_iter().map(|(_, operation)| operation).collect();
    if found.is_empty() {
        found.extend(api::nearest(method, &endpoint, None).map(|nearest| nearest.operation));
    }
    found
}

/// The literals that a path shares with an operation's, if it fits it.
fn fit(endpoint: &Endpoint, operation: &Operation) -> Option<usize> {
    if endpoint.parts.len() != operation.segments.len() {
        return None;
    }
    let mut literals = 0;
    for (part, segment) in endpoint.parts.iter().zip(operation.segments) {
        match segment {
            api::Segment::Literal(literal) if part.text == *literal => literals += 1,
            api::Segment::Literal(_) => return None,
            api::Segment::Parameter(_) => {}
        }
    }
    Some(literals)
}

fn line(operation: &Operation) -> String {
    format!("{:6} {}{}\n", operation.method, operation.path, mark(operation))
}

const fn mark(operation: &Operation) -> &'static str {
    match operation.status {
        Status::Current => "",
        Status::Preview => "  (preview)",
        Status::Deprecated => "  (deprecated)",
        Status::Removed => "  (removed)",
    }
}

fn details(operation: &Operation) -> String {
    let mut text = line(operation);
    let mut row = |name: &str, value: &str| {
        let _ = writeln!(text, "  {name:11} {value}");
    };
    row("operation", operation.id);
    let body = operation.body.map_or("none".to_owned(), |body| {
        format!("{}{}", body.name, if operation.body_required { "" } else { " (optional)" })
    });
    row("body", &body);
    let sdk = &operation.sdk;
    for (name, call) in [
        ("javascript", sdk.javascript),
        ("python", sdk.python),
        ("go", sdk.go),
        (".net", sdk.dotnet),
        ("cli", sdk.cli),
    ] {
        if let Some(call) = call {
            row(name, call);
        }
    }
    row("scope", &operation.scopes.map_or("not known".to_owned(), |scopes| scopes.join(" or ")));
    row("permission", &permissions(operation));
    for successor in operation.successors() {
        row("instead", &successor.call());
    }
    text
}

fn permissions(operation: &Operation) -> String {
    if operation.permissions.is_empty() {
        return "none".to_owned();
    }
    operation.permissions.join(if operation.all_permissions { " and " } else { " or " })
}

fn record(operation: &Operation) -> serde_json::Value {
    let sdk = &operation.sdk;
    json!({
        "id": operation.id,
        "method": operation.method.as_str(),
        "path": operation.path,
        "body": operation.body.map(|body| body.name),
        "bodyRequired": operation.body_required,
        "status": format!("{:?}", operation.status).to_lowercase(),
        "sdk": { "javascript": sdk.javascript, "python": sdk.python, "go": sdk.go, "dotnet": sdk.dotnet, "cli": sdk.cli },
        "scopes": operation.scopes,
        "permissions": operation.permissions,
        "allPermissions": operation.all_permissions,
        "successors": operation.successors().map(Operation::call).collect::<Vec<_>>(),
    })
}
