//! Paths that no operation has.

use crate::api::{Endpoint, Host, Method, Nearest, Part, Reach, Resolution, Segment, Step, nearest};
use crate::diagnostic::{Applicability, Draft, Edit, Fix, Severity, Sink};
use crate::request::{Body, is_map_alias};
use crate::rules::{Check, Evidence, Group, Rule, Signs, Subject, echo};
use crate::text::{Passage, Span};

pub static RULE: Rule = Rule {
    id: "wrong-endpoint",
    level: Severity::Error,
    group: Group::Endpoint,
    evidence: Evidence::Contract("the paths of every published version under /api/v2/conversations"),
    summary: "a path that no operation of the API has",
    why: "The API answers 404, or, where a made-up word happens to stand in an id's place, 404 for a \
          conversation of that name. Neither tells which path was meant. Paths are compared as they stand, \
          case included; only a slash at the end does not matter.",
    remedy: "Call the operation that is named. It is the nearest one for the body that is sent, by the \
             segments that would have to change. A path without host that lacks `/api/v2` is a warning: the \
             base that it is appended to may end in it.",
    fix: Some("writes the path of the only operation that fits, but for a word misspelled or doubled slashes, with the ids as they are; that of the nearest, to be looked at"),
    bad: &[
        r#"{"method": "POST", "url": "/api/v2/conversations/participants/update", "body": {"attributes": {"priority": "high"}}}"#,
        r#"{"method": "PATCH", "url": "https://api.mypurecloud.com/conversations/{conversationId}/participants/{participantId}", "body": {"state": "disconnected"}}"#,
        r#"{"method": "PATCH", "url": "/api/v2/conversations/call/{conversationId}/participant/{participantId}", "body": {"muted": true}}"#,
    ],
    good: &[
        r#"{"method": "PATCH", "url": "/api/v2/conversations/{conversationId}/participants/{participantId}/attributes", "body": {"attributes": {"priority": "high"}}}"#,
        r#"{"method": "PATCH", "url": "{{baseUrl}}/conversations/calls/{{id}}/participants/{{participant}}", "body": {"muted": true}}"#,
    ],
    waits_for: Signs::URL,
    check: Check::Request(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let (Some(url), Some(endpoint)) = (&subject.request.url, &subject.endpoint) else { return };
    let exists = !matches!(subject.resolution, Some(Resolution::None));
    if endpoint.reach != Reach::Conversations || (endpoint.versioned && exists) {
        return;
    }
    let near = if exists { None } else { meant(subject, endpoint) };
    let mut steps = Vec::new();
    if !endpoint.versioned {
        steps.push(explain_prefix(url, endpoint));
    }
    steps.extend(near.iter().flat_map(|near| &near.steps).map(|step| explain(step, endpoint)));
    if let (Some(near), Some(method)) = (&near, subject.method())
        && method != near.operation.method
    {
        steps.push(format!("the method is `{}`", near.operation.method));
    }
    let mut what = "no operation of the API has this path".to_owned();
    if let [one] = steps.as_slice() {
        what = format!("{what}: {one}");
    }
    let mut draft = Draft::new(place(url, endpoint, near.as_ref()), what);
    draft = match &near {
        Some(near) => {
            let which = if near.alone { "the nearest is" } else { "one of the nearest is" };
            let steps = if steps.len() > 1 { format!(": {}", steps.join(", ")) } else { String::new() };
            draft.help(format!("{which} `{}`{steps}", near.operation.call()))
        }
        None if exists && is_bare(endpoint) => draft
            .help("put `/api/v2` before it, unless what it is appended to ends in that")
            .severity(Severity::Warning),
        None if exists => draft.help("paths of the API begin with `/api/v2/conversations`"),
        None => draft.help("`paylint operations` lists those that exist"),
    };
    if sink.wants_fixes()
        && let Some(fix) = fix(subject, url, endpoint, near.as_ref(), exists)
    {
        draft = draft.fix(fix);
    }
    sink.push(draft);
}

/// Whether a path begins with `/conversations`, and nothing says what it is appended to.
fn is_bare(endpoint: &Endpoint<'_>) -> bool {
    endpoint.host.is_none() && endpoint.prefix.is_empty()
}

/// The operation that a request most likely means.
pub fn meant(subject: &Subject<'_>, endpoint: &Endpoint<'_>) -> Option<Nearest> {
    let members = match subject.body {
        Body::Absent => None,
        Body::Opaque => Some(Vec::new()),
        Body::Json(body) => {
            let name = |(key, value): (crate::json::Value<'_>, _)| {
                let name = key.as_str()?;
                let meant = if is_map_alias(&name, value) { "attributes".to_owned() } else { name.into_owned() };
                Some(meant)
            };
            Some(body.members().filter_map(name).collect())
        }
    };
    nearest(subject.method(), endpoint, members.as_deref())
}

/// The place of the only step, where it has one; else the path.
fn place(url: &Passage<'_>, endpoint: &Endpoint<'_>, near: Option<&Nearest>) -> Span {
    let steps = near.map_or(&[][..], |near| near.steps.as_slice());
    let part = |index: usize| endpoint.parts.get(index).map(|part| part.span);
    let only = match (endpoint.versioned, steps) {
        (true, [Step::Replace(index, _)]) => part(*index),
        (true, [Step::Remove(index)]) => part(*index).map(|span| {
            if span.is_empty() {
                // Both slashes: there is nothing else to see of it.
                Span::new(span.start.saturating_sub(1), (span.end + 1).min(endpoint.path.end))
            } else {
                span
            }
        }),
        (false, []) if !endpoint.prefix.is_empty() => Some(endpoint.prefix),
        _ => None,
    };
    url.span_of(only.unwrap_or(endpoint.path))
}

/// What is wrong with that which stands before `/conversations`, in words.
fn explain_prefix(url: &Passage<'_>, endpoint: &Endpoint<'_>) -> String {
    if endpoint.prefix.is_empty() {
        "`/api/v2` is missing".to_owned()
    } else {
        format!("{} should be `/api/v2`", echo(&format!("/{}", endpoint.prefix.slice(url.as_str()))))
    }
}

/// A difference between the written path and the real one, in words.
fn explain(step: &Step, endpoint: &Endpoint<'_>) -> String {
    let said = |index: &usize| endpoint.parts.get(*index).map_or("", |part| part.text);
    match step {
        Step::Replace(index, segment @ Segment::Parameter(_)) => {
            format!("{} stands where `{}` belongs", echo(said(index)), name(*segment))
        }
        Step::Replace(index, segment) => format!("{} should be `{}`", echo(said(index)), name(*segment)),
        Step::Remove(index) if said(index).is_empty() => "a slash is doubled".to_owned(),
        Step::Remove(index) => format!("{} is one segment too many", echo(said(index))),
        Step::Insert(_, segment) => format!("`{}` is missing", name(*segment)),
    }
}

fn name(segment: Segment) -> String {
    match segment {
        Segment::Literal(name) => name.to_owned(),
        Segment::Parameter(name) => format!("{{{name}}}"),
    }
}

/// The path as it should be, where only words of it have to change and nothing else is as near.
fn fix(
    subject: &Subject<'_>,
    url: &Passage<'_>,
    endpoint: &Endpoint<'_>,
    near: Option<&Nearest>,
    exists: bool,
) -> Option<Fix> {
    let edits = match near {
        Some(near) if !near.alone => return None,
        None if !exists => return None,
        Some(near) if endpoint.versioned => words(subject, url, endpoint, &near.steps),
        _ => None,
    };
    let edits = match edits {
        Some(edits) => edits,
        None => vec![whole_path(subject, url, endpoint, near)?],
    };
    let title = "write the path of the nearest operation".into();
    let mut fix = Fix { title, edits, applicability: Applicability::Safe };
    if !is_certain(subject, endpoint, near) {
        fix = fix.needs_a_look();
    }
    if let (Some(near), Some(method)) = (near, &subject.request.method)
        && let Some(written) = subject.method()
        && written != near.operation.method
    {
        // Another method may do as another, but no reading is turned into writing.
        if !writes(written) || !writes(near.operation.method) {
            return None;
        }
        fix.edits.push(Edit { span: method.span(), text: near.operation.method.to_string() });
        fix.edits.sort_by_key(|edit| edit.span.start);
    }
    Some(fix)
}

/// The words that have to change, each for itself; `None` where that is not all there is to do.
fn words(
    subject: &Subject<'_>,
    url: &Passage<'_>,
    endpoint: &Endpoint<'_>,
    steps: &[Step],
) -> Option<Vec<Edit>> {
    let edit = |step: &Step| {
        let Step::Replace(index, segment) = step else { return None };
        let part = endpoint.parts.get(*index)?;
        let span = url.span_of(part.span);
        let is_plain = subject.written(span) == part.text;
        Some(Edit { span, text: literal(*segment).filter(|_| is_plain)?.to_owned() })
    };
    steps.iter().map(edit).collect::<Option<Vec<_>>>().filter(|edits| !edits.is_empty())
}

/// The path as one. In several pieces, as lines or the strings of a list, it cannot be written: each of
/// them has a meaning of its own.
fn whole_path(
    subject: &Subject<'_>,
    url: &Passage<'_>,
    endpoint: &Endpoint<'_>,
    near: Option<&Nearest>,
) -> Option<Edit> {
    let mut place = endpoint.parts_span();
    if !endpoint.versioned {
        place = endpoint.prefix.join(place);
    }
    if !url.is_unbroken(place) {
        return None;
    }
    let raw = |part: &Part<'_>| subject.written(url.span_of(part.span));
    let segments = match near {
        Some(near) => mended(endpoint, &near.steps, raw)?,
        None => endpoint.parts.iter().map(raw).collect(),
    };
    let whole = subject.written(url.span_of(endpoint.path));
    let slash = if whole.contains("\\/") { "\\/" } else { "/" };
    let mut text = segments.join(slash);
    if !endpoint.versioned {
        text = format!("api{slash}v2{slash}{text}");
    }
    Some(Edit { span: url.span_of(place), text })
}

/// Whether exactly one operation fits: all that its path lacks is a letter or a slash, or, where the
/// host is the API's, the prefix.
fn is_certain(subject: &Subject<'_>, endpoint: &Endpoint<'_>, near: Option<&Nearest>) -> bool {
    const CLOSE: u32 = 70;
    let Some(near) = near else {
        return endpoint.kind == Host::Api && matches!(subject.resolution, Some(Resolution::Operation(_)));
    };
    let is_slip = |step: &Step| match step {
        Step::Replace(_, segment) => matches!(segment, Segment::Literal(_)),
        Step::Remove(index) => endpoint.parts.get(*index).is_some_and(|part| part.text.is_empty()),
        Step::Insert(..) => false,
    };
    (endpoint.versioned || endpoint.kind == Host::Api)
        && near.alone
        && near.distance <= CLOSE
        && subject.method() == Some(near.operation.method)
        && near.steps.iter().all(is_slip)
}

const fn writes(method: Method) -> bool {
    matches!(method, Method::Post | Method::Put | Method::Patch)
}

/// The segments with words put right; `None` where an id would be lost or has to be found.
fn mended<'t>(
    endpoint: &Endpoint<'_>,
    steps: &[Step],
    raw: impl Fn(&Part<'_>) -> &'t str,
) -> Option<Vec<&'t str>> {
    let mut segments = Vec::new();
    let mut steps = steps.iter().peekable();
    for (index, part) in endpoint.parts.iter().enumerate() {
        while let Some(Step::Insert(at, segment)) = steps.peek()
            && *at == index
        {
            segments.push(literal(*segment)?);
            steps.next();
        }
        match steps.peek() {
            Some(Step::Replace(at, segment)) if *at == index => {
                segments.push(literal(*segment)?);
                steps.next();
            }
            Some(Step::Remove(at)) if *at == index => {
                let is_word = part.text.bytes().all(|byte| byte.is_ascii_alphabetic());
                if part.template || !is_word {
                    return None;
                }
                steps.next();
            }
            _ => segments.push(raw(part)),
        }
    }
    for step in steps {
        let Step::Insert(_, segment) = step else { return None };
        segments.push(literal(*segment)?);
    }
    Some(segments)
}

const fn literal(segment: Segment) -> Option<&'static str> {
    match segment {
        Segment::Literal(name) => Some(name),
        Segment::Parameter(_) => None,
    }
}
