//! `stslint check`

mod facts;
mod json;
mod look;
mod text;

use crate::exit;
use crate::lint::{domain, home};
use crate::pattern::Format;
use crate::terminal::Terminal;
use look::Look;
use std::io::Read;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;
use stslint::finding::Severity;
use stslint::live::check::{Check, Options, Scope};
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
    /// Check the domains in this file too, one on each line; `-` is standard input
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Who answers DNS questions: a name (cloudflare, google, dnssb, ffmuc), or an address for DNS
    /// over HTTPS (RFC 8484) by HTTP/1.1
    #[arg(long, value_name = "NAME|URL", default_value = "cloudflare", value_parser = resolver)]
    resolver: Chosen,
    /// Connect to the mail hosts too, and look at STARTTLS and certificates. No mail is sent
    #[arg(long)]
    smtp: bool,
    /// The port of the mail hosts
    #[arg(long, value_name = "PORT", default_value_t = 25, requires = "smtp")]
    smtp_port: u16,
    /// Most time for each request and each session, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    timeout: Duration,
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
    /// For tests: trust the authorities in this file too
    #[arg(long, value_name = "FILE", hide = true)]
    test_ca: Option<PathBuf>,
    /// For tests: connect to a port of this machine instead of an address, as FROM=TO
    #[arg(long, value_name = "FROM=TO", hide = true, value_parser = Test::route)]
    test_route: Vec<(SocketAddr, SocketAddr)>,
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
/// beats it.
pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> u8 {
    let mut domains = args.domains.clone();
    if let Some(file) = &args.file {
        match from_file(file) {
            Ok(more) => domains.extend(more),
            Err((code, why)) => {
                terminal.complain(&why);
                return code;
            }
        }
    }
    let mut seen = std::collections::HashSet::new();
    domains.retain(|domain| seen.insert(domain.clone()));
    let roots = match args.test_ca.as_deref().map(Test::authorities).transpose() {
        Ok(roots) => roots.unwrap_or_default(),
        Err(why) => {
            terminal.complain(&format!("can't read the authorities: {why}"));
            return exit::NO_INPUT;
        }
    };
    let routes = args.test_route.iter().copied().collect();
    let net = Arc::new(Net::new(args.timeout, Test { roots, routes, closed: false }));
    let look = Look {
        resolver: Resolver::new(&net, &args.resolver.url),
        resolver_name: args.resolver.name.clone(),
        smtp_port: args.smtp_port,
        net,
    };

    let mut code = exit::OK;
    let mut complete = true;
    let mut entries = Vec::new();
    let options = Options { scope: Scope::Domain, fetch: true, smtp: args.smtp, by_address: true };
    let mut checks = Vec::new();
    for (i, domain) in domains.iter().enumerate() {
        let Some(check) = Check::new(u32::try_from(i).unwrap_or(u32::MAX), domain, options) else {
            terminal.complain(&format!("{domain} is not a name that a policy host can have"));
            return exit::USAGE;
        };
        checks.push(check);
    }
    in_order(
        &checks,
        |check| look::look(&look, check.clone()),
        |i, looked| {
            let assessment = judge(&looked.facts);
            code = code.max(match assessment.worst() {
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
            match args.format {
                Format::Text => {
                    if i > 0 {
                        terminal.print("\n");
                    }
                    text::print(&assessment, &looked, link, terminal);
                }
                Format::Json => entries.push(json::entry(&assessment, &looked, link)),
            }
        },
    );
    if args.format == Format::Json {
        terminal.print(&json::document(entries));
        terminal.print("\n");
    }
    let slowed = look.resolver.slowed();
    if slowed > 0 {
        let times = if slowed == 1 { "once" } else { "several times" };
        let name = visible(&args.resolver.name);
        terminal.complain(&format!("{name} limits requests and was asked again, slower, {times}"));
    }
    if complete { code } else { exit::UNAVAILABLE }
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

/// The domains in a file. Empty lines and what follows `#` say nothing.
fn from_file(file: &Path) -> Result<Vec<String>, (u8, String)> {
    let name = visible(&file.to_string_lossy());
    let mut content = String::new();
    let outcome = if file.as_os_str() == "-" {
        std::io::stdin().lock().read_to_string(&mut content).map(drop)
    } else {
        std::fs::read_to_string(file).map(|text| content = text)
    };
    outcome.map_err(|error| (exit::NO_INPUT, format!("can't read {name}: {error}")))?;
    let mut domains = Vec::new();
    for (i, line) in content.lines().enumerate() {
        let text = line.split('#').next().unwrap_or(line).trim();
        if text.is_empty() {
            continue;
        }
        match domain(text) {
            Ok(domain) => domains.push(domain),
            Err(why) => {
                let text = visible(text);
                return Err((exit::USAGE, format!("{name}, line {}: {text} is {why}", i + 1)));
            }
        }
    }
    Ok(domains)
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
