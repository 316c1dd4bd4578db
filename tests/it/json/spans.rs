//! What every tree keeps to, whatever the text.

use paylint::json::{Document, Flags, Kind, Value};
use paylint::text::{Passage, Span, decode};
use proptest::prelude::*;

use super::{texts, with};

pub fn check(document: &Document<'_>) {
    let text = document.text();
    let in_bounds = |span: Span| {
        span.start <= span.end
            && text.is_char_boundary(span.start as usize)
            && text.is_char_boundary(span.end as usize)
    };
    for (index, node) in document.nodes().iter().enumerate() {
        assert!(in_bounds(node.span()), "{text:?} {node:?}");
        assert!(
            node.next as usize > index && node.next as usize <= document.nodes().len(),
            "{text:?} {node:?}"
        );
        let value = Value::at(document, u32::try_from(index).unwrap());
        if matches!(node.kind, Kind::String | Kind::Key) {
            if !node.flags.has(Flags::BARE) {
                let raw = value.raw();
                assert!(raw.len() >= 2 && raw.starts_with('"') && raw.ends_with('"'), "{text:?} {raw:?}");
            }
            assert!(in_bounds(value.inner_span()), "{text:?} {value:?}");
            assert!(value.as_str().is_some());
        }
    }
    if let Some(root) = document.root() {
        assert_eq!(check_value(root), document.nodes().len(), "{text:?}");
    }
    let mut before = None;
    for fault in document.faults() {
        assert!(in_bounds(fault.span), "{text:?} {fault:?}");
        assert!(fault.related.is_none_or(in_bounds), "{text:?} {fault:?}");
        assert!(before.is_none_or(|before| before <= fault.span), "{text:?} {:?}", document.faults());
        before = Some(fault.span);
    }
    for (index, fault) in document.faults().iter().enumerate() {
        let rest = &document.faults()[index + 1..];
        let same =
            rest.iter().take_while(|other| other.span == fault.span).any(|other| other.kind == fault.kind);
        assert!(!same, "{text:?} {:?}", document.faults());
    }
    let _ = document.trusted_end();
}

/// Checks a value and all in it, without recursion; returns the index after it.
fn check_value(root: Value<'_>) -> usize {
    let nodes = root.document().nodes();
    let text = root.document().text();
    let mut open = vec![root];
    while let Some(container) = open.pop() {
        let node = container.node();
        let mut at = node.start;
        let mut next = container.index() + 1;
        let mut inner = |value: Value<'_>, end: u32| {
            let span = value.span();
            assert!(at <= span.start && span.end <= end, "{text:?} {value:?} in {container:?}");
            at = span.end;
        };
        match node.kind {
            Kind::Object => {
                let is_plain = node.flags.has(Flags::PLAIN);
                assert!(!is_plain || container.members().count() > 0, "{text:?}");
                for (key, value) in container.members() {
                    assert!(!is_plain || value.kind() == Kind::String, "{text:?} {value:?}");
                    assert_eq!(key.kind(), Kind::Key, "{text:?}");
                    assert_ne!(value.kind(), Kind::Key, "{text:?}");
                    assert_eq!((key.index(), value.index()), (next, next + 1), "{text:?}");
                    assert_eq!(key.node().next, value.node().next, "{text:?} {key:?}");
                    inner(key, node.end);
                    inner(value, node.end);
                    next = value.node().next;
                    open.push(value);
                }
            }
            Kind::Array => {
                for item in container.items() {
                    assert_ne!(item.kind(), Kind::Key, "{text:?}");
                    assert_eq!(item.index(), next, "{text:?}");
                    inner(item, node.end);
                    next = item.node().next;
                    open.push(item);
                }
            }
            _ => assert!(!node.flags.has(Flags::PLAIN), "{text:?} {container:?}"),
        }
        assert_eq!(next, node.next, "{text:?} {container:?}");
    }
    nodes[root.index() as usize].next as usize
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn of_any_text(text in texts::any_text()) {
        with(&text, check);
    }

    #[test]
    fn of_soup(text in texts::soup()) {
        with(&text, check);
        with(&format!("{{\"a\":{text}"), check);
        with(&format!("[{text}]"), check);
    }

    #[test]
    fn ranges_of_decoded_text_lead_back(literal in texts::string()) {
        let inner = &literal[1..literal.len() - 1];
        ranges_lead_back(inner)?;
        prop_assert_eq!(decode(inner), serde_json::from_str::<String>(&literal).unwrap());
    }

    #[test]
    fn ranges_of_ill_escaped_text_lead_back(inner in "[a\\\\u0dD89né😀]{0,12}") {
        // Where no escape is cut in two, the slice says what the range does.
        ranges_lead_back(&inner)?;
    }
}

fn ranges_lead_back(inner: &str) -> Result<(), TestCaseError> {
    let file = format!("..{inner}");
    let inner_span = Span::from_usize(2, file.len());
    let passage = Passage::of_file(&file).unescaped(inner_span);
    // The same file, as what was made of another text.
    let whole = Passage::of_file(&file);
    let mut copied = whole.rewrite();
    copied.copy(Span::from_usize(0, file.len()));
    let copied = copied.finish(None);
    let of_copy = copied.unescaped(inner_span);
    prop_assert_eq!(passage.as_str(), of_copy.as_str());
    let text = passage.as_str();
    prop_assert_eq!(text, decode(inner));
    let bounds: Vec<usize> = (0..=text.len()).filter(|at| text.is_char_boundary(*at)).collect();
    for (index, &start) in bounds.iter().enumerate() {
        for &end in &bounds[index..] {
            let source = passage.span_of(Span::from_usize(start, end));
            prop_assert_eq!(source, of_copy.span_of(Span::from_usize(start, end)));
            prop_assert!(source.start <= source.end, "{:?} {}..{} {:?}", inner, start, end, source);
            prop_assert!(file.get(source.range()).is_some(), "{:?} {}..{} {:?}", inner, start, end, source);
            let again = decode(source.slice(&file));
            prop_assert_eq!(again, &text[start..end], "{:?} {}..{} {:?}", inner, start, end, source);
        }
    }
    Ok(())
}
