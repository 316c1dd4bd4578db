//! Which type a plain scalar is of.
//!
//! Nobody knows what will load a file, and loaders differ. A scalar is a number, a boolean or null here
//! where `PyYAML`, go-yaml 2 and 3, `SnakeYAML` (all of YAML 1.1, more or less) and the core schema of YAML
//! 1.2 agree that it is one; what at least one of them takes for a string may be one, and nothing is
//! said of it. Which number it is they need not agree on: none is right where a string belongs.
//!
//! | written | taken for | because |
//! |---|---|---|
//! | `7`, `-7`, `+7`, `-0` | a number | all agree |
//! | `007`, `-017` | a number | 1.1 reads octal digits, 1.2 decimal ones |
//! | `089` | not known | no octal digits: `PyYAML` reads a string, go-yaml a number |
//! | `0x1F` | a number | all agree |
//! | `-0x1F`, `0X1f` | not known | the core schema has no sign there, and 1.1 no `X` |
//! | `0o17` | not known | 1.1 has no such prefix |
//! | `0b11`, `1_000`, `0x1_F`, `12:30` | not known | numbers in 1.1 alone |
//! | `1.5`, `-0.0`, `+1.5`, `5.`, `05.5`, `1.5e+3` | a number | all agree |
//! | `.5`, `.5e-3` | a number | all agree |
//! | `-.5`, `+.5` | not known | `PyYAML` has no sign there |
//! | `1e5`, `1.5e3`, `1e+5` | not known | `PyYAML` wants a point, and a sign in the exponent |
//! | `.inf`, `-.Inf`, `+.INF`, `.NaN` | a number | all agree; JSON has no such number |
//! | `true`, `True`, `TRUE` and `false` | a boolean | all agree |
//! | `yes`, `no`, `on`, `off`, `y`, `n` | not known | booleans in 1.1 alone, and not in all of it |
//! | `~`, `null`, `Null`, `NULL`, nothing | null | all agree |
//! | `2026-03-24` | a string | a date in 1.1, which is written as one where JSON is made of it |
//! | `!!int "5"`, `!!float 1`, `!!bool yes`, `!!null x` | what the tag says | a tag is stronger than what is written |

use std::borrow::Cow;

use crate::json::holds_placeholder;

/// What a plain scalar is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Null,
    True,
    False,
    Number,
    String,
    /// Not known yet, or read in different ways.
    Unknown,
}

/// The type of a plain scalar.
pub(super) fn type_of(said: &str, is_template: bool) -> Type {
    match said {
        "" | "~" | "null" | "Null" | "NULL" => return Type::Null,
        "true" | "True" | "TRUE" => return Type::True,
        "false" | "False" | "FALSE" => return Type::False,
        "..." | "…" => return Type::Unknown,
        _ if is_old_boolean(said) => return Type::Unknown,
        _ => {}
    }
    if is_template || holds_placeholder(said) {
        // With letters around it, it stays a string.
        return if outside_braces(said).any(|byte| byte.is_ascii_alphabetic() || byte == b'/') {
            Type::String
        } else {
            Type::Unknown
        };
    }
    if !said.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '-' | '+' | '.')) {
        return Type::String;
    }
    if number(said).is_some() {
        Type::Number
    } else if is_other_number(said) {
        Type::Unknown
    } else {
        Type::String
    }
}

/// The bytes of a text outside `{…}`, `<…>` and variables' names.
fn outside_braces(said: &str) -> impl Iterator<Item = u8> {
    let mut depth = 0usize;
    let mut in_name = false;
    said.bytes().filter(move |byte| {
        match byte {
            b'{' | b'<' | b'(' => depth += 1,
            b'}' | b'>' | b')' => depth = depth.saturating_sub(1),
            b'$' => {
                in_name = true;
                return false;
            }
            _ => {}
        }
        in_name = in_name && (byte.is_ascii_alphanumeric() || *byte == b'_' || *byte == b'!');
        depth == 0 && !in_name
    })
}

/// The type of a scalar, quoted or not, whose tag is one of YAML's own, of this name.
pub(super) fn type_by_tag(name: &str, said: &str) -> Type {
    match (name, type_of(said, false)) {
        ("str", _) => Type::String,
        ("null", _) => Type::Null,
        ("int" | "float", Type::Number) => Type::Number,
        ("bool", Type::True) => Type::True,
        ("bool", Type::False) => Type::False,
        ("bool", _) if is_old_boolean(said) => {
            let is_true = matches!(said.as_bytes(), [b'y' | b'Y', ..] | [b'o' | b'O', b'n' | b'N']);
            if is_true { Type::True } else { Type::False }
        }
        _ => Type::Unknown,
    }
}

/// Whether YAML 1.1 reads a scalar as a boolean, and 1.2 does not.
fn is_old_boolean(said: &str) -> bool {
    matches!(said, "yes" | "Yes" | "YES" | "no" | "No" | "NO" | "y" | "Y" | "n" | "N")
        || matches!(said, "on" | "On" | "ON" | "off" | "Off" | "OFF")
}

/// How JSON writes the number that every loader takes a scalar for, or one of those, if all do. What
/// JSON has no number for is written as one that is too large for it.
pub(super) fn number(said: &str) -> Option<Cow<'_, str>> {
    let (sign, digits) = match said.as_bytes().first()? {
        b'-' => ("-", &said[1..]),
        b'+' => ("+", &said[1..]),
        _ => ("", said),
    };
    let minus = if sign == "-" { "-" } else { "" };
    match digits {
        ".inf" | ".Inf" | ".INF" => return Some(format!("{minus}1e999").into()),
        ".nan" | ".NaN" | ".NAN" if sign.is_empty() => return Some("1e999".into()),
        _ => {}
    }
    if let Some(digits) = digits.strip_prefix("0x") {
        let is_whole = sign.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let value = u128::from_str_radix(digits, 16).ok().filter(|_| is_whole)?;
        return Some(value.to_string().into());
    }
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (number, exponent) =
        digits.split_once(['e', 'E']).map_or((digits, None), |(number, exponent)| (number, Some(exponent)));
    let (whole, fraction) =
        number.split_once('.').map_or((number, None), |(whole, fraction)| (whole, Some(fraction)));
    let is_octal = || whole.bytes().all(|byte| matches!(byte, b'0'..=b'7'));
    let fits = match (fraction, exponent) {
        (None, Some(_)) => false,
        (None, None) => !whole.is_empty() && (!has_leading_zero(whole) || is_octal()),
        (Some(fraction), exponent) => {
            let has_digits = !whole.is_empty() || (sign.is_empty() && !fraction.is_empty());
            let is_signed = |digits: &str| {
                digits.strip_prefix(['-', '+']).is_some_and(|digits| !digits.is_empty() && all_digits(digits))
            };
            has_digits && all_digits(fraction) && exponent.is_none_or(is_signed)
        }
    };
    if !fits || !all_digits(whole) {
        return None;
    }
    if sign != "+" && !whole.is_empty() && !has_leading_zero(whole) && fraction != Some("") {
        return Some(said.into());
    }
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let point = if fraction.is_some() { "." } else { "" };
    let fraction = fraction.map_or("", |fraction| if fraction.is_empty() { "0" } else { fraction });
    let mark = if exponent.is_some() { "e" } else { "" };
    Some(format!("{minus}{whole}{point}{fraction}{mark}{}", exponent.unwrap_or_default()).into())
}

fn has_leading_zero(digits: &str) -> bool {
    digits.len() > 1 && digits.starts_with('0')
}

/// Whether some loader takes a scalar for a number.
fn is_other_number(said: &str) -> bool {
    let bare = said.strip_prefix(['-', '+']).unwrap_or(said);
    let lower = bare.to_ascii_lowercase();
    let radix = |prefix: &str, base: u32| {
        lower.strip_prefix(prefix).is_some_and(|digits| {
            !digits.is_empty() && digits.chars().all(|digit| digit == '_' || digit.is_digit(base))
        })
    };
    let sixties = || bare.contains(':') && bare.split(':').all(|part| !part.is_empty() && is_decimal(part));
    matches!(lower.as_str(), ".inf" | ".nan")
        || radix("0x", 16)
        || radix("0o", 8)
        || radix("0b", 2)
        || is_decimal(bare)
        || sixties()
}

/// Digits with an optional fraction and exponent.
fn is_decimal(said: &str) -> bool {
    let (number, exponent) = match said.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, Some(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))),
        None => (said, None),
    };
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    number.bytes().any(|byte| byte.is_ascii_digit())
        && all_digits(whole)
        && all_digits(fraction)
        && exponent.is_none_or(|digits| !digits.is_empty() && all_digits(digits))
}
