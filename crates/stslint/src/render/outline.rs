//! The words for what the parts of an artefact mean. They say what a value does, never whether the artefact is right: that
//! is the findings' part.

use super::words::duration;
use crate::outline::Part;
use crate::policy::Mode;

impl Part {
    /// The part's name as the reader knows it: `mode`, `mx`, `max_age`, `id`, `rua`.
    pub const fn title(&self) -> &'static str {
        match self {
            Self::Id(_) => "id",
            Self::MaxAge(_) => "max_age",
            Self::Mode(_) => "mode",
            Self::MorePatterns(_) | Self::Mx { .. } => "mx",
            Self::PolicyVersion(_) => "version",
            Self::Rua { .. } => "rua",
            Self::RptVersion(_) | Self::StsVersion(_) => "v",
        }
    }

    /// Its value in words: "7 days (604800 s)".
    pub fn value(&self) -> String {
        match self {
            Self::MaxAge(max_age) => seconds(*max_age),
            Self::Mode(mode) => mode.word().to_owned(),
            Self::MorePatterns(_) => "…".to_owned(),
            Self::Id(text) | Self::Mx { pattern: text, .. } | Self::Rua { uri: text, .. } => {
                text.clone()
            }
            Self::PolicyVersion(version)
            | Self::RptVersion(version)
            | Self::StsVersion(version) => (*version).to_owned(),
        }
    }

    /// What a sending server does with it, in a sentence or two.
    pub fn text(&self) -> String {
        let text = match self {
            // RFC 8461 §3.1: unique per policy, no order.
            Self::Id(_) => {
                "Names this edition of your policy. Senders only compare it with the one they \
                 know: it need not be a date, and any difference makes them fetch the policy \
                 again. Change it each time the policy changes, after the new file is served."
            }
            Self::MaxAge(max_age) => max_age_text(*max_age),
            Self::Mode(mode) => mode_text(*mode),
            Self::MorePatterns(rest) => {
                return ["And ", &rest.to_string(), " more patterns."].concat();
            }
            Self::Mx { pattern, mode } => return mx_text(pattern, *mode),
            Self::PolicyVersion(_) => {
                "Marks the text as an MTA-STS policy. There is no other version."
            }
            Self::Rua { uri, several } => return rua_text(uri, *several),
            Self::RptVersion(_) => {
                "Marks the record as a TLSRPT record: senders may report to you."
            }
            Self::StsVersion(_) => {
                "Marks the record as an MTA-STS record: senders look for your policy."
            }
        };
        text.to_owned()
    }
}

/// RFC 8461 §5, §5.1; §8.3 for `none`.
fn mode_text(mode: Mode) -> &'static str {
    match mode {
        Mode::Enforce => {
            "Senders deliver only to MX hosts that match an mx pattern, offer STARTTLS and show a \
             valid certificate for their own name. When no host passes, the message waits in the \
             sender's queue; before giving up, the sender has to look for a newer policy."
        }
        Mode::Testing => {
            "Senders check your MX hosts as for enforce, but deliver even when a check fails. Those \
             that support TLS reports tell you about failures if you publish an _smtp._tls record."
        }
        Mode::None => {
            "Senders treat your domain as one without a policy. This is the way to withdraw an earlier policy."
        }
    }
}

/// RFC 8461 §3.2 (lifetime from the last fetch), §3.3 and §5.1 (refresh, new id).
fn max_age_text(max_age: u64) -> &'static str {
    if max_age == 0 {
        return "A copy expires the moment it is fetched, so senders never have a policy to apply.";
    }
    "Senders may use their copy for this long after each fetch, even when they can't reach your \
     policy host. A new id in the _mta-sts record makes them look for a new policy earlier."
}

/// RFC 8461 §4.1: a wildcard stands for exactly one label.
fn mx_text(pattern: &str, mode: Option<Mode>) -> String {
    let mut text = String::new();
    match pattern.strip_prefix("*.") {
        Some(suffix) => {
            text.push_str("Covers mx1.");
            text.push_str(suffix);
            text.push_str(" and its like, but not ");
            text.push_str(suffix);
            text.push_str(" or a.b.");
            text.push_str(suffix);
            text.push('.');
        }
        None => {
            text.push_str("Covers the MX host ");
            text.push_str(pattern);
            text.push_str(" and no other.");
        }
    }
    if mode == Some(Mode::None) {
        text.push_str(" Not used in mode none.");
    }
    text
}

/// "7 days (604800 s)"
fn seconds(seconds: u64) -> String {
    let mut out = duration(seconds);
    out.push_str(" (");
    out.push_str(&seconds.to_string());
    out.push_str(" s)");
    out
}

/// RFC 8460 §3: the two schemes; with several destinations one delivery is enough.
fn rua_text(uri: &str, several: bool) -> String {
    let scheme = |name: &str| uri.get(..name.len()).is_some_and(|s| s.eq_ignore_ascii_case(name));
    let mut text = String::from(if scheme("mailto:") {
        "Senders mail their reports to this address, even when TLS to its mail servers fails."
    } else if scheme("https:") {
        "Senders upload their reports to this address with HTTPS POST."
    } else {
        "Senders send their reports here."
    });
    if several {
        text.push_str(" A sender may use only one of the destinations.");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host;

    #[test]
    fn wildcards_cover_one_label() {
        let text = mx_text("*.example.com", Some(Mode::Enforce));
        assert_eq!(
            text,
            "Covers mx1.example.com and its like, but not example.com or a.b.example.com."
        );
        assert!(!host::matches("*.example.com", "example.com").covers());
        assert!(host::matches("*.example.com", "mx1.example.com").covers());
        assert!(!host::matches("*.example.com", "a.b.example.com").covers());
    }

    #[test]
    fn the_effect_of_a_mode_is_told() {
        for mode in Mode::ALL {
            assert!(mode_text(mode).starts_with("Senders "));
        }
    }
}
