//! Chromium and the driver that steers it.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, Result};
use crate::pins;
use crate::process;

use super::Toolbox;
use super::programs::{Programs, missing};

const CHROMIUM_NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// A browser for tests.
#[derive(Debug)]
pub(crate) struct Browser {
    /// The browser itself.
    pub(crate) chromium: PathBuf,
    /// The same without windows, which takes half of the time; the browser itself where there is none.
    pub(crate) shell: PathBuf,
    /// The program that speaks WebDriver for it.
    pub(crate) driver: PathBuf,
}

/// What there is to find.
const CHROMIUM: Programs = Programs {
    what: "Chromium and its driver",
    packages: &["chromium", "chromium-driver"],
    effort: "130 MB, 2 minutes",
    remedy: "install Chromium or Chrome, and the chromedriver of the same version;\n\
             if they are not on the PATH, name them in the variables CHROMIUM and CHROMEDRIVER",
};

/// The browser without windows.
const SHELL: Programs = Programs {
    what: "chromium-headless-shell",
    packages: &["chromium-headless-shell"],
    effort: "60 MB, 1 minute",
    remedy: "the tests in the browser take twice as long without it",
};

/// Sees to it that a browser is there. `CHROMIUM` and `CHROMEDRIVER` name others than those on the `PATH`.
pub(super) fn ensure(toolbox: &Toolbox) -> Result<Browser> {
    let mut browser = CHROMIUM.ensure(|| find(toolbox))?;
    check(&browser)?;
    // Another browser that somebody named is to be tested itself.
    if named("CHROMIUM").is_none() {
        let shell = || toolbox.find(SHELL.what).ok_or_else(|| missing(SHELL.what));
        match SHELL.ensure(shell) {
            Ok(shell) => browser.shell = shell,
            Err(failure) => println!("set-up: {failure}"),
        }
    }
    Ok(browser)
}

fn named(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).map(PathBuf::from)
}

fn find(toolbox: &Toolbox) -> Result<Browser> {
    let chromium =
        named("CHROMIUM").or_else(|| CHROMIUM_NAMES.iter().find_map(|name| toolbox.find(name)));
    let chromium = chromium.ok_or_else(|| missing(CHROMIUM_NAMES[0]))?;
    let driver = named("CHROMEDRIVER").or_else(|| toolbox.find("chromedriver"));
    let driver = driver.ok_or_else(|| missing("chromedriver"))?;
    Ok(Browser { shell: chromium.clone(), chromium, driver })
}

/// Whether both run and fit together.
fn check(browser: &Browser) -> Result<()> {
    let chromium = major_version(&browser.chromium)?;
    let driver = major_version(&browser.driver)?;
    if chromium == driver {
        return Ok(());
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
