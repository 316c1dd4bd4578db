//! What a template is read as, where no fixture can say it.

use paylint::carrier::{Assume, Carrier};
use paylint::lint::{Input, Scratch, Settings, lint};
use paylint::template::{FaultKind, Form, PieceKind, Reading, Variants, flat, plain};
use paylint::text::Passage;
use proptest::prelude::*;

use crate::rules::apply;

/// The references of a template as they read, with what they are.
fn references(text: &str) -> Vec<String> {
    let reading = Reading::of(text);
    let said = |reference: &paylint::template::Reference| {
        let path: Vec<_> = reference.path.iter().map(|name| name.slice(text)).collect();
        let plain = if reference.form == Form::Called { "+" } else { "" };
        let escaped = if reference.escaped { " escaped" } else { "" };
        format!("{}:{}{plain}{escaped}", reference.root.slice(text), path.join("."))
    };
    reading.references.iter().map(said).collect()
}

fn faults(text: &str) -> Vec<FaultKind> {
    Reading::of(text).faults.iter().map(|fault| fault.kind).collect()
}

fn variants(text: &str) -> Vec<String> {
    let passage = Passage::of_file(text);
    let made = Variants::of(&passage, &Reading::of(text));
    made.all.iter().map(|variant| variant.body.as_str().to_owned()).collect()
}

#[test]
fn references_in_every_notation() {
    assert_eq!(
        references("${input.a} $!{input.b.c} $input.d $!input.e."),
        ["input:a", "input:b.c", "input:d", "input:e"]
    );
    assert_eq!(references("$esc.jsonString(${input.a})"), ["esc:+", "input:a escaped"]);
    assert_eq!(references("${esc.url($input.a.b)}"), ["esc:+", "input:a.b escaped"]);
    assert_eq!(references("$esc.jsonString($x.trim($input.a))"), ["esc:+", "x:+ escaped", "input:a escaped"]);
    assert_eq!(references("$x.of($esc.url($a), $b)"), ["x:+", "esc:+", "a: escaped", "b:"]);
    assert_eq!(references(r#"${tools.first("${a}", "$esc.quote")}"#), ["tools:+", "a:", "esc:quote"]);
    assert_eq!(references("$input.a.trim().length() $input.list[0].name"), ["input:a+", "input:list+"]);
    assert_eq!(references("$100 US$ $$ ${ x} $ {x} $-"), [""; 0]);
    assert_eq!(references(r"\$input.a \\$input.b \\\$input.c"), ["input:b"]);
    assert_eq!(
        references("#if($input.a == 'x')$input.b#elseif(!$input.c)#end"),
        ["input:a", "input:b", "input:c"]
    );
}

#[test]
fn what_velocity_refuses() {
    use FaultKind as Kind;
    assert_eq!(faults("#if($a) x #else y #end"), []);
    assert_eq!(faults("#{if}($a)x#{else}y#{end}"), []);
    assert_eq!(faults("#foreach($a in $b) #if($a) #end #end #macro(x) #end"), []);
    assert_eq!(faults("#if($a) #if($b) #end"), [Kind::UnclosedBlock]);
    assert_eq!(faults("#if($a) #end #end #end"), [Kind::StrayEnd]);
    assert_eq!(faults("#else"), [Kind::StrayElse]);
    assert_eq!(faults("#if($a == ')' #end"), [Kind::UnclosedArguments]);
    assert_eq!(faults("#if($a == \")\") #end"), []);
    assert_eq!(faults("\"${input.a\""), [Kind::UnclosedReference]);
    assert_eq!(faults("${input.a, ${input.b}"), [Kind::UnclosedReference]);
    assert_eq!(faults("#* a"), [Kind::UnclosedComment]);
    assert_eq!(faults("#[[ #if( ${x ]]# ## #if($x"), []);
    // A word with a hash before it is no directive.
    assert_eq!(faults("#ff0000 #endless #iffy #if #1 #{x}"), []);
}

#[test]
fn outcomes_of_conditions() {
    assert_eq!(variants("a#if($x)b#end"), ["ab", "a"]);
    assert_eq!(variants("#if($x)a#elseif($y)b#{else}c#end"), ["a", "b", "c"]);
    assert_eq!(variants("#if($x)a#if($y)b#end#end"), ["ab", "a", ""]);
    // The same condition has the same outcome.
    assert_eq!(variants("#if($x)a#end-#if( $x )b#end"), ["a-b", "-"]);
    // A loop is read as its last turn.
    assert_eq!(variants("#foreach($x in $y)$x#if($foreach.hasNext),#end#end"), ["$x"]);
    assert_eq!(variants("#foreach($x in $y)#if($velocityCount > 1),#end$x#end"), ["$x"]);
    // What a variable is given is printed, where that is written there.
    assert_eq!(variants("#set($c = \"\")#if($x)a#set($c=',')#end$c"), ["a,", ""]);
    assert_eq!(variants("#set($c = $x.y)$c"), ["$c"]);
    assert_eq!(variants("a## $x #if\nb#* #if( *#c#[[$d]]#"), ["a\nbc\\u0024d"]);
    let many: String = (0..12).map(|number| format!("#if($x{number})a#end")).collect();
    assert!(variants(&many).len() <= 16);
}

/// What is no placeholder to a parser of JSON is written as one, and an escaped dollar as JSON's escape.
#[test]
fn references_as_json_reads_them() {
    let read = |text: &str| plain(&Passage::of_file(text), &Reading::of(text)).as_str().to_owned();
    assert_eq!(read("${input.a} $!b.c('d')"), "${input.a} $!b.c('d')");
    assert_eq!(read("${a\t"), "${…}\t");
    assert_eq!(read(r"\$a \\$a \$ $"), r"\u0024a \\$a \$ $");
    assert_eq!(read(r#"$x.of("y") $x["y"] $x[0]"#), "${…} ${…} ${…}");
}

#[test]
fn directives_in_a_url() {
    let read = |text: &str| flat(&Passage::of_file(text), &Reading::of(text)).as_str().to_owned();
    assert_eq!(read("/a/${input.b}/c?d=$esc.url($input.d)"), "/a/${input.b}/c?d=$esc.url($input.d)");
    assert_eq!(read("/a#if($b)/b#else/c#end/d"), "/a${…}/d");
    assert_eq!(read("#set($x = \"a/b\")/a/${x}"), "/a/${x}");
    assert_eq!(read("/a${t.opt(\"b\", $input.b)}"), "/a${…}");
}

#[test]
fn every_piece_stands_where_it_says() {
    let text = "#set($ü = 1) ${input.a} é #if($x)ü$y#end ## é";
    for piece in Reading::of(text).pieces {
        assert!(text.get(piece.span.range()).is_some());
        if let PieceKind::If(condition) = piece.kind {
            assert_eq!(condition.slice(text), "$x");
        }
    }
}

/// A data action around a template.
fn action(template: &str) -> String {
    serde_json::json!({
        "config": {"request": {
            "requestUrlTemplate": "/api/v2/conversations/${input.a}/participants/${input.b}/attributes",
            "requestType": "PATCH",
            "requestTemplate": template,
        }},
        "contract": {"input": {"inputSchema": {"properties": {"a": {"type": "string"}}}}},
    })
    .to_string()
}

proptest! {
    #[test]
    fn any_template_is_read(parts in prop::collection::vec(prop::sample::select(vec![
        "#if(", "$x", ")", "#end", "#else", "#elseif(", "#set($c = \",\")", "#foreach($i in $l)", "#macro(m $a)",
        "#m(", "#[[", "]]#", "##", "#*", "*#", "\n", "\r\n", "\\", "$", "${", "}", "$!{input.a}", "$input.b", "(",
        "\"", "'", "{", "[", "]", ",", ":", "\"a\": 1", "é", "#{else}", "$esc.jsonString(", "|", ".", "#@m(", "true",
    ]), 0..40)) {
        let text = action(&parts.concat());
        let input = Input { carrier: Carrier::DataAction, assume: Assume::Nothing, ..Input::json(&text) };
        let mut settings = Settings::default();
        settings.wants.fixes = true;
        let mut scratch = Scratch::default();
        for finding in lint(&input, &settings, &mut scratch).findings {
            prop_assert!(text.get(finding.primary.range()).is_some(), "{finding:?} in {text}");
        }
    }
}

/// Brackets that are never closed are not looked for again and again.
#[test]
fn reading_many_beginnings_ends() {
    for part in [
        "$a.b(",
        "${a ",
        "#if(",
        "#if($a)",
        "$a.b(${c.d(",
        "#set($a=\"",
        "\\$",
        "#foreach($a in $b)",
        "#*",
        "$a[",
    ] {
        let text = action(&part.repeat(20_000));
        let input = Input { carrier: Carrier::DataAction, assume: Assume::Nothing, ..Input::json(&text) };
        lint(&input, &Settings::default(), &mut Scratch::default());
    }
}

/// What the fixes of one rule make of a template that says what becomes of a participant.
fn mended(template: &str, rule: &str) -> Vec<String> {
    let text = action(template).replace("/attributes\"", "\"");
    let mut settings = Settings::default();
    settings.wants.fixes = true;
    let mut scratch = Scratch::default();
    let input = Input { carrier: Carrier::Json, assume: Assume::Nothing, ..Input::json(&text) };
    let linted = lint(&input, &settings, &mut scratch);
    let found = linted.findings.iter().filter(|finding| finding.rule == rule);
    found
        .map(|finding| {
            let Some(fix) = finding.fix.as_deref() else { return "(no fix)".to_owned() };
            let mended: serde_json::Value = serde_json::from_str(&apply(&text, fix)).unwrap();
            mended["config"]["request"]["requestTemplate"].as_str().unwrap().to_owned()
        })
        .collect()
}

/// A fix changes the branch that is wrong, and no other; where that cannot be told, there is none.
#[test]
fn branches_of_a_string_are_mended_alone() {
    let of_state = |state: &str| mended(&format!("{{\"state\": \"{state}\"}}"), "invalid-value");
    let state = |state: &str| format!("{{\"state\": \"{state}\"}}");
    assert_eq!(of_state("#if($x)connected#{else}disconnected#end"), [""; 0]);
    assert_eq!(
        of_state("#if($x)connected#{else}disconected#end"),
        [state("#if($x)connected#{else}disconnected#end")]
    );
    assert_eq!(
        of_state("#if($x)conected#{else}disconected#end"),
        [state("#if($x)connected#{else}disconected#end"), state("#if($x)conected#{else}disconnected#end")]
    );
    assert_eq!(
        of_state("#if($x)onnected#{else}connected#end"),
        [state("#if($x)connected#{else}connected#end")]
    );
    assert_eq!(
        of_state("#if($x)dis#{else}#{end}conected"),
        [state("#if($x)dis#{else}#{end}connected"), state("#if($x)dis#{else}#{end}connected")]
    );
    assert_eq!(of_state("#if($x)disc#{else}c#{end}nnected"), ["(no fix)", "(no fix)"]);
    assert_eq!(of_state("#if($x)connected#{else}#end"), [""; 0]);
}
