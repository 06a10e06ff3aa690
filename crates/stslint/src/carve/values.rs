//! Policies that stand in program code, settings and JSON as an object with their values.

use crate::input::Kind;
use crate::settings::{self, Settings};
use crate::text::{Mapped, Span};

/// How a policy stands in some language as an object, as data: its name, what shows it, and how it is written.
#[derive(Debug)]
pub struct Object {
    /// What it is, as a sentence begins: "JSON".
    pub name: &'static str,
    /// How it is written: `{mode}`, `{mx}` and `{max_age}` are values, and so is `{version}` where it has one.
    pub policy: &'static str,
    /// What stands before, between and behind the hosts.
    pub hosts: [&'static str; 3],
    /// What shows it; any of these, as with [`super::Wrapper`].
    pub(super) signs: &'static [&'static str],
}

/// All that are known; the first whose sign is there gives its name.
pub static OBJECTS: [Object; 13] = [
    Object {
        name: "PHP",
        policy: "$policy = [\n  'version' => '{version}',\n  'mode' => '{mode}',\n  'mx' => [{mx}],\n  'max_age' => {max_age},\n];\n",
        hosts: ["'", "', '", "'"],
        signs: &["<?php", "^$"],
    },
    Object {
        name: "Terraform",
        policy: "module \"mta_sts\" {\n  domain  = \"acme-mail.net\"\n  mode    = \"{mode}\"\n  mx      = [{mx}]\n  max_age = {max_age}\n}\n",
        hosts: ["\"", "\", \"", "\""],
        signs: &["^module \"", "^resource \"", "^locals {", "^variable \""],
    },
    Object {
        name: "Terraform",
        policy: "locals {\n  mta_sts = {\n    version = \"{version}\"\n    mode    = \"{mode}\"\n    mx      = [{mx}]\n    max_age = {max_age}\n  }\n}\n",
        hosts: ["\n      \"", "\",\n      \"", "\",\n    "],
        signs: &["^locals {"],
    },
    Object {
        name: "Go",
        policy: "var policy = mtasts.Policy{\n\tVersion: \"{version}\",\n\tMode:    \"{mode}\",\n\tMX:      []string{{mx}},\n\tMaxAge:  {max_age},\n}\n",
        hosts: ["\"", "\", \"", "\""],
        signs: &["[]string{", "^package "],
    },
    Object {
        name: "JavaScript",
        policy: "export const policy = { version: \"{version}\", mode: \"{mode}\", mx: [{mx}], max_age: {max_age} };\n",
        hosts: ["\"", "\", \"", "\""],
        signs: &["^const ", "^let ", "^var ", "^export ", "^module.exports"],
    },
    Object {
        name: "Python",
        policy: "from policies import publish\n\npublish(dict(version=\"{version}\", mode=\"{mode}\", mx=[{mx}], max_age={max_age}))\n",
        hosts: ["\"", "\", \"", "\""],
        signs: &["^from ", "^import ", "^def ", "dict("],
    },
    Object {
        name: "JSON",
        policy: "{\"version\": \"{version}\", \"mode\": \"{mode}\", \"mx\": [{mx}], \"max_age\": {max_age}}\n",
        hosts: ["\"", "\", \"", "\""],
        signs: &["^{", "^[{"],
    },
    Object {
        name: "TOML",
        policy: "[mta_sts]\nmax_age = {max_age}\nmode = \"{mode}\"\nmx = [{mx}]\n",
        hosts: ["\n  \"", "\",\n  \"", "\",\n"],
        signs: &["^["],
    },
    Object {
        name: "YAML",
        policy: "mtaSts:\n  enabled: true\n  mode: {mode}\n  maxAge: {max_age}\n  mx:{mx}\n",
        hosts: ["\n    - \"", "\"\n    - \"", "\""],
        signs: &["^- ", "\n  mode: ", "\n    mode: ", "^environment:", "^env:"],
    },
    Object {
        name: "YAML",
        policy: "mta_sts:\n  version: STSv1\n  mode: {mode}\n  mx: [{mx}]\n  max_age: {max_age}\n",
        hosts: ["", ", ", ""],
        signs: &["\n  mode: "],
    },
    Object {
        name: "YAML",
        policy: "mta_sts: {version: STSv1, mode: {mode}, mx: [{mx}], max_age: {max_age}}\n",
        hosts: ["", ", ", ""],
        signs: &["^mta_sts: {", "^mtaSts: {", "^mta-sts: {", "^policy: {"],
    },
    Object {
        name: "Program code",
        policy: "POLICY = {\"version\": \"{version}\", \"mode\": \"{mode}\", \"mx\": [{mx}], \"max_age\": {max_age}}\n",
        hosts: ["\"", "\", \"", "\""],
        signs: &["{", "("],
    },
    Object {
        name: "Settings",
        policy: "version = \"{version}\"\nmode = \"{mode}\"\nmx = [{mx}]\nmax_age = {max_age}\n",
        hosts: ["\"", "\", \"", "\""],
        signs: &[""],
    },
];

/// The values of a policy in a text, if it has some. JSON in the place of a policy has a rule of its own, STS-POL-007, and what
/// begins as a policy has to is one.
pub(super) fn find(base: &Mapped, said: Option<Kind>) -> Option<Settings> {
    let start = base.text.trim_start();
    let own = start.starts_with(&['{', '['][..]) || start.starts_with("version: STSv1");
    settings::find(&base.text).filter(|_| !(own && said == Some(Kind::Policy)))
}

/// Most objects that are counted in a text.
const MANY: usize = 100;

/// How many more objects with the values of a policy there are behind the first.
pub(super) fn others(base: &Mapped, first: &Settings) -> usize {
    let end = |settings: &Settings| {
        settings.members.iter().map(settings::Member::end).max().unwrap_or_default()
    };
    let (mut at, mut count) = (end(first), 0);
    while count < MANY
        && let Some(next) = settings::find(&base.text[at..])
    {
        at += end(&next);
        count += 1;
    }
    count
}

/// The policy that values make, and in which language they stand.
pub(super) fn piece(base: &Mapped, settings: &Settings) -> (&'static Object, Mapped<'static>) {
    let mut made = Mapped::empty();
    let first = settings.members.iter().map(|member| base.span(member.at).start).min();
    let first = Span::at(first.unwrap_or_default());
    // An object has no order, a policy begins with its version. Programs may write that by themselves.
    if settings.member("version").is_none() {
        made.push_for("version: STSv1\n", first);
    }
    for member in settings::NAMES.into_iter().filter_map(|name| settings.member(name)) {
        for value in &member.values {
            made.push_for(&format!("{}: ", member.name), base.span(member.at));
            let lifetime = (member.name == "max_age").then_some(&base.text[value.range()]);
            // The program that writes the policy counts the seconds.
            match lifetime.and_then(settings::seconds) {
                Some(seconds) => made.push_for(&seconds.to_string(), base.span(*value)),
                None => made.push_part(base, *value),
            }
            made.push_for("\n", base.span(Span::at(value.end)));
        }
    }
    made.end_at(first.start);
    let shows = |object: &&Object| super::wrappers::shows(object.signs, &base.text);
    (OBJECTS.iter().find(shows).unwrap_or(&OBJECTS[OBJECTS.len() - 1]), made)
}

#[cfg(test)]
mod tests {
    /// mox and Stalwart have it so in their settings.
    #[test]
    fn a_lifetime_with_units_is_counted_in_seconds() {
        for lifetime in ["168h0m0s", "7d", "604800"] {
            let text =
                format!("mtasts:\n  mode: enforce\n  mx:\n    - a.example\n  maxAge: {lifetime}\n");
            let carved = crate::carve::find(text.as_bytes(), None).expect("values");
            let made = carved.policy().expect("a policy");
            assert!(made.text.ends_with("max_age: 604800\n"), "{}", made.text);
        }
    }

    #[test]
    fn a_list_of_objects_in_one_line_is_json() {
        let object = r#"{"version":"STSv1","mode":"enforce","mx":["a.example"],"max_age":604800}"#;
        let language = |text: String| {
            crate::carve::find(text.as_bytes(), None).and_then(|carved| carved.wrapper)
        };
        assert_eq!(language(format!("[{object}]")), Some("JSON"));
        assert_eq!(language(format!("[\n  {object}\n]\n")), Some("JSON"));
        assert_eq!(
            language("[sts]\nmode = \"enforce\"\nmx = [\"a.example\"]\nmax_age = 604800\n".into()),
            Some("TOML")
        );
    }
}
