//! The command line of `cargo xtask`.

use crate::failure::{Failure, Result};

/// Printed when no task is given.
pub(crate) const HELP: &str = "\
Usage: cargo xtask <task>

  setup                Install what the other tasks need and is not there yet (the first time up to 20 minutes).
  serve [--port N] [--base PATH]
                       Build the page for release and serve it on this machine (port 8080, or the next free one).
  build                Build the page for release into dist/.
  test [PART...]       Run all tests, or only the named parts: lint, native, stack, wasm, npm, browser,
                       engines (the core of the browser tests in Chromium, Firefox and WebKit).
  size                 Build the page and write the size of its first load to size.txt.
  size --check         Build the page and compare its size with size.txt and the budget.
  bench                Time the engine beside its peers and write docs/bench.md (the first time up to 20 minutes).
  command              Build the page, and the release build of the command with the page in it.
  load                 Put load on the command's relay, on this machine only, and write docs/load.md.
  npm                  Build the npm package, the engine for JavaScript, into target/npm/.
  stack                Run the DNS servers of the tests until Ctrl+C, and print the address of the resolver.
  rules                Write www/rules.json, the explanations that the page loads, and www/rules/, a page about each
                       rule, from the rules.
  fuzz [--minutes N] [TARGET...]
                       Run the fuzz targets side by side (5 minutes), or only the named ones. Inputs that break something
                       stay in fuzz/artifacts/.

Every task installs what it needs first. Tools go to .tools/ and node_modules/; only compilers and browsers that come
from the system's packages go elsewhere.
";

/// What to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// Print the help text.
    Help,
    /// Install everything that is missing.
    Setup,
    /// Build the page.
    Build,
    /// Build the page and serve it.
    Serve {
        /// The first port to try.
        port: u16,
        /// The path under which the page is reachable, from slash to slash.
        base: String,
    },
    /// Run tests.
    Test {
        /// The parts to run, in the order in which they run.
        parts: Vec<Part>,
    },
    /// Measure the page.
    Size {
        /// Compare with the recorded size, don't record a new one.
        check: bool,
    },
    /// Write what is made of the rules.
    Rules,
    /// Look for inputs that break something.
    Fuzz {
        /// How long, with all targets side by side.
        minutes: u64,
        /// The targets; all when there are none.
        targets: Vec<String>,
    },
    /// Run the DNS servers of the tests.
    Stack,
    /// Build the command with the page in it.
    Command,
    /// Put load on the relay.
    Load,
    /// Build the npm package.
    Npm,
    /// Time the engine beside its peers.
    Bench,
}

/// A part of `cargo xtask test`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Formatting, lints and documentation.
    Lint,
    /// Tests on this machine's own architecture.
    Native,
    /// The command against real servers for DNS and mail.
    Stack,
    /// The page's unit tests, as wasm in a browser.
    Wasm,
    /// The npm package, in Node.js and in a browser.
    Npm,
    /// The built page: its size and its behaviour in Chromium.
    Browser,
    /// The core of it in Chromium, Firefox and WebKit.
    Engines,
}

impl Part {
    /// All parts, the quick ones first.
    pub(crate) const ALL: [Self; 7] = [
        Self::Lint,
        Self::Native,
        Self::Stack,
        Self::Wasm,
        Self::Npm,
        Self::Browser,
        Self::Engines,
    ];

    /// The name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Lint => "lint",
            Self::Native => "native",
            Self::Stack => "stack",
            Self::Wasm => "wasm",
            Self::Npm => "npm",
            Self::Browser => "browser",
            Self::Engines => "engines",
        }
    }
}

/// Reads the arguments after `cargo xtask`.
pub(crate) fn parse(arguments: impl Iterator<Item = String>) -> Result<Task> {
    let arguments: Vec<String> = arguments.collect();
    let Some((task, rest)) = arguments.split_first() else {
        return Ok(Task::Help);
    };
    match task.as_str() {
        "help" | "--help" | "-h" => Ok(Task::Help),
        "setup" => nothing_more(task, rest).map(|()| Task::Setup),
        "build" => nothing_more(task, rest).map(|()| Task::Build),
        "serve" => parse_serve(rest),
        "test" => parse_test(rest),
        "size" => match rest {
            [] => Ok(Task::Size { check: false }),
            [flag] if flag == "--check" => Ok(Task::Size { check: true }),
            _ => Err(misuse("`size` takes only `--check`")),
        },
        "fuzz" => parse_fuzz(rest),
        "rules" => nothing_more(task, rest).map(|()| Task::Rules),
        "stack" => nothing_more(task, rest).map(|()| Task::Stack),
        "command" => nothing_more(task, rest).map(|()| Task::Command),
        "load" => nothing_more(task, rest).map(|()| Task::Load),
        "npm" => nothing_more(task, rest).map(|()| Task::Npm),
        "bench" => nothing_more(task, rest).map(|()| Task::Bench),
        other => Err(misuse(format!("there is no task `{other}`"))),
    }
}

fn parse_serve(rest: &[String]) -> Result<Task> {
    let mut port = 8080;
    let mut base = String::from("/");
    let mut rest = rest.iter();
    while let Some(flag) = rest.next() {
        let value = rest.next().ok_or_else(|| misuse(format!("`{flag}` needs a value")));
        match flag.as_str() {
            "--port" => {
                let value = value?;
                port =
                    value.parse().map_err(|_| misuse(format!("`{value}` is not a port number")))?;
            }
            "--base" => {
                let path = value?.trim_matches('/');
                base = if path.is_empty() { String::from("/") } else { format!("/{path}/") };
            }
            other => return Err(misuse(format!("`serve` does not know `{other}`"))),
        }
    }
    Ok(Task::Serve { port, base })
}

fn parse_fuzz(rest: &[String]) -> Result<Task> {
    let mut minutes = 5;
    let mut targets = Vec::new();
    let mut rest = rest.iter();
    while let Some(word) = rest.next() {
        if word == "--minutes" {
            let value = rest.next().ok_or_else(|| misuse("`--minutes` needs a value"))?;
            minutes =
                value.parse().map_err(|_| misuse(format!("`{value}` is no number of minutes")))?;
        } else if word.starts_with('-') {
            return Err(misuse(format!("`fuzz` does not know `{word}`")));
        } else {
            targets.push(word.clone());
        }
    }
    Ok(Task::Fuzz { minutes, targets })
}

fn parse_test(rest: &[String]) -> Result<Task> {
    if let Some(unknown) =
        rest.iter().find(|name| !Part::ALL.iter().any(|part| part.name() == name.as_str()))
    {
        return Err(misuse(format!("`test` has no part `{unknown}`")));
    }
    let named = |part: &Part| rest.is_empty() || rest.iter().any(|name| name == part.name());
    Ok(Task::Test { parts: Part::ALL.into_iter().filter(named).collect() })
}

fn nothing_more(task: &str, rest: &[String]) -> Result<()> {
    match rest.first() {
        None => Ok(()),
        Some(extra) => Err(misuse(format!("`{task}` takes no arguments, found `{extra}`"))),
    }
}

fn misuse(what: impl Into<String>) -> Failure {
    Failure::new(what).remedy("`cargo xtask` without arguments lists all tasks")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Task> {
        parse(line.split_whitespace().map(String::from))
    }

    #[test]
    fn no_arguments_is_help() {
        assert_eq!(read("").unwrap(), Task::Help);
    }

    #[test]
    fn the_base_path_runs_from_slash_to_slash() {
        for base in ["a/b", "/a/b", "/a/b/"] {
            let task = read(&format!("serve --port 9 --base {base}")).unwrap();
            let base = String::from("/a/b/");
            assert_eq!(task, Task::Serve { port: 9, base });
        }
    }

    #[test]
    fn parts_run_in_their_own_order() {
        let parts = vec![Part::Native, Part::Browser];
        assert_eq!(read("test browser native").unwrap(), Task::Test { parts });
        let parts = Part::ALL.to_vec();
        assert_eq!(read("test").unwrap(), Task::Test { parts });
    }

    #[test]
    fn fuzzing_takes_a_time_and_targets() {
        assert_eq!(read("fuzz").unwrap(), Task::Fuzz { minutes: 5, targets: Vec::new() });
        let targets = vec![String::from("policy"), String::from("share")];
        assert_eq!(
            read("fuzz policy --minutes 20 share").unwrap(),
            Task::Fuzz { minutes: 20, targets }
        );
    }

    #[test]
    fn mistakes_are_named() {
        for (line, what) in [
            ("sevre", "there is no task `sevre`"),
            ("test unit", "`test` has no part `unit`"),
            ("serve --port", "`--port` needs a value"),
            ("serve --port x", "`x` is not a port number"),
            ("size now", "`size` takes only `--check`"),
            ("setup all", "`setup` takes no arguments, found `all`"),
            ("fuzz --minutes x", "`x` is no number of minutes"),
            ("fuzz --minuets 3", "`fuzz` does not know `--minuets`"),
        ] {
            assert!(read(line).unwrap_err().to_string().starts_with(what));
        }
    }
}
