//! Examples for the page: good ones, and the mistakes that people really publish.

use crate::Kind;

/// One example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// A few words for a list.
    pub title: &'static str,
    /// Whether it is right.
    pub group: Group,
    /// What it is.
    pub kind: Kind,
    /// The text. Policies have CR LF line ends, as senders see them.
    pub text: &'static str,
    /// What it shows, in one sentence.
    pub about: &'static str,
}

/// Where an example is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Right as it is.
    Good,
    /// Something that people really publish, and that goes wrong.
    Mistake,
}

/// All examples, in the order in which they are listed.
pub const ALL: &[Sample] = &[
    Sample {
        title: "Policy that enforces",
        group: Group::Good,
        kind: Kind::Policy,
        text: "version: STSv1\r\nmode: enforce\r\nmx: mx1.example.com\r\nmx: mx2.example.com\r\n\
               max_age: 2592000\r\n",
        about: "Senders deliver only to these two hosts, and only over verified TLS.",
    },
    Sample {
        title: "Policy for testing",
        group: Group::Good,
        kind: Kind::Policy,
        text: "version: STSv1\r\nmode: testing\r\nmx: mail.example.com\r\nmax_age: 604800\r\n",
        about: "Failures are reported and mail is delivered anyway: the way to start.",
    },
    Sample {
        title: "Policy that opts out",
        group: Group::Good,
        kind: Kind::Policy,
        text: "version: STSv1\r\nmode: none\r\nmx: mail.example.com\r\nmax_age: 86400\r\n",
        about: "The way out: senders drop the earlier policy when they fetch this one.",
    },
    Sample {
        title: "MTA-STS record",
        group: Group::Good,
        kind: Kind::StsTxt,
        text: "v=STSv1; id=20261121T120000Z;",
        about: "The TXT record at _mta-sts announces that there is a policy.",
    },
    Sample {
        title: "TLSRPT record",
        group: Group::Good,
        kind: Kind::RptTxt,
        text: "v=TLSRPTv1; rua=mailto:tls-reports@example.com",
        about: "The TXT record at _smtp._tls says where senders send their reports.",
    },
    Sample {
        title: "Both records in a zone file",
        group: Group::Good,
        kind: Kind::StsTxt,
        text: "_mta-sts.example.com.   3600 IN TXT \"v=STSv1; id=20261121T120000Z;\"\n\
               _smtp._tls.example.com. 3600 IN TXT \"v=TLSRPTv1; rua=mailto:tls-reports@example.com\"\n",
        about: "Zone-file lines can hold both records; each is linted.",
    },
    Sample {
        title: "nmx instead of mx",
        group: Group::Mistake,
        kind: Kind::Policy,
        text: "version: STSv1\r\nmode: enforce\r\nnmx: mail.example.com\r\nmax_age: 604800\r\n",
        about: "One letter too many, and an enforcing policy names no host at all.",
    },
    Sample {
        title: "Mode in capitals",
        group: Group::Mistake,
        kind: Kind::Policy,
        text: "version: STSv1\r\nmode: Enforce\r\nmx: mail.example.com\r\nmax_age: 1209600\r\n",
        about: "The words of a policy must be written in exactly the right case.",
    },
    Sample {
        title: "A mode that does not exist",
        group: Group::Mistake,
        kind: Kind::Policy,
        text: "version: STSv1\r\nmode: report\r\nmx: mail.example.com\r\nmax_age: 604800\r\n",
        about: "The mode that only reports is called testing.",
    },
    Sample {
        title: "Number with a space",
        group: Group::Mistake,
        kind: Kind::Policy,
        text: "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmax_age: 604 800\r\n",
        about: "A well-known guide prints the number like this; digits only are allowed.",
    },
    Sample {
        title: "Everything on one line",
        group: Group::Mistake,
        kind: Kind::Policy,
        text: "version: STSv1 mode: enforce mx: mail.example.com max_age: 604800",
        about: "A form field swallowed the line breaks.",
    },
    Sample {
        title: "Indented lines",
        group: Group::Mistake,
        kind: Kind::Policy,
        text: "version: STSv1\r\n  mode: enforce\r\n  mx: mail.example.com\r\n  max_age: 1209600\r\n",
        about: "Copied from a configuration file together with its indentation.",
    },
    Sample {
        title: "Characters that can't be seen",
        group: Group::Mistake,
        kind: Kind::Policy,
        text: "version: STSv1\r\nmode:\u{a0}enforce\r\nmx: \u{201c}mail.example.com\u{201d}\r\n\
               max_age: 1209600\r\n",
        about: "Copied from a web page or a word processor: a no-break space and curly quotes.",
    },
    Sample {
        title: "Host names as elsewhere in DNS",
        group: Group::Mistake,
        kind: Kind::Policy,
        text: "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com.\r\nmx: mx.b\u{fc}cher.example\r\n\
               max_age: 1209600\r\n",
        about: "A policy allows neither a dot at the end nor letters outside ASCII.",
    },
    Sample {
        title: "A web page instead of the policy",
        group: Group::Mistake,
        kind: Kind::Policy,
        text: "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<!DOCTYPE html>\r\n<html>\r\n<head><title>404 Not Found</title></head>\r\n\
               <body><h1>Not Found</h1></body>\r\n</html>\r\n",
        about: "The policy host answers with its error page.",
    },
    Sample {
        title: "Two MTA-STS records",
        group: Group::Mistake,
        kind: Kind::StsTxt,
        text: "_mta-sts.example.com. 300 IN TXT \"v=STSv1; id=20260101000000Z;\"\n\
               _mta-sts.example.com. 300 IN TXT \"v=STSv1; id=20261121120000Z;\"\n",
        about: "The old record was left in place, and two count as none.",
    },
    Sample {
        title: "Date with hyphens in the id",
        group: Group::Mistake,
        kind: Kind::StsTxt,
        text: "v=STSv1; id=2026-11-21T12:00:00Z;",
        about: "An id has letters and digits only.",
    },
    Sample {
        title: "Underscore for hyphen in the name",
        group: Group::Mistake,
        kind: Kind::StsTxt,
        text: "_mta_sts.example.com. 3600 IN TXT \"v=STSv1; id=20261121T120000Z;\"\n",
        about: "Nobody looks for a record at _mta_sts: the name is _mta-sts.",
    },
    Sample {
        title: "Mail address without mailto",
        group: Group::Mistake,
        kind: Kind::RptTxt,
        text: "v=TLSRPTv1; rua=tls-reports@example.com",
        about: "A destination is a URI, so it starts with mailto: or https:.",
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Severity;
    use crate::{Input, lint};

    #[test]
    fn good_examples_are_clean_and_mistakes_are_found() {
        for sample in ALL {
            let report = lint(&Input::new(sample.text.as_bytes()));
            let codes: Vec<_> = report.findings().map(|finding| finding.rule.code).collect();
            let bad = report.worst().is_some_and(|worst| worst <= Severity::Warning);
            assert_eq!(bad, sample.group == Group::Mistake, "{}: {codes:?}", sample.title);
        }
    }

    #[test]
    fn examples_are_recognised_for_what_they_are() {
        for sample in ALL {
            let report = lint(&Input::new(sample.text.as_bytes()));
            assert_eq!(report.artefacts[0].kind, sample.kind, "{}", sample.title);
        }
    }
}
