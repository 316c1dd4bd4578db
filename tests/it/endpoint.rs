//! Which operation is named for a path that does not exist, and what is said of the differences.

use paylint::api::{
    Endpoint, Host, Method, OPERATIONS, Operation, Reach, Resolution, Segment, Status, classify, resolve,
};
use paylint::carrier::{Assume, Carrier, Skip};
use paylint::diagnostic::Finding;
use paylint::lint::{Input, Scratch, Settings, lint};

/// All findings of all rules for a text.
fn find(text: &str) -> Vec<Finding> {
    let mut settings = Settings::default();
    settings.wants.fixes = true;
    let mut scratch = Scratch::default();
    lint(&Input::json(text), &settings, &mut scratch).findings.to_vec()
}

fn envelope(method: &str, url: &str, body: &str) -> String {
    let body = if body.is_empty() { String::new() } else { format!(", \"body\": {body}") };
    format!("{{\"method\": \"{method}\", \"url\": \"{url}\"{body}}}")
}

/// The one finding about the endpoint: message and help.
fn said(method: &str, url: &str, body: &str) -> String {
    let text = envelope(method, url, body);
    let found: Vec<_> = find(&text).into_iter().filter(|finding| finding.rule == "wrong-endpoint").collect();
    match found.as_slice() {
        [] => "nothing".to_owned(),
        [one] => format!("{} | {}", one.message.read(&text), one.help.as_deref().unwrap_or_default()),
        several => format!("{} findings", several.len()),
    }
}

const ATTRIBUTES: &str = r#"{"attributes": {"priority": "high"}}"#;
const STATE: &str = r#"{"state": "disconnected"}"#;

/// Method, path, body; the operation that has to be named; words that have to be said.
type Row = (&'static str, &'static str, &'static str, &'static str, &'static [&'static str]);

const GENERIC: &str = "PATCH /api/v2/conversations/{conversationId}/participants/{participantId}";
const GENERIC_ATTRIBUTES: &str =
    "PATCH /api/v2/conversations/{conversationId}/participants/{participantId}/attributes";
const CALLS: &str = "PATCH /api/v2/conversations/calls/{conversationId}/participants/{participantId}";
const CALLS_ATTRIBUTES: &str =
    "PATCH /api/v2/conversations/calls/{conversationId}/participants/{participantId}/attributes";
const MESSAGES_ATTRIBUTES: &str =
    "PATCH /api/v2/conversations/messages/{conversationId}/participants/{participantId}/attributes";

#[rustfmt::skip]
const TABLE: &[Row] = &[
    // The request that this tool was asked for.
    ("POST", "/api/v2/conversations/participants/update", ATTRIBUTES, GENERIC_ATTRIBUTES,
     &["`{conversationId}` is missing", "`{participantId}` is missing", "`update` should be `attributes`"]),
    ("POST", "/api/v2/conversations/participants/update", r#"{"customAttributes": {"a": "b"}}"#, GENERIC_ATTRIBUTES, &[]),
    ("POST", "/api/v2/conversations/participants/update", STATE, GENERIC, &[]),
    // Something that was pasted along with the path.
    ("PATCH", "/api/v2/conversations/calls/{c}/participants/{p}/attributes%20", ATTRIBUTES, CALLS_ATTRIBUTES, &["`attributes%20` should be `attributes`"]),
    ("PATCH", "/api/v2/conversations/calls/5f1f4b6e-5f0a-4c0e-9d5e-3f2f5a1f8b11/participants/5f1f4b6e-5f0a-4c0e-9d5e-3f2f5a1f8b12/attributes.json", ATTRIBUTES, CALLS_ATTRIBUTES, &["`attributes.json` should be `attributes`"]),
    ("PATCH", "/api/v2/conversations/{conversationId}/participants/{participantId}/attributes)", ATTRIBUTES, GENERIC_ATTRIBUTES, &["`attributes)` should be `attributes`"]),
    ("PATCH", "/api/v2/conversations/{conversationId}/participants/{participantId}/attributes,", ATTRIBUTES, GENERIC_ATTRIBUTES, &["`attributes,` should be `attributes`"]),
    // Words for a channel that are no segment.
    ("PATCH", "/api/v2/conversations/voice/{c}/participants/{p}/attributes", ATTRIBUTES, GENERIC_ATTRIBUTES, &["`voice` is one segment too many"]),
    ("PATCH", "/api/v2/conversations/phone/{c}/participants/{p}/attributes", ATTRIBUTES, GENERIC_ATTRIBUTES, &["`phone` is one segment too many"]),
    ("PATCH", "/api/v2/conversations/webchat/{c}/participants/{p}/attributes", ATTRIBUTES, GENERIC_ATTRIBUTES, &["`webchat` is one segment too many"]),
    ("PATCH", "/api/v2/conversations/chat/{c}/participants/{p}/attributes", ATTRIBUTES, GENERIC_ATTRIBUTES, &["`chat` is one segment too many"]),
    ("PATCH", "/api/v2/conversations/interactions/{c}/participants/{p}/attributes", ATTRIBUTES, GENERIC_ATTRIBUTES, &["`interactions` is one segment too many"]),
    ("PATCH", "/api/v2/conversations/call/{c}/participants/{p}/attributes", ATTRIBUTES, CALLS_ATTRIBUTES, &["`call` should be `calls`"]),
    ("PATCH", "/api/v2/conversations/message/{c}/participants/{p}/attributes", ATTRIBUTES, MESSAGES_ATTRIBUTES, &["`message` should be `messages`"]),
    ("PATCH", "/api/v2/conversations/voice/{c}/participants/{p}", STATE, GENERIC, &["`voice` is one segment too many"]),
    ("POST", "/api/v2/conversations/voice/{c}/participants/{p}/communications/{m}/wrapup", r#"{"code": "a"}"#,
     "POST /api/v2/conversations/calls/{conversationId}/participants/{participantId}/communications/{communicationId}/wrapup", &["`voice` should be `calls`"]),
    // The conversation's id left out.
    ("PATCH", "/api/v2/conversations/participants/{p}/attributes", ATTRIBUTES, GENERIC_ATTRIBUTES, &["`{conversationId}` is missing"]),
    ("PATCH", "/api/v2/conversations/calls/participants/{p}/attributes", ATTRIBUTES, CALLS_ATTRIBUTES, &["`{conversationId}` is missing"]),
    ("PATCH", "/api/v2/conversations/calls/participants/{p}", STATE, CALLS, &["`{conversationId}` is missing"]),
    ("PATCH", "/api/v2/conversations/participants/{p}", STATE, GENERIC, &["`{conversationId}` is missing"]),
    // The participant's id left out.
    ("PATCH", "/api/v2/conversations/{c}/participants/attributes", ATTRIBUTES, GENERIC_ATTRIBUTES, &["`{participantId}` is missing"]),
    ("PATCH", "/api/v2/conversations/emails/{c}/participants", STATE,
     "PATCH /api/v2/conversations/emails/{conversationId}/participants/{participantId}", &["`{participantId}` is missing"]),
    ("PATCH", "/api/v2/conversations/{c}/participants", STATE, GENERIC, &["`{participantId}` is missing"]),
    // Words where an id belongs, and names of ids.
    ("PATCH", "/api/v2/conversations/{c}/participants/agent/attributes", ATTRIBUTES, GENERIC_ATTRIBUTES, &["`agent` stands where `{participantId}` belongs"]),
    ("PATCH", "/api/v2/conversations/voice/YOUR_CALL_ID/participants/your-participant-id", STATE, GENERIC, &["`voice` is one segment too many"]),
    ("PATCH", "/api/v2/conversations/chats/{c}/participants/{p}/parkingstate", r#"{"state": "parked"}"#,
     "PATCH /api/v2/conversations/messages/{conversationId}/participants/{participantId}/parkingstate", &["`chats` should be `messages`"]),
    // Attributes where only a participant's path has them.
    ("PATCH", "/api/v2/conversations/{c}/attributes", ATTRIBUTES, GENERIC_ATTRIBUTES, &["`participants` is missing", "`{participantId}` is missing"]),
    ("PATCH", "/api/v2/conversations/{c}/participants/{p}/attribute", ATTRIBUTES, GENERIC_ATTRIBUTES, &["`attribute` should be `attributes`"]),
    ("PATCH", "/api/v2/conversations/{c}/participants/{p}/customattributes", ATTRIBUTES, GENERIC_ATTRIBUTES, &["`customattributes` should be `attributes`"]),
    ("PATCH", "/api/v2/conversations/{c}/participants/{p}/data", ATTRIBUTES, GENERIC_ATTRIBUTES, &["`data` should be `attributes`"]),
    // Kinds of conversation that have no such operation.
    ("PATCH", "/api/v2/conversations/socials/{c}/participants/{p}/attributes", ATTRIBUTES, GENERIC_ATTRIBUTES, &["`socials` is one segment too many"]),
    ("PATCH", "/api/v2/conversations/videos/{c}/participants/{p}/attributes", ATTRIBUTES, GENERIC_ATTRIBUTES, &["`videos` is one segment too many"]),
    ("PATCH", "/api/v2/conversations/screenshares/{c}/participants/{p}/attributes", ATTRIBUTES, GENERIC_ATTRIBUTES, &["`screenshares` is one segment too many"]),
    ("PATCH", "/api/v2/conversations/videos/{c}/participants/{p}", STATE, GENERIC, &["`videos` is one segment too many"]),
    // Doubled, misspelled and made-up segments.
    ("PATCH", "/api/v2/conversations/conversations/{c}/participants/{p}/attributes", ATTRIBUTES, GENERIC_ATTRIBUTES, &["`conversations` is one segment too many"]),
    ("PATCH", "/api/v2/conversations/{c}/participants/participants/{p}/attributes", ATTRIBUTES, GENERIC_ATTRIBUTES, &["`participants` is one segment too many"]),
    ("PATCH", "/api/v2/conversations/{c}/participants/{p}/attributes/attributes", ATTRIBUTES, GENERIC_ATTRIBUTES, &["`attributes` is one segment too many"]),
    ("PATCH", "/api/v2/conversations/{c}/participants/{p}//attributes", ATTRIBUTES, GENERIC_ATTRIBUTES, &["a slash is doubled"]),
    ("PATCH", "/api/v2/conversations/{c}/participant/{p}", STATE, GENERIC, &["`participant` should be `participants`"]),
    ("PATCH", "/api/v2/conversations/calls/{c}/particpants/{p}/attributes", ATTRIBUTES, CALLS_ATTRIBUTES, &["`particpants` should be `participants`"]),
    ("PATCH", "/api/v2/conversation/{c}/participants/{p}/attributes", ATTRIBUTES, GENERIC_ATTRIBUTES, &["`conversation` should be `conversations`"]),
    ("PATCH", "/api/v2/Conversations/{c}/Participants/{p}/attributes", ATTRIBUTES, GENERIC_ATTRIBUTES, &["`Conversations` should be `conversations`", "`Participants` should be `participants`"]),
    ("PATCH", "/api/v2/{c}/participants/{p}/attributes", ATTRIBUTES, GENERIC_ATTRIBUTES, &["`conversations` is missing"]),
    ("PATCH", "/api/v2/participants/{p}/attributes", ATTRIBUTES, GENERIC_ATTRIBUTES, &["`conversations` is missing", "`{conversationId}` is missing"]),
    ("PATCH", "/api/v2/calls/{c}/participants/{p}/attributes", ATTRIBUTES, CALLS_ATTRIBUTES, &["`conversations` is missing"]),
    ("PATCH", "/api/v2/interactions/{c}/participants/{p}/attributes", ATTRIBUTES, GENERIC_ATTRIBUTES, &["`interactions` should be `conversations`"]),
    ("POST", "/api/v2/conversations/{c}/participants/{p}/update", ATTRIBUTES, GENERIC_ATTRIBUTES, &["`update` should be `attributes`"]),
    ("POST", "/api/v2/conversations/{c}/participants/{p}/attributes/update", ATTRIBUTES, GENERIC_ATTRIBUTES, &["`update` is one segment too many"]),
    ("PUT", "/api/v2/conversations/{c}/participants/{p}/update", STATE, GENERIC, &["`update` is one segment too many"]),
    ("PATCH", "/api/v2/conversations/{c}/participants/{p}/disconnect", STATE, GENERIC, &["`disconnect` is one segment too many"]),
    // The version.
    ("PATCH", "https://api.mypurecloud.com/conversations/{c}/participants/{p}/attributes", ATTRIBUTES, "", &["`/api/v2` is missing"]),
    ("PATCH", "/conversations/{c}/participants/{p}/attributes", ATTRIBUTES, "", &["`/api/v2` is missing"]),
    ("PATCH", "/api/v1/conversations/{c}/participants/{p}/attributes", ATTRIBUTES, "", &["`/api/v1` should be `/api/v2`"]),
    ("PATCH", "https://api.mypurecloud.ie/v2/conversations/{c}/participants/{p}/attributes", ATTRIBUTES, "", &["`/v2` should be `/api/v2`"]),
    ("PATCH", "https://api.mypurecloud.ie/api/v2/api/v2/conversations/{c}/participants/{p}", STATE, "", &["`/api/v2/api/v2` should be `/api/v2`"]),
    ("PATCH", "https://api.mypurecloud.ie//api/v2/conversations/{c}/participants/{p}", STATE, "", &["`//api/v2` should be `/api/v2`"]),
    ("PATCH", "/API/V2/conversations/{c}/participants/{p}", STATE, "", &["`/API/V2` should be `/api/v2`"]),
    ("PATCH", "/api/v1/conversations/voice/{c}/participants/{p}/attributes", ATTRIBUTES, GENERIC_ATTRIBUTES, &["`/api/v1` should be `/api/v2`", "`voice` is one segment too many"]),
];

#[test]
fn wrong_paths_name_what_was_meant() {
    let mut wrong = Vec::new();
    for (method, url, body, call, words) in TABLE {
        let said = said(method, url, body);
        let named = call.is_empty() || said.contains(&format!("`{call}`"));
        if !named || words.iter().any(|word| !said.contains(word)) {
            wrong.push(format!("{method} {url} {body}\n    wanted {call} {words:?}\n    said   {said}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is right, or not this tool's matter.
const SILENT: &[(&str, &str, &str)] = &[
    ("GET", "/api/v2/users/me", ""),
    (
        "GET",
        "https://api.mypurecloud.com/api/v2/users/5f1f4b6e-5f0a-4c0e-9d5e-3f2f5a1f8b11/conversations",
        "",
    ),
    ("POST", "/api/v2/analytics/conversations/details/query", "{}"),
    ("POST", "/api/v2/analytics/conversations/participants/attributes/search", "{}"),
    ("POST", "https://login.mypurecloud.com/oauth/token", "{}"),
    ("PATCH", "http://localhost:8080/api/v2/conversations/1/participants/2", "{}"),
    ("PATCH", "https://genesyscloud-proxy.example.com/api/v2/conversations/1/participants/2", "{}"),
    ("POST", "https://api.example.com/conversations/123/participants", "{}"),
    ("POST", "{{base}}/conversations/{{id}}/participants", "{\"userId\": \"a\"}"),
    ("POST", "{{intercom}}/conversations/{{id}}/reply", "{\"body\": \"a\"}"),
    ("POST", "https://conversations.twilio.com/v1/Conversations/CH1/Participants/MB1", "{}"),
    ("POST", "/v1/Conversations/CH1/Participants/MB1", "{}"),
    ("PATCH", "{{baseUrl}}/conversations/{{id}}/participants/{{p}}/attributes", ATTRIBUTES),
    ("PATCH", "{{baseUrl}}/v2/conversations/{{id}}/participants/{{p}}/attributes", ATTRIBUTES),
    ("PATCH", "{{baseUrl}}/api/v2/conversations/{{id}}/participants/{{p}}/attributes", ATTRIBUTES),
    ("PATCH", "${base}/conversations/${media}/${id}/participants/${pid}", STATE),
    ("PATCH", "/api/v2/conversations/${media}/${id}/participants/${pid}/attributes", ATTRIBUTES),
    ("PATCH", "conversations/{c}/participants/{p}/attributes", ATTRIBUTES),
    ("PATCH", "api/v2/conversations/{c}/participants/{p}/attributes", ATTRIBUTES),
    ("PATCH", "api.mypurecloud.com/api/v2/conversations/{c}/participants/{p}/attributes", ATTRIBUTES),
    ("PATCH", "https://{{gateway}}/genesys/api/v2/conversations/{c}/participants/{p}/attributes", ATTRIBUTES),
    ("PATCH", "https://{{host}}/{{mount}}/api/v2/conversations/{c}/participants/{p}/attributes", ATTRIBUTES),
    ("PATCH", "/api/v2/conversations/{c}/participants/{p}/attributes/", ATTRIBUTES),
    ("PATCH", "/api/v2/conversations/{c}/participants/{p}/attributes?async=true", ATTRIBUTES),
    ("PATCH", "/api/v2/conversations/{c}/participants/{p}/attributes#top", ATTRIBUTES),
    ("PATCH", "/api/v2/conversations/:c/participants/:p/attributes", ATTRIBUTES),
    ("PATCH", "/api/v2/conversations/<id>/participants/<participant id>/attributes", ATTRIBUTES),
    ("PATCH", "/api/v2/conversations/$esc.url($input.id)/participants/${input.p}/attributes", ATTRIBUTES),
    ("PATCH", "/api/v2/conversations/#{id}/participants/#{p}/attributes", ATTRIBUTES),
    ("PATCH", "/api/v2/conversations/${a?.b ?? c/d}/participants/${p ? x : y}/attributes?z", ATTRIBUTES),
    (
        "PATCH",
        "/api/v2/conversations/__CONVERSATION_ID__/participants/%7BparticipantId%7D/attributes",
        ATTRIBUTES,
    ),
    (
        "PATCH",
        "https:\\/\\/api.mypurecloud.com\\/api\\/v2\\/conversations\\/{c}\\/participants\\/{p}\\/attributes",
        ATTRIBUTES,
    ),
    ("PATCH", "  /api/v2/conversations/{c}/participants/{p}/attributes  ", ATTRIBUTES),
    ("{{verb}}", "/api/v2/conversations/{c}/participants/{p}/attributes", ATTRIBUTES),
    ("patch", "/api/v2/conversations/{c}/participants/{p}/attributes", ATTRIBUTES),
];

#[test]
fn right_and_other_paths_are_left_alone() {
    for (method, url, body) in SILENT {
        let found = find(&envelope(method, url, body));
        assert!(found.is_empty(), "{method} {url}: {found:#?}");
    }
}

/// What a host that is not all written out is taken for.
const HOSTS: &[(&str, Host)] = &[
    ("{{host}}", Host::Template),
    ("$HOST:8080", Host::Template),
    ("${HOST:-localhost}", Host::Template),
    ("api.{{region}}", Host::Template),
    ("api.$Region", Host::Template),
    ("api.${REGION}.pure.cloud", Host::Template),
    ("api.{{company}}.com.au", Host::Template),
    ("api.<region>.pure.cloud", Host::Template),
    ("api.${env}.mypurecloud.con", Host::Template),
    ("{{tenant}}.example.com", Host::Foreign),
    ("$TENANT.example.com:$PORT", Host::Foreign),
    ("chat-<hash>.run.app", Host::Foreign),
    ("${env}.example.io", Host::Foreign),
    ("localhost:${PORT}", Host::Foreign),
    ("127.0.0.1:$PORT", Host::Foreign),
    ("user@localhost:{{port}}", Host::Foreign),
    ("api.mypurecloud.de:{{port}}", Host::Api),
];

#[test]
fn hosts_are_told_by_what_is_written_of_them() {
    for (host, kind) in HOSTS {
        assert_eq!(classify(host).0, *kind, "{host}");
    }
}

/// Requests of files that were met, behind hosts that are not known.
#[test]
fn an_address_that_is_not_known_needs_more_to_be_the_platforms() {
    let skip = |carrier: Carrier, assume: Assume, text: &str| {
        let input = Input { carrier, assume, ..Input::json(text) };
        let mut scratch = Scratch::default();
        let linted = lint(&input, &Settings::default(), &mut scratch);
        (linted.requests, linted.skip)
    };
    let unknown = (0, Some(Skip::UnknownAddress));
    let script = "curl -X POST \"$BASE/api/v2/conversations/ask\" -d '{\"text\": \"hello\"}'\n";
    assert_eq!(skip(Carrier::Curl, Assume::Nothing, script), unknown);
    assert_eq!(skip(Carrier::Curl, Assume::Named, script), unknown);
    assert_eq!(skip(Carrier::Curl, Assume::Carrier, script), (1, None));
    assert_eq!(skip(Carrier::Curl, Assume::Nothing, &format!("# Genesys Cloud\n{script}")), (1, None));
    assert_eq!(skip(Carrier::Curl, Assume::Nothing, "curl \"$URL\" # conversations\n"), unknown);
    let envelope = envelope("POST", "/api/v2/conversations/ask", "{}");
    assert_eq!(skip(Carrier::Json, Assume::Nothing, &envelope), unknown);
    assert_eq!(skip(Carrier::Json, Assume::Named, &envelope), (1, None));
    let action = r#"{"config": {"request": {"requestType": "POST",
        "requestUrlTemplate": "/api/v2/conversations/ask", "requestTemplate": "{}"}}}"#;
    assert_eq!(skip(Carrier::DataAction, Assume::Nothing, action), (1, None));
    let participant = script.replace("ask", "$C/participant/$P");
    assert_eq!(skip(Carrier::Curl, Assume::Nothing, &participant), (1, None));
}

/// Of several members that may hold the URL, the path is taken; a record sends nothing.
#[test]
fn envelopes_are_told_from_records() {
    let rules = |text: &str| -> Vec<_> { find(text).iter().map(|finding| finding.rule).collect() };
    let apart = r#"{"method": "PATCH", "url": "https://api.mypurecloud.com",
        "path": "/api/v2/conversations/{c}/participants/{p}/attributes", "body": {"attributes": {"a": 1}}}"#;
    assert_eq!(rules(apart), ["non-string-value"]);
    let line = |more: &str| {
        format!(
            r#"{{"method": "PATCH", "path": "/api/v2/conversations/{{c}}/participants/{{p}}/attributes"{more}}}"#
        )
    };
    assert_eq!(rules(&line("")), ["missing-body"]);
    assert_eq!(rules(&line(r#", "status": 202, "time": "2026-01-02T03:04:05Z""#)), [""; 0]);
    assert_eq!(rules(&line(r#", "handler": "setAttributes""#)), [""; 0]);
    let named = "/api/v2/conversations/{c}/customattributes/my-attrs_01";
    assert_eq!(rules(&envelope("GET", named, "")), [""; 0]);
}

#[test]
fn bodies_of_other_things_are_left_alone_where_they_are_met() {
    let is_met = |text: &str| {
        let input = Input { assume: Assume::Nothing, ..Input::json(text) };
        lint(&input, &Settings::default(), &mut Scratch::default()).requests == 1
    };
    for other in [
        r#"{"state": "23.5", "attributes": {"unit": "C", "precision": 1}}"#,
        r#"{"state": "ON", "held": true}"#,
        r#"{"attributes": {"locale": ["en"], "groups": ["a", "b"]}}"#,
        r#"{"attributes": {"color": "red"}, "gold": true}"#,
        r#"{"state": "running"}"#,
        r#"{"state": "discon"}"#,
        r#"{"state": "run"#,
        r#"{"state": "playing", "muted": true}"#,
        r#"{"muted": "Muted", "held": "On hold", "mute": "Mute"}"#,
        r#"{"id": "x", "state": "connected", "held": false, "muted": false, "recording": false, "confined": false}"#,
    ] {
        assert!(!is_met(other), "{other}");
    }
    for ours in [
        r#"{"state": "disconected"}"#,
        r#"{"state": "hung-up", "held": true, "muted": false}"#,
        r#"{"state": "{{state}}", "held": true}"#,
        r#"{"attributes": {"queue": "a", "groups": ["a", "b"]}}"#,
        r#"{"attributes": {}}"#,
        r#"{"attributes": {"order_id": "1"}, "attrs": "x"}"#,
        r#"{"attributes": {"order_id": "1"}, "participantId": "x"}"#,
        r#"{"state": "hold"}"#,
        r#"{"state": "on-hold", "muted": false}"#,
        r#"{"wrapup": {"code": "x"}, "state": "done"}"#,
        r#"{"state": "connected", "onHold": "x"}"#,
        r#"{"state": "disconnected", "isMuted": "x"}"#,
        r#"{"state": "discon"#,
        r#"{"held": "true", "muted": "{{muted}}"}"#,
        r#"{"state": "connected", "m"#,
    ] {
        assert!(is_met(ours), "{ours}");
    }
}

#[test]
fn fixes_keep_the_ids_that_were_written() {
    for (before, after) in [
        (
            "/api/v2/conversations/voice/5f1f4b6e-5f0a-4c0e-9d5e-3f2f5a1f8b11/participants/{p}/attributes?x=1",
            "/api/v2/conversations/5f1f4b6e-5f0a-4c0e-9d5e-3f2f5a1f8b11/participants/{p}/attributes?x=1",
        ),
        (
            "https://api.mypurecloud.com/api/v1/conversations/{{id}}/participant/${p}/attributes",
            "https://api.mypurecloud.com/api/v2/conversations/{{id}}/participants/${p}/attributes",
        ),
        (
            "https:\\/\\/api.mypurecloud.com\\/conversations\\/{c}\\/participants\\/{p}\\/attributes",
            "https:\\/\\/api.mypurecloud.com\\/api\\/v2\\/conversations\\/{c}\\/participants\\/{p}\\/attributes",
        ),
    ] {
        let text = envelope("PATCH", before, ATTRIBUTES);
        let finding = find(&text).into_iter().find(|finding| finding.rule == "wrong-endpoint").unwrap();
        let fix = finding.fix.as_ref().unwrap_or_else(|| panic!("{before}: no fix"));
        let mut mended = text.clone();
        for edit in fix.edits.iter().rev() {
            mended.replace_range(edit.span.range(), &edit.text);
        }
        assert_eq!(mended, envelope("PATCH", after, ATTRIBUTES));
    }
    // Which id would be missing is not known.
    let text = envelope("POST", "/api/v2/conversations/participants/update", ATTRIBUTES);
    assert!(find(&text).iter().all(|finding| finding.fix.is_none()));
}

/// A path with something in the place of each parameter.
fn filled(operation: &Operation, with: impl Fn(&str) -> String) -> String {
    let segment = |segment: &Segment| match segment {
        Segment::Literal(literal) => (*literal).to_owned(),
        Segment::Parameter(name) => with(name),
    };
    format!("/api/v2/{}", operation.segments.iter().map(segment).collect::<Vec<_>>().join("/"))
}

#[test]
fn every_operation_is_found_by_its_own_path() {
    let fillers: [fn(&str) -> String; 5] = [
        |name| format!("{{{name}}}"),
        |name| format!("${{{name}}}"),
        |name| format!(":{name}"),
        |name| format!("{{{{{name}}}}}"),
        |_| "5f1f4b6e-5f0a-4c0e-9d5e-3f2f5a1f8b11".to_owned(),
    ];
    for operation in &OPERATIONS {
        for filler in fillers {
            for base in ["", "https://api.mypurecloud.com", "{{host}}"] {
                let url = format!("{base}{}", filled(operation, filler));
                let endpoint = Endpoint::parse(&url);
                assert_eq!(endpoint.reach, Reach::Conversations, "{url}");
                assert!(endpoint.versioned, "{url}");
                match resolve(Some(operation.method), &endpoint) {
                    Resolution::Operation(found) => assert_eq!(found.id, operation.id, "{url}"),
                    other => panic!("{url}: {other:?}"),
                }
            }
        }
    }
}

#[test]
fn operations_without_a_fault_are_silent() {
    for operation in OPERATIONS.iter().filter(|operation| operation.body.is_none()) {
        let url = filled(operation, |name| format!("{{{name}}}"));
        let found = find(&envelope(operation.method.as_str(), &url, ""));
        let told = matches!(operation.status, Status::Deprecated | Status::Removed);
        assert_eq!(found.len(), usize::from(told), "{} {url}: {found:#?}", operation.method);
    }
}

#[test]
fn methods_are_told_for_paths_that_exist() {
    for method in [Method::Get, Method::Post, Method::Put, Method::Patch, Method::Delete] {
        let url = "/api/v2/conversations/{c}/participants/{p}/attributes";
        let endpoint = Endpoint::parse(url);
        let resolution = resolve(Some(method), &endpoint);
        assert_eq!(matches!(resolution, Resolution::Operation(_)), method == Method::Patch);
        let rules: Vec<_> = find(&envelope(method.as_str(), url, "")).iter().map(|one| one.rule).collect();
        assert_eq!(rules.contains(&"wrong-method"), method != Method::Patch, "{rules:?}");
        assert!(!rules.contains(&"wrong-endpoint"), "{rules:?}");
    }
}

#[test]
fn a_collection_with_the_method_of_its_items_is_told_by_the_method() {
    let text = envelope("PATCH", "/api/v2/conversations/calls/{c}/participants", STATE);
    let found = find(&text);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].rule, "wrong-method");
    assert!(found[0].help.as_deref().unwrap_or_default().contains(CALLS), "{found:#?}");
}

/// What was found out of an address serves for the next request that has it: each is judged at its own place.
#[test]
fn requests_to_one_address_are_each_told_at_their_place() {
    const URL: &str = "https://api.mypurecloud.de/api/v2/conversations/{{c}}/participants/{{p}}/atributes";
    const OTHER: &str = "https://api.mypurecloud.de/api/v2/conversations/{{c}}/participants/1/attributes";
    let calls =
        [("PATCH", URL), ("PATCH", URL), ("PATCH", OTHER), ("GET", URL), ("GET", URL), ("PATCH", URL)];
    let items: Vec<_> = calls
        .map(|(method, url)| format!(r#"{{"request": {{"method": "{method}", "url": "{url}"}}}}"#))
        .into();
    let text = format!(
        r#"{{"info": {{"schema": "https://schema.getpostman.com/"}}, "item": [{}]}}"#,
        items.join(", ")
    );
    let input = Input { carrier: Carrier::Postman, assume: Assume::Nothing, ..Input::json(&text) };
    let (settings, mut scratch) = (Settings::default(), Scratch::default());
    let found = lint(&input, &settings, &mut scratch).findings.to_vec();
    let places = |word: &str| -> Vec<usize> { text.match_indices(word).map(|(at, _)| at).collect() };
    let told = |rule: &str, word: &str| -> Vec<usize> {
        let told = found.iter().filter(|finding| finding.rule == rule);
        told.map(|finding| finding.primary.range())
            .inspect(|place| assert_eq!(&text[place.clone()], word))
            .map(|place| place.start)
            .collect()
    };
    assert_eq!(told("wrong-endpoint", "atributes"), places("atributes"));
    let id = places("participants/1/attributes").into_iter().map(|at| at + "participants/".len());
    assert_eq!(told("invalid-id", "1"), id.collect::<Vec<_>>());
}
