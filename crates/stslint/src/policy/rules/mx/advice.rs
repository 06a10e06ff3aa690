//! What is to be said of mx patterns that are well formed.

use crate::finding::{Applicability, Edit, Finding, Severity};
use crate::host;
use crate::policy::Doc;
use crate::rule::{Example, Rule, Words, words};
use crate::text::{Span, begins};

pub(in crate::policy::rules) const RULES: &[&Rule] = &[
    &MX_INVALID_A_LABEL,
    &MX_NOT_PUBLIC_NAME,
    &MX_WILDCARD_TLD,
    &MX_WILDCARD,
    &MX_WILDCARD_OWN_DOMAIN,
    &MX_UPPER_CASE,
    &MX_IS_POLICY_HOST,
    &MX_PLACEHOLDER,
    &MX_DOCUMENTATION_NAME,
    &MX_NEVER_MATCHES,
    &MX_NONE_CAN_MATCH,
];

/// What is to be said of a valid pattern.
pub(super) fn check(doc: &Doc, span: Span, findings: &mut Vec<Finding>) {
    let text = doc.str(span);
    let suffix = text.strip_prefix("*.");
    let name = suffix.unwrap_or(text);
    if host::fake_a_label(name).is_some() {
        Finding::add(findings, &MX_INVALID_A_LABEL, span).quoted();
    }
    if !can_match(text) {
        Finding::add(findings, &MX_NEVER_MATCHES, span).quoted();
        return;
    }
    if suffix.is_some_and(|suffix| !suffix.contains('.')) {
        Finding::add(findings, &MX_WILDCARD_TLD, span).quoted();
    } else if !name.contains('.') || host::private_suffix(name).is_some() {
        Finding::add(findings, &MX_NOT_PUBLIC_NAME, span).quoted();
    } else if host::is_documentation(name) {
        Finding::add(findings, &MX_DOCUMENTATION_NAME, span).quoted();
    }
    if text.bytes().any(|b| b.is_ascii_uppercase()) {
        let lower = Edit::replace(span, text.to_ascii_lowercase()).alone();
        Finding::add(findings, &MX_UPPER_CASE, span).quoted().safe("Write it in lower case", lower);
    }
    let own =
        |suffix: &str| doc.input.domain.is_some_and(|domain| domain.eq_ignore_ascii_case(suffix));
    match suffix {
        Some(suffix) if own(suffix) => {
            Finding::add(findings, &MX_WILDCARD_OWN_DOMAIN, span).quoted();
        }
        Some(suffix) if suffix.contains('.') => {
            Finding::add(findings, &MX_WILDCARD, span)
                .quoted()
                .quote(Span::new(span.start + 2, span.end));
        }
        _ => {}
    }
    if begins(text, "mta-sts.") {
        Finding::add(findings, &MX_IS_POLICY_HOST, span).quoted();
    }
}

/// Whether a host of the public DNS can have a name that the pattern covers: no top-level domain is a number
/// (RFC 1123 §2.1), and what a wildcard stands for and its dot take two octets at least.
pub(super) fn can_match(pattern: &str) -> bool {
    let top = pattern.rsplit('.').next().unwrap_or(pattern);
    !top.bytes().all(|b| b.is_ascii_digit())
        && (!pattern.starts_with("*.") || pattern.len() <= host::MAX_NAME)
}

static MX_INVALID_A_LABEL: Rule = Rule {
    code: "STS-POL-085",
    name: "mx-invalid-a-label",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` looks internationalised, but a label after `xn--` cannot be decoded",
    words: words(Words {
        why: "A real A-label decodes to a Unicode name and back to itself. This one does not: it may be cut or \
          mistyped.",
        effect: "It matches only if DNS holds the same broken name.",
        help: "Compare the name with your MX records.",
        clause: "RFC 5890 §2.3.2.1: what an A-label is",
        fails: Example::policy(policy!(mx: "mx: mail.xn--a.example")),
        passes: Some(Example::policy(policy!(mx: "mx: mail.xn--bcher-kva.example"))),
    }),
};

static MX_NOT_PUBLIC_NAME: Rule = Rule {
    code: "STS-POL-095",
    name: "mx-not-public-name",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` is not a public name",
    words: words(Words {
        why: "Names without a dot, and those under `.local`, `.internal` and the like, stand in no public MX \
          record and get no public certificate.",
        effect: "It never matches a mail server. If the real one is missing, `enforce` holds back its mail.",
        help: "Write the public host name of the MX record.",
        clause: "RFC 6761; RFC 8461 §4.2: a certificate that senders trust is needed",
        fails: Example::policy(policy!(mx: "mx: exchange01.corp.local")),
        passes: Some(Example::policy(policy!())),
    }),
};

static MX_WILDCARD_TLD: Rule = Rule {
    code: "STS-POL-096",
    name: "mx-wildcard-tld",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` covers every domain directly under a top-level domain",
    words: words(Words {
        why: "Anybody can have a name there, attackers included, with a valid certificate.",
        effect: "It covers far too much, and your own hosts probably not, as they are deeper.",
        help: "List the hosts of your MX records.",
        clause: "RFC 8461 §10.4: weak policy constraints",
        fails: Example::policy(policy!(mx: "mx: *.com")),
        passes: Some(Example::policy(policy!(mx: "mx: *.mail.example.com"))),
    }),
};

static MX_WILDCARD: Rule = Rule {
    code: "STS-POL-098",
    name: "mx-wildcard",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` covers `mx1.{1}`, but not `{1}` or `a.b.{1}`",
    words: words(Words {
        why: "`*` stands for one label, a part of a name between two dots. UK government guidance advises against \
          wildcards.",
        effect: "Senders accept any host that fits, with a valid certificate for its name.",
        help: "Nothing has to be done if all your MX hosts fit.",
        clause: "RFC 8461 §4.1: a wildcard stands for the left-most label; RFC 8461 §10.4",
        fails: Example::policy(policy!(mx: "mx: *.mail.example.net")),
        passes: Some(Example::policy(policy!(mx: "mx: mx1.mail.example.net"))),
    }),
};

static MX_WILDCARD_OWN_DOMAIN: Rule = Rule {
    code: "STS-POL-099",
    name: "mx-wildcard-own-domain",
    severity: Severity::Advice,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` accepts every host directly under your domain",
    words: words(Words {
        why: "Any machine there with a public certificate, a test box or a customer's, passes for a mail server.",
        effect: "The protection is weaker than it could be.",
        help: "List the hosts of your MX records.",
        clause: "RFC 8461 §10.4: weak policy constraints",
        fails: Example::policy(policy!(mx: "mx: *.example.com")).of("example.com"),
        passes: Some(Example::policy(policy!()).of("example.com")),
    }),
};

static MX_UPPER_CASE: Rule = Rule {
    code: "STS-POL-100",
    name: "mx-upper-case",
    severity: Severity::Advice,
    breaks_grammar: false,
    fix: Some(Applicability::Safe),
    message: "`{0}` has upper-case letters, which is legal",
    words: words(Words {
        why: "Names are compared without regard to case, but a naive sender may compare them literally.",
        effect: "Such a sender might not recognise the server.",
        help: "Write the name in lower case.",
        clause: "RFC 8461 §4.1: how names are compared; RFC 9525 §6.3",
        fails: Example::policy(policy!(mx: "mx: Mail.Example.COM")),
        passes: Some(Example::policy(policy!())),
    }),
};

static MX_IS_POLICY_HOST: Rule = Rule {
    code: "STS-POL-101",
    name: "mx-is-policy-host",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` looks like the web host of the policy, not like a mail server",
    words: words(Words {
        why: "`mta-sts.` and the domain is where the policy is fetched. `mx` lists where mail goes.",
        effect: "The real mail servers are not covered by this line.",
        help: "Write the hosts of your MX records.",
        clause: "RFC 8461 §3.3: the policy host; RFC 8461 §4.1: mx patterns",
        fails: Example::policy(policy!(mx: "mx: mta-sts.example.com")),
        passes: Some(Example::policy(policy!())),
    }),
};

pub(super) static MX_PLACEHOLDER: Rule = Rule {
    code: "STS-POL-102",
    name: "mx-placeholder",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` looks like a sample that was not replaced",
    words: words(Words {
        why: "It is the text of a template or tutorial.",
        effect: "It never matches your mail servers.",
        help: "Write the hosts of your MX records.",
        clause: "Practice: sample names from tutorials",
        fails: Example::policy(policy!(mx: "mx: mail.yourdomain.com")),
        passes: Some(Example::policy(policy!())),
    }),
};

static MX_DOCUMENTATION_NAME: Rule = Rule {
    code: "STS-POL-103",
    name: "mx-documentation-name",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` is a name reserved for documentation",
    words: words(Words {
        why: "`example.com` and its like belong to nobody. In samples that is right.",
        effect: "In a real policy it would match none of your mail servers.",
        help: "Nothing has to be done in a sample. In your policy, write your own hosts.",
        clause: "RFC 2606; RFC 6761",
        fails: Example::policy(policy!()),
        passes: None,
    }),
};

pub(super) static MX_NEVER_MATCHES: Rule = Rule {
    code: "STS-POL-104",
    name: "mx-never-matches",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "No mail server can have a name that `{0}` covers",
    words: words(Words {
        why: "No top-level domain is a number, so this is an address or what is left of one; or the name is so long \
          that there is no room for a label in front of it.",
        effect: "Senders accept the line and never match it, but for mox and postfix-tlspol, which reject the policy. If the \
             real server is missing, `enforce` holds back its mail.",
        help: "Write the host name of the MX record.",
        clause: NO_NAME,
        fails: Example::policy(policy!(mx: "mx: *.192.0.2.25\r\nmx: mail.example.com")),
        passes: Some(Example::policy(policy!())),
    }),
};

const NO_NAME: &str = "RFC 8461 §4.1: patterns are compared with the names of MX records; RFC 1123 §2.1: top-level domains \
    are alphabetic";

/// In the place of [`MX_NEVER_MATCHES`], where nothing else can match.
pub(super) static MX_NONE_CAN_MATCH: Rule = Rule {
    code: "STS-POL-110",
    name: "mx-none-can-match",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: None,
    message: "No mail server can have a name that `{0}` covers, and the policy names no other",
    words: words(Words {
        why: "No top-level domain is a number, so this is an address or what is left of one; or the name is so long \
          that there is no room for a label in front of it.",
        effect: "Senders find no mail server that the policy allows, and hold back all mail.",
        help: "Write the host names of the MX records.",
        clause: NO_NAME,
        fails: Example::policy(policy!(mx: "mx: *.192.0.2.25")),
        passes: Some(Example::policy(policy!())),
    }),
};

#[cfg(test)]
mod pictures {
    use crate::carets::policy;

    #[test]
    fn mx_invalid_a_label() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: mail.xn--a.example
                ^^^^^^^^^^^^^^^^^^ STS-POL-085
                ^^^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn mx_not_public_name() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: exchange01.corp.local
                ^^^^^^^^^^^^^^^^^^^^^ STS-POL-095
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn mx_wildcard_tld() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: *.com
                ^^^^^ STS-POL-096
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn mx_wildcard() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: *.mail.example.net
                ^^^^^^^^^^^^^^^^^^ STS-POL-098
                ^^^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn mx_wildcard_own_domain() {
        policy().of("example.com").shows(
            r"
            version: STSv1
            mode: enforce
            mx: *.example.com
                ^^^^^^^^^^^^^ STS-POL-099
                ^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn mx_upper_case() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: Mail.Example.COM
                ^^^^^^^^^^^^^^^^ STS-POL-100
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn mx_is_policy_host() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: mta-sts.example.com
                ^^^^^^^^^^^^^^^^^^^ STS-POL-101
                ^^^^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn mx_placeholder() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: mail.yourdomain.com
                ^^^^^^^^^^^^^^^^^^^ STS-POL-102
            mx: mail.ihre-domain.de
                ^^^^^^^^^^^^^^^^^^^ STS-POL-102
            mx: mail.seudominio.com.br
                ^^^^^^^^^^^^^^^^^^^^^^ STS-POL-102
            mx: yourdomain-com.mail.protection.outlook.com
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ STS-POL-102
            mx: mail.my-domain.de
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn mx_documentation_name() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn mx_never_matches() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: *.192.0.2.25
                ^^^^^^^^^^^^ STS-POL-104
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn mx_none_can_match() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: *.192.0.2.25
                ^^^^^^^^^^^^ STS-POL-110
            mx: mail.123
                ^^^^^^^^ STS-POL-110
            max_age: 1209600
            ",
        );
    }
}
