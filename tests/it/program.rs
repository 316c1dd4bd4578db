//! The library's API: what it says, and that it stays what it is.
//!
//! Tools that compare the API of two versions need a nightly compiler. So this file uses every item of
//! it by its exact type: what changes an item does not compile here any more. A change of this file
//! that is more than an addition is a new version that programs have to be changed for.

use std::error::Error;
use std::fmt::{Debug, Display};
use std::hash::Hash;
use std::ops::Range;

use paylint::{Checker, Edit, Fix, Part, Problem, Report, Severity, Unchecked, UnknownName};

const ATTRIBUTES: &str = "/api/v2/conversations/calls/0d3a9c1e-5b7f-4e2a-9c8d-1f6b2a7e4c90\
                          /participants/7f1e2d3c-4b5a-4697-8877-665544332211/attributes";

/// Never run: it is the compiler that looks at it.
fn _signatures(report: Report, problem: Problem, fix: Fix, edit: Edit) {
    let _: fn(&str) -> Report = paylint::check_body;
    let _: fn(&str, &str, &str) -> Report = paylint::check_request;
    let _: fn() -> Checker = Checker::new;
    let _: fn() -> Checker = Checker::default;
    let _: fn(Checker, &str) -> Result<Checker, UnknownName> = Checker::operation;
    let _: fn(Checker, &str, Severity) -> Result<Checker, UnknownName> = Checker::level;
    let _: fn(Checker, &str) -> Result<Checker, UnknownName> = Checker::without;
    let _: fn(&mut Checker, &str) -> Report = Checker::check_body;
    let _: fn(&mut Checker, &str, &str, &str) -> Report = Checker::check_request;
    let _: fn(&Report) -> bool = Report::has_errors;
    let _: fn(Severity) -> &'static str = Severity::as_str;

    let Report { problems, operation, unchecked, .. } = report;
    let _: (Vec<Problem>, Option<&'static str>, Option<Unchecked>) = (problems, operation, unchecked);
    let Problem { rule, severity, message, help, part, range, pointer, fix: mended, .. } = problem;
    let _: (&'static str, Severity, String, Option<String>) = (rule, severity, message, help);
    let _: (Part, Range<usize>, Option<String>, Option<Fix>) = (part, range, pointer, mended);
    let Fix { title, is_safe, edits, .. } = fix;
    let _: (String, bool, Vec<Edit>) = (title, is_safe, edits);
    let Edit { part, range, text, .. } = edit;
    let _: (Part, Range<usize>, String) = (part, range, text);

    let _ = [Severity::Info, Severity::Warning, Severity::Error];
    let _ = [Part::Method, Part::Url, Part::Body];
    let _ = [Unchecked::OtherApi, Unchecked::Foreign, Unchecked::TooLong];
}

/// Never run, as above.
fn _traits() {
    fn data<T: Clone + Debug + Eq + Send + Sync + 'static>() {}
    fn small<T: Copy + Hash + Display>() {}
    fn ordered<T: Ord>() {}
    fn sent<T: Debug + Default + Send + Sync + 'static>() {}
    fn error<T: Error>() {}
    data::<Report>();
    data::<Problem>();
    data::<Fix>();
    data::<Edit>();
    data::<UnknownName>();
    small::<Severity>();
    small::<Part>();
    small::<Unchecked>();
    ordered::<Severity>();
    ordered::<Part>();
    sent::<Checker>();
    let _: fn(&Problem) -> String = ToString::to_string;
    error::<UnknownName>();
}

/// The names at the crate's root: what is added there is added to the lists above.
#[test]
fn the_root_has_these_names() {
    let root = include_str!("../../src/lib.rs");
    let names: Vec<_> = root.split("pub use ").skip(1).map(|used| used.split(';').next().unwrap()).collect();
    let names = names.join(" ");
    let words: Vec<_> =
        names.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|w| !w.is_empty()).collect();
    assert_eq!(
        words,
        [
            "program",
            "Checker",
            "Edit",
            "Fix",
            "Part",
            "Problem",
            "Report",
            "Severity",
            "Unchecked",
            "UnknownName",
            "check_body",
            "check_request",
        ]
    );
    for line in root.lines().filter(|line| line.starts_with("pub mod ")) {
        assert!(root.contains(&format!("#[doc(hidden)]\n{line}")), "{line} is no part of the API");
    }
}

fn mended(parts: [&str; 3], fix: &Fix) -> [String; 3] {
    let mut parts = parts.map(str::to_owned);
    for edit in fix.edits.iter().rev() {
        parts[edit.part as usize].replace_range(edit.range.clone(), &edit.text);
    }
    parts
}

#[test]
fn a_problem_is_told_of_its_part() {
    let body = r#"{"attributes": {"größe": 7}}"#;
    let report = paylint::check_request("PATCH", ATTRIBUTES, body);
    assert_eq!(report.operation, Some("patchConversationsCallParticipantAttributes"));
    let [problem] = &report.problems[..] else { panic!("{report:?}") };
    assert_eq!(
        (problem.rule, problem.part, &body[problem.range.clone()]),
        ("non-string-value", Part::Body, "7")
    );
    assert_eq!(problem.pointer.as_deref(), Some("/attributes/größe"));
    let fix = problem.fix.as_ref().unwrap();
    assert!(fix.is_safe);
    assert_eq!(mended(["PATCH", ATTRIBUTES, body], fix)[2], r#"{"attributes": {"größe": "7"}}"#);

    let report = paylint::check_request("PUT", ATTRIBUTES, r#"{"attributes": {"a": "b"}}"#);
    let [problem] = &report.problems[..] else { panic!("{report:?}") };
    assert_eq!((problem.rule, problem.part, problem.range.clone()), ("wrong-method", Part::Method, 0..3));
    assert_eq!(problem.pointer, None);
    let fix = problem.fix.as_ref().unwrap();
    assert_eq!(mended(["PUT", ATTRIBUTES, ""], fix)[0], "PATCH");
}

#[test]
fn a_change_at_the_end_of_the_url_is_of_the_url() {
    let url = ATTRIBUTES.strip_suffix("/attributes").unwrap();
    let body = r#"{"customAttributes": {"a": "b"}}"#;
    let report = paylint::check_request("PATCH", url, body);
    assert!(report.has_errors(), "{report:?}");
    let edits = report.problems.iter().filter_map(|problem| problem.fix.as_ref()).flat_map(|fix| &fix.edits);
    let in_url: Vec<_> = edits.filter(|edit| edit.part == Part::Url).collect();
    assert!(in_url.iter().any(|edit| edit.text.ends_with("/attributes")), "{report:?}");
}

#[test]
fn nothing_is_passed_off_as_checked() {
    let elsewhere = paylint::check_request("GET", "https://example.com/orders", "");
    assert_eq!((elsewhere.unchecked, elsewhere.problems.len()), (Some(Unchecked::Foreign), 0));
    let other = paylint::check_request("GET", "https://api.mypurecloud.com/api/v2/users/me", "");
    assert_eq!(other.unchecked, Some(Unchecked::OtherApi));
    assert_eq!(paylint::check_request("", "", "").unchecked, Some(Unchecked::Foreign));
    let missing = paylint::check_request("PATCH", ATTRIBUTES, " ");
    assert_eq!((missing.problems[0].rule, missing.problems[0].part), ("missing-body", Part::Url));
    assert_eq!(paylint::check_body("").problems[0].rule, "syntax-error");
}

#[test]
fn an_envelope_is_no_body() {
    let body = format!(r#"{{"method": "PATCH", "url": "{ATTRIBUTES}", "body": {{"attributes": {{}}}}}}"#);
    assert!(paylint::check_body(&body).problems.iter().any(|problem| problem.rule == "unknown-property"));
}

#[test]
fn no_words_show_a_secret() {
    let body = r#"{"attributes": {"4111 1111 1111 1111": 4111111111111111, "a": "4111111111111111"}}"#;
    let report = paylint::check_body(body);
    assert_eq!(report.problems.iter().filter(|problem| problem.rule == "sensitive-value").count(), 3);
    let quiet = Checker::new().without("sensitive-value").unwrap().check_body(body);
    assert!(quiet.problems.iter().all(|problem| problem.rule == "non-string-value"), "{quiet:?}");
    for problem in report.problems.iter().chain(&quiet.problems) {
        assert!(!problem.to_string().contains("4111"), "{problem}");
        assert!(problem.help.iter().all(|help| !help.contains("4111")), "{problem:?}");
        assert!(problem.pointer.iter().all(|pointer| !pointer.contains("4111")), "{problem:?}");
    }
}

#[test]
fn settings_hold_for_every_call() {
    let unknown = Checker::new().without("empty-mapp").unwrap_err();
    assert_eq!(unknown.to_string(), "no rule is named `empty-mapp`; did you mean `empty-map`?");
    assert!(
        Checker::new().operation("nothing").unwrap_err().to_string().starts_with("no operation is named")
    );

    let mut checker = Checker::new()
        .operation("patchConversationsCallParticipantAttributes")
        .and_then(|checker| checker.without("empty-map"))
        .and_then(|checker| checker.level("null-value", Severity::Info))
        .unwrap();
    for _ in 0..2 {
        assert!(checker.check_body(r#"{"attributes": {}}"#).problems.is_empty());
        let report = checker.check_body(r#"{"attributes": {"a": null}}"#);
        assert_eq!((report.problems[0].rule, report.problems[0].severity), ("null-value", Severity::Info));
        assert_eq!(report.operation, Some("patchConversationsCallParticipantAttributes"));
    }
    let mut checker = checker.level("empty-map", Severity::Error).unwrap();
    assert!(checker.check_body(r#"{"attributes": {}}"#).has_errors());
}

/// Whatever the texts: every place is one of the part that it is told of.
#[test]
fn places_are_those_of_the_parts() {
    let bodies = [
        "",
        " ",
        "{",
        "\u{feff}{}",
        "ä",
        "[\"\\ud800\"]",
        "{\"attributes\":{\"ä\":[1],}}",
        "\0{\0}\0",
        "null",
    ];
    let mut checker = Checker::new();
    for method in ["", "PATCH", "pät", "PUT\n"] {
        for url in
            ["", "/", ATTRIBUTES, &ATTRIBUTES[..40], "/api/v2/conversations/ä", "/api/v2/conversations/{id}"]
        {
            for body in bodies {
                for report in [checker.check_request(method, url, body), checker.check_body(body)] {
                    for problem in &report.problems {
                        let edits = problem.fix.iter().flat_map(|fix| &fix.edits);
                        let places = edits.map(|edit| (edit.part, &edit.range));
                        for (part, range) in places.chain([(problem.part, &problem.range)]) {
                            let text = [method, url, body][part as usize];
                            assert!(text.get(range.clone()).is_some(), "{problem:?} of {text:?}");
                        }
                    }
                }
            }
        }
    }
}
