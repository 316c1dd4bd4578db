//! Every fault of a text, each once: however a body is cut off or mistyped, and whichever rules look at it.

use paylint::diagnostic::Severity;
use paylint::lint::{Input, Scratch, Settings, lint};
use paylint::rules::Rule;

const BODIES: [&str; 3] = [
    r#"{"attributes": {"order_id": "12345", "priority": "high", "language": "de"}}"#,
    "{\n  \"attributes\": {\n    \"order_id\": \"12345\",\n    \"note\": \"says \\\"hi\\\"\",\n    \"language\": \"de\"\n  }\n}\n",
    r#"{"state": "disconnected", "muted": true, "wrapup": {"code": "x", "tags": ["a", "b"], "durationSeconds": 30}}"#,
];

fn rules_of(text: &str, level: impl Fn(&'static Rule) -> Option<Severity>) -> Vec<(&'static str, String)> {
    let settings = Settings::default().with_levels(level);
    let mut scratch = Scratch::default();
    let linted = lint(&Input::json(text), &settings, &mut scratch);
    let told = |span: paylint::text::Span| span.slice(text).to_owned();
    linted.findings.iter().map(|finding| (finding.rule, told(finding.primary))).collect()
}

fn faults(text: &str) -> Vec<(&'static str, String)> {
    rules_of(text, |rule| (rule.id == "syntax-error").then_some(rule.level))
}

#[test]
fn a_number_spelled_oddly_is_told_of_once() {
    for number in ["+1", ".5", "1.", "0x10", "007", "-007", "1_000", "2026-03-24", "12ab"] {
        let text = format!("{{\"attributes\": {{\"a\": {number}, \"b\": \"c\"}}}}");
        let all = rules_of(&text, |rule| Some(rule.level));
        assert_eq!(all, [("non-string-value", number.to_owned())], "{text}");
        let quiet = rules_of(&text, |rule| (rule.id != "non-string-value").then_some(rule.level));
        assert!(matches!(quiet[..], [("syntax-error", _)]), "{text}: {quiet:?}");
        let light = rules_of(&text, |rule| {
            Some(if rule.id == "non-string-value" { Severity::Warning } else { rule.level })
        });
        assert_eq!(light.len(), 2, "{text}: {light:?}");
    }
    for value in ["NaN", "-Infinity", "undefined", "True", "None", "'x'", "high", "10%", "10:30", "'007'"] {
        let text = format!("{{\"attributes\": {{\"a\": {value}, \"b\": \"c\"}}}}");
        let all = rules_of(&text, |rule| Some(rule.level));
        assert_eq!(all, [("syntax-error", value.to_owned())], "{text}");
    }
}

#[test]
fn a_body_that_is_cut_off_is_told_of_once() {
    let mut wrong = Vec::new();
    for body in BODIES {
        for at in 1..body.trim_end().len() {
            let found = faults(&body[..at]);
            if found.len() != 1 {
                wrong.push(format!("{:?}: {found:?}", &body[..at]));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_character_too_many_or_too_few_is_told_of_once() {
    let mut wrong = Vec::new();
    for body in BODIES {
        for at in 0..body.len() {
            let without = [&body[..at], &body[at + 1..]].concat();
            let twice = [&body[..=at], &body[at..]].concat();
            let in_word =
                body[..at].ends_with(char::is_alphanumeric) && body[at..].starts_with(char::is_alphanumeric);
            let in_string = body[..at].matches('"').count() % 2 == 1;
            let quoted = [&body[..at], if in_word && in_string { "\"" } else { "" }, &body[at..]].concat();
            for mutant in [without, twice, quoted] {
                let found = faults(&mutant);
                if found.len() > 1 {
                    wrong.push(format!("{mutant:?}: {found:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_character_between_a_key_and_its_colon_is_told_of_once() {
    for stray in [",", "}", "]", "{", "[", "'", "\\"] {
        let text = format!("{{\"attributes\": {{\"a\"{stray}: \"b\", \"c\": \"d\"}}}}");
        assert_eq!(faults(&text), [("syntax-error", stray.to_owned())], "{text}");
    }
}
