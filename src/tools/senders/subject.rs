//! About which policy senders are asked: that of the text in the field, or the one that a check of the domain saw.

use crate::route::Route;
use crate::state::State;
use crate::text::{Given, Settings, Source};
use std::borrow::Cow;
use std::rc::Rc;
use stslint::agree::{of_answer, verdict};
use stslint::found::found;
use stslint::live::Publishing;
use stslint::live::facts::{Facts, Fetched, Records};
use stslint::render::senders::{Line, Told};
use stslint::senders::model::Answer;
use stslint::senders::verdict::Standing;
use stslint::{Form, Kind};

/// A policy, and what is known besides.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    /// The policy, or the answer that holds it.
    pub(super) source: Rc<Source>,
    /// How it is read.
    pub(super) settings: Settings,
    /// Its MX hosts; none where they are not known.
    pub(super) hosts: Vec<String>,
    /// The TXT records at `_mta-sts`, where they are known.
    pub(super) records: Option<Vec<String>>,
    /// Whether it stands in the field.
    pub(super) is_text: bool,
    /// Status and media type of the answer with the policy, where a check saw them.
    answer: Seen,
}

/// Status and media type of an answer, as [`Answer`] has them.
type Seen = (Option<u16>, Option<Option<String>>);

impl PartialEq for Subject {
    fn eq(&self, other: &Self) -> bool {
        // That of a check, or inside another text, is made anew each time.
        let (one, two) = (&self.source, &other.source);
        let same = || {
            Rc::ptr_eq(one, two)
                || one.bytes == two.bytes
                    && one.line_ends_known == two.line_ends_known
                    && one.file_name == two.file_name
        };
        same()
            && self.answer == other.answer
            && self.settings == other.settings
            && self.hosts == other.hosts
            && self.records == other.records
            && self.is_text == other.is_text
    }
}

impl Subject {
    /// What the page is about, if that is a policy.
    pub(super) fn of(state: &State) -> Option<Self> {
        let check = state.chunks.check.loaded();
        let facts = |domain: &str| check.and_then(|check| (check.facts)(state, domain));
        if let Route::Desk(domain) = &state.places.route {
            let facts = facts(domain)?;
            let Fetched::Response(response) = &facts.fetch.known()?.outcome else { return None };
            let body = response.body.clone().filter(|body| !body.is_empty())?;
            let source = Source::exact(body, !response.line_ends_lost, &Source::default());
            let settings = Settings {
                declared: Some(Kind::Policy.into()),
                domain: domain.clone(),
                ascii_domain: Some(domain.clone()),
                ..Settings::default()
            };
            let media = response.header("Content-Type").map(str::to_owned);
            let answer = (
                (response.status != 0).then_some(response.status),
                response.headers.as_ref().map(|_| media),
            );
            return Some(Self::made(Rc::new(source), settings, Some(facts), Some(answer)));
        }
        let text = &state.text;
        let report = &text.analysis.report;
        if !is_policy(state) {
            return None;
        }
        let facts = text.domain().as_deref().and_then(facts);
        let mut settings = text.settings.clone();
        let source = match report.form {
            // What stands around a policy is nothing that senders get.
            Form::Inside => {
                let found = found(&settings.input(&text.linted, &text.given));
                let inside = found.answer.or(found.policy)?;
                settings.declared = Some(Kind::Policy.into());
                Rc::new(Source::exact(inside.into_bytes(), false, &Source::default()))
            }
            _ => Rc::clone(&text.linted),
        };
        Some(Self::made(source, settings, facts, None))
    }

    /// `answer` is that of a check; without one the policy stands in the field.
    fn made(
        source: Rc<Source>,
        settings: Settings,
        facts: Option<&Facts>,
        answer: Option<Seen>,
    ) -> Self {
        Self {
            source,
            settings,
            hosts: facts.map(hosts).unwrap_or_default(),
            records: facts.and_then(records),
            is_text: answer.is_none(),
            answer: answer.unwrap_or_default(),
        }
    }

    /// What all models make of it; none where the engine does not take it for a policy.
    pub(super) fn judged(&self, given: &Given) -> Option<Judged> {
        let source = self.as_served();
        let input = self.settings.input(&source, given);
        let hosts: Vec<&str> = self.hosts.iter().map(String::as_str).collect();
        let records: Option<Vec<&str>> =
            self.records.as_ref().map(|records| records.iter().map(String::as_str).collect());
        let verdict = match self.is_text {
            true => verdict(&input, records.as_deref(), &hosts).ok()?,
            false => {
                let (status, media) = &self.answer;
                let content_type = media.as_ref().map(Option::as_deref);
                let answer = Answer { status: *status, content_type, body: &source.bytes };
                of_answer(&input, answer, records.as_deref(), &hosts)
            }
        };
        let told = Told {
            source: &source.bytes,
            verdict: &verdict,
            records: records.as_deref(),
            hosts: &hosts,
        };
        let repair = verdict.repair.as_ref().zip(told.repair()).map(|(repair, words)| Repaired {
            words,
            text: repair.text.clone(),
            all: repair.after.strays() == 0,
        });
        let mut lines = told.lines();
        if source.bytes.len() != self.source.bytes.len() {
            for at in lines.iter_mut().filter_map(|line| line.at.as_mut()) {
                *at -= source.bytes[..*at].iter().filter(|byte| **byte == b'\r').count();
            }
        }
        let standing = verdict.matrix.standing();
        Some(Judged { points: told.points(), lines, repair, standing })
    }

    /// The policy as it would be served: of a text whose line ends are not known, with those that RFC 8461 §3.2 has.
    pub(super) fn as_served(&self) -> Cow<'_, Source> {
        match self.source.line_ends_known {
            true => Cow::Borrowed(&self.source),
            false => Cow::Owned(Source::exact(self.source.with_crlf(), false, &self.source)),
        }
    }
}

/// Whether the text in the field is a policy, or has one in it, of which there may be only a part.
pub(super) fn is_policy(state: &State) -> bool {
    let first = state.text.analysis.report.artefacts.first();
    first.is_some_and(|first| first.kind == Kind::Policy) && !state.text.is_blank()
}

/// What all models make of a policy.
#[derive(Debug)]
pub(super) struct Judged {
    /// What is to be said of policy, records and hosts.
    pub(super) points: [Vec<String>; 3],
    /// A row for each model, the standard first.
    pub(super) lines: Vec<Line>,
    /// What makes more of them agree.
    pub(super) repair: Option<Repaired>,
    /// What it comes to.
    pub(super) standing: Standing,
}

/// A policy of which more senders make the same.
#[derive(Debug)]
pub(super) struct Repaired {
    /// What was done, and what it comes to.
    pub(super) words: String,
    /// The policy.
    pub(super) text: Vec<u8>,
    /// Whether all make the same of it.
    pub(super) all: bool,
}

impl Judged {
    /// Whether most senders use the policy, whatever the standard says of it.
    pub(super) fn is_mostly_used(&self) -> bool {
        let used = self.lines.iter().skip(1).filter(|line| line.used).count();
        used * 2 > self.lines.len()
    }
}

/// Most hosts that are compared.
const HOSTS: usize = 20;

fn hosts(facts: &Facts) -> Vec<String> {
    Publishing::of(facts).hosts.into_iter().take(HOSTS).collect()
}

/// The records with their strings joined.
fn records(facts: &Facts) -> Option<Vec<String>> {
    let answer = facts.sts.known()?;
    match answer.data() {
        Some(Records::Seen(records)) => {
            Some(records.iter().map(|strings| strings.concat()).collect())
        }
        // None is known as well as one.
        None if answer.is_empty() => Some(Vec::new()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::tests::whole;

    const POLICY: &str =
        "version: STSv1\nmode: enforce\nmx: mail.acme-mail.net\nmax_age: 2592000\n";

    #[test]
    fn a_policy_inside_another_text_is_asked_about_alone() {
        let mail = ["This is what we publish:\n\n", POLICY, "\nIs it right?\n"].concat();
        let both =
            [POLICY, "\n_mta-sts.acme-mail.net. IN TXT \"v=STSv1; id=20260101;\"\n"].concat();
        for text in [POLICY, &mail, &both] {
            let state = whole(text);
            let subject = Subject::of(&state).expect(text);
            assert_eq!(subject, Subject::of(&state).expect(text), "it is asked about once");
            let judged = subject.judged(&state.text.given).expect(text);
            assert!(judged.points[0][0].starts_with("all 12 senders"), "{:?}", judged.points);
            let source = subject.source.display.text.as_str();
            assert_eq!(source.trim_end(), POLICY.trim_end());
        }
        let command = "$ curl -sS -i https://mta-sts.acme-mail.net/.well-known/mta-sts.txt\n";
        let head = "HTTP/2 200\ncontent-type: text/html\n\n";
        let dig = "$ dig +short TXT _mta-sts.acme-mail.net\n\"v=STSv1; id=1;\"\n";
        let state = whole(&[command, head, POLICY, dig].concat());
        let judged = Subject::of(&state).and_then(|subject| subject.judged(&state.text.given));
        let judged = judged.expect("there is a policy");
        assert_eq!(judged.standing, Standing::Rejected, "of an answer the media type counts");
        let part = ["```\n", &POLICY.replace("mx: ", "{{ mx: "), "```\n"].concat();
        let state = whole(&part);
        assert!(is_policy(&state) && Subject::of(&state).is_none());
        assert!(!is_policy(&whole("")) && !is_policy(&whole("v=STSv1; id=1;")));
    }
}
