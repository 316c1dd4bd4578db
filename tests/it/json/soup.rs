//! Texts made to break a parser: deep, long, repetitive, cut off. Each must end, and soon.

use super::{spans, with};

const SAMPLES: &[&str] = &[
    "{\"attributes\": {\"a\": \"é\\u00e9\\ud83d\\ude00\", \"b\": [1, -2.5e+3, true, null, {}]}, \"state\": \"connected\"}",
    "{\n  // comment\n  'a': \"x\",\n  b: True, /* c */ # d\n  \"c\": {{x}}, \"d\": ${y.z(1)}, <e>: %f%,\n  \"g\": 012,,\n}\n}",
    "\u{feff}[\"\\x\", \"\\u12\", “x”, 'it's', “y\", +1, .5, 1., 0x1F, \u{a0}1, nul, \"a: 1, \"b\": 2]",
    "{\"a\": \"x,\n\"b: 1,\n\"c\": y\",\"d\":[1, 2}, \"e\" = 1, \"f\" => {\"g\": 2]; \"h\"}, \"i\": 1} {",
];

#[test]
fn cut_off_anywhere() {
    for sample in SAMPLES {
        for at in (0..=sample.len()).filter(|at| sample.is_char_boundary(*at)) {
            with(&sample[..at], spans::check);
            with(&sample[at..], spans::check);
        }
    }
}

#[test]
fn a_hundred_thousand_levels() {
    let depth = 100_000;
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]"), ("{\"a\": [", "]}")] {
        let closed = format!("{}1{}", open.repeat(depth), close.repeat(depth));
        with(&closed, |document| {
            assert!(document.faults().is_empty(), "{open}");
            spans::check(document);
        });
        let unclosed = open.repeat(depth);
        with(&unclosed, |document| {
            assert_eq!(document.faults().len(), 1, "{open}");
            spans::check(document);
        });
    }
}

#[test]
fn two_megabytes_of_one_thing() {
    for thing in ["{", "[", ",", "\"", "[}", "{]", "\"a\" \"a\"", "/*", "\\u", "$(", "{{", "<a"] {
        let soup = thing.repeat(2_000_000 / thing.len());
        with(&soup, |document| assert!(!document.faults().is_empty()));
        with(&format!("[\"{soup}"), |document| assert!(!document.faults().is_empty()));
    }
}

/// What is quadratic takes minutes here, where it should take seconds.
#[test]
fn much_of_one_thing() {
    let things = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "'",
        "\\",
        "/",
        "#",
        "$",
        "<",
        "%",
        "=",
        ";",
        "(",
        "-",
        "0",
        "a",
        " ",
        "\n",
        "\0",
        "é",
        "“",
        "‘",
        "\u{a0}",
        "[}",
        "{]",
        "{}",
        "[]",
        "\"a\" \"a\"",
        "\"a\"",
        "a,",
        "a ",
        "a:",
        "a\n",
        "'a'",
        "'a",
        "'a,",
        "‘a,",
        "“a\n",
        "/*",
        "//",
        "/**/",
        "# \n",
        "\\u",
        "\\\"",
        "\"\\",
        "$(",
        "${",
        "$a(",
        "$a.",
        "$(${",
        "{{",
        "{{a",
        "{{{",
        "}}",
        "<a",
        "<a ",
        "%a",
        "%a%",
        "\"\n",
        "\"\n\n",
        " \n",
        "\" \n\" ",
        "a\" ",
        "a\"\n",
        "\"a:",
        "\"a,",
        "\"a:\\",
        "a\":",
        ", /**/",
        "1;",
        ":/**/",
        "=>",
        "\"a\":",
        "\"a\":,",
        "\"a\"\n",
        "a b\n",
        "(a",
        "1 2 ",
        "{\"a\":1 ",
        "{\"a\":1,",
        "[\"a\":",
        "[1,\"a\":",
        "\"a\"b",
        "x\"y",
    ];
    let around =
        [("", ""), ("[", ""), ("{", ""), ("{\"a\":", ""), ("{\"a\":\"", ""), ("[\"", "\""), ("[[", "]}")];
    for thing in things {
        let soup = thing.repeat(50_000 / thing.len());
        for (before, after) in around {
            let text = format!("{before}{soup}{after}");
            with(&text, |document| assert!(document.nodes().len() <= 2 * text.len() + 2));
        }
    }
}
