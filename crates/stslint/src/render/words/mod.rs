//! The verdict in words.

mod case;
mod names;
mod reports;
mod texts;

pub use case::{lower, upper};
pub(in crate::render) use names::count;
use names::name;
pub use names::{CURL, duration, form_words, lookup_commands, summary, taken_for};

use crate::carve::Packed;
use crate::finding::{Arg, Finding};
use crate::input::Form;
use crate::text::{LineIndex, Span};
use crate::{Artefact, Input, Kind, Parsed, Report, carve, detect, strange};

/// What to tell a person first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headline {
    /// The state, for colour and icon.
    pub state: State,
    /// One sentence: will senders use it?
    pub title: String,
    /// What it means for mail, and what to do next.
    pub next: String,
}

/// The overall state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing above advice.
    Good,
    /// Recognised, not linted.
    NotLinted,
    /// Usable, but with warnings or outside the grammar.
    Review,
    /// Senders will not use it.
    Broken,
}

/// The verdict of a report in words, made from its findings only.
pub fn headline(input: &Input, report: &Report) -> Headline {
    match &report.artefacts[..] {
        [] => {
            not_linted("Nothing to lint.", "Paste a policy, a record or the output of dig or curl.")
        }
        [one] => artefact_headline(input, report.form, one),
        // The assessment of a live check tells of the records and the policy in it as well.
        [live, ..] if live.kind == Kind::Live => artefact_headline(input, report.form, live),
        _ => joined(input, report),
    }
}

/// The verdict of one artefact of a report.
pub fn artefact_headline(input: &Input, form: Form, artefact: &Artefact) -> Headline {
    match artefact.kind {
        Kind::Domain => not_linted(
            match artefact.parsed {
                Parsed::Domain(_) => "A domain name: nothing to lint in it.",
                _ => "A list of domain names: nothing to lint in it.",
            },
            "To see what senders find there, check it.",
        ),
        Kind::Live => match &artefact.parsed {
            Parsed::Live(assessment) => super::live::headline(assessment),
            _ => not_linted(
                "These are not the facts of a live check.",
                "Nothing in them was checked.",
            ),
        },
        Kind::Report if artefact.verdict().is_some() => reports::tls_report(artefact),
        Kind::Report if form == Form::Gzip => not_linted(
            "Compressed data: not read.",
            "Unpack the file, for example with gunzip, and lint what comes out.",
        ),
        Kind::Report => not_linted("A TLS report: not read yet.", "Nothing in it was checked."),
        Kind::Unknown => unknown(input.source),
        Kind::Policy if artefact.verdict().is_none() => not_linted(
            "The headers of an answer: no policy was seen.",
            "The policy is what follows them. Paste the whole answer, as curl -i prints it.",
        ),
        _ if artefact.verdict().is_none() && is_cut(artefact) => not_linted(
            "The value is cut: the rest of it was not judged.",
            "Paste the whole value. PowerShell prints it with Resolve-DnsName … | Select-Object -ExpandProperty Strings; in a \
             panel, open the record.",
        ),
        _ if artefact.verdict().is_none() => match strange::look(input.source) {
            Some(look) if look.name.starts_with("A look-up") => {
                let title = format!("{}: nothing is known about this record.", look.name);
                not_linted(&title, &naming(look.next, input.source))
            }
            _ => not_linted(
                "The look-up failed: nothing is known about this record.",
                "A resolver that cannot answer says nothing about what you published. Ask again, or ask \
                 another resolver, and paste that answer.",
            ),
        },
        // What is right is not what stands there as a whole.
        Kind::Policy if form == Form::Inside => {
            let headline = text_headline(input, form, artefact);
            // Where it is made of values, no text of it stands there.
            let is_made = artefact.findings.iter().any(|finding| finding.rule.code == "INPUT-007");
            let wraps =
                |finding: &&Finding| ["INPUT-004", "INPUT-007"].contains(&finding.rule.code);
            let unread = match artefact.findings.iter().find(wraps).map(|told| &told.args[1]) {
                Some(Arg::Text(unread)) => unread,
                _ => "",
            };
            let title = match headline.state {
                State::Good if unread.starts_with("; of ") => {
                    "The first policy in this text is right. The others were not read.".into()
                }
                State::Good if !unread.is_empty() => {
                    "What this text shows of the policy is right. The rest was not read.".into()
                }
                State::Good if is_made => "The policy that these values make is right.".into(),
                State::Good => "The policy in this text is right. Publish it alone.".into(),
                _ => headline.title,
            };
            Headline { title, ..headline }
        }
        _ => text_headline(input, form, artefact),
    }
}

/// Whether a record is shown with the beginning of its value only.
fn is_cut(artefact: &Artefact) -> bool {
    artefact.findings.iter().any(|finding| finding.rule.code == "INPUT-009")
}

/// What to do with a text that is nothing, or nothing yet.
fn unknown(source: &[u8]) -> Headline {
    if str::from_utf8(source).is_ok_and(detect::is_domain_being_typed) {
        return not_linted(
            "A domain, such as example.com?",
            "A whole one has a dot in it. If it is something else, say what it is.",
        );
    }
    if is_alias(&String::from_utf8_lossy(source)) {
        let next = "That is fine if the other name has the record. To see what senders find, check your domain.";
        return not_linted("This points to another name (CNAME).", &naming(next, source));
    }
    if let Some(attachment) = carve::attachment(source) {
        return packed(attachment.holds);
    }
    if let Some(look) = strange::look(source) {
        let title = format!("{}: nothing in it to lint.", look.name);
        let next = [which(&look.others(source), source), naming(look.next, source)].concat();
        return not_linted(&title, &next);
    }
    not_linted(
        "stslint can't tell what this is.",
        "It reads MTA-STS policies, _mta-sts and _smtp._tls records, what dig and curl print of them, TLS \
         reports, and domains. If this is one of them, say which.",
    )
}

/// Which lines of a list of domains are none; nothing where all are.
fn which(others: &[Span], source: &[u8]) -> String {
    const NAMED: usize = 3;
    let lines = LineIndex::new(source);
    let line = |place: &Span| lines.position(source, place.start).line.to_string();
    let named: Vec<String> = others.iter().take(NAMED).map(line).collect();
    match (&named[..], others.len() - named.len()) {
        ([], _) => String::new(),
        ([one], _) => format!("Line {one} is none. "),
        ([all @ .., last], 0) => format!("Lines {} and {last} are none. ", all.join(", ")),
        (all, more) => format!("Lines {} and {more} more are none. ", all.join(", ")),
    }
}

/// What to do with a mail to which something packed is attached.
fn packed(holds: Packed) -> Headline {
    match holds {
        Packed::Report => not_linted(
            "A mail with a packed TLS report: the report was not read here.",
            "Save the attachment, or the whole mail, from your mail program and open that file: stslint unpacks it.",
        ),
        Packed::Dmarc => not_linted(
            "A mail with a packed DMARC report: nothing in it to lint.",
            "DMARC reports tell of SPF and DKIM, not of TLS. TLS reports are JSON and come to the address in the _smtp._tls \
             record.",
        ),
        Packed::Other => not_linted(
            "A mail with a packed file: it was not read here.",
            "If it holds TLS reports, unpack it and open these.",
        ),
    }
}

/// What to do next, with the name of the domain that the text tells of where that is to be checked.
fn naming(next: &str, source: &[u8]) -> String {
    const CHECKS: [&str; 2] = ["check the domain", "check your domain"];
    let place = CHECKS.into_iter().find_map(|words| Some(next.find(words)? + words.len()));
    let domain = carve::report_domain(source).or_else(|| strange::domain(source));
    match (place, domain) {
        (Some(at), Some(domain)) => [&next[..at], " ", &domain, &next[at..]].concat(),
        _ => next.to_owned(),
    }
}

/// Whether a text says that one of the names with records is an alias.
fn is_alias(text: &str) -> bool {
    let mut lines = text.lines().take(100);
    lines.any(|line| {
        let is_ours = |word: &str| {
            let word = word.to_ascii_lowercase();
            word.starts_with("_mta-sts") || word.starts_with("_smtp._tls")
        };
        line.split_whitespace().any(|word| word.eq_ignore_ascii_case("cname"))
            && line.split_whitespace().any(is_ours)
    })
}

/// The verdict of a policy or record.
pub(crate) fn text_headline(input: &Input, form: Form, artefact: &Artefact) -> Headline {
    match artefact.kind {
        Kind::RptTxt => texts::rpt_record(form, artefact),
        Kind::StsTxt => texts::sts_record(form, artefact),
        _ => texts::policy(input, form, artefact),
    }
}

fn not_linted(title: &str, next: &str) -> Headline {
    Headline { state: State::NotLinted, title: title.into(), next: next.into() }
}

/// The verdict of each of several artefacts, with its name, to list them. None for a single one, nor for a live
/// check, whose own verdict is that of all that is in it.
pub fn each(input: &Input, report: &Report) -> Vec<(&'static str, Headline)> {
    match &report.artefacts[..] {
        [] | [_] => Vec::new(),
        [live, ..] if live.kind == Kind::Live => Vec::new(),
        several => {
            let one = |artefact: &Artefact| {
                (name(artefact.kind), artefact_headline(input, report.form, artefact))
            };
            several.iter().map(one).collect()
        }
    }
}

/// Several artefacts in one input: how many are right, and what to do about the worst.
fn joined(input: &Input, report: &Report) -> Headline {
    let each = each(input, report);
    let is_record = |artefact: &Artefact| matches!(artefact.kind, Kind::StsTxt | Kind::RptTxt);
    let (one, several) = match report.artefacts.iter().all(is_record) {
        true => (" record", " records"),
        false => ("", ""),
    };
    let right = each.iter().filter(|(_, one)| one.state == State::Good).count();
    let unseen = each.iter().any(|(_, one)| one.state == State::NotLinted);
    let title = match (right, each.len()) {
        (0, all) if unseen => format!("None of the {all}{several} can be called right."),
        (2, 2) => ["Both", several, " are right."].concat(),
        (0, 2) => ["Neither", one, " is right."].concat(),
        (1, all) => format!("1 of {all}{several} is right."),
        (right, all) if right == all => format!("All {all}{several} are right."),
        (right, all) => format!("{right} of {all}{several} are right."),
    };
    // The first of the worst.
    let worst = each.into_iter().rev().max_by_key(|(_, one)| rank(one.state));
    let (state, next) = worst.map_or((State::NotLinted, String::new()), |(name, one)| {
        let why = if one.state == State::Good { String::new() } else { format!("{} ", one.title) };
        (one.state, format!("{name}: {why}{}", one.next))
    });
    Headline { state, title, next }
}

fn rank(state: State) -> u8 {
    match state {
        State::Good => 0,
        State::NotLinted => 1,
        State::Review => 2,
        State::Broken => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Mode;
    use crate::{lint, policy, record};

    fn artefact(kind: Kind, parsed: Parsed) -> Artefact {
        Artefact { kind, parsed, findings: Vec::new() }
    }

    fn head(form: Form, artefacts: Vec<Artefact>) -> Headline {
        headline(&Input::new(b""), &Report { form, artefacts })
    }

    #[test]
    fn each_mode_has_its_own_answer() {
        let of = |mode| {
            let values = policy::Values { mode: Some(mode), ..policy::Values::default() };
            head(Form::Bare, vec![artefact(Kind::Policy, Parsed::Policy(values))])
        };
        assert!(of(Mode::Enforce).title.contains("enforce it"));
        assert!(of(Mode::Testing).title.contains("deliver anyway"));
        assert!(of(Mode::None).title.contains("without a policy"));
        assert!(of(Mode::None).state == State::Good);
    }

    #[test]
    fn a_bad_answer_of_the_host_is_not_said_to_be_fine() {
        let text = b"HTTP/1.1 301 Moved\r\nLocation: /x\r\n\r\nversion: STSv1\r\nmode: enforce\r\n\
                     mx: mail.example.com\r\nmax_age: 2592000\r\n";
        let input = Input::new(text);
        assert_eq!(headline(&input, &lint(&input)).state, State::Broken);
    }

    #[test]
    fn a_policy_inside_a_text_is_to_be_published_alone_and_one_of_values_is_no_text() {
        let title = |text: &str| {
            let input = Input::new(text.as_bytes());
            headline(&input, &lint(&input)).title
        };
        let policy = "version: STSv1\nmode: enforce\nmx: mail.example.com\nmax_age: 1209600\n";
        let inside = format!("Our policy:\n\n```\n{policy}```\n");
        assert_eq!(title(&inside), "The policy in this text is right. Publish it alone.");
        let values = r#"POLICY = {"version": "STSv1", "mode": "enforce", "mx": ["mail.example.com"], "max_age": 1209600}"#;
        assert_eq!(title(values), "The policy that these values make is right.");
    }

    #[test]
    fn mail_that_a_policy_holds_back_is_not_said_to_arrive() {
        let head = |mode: &str, mx: &str| {
            let text = format!("version: STSv1\nmode: {mode}\n{mx}max_age: 1209600\n");
            let input = Input::new(text.as_bytes());
            headline(&input, &lint(&input))
        };
        for (mx, title) in [
            ("mx: *.1.2.3.4\n", "hold back all mail"),
            ("mx: *.1.2.3.4\nmx: mail.123\n", "hold back all mail"),
            ("mx: 192.0.2.25\n", "hold back all mail"),
            ("mx: 192.0.2.25\nmx: mail.acme-mail.net\n", "may hold back mail"),
        ] {
            let enforce = head("enforce", mx);
            assert_eq!(enforce.state, State::Broken);
            assert!(enforce.title.contains(title), "{mx}{}", enforce.title);
            assert!(!enforce.next.contains("still arrives"), "{}", enforce.next);
        }
        // Nothing is held back in testing mode, nor by a policy that senders reject.
        assert!(!head("testing", "mx: 192.0.2.25\n").title.contains("hold back"));
        let rejected = head("enforce", "mx: *.1.2.3.4\nmx: a_b!.acme-mail.net\n");
        assert!(rejected.title.contains("ignore this policy"), "{}", rejected.title);
    }

    #[test]
    fn the_domain_that_is_to_be_checked_is_named() {
        for (text, next) in [
            (
                "450 4.4.8 MX hosts of 'acme-mail.net' failed MTA-STS validation.",
                "To see what senders find, check the domain acme-mail.net.",
            ),
            ("How do I set up MTA-STS for acme-mail.net?", "or check the domain acme-mail.net."),
            ("Does anybody know why MTA-STS fails for us?", "or check the domain."),
        ] {
            let input = Input::new(text.as_bytes());
            let head = headline(&input, &lint(&input));
            assert!(head.next.ends_with(next), "{}", head.next);
        }
    }

    #[test]
    fn several_records_are_named() {
        let records = [Kind::StsTxt, Kind::RptTxt]
            .map(|kind| artefact(kind, Parsed::Record(record::Values::default())));
        let all = head(Form::Zone, records.to_vec());
        assert_eq!(all.state, State::Good);
        assert_eq!(all.title, "Both records are right.");
        assert!(all.next.starts_with("MTA-STS record: This record only says"), "{}", all.next);
        let text = b"_mta-sts.a.se. IN TXT \"v=STSv1; id=1;\"\n_smtp._tls.a.se. IN TXT \"v=TLSRPTv1; rua=x\"\n";
        let input = Input::new(text);
        let report = lint(&input);
        let all = headline(&input, &report);
        assert_eq!((all.state, &all.title[..]), (State::Broken, "1 of 2 records is right."));
        assert!(all.next.starts_with("TLSRPT record: You can't count on"), "{}", all.next);
        let each: Vec<_> =
            each(&input, &report).into_iter().map(|(name, one)| (name, one.state)).collect();
        assert_eq!(each, [("MTA-STS record", State::Good), ("TLSRPT record", State::Broken)]);
        let report = Report { form: Form::Zone, artefacts: records.to_vec() };
        assert_eq!(taken_for(&report), "MTA-STS record and TLSRPT record, as zone-file lines");
        assert_eq!(
            form_words(Form::HttpResponse, Kind::Policy),
            "MTA-STS policy in an HTTP response"
        );
    }

    #[test]
    fn a_policy_is_not_counted_as_a_record() {
        const POLICY: &str =
            "version: STSv1\nmode: enforce\nmx: mail.acme-mail.net\nmax_age: 1209600\n";
        for (policy, id, title) in [
            (POLICY, "1", "Both are right."),
            (POLICY, "a-b", "1 of 2 is right."),
            ("version: STSv1\nmode: on\nmax_age: 1209600\n", "a-b", "Neither is right."),
        ] {
            let text = format!("_mta-sts.acme-mail.net. IN TXT \"v=STSv1; id={id};\"\n\n{policy}");
            let input = Input::new(text.as_bytes());
            assert_eq!(headline(&input, &lint(&input)).title, title, "{text}");
        }
    }

    #[test]
    fn lines_that_are_no_domains_are_named() {
        for (text, words) in [
            ("aa.se\nbb.se\n\nnot a domain!\n", "Line 4 is none. Take such lines out"),
            ("aa.se\n?\nbb.se\ncc.se\n!\n", "Lines 2 and 5 are none. "),
            (
                "?\n?\n?\n?\n?\na.se\nb.se\nc.se\nd.se\ne.se\nf.se",
                "Lines 1, 2, 3 and 2 more are none. ",
            ),
        ] {
            let list = Input::new(text.as_bytes());
            let head = headline(&list, &lint(&list));
            assert!(
                head.title.starts_with("A list of domains, with lines that are none"),
                "{text}"
            );
            assert!(head.next.starts_with(words), "{}", head.next);
        }
    }

    #[test]
    fn nothing_is_said_about_what_was_not_linted() {
        let domain = Input::new(b"example.com");
        assert_eq!(headline(&domain, &lint(&domain)).state, State::NotLinted);
        assert_eq!(summary(&lint(&domain)), "Not linted");
        for (text, words) in [
            ("acme-mail", "A domain, such as example.com?"),
            ("1 + 1", "stslint can't tell what this is."),
            ("is my mail safe?", "stslint can't tell what this is."),
            ("what is a CNAME?", "stslint can't tell what this is."),
            ("_mta-sts CNAME _mta-sts.mx.cloudflare.net", "This points to another name (CNAME)."),
            ("_smtp._tls.a.se. 300 IN cname x.example.", "This points to another name (CNAME)."),
        ] {
            let unknown = Input::new(text.as_bytes());
            let head = headline(&unknown, &lint(&unknown));
            assert_eq!((head.state, &head.title[..]), (State::NotLinted, words), "{text}");
            let more = match text {
                "_smtp._tls.a.se. 300 IN cname x.example." => "check your domain a.se.",
                _ if text.contains("_") => "check your domain.",
                _ => "say wh",
            };
            assert!(head.next.contains(more), "{}", head.next);
            assert_eq!(taken_for(&lint(&unknown)), "Unknown");
        }
        // A panel prints no output of dig.
        let panel = Input::new(b"Host: _mta-sts\nType: TXT\nValue: v=STSv1; id=1;\n");
        let words = "MTA-STS record, as dig, a similar tool or a DNS panel shows it";
        assert_eq!(taken_for(&lint(&panel)), words);
        let three = Input::new(
            b"version: STSv1\nmode: none\nmax_age: 86400\n\n_mta-sts.a.se. IN TXT \"v=STSv1; id=1;\"\n\
              _smtp._tls.a.se. IN TXT \"v=TLSRPTv1; rua=mailto:t@a.se\"\n",
        );
        let words = "MTA-STS policy, MTA-STS record and TLSRPT record inside a text";
        assert_eq!(taken_for(&lint(&three)), words);
        assert_eq!(headline(&three, &lint(&three)).title, "All 3 are right.");
        let packed = Input::new(&[0x1f, 0x8b, 8, 0]);
        assert_eq!(headline(&packed, &lint(&packed)).state, State::NotLinted);
    }
}
