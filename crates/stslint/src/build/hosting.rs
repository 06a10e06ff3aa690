//! How a policy host is set up, for what people host with: status 200, `text/plain`, the exact bytes, no redirect, a certificate
//! for `mta-sts.` and the domain (RFC 8461 §3.2, §3.3).
//!
//! The policy is always a fixed text. A recipe that copies the live MX records into it when it is asked would bless whatever
//! an attacker puts there, which is what MTA-STS is against.

mod servers;
mod services;

use super::{POLICY_FILE, policy_address};

/// A recipe for one way to host.
#[derive(Debug)]
pub struct Recipe {
    /// Its word in commands.
    pub word: &'static str,
    /// What it is for.
    pub name: &'static str,
    /// What `mta-sts` is in DNS, as a sentence.
    pub dns: &'static str,
    /// The files: path, language and text, into which host and policy are filled.
    files: &'static [(&'static str, &'static str, &'static str)],
    /// How the host gets its certificate, and what else there is to do.
    pub steps: &'static str,
    /// A recipe that is known and wrong, and why.
    pub wrong: &'static str,
}

/// A file of a recipe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Where it goes.
    pub path: String,
    /// Its language, as Markdown names it.
    pub language: &'static str,
    /// Its text.
    pub text: String,
}

/// The name of the policy host, in the text of a recipe.
const HOST: &str = "{host}";
/// The policy as it is; one of this and the next two is in a recipe.
const POLICY: &str = "{policy}";
/// The policy as a string in quotes: JavaScript, JSON, YAML.
const STRING: &str = "{string}";
/// The policy as a string of Terraform.
const HCL: &str = "{hcl}";

/// The policy itself, in the folder of a site.
const SITE_FILE: (&str, &str, &str) = ("/var/www/{host}/.well-known/mta-sts.txt", "text", POLICY);

/// All recipes.
pub fn recipes() -> impl Iterator<Item = &'static Recipe> {
    servers::RECIPES.iter().chain(services::RECIPES)
}

impl Recipe {
    /// The recipe with this word.
    pub fn of(word: &str) -> Option<&'static Self> {
        recipes().find(|recipe| recipe.word == word)
    }

    /// Its files for a domain and a policy. Files with the policy itself must be kept byte for byte.
    pub fn files(&self, domain: &str, policy: &str) -> Vec<File> {
        let host = ["mta-sts.", domain].concat();
        let string = string(policy);
        let hcl = string.replace("${", "$${").replace("%{", "%%{");
        // Nothing is filled into the policy, which is text of somebody.
        let plain = |text: &str| text.replace(HOST, &host);
        let fill = |text: &str| {
            let slots = [(POLICY, policy), (STRING, &string), (HCL, &hcl)];
            let slot =
                slots.into_iter().find_map(|(slot, value)| Some((text.split_once(slot)?, value)));
            match slot {
                Some(((before, after), value)) => [&plain(before), value, &plain(after)].concat(),
                None => plain(text),
            }
        };
        let file = |(path, language, text): &(&str, &'static str, &str)| File {
            path: fill(path),
            language,
            text: fill(text),
        };
        self.files.iter().map(file).collect()
    }
}

/// How to see that a host does it right: the answer begins with status 200, has `content-type: text/plain` and no `location`,
/// and its body is the policy.
pub fn verify(domain: &str) -> String {
    format!(
        "curl -sS -i {address}\ncurl -sS {address} | cmp - {POLICY_FILE} && echo same\nstslint check --smtp {domain}\n",
        address = policy_address(domain)
    )
}

/// What to do in which order, whatever hosts it.
pub const ORDER: &str = "First the host, its certificate and the policy; then verify; the record at `_mta-sts` comes last. Until \
    then no sender looks for the policy.";

/// A string in quotes, with the line ends as escapes.
fn string(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    ["\"", &text.replace('\r', "\\r").replace('\n', "\\n"), "\""].concat()
}

#[cfg(test)]
mod tests;
