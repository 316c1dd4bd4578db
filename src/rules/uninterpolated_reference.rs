//! References to variables in quotes that do not expand them.

use crate::diagnostic::{Draft, Fix, Severity, Sink};
use crate::request::{Quoting, Unexpanded};
use crate::rules::{Check, Evidence, Group, Rule, Signs, Subject, echo};
use crate::text::Span;

pub static RULE: Rule = Rule {
    id: "uninterpolated-reference",
    level: Severity::Warning,
    group: Group::Template,
    evidence: Evidence::Documented("the manuals of the shell (POSIX, 2.2.2 and 2.7.4), of PowerShell (about_Quoting_Rules) and of Terraform (strings and templates)"),
    summary: "a reference to a variable in quotes that do not expand it",
    why: "Between single quotes, and in a here-document whose word is in quotes, a shell takes a dollar sign for \
          what it is, and so does PowerShell between single quotes: the API gets the variable's name in the place \
          of its value, and often takes it. In Terraform `${…}` is always Terraform's own, and `$${…}` is how a \
          reference is written that a data action is to see.",
    remedy: "In a shell, close the single quotes around the reference: `'{\"id\": \"'\"$ID\"'\"}'`; or let `jq -n \
             --arg id \"$ID\" …` make the body, which escapes the value as well. In PowerShell, use double quotes. In \
             Terraform, write `$${input.x}` for the data action's inputs, and `${var.x}` for Terraform's values. A \
             dollar sign that begins no name is not judged, nor is what passes through `envsubst` or `sed`.",
    fix: Some("closes the shell's single quotes around the reference, or adds or removes Terraform's dollar sign"),
    bad: &[
        "#!/bin/sh\ncurl -X PATCH \"https://api.mypurecloud.com/api/v2/conversations/$CONVERSATION/participants/$PARTICIPANT/attributes\" \\\n  -H \"Authorization: Bearer $TOKEN\" \\\n  -d '{\"attributes\": {\"ticket\": \"$TICKET\"}}'",
    ],
    good: &[
        "#!/bin/sh\ncurl -X PATCH \"https://api.mypurecloud.com/api/v2/conversations/$CONVERSATION/participants/$PARTICIPANT/attributes\" \\\n  -H \"Authorization: Bearer $TOKEN\" \\\n  -d '{\"attributes\": {\"ticket\": \"'\"$TICKET\"'\", \"price\": \"$5\"}}'",
    ],
    waits_for: Signs::UNEXPANDED,
    check: Check::Request(check),
};

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    for reference in &subject.request.unexpanded {
        let place = reference.text.span();
        let mut draft = tell(reference, place);
        if sink.wants_fixes()
            && let Some(fix) = fix(reference, place, subject.written(place))
        {
            draft = draft.fix(fix.needs_a_look());
        }
        sink.push(draft);
    }
}

fn tell(reference: &Unexpanded<'_>, place: Span) -> Draft {
    let text = reference.text.as_str();
    let said = echo(text);
    match reference.quoting {
        Quoting::Shell => {
            Draft::new(place, format!("{said} is sent as it stands: in single quotes a shell expands nothing"))
                .help(format!("close the quotes around it: `'\"{text}\"'`"))
        }
        Quoting::ShellDocument => Draft::new(
            place,
            format!("{said} is sent as it stands: the word after `<<` is in quotes, and so nothing is expanded"),
        )
        .help("write that word without quotes, and a backslash before each dollar sign that is meant as such"),
        Quoting::PowerShell => {
            Draft::new(place, format!("{said} is sent as it stands: in single quotes PowerShell expands nothing"))
                .help("use double quotes, in which a quote is written `` `\" ``, or a here-string `@\"…\"@`")
        }
        Quoting::TerraformExpanded => {
            Draft::new(place, format!("{said} is filled in by Terraform, which knows no `{}`", root(text)))
                .help(format!("write `${text}`: the reference is meant for the data action"))
        }
        Quoting::TerraformEscaped => {
            let plain = text.replacen("$$", "$", 1);
            Draft::new(place, format!("{said} is not filled in by Terraform: `$${{` stands for `${{`"))
                .help(format!("write `{plain}`: a data action knows no `{}`", root(text)))
        }
    }
}

/// The first name in a reference.
fn root(text: &str) -> &str {
    let inside = text.trim_start_matches(['$', '{', '!', ' ']);
    inside.split(|next: char| !next.is_alphanumeric() && next != '_').next().unwrap_or(inside)
}

/// What mends a reference that stands in the file as `written`.
fn fix(reference: &Unexpanded<'_>, place: Span, written: &str) -> Option<Fix> {
    match reference.quoting {
        Quoting::Shell => {
            Some(Fix::replace("close the quotes around it", place, format!("'\"{written}\"'")))
        }
        Quoting::TerraformExpanded if written.starts_with("${") => {
            Some(Fix::replace("write a second dollar sign", Span::empty(place.start), "$"))
        }
        Quoting::TerraformEscaped if written.starts_with("$${") => {
            Some(Fix::replace("remove a dollar sign", Span::new(place.start, place.start + 1), ""))
        }
        _ => None,
    }
}
