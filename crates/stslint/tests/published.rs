//! What is to be published of a text is what was linted there: on every vector and example, and on names that are more than a label.

use stslint::Declared;
use stslint_checks::{Case, linting, seeds};

/// Names below a zone, names that are no plain ASCII, names that others lead to, values that are cut.
const TEXTS: &[&str] = &[
    "_mta-sts 300 IN TXT \"v=STSv1; id=20260101;\"\n_mta-sts.shop 300 IN TXT \"v=STSv1; id=20260102;\"\n",
    "_smtp._tls.a 300 IN TXT \"v=TLSRPTv1; rua=mailto:a@acme.net\"\n_smtp._tls.b 300 IN TXT \"v=TLSRPTv1; rua=mailto:b@acme.net\"\n",
    "_mta-sts.bücher.example. IN TXT \"v=STSv1; id=1;\"\n_mta-sts.münchen.example. IN TXT \"v=STSv1; id=2;\"\n",
    "_mta-sts.acme.xn--p1ai. IN TXT \"v=STSv1; id=1;\"\n_mta-sts.shop.xn--p1ai. IN TXT \"v=STSv1; id=2;\"\n",
    "_mta-sts.acme-mail.net. CNAME acme._mta-sts.hoster.com.\nacme._mta-sts.hoster.com. TXT \"v=STSv1; id=20260101;\"\n",
    "_smtp._tls | TXT | v=TLSRPTv1; rua=mailto:tls@acme-mail.n...\n_mta-sts | TXT | v=STSv1; id=20260101;\n",
    "$ dig +short txt _mta-sts.acme.net @192.0.2.1\n\"v=STSv1; id=1\"\n$ dig +short txt _mta-sts.acme.net @192.0.2.2\n\"v=STSv1; id=2\"\n",
    // Two of one name: none of them is published.
    "\"v=TLSRPTr1; rua=mailto:tls@acmC\"v=TLSRPTv1; rua=mailto:tls@acme-mail.net",
    "[^\"v=STSv1\\\\; id=v1; id=20260101\\\"20260101@v=TLSRPTv1; rua=http://acme.net\"v=STSv1; id=1;\"srpt@acm]e.m]",
];

#[test]
fn what_is_published_is_what_was_linted() {
    let field = seeds::field();
    assert!(field.len() > 30, "{}", field.len());
    let told = |(case, text): &(serde_json::Value, Vec<u8>)| {
        Case::new(case["kind"].as_str().and_then(Declared::from_word), text.clone())
    };
    let mut cases: Vec<Case> = TEXTS.iter().map(|text| Case::new(None, *text)).collect();
    cases.extend(field.iter().map(told));
    cases.extend(seeds::all_seeds().into_iter().map(|seed| seed.case));
    let faults: Vec<String> =
        cases.iter().filter_map(|case| linting::published(case).err()).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}
