//! How far two words are apart.

/// The number of insertions, deletions, replacements and swaps of neighbours between two words,
/// case ignored.
#[must_use]
pub fn edit_distance(one: &str, other: &str) -> usize {
    strsim::osa_distance(&one.to_lowercase(), &other.to_lowercase())
}

/// The candidate nearest to a word, if one is near enough to have been meant: at most a third of
/// its letters wrong, or one word contained in the other.
#[must_use]
pub fn closest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let plain = |text: &str| text.to_lowercase().replace(['_', '-', ' '], "");
    let word = plain(word);
    if word.is_empty() {
        return None;
    }
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let name = plain(candidate);
            let distance = strsim::osa_distance(&word, &name);
            let longest = word.len().max(name.len());
            let inside = word.len().min(name.len()) >= 4 && (word.contains(&name) || name.contains(&word));
            let near = distance * 3 <= longest.max(3);
            (near || inside).then_some((if near { distance } else { longest }, candidate))
        })
        .min_by_key(|(distance, candidate)| (*distance, candidate.len()))
        .map(|(_, candidate)| candidate)
}
