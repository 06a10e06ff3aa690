//! The software: crates in this program, and packages of other languages behind a pipe.

use crate::case::{Case, Kind, Said};
use mail_auth::common::parse::TxtRecordParser as _;
use mail_auth::mta_sts::MtaSts;
use mailrs_mta_sts::{Policy, PolicyMode, StsRecord, mx_matches};
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use stslint::policy::Mode;
use stslint::senders::model::{Effective, Model};
use stslint::senders::models::MODELS;

/// Software, and the model of it.
pub struct Software {
    /// Its name in its registry.
    pub name: &'static str,
    /// Its release.
    pub version: String,
    /// Where it comes from.
    pub registry: &'static str,
    /// The model.
    pub model: &'static Model,
    /// What it can be asked about.
    pub kinds: &'static [Kind],
    ask: Ask,
}

enum Ask {
    Crate(fn(&Case) -> Said),
    Driver(Driver),
}

impl Software {
    /// All of it. `python` has the package of PyPI.
    pub fn all(python: &str) -> Vec<Self> {
        let folder = |file: &str| format!("{}/{file}", env!("CARGO_MANIFEST_DIR"));
        let crate_ = |name, model, kinds, ask| Self {
            name,
            version: locked(name),
            registry: "crates.io",
            model: model_of(model),
            kinds,
            ask: Ask::Crate(ask),
        };
        let package = |name, registry, kinds, program, script| {
            let (driver, version) = Driver::start(program, &folder(script));
            let model = model_of(name);
            Self { name, version, registry, model, kinds, ask: Ask::Driver(driver) }
        };
        vec![
            package(
                "postfix-mta-sts-resolver",
                "PyPI",
                &[Kind::Policies, Kind::Records],
                python,
                "drivers/pypi.py",
            ),
            crate_("mail-auth", "Stalwart", &[Kind::Records], mail_auth),
            package("mailauth", "npm", &Kind::ALL, "node", "drivers/npm.js"),
            crate_("mailrs-mta-sts", "mailrs", &Kind::ALL, mailrs),
        ]
    }

    /// What it says.
    pub fn says(&mut self, case: &Case) -> Said {
        match &mut self.ask {
            Ask::Crate(ask) => ask(case),
            Ask::Driver(driver) => driver.ask(case),
        }
    }
}

fn model_of(name: &str) -> &'static Model {
    MODELS.iter().find(|model| model.name == name).expect("there is a model of it")
}

/// The release of a crate, from the lock file of this program.
fn locked(name: &str) -> String {
    let mut lines = include_str!("../Cargo.lock").lines();
    lines.find(|line| *line == format!("name = \"{name}\"")).expect("it is locked");
    let version = lines.next().and_then(|line| line.split('"').nth(1));
    version.expect("a version").to_owned()
}

/// A program that reads a line for each input, and writes what its software says.
struct Driver {
    program: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
}

impl Driver {
    /// Starts it; the first that it writes is the release.
    fn start(program: &str, script: &str) -> (Self, String) {
        let mut command = Command::new(program);
        command.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{program}: {error}"));
        let to = child.stdin.take();
        let from = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut driver = Self { program: child, to, from };
        let first = driver.line();
        let version = first["version"].as_str().unwrap_or_else(|| panic!("{script} says {first}"));
        let version = version.to_owned();
        (driver, version)
    }

    fn ask(&mut self, case: &Case) -> Said {
        // What ends a line is not the same for everybody.
        let line = in_ascii(&case.to_json().to_string());
        let to = self.to.as_mut().expect("it is open");
        to.write_all(line.as_bytes()).and_then(|()| to.write_all(b"\n")).expect("it reads");
        let said = self.line();
        Said::from_json(&said).unwrap_or_else(|| panic!("{line} is answered by {said}"))
    }

    fn line(&mut self) -> Value {
        let mut line = String::new();
        self.from.read_line(&mut line).expect("it writes UTF-8");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{line:?} is written: {error}"))
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // It ends at the end of its input.
        drop(self.to.take());
        let _ = self.program.wait();
    }
}

/// JSON with escapes for what is outside ASCII.
fn in_ascii(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_ascii() {
            out.push(c);
            continue;
        }
        let mut units = [0; 2];
        let units = c.encode_utf16(&mut units).iter();
        out.extend(units.map(|unit| format!("\\u{unit:04x}")));
    }
    out
}

/// The mode with a name.
pub fn mode(word: &str) -> Option<Mode> {
    [Mode::Enforce, Mode::Testing, Mode::None].into_iter().find(|mode| mode.word() == word)
}

/// Records are all that the library has of MTA-STS. Of several, the server takes the first that is one.
fn mail_auth(case: &Case) -> Said {
    let Case::Records(records) = case else { panic!("it reads records only") };
    let mut why = String::from("no record");
    for record in records {
        match MtaSts::parse(record) {
            Ok(found) => return Said::Found(found.id),
            Err(error) => why = error.to_string(),
        }
    }
    Said::Nothing(why)
}

/// What is HTTP and DNS, the crate leaves to its caller: this one goes by RFC 8461 as the caller in the model
/// does.
fn mailrs(case: &Case) -> Said {
    match case {
        Case::Policy { status, media_type, body } => {
            let essence = media_type.as_deref().and_then(|value| value.split(';').next());
            let plain = |essence: &str| essence.trim().eq_ignore_ascii_case("text/plain");
            if *status != 200 || !essence.is_some_and(plain) {
                return Said::Rejected("not asked".into());
            }
            match Policy::parse(&String::from_utf8_lossy(body)) {
                Ok(policy) => Said::Accepted(Effective {
                    mode: Some(match policy.mode {
                        PolicyMode::Enforce => Mode::Enforce,
                        PolicyMode::Testing => Mode::Testing,
                        PolicyMode::None => Mode::None,
                    }),
                    mx: policy.mx.iter().map(ToString::to_string).collect(),
                    max_age: policy.max_age,
                }),
                Err(error) => Said::Rejected(error.to_string()),
            }
        }
        Case::Records(records) => {
            let texts = records.iter().map(|record| String::from_utf8_lossy(record));
            let read: Vec<_> = texts.map(|text| StsRecord::parse(&text)).collect();
            let mut found = read.iter().flatten();
            match (found.next(), found.next()) {
                (Some(record), None) => Said::Found(record.id.to_string()),
                (Some(_), Some(_)) => Said::Nothing("several".into()),
                (None, _) => Said::Nothing(format!("{:?}", read.first())),
            }
        }
        Case::Name { pattern, name } => Said::Match(mx_matches(name, pattern)),
    }
}
