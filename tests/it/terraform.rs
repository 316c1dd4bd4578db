//! What fixtures cannot say of the carrier for Terraform.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use paylint::carrier::{Assume, Carrier, Skip, requests};
use paylint::request::{Payload, Quoting, Request};
use paylint::template::Role;
use paylint::text::Passage;
use proptest::prelude::*;

use crate::carriers::findings;
use crate::cli::Folder;
use crate::rules::{apply, inputs};

const URL: &str = "/api/v2/conversations/calls/$${input.c}/participants/$${input.p}";

/// A file with one action, whose template is an expression.
fn file(template: &str) -> String {
    format!(
        "resource \"genesyscloud_integration_action\" \"a\" {{\n  config_request {{\n    request_type = \"PATCH\"\n    \
         request_url_template = \"{URL}\"\n    request_template = {template}\n  }}\n}}\n"
    )
}

/// What a file's requests send, as far as it is known.
fn sent(text: &str) -> Vec<Option<String>> {
    let mut sent = Vec::new();
    let mut each = |request: &Request<'_>| {
        sent.push(match &request.payload {
            Payload::Text(text) => Some(text.as_str().to_owned()),
            _ => None,
        });
    };
    let _ = requests(Carrier::Terraform, &Passage::of_file(text), Assume::Nothing, &mut each);
    sent
}

/// The templates of bodies as Terraform hands them on, before Velocity reads them.
fn handed_on(text: &str) -> Vec<String> {
    let mut handed = Vec::new();
    let mut each = |request: &Request<'_>| {
        let parts = request.templates.iter().flat_map(|templates| &templates.parts);
        let bodies = parts.filter(|part| part.role == Role::Body);
        handed.extend(bodies.map(|part| part.text.as_str().to_owned()));
    };
    let _ = requests(Carrier::Terraform, &Passage::of_file(text), Assume::Nothing, &mut each);
    handed
}

fn unexpanded(text: &str) -> Vec<(String, Quoting)> {
    let mut found = Vec::new();
    let mut each = |request: &Request<'_>| {
        found.extend(request.unexpanded.iter().map(|one| (one.text.as_str().to_owned(), one.quoting)));
    };
    let _ = requests(Carrier::Terraform, &Passage::of_file(text), Assume::Nothing, &mut each);
    found
}

#[track_caller]
fn sends(template: &str, body: &str) {
    assert_eq!(sent(&file(template)), [Some(body.to_owned())], "{template}");
}

#[test]
fn strings_and_here_documents() {
    sends(r#""a\"b\\c\td\né\u00e9\U0001F600""#, "a\"b\\c\td\néé😀");
    sends("\"$!{input.a}$${input.b}%%{c}$$$${d} $ % $$\"", "$!{input.a}${input.b}%{c}$$${d} $ % $$");
    sends("<<E\n a\n  \\n $${x}\n  E", " a\n  \\n ${x}\n");
    sends("<<-E\n\t\t a\n\n \n\t\té\n\t\t  $${x}\n  E", " a\n\n \né\n  ${x}\n");
    sends("<<-E\n    ${var.x}\n      y\n  E", "${…}\n  y\n");
    sends("<<-E\n${var.x}\n      y\n  E", "${…}\n      y\n");
    sends("<<E\nE", "");
    sends("trimspace(<<E\n  {}\n\nE\n)", "{}");
    sends("chomp(<<E\n  {}\n\nE\n)", "  {}");
    sends("(\"x\")", "x");
    sends("\"${\"{}\"}\"", "{}");
    sends("\"a ${lower(\"}\\\"${var.x}\")} b\"", "a ${…} b");
}

#[test]
fn directives() {
    let made = |template: &str| {
        let mut made = Vec::new();
        let mut each = |request: &Request<'_>| match &request.payload {
            Payload::Variants(variants) => {
                made.extend(variants.all.iter().map(|variant| variant.body.as_str().to_owned()));
            }
            other => made.push(format!("{other:?}")),
        };
        let text = file(template);
        let _ = requests(Carrier::Terraform, &Passage::of_file(&text), Assume::Nothing, &mut each);
        made
    };
    assert_eq!(made("\"a%{ if x }b%{ else }c%{ endif }d\""), ["abd", "acd"]);
    assert_eq!(made("\"a %{~ if x ~} b %{~ else ~} c %{~ endif ~} d\""), ["abd", "acd"]);
    assert_eq!(made("\"a \\t%{~if x~}\\n b%{endif}\""), ["ab", "a"]);
    assert_eq!(made("\"%{ if x }a %{ endif } ${~ var.y ~} b\""), ["a ${…}b", "${…}b"]);
    assert_eq!(made("\"%{ if f(\"}\", \"%{ if y }z%{ endif }\") }a%{ endif }%%{b}\""), ["a%{b}", "%{b}"]);
    assert_eq!(made("\"%{ if x }%{ if y }a%{ endif }b%{ else }c%{ endif }\""), ["ab", "b", "c", "c"][..3]);
    assert_eq!(made("\"%{ if x }a%{ endif }b%{ if  x  }c%{ endif }\""), ["abc", "b"]);
    assert_eq!(made("<<E\na\n  %{~ if x ~}\n  b\n  %{~ endif }\nE"), ["a\n  b\n\n", "a\n\n"]);
    assert_eq!(made("<<-E\n  a\n    %{ if x }\n  b\n  %{ endif ~}\n  E"), ["a\n  \nb\n", "a\n  "]);
    assert_eq!(made("\"%{ for a, b in var.c }d${a},%{ endfor }e\""), ["d${…},e"]);
    assert_eq!(made("trimspace(\" \\n%{ if x }a%{ else }b%{ endif } \")"), ["a", "b"]);
    assert_eq!(
        made("jsonencode({ a = \"\\\"%{ if x }\\\"%{ endif }\" })"),
        [r#"{"a":"\"\""}"#, r#"{"a":"\""}"#]
    );
    assert_eq!(made("jsonencode({ \"%{ if x }a%{ endif }b\" = 1 })"), [r#"{"ab":1}"#, r#"{"b":1}"#]);
    assert_eq!(made("\"%{ if x }#if($y)a#end%{ endif }b\""), ["ab", "b", "b"]);
    // What Velocity reads is not known before Terraform is done.
    for unknown in [
        "%{ if x }#if($a)%{ endif }b#end",
        "#if($a)%{ if x }b#end%{ endif }",
        "#if($a)b%{ if x }#else%{ endif }c#end",
        "$input.a%{ if x }b%{ endif }",
        "$${input.%{ if x }b%{ else }a%{ endif }}",
        "$%{ if x }a%{ endif }",
        "## a %{ if x }a%{ endif }",
        "$esc.jsonString(%{ if x }$a)%{ else }$b)%{ endif }",
        "%{ unless x }a%{ endif }",
    ] {
        assert_eq!(made(&format!("\"{unknown}\"")), ["Opaque"], "{unknown}");
    }
    assert_eq!(made("<<E\n## a\n%{~ if x }b%{ endif }\nE"), ["Opaque"]);
}

#[test]
fn encoded_values() {
    sends(
        "jsonencode({a = 1, b : null, \"c\" = [true, -1, - 1.5], d = {},})",
        r#"{"a":1,"b":null,"c":[true,-1,-1.5],"d":{}}"#,
    );
    sends(
        "jsonencode({\n a = 007 # one, two\n 1 = 2 /* , */\n true = \"\"\n})",
        r#"{"a":7,"1":2,"true":""}"#,
    );
    sends(
        "jsonencode({ a = 1, a = 2, \"é\" = { \"é\" = 1, \"é\" = 2 }, \"é\" = 3, q = 4 })",
        r#"{"a":1,"a":2,"é":{"é":1,"é":2},"é":3,"q":4}"#,
    );
    sends("jsonencode(\"a\\\"\\u0001\")", r#""a\"\u0001""#);
    sends("jsonencode({ \"$${input.k}\" = \"$!{input.v}\" })", r#"{"${input.k}":"$!{input.v}"}"#);
    sends(
        "jsonencode({ (var.k) = var.v, \"a${var.b}\" = \"${var.c}\", d = \" ${var.e}\" })",
        r#"{"${…}":${…},"a${…}":${…},"d":" ${…}"}"#,
    );
    sends("jsonencode({ a = <<E\n\"\tx\"\nE\n b = 1 })", r#"{"a":"\"\tx\"\n","b":1}"#);
}

#[test]
fn what_velocity_defines_itself_is_no_mistake() {
    let twice = |template: &str| unexpanded(&file(template));
    assert_eq!(twice("\"$${var.x}\""), [("$${var.x}".to_owned(), Quoting::TerraformEscaped)]);
    assert_eq!(twice("\"#set($var = $input.a) $${var.x}\""), []);
    assert_eq!(twice("\"$${data.x} $${each.x} $${input.x} $${local} $${var[0]}\""), []);
    assert_eq!(twice("\"${INPUT.x}\""), [("${INPUT.x}".to_owned(), Quoting::TerraformExpanded)]);
    assert_eq!(twice("\"${inputs.x} ${var.input} ${upper(input.x)}\""), []);
    // Of a text that may be anything, nothing is said.
    assert_eq!(twice("\"%{ for input in var.x }${input.y}%{ endfor }\""), []);
}

/// Files that lie beside the module are checked as far as they read as the JSON that they make.
#[test]
fn templates_in_files() {
    let folder = Folder::new("terraform-files");
    let action = |template: &str| file(template).replace("}\"\n", "}/attributes\"\n");
    let body = "{\"attributes\": {\"a\": \"$!{input.a}\", \"ü\": 1, \"b\": ${input.b}}}\n";
    folder
        .write("module/main.tf", action("file(\"${path.module}/t/a.vm\")"))
        .write("module/t/a.vm", body)
        .write(
            "module/local.tf",
            format!("locals {{ t = chomp(file(\"${{path.module}}/t/b.vm\")) }}\n{}", action("local.t")),
        )
        .write("module/t/b.vm", "{\"order\": \"$esc.jsonString($input.a)\"}")
        .write("module/tpl.tf", action("templatefile(\"${path.module}/t/c.tftpl\", { a = 1 })"))
        .write("module/t/c.tftpl", "{\"attributes\": {\"a\": \"${a}\", \"b\": \"$${input.b}\", \"c\": null}}")
        // What it makes is not known, or the file is not.
        .write("module/if.tf", action("file(\"${path.module}/t/if.vm\")"))
        .write("module/t/if.vm", "{\"attributes\": {\"a\": 1 #if($input.b), \"b\": \"\"#end}}")
        .write("module/for.tf", action("templatefile(\"${path.module}/t/for.tftpl\", var.a)"))
        .write("module/t/for.tftpl", "{\"attributes\": {%{ for a in b }\"${a}\": 1,%{ endfor } \"c\": \"\"}}")
        .write("module/more.tf", action("templatefile(\"${path.module}/t/more.tftpl\", {})"))
        .write("module/t/more.tftpl", "{\"attributes\": {\"a\": 1 ${more} \"b\": \"\"}}")
        .write("module/root.tf", action("file(\"${path.root}/t/root.vm\")"))
        .write("t/root.vm", "{\"attributes\": {\"a\": 1}}")
        .write("module/none.tf", action("file(\"${path.module}/t/none.vm\")"))
        .write("module/out.tf", action("file(\"${path.module}/../t/root.vm\")"))
        .write("module/odd.tf", action("file(ü, \"${path.module}/a\")"));
    let run = folder.run(&["check", "--format", "concise", "--show-skipped", "module"]);
    assert_eq!(
        run.out,
        "module/t/b.vm:1:2: error[unwrapped-attributes] these attributes stand outside `attributes`\n\
         module/t/a.vm:1:42: error[non-string-value] attribute `ü` is a number, it must be a string\n\
         module/t/c.tftpl:1:55: error[null-value] attribute `c` is null, it must be a string\n"
    );
    let skipped: Vec<_> = run.err.lines().filter(|line| line.contains("sent by a request")).collect();
    assert_eq!(
        skipped,
        [
            "skipped module/t/none.vm: sent by a request, but not there",
            "skipped t/root.vm: sent by a request, but outside of the folder that is checked"
        ]
    );
}

/// A fix leaves a file that is read as it was before.
#[test]
fn fixes_keep_the_file_readable() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/carriers/terraform");
    for path in inputs(&folder) {
        let text = fs::read_to_string(&path).unwrap();
        let known = |text: &str| sent(text).iter().map(Option::is_some).collect::<Vec<_>>();
        for finding in findings(Carrier::Terraform, &text) {
            let Some(fix) = finding.fix.as_deref() else { continue };
            let mended = apply(&text, fix);
            assert_eq!(known(&mended), known(&text), "{}: {}:\n{mended}", path.display(), fix.title);
        }
    }
}

/// What the first fix for a null value makes of an object of attributes.
fn without_null(attributes: &str) -> String {
    let around = |attributes: &str| file(&format!("jsonencode({{ attributes = {{{attributes}}} }})"));
    let text = around(attributes).replace("}\"\n", "}/attributes\"\n");
    let found = findings(Carrier::Terraform, &text);
    let null = found.iter().find(|finding| finding.rule == "null-value").unwrap();
    let mended = apply(&text, null.fix.as_deref().unwrap());
    let (before, after) = text.split_once(attributes).unwrap();
    mended.strip_prefix(before).unwrap().strip_suffix(after).unwrap().to_owned()
}

#[test]
fn what_is_removed_leaves_no_blanks() {
    assert_eq!(without_null(" a = 1, b = null, c = 2 "), " a = 1, c = 2 ");
    assert_eq!(without_null(" b = null, c = 2 "), " c = 2 ");
    assert_eq!(without_null(" a = 1, b = null "), " a = 1 ");
    assert_eq!(without_null(" a = 1, b = null, "), " a = 1, ");
    assert_eq!(without_null("\n  a = 1\n  b = null\n  c = 2\n"), "\n  a = 1\n  c = 2\n");
    assert_eq!(without_null("\r\n  b = null,\r\n  c = 2\r\n"), "\r\n  c = 2\r\n");
    assert_eq!(without_null("\n  b = null, c = 2\n"), "\n  c = 2\n");
    assert_eq!(without_null("\n  a = 1, b = null,\n  c = 2\n"), "\n  a = 1,\n  c = 2\n");
    assert_eq!(without_null("\n  b = null, # b\n  c = 2\n"), "\n  # b\n  c = 2\n");
}

#[test]
fn what_is_removed_leaves_the_comments_of_others() {
    assert_eq!(without_null("\n  a = 1 # a\n  b = null\n"), "\n  a = 1 # a\n");
    assert_eq!(without_null("\n  a = 1, // a\n  b = null\n"), "\n  a = 1, // a\n");
    assert_eq!(without_null("\r\n  a = 1 /* a */\r\n  b = null\r\n"), "\r\n  a = 1 /* a */\r\n");
    assert_eq!(without_null("\n  a = 1 # a\n  b = null\n  c = 2\n"), "\n  a = 1 # a\n  c = 2\n");
    assert_eq!(without_null(" a = 1 /* a */, b = null "), " a = 1 /* a */ ");
}

#[test]
fn deep_nesting_and_much_of_the_same_are_borne() {
    for open in [
        "{a=",
        "[",
        "(",
        "\"${",
        "f(",
        "jsonencode({a=",
        "!",
        "-",
        "a ? ",
        "<<E\n${",
        "{ for x in ",
        "\"%{if ",
        "\"%{ if a }%{ if a }",
        "\"%{ if a }${ /* %{ endif } */ 1 }",
        "<<E\n%{ for a in b }",
    ] {
        for count in [30, 60, 64, 70, 50_000] {
            let text = file(&format!("jsonencode({}", open.repeat(count)));
            assert!(sent(&text).len() <= 1);
            let close = open.replace("{a=", "1}").replace('[', "]").replace('(', "1)");
            sent(&file(&format!("{}1{}", open.repeat(count), close.repeat(count))));
        }
    }
    let block = file("{}");
    for unit in ["/* ", "<<E\n", "\"", "\"${", "}", "{", "x = <<A1\n", "a \"b\" {\n", "$${", "a=1,b=2,"] {
        let mut text = unit.repeat(100_000);
        write!(text, "\n{block}").unwrap();
        sent(&text);
        sent(&file(&format!("jsonencode({{{}", unit.repeat(20_000))));
    }
}

#[test]
fn local_values_that_name_each_other_end() {
    let mut text = String::from("locals {\n");
    for level in 0..10 {
        let next = format!("${{local.l{}}}", level + 1).repeat(30);
        let items = format!("local.o{},", level + 1).repeat(30);
        writeln!(text, "l{level} = \"{next}\"\no{level} = [{items}]").unwrap();
    }
    text.push_str("l10 = \"x\"\no10 = 1\n}\n");
    for template in ["\"${local.l0} \"", "jsonencode({ a = local.o0 })", "jsonencode(local.o0)"] {
        assert_eq!(sent(&format!("{text}{}", file(template))).len(), 1);
    }
}

#[test]
fn what_holds_no_action_is_skipped() {
    let skip = |text: &str| {
        requests(Carrier::Terraform, &Passage::of_file(text), Assume::Nothing, &mut |_| panic!("{text}"))
    };
    let head = "resource \"genesyscloud_integration_action\" \"a\" {";
    assert_eq!(skip("resource \"aws_instance\" \"x\" {}"), Err(Skip::NoRequest));
    assert_eq!(skip(&format!("{head}}}")), Err(Skip::NoRequest));
    assert_eq!(skip(&format!("{head}\n function_config {{ file_path = \"x\" }}\n}}")), Err(Skip::NoRequest));
    assert_eq!(skip("x = genesyscloud_integration_action.a.id"), Err(Skip::NoRequest));
    assert_eq!(skip(&format!("{head}\n config_request")), Err(Skip::NotHcl));
    assert_eq!(skip("{\"resource\": {\"genesyscloud_integration_action\": {}}}"), Err(Skip::NoRequest));
}

/// Of a file that can be read in part, the rest is counted.
#[test]
fn what_is_broken_is_counted_beside_what_is_found() {
    let folder = Folder::new("broken");
    let action = |template: &str| {
        format!(
            "resource \"genesyscloud_integration_action\" \"a\" {{\n  config_request {{\n    request_type = \"PATCH\"\n    \
             request_url_template = \"/api/v2/conversations/$${{input.c}}/participants/$${{input.p}}/attributes\"\n    \
             request_template = {template}\n  }}\n}}\n"
        )
    };
    folder.write("quotes.tf", action(r#""{"attributes": {"a": 5}}""#));
    folder.write("whole.tf", action(r#""{\"attributes\": {\"a\": \"5\"}}""#));
    let run = folder.run(&["check", "--show-skipped"]);
    assert!(run.err.contains("skipped quotes.tf: not HCL that can be read"), "{}", run.err);
    assert!(run.err.contains("nothing found in 2 requests, 2 files checked, 1 skipped"), "{}", run.err);
}

/// Text as Terraform's own tools write it between double quotes.
fn quoted(text: &str) -> String {
    let json = serde_json::Value::from(text).to_string();
    // JSON's two escapes that Terraform does not have.
    let hcl = json.replace("\\b", "\\u0008").replace("\\f", "\\u000c");
    hcl.replace("${", "$${").replace("%{", "%%{")
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_back(text in "([a-zé😀\"\\\\ \t\n${}%\u{1}0-9/:,#!.]|\\$\\{|%\\{|\\$!?\\{?[a-z]|\\\\\\$[a-z]){0,40}") {
        let text = text.replace("\\b", "").replace("\\f", "");
        let read_back = |template: &str| handed_on(&file(template));
        prop_assert_eq!(read_back(&quoted(&text)), [text.clone()]);
        let lines = text.replace("${", "$${").replace("%{", "%%{");
        prop_assert_eq!(read_back(&format!("<<EOT\n{lines}\nEOT")), [format!("{text}\n")]);
        let json = serde_json::Value::from(text.as_str());
        let encoded = read_back(&format!("jsonencode({{ a = {} }})", quoted(&text)));
        let back: serde_json::Value = serde_json::from_str(&encoded[0]).unwrap();
        prop_assert_eq!(&back["a"], &json);
    }

    #[test]
    fn nothing_is_too_broken(text in "(resource \"genesyscloud_integration_action\" \"a\" \\{\n|config_request \\{\n|request_url_template = |request_template = |%\\{~? ?(if a|else|endif|for a in b|endfor) ?~?\\}|#if\\(\\$a\\)|#end|jsonencode\\(|<<-?E\n|E\n|\\$\\{|\\$\\$\\{|%\\{|[\"{}()\\[\\]=:,#é\\\\ \n]|local\\.a|locals \\{\n|a = |/\\*|\\*/){0,60}") {
        let _ = findings(Carrier::Terraform, &text);
    }
}
