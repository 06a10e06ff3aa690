//! The explanations that the page loads are those of the rules.

use stslint::explanations;
use stslint::registry::all;
use stslint::rule::Example;

#[test]
fn the_file_says_what_the_rules_say() {
    let loaded = explanations::read(&stslint_pages::explanations());
    let codes: Vec<&str> = loaded.iter().map(|(code, _)| code.as_str()).collect();
    let all_codes: Vec<&str> = all().map(|rule| rule.code).collect();
    assert_eq!(codes, all_codes);
    for (rule, (_, words)) in all().zip(&loaded) {
        let own = rule.words();
        let texts = [
            (words.why, own.why),
            (words.effect, own.effect),
            (words.help, own.help),
            (words.clause, own.clause),
        ];
        for (loaded, own) in texts {
            assert_eq!(loaded, own, "{}", rule.code);
        }
        same_example(rule.code, &words.fails, &own.fails);
        assert_eq!(words.passes.is_some(), own.passes.is_some(), "{}", rule.code);
        if let (Some(loaded), Some(own)) = (&words.passes, &own.passes) {
            same_example(rule.code, loaded, own);
        }
    }
}

fn same_example(code: &str, loaded: &Example, own: &Example) {
    assert_eq!(loaded.declared, own.declared, "{code}");
    assert_eq!(loaded.domain, own.domain, "{code}");
    assert_eq!(loaded.file_name, own.file_name, "{code}");
    assert_eq!(loaded.bytes(), own.bytes(), "{code}");
}

#[test]
fn a_broken_file_gives_what_can_be_read() {
    let file = stslint_pages::explanations();
    assert!(explanations::read("").is_empty());
    assert!(explanations::read("{\"STS-POL-001\":{\"why\":1}}").is_empty());
    assert!(explanations::read(&file[..file.len() / 2]).len() > 10);
}
