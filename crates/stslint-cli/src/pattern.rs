//! `stslint match`

use crate::exit;
use crate::terminal::Terminal;
use clap::ValueEnum;
use stslint::host;
use stslint::text::visible;

/// How the answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The mx pattern, as in a policy
    pattern: String,
    /// The host name, as in an MX record
    host: String,
    /// How to write the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> u8 {
    let result = host::matches(&args.pattern, &args.host);
    let covers = result.covers();
    match args.format {
        Format::Json => {
            let value = serde_json::json!({ "match": covers, "reason": result.reason() });
            terminal.print(&format!("{value}\n"));
        }
        Format::Text => {
            let (answer, verb) = if covers { ("Yes", "covers") } else { ("No", "does not cover") };
            let (pattern, host) = (visible(&args.pattern), visible(&args.host));
            let answer = terminal.bold(answer);
            let reason = result.reason();
            terminal.print(&format!("{answer}: {pattern} {verb} {host}.\n{reason}\n"));
        }
    }
    if covers { exit::OK } else { exit::WARNINGS }
}
