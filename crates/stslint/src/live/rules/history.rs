//! The present state beside an earlier one (RFC 8461 §3.1, §8.1).

use super::{About, Notes};
use crate::finding::Severity;
use crate::live::deployment::Deployment;
use crate::rule::{Rule, Words, words};
use crate::{Input, Kind, policy};

pub(super) const RULES: &[&Rule] =
    &[&POLICY_CHANGED_SAME_ID, &ID_CHANGED_POLICY_SAME, &LOWER_MAX_AGE];

pub(super) fn check(deployment: &Deployment, notes: &mut Notes) {
    let Some(before) = &deployment.facts.previous else { return };
    let now = deployment.facts.current.clone().unwrap_or_else(|| deployment.snapshot());
    // Nobody keeps a copy of a web page.
    let is_page = |text: &&String| text.trim_start().starts_with('<');
    let [old, new] =
        [&before.policy, &now.policy].map(|text| text.as_ref().filter(|t| !is_page(t)));
    let same_id = before.id.as_ref().zip(now.id.as_ref()).map(|(old, new)| old == new);
    let texts = old.zip(new);
    let same_policy = texts.map(|(old, new)| lines(old) == lines(new));
    match (same_id, same_policy) {
        (Some(true), Some(false)) => {
            let proposal = deployment.facts.now.and_then(crate::time::compact);
            let found = notes.add(&POLICY_CHANGED_SAME_ID, About::History).at(&["id"]);
            found.name(now.id.as_deref().unwrap_or_default());
            if let Some(id) = proposal {
                found.publish(format!(
                    "_mta-sts.{}. IN TXT \"v=STSv1; id={id};\"",
                    deployment.facts.domain
                ));
            }
        }
        (Some(false), Some(true)) => {
            notes.add(&ID_CHANGED_POLICY_SAME, About::History).at(&["id"]);
        }
        _ => {}
    }
    let ages = texts.and_then(|(old, new)| max_age(old).zip(max_age(new)));
    if let Some((old, new)) = ages.filter(|(old, new)| new < old) {
        notes.add(&LOWER_MAX_AGE, About::History).at(&["policy_text"]).number(old).number(new);
    }
}

/// The lines of a policy: how lines end makes no other policy.
fn lines(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    while lines.last().is_some_and(|line| line.is_empty()) {
        lines.pop();
    }
    lines
}

fn max_age(text: &str) -> Option<u64> {
    let input = Input { kind: Some(Kind::Policy), ..Input::new(text.as_bytes()) };
    policy::lint(&input).0.max_age
}

/// A short policy for examples, as a JSON string.
macro_rules! text {
    ($mode:literal, $max_age:literal) => {
        concat!(
            "\"version: STSv1\\nmode: ",
            $mode,
            "\\nmx: mail.example.com\\nmax_age: ",
            $max_age,
            "\\n\""
        )
    };
}

/// An earlier and a present state, for examples.
macro_rules! states {
    ($id:literal $mode:literal $max_age:literal => $new_id:literal $new_mode:literal $new_max_age:literal) => {
        $crate::rule::Example::new(
            $crate::Kind::Live,
            concat!(
                "{\n  \"domain\": \"example.com\",\n  \"previous\": { \"id\": \"",
                $id,
                "\", \"policy_text\": ",
                text!($mode, $max_age),
                " },\n  \"current\": { \"id\": \"",
                $new_id,
                "\", \"policy_text\": ",
                text!($new_mode, $new_max_age),
                " }\n}\n"
            ),
        )
    };
}

static POLICY_CHANGED_SAME_ID: Rule = Rule {
    code: "LIVE-100",
    name: "policy-changed-same-id",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "The policy has changed, but its id is still `{0}`",
    words: words(Words {
        why: "The id tells senders which policy they have. While it stays the same, they see no reason to fetch \
          the policy again.",
        effect: "Senders with a copy use the old policy until they refresh it of their own accord.",
        help: "Publish a new id, for example the current time in UTC, once the new policy is served everywhere.",
        clause: "RFC 8461 §3.1, §8.1: the id names one policy and changes with it",
        fails: states!("1" "testing" "604800" => "1" "enforce" "604800"),
        passes: Some(states!("1" "testing" "604800" => "2" "enforce" "604800")),
    }),
};

static ID_CHANGED_POLICY_SAME: Rule = Rule {
    code: "LIVE-101",
    name: "id-changed-policy-same",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "The id has changed, the policy has not",
    words: words(Words {
        why: "Senders only fetch the same policy again. That is useful when they may have cached a wrong one.",
        effect: "Senders fetch the policy once more.",
        help: "Nothing to do.",
        clause: "RFC 8461 §3.1: senders fetch the policy when the id changes",
        fails: states!("1" "enforce" "604800" => "2" "enforce" "604800"),
        passes: None,
    }),
};

static LOWER_MAX_AGE: Rule = Rule {
    code: "LIVE-102",
    name: "lower-max-age-not-retroactive",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "max_age went down from {0} to {1}; copies that senders have keep the old one",
    words: words(Words {
        why: "A sender keeps its copy for the time that this copy says, until it sees a new id.",
        effect: "Senders that do not see the new id use the old policy for its full lifetime.",
        help: "Change the id with the policy. Before you remove MTA-STS, wait for the old max_age.",
        clause: "RFC 8461 §8.3: copies stay in use until their own max_age has passed",
        fails: states!("1" "enforce" "2592000" => "2" "enforce" "604800"),
        passes: None,
    }),
};

#[cfg(test)]
mod pictures {
    use crate::carets::live;

    #[test]
    fn policy_changed_same_id() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "previous": { "id": "1", "policy_text": "version: STSv1\nmode: testing\nmx: mail.example.com\nmax_age: 604800\n" },
              "current": { "id": "1", "policy_text": "version: STSv1\nmode: enforce\nmx: mail.example.com\nmax_age: 604800\n" }
                                 ^^^ LIVE-100
            }
            "#,
        );
    }

    #[test]
    fn id_changed_policy_same() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "previous": { "id": "1", "policy_text": "version: STSv1\nmode: enforce\nmx: mail.example.com\nmax_age: 604800\n" },
              "current": { "id": "2", "policy_text": "version: STSv1\nmode: enforce\nmx: mail.example.com\nmax_age: 604800\n" }
                                 ^^^ LIVE-101
            }
            "#,
        );
    }

    #[test]
    fn lower_max_age_not_retroactive() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "previous": { "id": "1", "policy_text": "version: STSv1\nmode: enforce\nmx: mail.example.com\nmax_age: 2592000\n" },
              "current": { "id": "2", "policy_text": "version: STSv1\nmode: enforce\nmx: mail.example.com\nmax_age: 604800\n" }
                                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ LIVE-102
            }
            "#,
        );
    }
}
