//! Programs that come with a package of the system and have no version that matters.

use crate::failure::{Failure, Result};
use crate::system;

use super::{Toolbox, report_found, report_installing};

/// Such a program.
pub(super) struct Program {
    name: &'static str,
    /// Debian's package.
    package: &'static str,
    /// What to install where there is no apt-get.
    elsewhere: &'static str,
}

pub(super) const CERTUTIL: Program =
    Program { name: "certutil", package: "libnss3-tools", elsewhere: "the tools of NSS" };

pub(super) const VALGRIND: Program =
    Program { name: "valgrind", package: "valgrind", elsewhere: "valgrind" };

pub(super) const WRK: Program = Program { name: "wrk", package: "wrk", elsewhere: "wrk" };

impl Program {
    /// Sees to it that the program is there.
    pub(super) fn ensure(&self, toolbox: &Toolbox) -> Result<()> {
        let Self { name, package, elsewhere } = self;
        if toolbox.find(name).is_some() {
            report_found(name);
            return Ok(());
        }
        let remedy = format!("install {elsewhere} with your system's package manager");
        if !system::has_apt() {
            return Err(Failure::new(format!("`{name}` is not installed")).remedy(remedy));
        }
        report_installing(name, &format!("installing Debian's package {package} (1 minute)"));
        system::install_packages(&[package], name).map_err(|failure| failure.remedy(remedy))
    }
}
