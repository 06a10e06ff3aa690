//! Results as files: for people, for programs, for code scanning. The same types as the command writes.

use crate::text::{Given, Settings, Source};
use stslint::GZIP;
use stslint::render::sarif::{Linted, Log};
use stslint::render::{json, markdown};
use stslint::{Report, VERSION};

/// The form of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Export {
    Json,
    Markdown,
    Sarif,
}

/// What a result is made of.
pub(super) struct Result<'a> {
    /// The text.
    pub(super) source: &'a Source,
    /// How it was read.
    pub(super) settings: &'a Settings,
    /// What the browser told when it was read.
    pub(super) given: &'a Given,
    /// What was found in it.
    pub(super) report: &'a Report,
    /// The address of the folder that the page is in.
    pub(super) home: &'a str,
    /// The day, for people.
    pub(super) date: &'a str,
}

impl Export {
    /// Ends the name of its file.
    fn extension(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Markdown => "md",
            Self::Sarif => "sarif",
        }
    }

    /// The name of its file, after the input's.
    pub(super) fn file_name(self, source: &Source) -> String {
        let name = source.file_name.as_deref().unwrap_or_default();
        let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let stem: String = stem.chars().filter(|c| plain(*c)).take(60).collect();
        let separator = if stem.is_empty() { "" } else { "-" };
        format!("{stem}{separator}stslint.{}", self.extension())
    }

    /// The media type of its file.
    pub(super) fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Markdown => "text/markdown",
            Self::Sarif => "application/sarif+json",
        }
    }

    /// The result in this form.
    pub(super) fn text(self, result: &Result) -> String {
        let Result { source, settings, given, report, home, date } = result;
        let input = settings.input(source, given);
        let name = source.file_name.as_deref().unwrap_or("-");
        let written = match self {
            Self::Json => {
                let mut document = json::Document::new();
                document.add(name, &input, report);
                serde_json::to_string_pretty(&document)
            }
            Self::Markdown => Ok(markdown::linked(&input, report, date, Some(home))),
            Self::Sarif => {
                let mut log = Log::new(home);
                // The page unpacks files, and the text is no longer the file's bytes.
                let unpacked = name.ends_with(".gz") && !source.bytes.starts_with(&GZIP);
                log.add(&Linted { name, input: &input, report, unpacked });
                serde_json::to_string_pretty(&log)
            }
        };
        // The documents hold nothing that JSON can't say.
        written.unwrap_or_else(|error| format!("stslint {VERSION}: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stslint::render::import::import;
    use stslint::{Kind, lint};

    fn result(source: &Source, export: Export) -> String {
        let settings = Settings {
            declared: Some(Kind::Policy.into()),
            domain: "b\u{fc}cher.example".into(),
            ascii_domain: Some("xn--bcher-kva.example".into()),
            ..Settings::default()
        };
        let report = lint(&settings.input(source, &Given::default()));
        let home = "https://lint.example/here/";
        export.text(&Result {
            source,
            settings: &settings,
            given: &Given::default(),
            report: &report,
            home,
            date: "2026-11-22",
        })
    }

    fn file(bytes: &[u8]) -> Source {
        let mut source = Source::exact(bytes.to_vec(), true, &Source::default());
        source.file_name = Some("mta-sts.txt".into());
        source
    }

    #[test]
    fn json_holds_all_that_the_result_depends_on() {
        for bytes in [&b"version: STSv1\r\nmode: enforced\r\n"[..], b"mode: \xff\r"] {
            let source = file(bytes);
            let imported = import(&result(&source, Export::Json)).expect("it is ours");
            let [back] = &imported.sources[..] else { panic!("{imported:?}") };
            assert_eq!(back.bytes, bytes);
            assert_eq!(
                (back.name.as_str(), back.file_name.as_deref()),
                ("mta-sts.txt", Some("mta-sts.txt"))
            );
            assert_eq!(
                (back.declared, back.domain.as_deref()),
                (Some(Kind::Policy.into()), Some("xn--bcher-kva.example"))
            );
            assert!(back.line_ends_known && !imported.codes[0].is_empty());
        }
    }

    #[test]
    fn sarif_and_markdown_lead_to_this_pages_rules() {
        let source = file(b"version: STSv1\r\nmode: enforced\r\n");
        for export in [Export::Sarif, Export::Markdown] {
            let text = result(&source, export);
            assert!(text.contains("https://lint.example/here/rules/STS-POL-051.html"), "{text}");
        }
        let markdown = result(&source, Export::Markdown);
        assert!(markdown.contains(&format!("stslint {VERSION}, 2026-11-22.")), "{markdown}");
    }

    #[test]
    fn files_are_named_after_the_input_without_odd_characters() {
        let mut source = file(b"x");
        assert_eq!(Export::Json.file_name(&source), "mta-sts-stslint.json");
        source.file_name = Some("../a\u{202e}b<c>.json.gz".into());
        assert_eq!(Export::Sarif.file_name(&source), "stslint.sarif");
        source.file_name = Some("google.com!a.example!1!2.json".into());
        assert_eq!(Export::Markdown.file_name(&source), "google-stslint.md");
        source.file_name = None;
        assert_eq!(Export::Json.file_name(&source), "stslint.json");
    }
}
