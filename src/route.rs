//! Addresses within the page: everything that may stand behind the `#`. Nothing else knows how they are written.

/// A place in the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// The desk of a domain: `#/d/example.com`, earlier `#/check/example.com`.
    Desk(String),
    /// An example, by the words that stand for it: `#/examples/a-good-policy`.
    Example(String),
    /// The list of examples: `#/examples`.
    Examples,
    /// The domains of a list: `#/list`.
    List,
    /// TLS reports taken together, with what of them is shown: `#/reports?domain=example.com`.
    Reports(String),
    /// A rule, by its code: `#/rules/STS-POL-051`.
    Rule(String),
    /// The list of rules, with what narrows it down: `#/rules?severity=error`.
    Rules(String),
    /// What senders make of a policy, with what of it is shown: `#/senders?scenario=normal`.
    Senders(String),
    /// What a domain is to publish when: `#/plan?domain=example.com&goal=enforce`.
    Plan(String),
    /// What a domain is to publish, with the choices: `#/setup?domain=example.com`.
    Setup(String),
    /// A text or a result that somebody shared, if it is one: `#v1&z=…`.
    Shared(String),
    /// The start: no fragment, or `#/`.
    Start,
    /// The text that this tab is about: `#/text`.
    Text,
}

impl Route {
    /// The place that a fragment names, given with or without `#`.
    pub(crate) fn parse(fragment: &str) -> Self {
        let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
        let Some(path) = fragment.strip_prefix('/') else {
            return if fragment.is_empty() {
                Self::Start
            } else {
                Self::Shared(fragment.to_owned())
            };
        };
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let (place, rest) = path.split_once('/').unwrap_or((path, ""));
        let rest = rest.trim_matches('/');
        match (place, rest) {
            ("", _) => Self::Start,
            ("text", _) => Self::Text,
            ("list", _) => Self::List,
            ("reports", _) => Self::Reports(query.to_owned()),
            ("senders", _) => Self::Senders(query.to_owned()),
            ("plan", _) => Self::Plan(query.to_owned()),
            ("setup", _) => Self::Setup(query.to_owned()),
            ("rules", "") => Self::Rules(query.to_owned()),
            ("rules", code) => Self::Rule(code.to_owned()),
            ("examples", "") => Self::Examples,
            ("examples", slug) => Self::Example(slug.to_owned()),
            // What follows a domain is for views to come.
            ("d" | "check", rest) => Self::Desk(rest.split('/').next().unwrap_or(rest).to_owned()),
            _ => Self::Shared(fragment.to_owned()),
        }
    }

    /// The fragment that leads there, with `#`; nothing for the start.
    pub(crate) fn fragment(&self) -> String {
        match self {
            Self::Desk(domain) => ["#/d/", domain].concat(),
            Self::Example(slug) => ["#/examples/", slug].concat(),
            Self::Examples => "#/examples".to_owned(),
            Self::List => "#/list".to_owned(),
            Self::Reports(query) => queried("#/reports", query),
            Self::Rule(code) => ["#/rules/", code].concat(),
            Self::Rules(query) => queried("#/rules", query),
            Self::Senders(query) => queried("#/senders", query),
            Self::Plan(query) => queried("#/plan", query),
            Self::Setup(query) => queried("#/setup", query),
            Self::Shared(text) => ["#", text].concat(),
            Self::Start => String::new(),
            Self::Text => "#/text".to_owned(),
        }
    }

    /// The plan for a domain.
    pub(crate) fn plan_of(domain: &str) -> Self {
        Self::Plan(["domain=", domain].concat())
    }

    /// What reports say of a domain.
    pub(crate) fn reports_of(domain: &str) -> Self {
        Self::Reports(["domain=", domain].concat())
    }

    /// What a link with a text says of the place that shows the text, if that is one of its own.
    pub(crate) fn with_text(&self) -> Option<String> {
        match self {
            Self::Senders(_) => self.fragment().strip_prefix("#/").map(str::to_owned),
            _ => None,
        }
    }

    /// The place that a link with a text names, if it shows texts.
    pub(crate) fn of_text(place: &str) -> Option<Self> {
        Some(Self::parse(&["/", place].concat())).filter(|route| route.with_text().is_some())
    }

    /// Whether it is shown on top of what is there, or in its place, so that coming back from it changes nothing below.
    pub(crate) fn is_on_top(&self) -> bool {
        matches!(
            self,
            Self::Examples
                | Self::Reports(_)
                | Self::Rule(_)
                | Self::Rules(_)
                | Self::Senders(_)
                | Self::Plan(_)
                | Self::Setup(_)
        )
    }
}

/// A fragment with the part behind its `?`, if there is one.
fn queried(place: &str, query: &str) -> String {
    let mark = if query.is_empty() { "" } else { "?" };
    [place, mark, query].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_has_an_address_that_leads_back_to_it() {
        for fragment in [
            "",
            "#/d/example.com",
            "#/examples",
            "#/examples/a-good-policy",
            "#/list",
            "#/reports",
            "#/reports?domain=example.com&cause=certificate-expired",
            "#/rules",
            "#/rules/STS-POL-051",
            "#/rules?q=mode&severity=error",
            "#/senders",
            "#/senders?scenario=normal",
            "#/plan",
            "#/plan?domain=example.com&goal=remove",
            "#/setup",
            "#/setup?domain=example.com&mode=enforce",
            "#/text",
            "#v1&kind=policy&z=abc",
        ] {
            assert_eq!(Route::parse(fragment).fragment(), fragment);
        }
        assert_eq!(Route::parse("#"), Route::Start);
        assert_eq!(Route::parse("#/"), Route::Start);
    }

    #[test]
    fn addresses_of_earlier_versions_still_lead_somewhere() {
        let parse = |fragment| Route::parse(fragment);
        assert_eq!(parse("#/rules/"), Route::Rules(String::new()));
        assert_eq!(parse("#/rules/sts-pol-051/"), Route::Rule("sts-pol-051".into()));
        assert_eq!(parse("#/check/a.example/x?y"), Route::Desk("a.example".into()));
        assert_eq!(parse("#/nonsense"), Route::Shared("/nonsense".into()));
    }
}
