//! The answer of `stslint new`, for people.

use super::Args;
use crate::terminal::Terminal;
use stslint::build::POLICY_FILE;
use stslint::build::hosting::{ORDER, verify};
use stslint::build::providers::{Evidence, Naming, lines, seen};
use stslint::build::wanted::{Change, Publication};
use stslint::live::Publishing;
use stslint::render::live::run_by;
use stslint::text::visible;

/// What there is to tell.
pub(super) struct Told<'a> {
    pub(super) args: &'a Args,
    pub(super) there: &'a Publishing,
    pub(super) made: &'a Publication,
    /// The records that are due, as they are written.
    pub(super) records: &'a str,
}

const fn word(change: Change) -> &'static str {
    match change {
        Change::Changed => "changed",
        Change::New => "new",
        Change::Same => "as it is published",
    }
}

/// Prints everything, in the order in which it is done.
pub(super) fn print(told: &Told, terminal: &mut Terminal) {
    let Told { args, there, made, records } = told;
    let title = |terminal: &mut Terminal, text: &str| {
        let text = terminal.bold(text);
        terminal.print(&format!("{text}\n"));
    };
    if let Some(hosted) = there.hosted {
        terminal.print(&format!("The policy is run by {}.\n\n", run_by(hosted)));
    }
    title(terminal, &format!("Policy, {}: {}", word(made.policy_change), made.policy_address()));
    for line in made.policy.lines() {
        terminal.print(&format!("{}\n", visible(line)));
    }
    terminal.print(&format!(
        "The lines of the file end with CR LF: `--only policy > {POLICY_FILE}` writes it.\n\n"
    ));
    providers(args, there, terminal);
    if !made.dropped.is_empty() {
        title(terminal, "Left out of what is published, as senders stumble over it");
        for dropped in &made.dropped {
            terminal.print(&format!("  {}\n", visible(dropped)));
        }
        terminal.print("\n");
    }
    title(terminal, &format!("Records: {}", args.format.name()));
    for record in &made.records {
        terminal.print(&format!("{}.{}: {}\n", record.label, made.domain, word(record.change)));
    }
    if made.due().next().is_some() {
        terminal.print(&format!("\n{records}"));
    }
    if made.records.len() < 2 {
        terminal.print("No TLS reports are asked for; --rua says where they go.\n");
    }
    if let Some(recipe) = args.hosting {
        terminal.print("\n");
        title(terminal, &format!("Hosting with {}", recipe.name));
        terminal
            .print(&format!("mta-sts.{} in DNS: {}\n{}\n", made.domain, recipe.dns, recipe.steps));
        terminal.print(&format!("Known to be wrong: {}\n", recipe.wrong));
        for file in recipe.files(&made.domain, &made.policy) {
            terminal.print(&format!("\n--- {}\n{}", file.path, file.text.replace("\r\n", "\n")));
        }
    }
    terminal.print(&format!("\n{ORDER}\n\n{}", verify(&made.domain)));
}

/// Whose hosts these are, and what is to be known of them.
fn providers(args: &Args, there: &Publishing, terminal: &mut Terminal) {
    let hosts = if args.mx.is_empty() { &there.hosts } else { &args.mx };
    let hosts: Vec<&str> = hosts.iter().map(String::as_str).collect();
    for (provider, names) in seen(hosts.iter().copied()) {
        terminal.print(&format!("{}: {}\n", provider.name, visible(&names.join(", "))));
        for note in [provider.note, provider.serves.note()].into_iter().flatten() {
            terminal.print(&format!("  {note}\n"));
        }
        let wild = lines(names.iter().map(String::as_str), Naming::Wildcard);
        for line in wild.iter().filter(|line| line.risk().is_some()) {
            let derived = match provider.evidence {
                Evidence::Derived => "derived from the names of its hosts",
                shown => shown.word(),
            };
            let how = if args.wildcard { "" } else { " with --wildcard" };
            let risk = line.risk().unwrap_or_default();
            terminal.print(&format!("  `{}`{how} ({derived}). {risk}\n", line.pattern));
        }
        terminal.print("\n");
    }
}
