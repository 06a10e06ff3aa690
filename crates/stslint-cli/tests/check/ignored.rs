//! `stslint check --ignore`: what is ignored is not told, and that it is ignored always is.

use crate::network::ca::Flaw;
use crate::network::{Network, POLICY, Said, text_plain};
use crate::rows::rows;
use serde_json::json;

/// example.com with a certificate that has expired.
fn expired(args: &[&str]) -> Said {
    let mut network = Network::good();
    network.policy_host("example.com", Flaw::Expired, text_plain(POLICY));
    network.check(&[&["example.com", "--smtp"], args].concat())
}

/// Both errors of it.
const BOTH: [&str; 2] = ["--ignore", "LIVE-043,live-003"];

#[test]
fn an_ignored_error_never_makes_a_domain_look_fine() {
    let said = expired(&[]);
    assert_eq!(said.code, 2, "{said:?}");
    assert!(!said.out.contains("Ignored"), "{said:?}");

    let said = expired(&BOTH);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(!said.out.contains("error["), "{said:?}");
    assert_eq!(said.states()[1], "problem");
    said.has(
        "example.com: The certificate of `mta-sts.example.com` has expired or is not valid yet.\n",
    );
    said.has("  Ignored: 2 errors (LIVE-003, LIVE-043).\n");

    let said = expired(&[&BOTH[..], &["--format", "ndjson"]].concat());
    let row = &rows(&said)[0];
    assert_eq!((&row["state"], &row["severity"]), (&json!("broken"), &serde_json::Value::Null));
    assert_eq!(row["findings"], json!([]));
    let ignored = row["ignored"].as_array().expect("a list").iter();
    let ignored: Vec<_> = ignored.map(|finding| &finding["code"]).collect();
    assert_eq!(ignored, ["LIVE-003", "LIVE-043"]);

    let said = expired(&[&BOTH[..], &["--format", "json"]].concat());
    let document: serde_json::Value = serde_json::from_str(&said.out).expect("JSON");
    let check = &document["checks"][0];
    assert_eq!(
        (&check["state"], &check["ignored"][1]["code"]),
        (&json!("broken"), &json!("LIVE-043"))
    );
    assert!(!check["steps"].to_string().contains("\"LIVE-043\""), "{said:?}");

    for (format, words) in [
        ("nagios", "has expired or is not valid yet. (ignored: 2)"),
        ("prometheus", "stslint_findings_ignored{domain=\"example.com\"} 2"),
        ("prometheus", "stslint_state{domain=\"example.com\",state=\"broken\"} 1"),
        ("github", "::notice title=stslint example.com::"),
        ("github", "(ignored: 2)"),
    ] {
        let said = expired(&[&BOTH[..], &["--format", format]].concat());
        said.has(words);
    }
}

#[test]
fn annotations_tell_what_is_wrong_only() {
    let said = Network::good().check(&["example.com", "--smtp", "--format", "github"]);
    assert_eq!((said.code, &said.out[..]), (0, ""), "{said:?}");
    let said = expired(&["--format", "github"]);
    let start = "::error title=stslint example.com::The certificate of `mta-sts.example.com` has expired or is not \
                 valid yet.%0Aerror LIVE-003 (fetch)%0Aerror LIVE-043 (fetch)\n";
    assert_eq!(said.out, start, "{said:?}");
    let bad = "::error::x\u{1b} y\n";
    let said = Network::good().check_with(&["--file", "-", "--format", "github"], bad);
    let line = said.out.lines().next().expect("a line");
    assert!(
        line.starts_with("::error title=stslint check::::error::x<U+001B> y is not a"),
        "{said:?}"
    );
}

#[test]
fn a_domain_has_settings_of_its_own() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let file = folder.join("check-stslint.toml");
    let text = "[per-domain-ignores]\n'example.com' = ['LIVE-043', 'LIVE-003']\n";
    std::fs::write(&file, text).expect("it can be written");
    let said = expired(&["--config", file.to_str().expect("a good name")]);
    std::fs::remove_file(&file).expect("it is there");
    assert_eq!(said.code, 0, "{said:?}");
    said.has("  Ignored: 2 errors (LIVE-003, LIVE-043).\n");
}
