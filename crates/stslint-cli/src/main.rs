//! The `stslint` command: lints MTA-STS and TLSRPT artefacts, checks domains, explains rules, matches
//! mx patterns, takes reports together, shows what senders make of a policy and of a message, writes what is to be published, plans with days,
//! serves the page with its relay.
//!
//! The engine does the work; this crate reads files, looks up what it is asked to, writes what the
//! engine makes of it and sets the exit code.

mod bump;
mod check;
mod date;
mod explain;
mod gitlab;
mod lint;
mod new;
mod output;
mod pattern;
mod plan;
mod report;
mod senders;
mod serve;
mod settings;
mod shell;
mod simulate;
mod snippet;
mod source;
mod terminal;

use clap::builder::Resettable;
use clap::{Arg, CommandFactory, FromArgMatches, Parser, Subcommand};
use std::env;
use std::ffi::OsStr;
use std::process::ExitCode;
use terminal::{Colour, Terminal};

/// Exit codes. Those from 64 on are the ones of `sysexits.h`.
mod exit {
    /// Nothing above advice, or: the pattern covers the host.
    pub(crate) const OK: u8 = 0;
    /// Warnings, or: the pattern does not cover the host.
    pub(crate) const WARNINGS: u8 = 1;
    /// Errors.
    pub(crate) const ERRORS: u8 = 2;
    /// There is no report, so nothing is known.
    pub(crate) const NO_REPORTS: u8 = 3;
    /// The command was called in a wrong way.
    pub(crate) const USAGE: u8 = 64;
    /// An input can't be read.
    pub(crate) const NO_INPUT: u8 = 66;
    /// Something could not be looked up.
    pub(crate) const UNAVAILABLE: u8 = 69;
    /// The output can't be written.
    pub(crate) const IO: u8 = 74;
    /// Somebody stopped it (128 and the number of SIGINT).
    pub(crate) const STOPPED: u8 = 130;
}

/// Lints MTA-STS policies and the _mta-sts and _smtp._tls TXT records.
#[derive(Parser)]
#[command(name = "stslint", version)]
struct Cli {
    /// When to use colours: in `auto` on a terminal, unless NO_COLOR is set
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = Colour::Auto, display_order = 900)]
    color: Colour,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Lint files: policies, records, zone lines, output of dig or curl -i
    ///
    /// Exit code: 0 nothing above advice, 1 warnings, 2 errors, 64 wrong usage, 66 an input can't be
    /// read (the others are linted all the same).
    Lint(lint::Args),
    /// Check domains: look up records, policy and mail hosts as a sender does
    ///
    /// DNS questions go to the resolver over HTTPS, so it learns the domains. The policy is fetched from
    /// the domain's policy host. Exit code: 0 nothing above advice, 1 warnings, 2 errors, 64 wrong
    /// usage, 69 something could not be looked up (the rest is shown all the same). With --since it is 2 or 1 where
    /// something got worse; --format nagios has the codes of plugins, 0 to 3.
    Check(check::Args),
    /// Write policy and records for a domain, as something to publish
    ///
    /// Without --mx it looks up the MX hosts and what is published now, which is changed and not overwritten: mx lines stay,
    /// also of hosts that are to come. Exit code: 0 it is
    /// written, 64 wrong usage or nothing that should be published, 69 something could not be looked up, so nothing is
    /// written.
    New(new::Args),
    /// Give a changed policy a new id
    ///
    /// Exit code: 0 the record is written, 1 nothing has changed, 2 senders can't use the policy, 64 wrong usage, 66 a file
    /// can't be read.
    Bump(bump::Args),
    /// Explain a rule by its code
    Explain(explain::Args),
    /// Tell whether an mx pattern covers a host, and why
    ///
    /// Exit code: 0 it does, 1 it does not, 64 wrong usage.
    Match(pattern::Args),
    /// Take TLS reports together: what failed, where, why, and what to do
    ///
    /// Files, folders, mails, mailboxes, archives in any nesting; a Maildir is a folder of mails. Exit code: 0 no
    /// failures, 1 failures, 2 something in them can't be read or tells of no policy (the rest is counted all the same), 3 no
    /// report, so nothing is known, 64 wrong usage, 66 a path that was given can't be read.
    Report(report::Args),
    /// Show what 12 senders and RFC 8461 make of a policy, and what makes them agree
    ///
    /// The models were made from source, each at one commit. Exit code: 0 all use it alike, 1 some differ, 2 RFC 8461
    /// rejects it, 64 wrong usage, 66 it can't be read or is no policy.
    Senders(senders::Args),
    /// Walk one message through a domain step by step, as RFC 8461 has it or as a sender does
    ///
    /// Nothing is looked up: the domain is made up, or stands in a file. Exit code of a walk: 0 delivered to a host that
    /// was authenticated, 1 delivered otherwise, 2 not delivered; of a scenario 0. 64 wrong usage, 66 the file can't be
    /// read or has nothing to walk through.
    Simulate(simulate::Args),
    /// Make a plan with days: first rollout, other MX hosts, back to testing, removal, emergency
    ///
    /// What was published before the plan began is given, or stands in the facts of a check. The same plan made again later with
    /// new facts has its steps ticked off, if --policy, --record and --from are those of its beginning. Nothing is looked up. Exit code: 0 a plan, 1 steps in it are overdue, 64
    /// wrong usage or something is missing, 66 an input can't be read, or there is nothing to plan.
    Plan(plan::Args),
    /// Serve the page, and a relay that looks at policy hosts and mail hosts for it
    ///
    /// Every option but those of a single use can be given by the environment. Ends on SIGTERM, after
    /// the requests that are under way. Exit code: 0 it was asked to end, 64 wrong usage, 66 the page
    /// can't be read, 69 it can't listen.
    Serve(Box<serve::Args>),
    /// Write completions for a shell to standard output
    Completions(shell::CompletionsArgs),
    /// Write manual pages into a folder, one for each command
    Man(shell::ManArgs),
}

/// What was asked for. A variable that is set to nothing is not set: that is how a unit or a container file takes one back.
fn parse() -> Result<Cli, clap::Error> {
    let is_empty = |name: &OsStr| env::var_os(name).is_some_and(|value| value.is_empty());
    let without = |arg: Arg| match arg.get_env().is_some_and(is_empty) {
        true => arg.env(Resettable::Reset),
        false => arg,
    };
    let mut command = Cli::command().mut_subcommands(|command| command.mut_args(without));
    let matches = command.try_get_matches_from_mut(env::args_os())?;
    Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
}

fn main() -> ExitCode {
    let cli = match parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Printing fails only when nobody listens.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { exit::USAGE } else { exit::OK });
        }
    };
    let mut terminal = Terminal::new(cli.color);
    let code = match cli.command {
        Command::Lint(args) => lint::run(&args, &mut terminal),
        Command::Check(args) => check::run(&args, &mut terminal),
        Command::New(args) => new::run(&args, &mut terminal),
        Command::Bump(args) => bump::run(&args, &mut terminal),
        Command::Explain(args) => explain::run(&args, &mut terminal),
        Command::Match(args) => pattern::run(&args, &mut terminal),
        Command::Report(args) => report::run(&args, &mut terminal),
        Command::Senders(args) => senders::run(&args, &mut terminal),
        Command::Simulate(args) => simulate::run(&args, &mut terminal),
        Command::Plan(args) => plan::run(&args, &mut terminal),
        Command::Serve(args) => serve::run(&args, &mut terminal),
        Command::Completions(args) => shell::completions(&args, Cli::command(), &mut terminal),
        Command::Man(args) => shell::man(&args, Cli::command(), &mut terminal),
    };
    ExitCode::from(terminal.finish().unwrap_or(code))
}
