//! MX hosts against the mx patterns of the policy (RFC 8461 §4.1), and the MX records themselves.

use super::policy_host::is_private;
use super::{About, Notes};
use crate::build::providers;
use crate::finding::Severity;
use crate::host::{self, Match};
use crate::live::deployment::{Deployment, Mail};
use crate::live::facts::{Answer, Fact, Host, Lookup};
use crate::policy::{Mode, Values};
use crate::rule::{Rule, Words, words};

pub(super) const RULES: &[&Rule] = &[
    &MX_NOT_COVERED,
    &NO_MX_COVERED,
    &MX_NOT_COVERED_TESTING,
    &UNUSED_MX_PATTERN,
    &POLICY_MODE_NONE_LIVE,
    &MX_NOT_COVERED_UNANNOUNCED,
];

pub(super) const MORE_RULES: &[&Rule] = &[
    &NULL_MX_WITH_POLICY,
    &NULL_MX_NOT_ALONE,
    &NO_MX_RECORDS,
    &MX_TARGET_IS_CNAME,
    &MX_TARGET_UNRESOLVABLE,
    &MX_PRIVATE_ADDRESS,
    &MX_IPV6_ONLY,
    &NO_MX_NO_POLICY,
];

/// The best that the patterns make of a host: the pattern that covers it, or the nearest miss.
pub(crate) fn coverage(patterns: &[String], host: &str) -> (Match, Option<usize>) {
    let matches = || patterns.iter().map(|pattern| host::matches(pattern, host)).enumerate();
    let covering = matches().find(|(_, found)| found.covers());
    let near = || matches().find(|(_, found)| matches!(found, Match::TooDeep | Match::TooShallow));
    match covering.or_else(near) {
        Some((index, found)) => (found, Some(index)),
        None => (matches().next().map_or(Match::Different, |(_, found)| found), None),
    }
}

pub(super) fn check(deployment: &Deployment, notes: &mut Notes) {
    records(deployment, notes);
    if deployment.mail == Mail::Null {
        null_mx(deployment, notes);
    } else if let Some((values, mode)) = deployment.active() {
        patterns(deployment, values, mode, notes);
    }
    if let Fact::Known(Some(Values { mode: Some(Mode::None), .. })) = deployment.policy
        && !deployment.unannounced()
    {
        notes.add(&POLICY_MODE_NONE_LIVE, About::Policy).at(&["mode"]);
    }
    for name in deployment.mail.hosts() {
        target(deployment, name, notes);
    }
    ipv6_only(deployment, notes);
}

/// 076.
fn ipv6_only(deployment: &Deployment, notes: &mut Notes) {
    let Mail::Hosts(hosts) = &deployment.mail else { return };
    let has_no_other = |name: &String| {
        deployment.facts.hosts.get(name).is_some_and(|Host { addresses, .. }| {
            addresses.a.known().is_some_and(Answer::is_empty) && addresses.all().next().is_some()
        })
    };
    if hosts.iter().all(has_no_other) {
        notes.add(&MX_IPV6_ONLY, About::Mx).name(&hosts.join(", "));
    }
}

/// 060 to 063, 073.
fn patterns(deployment: &Deployment, values: &Values, mode: Mode, notes: &mut Notes) {
    let hosts = deployment.mail.hosts();
    if hosts.is_empty() {
        return;
    }
    let unannounced = deployment.unannounced();
    let lenient = mode == Mode::Testing || unannounced;
    // No line of a policy covers an address: the MX record has to be changed, which another rule says.
    let named = hosts.iter().filter(|host| lenient || !host::is_address(host));
    let named = named.map(|host| (host, coverage(&values.mx, host).0));
    let (covered, missed): (Vec<(&String, Match)>, Vec<_>) =
        named.partition(|(_, found)| found.covers());
    let hint = |found: Match| match found {
        Match::TooDeep | Match::TooShallow => "; a wildcard stands for exactly one label",
        _ => "",
    };
    let line = |host: &str| format!("mx: {host}");
    if lenient {
        let rule = if mode == Mode::Testing {
            &MX_NOT_COVERED_TESTING
        } else {
            &MX_NOT_COVERED_UNANNOUNCED
        };
        for (host, found) in &missed {
            let about = About::Host((*host).clone());
            let found = notes.add(rule, about).name(host).words(hint(*found));
            if !host::is_address(host) {
                found.publish(line(host));
            }
        }
    } else if covered.is_empty() && !missed.is_empty() {
        let names: Vec<&str> = missed.iter().map(|(host, _)| host.as_str()).collect();
        let near = missed.iter().map(|(_, found)| hint(*found)).find(|hint| !hint.is_empty());
        let lines: Vec<String> = names.iter().map(|name| line(name)).collect();
        notes
            .add(&NO_MX_COVERED, About::Mx)
            .name(&names.join(", "))
            .words(near.unwrap_or_default())
            .publish(lines.join("\n"));
    } else {
        for (host, found) in &missed {
            let about = About::Host((*host).clone());
            let found = notes.add(&MX_NOT_COVERED, about).name(host).words(hint(*found));
            found.publish(line(host));
        }
    }
    for pattern in providers::idle(hosts, &values.mx) {
        notes.add(&UNUSED_MX_PATTERN, About::Pattern(pattern.clone())).name(&pattern);
    }
}

/// 064.
fn null_mx(deployment: &Deployment, notes: &mut Notes) {
    let opted_out = match deployment.policy.known() {
        Some(Some(values)) => values.mode == Some(Mode::None),
        _ => !deployment.announced(),
    };
    if !opted_out {
        notes.add(&NULL_MX_WITH_POLICY, About::Mx).name(&deployment.facts.domain);
    }
}

/// 065, 066, 077.
fn records(deployment: &Deployment, notes: &mut Notes) {
    let list = deployment.facts.mx.known().and_then(|answer| answer.data());
    let mut null = list.into_iter().flatten().filter(|mx| mx.is_null());
    if let Some(first) = null.next()
        && (list.is_some_and(|list| list.len() > 1) || first.preference != 0)
    {
        notes.add(&NULL_MX_NOT_ALONE, About::Mx);
    }
    let Mail::Implicit(_) = deployment.mail else { return };
    let domain = &deployment.facts.domain;
    if deployment.policy_host_is_idle() {
        notes.add(&NO_MX_NO_POLICY, About::Mx).name(domain);
    } else {
        let found = notes.add(&NO_MX_RECORDS, About::Mx).name(domain);
        found.publish(format!("{domain}. IN MX 10 {domain}."));
    }
}

/// 067, 068, 075.
fn target(deployment: &Deployment, name: &str, notes: &mut Notes) {
    if host::is_address(name) {
        notes
            .add(&MX_TARGET_UNRESOLVABLE, About::Host(name.into()))
            .name(name)
            .words("is an address, not a name");
        return;
    }
    // The domain itself, in lack of MX records: it has addresses, or it would not be here.
    let Some(host) = deployment.facts.hosts.get(name) else { return };
    let why = match host.addresses.outcome() {
        Fact::Known(Lookup::NxDomain) => Some("does not exist"),
        Fact::Known(Lookup::NoData) => Some("has no address"),
        Fact::Known(Lookup::Broken(_)) => Some("is an alias that leads nowhere"),
        _ => None,
    };
    let is_seen = |fact: &&Fact<Answer<_>>| fact.known().is_some_and(|a| a.failure().is_none());
    let known = host.addresses.both().iter().all(is_seen);
    let mut all = host.addresses.all();
    // Senders try each address, so one that can be reached is enough.
    if let (true, Mail::Hosts(_), Some(first)) = (known, &deployment.mail, all.next())
        && is_private(&first)
        && all.all(|address| is_private(&address))
    {
        notes
            .add(&MX_PRIVATE_ADDRESS, About::Host(name.into()))
            .name(name)
            .words(first.to_string());
    }
    if let Some(why) = why {
        notes.add(&MX_TARGET_UNRESOLVABLE, About::Host(name.into())).name(name).words(why);
    } else if let Some(chain) = host.addresses.alias.known().filter(|chain| !chain.is_empty()) {
        let target = chain.last().filter(|target| !target.is_empty());
        let words =
            target.map_or_else(|| "another name".into(), |t| format!("`{}`", super::shown(t)));
        notes.add(&MX_TARGET_IS_CNAME, About::Host(name.into())).name(name).words(words);
    }
}

static MX_NOT_COVERED: Rule = Rule {
    code: "LIVE-060",
    name: "mx-not-covered",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: None,
    message: "No mx pattern covers the MX host `{0}`{1}",
    words: words(Words {
        why: "Each MX host has to match a pattern of the policy. A host of lower priority is noticed only when \
          the first one fails, which is when it is needed.",
        effect: "Senders treat this host as unreachable and report a failure. Mail waits whenever only such \
          hosts can be reached.",
        help: "Add an `mx:` line for the host, publish the policy, then change the id.",
        clause: "RFC 8461 §4.1, §5: a host that matches no pattern must not get mail",
        fails: facts!(
            r#""policy": { "mode": "enforce", "mx": ["mail.example.com"], "max_age": 1209600 }"#,
            r#""mx": [[10, "mail.example.com"], [20, "backup.example.net"]]"#
        ),
        passes: Some(good!()),
    }),
};

static NO_MX_COVERED: Rule = Rule {
    code: "LIVE-061",
    name: "no-mx-covered",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: None,
    message: "The policy covers none of the MX hosts ({0}){1}",
    words: words(Words {
        why: "Typical after a move to another mail provider without a change of the policy.",
        effect: "Senders with MTA-STS deliver nothing: mail waits and is eventually returned.",
        help: "Replace the `mx:` lines with the current MX hosts, publish the policy, then change the id.",
        clause: "RFC 8461 §5: with enforce, a host that matches no pattern must not get mail",
        fails: facts!(
            r#""policy": { "mode": "enforce", "mx": ["mail.example.com"], "max_age": 1209600 }"#,
            r#""mx": [[10, "mx.provider.example"]]"#
        ),
        passes: Some(good!()),
    }),
};

pub(crate) static MX_NOT_COVERED_TESTING: Rule = Rule {
    code: "LIVE-062",
    name: "mx-not-covered-testing",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "No mx pattern covers the MX host `{0}`; with `enforce` it would get no mail{1}",
    words: words(Words {
        why: "In mode `testing` this only leads to reports. With `enforce`, senders do not deliver to the host. Where MX records \
          stand beside a policy in a text, they are compared as if they were all of the domain's.",
        effect: "With `testing`, senders deliver and report a failure. With `enforce`, mail for this host waits.",
        help: "Add an `mx:` line for the host before you enforce the policy.",
        clause: "RFC 8461 §4.1, §5: with testing, mail is delivered and the failure reported",
        fails: facts!(
            r#""policy": { "mode": "testing", "mx": ["mail.example.com"], "max_age": 604800 }"#,
            r#""mx": [[10, "mail.example.com"], [20, "backup.example.net"]]"#
        ),
        passes: Some(good!()),
    }),
};

static UNUSED_MX_PATTERN: Rule = Rule {
    code: "LIVE-063",
    name: "unused-mx-pattern",
    severity: Severity::Advice,
    breaks_grammar: false,
    fix: None,
    message: "The mx pattern `{0}` covers none of the MX hosts",
    words: words(Words {
        why: "It is left from earlier or misspelt. The fewer hosts a policy allows, the less an attacker can do.",
        effect: "None.",
        help: "Keep it while you move to that host; otherwise remove it.",
        clause: "RFC 8461 §10.4, §8.1: keep the policy tight; keep both during a move",
        fails: facts!(
            r#""policy": { "mode": "enforce", "mx": ["mail.example.com", "old.example.com"], "max_age": 1209600 }"#,
            r#""mx": [[10, "mail.example.com"]]"#
        ),
        passes: Some(good!()),
    }),
};

static NULL_MX_WITH_POLICY: Rule = Rule {
    code: "LIVE-064",
    name: "null-mx-with-policy",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` accepts no mail (null MX), so MTA-STS serves no purpose",
    words: words(Words {
        why: "The MX record `0 .` says that the domain takes no mail at all.",
        effect: "Senders return mail at once and never look for a policy.",
        help: "Remove MTA-STS by way of mode `none`, unless a security profile asks for it on parked domains.",
        clause: "RFC 7505 §3, §4.1: a null MX; RFC 8461 §4",
        fails: facts!(
            r#""sts_txt": "ok""#,
            r#""policy": { "mode": "enforce", "mx": ["mail.example.com"], "max_age": 1209600 }"#,
            r#""mx": [[0, "."]]"#
        ),
        passes: Some(facts!(r#""sts_txt": "absent""#, r#""policy": null"#, r#""mx": [[0, "."]]"#)),
    }),
};

static NULL_MX_NOT_ALONE: Rule = Rule {
    code: "LIVE-065",
    name: "null-mx-not-alone",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: None,
    message: "A null MX has to be the only MX record, with preference 0",
    words: words(Words {
        why: "The record `0 .` says that the domain takes no mail; another one beside it says the opposite.",
        effect: "Senders differ: some return the mail, others deliver it.",
        help: "Remove the null MX, or all other MX records.",
        clause: "RFC 7505 §3: no other MX record beside a null MX; preference 0",
        fails: facts!(r#""mx": [[0, "."], [10, "mail.example.com"]]"#),
        passes: Some(good!()),
    }),
};

static NO_MX_RECORDS: Rule = Rule {
    code: "LIVE-066",
    name: "no-mx-records",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` has no MX records; senders use its own address",
    words: words(Words {
        why: "Without MX records the domain itself is the mail host. MTA-STS speaks of the names in MX records \
          only, so it is not clear what a policy has to match.",
        effect: "It depends on the sender.",
        help: "Publish an MX record, and name its host in the policy.",
        clause: "RFC 5321 §5.1: the implicit MX; RFC 8461 §4.1: the name in the MX record",
        fails: facts!(r#""mx": []"#, r#""apex_addresses": ["192.0.2.25"]"#),
        passes: Some(good!(r#""apex_addresses": ["192.0.2.25"]"#)),
    }),
};

static MX_TARGET_IS_CNAME: Rule = Rule {
    code: "LIVE-067",
    name: "mx-target-is-cname",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "The MX host `{0}` is an alias of {1}",
    words: words(Words {
        why: "An MX record must not point to a CNAME. Pattern and certificate are compared with the name in \
          the MX record; the certificate often has only the name of the target.",
        effect: "It mostly works, until the certificate does not match.",
        help: "Point the MX record to the target itself, and name that in the policy.",
        clause: "RFC 2181 §10.3; RFC 5321 §5.1; RFC 8461 §4.1: the name in the MX record counts",
        fails: good!(r#""mx_cname": ["mail.example.com"]"#),
        passes: Some(good!(r#""mx_cname": []"#)),
    }),
};

static MX_TARGET_UNRESOLVABLE: Rule = Rule {
    code: "LIVE-068",
    name: "mx-target-unresolvable",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: None,
    message: "The MX host `{0}` {1}",
    words: words(Words {
        why: "An MX record names a host, and the host needs an address.",
        effect: "Senders skip it. If no other host is left, mail waits.",
        help: "Correct the MX record or publish the addresses of the host.",
        clause: "RFC 5321 §5.1; RFC 1035 §3.3.9: an MX record names a host",
        fails: good!(r#""mx_unresolvable": ["mail.example.com"]"#),
        passes: Some(good!(r#""mx_unresolvable": []"#)),
    }),
};

static POLICY_MODE_NONE_LIVE: Rule = Rule {
    code: "LIVE-070",
    name: "policy-mode-none-live",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "The policy says mode `none`: MTA-STS is being given up",
    words: words(Words {
        why: "Senders that still have an older copy learn from this policy that they need not check any more.",
        effect: "Senders treat the domain as if it had no policy.",
        help: "Keep record and policy until the longest max_age that you ever served, counted from the last \
          day on which it was served, and the TTL of the record have passed. Then remove the record, then the \
          policy host.",
        clause: "RFC 8461 §8.3: how to remove MTA-STS",
        fails: facts!(
            r#""sts_txt": "ok""#,
            r#""policy": { "mode": "none", "mx": ["mail.example.com"], "max_age": 86400 }"#
        ),
        passes: None,
    }),
};

static MX_NOT_COVERED_UNANNOUNCED: Rule = Rule {
    code: "LIVE-073",
    name: "mx-not-covered-unannounced",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "No mx pattern covers the MX host `{0}`; where a copy of the policy is kept, it gets no mail{1}",
    words: words(Words {
        why: "No record announces the policy, so only senders with a copy from before apply it.",
        effect: "Senders without a copy deliver. Those with one treat this host as unreachable until its max_age has passed.",
        help: "Add an `mx:` line for the host, or change the mode to `none`, before you publish the record.",
        clause: "RFC 8461 §3.1, §3.2, §5: without a record only copies count; with enforce, such a host must not get mail",
        fails: facts!(
            r#""sts_txt": "absent""#,
            r#""policy": { "mode": "enforce", "mx": ["mail.example.com"], "max_age": 1209600 }"#,
            r#""mx": [[10, "mx.provider.example"]]"#
        ),
        passes: Some(good!()),
    }),
};

static MX_PRIVATE_ADDRESS: Rule = Rule {
    code: "LIVE-075",
    name: "mx-private-address",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: None,
    message: "The MX host `{0}` has no address that can be reached from the Internet, only ones like {1}",
    words: words(Words {
        why: "Such addresses are for private networks or for one machine only. Often an internal view of the zone is published \
          by mistake; a resolver inside your network may show one that others don't see.",
        effect: "Senders outside do not reach this host. Mail waits if no other one is left.",
        help: "Publish the public addresses of the host. If the domain takes no mail, publish `0 .` as its only MX record.",
        clause: "RFC 6890: addresses for special purposes; RFC 5321 §5.1: senders connect to the addresses; RFC 7505 §3",
        fails: good!(r#""hosts": { "mail.example.com": { "a": ["192.168.1.5"], "aaaa": [] } }"#),
        passes: Some(good!(
            r#""hosts": { "mail.example.com": { "a": ["192.0.2.25"], "aaaa": ["fd00::25"] } }"#
        )),
    }),
};

static MX_IPV6_ONLY: Rule = Rule {
    code: "LIVE-076",
    name: "mx-ipv6-only",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "No MX host has an IPv4 address: {0}",
    words: words(Words {
        why: "Many sending mail servers still have no way to reach IPv6 addresses.",
        effect: "Mail from senders without IPv6 waits and is returned.",
        help: "Give one of the MX hosts an IPv4 address.",
        clause: "Practice: senders without IPv6 exist",
        fails: good!(r#""hosts": { "mail.example.com": { "a": [], "aaaa": ["2001:db8::25"] } }"#),
        passes: Some(good!(
            r#""hosts": { "mail.example.com": { "a": ["192.0.2.25"], "aaaa": ["2001:db8::25"] } }"#
        )),
    }),
};

static NO_MX_NO_POLICY: Rule = Rule {
    code: "LIVE-077",
    name: "no-mx-no-policy",
    severity: Severity::Advice,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` has no MX records, so mail to it goes to its own address",
    words: words(Words {
        why: "Of most names like that nobody has a mail address: they are names of web servers or mail hosts. MTA-STS belongs \
          to the domain behind the `@` of mail addresses.",
        effect: "Senders try to deliver to the address of the name itself, and mail waits where no mail server answers.",
        help: "Check the domain of the mail addresses, if you meant that one. If this name takes no mail, publish `0 .` as its \
          MX record; if it does, an MX record with its mail host.",
        clause: "RFC 5321 §5.1: the implicit MX; RFC 7505 §3: a null MX; RFC 8461 §3.1: the policy domain",
        fails: facts!(
            r#""sts_txt": "absent""#,
            r#""mx": []"#,
            r#""apex_addresses": ["192.0.2.25"]"#
        ),
        passes: Some(facts!(r#""sts_txt": "absent""#, r#""mx": [[0, "."]]"#)),
    }),
};

#[cfg(test)]
mod pictures {
    use crate::carets::live;

    #[test]
    fn mx_not_covered() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "policy": { "mode": "enforce", "mx": ["mail.example.com"], "max_age": 1209600 },
              "mx": [[10, "mail.example.com"], [20, "backup.example.net"]]
                                               ^^^^^^^^^^^^^^^^^^^^^^^^^^ LIVE-060
            }
            "#,
        );
    }

    #[test]
    fn no_mx_covered() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "policy": { "mode": "enforce", "mx": ["mail.example.com"], "max_age": 1209600 },
                                                    ^^^^^^^^^^^^^^^^^^ LIVE-063
              "mx": [[10, "mx.provider.example"]]
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ LIVE-061
            }
            "#,
        );
    }

    #[test]
    fn mx_not_covered_testing() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "policy": { "mode": "testing", "mx": ["mail.example.com"], "max_age": 604800 },
              "mx": [[10, "mail.example.com"], [20, "backup.example.net"]]
                                               ^^^^^^^^^^^^^^^^^^^^^^^^^^ LIVE-062
            }
            "#,
        );
    }

    #[test]
    fn unused_mx_pattern() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "policy": { "mode": "enforce", "mx": ["mail.example.com", "old.example.com"], "max_age": 1209600 },
                                                                        ^^^^^^^^^^^^^^^^^ LIVE-063
              "mx": [[10, "mail.example.com"]]
            }
            "#,
        );
    }

    #[test]
    fn null_mx_with_policy() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "ok",
              "policy": { "mode": "enforce", "mx": ["mail.example.com"], "max_age": 1209600 },
              "mx": [[0, "."]]
                    ^^^^^^^^^^ LIVE-064
            }
            "#,
        );
    }

    #[test]
    fn null_mx_not_alone() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "mx": [[0, "."], [10, "mail.example.com"]]
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ LIVE-065
            }
            "#,
        );
    }

    #[test]
    fn no_mx_records() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "mx": [],
                    ^^ LIVE-066
              "apex_addresses": ["192.0.2.25"]
            }
            "#,
        );
    }

    #[test]
    fn mx_target_is_cname() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "ok",
              "policy": { "mode": "enforce", "mx": ["mail.example.com"], "max_age": 1209600 },
              "tlsrpt": "ok",
              "mx": [[10, "mail.example.com"]],
                     ^^^^^^^^^^^^^^^^^^^^^^^^ LIVE-067
              "mx_cname": ["mail.example.com"]
            }
            "#,
        );
    }

    #[test]
    fn mx_target_unresolvable() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "ok",
              "policy": { "mode": "enforce", "mx": ["mail.example.com"], "max_age": 1209600 },
              "tlsrpt": "ok",
              "mx": [[10, "mail.example.com"]],
                     ^^^^^^^^^^^^^^^^^^^^^^^^ LIVE-068
              "mx_unresolvable": ["mail.example.com"]
            }
            "#,
        );
    }

    #[test]
    fn policy_mode_none_live() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "ok",
              "policy": { "mode": "none", "mx": ["mail.example.com"], "max_age": 86400 }
                                  ^^^^^^ LIVE-070
            }
            "#,
        );
    }

    #[test]
    fn mx_not_covered_unannounced() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "absent",
                         ^^^^^^^^ LIVE-002
              "policy": { "mode": "enforce", "mx": ["mail.example.com"], "max_age": 1209600 },
                                                    ^^^^^^^^^^^^^^^^^^ LIVE-063
              "mx": [[10, "mx.provider.example"]]
                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^ LIVE-073
            }
            "#,
        );
    }

    #[test]
    fn mx_private_address() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "ok",
              "policy": { "mode": "enforce", "mx": ["mail.example.com"], "max_age": 1209600 },
              "tlsrpt": "ok",
              "mx": [[10, "mail.example.com"]],
                     ^^^^^^^^^^^^^^^^^^^^^^^^ LIVE-075
              "hosts": { "mail.example.com": { "a": ["192.168.1.5"], "aaaa": [] } }
            }
            "#,
        );
    }

    #[test]
    fn mx_ipv6_only() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "ok",
              "policy": { "mode": "enforce", "mx": ["mail.example.com"], "max_age": 1209600 },
              "tlsrpt": "ok",
              "mx": [[10, "mail.example.com"]],
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^ LIVE-076
              "hosts": { "mail.example.com": { "a": [], "aaaa": ["2001:db8::25"] } }
            }
            "#,
        );
    }

    #[test]
    fn no_mx_no_policy() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "absent",
              "mx": [],
                    ^^ LIVE-077
              "apex_addresses": ["192.0.2.25"]
            }
            "#,
        );
    }
}
