//! The engine's examples as the page lists and opens them.

use crate::analysis::Settings;
use crate::state::Opened;
use stslint::detect::detect;
use stslint::examples::{ALL, Sample};
use stslint::rule::Example;
use stslint::{Input, Kind};

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
        format!("#/examples/{}", self.slug())
    }

    /// What is opened.
    pub(super) fn opened(self) -> Opened {
        Opened {
            bytes: Some(self.0.text.as_bytes().to_vec()),
            line_ends_known: true,
            file_name: None,
            settings: Settings::default(),
            invisible: false,
            what: format!("the example “{}”", self.0.title),
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

/// A rule's example, ready to open.
pub(super) fn of_rule(code: &str, example: &Example) -> Opened {
    let bytes = example.bytes();
    // Detection is left to the engine where it comes to the same.
    let detected = detect(&Input { domain: example.domain, ..Input::new(&bytes) }).kind;
    let kind: Option<Kind> = (detected != example.kind).then_some(example.kind);
    let domain = example.domain.unwrap_or_default().to_owned();
    Opened {
        bytes: Some(bytes),
        line_ends_known: true,
        file_name: example.file_name.map(str::to_owned),
        settings: Settings { kind, ascii_domain: example.domain.map(str::to_owned), domain },
        invisible: false,
        what: format!("an example of {code}"),
    }
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
    fn the_shell_lists_the_examples() {
        let shell = include_str!("../../index.html");
        for entry in all() {
            let link = format!("<a href=\"{}\">{}</a>", entry.href(), entry.0.title);
            assert!(shell.contains(&link), "index.html lacks {link}");
        }
        assert_eq!(shell.matches("#/examples/").count(), all().count());
    }
}
