//! Templates that make no JSON, whatever is filled in.

use crate::diagnostic::{Draft, Severity, Sink};
use crate::json::{Kind, Value};
use crate::rules::{Check, Evidence, Group, Rule, Signs, Subject, echo_or, references};
use crate::template::{Broken, Fault, FaultKind, Part};
use crate::text::Span;

/// How deep JSON may nest in a data action.
const DEEPEST: usize = 50;

pub static RULE: Rule = Rule {
    id: "broken-template",
    level: Severity::Error,
    group: Group::Template,
    evidence: Evidence::Documented(
        "Velocity's user guide: a reference in braces, the arguments of a directive and a block have to be closed; \
         the vendor's help on data actions: JSON nests at most 50 levels deep",
    ),
    summary: "a template that Velocity cannot read, or that makes JSON with no outcome of its conditions",
    why: "The request is made when the flow runs: the template is filled in, and what comes of it has to be JSON. \
          Where a `#if` lacks its `#end`, or a `${` its brace, the action fails each time. Where a condition \
          leaves a comma too much or too few, it fails each time that the condition comes out so. Terraform's \
          `%{ if … }` and `%{ for … }` are read in the same way; they are done before Velocity sees what they \
          leave.\n\n\
          Every outcome of the conditions is tried, as long as they are few. What is wrong whatever they come \
          to is a `syntax-error`, as in any body.",
    remedy: "Close what is open. Put the comma inside the branch, with the member that it belongs to.",
    fix: Some(
        "closes a reference with `}`, writes the directive that is meant, a `$`, or a condition around a loop's comma; \
         to be looked at",
    ),
    bad: &[
        r#"{"config": {"request": {"requestType": "PATCH", "requestUrlTemplate": "/api/v2/conversations/${input.conversationId}/participants/${input.participantId}/attributes", "requestTemplate": "{\"attributes\": {\"zone\": \"north\" #if($input.vip) , \"vip\": \"yes\" }}"}}}"#,
        r#"{"config": {"request": {"requestType": "PATCH", "requestUrlTemplate": "/api/v2/conversations/${input.conversationId}/participants/${input.participantId/attributes", "requestTemplate": "{\"attributes\": {\"zone\": \"north\"}}"}}}"#,
        r#"{"config": {"request": {"requestType": "PATCH", "requestUrlTemplate": "/api/v2/conversations/${input.conversationId}/participants/${input.participantId}/attributes", "requestTemplate": "{\"attributes\": {\"zone\": \"north\" #if($input.vip) \"vip\": \"yes\" #end }}"}}}"#,
    ],
    good: &[
        r#"{"config": {"request": {"requestType": "PATCH", "requestUrlTemplate": "/api/v2/conversations/${input.conversationId}/participants/${input.participantId}/attributes", "requestTemplate": "{\"attributes\": {\"zone\": \"north\" #if($input.vip) , \"vip\": \"yes\" #end }}"}}}"#,
    ],
    waits_for: Signs::TEMPLATE,
    check: Check::Request(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let Some(templates) = &subject.request.templates else { return };
    for part in &templates.parts {
        for fault in &part.reading.faults {
            let mut draft = describe(part, fault);
            if sink.wants_fixes()
                && let Some((title, edit)) = mended(part.text.as_str(), fault)
                && let Some(fix) = references::mend(part, title, &[edit])
            {
                draft = draft.fix(fix.needs_a_look());
            }
            sink.push(draft);
        }
    }
    for broken in &templates.broken {
        sink.push(no_json(broken));
    }
    if let Some(place) = subject.body().and_then(too_deep) {
        let draft = Draft::new(place, format!("the body nests more than {DEEPEST} levels deep here"))
            .help("a data action cannot handle that: hand the inner structure over as a string")
            .severity(Severity::Warning);
        sink.push(draft);
    }
}

/// What has to be written, and where.
fn mended(text: &str, fault: &Fault) -> Option<(&'static str, (Span, String))> {
    let Span { start, end } = fault.span;
    Some(match fault.kind {
        FaultKind::UnclosedReference => {
            let (len, written) = closing(text, fault);
            ("close it", (Span::new(end, end + len), written.to_owned()))
        }
        // What ends a block is mostly misspelled in the same way.
        FaultKind::Misspelled("if" | "foreach") => return None,
        FaultKind::Misspelled(name) => {
            let name_end = end - u32::from(fault.span.slice(text).ends_with('}'));
            let name_start = start + if name_end < end { 2 } else { 1 };
            ("write the directive", (Span::new(name_start, name_end), name.to_owned()))
        }
        FaultKind::LoopComma => {
            ("write it between two of them", (fault.span, "#if($foreach.hasNext),#end".to_owned()))
        }
        FaultKind::NoDollar => ("write `$` before it", (Span::empty(start), "$".to_owned())),
        _ => return None,
    })
}

/// What closes a reference: the bytes after it that are in the way of a brace, and what has to stand there.
fn closing(text: &str, fault: &Fault) -> (u32, &'static str) {
    let (before, rest) = (&text[..fault.span.range().start], &text[fault.span.range().end..]);
    let is_argument = before.rfind(['(', ')', '"']).is_some_and(|at| before[at..].starts_with('('));
    match rest.as_bytes() {
        [b')', b'}', ..] if is_argument => (2, "})"),
        [b')', b')', ..] if is_argument => (1, "}"),
        [b')' | b']', ..] if !is_argument => (1, "}"),
        _ => (0, "}"),
    }
}

fn describe(part: &Part<'_>, fault: &Fault) -> Draft {
    let said = fault.span.slice(part.text.as_str());
    let place = part.text.span_of(fault.span);
    let quoted = echo_or(said, "this");
    match fault.kind {
        FaultKind::UnclosedReference => {
            let (len, written) = closing(part.text.as_str(), fault);
            let draft = Draft::new(place, format!("{quoted} is never closed"));
            if len > 0 {
                let instead = Span::new(fault.span.end, fault.span.end + len).slice(part.text.as_str());
                return draft.help(format!("write `{written}` after it, and not `{instead}`"));
            }
            draft.help(if said.ends_with(')') { "add `}` after the call" } else { "add `}` after the name" })
        }
        FaultKind::UnclosedArguments => Draft::new(place, format!("the bracket of {quoted} is never closed"))
            .help("add `)`, and look whether a quote in between is missing"),
        FaultKind::UnclosedBlock => {
            let end = if !said.starts_with("%{") {
                "#end"
            } else if said.trim_start_matches(['%', '{', '~', ' ']).starts_with("for") {
                "%{ endfor }"
            } else {
                "%{ endif }"
            };
            Draft::new(place, format!("{quoted} has no `{end}`"))
                .help(format!("add `{end}` where what it governs ends"))
        }
        FaultKind::StrayEnd => Draft::new(place, "an `#end` with nothing to end")
            .help("remove it, or look whether the `#if` before it is written right"),
        FaultKind::StrayElse => Draft::new(place, format!("{quoted} stands in no `#if`"))
            .help("remove it, or look whether the `#if` before it is written right"),
        FaultKind::UnclosedComment => {
            Draft::new(place, format!("{quoted} is never closed")).help("close it with `*#`, or `]]#`")
        }
        FaultKind::Misspelled(name) => Draft::new(place, format!("{quoted} is no directive of Velocity's"))
            .help(format!("write `#{name}`; upper and lower case count")),
        FaultKind::NoArguments(name) => {
            Draft::new(place, format!("{quoted} has no brackets, so Velocity does not read it as a directive"))
                .help(format!("write `#{name}(…)`"))
        }
        FaultKind::LoopComma => Draft::new(place, "the loop leaves this comma after its last element, too")
            .help("write `#if($foreach.hasNext),#end`"),
        FaultKind::NoDollar => Draft::new(place, format!("{quoted} is no reference: it lacks its `$`"))
            .help(format!("write `${said}`")),
    }
}

fn no_json(broken: &Broken) -> Draft {
    let complaint = &broken.complaint;
    let Some(branch) = broken.branch else {
        return Draft::new(broken.span, format!("no outcome of the template is JSON: {complaint}"))
            .help("look at what its conditions leave out: commas, brackets and values");
    };
    let draft = Draft::new(broken.span, format!("the template is no JSON with one of its branches: {complaint}"))
        .help("the branch has to fit what is around it: its commas and brackets belong inside it");
    draft.related(branch, "whenever this is taken")
}

/// Where a body first nests deeper than is allowed.
fn too_deep(body: Value<'_>) -> Option<Span> {
    let nodes = body.document().nodes();
    let mut ends: Vec<u32> = Vec::new();
    for index in body.index()..body.node().next {
        let node = nodes.get(index as usize)?;
        while ends.last().is_some_and(|end| *end <= index) {
            ends.pop();
        }
        if matches!(node.kind, Kind::Object | Kind::Array) {
            if ends.len() == DEEPEST {
                return Some(Span::new(node.start, node.start + 1));
            }
            ends.push(node.next);
        }
    }
    None
}
