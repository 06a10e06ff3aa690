//! `stslint check`

mod facts;
mod fleet;
mod json;
mod junit;
mod list;
mod look;
mod nagios;
mod prometheus;
mod resume;
mod row;
mod rows;
mod since;
mod text;

use crate::exit;
use crate::lint::home;
use crate::settings::{self, Settings};
use crate::terminal::Terminal;
use fleet::{Done, End, Seen, Shard};
use junit::Suite;
use list::{Entry, List, Unfit, named};
pub(crate) use look::Look;
use nagios::Plugin;
use prometheus::Metrics;
use resume::Resume;
use row::{Line, Row, Severity};
use rows::{Out, Rows};
use std::cell::RefCell;
use std::net::SocketAddr;
use std::num::NonZeroU16;
use std::path::{Path, PathBuf};
use std::time::Duration;
use stslint::live::check::{Check, Options, Scope};
use stslint::share::length_advice;
use stslint::text::visible;
use stslint_look::Resolver;
use stslint_net::{Net, Test};

/// Most domains under way with a resolver of somebody else, which is asked so much at a time.
const ELSEWHERE: usize = 64;

/// Most domains under way with a resolver of one's own.
const OWN: usize = 1024;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Domains to check; a mail address or a URL stands for its domain
    #[arg(value_name = "DOMAIN", value_parser = named, required_unless_present = "file")]
    domains: Vec<String>,
    /// Check the domains in this file too, one on each line or behind commas, as names, mail addresses or URLs;
    /// `-` is standard input
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    #[command(flatten)]
    network: Network,
    /// Connect to the mail hosts too, and look at STARTTLS and certificates. No mail is sent
    #[arg(long)]
    smtp: bool,
    /// The port of the mail hosts
    #[arg(long, value_name = "PORT", default_value_t = 25, requires = "smtp")]
    smtp_port: u16,
    /// Add a link to the page with what was looked up, to send to somebody. It is in the part of the
    /// link that no server sees
    #[arg(long)]
    share: bool,
    /// The address of the page, for links
    #[arg(long, value_name = "URL", default_value = stslint::HOME, value_parser = home)]
    home: String,
    /// How to write the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Most domains under way at the same time: 64, or 1024 with a name server of one's own
    #[arg(long, value_name = "NUMBER")]
    jobs: Option<NonZeroU16>,
    /// Check only a part of the list, like 2/4: several runs, on any machines, check all of it
    #[arg(long, value_name = "PART/PARTS")]
    shard: Option<Shard>,
    /// With --format ndjson: write the rows to this file as they come, and go on where an earlier run of the same list ended
    #[arg(long, value_name = "FILE")]
    resume: Option<PathBuf>,
    #[command(flatten)]
    beside: Beside,
    #[command(flatten)]
    settings: settings::Args,
}

/// What a run is compared with.
#[derive(clap::Args)]
struct Beside {
    /// Tell only what changed since the run whose rows (NDJSON) are in this file
    #[arg(long, value_name = "FILE")]
    since: Option<PathBuf>,
    /// Keep all rows (NDJSON) in this file, for the next --since. It may be the same file, which need not be there yet
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// Within how many days before its end a certificate is told, by --since and --format nagios
    #[arg(long, value_name = "DAYS", default_value_t = 14)]
    certificate_days: u32,
}

impl Args {
    /// Where rows go. What can't be had together is told.
    fn rows(&self, settings: &Settings, told: &mut Told) -> Result<Rows, (u8, String)> {
        let Beside { since, save, certificate_days: days } = &self.beside;
        if self.resume.is_some() && (self.format != Format::Ndjson || since.is_some()) {
            let why = "--resume goes with --format ndjson, and without --since";
            return Err((exit::USAGE, why.into()));
        }
        if self.resume.is_some() && save.is_some() {
            let why = "--resume keeps all rows already: give its file to the next --since, without --save";
            return Err((exit::USAGE, why.into()));
        }
        let open = |path| Resume::open(path, self.smtp, settings, |line| told.add(line));
        let resume = self.resume.as_deref().map(open);
        let resume = resume.transpose().map_err(|why| (exit::NO_INPUT, why))?;
        let out = match self.format {
            Format::Text if since.is_some() => Out::Changes,
            Format::Json | Format::Prometheus | Format::Nagios if since.is_some() => {
                let why = "--since goes with --format text, ndjson, junit and github";
                return Err((exit::USAGE, why.into()));
            }
            Format::Text | Format::Json => Out::Nothing,
            Format::Ndjson => match resume {
                Some(file) => Out::Kept(Box::new(file)),
                None => Out::Ndjson,
            },
            Format::Prometheus => Out::Prometheus(Metrics::default()),
            Format::Github => Out::Github,
            Format::Junit => Out::Junit(Suite::default()),
            Format::Nagios => Out::Nagios(Plugin::new(*days)),
        };
        let (since, save) = (since.as_deref(), save.as_deref());
        let (smtp, shard) = (self.smtp, self.shard);
        Rows::new(out, rows::Beside { since, save, days: *days, smtp, shard })
    }
}

/// How the result of a check is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs: JSON
    Json,
    /// For programs and tables: a line of JSON for each domain, as soon as it is there
    Ndjson,
    /// For the textfile collector of Prometheus' node exporter
    Prometheus,
    /// For reports of tests: a test case for each domain
    Junit,
    /// For logs of GitHub Actions: annotations
    Github,
    /// For Nagios, Icinga and their like: a status line with days of certificates, and exit codes 0 to 3
    Nagios,
}

/// How the network is reached.
#[derive(clap::Args)]
pub(crate) struct Network {
    /// Who answers DNS questions: `system` for the name servers of this machine, udp://ADDRESS for one of your own, tls://NAME
    /// (RFC 7858), an https:// address (RFC 8484), or one of cloudflare, google, quad9, dnssb, ffmuc
    #[arg(long, value_name = "RESOLVER", default_value = "cloudflare", value_parser = Resolver::read)]
    resolver: Resolver,
    /// Most time for each request and each session, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    timeout: Duration,
    /// For tests: trust the authorities in this file too
    #[arg(long, value_name = "FILE", hide = true)]
    test_ca: Option<PathBuf>,
    /// For tests: connect to a port of this machine instead of an address, as FROM=TO
    #[arg(long, value_name = "FROM=TO", hide = true, value_parser = Test::route)]
    test_route: Vec<(SocketAddr, SocketAddr)>,
}

impl Network {
    /// What to look with.
    ///
    /// # Errors
    ///
    /// It can't be made ready: the exit code, and why, as a sentence.
    pub(crate) fn look(&self, smtp_port: u16) -> Result<Look, (u8, String)> {
        let roots = self.test_ca.as_deref().map(Test::authorities).transpose();
        let roots =
            roots.map_err(|why| (exit::NO_INPUT, format!("can't read the authorities: {why}")))?;
        let routes = self.test_route.iter().copied().collect();
        let test = Test { roots: roots.unwrap_or_default(), routes, closed: false };
        Look::new(Net::new(self.timeout, test), &self.resolver, smtp_port)
            .map_err(|why| (exit::UNAVAILABLE, why))
    }

    /// How many domains may be under way.
    fn jobs(&self) -> usize {
        match &self.resolver {
            Resolver::Https { .. } | Resolver::Tls { .. } => ELSEWHERE,
            Resolver::Server(_) | Resolver::System => OWN,
        }
    }
}

pub(crate) fn seconds(text: &str) -> Result<Duration, &'static str> {
    let time = text.parse().ok().and_then(|seconds: f64| Duration::try_from_secs_f64(seconds).ok());
    time.filter(|time| !time.is_zero() && time.as_secs() <= 600).ok_or("not between 0 and 600")
}

/// Checks all domains. The worst finding makes the exit code; something that could not be looked up
/// beats it, and a line of the file that is no domain beats that.
pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> u8 {
    let code = check(args, terminal);
    // Whoever runs plugins knows four codes.
    if args.format != Format::Nagios || code <= 3 {
        return code;
    }
    terminal.print(&nagios::unknown("nothing could be checked; standard error says why"));
    nagios::UNKNOWN
}

fn check(args: &Args, terminal: &mut Terminal) -> u8 {
    let options = Options { scope: Scope::Domain, fetch: true, smtp: args.smtp, by_address: true };
    for domain in &args.domains {
        if Check::new(0, domain, options).is_none() {
            terminal.complain(&format!("{domain} is not a name that a policy host can have"));
            return exit::USAGE;
        }
    }
    let (file, length) = match args.file.as_deref().map(list::open).transpose() {
        Ok(opened) => opened.map_or((None, None), |(file, length)| (Some(file), length)),
        Err(error) => {
            let name = args.file.as_deref().unwrap_or(Path::new("-")).to_string_lossy();
            terminal.complain(&format!("can't read {}: {error}", visible(&name)));
            return exit::NO_INPUT;
        }
    };
    if args.share
        && (!matches!(args.format, Format::Text | Format::Json) || args.beside.since.is_some())
    {
        terminal.complain("--share goes with --format text and json, and without --since");
        return exit::USAGE;
    }
    let settings = match Settings::of(&args.settings, terminal) {
        Ok(settings) => settings,
        Err(code) => return code,
    };
    let mut told = Told { code: exit::OK, complete: true, fit: true, any: false };
    let rows = match args.rows(&settings, &mut told) {
        Ok(rows) => rows,
        Err((code, why)) => {
            terminal.complain(&why);
            return code;
        }
    };
    let look = match args.network.look(args.smtp_port) {
        Ok(look) => look,
        Err((code, why)) => {
            terminal.complain(&why);
            return code;
        }
    };
    let plan = fleet::Plan {
        jobs: args.jobs.map_or_else(|| args.network.jobs(), |jobs| jobs.get().into()),
        in_order: args.format != Format::Ndjson,
        bar: fleet::bar(length, args.file.is_some()),
    };
    let list = List::new(options, &args.domains, file);
    let rows = RefCell::new(rows);
    let mut is_listed = false;
    let skip = |entry: &Entry| {
        is_listed = true;
        let is_elsewhere = args.shard.is_some_and(|shard| !shard.has(entry.text()));
        Ok(is_elsewhere || rows.borrow().has(entry)?)
    };
    let mut writer = Writer {
        args,
        settings: &settings,
        rows: &rows,
        told: &mut told,
        document: json::Document::default(),
        terminal,
    };
    let end = fleet::run(&look, list, &plan, skip, |done| writer.take(done));
    let document = writer.document;
    plan.bar.finish_and_clear();
    if args.format == Format::Json {
        terminal.print(&document.end());
    }
    let is_whole = end == End::Whole && is_listed;
    if end == End::Whole && !is_listed {
        let file = args.file.as_deref().unwrap_or(Path::new("-")).to_string_lossy();
        terminal.complain(&format!("there is no domain in {}", visible(&file)));
    }
    if args.format == Format::Nagios && !is_whole {
        // A status of a part would pass for that of all.
        return if end == End::Stopped { exit::STOPPED } else { exit::NO_INPUT };
    }
    let own = match rows.into_inner().finish(is_whole, terminal) {
        Ok(own) => own,
        Err(why) => {
            terminal.complain(&why);
            return exit::IO;
        }
    };
    let (name, slowed) = look.slowed();
    if slowed > 0 {
        let times = if slowed == 1 { "once" } else { "several times" };
        let name = visible(name);
        terminal.complain(&format!("{name} limits requests and was asked again, slower, {times}"));
    }
    look.end();
    match end {
        End::Whole if !is_listed => exit::NO_INPUT,
        End::Whole => told.exit(own, args.format),
        // Nobody reads on, which is told where it is a failure.
        End::Broken(why) if why.is_empty() => told.exit(own, args.format),
        End::Stopped => {
            terminal.complain("ended early: what was under way is not in the result");
            exit::STOPPED
        }
        End::Broken(why) => {
            terminal.complain(&why);
            exit::NO_INPUT
        }
    }
}

/// What the exit code is made of.
#[derive(Debug)]
struct Told {
    /// That of the worst finding.
    code: u8,
    /// Whether all could be looked up.
    complete: bool,
    /// Whether each entry is a domain.
    fit: bool,
    /// Whether there is any entry.
    any: bool,
}

impl Told {
    fn add(&mut self, line: &Line) {
        self.any = true;
        match line {
            Line::Domain(row) => {
                self.code = self.code.max(match row.severity {
                    Some(Severity::Error) => exit::ERRORS,
                    Some(Severity::Warning) => exit::WARNINGS,
                    _ => exit::OK,
                });
                self.complete &= row.complete;
            }
            Line::Unfit(_) => self.fit = false,
            Line::Gone(_) => {}
        }
    }

    /// The exit code; `own` is that of the form or of the comparison with an earlier run.
    fn exit(&self, own: Option<u8>, format: Format) -> u8 {
        match (self.fit, self.complete) {
            _ if format == Format::Nagios => own.unwrap_or(nagios::UNKNOWN),
            (false, _) => exit::USAGE,
            // What got worse is told before what could not be seen.
            _ if own.is_some_and(|own| own > exit::OK) => own.unwrap_or_default(),
            (true, false) => exit::UNAVAILABLE,
            (true, true) => own.unwrap_or(self.code),
        }
    }
}

/// Writes what comes.
struct Writer<'a> {
    args: &'a Args,
    settings: &'a Settings,
    rows: &'a RefCell<Rows>,
    told: &'a mut Told,
    document: json::Document,
    terminal: &'a mut Terminal,
}

impl Writer<'_> {
    /// Writes what came of an entry; or says why nothing is to go on: nothing where nobody reads the output any more.
    fn take(&mut self, done: Done) -> Result<(), String> {
        let Done { number, line, came, .. } = done;
        match came {
            Ok(seen) => self.domain(number, line, &seen),
            Err(unfit) => self.unfit(number, line, &unfit),
        }
        match self.terminal.is_broken() {
            true => Err(String::new()),
            false => self.rows.borrow().stand(),
        }
    }

    fn domain(&mut self, number: u64, line: Option<u64>, seen: &Seen) {
        let Seen { looked, assessment } = seen;
        let ignoring = self.settings.for_domain(&looked.facts.domain);
        let mut row = Row::new(number, line, assessment, looked);
        row.ignore(&ignoring);
        let link = self.args.share.then(|| facts::link(&looked.facts, &self.args.home));
        let long = link.as_ref().and_then(|link| length_advice(link.chars().count()));
        if let Some(long) = long {
            self.terminal.complain(&format!("{}: {long}", looked.facts.domain));
        }
        let link = link.as_deref();
        let is_first = !self.told.any;
        self.row(Line::Domain(Box::new(row)));
        match self.args.format {
            Format::Text if self.args.beside.since.is_none() => {
                if !is_first {
                    self.terminal.print("\n");
                }
                text::print(assessment, looked, link, &ignoring, self.terminal);
                // A long list is read while it comes.
                self.terminal.flush();
            }
            Format::Json => {
                let entry = json::entry(assessment, looked, link, &ignoring);
                self.terminal.print(&self.document.check(&entry));
            }
            _ => {}
        }
    }

    fn unfit(&mut self, number: u64, line: Option<u64>, unfit: &Unfit) {
        let Unfit { text, why } = unfit;
        let file = self.args.file.as_deref().unwrap_or(Path::new("-")).to_string_lossy();
        let (name, at) = (visible(&file), line.unwrap_or_default());
        let row = row::Unfit::new(number, line, text, why);
        self.terminal.complain(&format!("{name}, line {at}: {} is {why}", visible(&row.text)));
        if self.args.format == Format::Json {
            self.document.unfit(line, unfit);
        }
        self.row(Line::Unfit(row));
    }

    fn row(&mut self, line: Line) {
        self.told.add(&line);
        self.rows.borrow_mut().add(line, self.terminal);
    }
}
