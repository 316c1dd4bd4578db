//! Hosts at which the API does not answer.

use std::borrow::Cow;

use crate::api::{Host, REGIONS, Reach, classify, edit_distance, name_of};
use crate::diagnostic::{Draft, Fix, Severity, Sink};
use crate::rules::{Check, Evidence, Group, Rule, Signs, Subject};
use crate::text::{Passage, Span};

pub static RULE: Rule = Rule {
    id: "wrong-host",
    level: Severity::Error,
    group: Group::Endpoint,
    evidence: Evidence::Contract("the hosts of the 18 regions, as the SDKs list them: `api.`, `login.` and `apps.` before the region's domain"),
    summary: "a host at which the API does not answer, or of another region than yours, or a connection that is not encrypted",
    why: "Each region has its own domain, and each domain three hosts: `api.` for the API, `login.` for tokens, \
          `apps.` for the web application. A request to one of the others, or to the bare domain, never reaches \
          the API. Over `http:` the access token would cross the network in clear. An organisation is in one \
          region: where `region` in `paylint.toml` says which, a request to another is a warning.",
    remedy: "Send the request to `https://api.` and the domain of the region that the organisation is in. Hosts \
             that are not the platform's, such as a proxy or `localhost`, are not judged. Those that stand for the \
             API can be named as `extra-hosts` in `paylint.toml`: then requests to them are checked like others.",
    fix: Some("writes the host or the scheme that is meant, where it is plain"),
    bad: &[
        r#"{"method": "PATCH", "url": "https://login.mypurecloud.com/api/v2/conversations/{conversationId}/participants/{participantId}", "body": {"state": "disconnected"}}"#,
        r#"{"method": "PATCH", "url": "http://api.usw2.pure.cloud/api/v2/conversations/{conversationId}/participants/{participantId}", "body": {"state": "disconnected"}}"#,
        r#"{"method": "PATCH", "url": "https://api.usw3.pure.cloud/api/v2/conversations/{conversationId}/participants/{participantId}", "body": {"state": "disconnected"}}"#,
    ],
    good: &[
        r#"{"method": "PATCH", "url": "https://api.mypurecloud.com/api/v2/conversations/{conversationId}/participants/{participantId}", "body": {"state": "disconnected"}}"#,
        r#"{"method": "PATCH", "url": "https://api.{{region}}/api/v2/conversations/{conversationId}/participants/{participantId}", "body": {"state": "disconnected"}}"#,
    ],
    waits_for: Signs::URL,
    check: Check::Request(check),
};

/// What should stand in a host's place.
struct Verdict {
    message: String,
    help: Cow<'static, str>,
    /// The host that is meant.
    host: Option<String>,
    /// Whether that is certain.
    certain: bool,
    severity: Severity,
}

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let (Some(url), Some(endpoint)) = (&subject.request.url, &subject.endpoint) else { return };
    let Some(host) = endpoint.host.filter(|_| endpoint.reach == Reach::Conversations) else { return };
    let plain = endpoint
        .scheme
        .filter(|scheme| scheme.slice(url.as_str()).eq_ignore_ascii_case("http"))
        .filter(|_| !matches!(endpoint.kind, Host::Template | Host::Proxy));
    let name = if endpoint.kind == Host::Template { host } else { name_within(url.as_str(), host) };
    let region = subject.team.and_then(|team| team.region).filter(|_| endpoint.kind == Host::Api);
    let verdict = judge(name.slice(url.as_str()), endpoint.kind)
        .or_else(|| other_region(name.slice(url.as_str()), region?));
    let Some(verdict) = verdict else {
        if let Some(scheme) = plain {
            sink.push(unencrypted(url, scheme, sink.wants_fixes()));
        }
        return;
    };
    let mut draft = Draft::new(url.span_of(name), verdict.message).help(verdict.help).severity(verdict.severity);
    if sink.wants_fixes()
        && let Some(host) = verdict.host
    {
        let title = format!("write `{host}`");
        let fix = match plain {
            Some(scheme) => {
                Fix::replace(title, url.span_of(scheme), "https").and(url.span_of(name), host)
            }
            None => Fix::replace(title, url.span_of(name), host),
        };
        draft = draft.fix(if verdict.certain { fix } else { fix.needs_a_look() });
    }
    sink.push(draft);
}

fn unencrypted(url: &Passage<'_>, scheme: Span, wants_fix: bool) -> Draft {
    let draft = Draft::new(url.span_of(scheme), "`http` sends the access token in clear")
        .help("write `https`")
        .severity(Severity::Warning);
    if wants_fix { draft.fix(Fix::replace("write `https`", url.span_of(scheme), "https")) } else { draft }
}

/// Where the name stands in a host, user and port left out.
fn name_within(url: &str, host: Span) -> Span {
    let text = host.slice(url);
    let start = host.start as usize + text.rfind('@').map_or(0, |at| at + 1);
    Span::from_usize(start, start + name_of(text).len())
}

fn judge(name: &str, kind: Host) -> Option<Verdict> {
    let domain = || classify(name).1;
    match kind {
        Host::Api | Host::Foreign | Host::Proxy => None,
        Host::Template => of_template(name),
        Host::Login => Some(other_server(name, domain()?, "issues tokens")),
        Host::Apps => Some(other_server(name, domain()?, "serves the web application")),
        Host::OfRegion => Some(without_api(name, domain()?)),
        Host::UnknownRegion => Some(unknown(name)),
    }
}

/// The API's host of a region that the team's requests do not go to.
fn other_region(name: &str, (region, own): &(&str, &str)) -> Option<Verdict> {
    let domain = classify(name).1.filter(|domain| domain != own)?;
    let other = REGIONS.iter().find(|(_, of)| *of == domain).map_or(domain, |(region, _)| region);
    Some(Verdict {
        message: format!("`{name}` is the API of `{other}`, requests are to go to `{region}`"),
        help: format!("that region's host is `api.{own}`; `region` in paylint.toml says so").into(),
        host: Some(format!("api.{own}")),
        certain: false,
        severity: Severity::Warning,
    })
}

/// `login.{{domain}}`: what is known of the host is enough.
fn of_template(name: &str) -> Option<Verdict> {
    let (first, rest) = name.split_once('.')?;
    let does = match first {
        "login" => "issues tokens",
        "apps" => "serves the web application",
        _ => return None,
    };
    Some(other_server(name, rest, does))
}

fn other_server(name: &str, domain: &str, does: &str) -> Verdict {
    Verdict {
        message: format!("`{name}` {does}, the API does not answer there"),
        help: format!("API calls go to `api.{domain}`").into(),
        host: Some(format!("api.{domain}")),
        certain: true,
        severity: Severity::Error,
    }
}

/// A region's domain without `api.` before it.
fn without_api(name: &str, domain: &'static str) -> Verdict {
    let prefix = &name[..name.len() - domain.len()];
    let named = region_in(name);
    let meant = named.unwrap_or(domain);
    let plain = prefix.is_empty() || prefix.eq_ignore_ascii_case("www.");
    Verdict {
        message: format!("`{name}` is not the API's host"),
        help: format!("API calls go to `api.{meant}`").into(),
        host: Some(format!("api.{meant}")),
        certain: plain,
        severity: if plain || named.is_some() { Severity::Error } else { Severity::Warning },
    }
}

/// A domain that looks like a region's.
fn unknown(name: &str) -> Verdict {
    let meant = region_in(name).or_else(|| nearest_domain(name));
    let help = if let Some(domain) = meant {
        format!("did you mean `api.{domain}`?")
    } else {
        let domains = REGIONS.iter().map(|(_, domain)| format!("`{domain}`")).collect::<Vec<_>>();
        format!("the API answers at `api.` before one of {}", domains.join(", "))
    };
    Verdict {
        message: format!("`{name}` is the host of no known region"),
        help: help.into(),
        host: meant.map(|domain| format!("api.{domain}")),
        certain: false,
        severity: Severity::Warning,
    }
}

/// The region that a label of a host names, as in `api.us-west-2.pure.cloud`.
fn region_in(name: &str) -> Option<&'static str> {
    let has = |word: &str| name.split('.').any(|label| label.eq_ignore_ascii_case(word));
    REGIONS
        .iter()
        .find(|(region, domain)| {
            let short = domain.split('.').next().unwrap_or(domain);
            has(region) || (domain.ends_with("pure.cloud") && has(short))
        })
        .map(|(_, domain)| *domain)
}

/// The domain that differs by a slip of the pen, if one alone does.
fn nearest_domain(name: &str) -> Option<&'static str> {
    const SLIP: usize = 2;
    let bare = ["api.", "login.", "apps.", "www."].iter().find_map(|label| name.strip_prefix(label)).unwrap_or(name);
    let mut near: Vec<_> =
        REGIONS.iter().map(|(_, domain)| (edit_distance(bare, domain), *domain)).filter(|(far, _)| *far <= SLIP).collect();
    near.sort_unstable();
    match near.as_slice() {
        [(_, one)] => Some(one),
        [(first, one), (second, _), ..] if first < second => Some(one),
        _ => None,
    }
}
