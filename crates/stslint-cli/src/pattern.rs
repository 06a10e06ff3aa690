//! `stslint match`

use crate::exit;
use crate::lint::to_ascii;
use crate::terminal::Terminal;
use clap::ValueEnum;
use std::borrow::Cow;
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

/// A name or pattern as DNS has it: internationalised names as A-labels (RFC 8461 §3.2). Anything else as it is.
fn ascii(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let (wildcard, name) = text.strip_prefix("*.").map_or(("", text), |name| ("*.", name));
    let ascii = host::domain_name(name, Some(to_ascii));
    ascii.map_or(Cow::Borrowed(text), |ascii| Cow::Owned(format!("{wildcard}{ascii}")))
}

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> u8 {
    let ascii_pattern = ascii(&args.pattern);
    let result = host::matches(&ascii_pattern, &ascii(&args.host));
    let covers = result.covers();
    match args.format {
        Format::Json => {
            let value = serde_json::json!({ "match": covers, "reason": result.reason() });
            terminal.print(&format!("{value}\n"));
        }
        Format::Text => {
            let (answer, verb) = if covers { ("Yes", "covers") } else { ("No", "does not cover") };
            let host = args.host.strip_suffix('.').unwrap_or(&args.host);
            let (pattern, host) = (visible(&args.pattern), visible(host));
            let answer = terminal.bold(answer);
            let reason = result.reason();
            terminal.print(&format!("{answer}: {pattern} {verb} {host}.\n{reason}\n"));
            if *ascii_pattern != *args.pattern {
                let ascii = visible(&ascii_pattern);
                terminal.print(&format!(
                    "In a policy it has to stand as {ascii}: senders do not take it as it is here (RFC 8461 §3.2).\n"
                ));
            }
        }
    }
    if covers { exit::OK } else { exit::WARNINGS }
}
