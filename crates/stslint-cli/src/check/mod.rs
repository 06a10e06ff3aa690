//! `stslint check`

mod facts;
mod json;
mod junit;
mod list;
mod look;
mod nagios;
mod prometheus;
mod row;
mod rows;
mod since;
mod text;

use crate::exit;
use crate::lint::{domain, home};
use crate::settings::{self, Settings};
use crate::terminal::Terminal;
use junit::Suite;
use list::{List, Unfit};
pub(crate) use look::{Look, look};
use nagios::Plugin;
use prometheus::Metrics;
use row::{Line, Row, Severity};
use rows::{Out, Rows};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;
use stslint::live::check::{Options, Scope};
use stslint::live::judge;
use stslint::share::length_advice;
use stslint::text::visible;
use stslint_doh::resolvers::{self, RESOLVERS, Resolver as Known};
use stslint_net::doh::Resolver;
use stslint_net::{Net, Test};

/// Most domains that are looked up at the same time.
const AT_ONCE: usize = 4;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Domains to check
    #[arg(value_name = "DOMAIN", value_parser = domain, required_unless_present = "file")]
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
    fn rows(&self) -> Result<Rows, (u8, String)> {
        let Beside { since, save, certificate_days: days } = &self.beside;
        let out = match self.format {
            Format::Text if since.is_some() => Out::Changes,
            Format::Json | Format::Prometheus | Format::Nagios if since.is_some() => {
                let why = "--since goes with --format text, ndjson, junit and github";
                return Err((exit::USAGE, why.into()));
            }
            Format::Text | Format::Json => Out::Nothing,
            Format::Ndjson => Out::Ndjson,
            Format::Prometheus => Out::Prometheus(Metrics::default()),
            Format::Github => Out::Github,
            Format::Junit => Out::Junit(Suite::default()),
            Format::Nagios => Out::Nagios(Plugin::new(*days)),
        };
        Rows::new(out, since.as_deref(), save.as_deref(), *days)
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
    /// Who answers DNS questions: a name (cloudflare, google, dnssb, ffmuc), or an address for DNS
    /// over HTTPS (RFC 8484) by HTTP/1.1
    #[arg(long, value_name = "NAME|URL", default_value = "cloudflare", value_parser = resolver)]
    resolver: Chosen,
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
    /// The authorities can't be read: why, as a sentence ends.
    pub(crate) fn look(&self, smtp_port: u16) -> Result<Look, String> {
        let roots = self.test_ca.as_deref().map(Test::authorities).transpose()?.unwrap_or_default();
        let routes = self.test_route.iter().copied().collect();
        let net = Arc::new(Net::new(self.timeout, Test { roots, routes, closed: false }));
        Ok(Look {
            resolver: Resolver::new(&net, &self.resolver.url),
            resolver_name: self.resolver.name.clone(),
            smtp_port,
            net,
        })
    }
}

/// A resolver that was chosen.
#[derive(Clone, Debug)]
pub(crate) struct Chosen {
    pub(crate) name: String,
    pub(crate) url: String,
}

pub(crate) fn resolver(text: &str) -> Result<Chosen, String> {
    if let Some(known) = Known::by_id(text) {
        if known.http2_only {
            // Quad9 dropped HTTP/1.1 in December 2025.
            return Err(format!("{} answers by HTTP/2 only, which is not spoken here", known.name));
        }
        return Ok(Chosen { name: known.name.into(), url: known.url.into() });
    }
    if resolvers::is_address(text) {
        return Ok(Chosen { name: text.to_owned(), url: text.to_owned() });
    }
    if text.starts_with("http://") {
        return Err("a resolver needs https:// (http:// only on this machine)".into());
    }
    let ids: Vec<&str> =
        RESOLVERS.iter().filter(|known| !known.http2_only).map(|known| known.id).collect();
    Err(format!("not known; use an https:// address or one of: {}", ids.join(", ")))
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
    let mut list = List::new(options);
    args.domains.iter().for_each(|domain| list.add(domain, None));
    if let Some(Unfit { text, why, .. }) = list.unfit.first() {
        terminal.complain(&format!("{text} is {why}"));
        return exit::USAGE;
    }
    if let Some(file) = &args.file {
        let name = visible(&file.to_string_lossy());
        match list::content(file) {
            Ok(content) => list.read(&content),
            Err(error) => {
                terminal.complain(&format!("can't read {name}: {error}"));
                return exit::NO_INPUT;
            }
        }
        for Unfit { line, text, why } in &list.unfit {
            let line = line.unwrap_or_default();
            terminal.complain(&format!("{name}, line {line}: {} is {why}", visible(text)));
        }
        if list.checks.is_empty() && list.unfit.is_empty() {
            terminal.complain(&format!("there is no domain in {name}"));
        }
    }
    let settings = match Settings::of(&args.settings, terminal) {
        Ok(settings) => settings,
        Err(code) => return code,
    };
    let mut rows = match args.rows() {
        Ok(rows) => rows,
        Err((code, why)) => {
            terminal.complain(&why);
            return code;
        }
    };
    let look = match args.network.look(args.smtp_port) {
        Ok(look) => look,
        Err(why) => {
            terminal.complain(&format!("can't read the authorities: {why}"));
            return exit::NO_INPUT;
        }
    };

    let mut code = exit::OK;
    let mut complete = true;
    let mut entries = Vec::new();
    in_order(
        &list.checks,
        |check| self::look(&look, check.clone()),
        |i, looked| {
            let assessment = judge(&looked.facts);
            let ignoring = settings.for_domain(&looked.facts.domain);
            let mut row = Row::new(i as u64 + 1, None, &assessment, &looked);
            row.ignore(&ignoring);
            code = code.max(match row.severity {
                Some(Severity::Error) => exit::ERRORS,
                Some(Severity::Warning) => exit::WARNINGS,
                _ => exit::OK,
            });
            complete &= looked.unseen.is_empty();
            let link = args.share.then(|| facts::link(&looked.facts, &args.home));
            let long = link.as_ref().and_then(|link| length_advice(link.chars().count()));
            if let Some(long) = long {
                terminal.complain(&format!("{}: {long}", looked.facts.domain));
            }
            let link = link.as_deref();
            rows.add(Line::Domain(Box::new(row)), terminal);
            match args.format {
                Format::Text if args.beside.since.is_none() => {
                    if i > 0 {
                        terminal.print("\n");
                    }
                    text::print(&assessment, &looked, link, &ignoring, terminal);
                    // A long list is read while it comes.
                    terminal.flush();
                }
                Format::Json => entries.push(json::entry(&assessment, &looked, link, &ignoring)),
                _ => {}
            }
        },
    );
    if args.format == Format::Json {
        terminal.print(&json::document(entries, &list.unfit));
        terminal.print("\n");
    }
    for (i, Unfit { line, text, why }) in list.unfit.iter().enumerate() {
        let number = (list.checks.len() + i) as u64 + 1;
        let unfit = row::Unfit::new(number, line.map(|line| line as u64), text, why);
        rows.add(Line::Unfit(unfit), terminal);
    }
    let own = match rows.finish(true, terminal) {
        Ok(own) => own,
        Err(why) => {
            terminal.complain(&why);
            return exit::IO;
        }
    };
    let slowed = look.resolver.slowed();
    if slowed > 0 {
        let times = if slowed == 1 { "once" } else { "several times" };
        let name = visible(&look.resolver_name);
        terminal.complain(&format!("{name} limits requests and was asked again, slower, {times}"));
    }
    match (list.unfit.is_empty(), complete) {
        _ if args.format == Format::Nagios => own.unwrap_or(nagios::UNKNOWN),
        (false, _) => exit::USAGE,
        // What got worse is told before what could not be seen.
        _ if own.is_some_and(|own| own > exit::OK) => own.unwrap_or_default(),
        (true, false) => exit::UNAVAILABLE,
        (true, true) => own.unwrap_or(code),
    }
}

/// Works on some items at the same time and hands the results on in the order of the items.
fn in_order<T: Sync, R: Send>(
    items: &[T],
    work: impl Fn(&T) -> R + Sync,
    mut take: impl FnMut(usize, R),
) {
    let next = Mutex::new(items.iter().enumerate());
    let (sender, receiver) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(items.len()) {
            let sender = sender.clone();
            scope.spawn(|| {
                let sender = sender;
                loop {
                    let item = next.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let Some((i, item)) = item else { break };
                    if sender.send((i, work(item))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut waiting = std::collections::BTreeMap::new();
        let mut due = 0;
        for (i, result) in receiver {
            waiting.insert(i, result);
            while let Some(result) = waiting.remove(&due) {
                take(due, result);
                due += 1;
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::resolver;

    #[test]
    fn a_resolver_is_known_or_private_on_the_way() {
        let url = |text| resolver(text).map(|chosen| chosen.url);
        assert_eq!(url("cloudflare").as_deref(), Ok("https://cloudflare-dns.com/dns-query"));
        for own in ["https://dns.example/q", "http://localhost:8053/q", "http://[::1]:8053/q"] {
            assert_eq!(url(own).as_deref(), Ok(own));
        }
        assert!(url("http://dns.example/q").is_err_and(|why| why.contains("needs https://")));
        assert!(url("quad9").is_err_and(|why| why.contains("HTTP/2 only")));
        assert!(url("https://").is_err_and(|why| why.contains("not known")));
    }
}
