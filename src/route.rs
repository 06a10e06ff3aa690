//! Addresses within the page: everything that may stand behind the `#`. Nothing else knows how they are written.

/// A place in the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// A domain, ready to be checked: `#/check/example.com`.
    Check(String),
    /// An example, by the words that stand for it: `#/examples/a-good-policy`.
    Example(String),
    /// A rule, by its code: `#/rules/STS-POL-051`.
    Rule(String),
    /// The list of rules, with what narrows it down: `#/rules?severity=error`.
    Rules(String),
    /// A text or a result that somebody shared, if it is one: `#v1&z=…`.
    Shared(String),
}

impl Route {
    /// The place that a fragment names, given with or without `#`. None for an address without a fragment.
    pub(crate) fn parse(fragment: &str) -> Option<Self> {
        let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
        if let Some(rest) = fragment.strip_prefix("/rules") {
            let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
            let code = path.trim_matches('/');
            return Some(match code {
                "" => Self::Rules(query.to_owned()),
                code => Self::Rule(code.to_owned()),
            });
        }
        if let Some(path) = fragment.strip_prefix("/check/") {
            let domain = path.split(['?', '/']).next().unwrap_or(path);
            return Some(Self::Check(domain.to_owned()));
        }
        if let Some(slug) = fragment.strip_prefix("/examples/") {
            return Some(Self::Example(slug.to_owned()));
        }
        (!fragment.is_empty()).then(|| Self::Shared(fragment.to_owned()))
    }

    /// The fragment that leads there, with `#`.
    pub(crate) fn fragment(&self) -> String {
        match self {
            Self::Check(domain) => ["#/check/", domain].concat(),
            Self::Example(slug) => ["#/examples/", slug].concat(),
            Self::Rule(code) => ["#/rules/", code].concat(),
            Self::Rules(query) if query.is_empty() => "#/rules".to_owned(),
            Self::Rules(query) => ["#/rules?", query].concat(),
            Self::Shared(text) => ["#", text].concat(),
        }
    }

    /// Whether it is shown in a dialog on top of what is there, so that coming back from it changes nothing below.
    pub(crate) fn is_on_top(&self) -> bool {
        matches!(self, Self::Rule(_) | Self::Rules(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_has_an_address_that_leads_back_to_it() {
        for fragment in [
            "#/check/example.com",
            "#/examples/a-good-policy",
            "#/rules",
            "#/rules/STS-POL-051",
            "#/rules?q=mode&severity=error",
            "#v1&kind=policy&z=abc",
        ] {
            let route = Route::parse(fragment).expect(fragment);
            assert_eq!(route.fragment(), fragment);
        }
        assert_eq!(Route::parse(""), None);
        assert_eq!(Route::parse("#"), None);
    }

    #[test]
    fn addresses_of_earlier_versions_still_lead_somewhere() {
        let parse = |fragment| Route::parse(fragment);
        assert_eq!(parse("#/rules/"), Some(Route::Rules(String::new())));
        assert_eq!(parse("#/rules/sts-pol-051/"), Some(Route::Rule("sts-pol-051".into())));
        assert_eq!(parse("#/check/a.example/x?y"), Some(Route::Check("a.example".into())));
        assert_eq!(parse("#/nonsense"), Some(Route::Shared("/nonsense".into())));
    }
}
