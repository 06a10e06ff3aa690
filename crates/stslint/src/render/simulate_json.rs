//! The walk of a message as data for programs. While `schema` is 1, members may come, none changes its
//! meaning or goes.

use super::simulate::{Told, gained};
use crate::senders::scenarios::{Label, Scenario};
use crate::senders::{Party, Step};
use serde::Serialize;

/// The document.
#[derive(Debug, Serialize)]
pub struct Document<'t> {
    schema: u32,
    stslint: &'static str,
    domain: &'t str,
    sender: &'static str,
    scenario: Option<About>,
    #[serde(flatten)]
    content: Content<'t>,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Content<'t> {
    One(Box<Entry<'t>>),
    Cases { cases: Vec<Entry<'t>> },
}

#[derive(Debug, Serialize)]
struct About {
    name: &'static str,
    title: &'static str,
    about: &'static str,
}

#[derive(Debug, Serialize)]
struct Entry<'t> {
    case: Option<&'static str>,
    outcome: Outcome<'t>,
    words: String,
    gain: Option<Gained>,
    assumed: Vec<String>,
    steps: Vec<OneStep>,
}

/// As the conformance vectors of kind `sender` have it.
#[derive(Debug, Serialize)]
struct Outcome<'t> {
    result: &'static str,
    via: Option<&'t str>,
    events: Vec<&'static str>,
}

#[derive(Debug, Serialize)]
struct Gained {
    what: &'static str,
    words: &'static str,
}

#[derive(Debug, Serialize)]
struct OneStep {
    from: String,
    to: String,
    act: &'static str,
    course: &'static str,
    clause: &'static str,
    attacked: bool,
    assumed: bool,
    words: String,
    departs: Vec<String>,
}

impl<'t> Document<'t> {
    /// The document about one walk.
    pub fn of_walk(told: &Told<'t>) -> Self {
        Self::new(told, None, Content::One(Box::new(entry(None, told))))
    }

    /// The document about a scenario; none without cases.
    pub fn of_scenario(scenario: &Scenario, cases: &[(Label, Told<'t>)]) -> Option<Self> {
        let (_, first) = cases.first()?;
        let Scenario { name, title, about, .. } = *scenario;
        let cases = cases.iter().map(|(label, told)| entry(Some(label.word()), told)).collect();
        Some(Self::new(first, Some(About { name, title, about }), Content::Cases { cases }))
    }

    fn new(told: &Told<'t>, scenario: Option<About>, content: Content<'t>) -> Self {
        let (domain, sender) = (&told.setting.domain[..], told.model.name);
        Self { schema: 1, stslint: crate::VERSION, domain, sender, scenario, content }
    }
}

fn entry<'t>(case: Option<&'static str>, told: &Told<'t>) -> Entry<'t> {
    let (setting, walk) = (told.setting, told.walk);
    let via = walk.via.and_then(|index| setting.hosts.get(index)).map(|host| &host.name[..]);
    Entry {
        case,
        outcome: Outcome {
            result: walk.delivery.word(),
            via,
            events: walk.events.iter().map(|event| event.word()).collect(),
        },
        words: told.outcome(),
        gain: walk.gain.map(|gain| Gained { what: gain.word(), words: gained(gain) }),
        assumed: setting.assumed.iter().map(|what| told.assumed(*what)).collect(),
        steps: walk.steps.iter().map(|step| one(step, told)).collect(),
    }
}

fn one(step: &Step, told: &Told) -> OneStep {
    let party = |party: Party| match party {
        Party::PolicyHost => "policy-host".to_owned(),
        Party::Dns => "dns".to_owned(),
        party => told.party(party),
    };
    OneStep {
        from: party(step.from),
        to: party(step.to),
        act: step.act.word(),
        course: step.course.word(),
        clause: step.clause,
        attacked: step.attacked,
        assumed: step.assumed,
        words: told.step(step),
        departs: step.departs.iter().map(|departure| told.departure(*departure)).collect(),
    }
}
