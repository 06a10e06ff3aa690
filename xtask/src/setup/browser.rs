//! Chromium and the driver that steers it.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, Result};
use crate::pins;
use crate::process;
use crate::system;

use super::{Toolbox, report_found, report_installing};

const CHROMIUM_NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// A browser for tests.
#[derive(Debug)]
pub(crate) struct Browser {
    /// The browser itself.
    pub(crate) chromium: PathBuf,
    /// The program that speaks WebDriver for it.
    pub(crate) driver: PathBuf,
}

/// Sees to it that a browser is there. `CHROMIUM` and `CHROMEDRIVER` name others than those on the `PATH`.
pub(super) fn ensure(toolbox: &Toolbox) -> Result<Browser> {
    if let Some(browser) = find(toolbox) {
        let version = check(&browser)?;
        report_found(&format!("Chromium {version} and its driver"));
        return Ok(browser);
    }
    let what = "Chromium and its driver";
    if !system::has_apt() {
        return Err(Failure::new(format!("{what} are not installed")).remedy(
            "install Chromium or Chrome, and the chromedriver of the same version;\n\
             if they are not on the PATH, name them in the variables CHROMIUM and CHROMEDRIVER",
        ));
    }
    report_installing(what, "installing Debian's (130 MB, 2 minutes)");
    system::install_packages(&["chromium", "chromium-driver"], what)?;
    let browser = find(toolbox).ok_or_else(|| {
        Failure::new(format!("{what} were installed but are not on the PATH"))
            .remedy("name them in the variables CHROMIUM and CHROMEDRIVER")
    })?;
    check(&browser)?;
    Ok(browser)
}

fn find(toolbox: &Toolbox) -> Option<Browser> {
    let named = |variable: &str| std::env::var_os(variable).map(PathBuf::from);
    let chromium =
        named("CHROMIUM").or_else(|| CHROMIUM_NAMES.iter().find_map(|name| toolbox.find(name)))?;
    let driver = named("CHROMEDRIVER").or_else(|| toolbox.find("chromedriver"))?;
    Some(Browser { chromium, driver })
}

/// Whether both run and fit together. Gives the major version.
fn check(browser: &Browser) -> Result<u32> {
    let chromium = major_version(&browser.chromium)?;
    let driver = major_version(&browser.driver)?;
    if chromium == driver {
        return Ok(chromium);
    }
    Err(Failure::new(format!(
        "Chromium is version {chromium}, but its driver is version {driver}"
    ))
    .remedy(format!(
        "install both in the same version; the variables CHROMIUM and CHROMEDRIVER name others than\n{} and {}",
        browser.chromium.display(),
        browser.driver.display()
    )))
}

fn major_version(program: &Path) -> Result<u32> {
    process::capture(Command::new(program).arg("--version"))
        .as_deref()
        .and_then(pins::version_in)
        .and_then(|version| pins::numbers(version).first().copied())
        .ok_or_else(|| {
            Failure::new(format!("{} does not tell its version", program.display())).remedy(
                "install it anew, or name another one in the variable CHROMIUM or CHROMEDRIVER",
            )
        })
}
