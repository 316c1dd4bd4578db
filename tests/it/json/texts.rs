//! Texts for the property tests: valid JSON in every dress, and what mutation makes of it.

use proptest::prelude::*;
use proptest::sample::{Index, select};

/// A JSON value as it is to be written, white space and escapes included.
pub fn json() -> impl Strategy<Value = String> {
    (space(), value(true), space()).prop_map(|(before, value, after)| format!("{before}{value}{after}"))
}

/// JSON whose objects hold no key twice, and no key that decodes to another.
pub fn json_with_distinct_keys() -> impl Strategy<Value = String> {
    value(false)
}

fn value(doubles: bool) -> impl Strategy<Value = String> {
    let scalar = prop_oneof![
        3 => string(),
        2 => number(),
        1 => select(&["true", "false", "null"][..]).prop_map(str::to_owned),
    ];
    scalar.prop_recursive(5, 40, 6, move |inner| {
        let item = (space(), inner.clone(), space()).prop_map(|(a, item, b)| format!("{a}{item}{b}"));
        let member = (space(), key(), space(), space(), inner, space());
        prop_oneof![
            (space(), prop::collection::vec(item, 0..6))
                .prop_map(|(space, items)| bracketed('[', space, &items, ']')),
            (space(), prop::collection::vec(member, 0..6)).prop_map(move |(space, members)| {
                let members: Vec<_> = members
                    .into_iter()
                    .enumerate()
                    .map(|(index, (a, key, b, c, value, d))| {
                        // A key that begins with its number is met once.
                        let key = if doubles { key } else { format!("\"{index}{}", &key[1..]) };
                        format!("{a}{key}{b}:{c}{value}{d}")
                    })
                    .collect();
                bracketed('{', space, &members, '}')
            }),
        ]
    })
}

fn bracketed(open: char, space: String, items: &[String], close: char) -> String {
    let inner = if items.is_empty() { space } else { items.join(",") };
    format!("{open}{inner}{close}")
}

fn space() -> impl Strategy<Value = String> {
    prop_oneof![4 => Just(String::new()), 1 => "[ \n\r\t]{0,3}", 1 => Just("\n          ".to_owned())]
}

fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => "-?(0|[1-9][0-9]{0,3})",
        1 => "-?(0|[1-9][0-9]{0,25})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?",
    ]
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![2 => "[a-cA-C.]{0,2}".prop_map(|name| format!("\"{name}\"")), 1 => string()]
}

/// A string literal.
pub fn string() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 0..8).prop_map(|pieces| format!("\"{}\"", pieces.concat()))
}

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zA-Z0-9 ,:/.~'{}\\[\\]-]{1,9}",
        1 => "[\\x20-\\x21\\x23-\\x5b\\x5d-\\u{10ffff}]{1,3}",
        1 => "\\\\[\"\\\\/bfnrt]",
        1 => any::<char>().prop_map(escaped),
    ]
}

/// A character as one or two `\u` escapes.
fn escaped(character: char) -> String {
    let units: Vec<_> =
        character.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect();
    units.concat()
}

/// Valid JSON with some of its characters changed.
pub fn mutated() -> impl Strategy<Value = String> {
    (json(), prop::collection::vec(mutation(), 1..4)).prop_map(|(mut text, mutations)| {
        for mutation in mutations {
            mutation.apply(&mut text);
        }
        text
    })
}

#[derive(Clone, Debug)]
enum Mutation {
    Delete(Index),
    Insert(Index, char),
    Replace(Index, char),
    Truncate(Index),
    Swap(Index),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        any::<Index>().prop_map(Mutation::Delete),
        (any::<Index>(), odd_character()).prop_map(|(at, with)| Mutation::Insert(at, with)),
        (any::<Index>(), odd_character()).prop_map(|(at, with)| Mutation::Replace(at, with)),
        any::<Index>().prop_map(Mutation::Truncate),
        any::<Index>().prop_map(Mutation::Swap),
    ]
}

impl Mutation {
    fn apply(&self, text: &mut String) {
        let mut characters: Vec<char> = text.chars().collect();
        let place = |at: &Index| at.index(characters.len().max(1));
        match self {
            _ if characters.is_empty() => {}
            Self::Delete(at) => drop(characters.remove(place(at))),
            Self::Insert(at, with) => characters.insert(place(at), *with),
            Self::Replace(at, with) => {
                let at = place(at);
                characters[at] = *with;
            }
            Self::Truncate(at) => characters.truncate(place(at)),
            Self::Swap(at) => {
                let at = place(at);
                let other = (at + 1).min(characters.len() - 1);
                characters.swap(at, other);
            }
        }
        *text = characters.into_iter().collect();
    }
}

/// A character that means something to JSON or to people, but begins no placeholder.
fn odd_character() -> impl Strategy<Value = char> {
    let plain: Vec<char> =
        "{}[]:,\"'\\/*#+-.0123456789eEtfnu=; \t\n\r_aZ\0\u{7f}\u{a0}é“’\u{feff}\u{2028}😀".chars().collect();
    select(plain)
}

/// A soup of what the parser looks for.
pub fn soup() -> impl Strategy<Value = String> {
    let words = vec![
        "{", "}", "[", "]", ":", ",", "\"", "'", "\\", "\\u", "\\u00e9", "/", "//", "/*", "*/", "#", "$",
        "${", "$(", "$a.b(", "{{", "}}", "{{{", "<", "<a", ">", "%", "%a%", "(", ")", "=", "=>", ";", "true",
        "null", "None", "0", "-", "1.5e", "+", ".", "a", "\"a\"", "\"a\":", "\"a\":1,", " ", "\n", "\r\n",
        "\t", "\0", "é", "“", "”", "’", "😀", "\u{a0}", "\u{feff}", "\u{200b}", "\u{85}",
    ];
    prop::collection::vec(select(words), 0..40).prop_map(|words| words.concat())
}

/// Any text at all.
pub fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![soup(), mutated(), json(), any::<String>()]
}

/// Whether a text may hold a template's placeholder, of which RFC 8259 knows nothing.
pub fn may_hold_placeholder(text: &str) -> bool {
    text.contains(['$', '<', '%']) || text.contains("{{")
}
