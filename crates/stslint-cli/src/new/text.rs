//! The answer of `stslint new`, for people.

use super::Args;
use crate::terminal::Terminal;
use stslint::build::POLICY_FILE;
use stslint::build::hosting::{ORDER, verify};
use stslint::build::providers::{Evidence, Naming, lines, seen};
use stslint::build::wanted::{Change, Publication};
use stslint::live::Publishing;
use stslint::policy::Mode;
use stslint::render::live::{delegated, run_by};
use stslint::text::visible;

/// What there is to tell.
pub(super) struct Told<'a> {
    pub(super) args: &'a Args,
    pub(super) there: &'a Publishing,
    pub(super) made: &'a Publication,
    /// The records that are due, as they are written.
    pub(super) records: &'a str,
    /// Published patterns that match no MX host of now, and stay.
    pub(super) idle: &'a [String],
}

/// What to do in which order, and what it takes besides.
fn closing(told: &Told) -> String {
    let Told { args, there, made, .. } = told;
    let domain = &made.domain;
    let mut out = match (made.policy_change, made.due().next()) {
        (Change::Same, None) => "Nothing is to be published: all of it is there.".to_owned(),
        (Change::Same, Some(_)) => "The policy stays as it is: publish the records.".to_owned(),
        _ if there.sts.is_some() => {
            "First the file, until it is served everywhere; then the record with the new id. Senders look for both all the time."
                .to_owned()
        }
        _ => ORDER.to_owned(),
    };
    if args.mode == Some(Mode::None) {
        out.push_str(&format!(
            "\nRecord and file stay until no sender holds the old policy: `stslint plan {domain} --goal remove` has the days."
        ));
    }
    if args.mode == Some(Mode::Enforce) && made.policy_change == Change::New && args.mx.is_empty() {
        out.push_str(&format!(
            "\nA first policy is better in mode testing, until reports show that nothing would be held back: `stslint plan {domain}` \
             has the days."
        ));
    }
    out
}

const fn word(change: Change) -> &'static str {
    match change {
        Change::Changed => "changed",
        Change::New => "new",
        Change::Same => "as it is published",
        Change::OneForSeveral => "in the place of several",
    }
}

/// Prints everything, in the order in which it is done.
pub(super) fn print(told: &Told, terminal: &mut Terminal) {
    let Told { args, there, made, records, .. } = told;
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
    for note in notes(told) {
        terminal.print(&format!("{note}\n\n"));
    }
    if !made.dropped.is_empty() {
        title(terminal, "Left out of what is published, as senders stumble over it");
        for dropped in &made.dropped {
            terminal.print(&format!("  {}\n", visible(dropped)));
        }
        terminal.print("\n");
    }
    title(terminal, &format!("Records: {}", args.format.name()));
    for record in &made.records {
        let what = match there.alias(record, &made.domain) {
            Some(target) => delegated(record.label, &made.domain, target, &record.value),
            None if record.change == Change::OneForSeveral => format!(
                "{}.{}: there are several, so senders use none; delete all that start with {}, and publish this one",
                record.label,
                made.domain,
                record.begins()
            ),
            None => format!("{}.{}: {}", record.label, made.domain, word(record.change)),
        };
        terminal.print(&format!("{what}\n"));
    }
    if !records.is_empty() {
        terminal.print(&format!("\n{records}"));
    }
    if made.records.len() < 2 {
        terminal.print(match there.rpt {
            Some(_) => "The record at _smtp._tls asks for no reports that can be sent; --rua writes another in its place.\n",
            None => "No TLS reports are asked for; --rua says where they go.\n",
        });
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
    terminal.print(&format!("\n{}\n\n{}", closing(told), verify(&made.domain)));
}

/// What is to be known of the policy, each as a sentence or more.
fn notes(told: &Told) -> Vec<String> {
    let Told { args, there, made, idle, .. } = told;
    let mut out = Vec::new();
    if !idle.is_empty() {
        out.push(format!(
            "No MX host of now matches {}. These lines stay, as hosts that are to come need theirs before the MX records change; \
             --prune leaves them out.",
            visible(&idle.join(", "))
        ));
    }
    if there.is_implicit && args.mx.is_empty() {
        out.push(format!(
            "{0} has no MX records, so senders use its own address. If it takes no mail, publish `{0}. IN MX 0 .` and no policy.",
            made.domain
        ));
    }
    if let Some(weak) = &made.weak {
        out.push(format!(
            "{}. It is so in the published policy too; --max-age changes it.",
            visible(&weak.message)
        ));
    }
    out
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
