//! Programs that come with packages of the system.

use crate::failure::{Failure, Result};
use crate::system;

use super::{Toolbox, report_found, report_installing};

/// Programs that come together.
pub(super) struct Programs<'a> {
    /// What they are, for people.
    pub(super) what: &'a str,
    /// Debian's packages.
    pub(super) packages: &'a [&'a str],
    /// How large they are and how long that takes.
    pub(super) effort: &'a str,
    /// What else a person can do.
    pub(super) remedy: &'a str,
}

pub(super) const CERTUTIL: Programs = small("certutil", &["libnss3-tools"]);

pub(super) const VALGRIND: Programs = small("valgrind", &["valgrind"]);

pub(super) const WRK: Programs = small("wrk", &["wrk"]);

const fn small<'a>(what: &'a str, packages: &'a [&'a str]) -> Programs<'a> {
    let remedy = "your system's package manager may have it under another name";
    Programs { what, packages, effort: "1 minute", remedy }
}

impl Programs<'_> {
    /// Gives what is found; if nothing is, once Debian's packages are installed.
    pub(super) fn ensure<T>(&self, find: impl Fn() -> Result<T>) -> Result<T> {
        let found = find();
        if found.is_ok() {
            report_found(self.what);
            return found;
        }
        if system::has_apt() {
            let names = self.packages.join(", ");
            report_installing(self.what, &format!("installing Debian's {names} ({})", self.effort));
            system::install_packages(self.packages, self.what)?;
            return find().map_err(|failure| failure.remedy(self.remedy));
        }
        found.map_err(|failure| failure.remedy(self.remedy))
    }

    /// Sees to it that the one program of this name is there.
    pub(super) fn ensure_named(&self, toolbox: &Toolbox) -> Result<()> {
        self.ensure(|| toolbox.find(self.what).map(drop).ok_or_else(|| missing(self.what)))
    }
}

/// The failure of not finding a program.
pub(super) fn missing(program: &str) -> Failure {
    Failure::new(format!("`{program}` is not installed"))
}
