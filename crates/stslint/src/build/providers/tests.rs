use super::*;
use crate::finding::Severity;
use crate::{Input, Kind, lint};

/// What the linter says of a policy with these lines, above advice or about providers.
fn faults(lines: &[Line]) -> Vec<&'static str> {
    let mx: String = lines.iter().map(|line| format!("mx: {}\r\n", line.pattern)).collect();
    let text = format!("version: STSv1\r\nmode: enforce\r\n{mx}max_age: 2592000\r\n");
    let report = lint(&Input { kind: Some(Kind::Policy), ..Input::new(text.as_bytes()) });
    let codes = report.findings().filter(|finding| {
        finding.rule.severity <= Severity::Warning
            || ["STS-POL-107", "STS-POL-108", "STS-POL-113"].contains(&finding.rule.code)
    });
    codes.map(|finding| finding.rule.code).collect()
}

#[test]
fn lines_cover_every_host_and_not_one_label_more() {
    for provider in all() {
        assert!(!provider.hosts.is_empty() && !provider.source.is_empty(), "{}", provider.name);
        let mut used = 0;
        for naming in [Naming::Exact, Naming::Wildcard] {
            let lines = lines(provider.hosts.iter().copied(), naming);
            for name in provider.hosts {
                let holds = |line: &&Line| line.covers.iter().any(|covered| covered == name);
                let [line] = &lines.iter().filter(holds).collect::<Vec<_>>()[..] else {
                    panic!("{name} has not one line")
                };
                let covers = |name: &str| host::matches(&line.pattern, name).covers();
                assert!(covers(name) && !covers(&format!("x.{name}")), "{name}");
            }
            for line in &lines {
                assert_eq!(line.provider, Some(provider), "{}", line.pattern);
                let wild = line.pattern.starts_with("*.");
                assert_eq!(wild, line.risk().is_some());
                assert!(!wild || naming == Naming::Wildcard, "{}", line.pattern);
                used += usize::from(wild);
            }
            assert_eq!(faults(&lines), [""; 0], "{}", provider.name);
        }
        // A wildcard that no example needs would be untested; those of other regions are the same.
        assert!(used >= usize::from(!provider.wildcards.is_empty()), "{}", provider.name);
    }
}

#[test]
fn suffixes_tell_one_provider_and_stand_at_dots() {
    let all: Vec<(&str, &Provider)> = all()
        .flat_map(|provider| provider.suffixes.iter().map(move |suffix| (*suffix, provider)))
        .collect();
    for (i, (suffix, provider)) in all.iter().enumerate() {
        assert!(host::is_host_name(suffix) && *suffix == suffix.to_ascii_lowercase(), "{suffix}");
        assert_eq!(Provider::of(suffix), Some(*provider), "{suffix}");
        assert_eq!(Provider::of(&format!("x.{suffix}.")), Some(*provider), "{suffix}");
        assert_ne!(Provider::of(&format!("x{suffix}")), Some(*provider), "{suffix}");
        for (other, another) in &all[..i] {
            // Of two that overlap, the longer one tells: only where that is meant.
            let overlap = host::is_within(suffix, other) || host::is_within(other, suffix);
            assert!(!overlap, "{suffix} {other} {} {}", provider.name, another.name);
        }
        let example = provider.hosts.iter().any(|name| host::is_within(name, suffix));
        let region = provider.suffixes.len() > 1;
        assert!(example || region, "{suffix} has no example");
    }
}

#[test]
fn wildcards_are_patterns_of_their_provider() {
    for provider in all() {
        for wildcard in provider.wildcards {
            let suffix = wildcard.strip_prefix("*.").expect("a wildcard").replace("{}", "x");
            assert!(host::is_pattern(&format!("*.{suffix}")), "{wildcard}");
            let ours = provider.suffixes.iter().any(|known| host::is_within(&suffix, known));
            assert!(ours, "{wildcard}");
        }
    }
}

#[test]
fn the_live_mx_comes_first() {
    let named = |hosts: &[&str], naming| -> Vec<String> {
        lines(hosts.iter().copied(), naming).into_iter().map(|line| line.pattern).collect()
    };
    let google = ["ASPMX.L.GOOGLE.COM.", "alt1.aspmx.l.google.com", "alt2.aspmx.l.google.com"];
    assert_eq!(named(&google, Naming::Exact).len(), 3);
    assert_eq!(named(&google, Naming::Wildcard), ["aspmx.l.google.com", "*.aspmx.l.google.com"]);
    // Nobody knows this host, nor a name of the provider that is deeper than its wildcard.
    assert_eq!(named(&["mx.example.org"], Naming::Wildcard), ["mx.example.org"]);
    assert_eq!(named(&["a.b.pphosted.com"], Naming::Wildcard), ["a.b.pphosted.com"]);
    assert_eq!(
        named(&["x.o-v1.mx.microsoft", "x.h-v1.mx.microsoft"], Naming::Wildcard),
        ["*.o-v1.mx.microsoft", "*.h-v1.mx.microsoft"]
    );
    assert_eq!(named(&["x.mx.microsoft"], Naming::Wildcard), ["x.mx.microsoft"]);
    assert_eq!(named(&["."], Naming::Exact), [""; 0]);
}

#[test]
fn what_covers_a_host_already_stays() {
    let before = ["*.acme-mail.net", "old.acme-mail.net", "gone.example.org"].map(String::from);
    let hosts = ["mx1.acme-mail.net.", "mx.example.net"];
    assert_eq!(patterns(&hosts, Naming::Exact, &before), ["*.acme-mail.net", "mx.example.net"]);
    assert_eq!(patterns(&hosts, Naming::Exact, &[]), ["mx1.acme-mail.net", "mx.example.net"]);
    assert_eq!(idle(&hosts, &before), ["old.acme-mail.net", "gone.example.org"]);
}

#[test]
fn who_is_seen_is_told_once() {
    let hosts = ["aspmx.l.google.com", "mx.example.org", "ALT1.aspmx.l.google.com."];
    let seen = seen(hosts);
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].0.name, "Google Workspace");
    assert_eq!(seen[0].1, ["aspmx.l.google.com", "alt1.aspmx.l.google.com"]);
    let name = |host| Provider::of(host).map(|provider| provider.name);
    assert_eq!(name("gmail-smtp-in.l.google.com"), Some("Gmail"));
    assert_eq!(name("www.google.com"), None);
    assert_eq!(name("x.olc.protection.outlook.com"), Some("Outlook.com"));
    assert!(Provider::of("mx1.example.iphmx.com").is_some_and(|p| p.serves.note().is_some()));
}

#[test]
fn hosted_policies_are_known_by_their_targets() {
    for hosted in HOSTED {
        assert_eq!(Hosted::of(hosted.example), Some(hosted));
        assert_eq!(Hosted::of(&format!("{}.", hosted.example)), Some(hosted));
        assert_eq!(Hosted::of(&format!("{}.example", hosted.example)), None);
    }
    assert_eq!(Hosted::of("mta-sts.example.com"), None);
}
