//! Which rules are listed, and how that is written in an address:
//! `#/rules?q=…&severity=…&artefact=…`. Pure.

use crate::request::{Article, Notice, Request};
use crate::route::Route;
use stslint::families::Family;
use stslint::finding::Severity;
use stslint::registry;
use stslint::rule::Rule;

/// What is shown of the rules.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// Which are listed.
    pub(crate) filter: Filter,
}

/// What can happen.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    /// List other rules.
    Filter(Filter),
    /// Show the list that an address names by the part after its `?`.
    List(String),
    /// Show the rule with this code.
    Rule(String),
}

/// Does what an action asks for.
pub(crate) fn update(state: &mut State, action: Action) -> Vec<Request> {
    match action {
        Action::Filter(filter) => {
            state.filter = filter;
            Vec::new()
        }
        Action::List(query) => {
            state.filter = Filter::read(&query);
            vec![Request::Read(Article::Rules)]
        }
        Action::Rule(code) => vec![match registry::find(&code) {
            Some(rule) => Request::Explain(rule.code),
            None => Request::Notice(Notice::problem(
                "There is no rule with this code. See the list of all rules.",
            )),
        }],
    }
}

/// All rules, each code once.
pub(crate) fn distinct() -> impl Iterator<Item = &'static Rule> {
    let mut last = "";
    registry::all().filter(move |rule| std::mem::replace(&mut last, rule.code) != rule.code)
}

/// What the listed rules have in common. The default is nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Filter {
    /// Words as written; a rule has all of them in its code, name or message.
    pub(crate) words: String,
    /// Its severity.
    pub(crate) severity: Option<Severity>,
    /// What it is about.
    pub(crate) family: Option<&'static Family>,
}

impl Filter {
    /// Reads the part after the `?`. What it does not know is left out.
    pub(crate) fn read(query: &str) -> Self {
        let mut filter = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "q" => filter.words = value.chars().filter(|c| !c.is_control()).collect(),
                "severity" => filter.severity = severity(&value),
                "artefact" => filter.family = Family::find(&value),
                _ => {}
            }
        }
        filter
    }

    /// The fragment of an address that shows the same, with `#`.
    pub(crate) fn fragment(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let severity = self.severity.map(Severity::word).unwrap_or_default();
        let family = self.family.map(Family::anchor).unwrap_or_default();
        for (name, value) in
            [("q", self.words.trim()), ("severity", severity), ("artefact", &family)]
        {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        Route::Rules(query.finish()).fragment()
    }

    /// Whether it lets every rule through.
    pub(crate) fn is_empty(&self) -> bool {
        self.fragment() == Self::default().fragment()
    }

    /// The rules that it lets through, by code, each code once.
    pub(crate) fn rules(&self) -> Vec<&'static Rule> {
        let words: Vec<String> = self.words.split_whitespace().map(plain).collect();
        distinct().filter(|rule| self.fits(rule, &words)).collect()
    }

    fn fits(&self, rule: &Rule, words: &[String]) -> bool {
        self.severity.is_none_or(|severity| severity == rule.severity)
            && self.family.is_none_or(|family| family.has(rule))
            && (words.is_empty() || {
                let summary = rule.summary().replace('`', "");
                let text = [rule.code, rule.name, rule.severity.title(), &summary].join(" ");
                let text = plain(&text);
                words.iter().all(|word| text.contains(&**word))
            })
    }
}

/// A text as it is compared: `max_age` is found in `max-age-not-a-number`.
fn plain(text: &str) -> String {
    text.to_lowercase().replace('_', "-")
}

/// The severity with this word.
pub(crate) fn severity(word: &str) -> Option<Severity> {
    Severity::ALL.into_iter().find(|severity| severity.word() == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(query: &str) -> Vec<&'static str> {
        Filter::read(query).rules().iter().map(|rule| rule.code).collect()
    }

    #[test]
    fn an_address_brings_the_filter_back() {
        for query in
            ["q=mode+invalid", "q=50%25+%26+%23%C3%BC", "severity=warning&artefact=rpt-json", ""]
        {
            let filter = Filter::read(query);
            let fragment = filter.fragment();
            let written = fragment.strip_prefix("#/rules").expect("it names the rules");
            assert_eq!(written.trim_start_matches('?'), query);
            assert_eq!(Filter::read(query), filter);
            assert_eq!(filter.is_empty(), query.is_empty());
        }
    }

    #[test]
    fn what_an_address_should_not_have_is_left_out() {
        let hostile = "q=%00a%0A&severity=%3Cb%3E&artefact=javascript:x&x=1&&=&severity";
        assert_eq!(Filter::read(hostile), Filter { words: "a".into(), ..Filter::default() });
        assert_eq!(Filter::read("q=%ff").words, "\u{fffd}");
    }

    #[test]
    fn rules_are_found_by_code_name_words_severity_and_artefact() {
        assert_eq!(codes("q=sts-pol-051"), ["STS-POL-051"]);
        assert_eq!(codes("q=POL-051"), ["STS-POL-051"]);
        assert_eq!(codes("q=mode-invalid"), ["STS-POL-051"]);
        assert_eq!(codes("q=there+are+enforce"), ["STS-POL-051"]);
        assert_eq!(codes("q=mode_invalid"), ["STS-POL-051"]);
        assert!(codes("q=no+such+rule+anywhere").is_empty());
        let (all, live) = (codes(""), codes("artefact=live"));
        assert!(live.len() > 40 && live.iter().all(|code| code.starts_with("LIVE-")));
        assert!(all.len() > 150 && all.is_sorted());
        let errors = codes("severity=error&artefact=live");
        assert!(!errors.is_empty() && errors.len() < live.len());
        let by_severity: usize =
            Severity::ALL.iter().map(|s| codes(&format!("severity={}", s.word())).len()).sum();
        assert_eq!(by_severity, all.len());
    }
}
