//! The nearest of the known words: every refusal of an unknown one names it.

/// The known words closest to `word`, best first, at most three; none when nothing is near.
#[must_use]
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let folded = word.to_lowercase();
    let furthest = 1 + word.len() / 3;
    let mut near: Vec<(usize, &str)> = known
        .into_iter()
        .map(|known| {
            let other = known.to_lowercase();
            let part = !folded.is_empty() && (other.contains(&folded) || folded.contains(&other));
            (if part { 1 } else { distance(&folded, &other) }, known)
        })
        .filter(|(distance, _)| *distance <= furthest)
        .collect();
    near.sort_by_key(|(distance, _)| *distance);
    near.into_iter().take(3).map(|(_, known)| known).collect()
}

/// Levenshtein's distance.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, x) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_come_first_and_the_far_not_at_all() {
        let known = ["rest.query", "rest.queryAll", "oauth.token"];
        assert_eq!(nearest("rest.qery", known), ["rest.query", "rest.queryAll"]);
        assert_eq!(nearest("token", known), ["oauth.token"]);
        assert!(nearest("zzzzzz", known).is_empty());
        assert!(nearest("", known).is_empty());
    }
}
