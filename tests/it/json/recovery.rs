//! What people get wrong: one mistake, one fault, where a person would point, and the rest is read.
//!
//! `«…»` marks each fault's span, in the order of the text; the markers are no part of it.

use paylint::json::FaultKind::{self, *};

use super::{outline, with};

/// A text with its faults marked, their kinds, and the tree that is left.
type Case = (&'static str, &'static [FaultKind], &'static str);

fn check(cases: &[Case]) {
    let mut wrong = String::new();
    for (marked, kinds, tree) in cases {
        let text = marked.replace(['«', '»'], "");
        let (faults, outline) = with(&text, |document| {
            let faults: Vec<_> =
                document.faults().iter().map(|fault| (fault.kind, fault.span.range())).collect();
            (faults, outline(document))
        });
        let spans = spans(marked);
        assert_eq!(spans.len(), kinds.len(), "a span for each kind: {marked}");
        let expected: Vec<_> = kinds.iter().copied().zip(spans).collect();
        if faults != expected || outline != *tree {
            use std::fmt::Write as _;
            let found: Vec<_> = faults
                .iter()
                .map(|(kind, span)| format!("{kind:?} {span:?} `{}`", &text[span.clone()]))
                .collect();
            let _ = writeln!(wrong, "{marked}\n  wanted {expected:?} {tree}\n  found  {found:?} {outline}");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

fn spans(marked: &str) -> Vec<std::ops::Range<usize>> {
    let mut spans = Vec::new();
    let mut at = 0;
    let mut open = 0;
    for character in marked.chars() {
        match character {
            '«' => open = at,
            '»' => spans.push(open..at),
            other => at += other.len_utf8(),
        }
    }
    spans
}

#[test]
fn no_fault() {
    check(&[
        ("\u{feff}{\"a\": 1}", &[], "{a:1}"),
        (
            "{\"a\":[1,-2.5e+3,true,false,null,{}],\"b\":\"\\u00e9\\n\"}",
            &[],
            "{a:[1,-2.5e+3,true,false,null,{}],b:\"é\n\"}",
        ),
        (
            "{\"a\": {{x}}, {{k}}: 1, \"b\": ${y}, \"c\": <z>, \"d\": $input.d, \"e\": %E%}",
            &[],
            "{a:{{x}},{{k}}:1,b:${y},c:<z>,d:$input.d,e:%E%}",
        ),
        ("{\"a\": {{x}}-{{y}}, \"b\": {{n}}00}", &[], "{a:{{x}}-{{y}},b:{{n}}00}"),
        (" \"x\" ", &[], "\"x\""),
        ("-0", &[], "-0"),
    ]);
}

#[test]
fn nothing() {
    check(&[
        ("«»", &[Empty], ""),
        (" \n\t «»", &[Empty], ""),
        ("\u{feff}«»", &[Empty], ""),
        ("«// nothing»«»\n", &[Comment, Empty], ""),
        ("«/* nothing»", &[Comment], ""),
    ]);
}

#[test]
fn commas() {
    check(&[
        ("{\"a\": 1«,»}", &[TrailingComma], "{a:1}"),
        ("[1«,»]", &[TrailingComma], "[1]"),
        ("{\n  \"a\": 1,\n  \"b\": \"x\"«,»\n}\n", &[TrailingComma], "{a:1,b:\"x\"}"),
        ("{\"a\":{\"b\":[1«,»]«,»}«,»}", &[TrailingComma, TrailingComma, TrailingComma], "{a:{b:[1]}}"),
        ("[1«,,»]", &[TrailingComma], "[1]"),
        ("{\"a\":1«, ,\n,»}", &[TrailingComma], "{a:1}"),
        ("{«,»\"a\":1}", &[ExtraComma], "{a:1}"),
        ("[«,»1]", &[ExtraComma], "[1]"),
        ("[«,»]", &[ExtraComma], "[]"),
        ("{«,»}", &[ExtraComma], "{}"),
        ("[1,«,»2]", &[ExtraComma], "[1,2]"),
        ("{\"a\":1,«,,»\"b\":2}", &[ExtraComma], "{a:1,b:2}"),
        ("{\"a\":1,\n«,»\n\"b\":2}", &[ExtraComma], "{a:1,b:2}"),
        ("{\"a\": 1«» \"b\": 2}", &[MissingComma], "{a:1,b:2}"),
        ("{\n  \"a\": \"x\"«»\n  \"b\": \"y\"\n}", &[MissingComma], "{a:\"x\",b:\"y\"}"),
        ("{\"a\":\"x\"«»\"b\":\"y\"}", &[MissingComma], "{a:\"x\",b:\"y\"}"),
        ("{\"a\":\"x\"«» \"b\":\"y\",\"c\":1}", &[MissingComma], "{a:\"x\",b:\"y\",c:1}"),
        ("{\"a\":{}«»\"b\":[]«»\"c\":1}", &[MissingComma, MissingComma], "{a:{},b:[],c:1}"),
        ("[1«» 2«»\n3]", &[MissingComma, MissingComma], "[1,2,3]"),
        ("[\"a\"«» \"b\"]", &[MissingComma], "[\"a\",\"b\"]"),
        ("[\"a\"«»\"b\"]", &[MissingComma], "[\"a\",\"b\"]"),
        ("[{\"a\":1}«»{\"a\":2}]", &[MissingComma], "[{a:1},{a:2}]"),
        ("[1«;» 2]", &[MissingComma], "[1,2]"),
        ("{\"a\":1«;» \"b\":2}", &[MissingComma], "{a:1,b:2}"),
        ("{\"a\":\"x\"«;»\n\"b\":2}", &[MissingComma], "{a:\"x\",b:2}"),
        ("{\"a\": true«» «b»: 1}", &[MissingComma, UnquotedKey], "{a:true,b:1}"),
    ]);
}

#[test]
fn colons() {
    check(&[
        ("{\"a\"«» 1}", &[MissingColon], "{a:1}"),
        ("{\"a\"«» \"x\", \"b\": 1}", &[MissingColon], "{a:\"x\",b:1}"),
        ("{\"a\"«»{\"b\":1},\"c\":2}", &[MissingColon], "{a:{b:1},c:2}"),
        ("{\"a\"«;» 1, \"b\": 2}", &[MissingColon], "{a:1,b:2}"),
        ("{\"a\" «=» 1, \"b\" «=>» 2}", &[EqualsSign, EqualsSign], "{a:1,b:2}"),
        ("{\"a\"«=»\"x\"}", &[EqualsSign], "{a:\"x\"}"),
        ("{\"a\" «->» 1}", &[EqualsSign], "{a:1}"),
        ("{\"a\" «==» 1}", &[EqualsSign], "{a:1}"),
        ("{\"a\":«:» 1, \"b\": 2}", &[UnexpectedCharacter], "{a:1,b:2}"),
        ("{\"a\" :«=» 1}", &[UnexpectedCharacter], "{a:1}"),
        ("{\"a\":«» , \"b\": 2}", &[MissingValue], "{a:?,b:2}"),
        ("{\"a\": 1, \"b\":«» }", &[MissingValue], "{a:1,b:?}"),
        ("{\"a\":«»}", &[MissingValue], "{a:?}"),
        ("{\"a\":«»,\"b\":«»,\"c\":1}", &[MissingValue, MissingValue], "{a:?,b:?,c:1}"),
        ("{\"a\"«»}", &[MissingValue], "{a:?}"),
        ("{\"a\"«», \"b\": 1}", &[MissingValue], "{a:?,b:1}"),
        ("{\n  \"a\":«»\n  \"b\": 2,\n  \"c\": 3\n}", &[MissingValue], "{a:?,b:2,c:3}"),
        ("{\n  \"a\"«»\n  \"b\": 2\n}", &[MissingValue], "{a:?,b:2}"),
        ("{\"a\":«» \"b\": 2}", &[MissingValue], "{a:?,b:2}"),
        ("{«:» 1, \"a\": 2}", &[MissingKey], "{:1,a:2}"),
        ("{\"a\": 1, «{»\"b\": 2}, \"c\": 3}", &[UnexpectedCharacter], "{a:1,:{b:2},c:3}"),
        ("{«[»1, 2], \"c\": 3}", &[UnexpectedCharacter], "{:[1,2],c:3}"),
        ("{«{»\"a\": 1}}", &[UnexpectedCharacter], "{:{a:1}}"),
    ]);
}

#[test]
fn quotes_of_keys() {
    check(&[
        ("{\n  «\"a»: 1,\n  \"b\": 2\n}", &[UnclosedString], "{a:1,b:2}"),
        ("{\n  «\"a»: \"x\",\n  \"b\": 2\n}", &[UnclosedString], "{a:\"x\",b:2}"),
        ("{\n  «\"a»: {\n    \"b\": 2\n  }\n}", &[UnclosedString], "{a:{b:2}}"),
        ("{\n  \"x\": 1,\n  «\"a»: true\n}", &[UnclosedString], "{x:1,a:true}"),
        ("{«\"a»:1,\"b\":2}", &[UnclosedString], "{a:1,b:2}"),
        ("{«\"a»:\"x\",\"b\":2}", &[UnclosedString], "{a:\"x\",b:2}"),
        ("{«\"a»:\"\",\"b\":2}", &[UnclosedString], "{a:\"\",b:2}"),
        ("{\"x\":1,«\"a»:null,\"b\":\"y\"}", &[UnclosedString], "{x:1,a:null,b:\"y\"}"),
        ("{\"x\":1,«\"a»:[1,2],\"b\":\"y\"}", &[UnclosedString], "{x:1,a:[1,2],b:\"y\"}"),
        ("{\"x\":1,«\"a»:{\"b\":\"y\"}}", &[UnclosedString], "{x:1,a:{b:\"y\"}}"),
        ("{«\"a»:1}", &[UnclosedString], "{a:1}"),
        ("{«\"a»: 1}\n", &[UnclosedString], "{a:1}"),
        ("{«a\"»: 1}", &[UnopenedString], "{a:1}"),
        ("{\n  «a\"»: \"x\",\n  \"b\": 2\n}", &[UnopenedString], "{a:\"x\",b:2}"),
        ("{\"x\":\"y\",«a\"»:1,\"b\":2}", &[UnopenedString], "{x:\"y\",a:1,b:2}"),
        ("{«my key\"»: 1}", &[UnopenedString], "{my key:1}"),
        ("{«a»: 1, «b»: 2}", &[UnquotedKey, UnquotedKey], "{a:1,b:2}"),
        ("{«a»:1,«b_c»:{«d-e»:2}}", &[UnquotedKey, UnquotedKey, UnquotedKey], "{a:1,b_c:{d-e:2}}"),
        ("{«my key»: 1}", &[UnquotedKey], "{my key:1}"),
        ("{«ключ»: 1}", &[UnquotedKey], "{ключ:1}"),
        ("{«1»: 2}", &[UnquotedKey], "{1:2}"),
        ("{«'a'»: 1}", &[WrongQuotes], "{a:1}"),
        ("{«“a”»: 1}", &[WrongQuotes], "{a:1}"),
        ("{\"a:b\": 1}", &[], "{a:b:1}"),
        ("{\"a:b\"«», \"c\": 1}", &[MissingValue], "{a:b:?,c:1}"),
    ]);
}

#[test]
fn quotes_of_values() {
    check(&[
        ("{\n  \"a\": «\"x»,\n  \"b\": 2\n}", &[UnclosedString], "{a:\"x\",b:2}"),
        ("{\n  \"a\": «\"x»\n}", &[UnclosedString], "{a:\"x\"}"),
        ("{\r\n  \"a\": «\"x y»,\r\n  \"b\": \"y\"\r\n}\r\n", &[UnclosedString], "{a:\"x y\",b:\"y\"}"),
        ("[\n  «\"a»,\n  \"b\"\n]", &[UnclosedString], "[\"a\",\"b\"]"),
        ("[\n  «\"a»,\n  {\"b\": 1}\n]", &[UnclosedString], "[\"a\",{b:1}]"),
        ("{\"a\":«\"x»,\"b\":2}", &[UnclosedString], "{a:\"x\",b:2}"),
        ("{\"a\":«\"x»,\"b\":\"y\"}", &[UnclosedString], "{a:\"x\",b:\"y\"}"),
        ("{\"a\": «\"x», \"b\": \"y\", \"c\": 1}", &[UnclosedString], "{a:\"x\",b:\"y\",c:1}"),
        ("{\n  \"a\": «\"»,\n  \"b\": 2\n}", &[UnclosedString], "{a:\"\",b:2}"),
        ("{\"a\": «\"x\\»", &[UnclosedString], "{a:\"x\\\"}"),
        ("{\"a\":«\"x»}", &[UnclosedString], "{a:\"x\"}"),
        ("{\"a\":{\"b\":«\"x»}}\n", &[UnclosedString], "{a:{b:\"x\"}}"),
        ("{\"a\":{\"b\":«\"x»},\"c\":1}", &[UnclosedString], "{a:{b:\"x\"},c:1}"),
        ("{\"a\":[«\"x»],\"c\":{\"d\":1}}", &[UnclosedString], "{a:[\"x\"],c:{d:1}}"),
        ("[\"a\",«\"b»,\"c\"]", &[UnclosedString], "[\"a\",\"b\",\"c\"]"),
        ("[\"a\",«\"b»]", &[UnclosedString], "[\"a\",\"b\"]"),
        ("{\"a\":«x\"»,\"b\":2}", &[UnopenedString], "{a:\"x\",b:2}"),
        ("{\n  \"a\": «hello, world\"»,\n  \"b\": 2\n}", &[UnopenedString], "{a:\"hello, world\",b:2}"),
        ("{\"a\": «https://x.y/z?a=b\"», \"b\": 2}", &[UnopenedString], "{a:\"https://x.y/z?a=b\",b:2}"),
        ("{\"a\": «+49 30 1234\"», \"b\": 2}", &[UnopenedString], "{a:\"+49 30 1234\",b:2}"),
        ("{\"a\": «123\"», \"b\": 2}", &[UnopenedString], "{a:\"123\",b:2}"),
        ("{\"a\": «true\"», \"b\": 2}", &[UnopenedString], "{a:\"true\",b:2}"),
        ("{\"a\": «2026-01-01\"»}", &[UnopenedString], "{a:\"2026-01-01\"}"),
        ("[\"a\", «b\"», \"c\"]", &[UnopenedString], "[\"a\",\"b\",\"c\"]"),
        ("{\"a\": «'x'», \"b\": 2}", &[WrongQuotes], "{a:\"x\",b:2}"),
        ("{«'a'»: «'it's'», «'b'»: 2}", &[WrongQuotes, WrongQuotes, WrongQuotes], "{a:\"it's\",b:2}"),
        ("{\"a\": «'say \"hi\"'», \"b\": 2}", &[WrongQuotes], "{a:\"say \"hi\"\",b:2}"),
        ("{\"a\": «“x”», \"b\": «‘y’»}", &[WrongQuotes, WrongQuotes], "{a:\"x\",b:\"y\"}"),
        ("{\"a\": «“x\"», \"b\": «`y`»}", &[WrongQuotes, WrongQuotes], "{a:\"x\",b:\"y\"}"),
        ("{\"a\": «'x», \"b\": 1, \"c\": 2}", &[UnclosedString], "{a:\"x\",b:1,c:2}"),
        ("{\"a\": \"says «\"»hi\" to\", \"b\": 2}", &[UnexpectedCharacter], "{a:\"says \"hi\" to\",b:2}"),
        ("{\"a\": \"a «\"»b\"\", \"b\": 2}", &[UnexpectedCharacter], "{a:\"a \"b\"\",b:2}"),
    ]);
}

#[test]
fn quotes_too_many() {
    check(&[
        ("{\"a\"«\"»: 1}", &[ExtraQuote], "{a:1}"),
        ("{\"a\"«\"»:\"x\",\"b\":{\"c\"«\"»: {}}}", &[ExtraQuote, ExtraQuote], "{a:\"x\",b:{c:{}}}"),
        ("{«\"»\"a\": \"x\", \"b\": 2}", &[ExtraQuote], "{a:\"x\",b:2}"),
        ("{\"a\": «\"»\"x\", \"b\": 2}", &[ExtraQuote], "{a:\"x\",b:2}"),
        ("{\"a\": \"x\"«\"», \"b\": \"y\"}", &[ExtraQuote], "{a:\"x\",b:\"y\"}"),
        ("{\n\"a\": \"x\"«\"»,\n\"b\": \"y\"«\"»\n}", &[ExtraQuote, ExtraQuote], "{a:\"x\",b:\"y\"}"),
        ("[\"a\"«\"», \"b\"]", &[ExtraQuote], "[\"a\",\"b\"]"),
        ("[\"a\"«»\",\"]", &[MissingComma], "[\"a\",\",\"]"),
        ("[\"a\"«»\"\"]", &[MissingComma], "[\"a\",\"\"]"),
        ("{\"a\"«»\":\", \"b\": 1}", &[MissingColon], "{a:\":\",b:1}"),
        ("{\n«\"url»: \"/api/x\",\n\"b\": 1\n}", &[UnclosedString], "{url:\"/api/x\",b:1}"),
        ("{\"a\": \"x\" «\"y\"»}", &[UnexpectedCharacter], "{a:\"x\"}"),
        ("{\"a\": \"x\" «\"y\"», \"b\": 1}", &[UnexpectedCharacter], "{a:\"x\",b:1}"),
    ]);
}

#[test]
fn characters_in_strings() {
    check(&[
        ("{\"a\": \"x«\t»y\", \"b\": 2}", &[ControlCharacter], "{a:\"x\ty\",b:2}"),
        ("{\"a\": \"x«\n»y\", \"b\": 2}", &[ControlCharacter], "{a:\"x\ny\",b:2}"),
        ("{\"a\": \"x«\r\n»y\nz\", \"b\": 2}", &[ControlCharacter], "{a:\"x\r\ny\nz\",b:2}"),
        ("{\"a\": \"x«\0»\"}", &[ControlCharacter], "{a:\"x\0\"}"),
        ("{\"a«\t»\": \"«\t»\"}", &[ControlCharacter, ControlCharacter], "{a\t:\"\t\"}"),
        ("{\"a\": \"«\\x»41\", \"b\": 2}", &[BadEscape], "{a:\"x41\",b:2}"),
        ("{\"a\": \"«\\u12»\", \"b\": 2}", &[BadEscape], "{a:\"u12\",b:2}"),
        ("{\"a\": \"«\\u»xyz\", \"b\": 2}", &[BadEscape], "{a:\"uxyz\",b:2}"),
        ("{\"a\": \"it«\\'»s\", \"b\": 2}", &[BadEscape], "{a:\"it's\",b:2}"),
        ("{\"a\": \"«\\é»\"}", &[BadEscape], "{a:\"é\"}"),
        ("{\"a\": \"C:«\\U»sers«\\x»\"}", &[BadEscape, BadEscape], "{a:\"C:Usersx\"}"),
        ("{\"a\": \"x«\\\n»y\"}", &[BadEscape], "{a:\"x\ny\"}"),
        ("{\"«\\q»\": 1}", &[BadEscape], "{q:1}"),
    ]);
}

#[test]
fn words() {
    check(&[
        (
            "{\"a\": «True», \"b\": «False», \"c\": «None», \"d\": 1}",
            &[BareWord, BareWord, BareWord],
            "{a:?,b:?,c:?,d:1}",
        ),
        (
            "{\"a\":«NaN»,\"b\":«Infinity»,\"c\":«-Infinity»,\"d\":«undefined»}",
            &[BareWord; 4],
            "{a:?,b:?,c:?,d:?}",
        ),
        ("[«NULL», «nul», «truefalse», 1]", &[BareWord; 3], "[?,?,?,1]"),
        ("{\n  \"a\": «hello big world»,\n  \"b\": 1\n}", &[BareWord], "{a:?,b:1}"),
        ("{\"a\":«hello big world»,\"b\":\"x\"}", &[BareWord], "{a:?,b:\"x\"}"),
        ("{\"a\": «ACTIVE» }", &[BareWord], "{a:?}"),
        ("{\"a\": «ObjectId(\"5f\")», \"b\": 1}", &[BareWord], "{a:?,b:1}"),
        ("{\"a\": «new Date()», \"b\": 1}", &[BareWord], "{a:?,b:1}"),
        ("{\"a\": «@home», \"b\": «https://x.y/z», \"c\": 1}", &[BareWord; 2], "{a:?,b:?,c:1}"),
        ("{\"a\": «word» «// note»\n}", &[BareWord, Comment], "{a:?}"),
        ("{\"a\": «2026-01-01T10:00:00Z», \"b\": 1}", &[BareWord], "{a:?,b:1}"),
        ("{\"a\": «+49 30 1234», \"b\": 1}", &[BareWord], "{a:?,b:1}"),
        ("{\"a\": «True»«;» \"b\": 1}", &[BareWord, MissingComma], "{a:?,b:1}"),
        ("{\"a\": true «story», \"b\": 1}", &[UnexpectedCharacter], "{a:true,b:1}"),
        ("{\"a\": 10 «seconds», \"b\": 1}", &[UnexpectedCharacter], "{a:10,b:1}"),
        ("{\"a\": 1 «/» 2, \"b\": 1}", &[UnexpectedCharacter], "{a:1,b:1}"),
        ("{\"a\": «*», \"b\": 1}", &[UnexpectedCharacter], "{a:?,b:1}"),
        ("«True»", &[BareWord], "?"),
        ("«hello»\nworld", &[BareWord], "?"),
        ("«const body =» {\"a\": 1}", &[BareWord], "{a:1}"),
        ("{\"a\":«\u{a0}»1,«\u{a0}»\"b\":2«\u{200b}»}", &[UnexpectedCharacter; 3], "{a:1,b:2}"),
    ]);
}

#[test]
fn numbers() {
    check(&[
        ("{\"a\": «0»12, \"b\": -«0»1, \"c\": «0»0}", &[LeadingZero; 3], "{a:012,b:-01,c:00}"),
        ("[«+1», «.5», «1.», «0x1F», «1_000», 2]", &[BadNumber; 5], "[+1,.5,1.,0x1F,1_000,2]"),
        (
            "{\"a\":«+1»,\"b\":«.5»,\"c\":«1.»,\"d\":«0x1F»,\"e\":«1_000»}",
            &[BadNumber; 5],
            "{a:+1,b:.5,c:1.,d:0x1F,e:1_000}",
        ),
        (
            "[«1e», «1.e5», «-.5», «10s», «1.2.3», «2026-01-01»]",
            &[BadNumber; 6],
            "[1e,1.e5,-.5,10s,1.2.3,2026-01-01]",
        ),
        ("{\"a\": 1,«000», \"b\": 2}", &[UnexpectedCharacter], "{a:1,b:2}"),
        ("«+1»", &[BadNumber], "+1"),
        ("[«--1», «-»]", &[BadNumber, BareWord], "[--1,?]"),
    ]);
}

#[test]
fn comments() {
    check(&[
        ("{\"a\": 1 «// x»\n}", &[Comment], "{a:1}"),
        ("«/* x */»{\"a\":«/**/»1«/* y */»}", &[Comment; 3], "{a:1}"),
        ("«# x»\n{\n  «# y  z»  \n  \"a\": 1, «# w»\r\n  \"b\": 2\n}\n«# end»", &[Comment; 4], "{a:1,b:2}"),
        ("{«// \"a\": 1,»\n\"b\": 2}", &[Comment], "{b:2}"),
        ("{\"a\": 1«,» «// x»\n}", &[TrailingComma, Comment], "{a:1}"),
        ("{\"a\": 1 «/* x}»", &[Comment], "{a:1}"),
        ("{\"a\": 1«» «/* x */» \"b\": 2}", &[MissingComma, Comment], "{a:1,b:2}"),
    ]);
}

#[test]
fn brackets() {
    check(&[
        ("«{»\"a\": 1", &[Unclosed], "{a:1}"),
        ("«{»", &[Unclosed], "{}"),
        ("«[»", &[Unclosed], "[]"),
        ("{\"a\": {\"b\": «[»1, 2", &[Unclosed], "{a:{b:[1,2]}}"),
        ("«{»\"a\": {\"b\": 1, \"c\": 2}", &[Unclosed], "{a:{b:1,c:2}}"),
        ("«{»\"a\": 1,", &[Unclosed], "{a:1}"),
        ("«{»\"a\":", &[Unclosed], "{a:?}"),
        ("«{»\"a\"", &[Unclosed], "{a:?}"),
        ("«{»\"a\": tru", &[Unclosed], "{a:?}"),
        ("«{»\"a\": 1.", &[Unclosed], "{a:?}"),
        ("{\"a\": «\"x»", &[UnclosedString], "{a:\"x\"}"),
        ("{\"a\": {\"b\": «\"x»\n", &[UnclosedString], "{a:{b:\"x\"}}"),
        ("{\"a\": 1}«}»", &[TextAfterEnd], "{a:1}"),
        ("[1]«]»\n", &[TextAfterEnd], "[1]"),
        ("{\"a\": {\"x\": 1}«}», \"b\": 2}", &[UnexpectedCharacter], "{a:{x:1},b:2}"),
        ("{\"a\": 1«]»", &[WrongBracket], "{a:1}"),
        ("[1, 2«}»", &[WrongBracket], "[1,2]"),
        ("{\"a\": [1, 2«}», \"b\": 1}", &[WrongBracket], "{a:[1,2],b:1}"),
        ("{\"a\": «[»1, 2}", &[Unclosed], "{a:[1,2]}"),
        ("{\"x\": {\"a\": «[»1, 2}, \"b\": 1}", &[Unclosed], "{x:{a:[1,2]},b:1}"),
        ("{\"x\": {\"a\": [1, 2«}», \"b\": 1}}", &[WrongBracket], "{x:{a:[1,2],b:1}}"),
        (
            "{\"a\":«»\n  \"b\": 1,\n  \"c\": {\"d\": 2}\n  },\n  \"e\": 3}",
            &[MissingValue],
            "{a:{b:1,c:{d:2}},e:3}",
        ),
        ("{\"a\": \"b\", \"c\"«]», \"d\": 1}", &[UnexpectedCharacter], "{a:\"b\",c:?,d:1}"),
        ("{\"a\": 1«]», \"b\": 2}", &[UnexpectedCharacter], "{a:1,b:2}"),
        ("[{\"a\": 1«]», 2]", &[WrongBracket], "[{a:1},2]"),
        ("[«{»\"a\": 1]", &[Unclosed], "[{a:1}]"),
        ("[«{»\"a\": 1, {\"a\": 2}]", &[Unclosed], "[{a:1},{a:2}]"),
        ("{\"a\": «[»1, 2, \"b\": 3}", &[Unclosed], "{a:[1,2],b:3}"),
        ("{\"x\": «[»\"a\": 1, \"b\": 2], \"c\": 3}", &[UnexpectedCharacter], "{x:{a:1,b:2},c:3}"),
        ("«[»\"a\": 1}", &[UnexpectedCharacter], "{a:1}"),
    ]);
}

#[test]
fn around_the_value() {
    check(&[
        ("{\"a\": 1} «x»", &[TextAfterEnd], "{a:1}"),
        ("{\"a\": 1}«;»", &[TextAfterEnd], "{a:1}"),
        ("{\"a\": 1}\n«{\"b\": 2}»\n{\"c\": 3}", &[TextAfterEnd], "{a:1}"),
        ("{}«{}»", &[TextAfterEnd], "{}"),
        ("«}»{\"a\": 1}", &[UnexpectedCharacter], "{a:1}"),
        ("«»\"a\": 1, \"b\": 2}", &[Unopened], "{a:1,b:2}"),
        ("«»\"a\": 1", &[Unopened], "{a:1}"),
        ("«»{\"a\": 1}, {\"a\": 2}]", &[Unopened], "[{a:1},{a:2}]"),
        ("[«»\"a\": 1}, {\"a\": 2}]", &[Unopened], "[{a:1},{a:2}]"),
        ("[{\"a\": 1}, «»\"a\": 2}]", &[Unopened], "[{a:1},{a:2}]"),
        ("{«{»\"a\": {\"b\": 1}}", &[UnexpectedCharacter], "{a:{b:1}}"),
        ("[{«{»\"a\": 1}]", &[UnexpectedCharacter], "[{a:1}]"),
    ]);
}

#[test]
fn strays_in_keys_and_values() {
    check(&[
        ("{\"or«\"»der\": 1, \"b\": 2}", &[UnexpectedCharacter], "{or\"der:1,b:2}"),
        ("{\"a\"«}»: 1, \"b\": 2}", &[UnexpectedCharacter], "{a:1,b:2}"),
        ("{\"a\": 1, «\"» \"b\": 2}", &[ExtraQuote], "{a:1,b:2}"),
        ("{\"a\": «says \\\"hi\\\"\"», \"b\": 2}", &[UnopenedString], "{a:\"says \\\"hi\\\"\",b:2}"),
        ("{\"a\": «10%», \"b\": «10:30»}", &[BareWord, BareWord], "{a:?,b:?}"),
    ]);
}

#[test]
fn several_mistakes() {
    check(&[
        (
            "{\n  «'a'»: 1,\n  «b»: «True»,\n  \"c\": \"x\"«»\n  \"d\": «0»7,\n  «\"e»: 2,\n  \"f\": [1«,»],\n  \"g\": 3 «// end»\n}\n",
            &[
                WrongQuotes,
                UnquotedKey,
                BareWord,
                MissingComma,
                LeadingZero,
                UnclosedString,
                TrailingComma,
                Comment,
            ],
            "{a:1,b:?,c:\"x\",d:07,e:2,f:[1],g:3}",
        ),
        (
            "{\"a\":«»,\"b\":«NaN»,\"c\":\"«\\q»\",\"d\":1«,»}",
            &[MissingValue, BareWord, BadEscape, TrailingComma],
            "{a:?,b:?,c:\"q\",d:1}",
        ),
    ]);
}
