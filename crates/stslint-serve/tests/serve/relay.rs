//! A relay in a small Internet on loopback.

use serde_json::Value;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Mutex, mpsc};
use std::time::Duration;
use stslint_serve::{Config, Limits, Rate, Resolver, Source};
use stslint_testnet::POLICY;
use stslint_testnet::ca::{self, Flaw};
use stslint_testnet::dns::{Record, Rtype, Say, World};
use stslint_testnet::servers::{self, Reply};
use tokio::sync::mpsc as channel;

/// A public address, which a route leads to this machine.
pub(crate) const PUBLIC: &str = "198.41.0.4";

/// A relay that runs until this is dropped.
pub(crate) struct Relay {
    pub(crate) address: SocketAddr,
    stop: channel::Sender<()>,
    done: Mutex<mpsc::Receiver<()>>,
}

/// An answer of a relay.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) status: u16,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: Vec<u8>,
}

/// What a relay is to be like, and what it finds.
pub(crate) struct Setting {
    pub(crate) world: World,
    pub(crate) config: Config,
}

impl Setting {
    /// Nothing to find, and no limits but those of size.
    pub(crate) fn empty() -> Self {
        let mut config = Config {
            listen: ([127, 0, 0, 1], 0).into(),
            page: Source::None,
            timeout: Duration::from_secs(20),
            grace: Duration::from_secs(10),
            ..Config::default()
        };
        let none = Rate::per_minute(0);
        config.limits = Limits { client: none, domain: none, address: none, ..config.limits };
        config.limits.looks_per_client = 1000;
        config.test.closed = true;
        config.test.roots = vec![ca::root()];
        Self { world: World::default(), config }
    }

    /// example.com, where all is well.
    pub(crate) fn good() -> Self {
        Self::with_host(Flaw::None, text_plain(POLICY))
    }

    /// example.com, with this policy host.
    pub(crate) fn with_host(flaw: Flaw, reply: Reply) -> Self {
        let tls = ca::server(&["mta-sts.example.com"], flaw);
        Self::with_server(servers::http(Some(tls), move |target| match target {
            "/.well-known/mta-sts.txt" => reply.clone(),
            _ => panic!("nobody asks for {target}"),
        }))
    }

    /// example.com, with whatever answers there.
    pub(crate) fn with_server(server: SocketAddr) -> Self {
        let mut setting = Self::empty();
        setting.host("example.com", PUBLIC);
        setting.route(&format!("{PUBLIC}:443"), server);
        setting
    }

    /// The policy host of a domain has this address.
    pub(crate) fn host(&mut self, domain: &str, ip: &'static str) {
        let record = if ip.contains(':') { Record::Aaaa(ip) } else { Record::A(ip) };
        let rtype = if ip.contains(':') { Rtype::AAAA } else { Rtype::A };
        self.world.say(&format!("mta-sts.{domain}"), rtype, Say::Records(vec![record]));
    }

    pub(crate) fn route(&mut self, from: &str, to: SocketAddr) {
        self.config.test.routes.insert(from.parse().expect("an address"), to);
    }

    pub(crate) fn with(mut self, change: impl FnOnce(&mut Config)) -> Self {
        change(&mut self.config);
        self
    }

    pub(crate) fn start(self) -> Relay {
        let mut config = self.config;
        if config.resolver == Resolver::System {
            config.resolver = Resolver::Server(self.world.serve_udp());
        }
        let (stop, stopped) = channel::channel(2);
        let (tell, ready) = mpsc::channel();
        let (finish, done) = mpsc::channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(async {
                let server = stslint_serve::bind(config).await.expect("it can listen");
                tell.send(server.address().expect("an address")).expect("somebody waits");
                server.run(stopped).await;
            });
            runtime.shutdown_background();
            let _ = finish.send(());
        });
        Relay { address: ready.recv().expect("it started"), stop, done: Mutex::new(done) }
    }
}

impl Relay {
    pub(crate) fn get(&self, target: &str) -> Told {
        self.ask("GET", target, &[])
    }

    pub(crate) fn get_with(&self, target: &str, headers: &[(&str, &str)]) -> Told {
        self.ask("GET", target, headers)
    }

    pub(crate) fn ask(&self, method: &str, target: &str, headers: &[(&str, &str)]) -> Told {
        ask(self.address, method, target, headers)
    }

    /// Asks for something that no client lets through: the target goes out as it is.
    pub(crate) fn get_raw(&self, target: &str) -> Told {
        use std::io::{Read, Write};
        let mut stream = std::net::TcpStream::connect(self.address).expect("it listens");
        let head = format!("GET {target} HTTP/1.1\r\nHost: relay\r\nConnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).expect("it reads");
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let text = String::from_utf8_lossy(&answer).into_owned();
        let status = text.split(' ').nth(1).and_then(|status| status.parse().ok());
        Told { status: status.unwrap_or(0), headers: HashMap::new(), body: answer }
    }

    /// The look at the policy host of a domain.
    pub(crate) fn policy(&self, domain: &str) -> Value {
        let told = self.get(&format!("/relay/v1/policy?domain={domain}"));
        assert_eq!(told.status, 200, "{}", told.text());
        told.json()
    }

    /// Asks it to end, without waiting.
    pub(crate) fn stop(&self) {
        let _ = self.stop.try_send(());
    }

    /// Waits until it has ended.
    pub(crate) fn wait(&self) {
        let done = self.done.lock().expect("nobody else waits");
        done.recv_timeout(Duration::from_secs(60)).expect("it ends");
    }
}

/// Asks somebody who speaks HTTP.
pub(crate) fn ask(
    address: SocketAddr,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
) -> Told {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .allow_non_standard_methods(true)
        .timeout_global(Some(Duration::from_secs(120)))
        .build()
        .into();
    let mut request =
        ureq::http::Request::builder().method(method).uri(format!("http://{address}{target}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut response = agent.run(request.body(()).expect("a request")).expect("an answer");
    let status = response.status().as_u16();
    let text = |value: &ureq::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into();
    let headers =
        response.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
    let body = response.body_mut().read_to_vec().expect("a body");
    Told { status, headers, body }
}

impl Told {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

/// A policy as it should be served.
pub(crate) fn text_plain(policy: &str) -> Reply {
    Reply::http("200 OK", &[("Content-Type", "text/plain")], policy.as_bytes())
}
