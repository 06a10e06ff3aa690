//! Owner names: which record a name is meant for, and what it should be.

use super::family::Family;
use crate::host::to_a_labels;
use crate::input::Input;
use crate::text::is_one_of;

/// What an owner name is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meant {
    /// For a record, in the right spelling.
    For(Family),
    /// For a record, in a wrong spelling of its first labels.
    Nearly(Family, usize),
    /// For something else, e.g. the name of the domain itself.
    Other,
    /// A wildcard: it may answer for any name.
    Wildcard,
}

/// Tells what an owner name is for.
pub(super) fn meant(name: &str) -> Meant {
    let mut labels = name.split('.');
    let first = labels.next().unwrap_or("");
    let second = labels.next().unwrap_or("");
    if first == "*" {
        return Meant::Wildcard;
    }
    if first.eq_ignore_ascii_case("_mta-sts") {
        return Meant::For(Family::Sts);
    }
    if first.eq_ignore_ascii_case("_smtp") && second.eq_ignore_ascii_case("_tls") {
        return Meant::For(Family::Rpt);
    }
    let [first_bare, second_bare] = [first, second].map(bare);
    match (first_bare.as_str(), second_bare.as_str()) {
        ("mta", "sts") => Meant::Nearly(Family::Sts, 2),
        // The draft of RFC 8460 used `_smtp-tlsrpt`.
        ("smtp", "tls") | ("tls", "smtp") => Meant::Nearly(Family::Rpt, 2),
        (near, _)
            if is_one_of(near, "smtptls smtptlsrpt smtptlsreport tlsrpt tlsreport tlssmtp") =>
        {
            Meant::Nearly(Family::Rpt, 1)
        }
        ("smtp", _) if first.starts_with('_') && second.starts_with('_') => {
            Meant::Nearly(Family::Rpt, 2)
        }
        ("smtp" | "tls", _) if first.starts_with('_') => Meant::Nearly(Family::Rpt, 1),
        (near, _) if is_near_mta_sts(near) => Meant::Nearly(Family::Sts, 1),
        _ => Meant::Other,
    }
}

/// Whether an owner name is the right one of a record.
pub(super) fn is_ours(name: &str) -> bool {
    matches!(meant(name), Meant::For(_))
}

/// Whether a word in a form or a table can be nothing but a name: `@` for the domain itself (RFC 1035 §5.1), one with an
/// underscore or a dot, or one that is nearly right. In capitals that is how the standards are called.
pub(super) fn is_name(word: &str) -> bool {
    let is_sure = || word.starts_with('_') || meant(word) != Meant::Other || is_domain(word);
    word == "@" || is_lower(word) && !word.ends_with(".txt") && is_sure()
}

/// Whether a name is that of a domain, in lower case.
pub(super) fn is_domain(name: &str) -> bool {
    let (front, top) = name.trim_end_matches('.').rsplit_once('.').unwrap_or_default();
    let is_top = top.len() > 1 && top.bytes().all(|b| b.is_ascii_lowercase());
    is_top && is_lower(front) && !front.starts_with(&['_', '.', '-'][..])
}

/// Whether a name is that of a domain, and of no record.
pub(super) fn is_plain_domain(name: &str) -> bool {
    is_domain(name) && meant(name) == Meant::Other
}

/// Whether a word has nothing in it but what names have, in lower case.
fn is_lower(word: &str) -> bool {
    let is_part = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_.".contains(&b);
    !word.is_empty() && word.bytes().all(is_part)
}

/// A label without hyphens and underscores, in lower case. Long labels can't be near anything.
fn bare(label: &str) -> String {
    if label.len() > 24 {
        return String::new();
    }
    label.chars().filter(|c| !matches!(c, '-' | '_')).map(|c| c.to_ascii_lowercase()).collect()
}

/// `mtasts` with at most one letter missing, or two neighbours swapped.
fn is_near_mta_sts(label: &str) -> bool {
    const NAME: &[u8] = b"mtasts";
    let label = label.as_bytes();
    if label == NAME {
        return true;
    }
    let same = label.iter().zip(NAME).take_while(|(a, b)| a == b).count();
    match label.len() {
        6 => {
            let (wrong, right) = (&label[same..], &NAME[same..]);
            wrong.len() > 1 && wrong[..2] == [right[1], right[0]] && wrong[2..] == right[2..]
        }
        5 => label[same..] == NAME[same + 1..],
        _ => false,
    }
}

/// The name in lower case without the final dot: equal for equal names.
pub(super) fn key(name: &str) -> String {
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

/// Where a record of the family belongs that was found at `name`, if it belongs elsewhere. `domain`
/// is the policy domain, where it is known.
pub(super) fn correct(name: &str, family: Family, domain: Option<&str>) -> Option<String> {
    let (plain, dot) = match name.strip_suffix('.') {
        Some(plain) => (plain, "."),
        None => (name, ""),
    };
    let labels: Vec<&str> = plain.split('.').collect();
    let own = match meant(plain) {
        Meant::Wildcard => return None,
        Meant::For(found) if found == family => family.labels(),
        Meant::For(found) => found.labels(),
        Meant::Nearly(_, count) => count,
        Meant::Other => labels.iter().take_while(|label| label.starts_with('_')).count(),
    };
    let rest = &labels[own.min(labels.len())..];
    // Panels append the domain to a name that already has it.
    let half = rest.len() / 2;
    let doubled = half >= 2
        && rest.len().is_multiple_of(2)
        && rest[..half].iter().zip(&rest[half..]).all(|(a, b)| a.eq_ignore_ascii_case(b));
    if meant(plain) == Meant::For(family) && !doubled {
        return None;
    }
    // A name that is nearly right says for which domain it is.
    let tells_domain = matches!(meant(plain), Meant::Nearly(found, _) if found == family);
    let below_domain = |domain: &&str| {
        let domain = key(domain);
        let plain = plain.to_ascii_lowercase();
        let front = plain.strip_suffix(&domain);
        !tells_domain && front.is_some_and(|front| front.is_empty() || front.ends_with('.'))
    };
    let rest = match domain.filter(below_domain) {
        Some(domain) => key(domain),
        None if doubled => rest[half..].join("."),
        None => rest.join("."),
    };
    Some(match rest.as_str() {
        // `@` is the origin of the zone (RFC 1035 §5.1).
        "" | "@" => family.owner().to_owned(),
        rest => format!("{}.{rest}{dot}", family.owner()),
    })
}

/// What the name of a record is below, or the one that it should have: as [`super::Written`] has it.
pub(super) fn parent(name: &str, family: Family, input: &Input) -> String {
    let right = correct(name, family, input.domain);
    let key = key(right.as_deref().unwrap_or(name));
    // A wildcard answers for the name of the record, from its first label on.
    let behind_star = || {
        let rest = key.strip_prefix('*')?;
        Some(
            family
                .owner()
                .split_once('.')
                .and_then(|(_, more)| rest.strip_prefix('.')?.strip_prefix(more))
                .unwrap_or(rest),
        )
    };
    let rest = key.strip_prefix(family.owner()).or_else(behind_star);
    let parent = rest.unwrap_or(&key).trim_matches('.');
    // What a program or a template puts there is not said.
    let is_part = |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || "-_.".contains(c);
    if parent.is_empty() || !parent.chars().all(is_part) {
        return String::new();
    }
    let mut parent = to_a_labels(parent, input.to_ascii).unwrap_or_else(|| parent.to_owned());
    // Most people leave the root dot out.
    let is_top = |top: &str| {
        top.starts_with("xn--")
            || top.chars().nth(1).is_some() && top.chars().all(char::is_alphabetic)
    };
    let is_whole = || parent.rsplit_once('.').is_some_and(|(_, top)| is_top(top));
    if name.ends_with('.') || is_whole() {
        parent.push('.');
    }
    parent
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_names_become_right() {
        for (name, family, right) in [
            ("_mta-sts.example.com.", Family::Sts, None),
            ("_MTA-STS.example.com", Family::Sts, None),
            ("*.example.com", Family::Sts, None),
            ("_mta_sts.example.com.", Family::Sts, Some("_mta-sts.example.com.")),
            ("mta-sts", Family::Sts, Some("_mta-sts")),
            ("_mtasts.a.b.example", Family::Sts, Some("_mta-sts.a.b.example")),
            ("_mat-sts.example.com", Family::Sts, Some("_mta-sts.example.com")),
            ("example.com", Family::Sts, Some("_mta-sts.example.com")),
            ("@", Family::Rpt, Some("_smtp._tls")),
            ("_smtp._tls.example.com", Family::Sts, Some("_mta-sts.example.com")),
            ("_mta-sts.example.com.example.com.", Family::Sts, Some("_mta-sts.example.com.")),
            ("_smtp._tls.example.com", Family::Rpt, None),
            ("_smtp-tlsrpt.example.com", Family::Rpt, Some("_smtp._tls.example.com")),
            ("_smtp_tls.example.com", Family::Rpt, Some("_smtp._tls.example.com")),
            ("_tls._smtp.example.com", Family::Rpt, Some("_smtp._tls.example.com")),
            ("smtp._tls.example.com", Family::Rpt, Some("_smtp._tls.example.com")),
            ("_smtp._tcp.example.com", Family::Rpt, Some("_smtp._tls.example.com")),
            ("_tls.example.com", Family::Rpt, Some("_smtp._tls.example.com")),
        ] {
            assert_eq!(correct(name, family, None).as_deref(), right, "{name}");
        }
    }

    #[test]
    fn a_word_is_a_name_where_it_can_be_nothing_else() {
        for word in ["@", "_dmarc", "_mta-sts", "mta-sts", "smtp._tls", "tlsrpt", "acme-mail.net."]
        {
            assert!(is_name(word), "{word}");
        }
        for word in [
            "",
            "MTA-STS",
            "TLS-RPT",
            "record",
            "www",
            "v1.2",
            "1.",
            "mta-sts.txt",
            "Anna.Schmidt",
            "a.b:",
        ] {
            assert!(!is_name(word), "{word}");
        }
    }

    #[test]
    fn the_policy_domain_decides_where_it_is_known() {
        let right = correct("www.example.com.", Family::Sts, Some("example.com"));
        assert_eq!(right.as_deref(), Some("_mta-sts.example.com."));
    }
}
