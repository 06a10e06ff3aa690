//! Capitals and small letters at the beginning of words that are put together.

/// As within a sentence. A word in capitals stays.
pub fn lower(words: &str) -> String {
    change(words, |c| c.to_ascii_lowercase())
}

/// As at the beginning of a sentence. A word in capitals stays.
pub fn upper(words: &str) -> String {
    change(words, |c| c.to_ascii_uppercase())
}

fn change(words: &str, case: fn(char) -> char) -> String {
    let mut chars = words.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(first), second) if !second.is_some_and(|c| c.is_ascii_uppercase()) => {
            std::iter::once(case(first)).chain(chars).collect()
        }
        _ => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_letter_changes_unless_it_begins_a_word_in_capitals() {
        assert_eq!(
            (lower("Remove the line"), lower("DANE is there")),
            ("remove the line".into(), "DANE is there".into())
        );
        assert_eq!(
            (upper("a line"), upper("mTLS"), upper("")),
            ("A line".into(), "mTLS".into(), String::new())
        );
    }
}
