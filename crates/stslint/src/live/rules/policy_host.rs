//! The addresses of `mta-sts.<domain>`, the fixed name that serves the policy (RFC 8461 §3.2).

use super::{About, Notes};
use crate::finding::Severity;
use crate::live::deployment::{Deployment, policy_host};
use crate::live::facts::{Answer, Fact, Lookup};
use crate::rule::{Rule, Words, words};
use std::net::{IpAddr, Ipv6Addr};

pub(super) const RULES: &[&Rule] = &[
    &POLICY_HOST_NXDOMAIN,
    &POLICY_HOST_NO_ADDRESS,
    &POLICY_HOST_IPV6_ONLY,
    &POLICY_HOST_PRIVATE_ADDRESS,
    &POLICY_HOST_CNAME,
];

pub(super) fn check(deployment: &Deployment, notes: &mut Notes) {
    if deployment.policy_host_is_idle() {
        return;
    }
    let host = &deployment.facts.policy_host;
    let name = policy_host(deployment.facts);
    match host.outcome() {
        Fact::Known(Lookup::NxDomain) if deployment.announced() => {
            notes.add(&POLICY_HOST_NXDOMAIN, About::PolicyHost).at(&["status"]).name(&name);
        }
        Fact::Known(Lookup::NoData) if deployment.announced() => {
            notes.add(&POLICY_HOST_NO_ADDRESS, About::PolicyHost).name(&name);
        }
        Fact::Known(Lookup::Data(())) => {
            if host.a.known().is_some_and(Answer::is_empty) {
                notes.add(&POLICY_HOST_IPV6_ONLY, About::PolicyHost).at(&["a"]).name(&name);
            }
            for address in host.all().filter(is_private) {
                notes
                    .add(&POLICY_HOST_PRIVATE_ADDRESS, About::PolicyHost)
                    .name(&name)
                    .words(address.to_string());
            }
            let target = host.alias.known().and_then(|chain| chain.last());
            if let Some(target) = target {
                notes.add(&POLICY_HOST_CNAME, About::PolicyHost).at(&["cname"]).name(target);
            }
        }
        _ => {}
    }
}

/// Whether an address is of no use on the Internet (RFC 6890): this host, a private or shared
/// network, the local link, multicast. Addresses for documentation are left alone, so that examples
/// may use them.
pub(super) fn is_private(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [first, second, ..] = v4.octets();
            v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_multicast()
                || first == 0
                || v4.is_broadcast()
                || first == 100 && (64..128).contains(&second)
        }
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => is_private(&IpAddr::V4(v4)),
            None => {
                *v6 == Ipv6Addr::UNSPECIFIED
                    || v6.is_loopback()
                    || v6.is_multicast()
                    || v6.is_unique_local()
                    || v6.is_unicast_link_local()
            }
        },
    }
}

static POLICY_HOST_NXDOMAIN: Rule = Rule {
    code: "LIVE-020",
    name: "policy-host-nxdomain",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: None,
    message: "The policy host `{0}` does not exist",
    words: words(Words {
        why: "Senders fetch the policy from this name and from no other; it can't be configured.",
        effect: "Senders get no policy and report `sts-policy-fetch-error`.",
        help: "Publish an address or a CNAME at `mta-sts` for a web server that serves the policy. Some DNS \
          panels append the domain to what you enter, so that the name ends in it twice.",
        clause: "RFC 8461 §3.2: the host name of the policy is fixed",
        fails: facts!(r#""sts_txt": "ok""#, r#""policy_host": { "status": "nxdomain" }"#),
        passes: Some(good!(r#""policy_host": { "a": ["192.0.2.10"] }"#)),
    }),
};

static POLICY_HOST_NO_ADDRESS: Rule = Rule {
    code: "LIVE-021",
    name: "policy-host-no-address",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: None,
    message: "The policy host `{0}` has no address",
    words: words(Words {
        why: "The name exists, but neither an A nor an AAAA record says where it is. The TXT record belongs at \
          `_mta-sts`, the addresses at `mta-sts`.",
        effect: "Senders get no policy and report `sts-policy-fetch-error`.",
        help: "Publish an A record, and an AAAA record if the web server has IPv6.",
        clause: "RFC 8461 §3.2, §3.3: the policy is fetched from this host",
        fails: facts!(r#""sts_txt": "ok""#, r#""policy_host": { "a": [], "aaaa": [] }"#),
        passes: Some(good!(r#""policy_host": { "a": ["192.0.2.10"], "aaaa": [] }"#)),
    }),
};

static POLICY_HOST_IPV6_ONLY: Rule = Rule {
    code: "LIVE-022",
    name: "policy-host-ipv6-only",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "The policy host `{0}` has only IPv6 addresses",
    words: words(Words {
        why: "Many sending mail servers still have no way to reach IPv6 addresses.",
        effect: "Senders without IPv6 get no policy.",
        help: "Publish an A record as well.",
        clause: "Practice: senders without IPv6 exist",
        fails: good!(r#""policy_host": { "a": [], "aaaa": ["2001:db8::10"] }"#),
        passes: Some(good!(r#""policy_host": { "a": ["192.0.2.10"], "aaaa": ["2001:db8::10"] }"#)),
    }),
};

static POLICY_HOST_PRIVATE_ADDRESS: Rule = Rule {
    code: "LIVE-023",
    name: "policy-host-private-address",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` has the address {1}, which cannot be reached from the Internet",
    words: words(Words {
        why: "The address is for private networks or for one machine only. Often an internal view of the zone \
          is published by mistake.",
        effect: "Senders that try this address get no policy.",
        help: "Publish only public addresses of the policy host.",
        clause: "RFC 6890: addresses for special purposes; RFC 8461 §3.3: senders fetch the policy by HTTPS",
        fails: good!(r#""policy_host": { "a": ["10.0.0.5"], "aaaa": [] }"#),
        passes: Some(good!(r#""policy_host": { "a": ["192.0.2.10"], "aaaa": [] }"#)),
    }),
};

static POLICY_HOST_CNAME: Rule = Rule {
    code: "LIVE-024",
    name: "policy-host-cname",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "The policy host is an alias of `{0}`",
    words: words(Words {
        why: "That is the usual way to let somebody else serve the policy.",
        effect: "Senders follow the CNAME and still ask for the name of the policy host.",
        help: "Make sure that the certificate is for the name of the policy host, not only for the target.",
        clause: "RFC 8461 §8.2: the certificate has to be valid for the policy host",
        fails: good!(r#""policy_host": { "a": ["192.0.2.10"], "cname": ["hosting.example.net"] }"#),
        passes: None,
    }),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses() {
        for text in [
            "10.0.0.5",
            "172.16.0.1",
            "192.168.1.1",
            "127.0.0.1",
            "169.254.1.1",
            "100.64.0.1",
            "224.0.0.1",
            "0.0.0.0",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "::ffff:10.0.0.5",
        ] {
            assert!(is_private(&text.parse().expect(text)), "{text}");
        }
        for text in
            ["192.0.2.10", "100.63.0.1", "100.128.0.1", "172.32.0.1", "2001:db8::1", "2606::1"]
        {
            assert!(!is_private(&text.parse().expect(text)), "{text}");
        }
    }
}

#[cfg(test)]
mod pictures {
    use crate::carets::live;

    #[test]
    fn policy_host_nxdomain() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "ok",
                         ^^^^ LIVE-003
              "policy_host": { "status": "nxdomain" }
                                         ^^^^^^^^^^ LIVE-020
            }
            "#,
        );
    }

    #[test]
    fn policy_host_no_address() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "ok",
                         ^^^^ LIVE-003
              "policy_host": { "a": [], "aaaa": [] }
                             ^^^^^^^^^^^^^^^^^^^^^^^ LIVE-021
            }
            "#,
        );
    }

    #[test]
    fn policy_host_ipv6_only() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "ok",
              "policy": { "mode": "enforce", "mx": ["mail.example.com"], "max_age": 1209600 },
              "tlsrpt": "ok",
              "mx": [[10, "mail.example.com"]],
              "policy_host": { "a": [], "aaaa": ["2001:db8::10"] }
                                    ^^ LIVE-022
            }
            "#,
        );
    }

    #[test]
    fn policy_host_private_address() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "ok",
              "policy": { "mode": "enforce", "mx": ["mail.example.com"], "max_age": 1209600 },
              "tlsrpt": "ok",
              "mx": [[10, "mail.example.com"]],
              "policy_host": { "a": ["10.0.0.5"], "aaaa": [] }
                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ LIVE-023
            }
            "#,
        );
    }

    #[test]
    fn policy_host_cname() {
        live().shows(
            r#"
            {
              "domain": "example.com",
              "sts_txt": "ok",
              "policy": { "mode": "enforce", "mx": ["mail.example.com"], "max_age": 1209600 },
              "tlsrpt": "ok",
              "mx": [[10, "mail.example.com"]],
              "policy_host": { "a": ["192.0.2.10"], "cname": ["hosting.example.net"] }
                                                             ^^^^^^^^^^^^^^^^^^^^^^^ LIVE-024
            }
            "#,
        );
    }
}
