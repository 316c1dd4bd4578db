//! Dates and times as the API takes them.

/// Whether a text is a date and time of ISO 8601: `2026-03-24T09:30:00Z`, with or without seconds
/// and their fraction, with `Z` or an offset, `+01:00`, `+0100` or `+01`, or with neither.
///
/// Wider than RFC 3339 on purpose: the API asks for ISO 8601 (declared error `invalid.date`), and a
/// form that it may well take is not reported.
#[must_use]
pub fn is_date_time(text: &str) -> bool {
    let Some((date, time)) = text.split_once(['T', 't', ' ']) else { return false };
    is_date(date) && is_time(time)
}

fn is_date(date: &str) -> bool {
    let mut parts = date.split('-');
    let (Some(year), Some(month), Some(day), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2)) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    (1..=days).contains(&day)
}

fn is_time(time: &str) -> bool {
    let (clock, offset) = match time.find(['Z', 'z', '+', '-']) {
        Some(at) => (&time[..at], &time[at..]),
        None => (time, ""),
    };
    let (clock, fraction) =
        clock.split_once(['.', ',']).map_or((clock, None), |(clock, rest)| (clock, Some(rest)));
    if fraction.is_some_and(|digits| digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit())) {
        return false;
    }
    let fields: Option<Vec<_>> = clock.split(':').map(|field| number(field, 2)).collect();
    let clock = match fields.as_deref() {
        Some([hour, minute]) => fraction.is_none() && *hour < 24 && *minute < 60,
        Some([hour, minute, second]) => *hour < 24 && *minute < 60 && *second <= 60,
        _ => false,
    };
    clock && is_offset(offset)
}

fn is_offset(offset: &str) -> bool {
    let Some(rest) = offset.strip_prefix(['+', '-']) else { return matches!(offset, "" | "Z" | "z") };
    let (hours, minutes) = match (rest.len(), rest.split_once(':')) {
        (_, Some((hours, minutes))) => (hours, minutes),
        (2, None) => (rest, "00"),
        (4, None) => rest.split_at(2),
        _ => return false,
    };
    number(hours, 2).is_some_and(|hours| hours < 24) && number(minutes, 2).is_some_and(|minutes| minutes < 60)
}

fn number(digits: &str, len: usize) -> Option<u32> {
    (digits.len() == len && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| digits.parse().ok())?
}
