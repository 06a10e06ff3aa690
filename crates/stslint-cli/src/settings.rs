//! Which findings are told: `--select`, `--ignore`, and `stslint.toml`.
//!
//! Ignoring is about what is told and what makes the exit code. What is true of a text or a domain stays as it is, so that
//! nothing looks fine by not being looked at; how much is ignored is always said.

use crate::exit;
use crate::terminal::Terminal;
use glob::{MatchOptions, Pattern};
use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};
use stslint::finding::{Finding, Severity};
use stslint::registry;
use stslint::rule::Rule;
use stslint::text::{LineIndex, visible};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The file that is looked for in the working directory and above it.
const FILE: &str = "stslint.toml";

/// Most bytes of it that are read.
const LARGEST: u64 = 1 << 20;

/// Most codes that are named where something is ignored.
const NAMED: usize = 8;

/// The keys of the file.
const KEYS: [&str; 4] = ["ignore", "per-domain-ignores", "per-file-ignores", "select"];

/// What the command line says about rules.
#[derive(clap::Args)]
#[group(id = "settings")]
pub(crate) struct Args {
    /// Tell only findings of these rules: codes, starts of codes, or names; behind commas or one by one
    #[arg(long, value_name = "CODE", value_delimiter = ',', value_parser = starts)]
    select: Vec<Starts>,
    /// Leave out findings of these rules. How many there are is said; they make no exit code
    #[arg(long, value_name = "CODE", value_delimiter = ',', value_parser = starts)]
    ignore: Vec<Starts>,
    /// Take settings from this file, in place of stslint.toml in the working directory or above it
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    config: Option<PathBuf>,
    /// Take no settings from a file
    #[arg(long)]
    no_config: bool,
}

/// Starts of codes that stand for rules; a name may stand for several.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Starts(Vec<String>);

/// Reads a code, the start of one, or a name.
fn starts(text: &str) -> Result<Starts, String> {
    let code = text.trim().to_ascii_uppercase();
    if !code.is_empty() && registry::all().any(|rule| rule.code.starts_with(&code)) {
        return Ok(Starts(vec![code]));
    }
    let named = registry::all().filter(|rule| rule.name.eq_ignore_ascii_case(text.trim()));
    let named: Vec<String> = named.map(|rule| rule.code.to_owned()).collect();
    if !named.is_empty() {
        return Ok(Starts(named));
    }
    let near = crate::explain::near(text);
    let near = near.first().map(|near| format!("; did you mean {near}?")).unwrap_or_default();
    Err(format!("there is no rule {}{near}", visible(text)))
}

/// Which findings are told.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    /// Starts of codes; none: all.
    select: Vec<String>,
    /// Starts of codes.
    ignore: Vec<String>,
    files: Vec<(Pattern, Vec<String>)>,
    domains: Vec<(String, Vec<String>)>,
    /// The folder of the file with settings.
    folder: PathBuf,
}

impl Settings {
    /// What the command line and the file say together. `--select` takes the place of the file's, `--ignore` adds to it.
    ///
    /// # Errors
    ///
    /// The exit code, once it is told why.
    pub(crate) fn of(args: &Args, terminal: &mut Terminal) -> Result<Self, u8> {
        let path = args.config.clone().or_else(|| found().filter(|_| !args.no_config));
        let mut settings = match path {
            Some(path) => Self::read(&path, terminal)?,
            None => Self::default(),
        };
        let all = |starts: &[Starts]| -> Vec<String> {
            starts.iter().flat_map(|starts| starts.0.clone()).collect()
        };
        if !args.select.is_empty() {
            settings.select = all(&args.select);
        }
        settings.ignore.extend(all(&args.ignore));
        Ok(settings)
    }

    fn read(path: &Path, terminal: &mut Terminal) -> Result<Self, u8> {
        let name = visible(&path.to_string_lossy());
        let text = std::fs::metadata(path).and_then(|data| match data.len() {
            ..=LARGEST => std::fs::read_to_string(path),
            _ => Err(std::io::Error::other("it is too large for settings")),
        });
        let text = match text {
            Ok(text) => text,
            Err(error) => {
                terminal.complain(&format!("can't read {name}: {error}"));
                return Err(exit::NO_INPUT);
            }
        };
        let mut settings = Self::parse(&text).map_err(|problems| {
            for (line, problem) in problems {
                terminal.complain(&format!("{name}, line {line}: {problem}"));
            }
            exit::USAGE
        })?;
        let folder = path.parent().unwrap_or(Path::new(""));
        settings.folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        Ok(settings)
    }

    /// Reads the text of a file; or all that is wrong with it, each with its line.
    fn parse(text: &str) -> Result<Self, Vec<(usize, String)>> {
        let lines = LineIndex::new(text.as_bytes());
        let line = |at: usize| lines.position(text.as_bytes(), at).line;
        let table = DeTable::parse(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            vec![(line(at), visible(error.message()))]
        })?;
        let mut settings = Self::default();
        let mut problems = Vec::new();
        for (key, value) in table.get_ref() {
            match &key.get_ref()[..] {
                "select" => settings.select = codes(value, &mut problems),
                "ignore" => settings.ignore = codes(value, &mut problems),
                "per-file-ignores" => {
                    for (pattern, codes) in entries(value, &mut problems) {
                        match Pattern::new(pattern.get_ref()) {
                            Ok(glob) => settings.files.push((glob, codes)),
                            Err(error) => problems.push((pattern.span().start, error.msg.into())),
                        }
                    }
                }
                "per-domain-ignores" => {
                    for (domain, codes) in entries(value, &mut problems) {
                        let text = domain.get_ref();
                        let name = text.strip_prefix("*.").unwrap_or(text);
                        match crate::lint::domain(name) {
                            Ok(name) if text.starts_with("*.") => {
                                settings.domains.push((format!(".{name}"), codes));
                            }
                            Ok(name) => settings.domains.push((name, codes)),
                            Err(why) => {
                                problems.push((
                                    domain.span().start,
                                    format!("{} is {why}", visible(text)),
                                ));
                            }
                        }
                    }
                }
                other => problems.push((key.span().start, unknown(other))),
            }
        }
        if problems.is_empty() {
            return Ok(settings);
        }
        problems.sort();
        Err(problems.into_iter().map(|(at, problem)| (line(at), problem)).collect())
    }

    /// What is ignored in a file; `-` is standard input.
    pub(crate) fn for_file(&self, path: &Path) -> Ignoring<'_> {
        let options = MatchOptions { require_literal_separator: true, ..MatchOptions::new() };
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let below = absolute.strip_prefix(&self.folder).unwrap_or(&absolute);
        let matches = |pattern: &Pattern| {
            let whole = pattern.matches_path_with(below, options);
            // Without a folder it is for files of that name in all of them.
            let is_name = !pattern.as_str().contains('/');
            let name = path.file_name().filter(|_| is_name);
            whole || name.is_some_and(|name| pattern.matches_path_with(Path::new(name), options))
        };
        let more = self.files.iter().filter(|(pattern, _)| matches(pattern));
        self.with(more.flat_map(|(_, codes)| codes))
    }

    /// What is ignored for a domain, given as A-labels in lower case.
    pub(crate) fn for_domain(&self, domain: &str) -> Ignoring<'_> {
        let matches = |name: &str| match name.starts_with('.') {
            true => domain.ends_with(name),
            false => domain == name,
        };
        let more = self.domains.iter().filter(|(name, _)| matches(name));
        self.with(more.flat_map(|(_, codes)| codes))
    }

    fn with<'s>(&'s self, more: impl Iterator<Item = &'s String>) -> Ignoring<'s> {
        let ignore = self.ignore.iter().chain(more).map(|start| &start[..]).collect();
        Ignoring { select: &self.select, ignore }
    }
}

/// The file with settings: the nearest one, from the working directory up.
fn found() -> Option<PathBuf> {
    let here = env::current_dir().ok()?;
    here.ancestors().map(|folder| folder.join(FILE)).find(|path| path.is_file())
}

/// The codes of a list of them.
fn codes(value: &Spanned<DeValue>, problems: &mut Vec<(usize, String)>) -> Vec<String> {
    let Some(list) = value.get_ref().as_array() else {
        problems.push((value.span().start, "not a list of codes, like [\"STS-POL-103\"]".into()));
        return Vec::new();
    };
    let mut out = Vec::new();
    for code in list.iter() {
        let read = match code.get_ref().as_str() {
            Some(text) => starts(text),
            None => Err("not a code in quotes".into()),
        };
        match read {
            Ok(starts) => out.extend(starts.0),
            Err(why) => problems.push((code.span().start, why)),
        }
    }
    out
}

/// The entries of a table with lists of codes.
fn entries<'t, 'i>(
    value: &'t Spanned<DeValue<'i>>,
    problems: &mut Vec<(usize, String)>,
) -> Vec<(&'t Spanned<std::borrow::Cow<'i, str>>, Vec<String>)> {
    let Some(table) = value.get_ref().as_table() else {
        problems.push((value.span().start, "not a table of names with lists of codes".into()));
        return Vec::new();
    };
    table.iter().map(|(key, value)| (key, codes(value, problems))).collect()
}

/// That a key is not known, with the one that may be meant.
fn unknown(key: &str) -> String {
    let start: String = key.chars().take(40).collect();
    let near = KEYS.iter().map(|known| (strsim::levenshtein(known, &start), known)).min();
    let near = near.filter(|(distance, _)| *distance <= 3);
    let hint = match near {
        Some((_, known)) => format!("did you mean {known}?"),
        None => format!("there are {}", KEYS.join(", ")),
    };
    format!("there is no setting {}; {hint}", visible(&start))
}

/// What is ignored in one place.
#[derive(Clone, Debug)]
pub(crate) struct Ignoring<'s> {
    select: &'s [String],
    ignore: Vec<&'s str>,
}

impl Ignoring<'_> {
    /// Whether findings of a rule are left out. Where it is both selected and ignored, the longer start counts; of
    /// equal ones, that it is ignored.
    pub(crate) fn ignores(&self, code: &str) -> bool {
        fn longest<'a>(code: &str, starts: impl Iterator<Item = &'a str>) -> Option<usize> {
            starts.filter(|start| code.starts_with(start)).map(str::len).max()
        }
        let ignored = longest(code, self.ignore.iter().copied());
        if self.select.is_empty() {
            return ignored.is_some();
        }
        match longest(code, self.select.iter().map(|start| &start[..])) {
            None => true,
            Some(selected) => ignored.is_some_and(|ignored| ignored >= selected),
        }
    }

    /// Takes out of a list what is ignored.
    pub(crate) fn take(&self, findings: &mut Vec<Finding>, ignored: &mut Ignored) {
        findings.retain(|finding| {
            let ignores = self.ignores(finding.rule.code);
            if ignores {
                ignored.add(finding);
            }
            !ignores
        });
    }
}

/// What is ignored, counted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ignored(BTreeMap<&'static str, (&'static Rule, usize)>);

impl Ignored {
    /// Counts a finding.
    pub(crate) fn add(&mut self, finding: &Finding) {
        let (_, count) = self.0.entry(finding.rule.code).or_insert((finding.rule, 0));
        *count += 1 + finding.more;
    }

    /// Each rule, and how many of its findings are ignored, in the order of codes.
    pub(crate) fn rules(&self) -> impl Iterator<Item = (&'static Rule, usize)> {
        self.0.values().copied()
    }

    /// How many of which; none where there is nothing.
    pub(crate) fn words(&self) -> Option<String> {
        let counts = Severity::ALL.into_iter().filter_map(|severity| {
            let of = self.rules().filter(|(rule, _)| rule.severity == severity);
            let count: usize = of.map(|(_, count)| count).sum();
            let plural = count != 1 && severity <= Severity::Warning;
            let word = severity.word();
            (count > 0).then(|| format!("{count} {word}{}", if plural { "s" } else { "" }))
        });
        let counts: Vec<String> = counts.collect();
        if counts.is_empty() {
            return None;
        }
        let mut codes: Vec<&str> = self.0.keys().copied().take(NAMED).collect();
        if self.0.len() > NAMED {
            codes.push("…");
        }
        Some(format!("{} ({})", counts.join(", "), codes.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> Vec<(usize, String)> {
        Settings::parse(text).expect_err("something is wrong")
    }

    #[test]
    fn settings_are_read_and_all_that_is_wrong_is_told() {
        let settings = Settings::parse(
            "ignore = ['sts-pol-103', \"STS-TXT\"]\n[per-file-ignores]\n\"tests/**\" = [\"STS\"]\n",
        );
        let settings = settings.expect("settings");
        assert_eq!(settings.ignore, ["STS-POL-103", "STS-TXT"]);
        let problems = problems(
            "# ours\ningore = []\nselect = ['STS-POL-O23', 7]\nignore = 'STS'\nnonsense = 1\n\
             [per-file-ignores]\n'a**b' = []\n[per-domain-ignores]\n'no name' = ['LIVE-999']\n",
        );
        let told: Vec<_> = problems.iter().map(|(line, text)| (*line, &text[..])).collect();
        let expected = [
            (2, "there is no setting ingore; did you mean ignore?"),
            (3, "there is no rule STS-POL-O23; did you mean STS-POL-023?"),
            (3, "not a code in quotes"),
            (4, "not a list of codes, like [\"STS-POL-103\"]"),
        ];
        assert_eq!(told[..4], expected);
        assert_eq!(told[4].0, 5);
        assert!(
            told[4].1.ends_with("there are ignore, per-domain-ignores, per-file-ignores, select")
        );
        assert_eq!(told[5].0, 7);
        assert_eq!(told[6], (9, "no name is not a domain name"));
        assert!(told[7].1.starts_with("there is no rule LIVE-999"), "{told:?}");
        assert_eq!(self::problems("a = \n")[0].0, 1);
        assert_eq!(self::problems("ignore = []\nignore = []\n")[0].0, 2);
    }

    #[test]
    fn a_file_that_is_cut_off_anywhere_is_told_or_read() {
        let text = "select = ['STS', \"LIVE\"]\nignore = []\n[per-file-ignores]\n'\u{fc}/**' = ['STS-POL-103']\n\
                    [per-domain-ignores]\n'*.example.com' = [ 'LIVE-001' ]\n";
        for (end, _) in text.char_indices() {
            if let Err(problems) = Settings::parse(&text[..end]) {
                assert!(problems.iter().all(|(line, problem)| *line > 0 && !problem.is_empty()));
            }
        }
        assert!(Settings::parse(&"a.".repeat(10_000)).is_err());
        assert!(Settings::parse(&format!("ignore = {}", "[".repeat(100_000))).is_err());
    }

    #[test]
    fn the_longer_start_counts() {
        let args = |select: &[&str], ignore: &[&str]| Settings {
            select: select.iter().map(|start| (*start).into()).collect(),
            ignore: ignore.iter().map(|start| (*start).into()).collect(),
            ..Settings::default()
        };
        for (select, ignore, code, ignored) in [
            (&[][..], &[][..], "LIVE-060", false),
            (&[], &["LIVE"], "LIVE-060", true),
            (&[], &["LIVE-061"], "LIVE-060", false),
            (&["LIVE"], &[], "LIVE-060", false),
            (&["STS"], &[], "LIVE-060", true),
            (&["LIVE-060"], &["LIVE"], "LIVE-060", false),
            (&["LIVE-060"], &["LIVE"], "LIVE-061", true),
            (&["LIVE"], &["LIVE-060"], "LIVE-060", true),
            (&["LIVE-060"], &["LIVE-060"], "LIVE-060", true),
        ] {
            let settings = args(select, ignore);
            let ignoring = settings.for_domain("example.com");
            assert_eq!(ignoring.ignores(code), ignored, "{select:?} {ignore:?} {code}");
        }
    }

    #[test]
    fn places_have_their_own() {
        let text = "[per-file-ignores]\n'tests/**/*.txt' = ['STS-POL-103']\n'bad.txt' = ['STS-POL-023']\n\
                    [per-domain-ignores]\n'example.com' = ['LIVE-001']\n'*.example.net' = ['LIVE-002']\n";
        let settings =
            Settings { folder: "/srv/a".into(), ..Settings::parse(text).expect("settings") };
        let ignores = |path: &str, code| settings.for_file(Path::new(path)).ignores(code);
        assert!(ignores("/srv/a/tests/b/c/d.txt", "STS-POL-103"));
        assert!(!ignores("/srv/a/tests/b/c/d.txt", "STS-POL-023"));
        assert!(!ignores("/srv/b/tests/d.txt", "STS-POL-103"));
        assert!(ignores("/srv/b/bad.txt", "STS-POL-023") && ignores("bad.txt", "STS-POL-023"));
        let ignores = |domain, code| settings.for_domain(domain).ignores(code);
        assert!(ignores("example.com", "LIVE-001") && !ignores("a.example.com", "LIVE-001"));
        assert!(ignores("a.b.example.net", "LIVE-002") && !ignores("example.net", "LIVE-002"));
    }
}
