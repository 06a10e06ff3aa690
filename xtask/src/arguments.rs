//! The command line of `cargo xtask`.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

use crate::samples::Form;

/// Tasks of this project.
#[derive(Debug, Parser)]
#[command(
    bin_name = "cargo xtask",
    after_help = "Every task installs what it needs first. Tools go to .tools/ and node_modules/; only compilers and \
                  browsers that come from the system's packages go elsewhere."
)]
pub(crate) struct Arguments {
    /// What to do; without a task, all of them are listed.
    #[command(subcommand)]
    pub(crate) task: Option<Task>,
}

/// What to do.
#[derive(Debug, PartialEq, Eq, Subcommand)]
pub(crate) enum Task {
    /// Install what the other tasks need and is not there yet (the first time up to 20 minutes)
    Setup,
    /// Build the page for release and serve it on this machine
    Serve {
        /// The first port to try
        #[arg(long, default_value_t = 8080)]
        port: u16,
        /// The path under which the page is reachable
        #[arg(long, default_value = "/", value_parser = from_slash_to_slash)]
        base: String,
    },
    /// Build the page for release into dist/
    Build,
    /// Run all tests, or only the named parts
    Test {
        /// The parts, which run in their own order
        parts: Vec<Part>,
    },
    /// Build the page and write the sizes of its first load and of its chunks to size.txt
    Size {
        /// Compare with size.txt and the budget, and write nothing
        #[arg(long)]
        check: bool,
    },
    /// Time the engine beside its peers and write docs/bench.md (the first time up to 20 minutes)
    Bench {
        /// Time something else instead
        what: Option<Bench>,
        /// Ten times as many reports, too: 100,000, 1 GB unpacked
        #[arg(long, requires = "what")]
        large: bool,
        /// How many domains there are in the fleet
        #[arg(long, requires = "what", default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(1000..=10_000_000))]
        domains: u32,
    },
    /// Run the models of senders beside the real software and write docs/senders.md; fails over what
    /// tests/differential.json does not explain
    Differential {
        /// So many generated inputs of each kind instead, and nothing is written
        #[arg(long)]
        count: Option<u32>,
        /// Other inputs, and nothing is written
        #[arg(long)]
        seed: Option<u64>,
    },
    /// Run the test vectors of other programs through the engine and write docs/peers.md; fails over what tests/peers.json
    /// does not explain
    Peers {
        /// Where their repositories are, as OWNER+NAME; what is not there is fetched from GitHub [default: target/peers]
        dir: Option<PathBuf>,
    },
    /// Load the rows of `stslint report` into DuckDB and ClickHouse and compare; skipped where pip can't install them
    Databases,
    /// Time keys, starts and links of the built page in all browsers and write docs/latency.md
    Latency,
    /// Have Lighthouse judge the built page on a phone and write docs/lighthouse.md
    Lighthouse,
    /// Build the page, and the release build of the command with the page in it
    Command,
    /// Put load on the command's relay, on this machine only, and write docs/load.md
    Load,
    /// Give the command hostile files and write docs/hostile.md: what they cost, each within its bounds
    Hostile,
    /// Build the npm package, the engine for JavaScript, into target/npm/
    Npm,
    /// Write TLS reports to try things with into a folder: always the same ones
    SampleReports {
        /// How many; each has about 10 KB, unpacked
        count: u64,
        /// The folder; what lies in it stays
        #[arg(long, default_value = "target/sample-reports")]
        dir: PathBuf,
        /// What they travel in
        #[arg(long, value_enum, default_value_t = Form::Files)]
        form: Form,
    },
    /// Run the DNS servers of the tests until Ctrl+C, and print the address of the resolver
    Stack,
    /// Write what is made of the rules: docs/rules.txt, and the pages and explanations in target/pages/
    Rules,
    /// Run the fuzz targets side by side, or only the named ones; what breaks something stays in fuzz/artifacts/
    Fuzz {
        /// How long
        #[arg(long, default_value_t = 5)]
        minutes: u64,
        /// How many processes each target runs in; they share what they find
        #[arg(long, default_value_t = 1)]
        workers: usize,
        /// The targets
        targets: Vec<String>,
    },
}

/// What else is timed beside its peers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Bench {
    /// `stslint report` beside mail-auth and parsedmarc: docs/bench-reports.md
    Reports,
    /// `stslint check` on a long list, beside checkdmarc: docs/bench-fleet.md
    Fleet,
}

/// A part of `cargo xtask test`, the quick ones first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Part {
    /// Formatting, lints and documentation
    Lint,
    /// Tests on this machine's own architecture
    Native,
    /// The command against real servers for DNS, mail and the web; what it writes, in the programs that it is for
    Stack,
    /// The page's unit tests, as wasm in a browser
    Wasm,
    /// The npm package, in Node.js and in a browser
    Npm,
    /// The built page: its size and its behaviour in a browser
    Browser,
    /// The core of the browser tests in Chromium, Firefox and WebKit
    Engines,
}

impl Part {
    /// The named parts, or all, in the order in which they run.
    pub(crate) fn in_order(named: &[Self]) -> Vec<Self> {
        let named = |part: &Self| named.is_empty() || named.contains(part);
        Self::value_variants().iter().copied().filter(named).collect()
    }
}

#[expect(clippy::unnecessary_wraps, reason = "clap wants a result")]
fn from_slash_to_slash(path: &str) -> Result<String, String> {
    match path.trim_matches('/') {
        "" => Ok(String::from("/")),
        path => Ok(format!("/{path}/")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Task {
        let words = ["xtask"].into_iter().chain(line.split_whitespace());
        Arguments::try_parse_from(words).unwrap().task.unwrap()
    }

    #[test]
    fn the_command_line_is_sound() {
        use clap::CommandFactory as _;
        Arguments::command().debug_assert();
        assert!(Arguments::parse_from(["xtask"]).task.is_none());
    }

    #[test]
    fn the_base_path_runs_from_slash_to_slash() {
        for base in ["a/b", "/a/b", "/a/b/"] {
            let base_of = Task::Serve { port: 9, base: String::from("/a/b/") };
            assert_eq!(read(&format!("serve --port 9 --base {base}")), base_of);
        }
    }

    #[test]
    fn parts_run_in_their_own_order() {
        let parts = [Part::Browser, Part::Native];
        assert_eq!(Part::in_order(&parts), [Part::Native, Part::Browser]);
        assert_eq!(Part::in_order(&[]), Part::value_variants());
    }
}
