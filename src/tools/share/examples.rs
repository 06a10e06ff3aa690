//! The engine's examples as the page lists and opens them.

use crate::request::Opened;
use crate::route::Route;
use stslint::examples::{ALL, Sample};

/// An example, with the way to open it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry(pub(super) &'static Sample);

impl Entry {
    /// What stands for it in an address: its title in lower case, with hyphens.
    pub(super) fn slug(self) -> String {
        let words = self.0.title.split(|c: char| !c.is_ascii_alphanumeric() && c != '\'');
        let words: Vec<String> =
            words.filter(|word| !word.is_empty()).map(str::to_ascii_lowercase).collect();
        words.join("-").replace('\'', "")
    }

    /// The address that opens it.
    pub(super) fn href(self) -> String {
        Route::Example(self.slug()).fragment()
    }

    /// What is opened.
    pub(super) fn opened(self) -> Opened {
        Opened {
            bytes: Some(self.0.text.as_bytes().to_vec()),
            line_ends_known: true,
            here: true,
            place: None,
            what: format!("the example “{}”", self.0.title),
            ..Opened::default()
        }
    }
}

/// All examples.
pub(super) fn all() -> impl Iterator<Item = Entry> {
    ALL.iter().map(Entry)
}

/// The example with this slug.
pub(super) fn find(slug: &str) -> Option<Entry> {
    all().find(|entry| entry.slug() == slug)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_unique_and_find_their_example() {
        for entry in all() {
            assert_eq!(find(&entry.slug()).map(|found| found.0.title), Some(entry.0.title));
        }
    }

    #[test]
    fn the_shell_lists_six_of_the_examples() {
        let shell = include_str!("../../../index.html");
        let listed = |entry: &Entry| {
            let link = format!("<a href=\"{}\">{}</a>", entry.href(), entry.0.title);
            let about = format!("<span>{}</span>", entry.0.about);
            shell.contains(&(link + &about))
        };
        assert_eq!(all().filter(listed).count(), 6);
        assert_eq!(shell.matches("#/examples/").count(), 6);
        assert!(shell.contains(&format!("All {} examples", all().count())));
    }
}
