//! The choices of what to publish and when, and how they are written in an address: `#/setup?domain=…&mx=…&mode=…`,
//! `#/plan?domain=…&goal=…&from=…`. Pure.

use stslint::plan::Act;
use stslint::report::aggregate::Day;

/// What somebody chose, as it was typed. Empty words are what is proposed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Choices {
    /// The domain.
    pub(crate) domain: String,
    /// Its MX hosts.
    pub(crate) mx: String,
    /// Whether a provider's hosts are named by wildcards.
    pub(crate) naming: String,
    /// The mode.
    pub(crate) mode: String,
    /// The lifetime, in seconds.
    pub(crate) max_age: String,
    /// Where reports are to go.
    pub(crate) rua: String,
    /// How records are written.
    pub(crate) format: String,
    /// What serves the policy.
    pub(crate) host: String,
    /// What a plan is to reach.
    pub(crate) goal: String,
    /// The day on which the plan begins.
    pub(crate) from: String,
    /// The MX hosts that are to come.
    pub(crate) new_mx: String,
    /// The policy that was served before the plan began.
    pub(crate) was: String,
    /// The record at `_mta-sts` of that time.
    pub(crate) record: String,
    /// The TTL of that record in its zone, in seconds.
    pub(crate) ttl: String,
    /// Since when the policy is in mode testing.
    pub(crate) testing_since: String,
    /// The domain whose policy and MX hosts this one shares.
    pub(crate) alias_of: String,
    /// Steps that are done and their days: `add-mx=2026-12-03,…`.
    pub(crate) done: String,
}

/// What can happen.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    /// Somebody chose something else.
    Choose(Choices),
}

/// Does what an action asks for.
pub(crate) fn update(choices: &mut Choices, action: Action) {
    let Action::Choose(chosen) = action;
    *choices = chosen;
}

impl Choices {
    fn fields(&mut self) -> [(&'static str, &mut String); 17] {
        [
            ("domain", &mut self.domain),
            ("mx", &mut self.mx),
            ("naming", &mut self.naming),
            ("mode", &mut self.mode),
            ("max_age", &mut self.max_age),
            ("rua", &mut self.rua),
            ("format", &mut self.format),
            ("host", &mut self.host),
            ("goal", &mut self.goal),
            ("from", &mut self.from),
            ("new_mx", &mut self.new_mx),
            ("was", &mut self.was),
            ("record", &mut self.record),
            ("ttl", &mut self.ttl),
            ("testing_since", &mut self.testing_since),
            ("alias_of", &mut self.alias_of),
            ("done", &mut self.done),
        ]
    }

    /// The steps that are done and their days; what is none of that is passed over.
    pub(crate) fn done(&self) -> Vec<(Act, Day)> {
        let read = |entry: &str| {
            let (act, day) = entry.split_once('=')?;
            Some((Act::from_word(act)?, Day::read(day)?))
        };
        self.done.split(',').filter_map(read).collect()
    }

    /// Says on which day a step was done, if it was.
    pub(crate) fn set_done(&mut self, act: Act, day: Option<Day>) {
        let mut done = self.done();
        done.retain(|(known, _)| *known != act);
        done.extend(day.map(|day| (act, day)));
        let words = done.iter().map(|(act, day)| [act.word(), "=", &day.to_string()].concat());
        self.done = words.collect::<Vec<_>>().join(",");
    }

    /// What the part of an address behind its `?` says; what has no meaning there is passed over.
    pub(crate) fn read(query: &str) -> Self {
        let mut choices = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            if let Some((_, field)) = choices.fields().into_iter().find(|(known, _)| *known == name)
            {
                *field = value.into_owned();
            }
        }
        choices
    }

    /// The part of an address behind its `?` that says them.
    pub(crate) fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in self.clone().fields() {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        query.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_was_chosen() {
        for query in [
            "",
            "domain=example.com",
            "domain=example.com&mx=a.example.com%0Ab.example.com&mode=enforce",
        ] {
            assert_eq!(Choices::read(query).query(), query);
        }
        assert_eq!(Choices::read("colour=red&domain="), Choices::default());
    }

    #[test]
    fn a_step_is_done_on_one_day() {
        let day = |text| Day::read(text);
        let mut choices = Choices::read("done=add-mx%3D2026-12-01,nonsense,observe%3D2026-13-01");
        let december = day("2026-12-01").expect("a day");
        assert_eq!(choices.done(), [(Act::AddMx, december)]);
        choices.set_done(Act::Observe, day("2026-12-05"));
        choices.set_done(Act::AddMx, day("2026-12-02"));
        assert_eq!(choices.done, "observe=2026-12-05,add-mx=2026-12-02");
        choices.set_done(Act::Observe, None);
        assert_eq!(choices.done, "add-mx=2026-12-02");
    }
}
