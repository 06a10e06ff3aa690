use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

use scraper::{ElementRef, Html, Selector};
use stslint::Kind;
use stslint::finding::Severity;
use stslint::registry::{all, find};
use stslint::rule::{Example, Rule, Words};

use crate::html::{file, shape};
use crate::sample::Sample;
use crate::{FAMILIES, Family, page, pages, record};

/// The pages as they should be.
static MADE: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| pages().into_iter().collect());

fn all_of<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    page.select(&Selector::parse(selector).unwrap()).collect()
}

fn text_of(page: &Html, selector: &str) -> String {
    all_of(page, selector).iter().flat_map(ElementRef::text).collect()
}

/// A file of the project.
fn read(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)).unwrap()
}

#[test]
fn the_record_says_what_the_rules_say() {
    let (committed, record) = (read("docs/rules.txt"), record());
    let differs = committed.lines().zip(record.lines()).find(|(old, new)| old != new);
    assert_eq!(differs, None, "run `cargo xtask rules` and look at the change of docs/rules.txt");
    assert!(
        committed == record,
        "run `cargo xtask rules` and look at the change of docs/rules.txt"
    );
}

#[test]
fn every_rule_has_a_page_and_is_in_the_list() {
    let pages = &*MADE;
    assert_eq!(pages.len(), all().count() + 1);
    let list = Html::parse_document(&pages["index.html"]);
    let links: Vec<&str> =
        all_of(&list, ".rules a").iter().filter_map(|link| link.attr("href")).collect();
    let wanted: Vec<String> = FAMILIES
        .iter()
        .flat_map(Family::rules)
        .map(|rule| rule.page().replace("rules/", "./"))
        .collect();
    assert_eq!(links, wanted);
    for rule in all() {
        let page = Html::parse_document(&pages[&file(rule)]);
        let main = text_of(&page, "main").replace('\n', "");
        let words = rule.words();
        for text in [rule.code, rule.name, words.why, words.effect, words.help, words.clause] {
            assert!(main.contains(&text.replace('`', "")), "{}: {text}", rule.code);
        }
    }
}

/// A parser that reports what a validator would: unclosed and misplaced tags, duplicate attributes, stray characters.
#[test]
fn the_pages_are_well_formed_and_their_links_lead_somewhere() {
    let pages: BTreeMap<String, Html> =
        MADE.iter().map(|(name, page)| (name.clone(), Html::parse_document(page))).collect();
    let ids = |page: &Html| -> Vec<String> {
        all_of(page, "[id]").iter().filter_map(|e| e.attr("id")).map(str::to_owned).collect()
    };
    let known: BTreeMap<&String, BTreeSet<String>> =
        pages.iter().map(|(name, page)| (name, ids(page).into_iter().collect())).collect();
    let by_hand = |name: &str| {
        let files = ["rules.css", "rules.js", "../favicon.svg", "../index.html"];
        let styles = ["../style.css", "../tools.css", "../print.css"];
        files.contains(&name) || styles.contains(&name)
    };
    let broken = "<!DOCTYPE html><title>x</title><p></div>";
    assert!(!Html::parse_document(broken).errors.is_empty(), "the parser reports nothing");
    for (name, page) in &pages {
        assert!(page.errors.is_empty(), "{name}: {:?}", page.errors);
        let own = ids(page);
        assert_eq!(own.len(), known[name].len(), "{name} has an id twice: {own:?}");
        assert_eq!(all_of(page, "h1").len(), 1, "{name}");
        assert_eq!(all_of(page, "[style], style, [onclick]").len(), 0, "{name} has inline style");
        let addressed = all_of(page, "[href], [src]");
        assert!(addressed.len() > 10);
        for element in addressed {
            let address = element.attr("href").or(element.attr("src")).unwrap();
            if address.starts_with("https://www.rfc-editor.org/rfc/rfc") {
                assert_eq!(element.attr("rel"), Some("noreferrer noopener"), "{name}: {address}");
                continue;
            }
            let (file, fragment) = address.split_once('#').unwrap_or((address, ""));
            let file = file.strip_prefix("./").unwrap_or(file);
            if by_hand(file) {
                assert!(fragment.is_empty() || fragment.starts_with("v1&"), "{name}: {address}");
                continue;
            }
            let target = if file.is_empty() { name } else { &file.to_owned() };
            let there = known.get(target);
            assert!(there.is_some(), "{name} links to {address}");
            assert!(
                fragment.is_empty() || there.unwrap().contains(fragment),
                "{name} links to {address}"
            );
        }
    }
    assert!(pages.len() > 100);
}

#[test]
fn the_failing_example_marks_what_the_rule_is_about() {
    for rule in all() {
        let page = Html::parse_document(&MADE[&file(rule)]);
        let first = Selector::parse(".sample").unwrap();
        let wrong = page.select(&first).next().unwrap();
        let own = Selector::parse("mark[data-lit]").unwrap();
        assert!(wrong.select(&own).next().is_some(), "{} marks nothing", rule.code);
        let raised = Selector::parse(".raised span.code").unwrap();
        assert!(wrong.select(&raised).next().is_some(), "{} is not raised", rule.code);
        let fix = all_of(&page, ".fix .change");
        assert_eq!(fix.is_empty(), rule.fix.is_none(), "{}", rule.code);
    }
    let page = page::page(find("STS-POL-051").unwrap(), None, None);
    assert!(page.contains(r#"mode: <mark data-tone="error" data-lit>report</mark>"#), "{page}");
}

#[test]
fn the_page_opens_what_it_lints() {
    let rule = |code| find(code).unwrap();
    let link = |code| Sample::new(rule(code), &rule(code).words().fails).link();
    let policy = stslint::share::decode(&link("STS-POL-002").unwrap()).unwrap().unwrap();
    assert_eq!(policy.declared, Some(Kind::Policy.into()));
    assert!(policy.exact && policy.marks, "a byte order mark can't be seen");
    let packed = policy.body.unwrap();
    let mut text = Vec::new();
    std::io::copy(&mut flate2::read::DeflateDecoder::new(&packed[..]), &mut text).unwrap();
    assert_eq!(text, rule("STS-POL-002").words().fails.bytes());
    assert!(link("RPT-TXT-010").is_some());
    assert_eq!(link("RPT-JSON-001"), None, "the page does not lint reports");
}

#[test]
fn hostile_examples_stay_text() {
    let hostile = "version: STSv1\r\nmode: enforce\r\nmx: </div></main><script>alert(1)</script>\r\n\
                   <img src=x onerror='x'>: \"&lt;b&gt;\" & `<i>`\u{0}\u{7}\u{202e}\r\nmax_age: 1\r\n";
    let fails = Example::policy(hostile).of("\"><script>alert(2)</script>");
    let words = Words {
        why: "why <script>",
        effect: "effect `<script>`",
        help: "help </p>",
        clause: "RFC 8461 §3.2: \"><script>",
        fails,
        passes: Some(fails),
    };
    let model = find("STS-POL-027").unwrap();
    let rule = Rule {
        name: "<script>",
        message: "`{0}` <script>alert(3)</script>",
        words: Some(words),
        ..*model
    };
    let text = page::page(&rule, None, None);
    let page = Html::parse_document(&text);
    assert!(page.errors.is_empty(), "{:?}", page.errors);
    assert_eq!(all_of(&page, "script").len(), 1, "its own");
    assert_eq!(all_of(&page, "img, i, b").len(), 0);
    let lines = all_of(&page, ".listing .line");
    let shown: Vec<String> = lines.iter().map(|line| line.text().collect()).collect();
    assert_eq!(shown[2], "mx: </div></main><script>alert(1)</script>");
    assert_eq!(shown[3], "<img src=x onerror='x'>: \"&lt;b&gt;\" & `<i>`␀␇\u{202e}");
    assert_eq!(text_of(&page, ".about > .where .name"), "<script>");
    let title = text_of(&page, "title");
    // The message is that of the finding in the example, where there is one.
    assert!(title.contains("</main><script>alert(1)</script>"), "{title}");
}

#[test]
fn shapes_are_those_of_the_page() {
    let icons = read("src/ui/icon.rs");
    for severity in Severity::ALL {
        let (outline, sign) = shape(severity);
        for path in [outline, sign] {
            assert!(icons.contains(&format!("\"{path}\"")), "{path}");
        }
    }
}

#[test]
fn every_rule_is_in_one_family() {
    for rule in all() {
        assert!(Family::of(rule).is_some(), "{}", rule.code);
    }
    let count: usize = FAMILIES.iter().map(|family| family.rules().count()).sum();
    assert_eq!(count, all().count());
}

#[test]
fn the_style_has_no_colours_of_its_own() {
    let style = read("www/rules/rules.css");
    assert!(!style.contains("rgb(") && !style.contains("@import") && !style.contains("url("));
    let hex = |word: &str| word.len() > 1 && word[1..].bytes().all(|b| b.is_ascii_hexdigit());
    let colours =
        style.split([' ', ';', ',', ')']).filter(|word| word.starts_with('#') && hex(word));
    assert_eq!(colours.count(), 0);
}
