//! Scopes and permissions that do not exist.

use crate::api::{Operation, PERMISSIONS, SCOPES, closest};
use crate::diagnostic::{Draft, Fix, Severity, Sink};
use crate::json::holds_placeholder;
use crate::request::Scope;
use crate::rules::wrong_endpoint::meant;
use crate::rules::{Check, Evidence, Group, Rule, Signs, Subject, echo};
use crate::text::Span;

pub static RULE: Rule = Rule {
    id: "unknown-scope",
    level: Severity::Warning,
    group: Group::Endpoint,
    evidence: Evidence::Contract("the OAuth scopes and the permissions that the published operations list"),
    summary: "an OAuth scope or permission that does not exist",
    why: "OAuth scopes are names of areas, such as `conversations`, with `:readonly` after them or nothing. \
          Permissions have three parts, as `conversation:participant:wrapup` has. A name that is neither, such \
          as `conversation:participant:write`, can be granted to nobody, and a token is not issued for it.",
    remedy: "Everything that updates a participant needs the scope `conversations`. Updating attributes needs \
             no permission besides; other operations name theirs. Permissions outside the domain `conversation` \
             are not judged.",
    fix: Some("writes the scope `conversations`; to be looked at"),
    bad: &[r#"{"method": "PATCH", "url": "/api/v2/conversations/{conversationId}/participants/{participantId}/attributes", "scopes": ["conversation:participant:write"], "body": {"attributes": {"tier": "gold"}}}"#],
    good: &[r#"{"method": "PATCH", "url": "/api/v2/conversations/{conversationId}/participants/{participantId}/attributes", "scopes": ["conversations"], "body": {"attributes": {"tier": "gold"}}}"#],
    waits_for: Signs::SCOPES,
    check: Check::Request(check),
};

/// The scope of everything that changes a conversation.
const CONVERSATIONS: &str = "conversations";

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let texts = &subject.request.scopes;
    let has_scope = texts
        .iter()
        .map(|scope| scope.text.as_str())
        .any(|said| words(said).any(|word| word.slice(said) == CONVERSATIONS));
    for Scope { text, of_permissions } in texts {
        let said = text.as_str();
        // A sentence, and no list.
        let several = words(said).count() > 1;
        let prose = several && !words(said).any(|word| is_technical(word.slice(said)));
        for word in words(said).filter(|_| !prose) {
            let name = word.slice(said);
            if !is_unknown(name, *of_permissions) {
                continue;
            }
            let mut draft = Draft::new(text.span_of(word), format!("{} is neither a scope nor a permission", echo(name)))
                .help(help(name, operation(subject)));
            if sink.wants_fixes() && !has_scope && texts.len() == 1 && !several && takes_conversations(subject) {
                let title = format!("write `{CONVERSATIONS}`");
                draft = draft.fix(Fix::replace(title, text.span_of(word), CONVERSATIONS).needs_a_look());
            }
            sink.push(draft);
        }
    }
}

/// The operation that is called, or most likely meant.
fn operation(subject: &Subject<'_>) -> Option<&'static Operation> {
    let near = || meant(subject, subject.endpoint.as_ref()?).map(|near| near.operation);
    subject.called().or_else(near)
}

fn takes_conversations(subject: &Subject<'_>) -> bool {
    subject
        .called()
        .is_some_and(|operation| operation.scopes.is_some_and(|scopes| scopes.contains(&CONVERSATIONS)))
}

/// The words of a list that is written as a string.
fn words(text: &str) -> impl Iterator<Item = Span> {
    let is_gap = |c: char| c.is_whitespace() || c == ',' || c == ';';
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(|c| !is_gap(c))?;
        let end = text[start..].find(is_gap).map_or(text.len(), |len| start + len);
        at = end;
        Some(Span::from_usize(start, end))
    })
}

fn is_technical(word: &str) -> bool {
    word.contains(':') || SCOPES.contains(&word)
}

fn is_unknown(name: &str, of_permissions: bool) -> bool {
    let parts: Vec<_> = name.split(':').collect();
    let of_conversations = parts.iter().any(|part| part.to_ascii_lowercase().starts_with("conversation"));
    if SCOPES.contains(&name) || PERMISSIONS.contains(&name) || holds_placeholder(name) || name.contains('*') {
        return false;
    }
    match parts.as_slice() {
        [_] => !of_permissions || of_conversations,
        [area, _] => of_conversations || SCOPES.contains(area),
        [area, ..] => area.to_ascii_lowercase().starts_with("conversation"),
        [] => false,
    }
}

/// What the operation needs, or the name that was meant.
fn help(name: &str, operation: Option<&'static Operation>) -> String {
    if let Some(scope) = SCOPES.iter().find(|scope| scope.eq_ignore_ascii_case(name)) {
        return format!("scopes are in lower case: `{scope}`");
    }
    if let Some(permission) = PERMISSIONS.iter().find(|permission| permission.eq_ignore_ascii_case(name)) {
        return format!("case matters: `{permission}`");
    }
    let Some(operation) = operation else {
        let near = if name.matches(':').count() == 2 {
            closest(name, PERMISSIONS.iter().copied())
        } else {
            closest(name, SCOPES.iter().copied())
        };
        let near = near.map_or(String::new(), |near| format!("did you mean `{near}`? "));
        return format!("{near}the scope is `{CONVERSATIONS}`; updating attributes needs no permission besides");
    };
    let scopes = match operation.scopes {
        Some([]) => "no scope".to_owned(),
        Some(scopes) => format!("the scope {}", either(scopes)),
        None => format!("the scope `{CONVERSATIONS}`"),
    };
    let permissions = match operation.permissions {
        [] => "no permission at all".to_owned(),
        [one] => format!("the permission `{one}`"),
        several if operation.all_permissions => format!("the permissions {}", all(several)),
        several => format!("one of the permissions {}", either(several)),
    };
    format!("`{}` needs {scopes} and {permissions}", operation.id)
}

fn either(names: &[&str]) -> String {
    join(names, "or")
}

fn all(names: &[&str]) -> String {
    join(names, "and")
}

fn join(names: &[&str], word: &str) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}
