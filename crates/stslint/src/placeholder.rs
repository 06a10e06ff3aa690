//! Placeholders of templates and scripts that nobody filled in.

use crate::text::begins;

/// What is said of a value that waits for another one.
pub(crate) const UNFILLED: &str = ": a placeholder that was never filled in";

/// What a value is that waits for another one, as an end of a message; none for a value.
pub(crate) fn placeholder(text: &str) -> Option<&'static str> {
    // Each has one of these, and most values have none.
    let sign = |b| matches!(b, b'$' | b'`' | b'{' | b'}' | b'%' | b'<' | b'[' | b'_' | b'@');
    if !text.bytes().any(sign) {
        return None;
    }
    let is_command = text.contains("$(") || text.contains('`');
    if is_command {
        return Some(": a command that was never run, so put its result here");
    }
    let is_template = is_variable(text)
        || is_lone_tag(text)
        || text.contains("<%")
        || text.contains("<?")
        || text.contains(['{', '}'])
        || text.contains("%(")
        || is_enclosed(text, '<', '>')
        || is_enclosed(text, '[', ']')
        || is_enclosed(text, '%', '%')
        || is_named(text);
    is_template.then_some(UNFILLED)
}

/// Whether a part of the text is `$X` or `@X@`. `$` alone may stand in a path and in an address, so a variable in small
/// letters begins the value or a label of a name. So does `@` there, in front of which an address has no dot.
fn is_variable(text: &str) -> bool {
    text.match_indices(['$', '@']).any(|(at, sign)| {
        let (before, after) = (&text[..at], &text[at + 1..]);
        let begins = before.is_empty() || before.ends_with(['.', '@']);
        let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let (word, rest) = after.split_at(end.unwrap_or(after.len()));
        match sign {
            "$" => {
                word.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
                    || begins && word.starts_with(|c: char| c.is_ascii_lowercase())
            }
            _ => begins && !word.is_empty() && rest.starts_with('@'),
        }
    })
}

/// Whether the whole text is a tag as HTML has them.
pub(crate) fn is_lone_tag(text: &str) -> bool {
    let inner = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    let is_sign = |c: char| matches!(c, '<' | '>' | '.' | '@' | ':' | '=' | '/');
    inner.is_some_and(|inner| inner.starts_with(char::is_alphanumeric) && !inner.contains(is_sign))
}

/// Whether there is a word in brackets, which may be several. Around a name with dots, or an address, they are only
/// brackets; a short word of HTML is one of its tags.
fn is_enclosed(text: &str, open: char, close: char) -> bool {
    let Some((text, _)) = text.rsplit_once(close) else { return false };
    text.split(close).enumerate().any(|(at, part)| {
        let inner = match part.rsplit_once(open) {
            Some((_, inner)) => inner,
            None if open == close && at > 0 => part,
            None => return false,
        };
        let starts_well = inner.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        let is_tag = ["a", "b", "br", "br/", "code", "i", "li", "p", "td"].contains(&inner);
        starts_well && !is_tag && !inner.contains(['.', '@', ':', '='])
    })
}

/// Whether the registrable part is a tutorial's sample name, or Microsoft's host for one.
pub(crate) fn is_template(name: &str) -> bool {
    const NAMES: &[&str] = &["yourdomain", "your-domain", "mydomain", "my-domain", "domain"];
    const SUFFIXES: &[&str] = &["com", "net", "org", "tld", "example"];
    // Below any top-level domain.
    const TRANSLATED: &[&str] = &[
        "ihre-domain",
        "ihredomain",
        "deine-domain",
        "meine-domain",
        "votredomaine",
        "votre-domaine",
        "tudominio",
        "tu-dominio",
        "seudominio",
        "iltuodominio",
        "jouwdomein",
    ];
    let is_any = |label: &str, of: &[&str]| of.iter().any(|it| it.eq_ignore_ascii_case(label));
    let mut labels = name.rsplit('.');
    let (Some(suffix), Some(label)) = (labels.next(), labels.next()) else { return false };
    let below = labels.next().filter(|_| label.eq_ignore_ascii_case("com"));
    is_any(label, NAMES) && is_any(suffix, SUFFIXES)
        || is_any(below.unwrap_or(label), TRANSLATED)
        || begins(name, "yourdomain-com.")
}

/// Whether a part of the text is called `YOUR_…`, `CHANGE_ME` or `__…__`.
fn is_named(text: &str) -> bool {
    let is_border = |c: char| !c.is_alphanumeric() && c != '_';
    text.split(is_border).any(|word| {
        let change = word.eq_ignore_ascii_case("change_me");
        begins(word, "your_")
            || change
            || word.len() > 4 && word.starts_with("__") && word.ends_with("__")
    })
}

#[cfg(test)]
mod tests {
    use super::placeholder;

    #[test]
    fn what_waits_for_a_value_is_told_from_one() {
        for text in [
            "<host>",
            "<VERIFIZIERTER_MX_HOST>",
            "<your mail server>",
            "mail.<domain>",
            "${SMARTHOST_DOMAIN_NAME}",
            "$MX",
            "{{ .Values.mx }}",
            "mail.{domain}",
            "%(mx)s",
            "%MX%",
            "%Y%m%d",
            "[MX HOST]",
            "YOUR_MX_HOST",
            "mail.your_domain.com",
            "__MX__",
            "CHANGE_ME",
            "mail.$domain",
            "$mx",
            "@@MX@@",
            "@MX_HOST@",
            "mail.@domain@",
            "<a>",
            "<span>",
            "<code>",
            "<%= mx %>",
            "<?php echo $x ?>",
        ] {
            assert_eq!(
                placeholder(text),
                Some(": a placeholder that was never filled in"),
                "{text}"
            );
        }
        for text in ["$(hostname -f)", "`date +%s`"] {
            assert!(placeholder(text).is_some_and(|words| words.contains("command")), "{text}");
        }
        for text in [
            "mail.example.com",
            "<mail.example.com>",
            "<postmaster@example.com>",
            "mail.example.com<br>",
            "[192.0.2.25]",
            "[2001:db8::25]",
            "behalf_of_your_team",
            "mx_1.example.com",
            "_",
            "En%force",
            "https://reports.example.com/$x",
            "mailto:tls$reports@example.com",
            "mailto:a@b@c.example",
            "a@example.com,b@example.com",
            "@",
            "a@@b",
            "<br/>",
            "<b>mail.example.com</b>",
            "",
        ] {
            assert_eq!(placeholder(text), None, "{text}");
        }
    }
}
