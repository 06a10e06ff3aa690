//! What stands in a text and can be published as it stands there: the policy alone, and each record.

use crate::detect::{self, Sorted};
use crate::input::{Form, Input, Kind};
use crate::record::{self, Written};
use crate::senders::verdict::answer;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The policy, where all of it is there.
    pub policy: Option<String>,
    /// What a policy host answered with that policy, head and all, where the text shows the head.
    pub answer: Option<String>,
    /// The records, in the order of the text.
    pub records: Vec<Written>,
}

/// Takes what can be published out of a text, whatever else is wrong with it.
pub fn found(input: &Input) -> Found {
    let Sorted { detected, carved, .. } = detect::sort(input);
    if let Some(carved) = carved {
        let text = carved.whole_policy();
        let body = |text: &&str| text.get(answer(text.as_bytes()).1..).map(str::to_owned);
        let policy = text.as_ref().and_then(body);
        let answer = text.filter(|text| policy.as_ref().is_some_and(|it| it.len() < text.len()));
        let answer = answer.map(str::to_owned);
        return Found { policy, answer, records: carved.written(input) };
    }
    let Ok(text) = str::from_utf8(input.source) else { return Found::default() };
    let text = text.trim_start_matches('\u{feff}');
    match (detected.kind, detected.form) {
        // An answer of a host is more than the policy.
        (Kind::Policy, Form::Bare) => Found { policy: Some(text.into()), ..Found::default() },
        (kind @ (Kind::StsTxt | Kind::RptTxt), form) => {
            Found { records: record::written(text, input, kind, form), ..Found::default() }
        }
        _ => Found::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &str =
        "version: STSv1\nmode: enforce\nmx: mail.acme-mail.net\nmax_age: 2592000\n";
    const STS: &str = "_mta-sts.acme-mail.net. IN TXT \"v=STSv1; id=20260101; a=b;\"\n";
    const RPT: &str =
        "_smtp._tls.acme-mail.net. IN TXT \"v=TLSRPTv1; rua=mailto:tls\" \"@acme-mail.net\"\n";

    #[test]
    fn each_part_of_a_text_is_taken_out_alone() {
        let sts = (Kind::StsTxt, Some("acme-mail.net"), "v=STSv1; id=20260101; a=b;");
        let rpt = (Kind::RptTxt, Some("acme-mail.net"), "v=TLSRPTv1; rua=mailto:tls@acme-mail.net");
        let bare = (Kind::StsTxt, None, "v=STSv1; id=1;");
        for (text, has_policy, records) in [
            (POLICY.to_owned(), true, &[][..]),
            ([POLICY, "\n", STS].concat(), true, &[sts]),
            ([STS, RPT, "\n", POLICY].concat(), true, &[sts, rpt]),
            (["This is what we publish:\n\n", POLICY, "Is it right?\n"].concat(), true, &[]),
            ([RPT, STS].concat(), false, &[rpt, sts]),
            (STS.replace(".acme-mail.net.", ""), false, &[(sts.0, None, sts.2)]),
            ("v=STSv1; id=1;\n".into(), false, &[bare]),
            ("\"v=STSv1; \" \"id=1;\"".into(), false, &[bare]),
            ("[[\"v=spf1 -all\"],[\"v=STSv1; id=1;\"]]".into(), false, &[bare]),
            (["HTTP/1.1 200 OK\n\n", POLICY].concat(), false, &[]),
            ("acme-mail.net".into(), false, &[]),
        ] {
            let found = found(&Input::new(text.as_bytes()));
            let seen: Vec<_> = found
                .records
                .iter()
                .map(|it| (it.kind, it.domain.as_deref(), it.value.as_str()))
                .collect();
            assert_eq!(seen, records, "{text}");
            let policy = found.policy.as_deref().map(str::trim_end);
            assert_eq!(policy, has_policy.then_some(POLICY.trim_end()), "{text}");
        }
    }

    #[test]
    fn the_head_of_an_answer_is_no_part_of_the_policy() {
        let answer = ["HTTP/2 200\ncontent-type: text/html\n\n", POLICY].concat();
        let command = "$ curl -sS -i https://mta-sts.acme-mail.net/.well-known/mta-sts.txt\n";
        let text = [command, &answer, "$ dig +short TXT _mta-sts.acme-mail.net\n", STS].concat();
        let found = found(&Input::new(text.as_bytes()));
        assert_eq!(found.policy.as_deref(), Some(POLICY));
        assert_eq!(found.answer.as_deref(), Some(&*answer));
        assert_eq!(found.records.len(), 1);
    }

    #[test]
    fn a_policy_of_which_a_program_makes_a_part_is_none() {
        let text = POLICY.replace("mx: mail", "{% for mx in hosts %}mx: mail");
        let text = ["```\n", &text, "```\n", STS].concat();
        let found = found(&Input::new(text.as_bytes()));
        assert_eq!((found.policy, found.records.len()), (None, 1));
    }
}
