//! The walk of a message, a scenario and a timeline in words.

mod sentences;

use super::senders::shown;
use super::words::duration;
use crate::result_type::ResultType;
use crate::senders::model::Model;
use crate::senders::scenarios::{Label, Scenario};
use crate::senders::{
    Act, Assumed, Delivery, Departure, Gain, Mail, Party, Policy, Setting, Step, Walk,
};
use sentences::{by, cache, certificate, policy, report, tlsa};

/// A walk with all that its words need.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// The setting that the message went through.
    pub setting: &'a Setting,
    /// The model of the sender.
    pub model: &'a Model,
    /// Its way.
    pub walk: &'a Walk,
}

impl<'a> Told<'a> {
    /// The name of the host of this index.
    pub fn host(&self, index: usize) -> String {
        self.setting.hosts.get(index).map_or_else(String::new, |host| shown(&host.name))
    }

    /// Who takes part, as a name for a column or a row.
    pub fn party(&self, party: Party) -> String {
        match party {
            Party::Sender => "sender".into(),
            Party::Dns => "DNS".into(),
            Party::PolicyHost => self.policy_host(),
            Party::Mx(index) => self.host(index),
            Party::Attacker => "attacker".into(),
            Party::Reports => "reports".into(),
        }
    }

    fn policy_host(&self) -> String {
        format!("mta-sts.{}", shown(self.setting.policy_domain()))
    }

    fn record(&self) -> String {
        format!("_mta-sts.{}", shown(self.setting.policy_domain()))
    }

    /// What happens in a step, as a sentence.
    pub fn step(&self, step: &Step) -> String {
        let host = |index: &usize| self.host(*index);
        match &step.act {
            Act::PolicyDomain { smart_host } => self.policy_domain(*smart_host),
            Act::Cache(copy) => cache(copy),
            Act::Record(Some(id)) if id.is_empty() => {
                format!("There is a record at {}.", self.record())
            }
            Act::Record(Some(id)) => {
                format!("The record at {} has the id {}.", self.record(), shown(id))
            }
            Act::Record(None) if step.attacked => {
                format!("The attacker keeps the record at {} away.", self.record())
            }
            Act::Record(None) => format!("There is no usable record at {}.", self.record()),
            Act::SameId => "The id is that of the copy.".into(),
            Act::Fetch(answer) => self.fetch(answer, step.attacked),
            Act::TooShort => "The sender does not heed a policy with so short a lifetime.".into(),
            Act::Policy(mode, origin) => policy(*mode, *origin),
            Act::Hosts(mail, _) => self.hosts(*mail, step.attacked),
            Act::Tlsa(index, dane) => tlsa(&host(index), *dane, step.course),
            Act::Match(index, Some(pattern)) => {
                format!("The pattern {} stands for {}.", shown(pattern), host(index))
            }
            Act::Match(index, None) => {
                format!("No pattern of the policy stands for {}.", host(index))
            }
            Act::Connect(index, true) => format!("The sender connects to {}.", host(index)),
            Act::Connect(index, false) => format!("{} can't be reached.", host(index)),
            Act::Starttls(index, true) => format!("{} offers STARTTLS.", host(index)),
            Act::Starttls(index, false) if step.attacked => {
                format!("The attacker takes STARTTLS out of what {} offers.", host(index))
            }
            Act::Starttls(index, false) => format!("{} does not offer STARTTLS.", host(index)),
            Act::Authenticate(index, true) => {
                format!("A TLSA record matches the certificate of {}.", host(index))
            }
            Act::Authenticate(index, false) => {
                format!("No TLSA record matches the certificate of {}.", host(index))
            }
            Act::Certificate(index, fault) => certificate(&host(index), *fault),
            Act::Skip(index) => {
                format!("{} counts as unreachable: it must not get the message.", host(index))
            }
            Act::Pass(index) => {
                format!("The policy is in mode testing: that alone does not stop {}.", host(index))
            }
            Act::Deliver(index, how) => {
                format!("{} gets the message {}.", host(index), by(*how))
            }
            Act::LookAgain(Some(id)) => {
                format!("The sender looks for a new policy and finds the id {}.", shown(id))
            }
            Act::LookAgain(None) if step.departs.contains(&Departure::NoLook) => {
                "The sender does not look for a new policy.".into()
            }
            Act::LookAgain(None) if step.attacked => {
                "The sender looks for a new policy, and the attacker keeps the record away.".into()
            }
            Act::LookAgain(None) => "The sender looks for a new policy and finds none.".into(),
            Act::Queue => "The message stays in the queue and is tried again later.".into(),
            Act::Return => "The message goes back to its author at once.".into(),
            Act::Report(events) => report(events, step.course),
        }
    }

    fn policy_domain(&self, smart_host: bool) -> String {
        let (of, domain) = (shown(self.setting.policy_domain()), shown(&self.setting.domain));
        match smart_host {
            true => format!(
                "The mail for {domain} goes to the smart host {of}: the policy of {of} counts, not that of {domain}."
            ),
            false => format!("The mail is for {domain}: the policy of {domain} counts."),
        }
    }

    fn fetch(&self, answer: &Result<Policy, ResultType>, attacked: bool) -> String {
        let host = self.policy_host();
        match answer {
            Ok(policy) => {
                let age = duration(policy.max_age);
                format!("{host} gives a policy in mode {}, for {age}.", policy.mode.word())
            }
            Err(_) if attacked => format!("The attacker keeps {host} away."),
            Err(ResultType::StsPolicyInvalid) => {
                format!("What {host} gives is not a policy for the sender.")
            }
            Err(ResultType::StsWebpkiInvalid) => {
                format!("The certificate of {host} is not accepted.")
            }
            Err(_) => format!("No policy can be fetched from {host}."),
        }
    }

    fn hosts(&self, mail: Mail, attacked: bool) -> String {
        let hosts = &self.setting.hosts;
        let names: Vec<String> = hosts.iter().map(|host| shown(&host.name)).collect();
        let names = names.join(", ");
        match mail {
            _ if attacked => format!("The attacker answers for DNS: the mail goes to {names}."),
            Mail::Null => "A null MX says that the domain takes no mail.".into(),
            _ if names.is_empty() => "Who takes the mail can't be looked up.".into(),
            _ if self.setting.smart_host.is_some() => format!("The smart host is {names}."),
            Mail::Implicit => format!("There is no MX record: {names} itself takes the mail."),
            Mail::Hosts if hosts.len() == 1 => format!("The mail goes to {names}."),
            Mail::Hosts => format!("The mail goes to the first of these that takes it: {names}."),
        }
    }

    /// Where the sender goes its own way, as a sentence.
    pub fn departure(&self, departure: Departure) -> String {
        let name = self.model.name;
        match departure {
            Departure::Accepts => format!("{name} uses the policy, which RFC 8461 rejects."),
            Departure::CertificateNames => format!(
                "{name} compares the patterns with the names of the certificate, not with the name of the host."
            ),
            Departure::DaneElsewhere => {
                format!("{name} does not look at TLSA records.")
            }
            Departure::DaneReplaced => {
                format!(
                    "With {name} an enforced policy takes the place of DANE, which RFC 8461 forbids."
                )
            }
            Departure::DropsWithoutFetch => format!(
                "{name} goes on without its copy when the new policy can't be fetched; RFC 8461 has the copy apply."
            ),
            Departure::DropsWithoutRecord => format!(
                "{name} goes on without its copy when there is no record; RFC 8461 has the copy apply."
            ),
            Departure::FetchesAgain => format!("{name} fetches the policy all the same."),
            Departure::FindsRecord => {
                format!("{name} takes these records for MTA-STS; RFC 8461 does not.")
            }
            Departure::Lifetime(seconds) => format!(
                "{name} keeps the policy for another time; by RFC 8461 it is {}.",
                duration(seconds)
            ),
            Departure::Matches => format!("{name} compares names otherwise than RFC 8461."),
            Departure::MissesRecord => {
                format!("{name} has no use for these records; RFC 8461 has.")
            }
            Departure::Mode(mode) => {
                format!("{name} reads another mode; by RFC 8461 it is {}.", mode.word())
            }
            Departure::NamesFirst => format!(
                "{name} passes over a host that the policy does not name, whatever its TLSA records."
            ),
            Departure::NoLook => {
                format!("{name} does not look at the record as long as its copy lives.")
            }
            Departure::Patterns => format!("{name} reads other mx patterns than RFC 8461."),
            Departure::Rejects => format!("{name} rejects the policy, which RFC 8461 takes."),
            Departure::Renews => {
                format!("With {name} the lifetime of the copy begins anew, without a fetch.")
            }
        }
    }

    /// What nobody looked up, as a sentence.
    pub fn assumed(&self, what: Assumed) -> String {
        let thing = match what {
            Assumed::Record => format!("the record at {}", self.record()),
            Assumed::Policy => format!("the policy at {}", self.policy_host()),
            Assumed::Hosts => "who takes the mail".into(),
            Assumed::Connection(index) => format!("whether {} can be reached", self.host(index)),
            Assumed::Starttls(index) => format!("STARTTLS at {}", self.host(index)),
            Assumed::Certificate(index) => format!("the certificate of {}", self.host(index)),
            Assumed::Tlsa(index) => {
                format!("whether the TLSA records of {} are in order", self.host(index))
            }
            Assumed::Reports => "whether the domain asks for reports".into(),
        };
        format!("Not looked up and taken to be good: {thing}.")
    }

    /// To whom the message is, and who sends it, as a heading.
    pub fn head(&self) -> String {
        format!("A message to {}, sent by {}", shown(&self.setting.domain), self.model.name)
    }

    /// What becomes of the message, as a sentence.
    pub fn outcome(&self) -> String {
        let via = self.walk.via.map(|index| self.host(index)).unwrap_or_default();
        match self.walk.delivery {
            Delivery::Deferred => "The message is deferred.".into(),
            Delivery::RejectedNullMx => "The message goes back: the domain takes no mail.".into(),
            how => {
                let counts = |step: &Step| step.assumed && !matches!(step.act, Act::Report(_));
                let start = match self.walk.steps.iter().any(counts) {
                    true => "If what was not looked up is good, the message",
                    false => "The message",
                };
                format!("{start} is delivered to {via} {}.", by(how))
            }
        }
    }

    /// The walk for a terminal, with what of it nobody looked up.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for what in &self.setting.assumed {
            out.push_str(&format!("{}\n", self.assumed(*what)));
        }
        for (number, step) in self.walk.steps.iter().enumerate() {
            let number = number + 1;
            out.push_str(&format!("{number:>3}. {} [{}]\n", self.step(step), step.clause));
            for departure in &step.departs {
                out.push_str(&format!("     Its own way: {}\n", self.departure(*departure)));
            }
            if step.assumed {
                out.push_str("     Not looked up: taken to be good.\n");
            }
        }
        out.push_str(&format!("=> {}", self.outcome()));
        if let Some(gain) = self.walk.gain {
            out.push_str(&format!(" {}", gained(gain)));
        }
        out.push('\n');
        out
    }
}

/// What an attacker has of it, as a sentence.
pub const fn gained(gain: Gain) -> &'static str {
    match gain {
        Gain::Nothing => "The attacker gains nothing by it.",
        Gain::Delays => "The attacker delays it and reads nothing.",
        Gain::Reads => "The attacker reads it on its way and can change it.",
        Gain::Takes => "The attacker has it.",
    }
}

/// What makes a case differ from the others of its scenario, as a heading.
pub const fn label(label: Label) -> &'static str {
    match label {
        Label::Policy => "With the policy as it is",
        Label::Enforced => "If the policy were enforced",
        Label::NoPolicy => "Without a policy",
        Label::Copy => "With a copy of the policy",
        Label::First => "First message, without a copy",
        Label::Wrong => "Done wrongly",
        Label::Mended => "Done wrongly, and mended while the message waits",
        Label::Right => "Done rightly",
        Label::SmartHostPolicy => "The smart host has a policy",
        Label::SmartHostNoPolicy => "The smart host has no policy",
    }
}

/// A scenario for a terminal: what becomes of the message in each case, and then the way there.
pub fn scenario(scenario: &Scenario, cases: &[(Label, Told)]) -> String {
    let mut out = format!("{}\n{}\n", scenario.title, scenario.about);
    if let Some((_, told)) = cases.first() {
        out.push_str(&format!("{}\n\n", told.head()));
    }
    for (is, told) in cases {
        out.push_str(&format!("{}: {}", label(*is), told.outcome()));
        if let Some(gain) = told.walk.gain {
            out.push_str(&format!(" {}", gained(gain)));
        }
        out.push('\n');
    }
    for (is, told) in cases {
        out.push_str(&format!("\n{}\n{}", label(*is), told.text()));
    }
    out
}
