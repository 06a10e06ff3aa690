//! Firefox, and WebKit with the driver that steers it and a screen that nobody sees.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Result;

use super::Toolbox;
use super::programs::{Programs, missing};

/// What there is to find. Firefox needs no driver: it speaks WebDriver BiDi itself.
const OTHERS: Programs = Programs {
    what: "Firefox, WebKit and a screen for it",
    packages: &["firefox-esr", "webkit2gtk-driver", "xvfb", "xauth"],
    effort: "150 MB, 2 minutes",
    remedy: "install firefox-esr, webkit2gtk-driver, xvfb and xauth, or what your system calls them;\n\
             what is not on the PATH can be named in the variables FIREFOX, WEBKIT (MiniBrowser) and WEBKIT_DRIVER;\n\
             or run the other parts alone, as `cargo xtask test lint native stack wasm npm browser`",
};

/// Browsers with other engines than Chromium's.
#[derive(Debug)]
pub(crate) struct Engines {
    firefox: PathBuf,
    /// The small browser that comes with WebKitGTK.
    webkit: PathBuf,
    webkit_driver: PathBuf,
}

impl Engines {
    /// Tells a command where they are.
    pub(crate) fn tell(&self, command: &mut Command) {
        command
            .env("FIREFOX", &self.firefox)
            .env("WEBKIT", &self.webkit)
            .env("WEBKIT_DRIVER", &self.webkit_driver);
    }
}

/// Sees to it that both are there. `FIREFOX`, `WEBKIT` (`MiniBrowser`) and `WEBKIT_DRIVER` name others than those that
/// are found.
pub(super) fn ensure(toolbox: &Toolbox) -> Result<Engines> {
    OTHERS.ensure(|| find(toolbox))
}

fn find(toolbox: &Toolbox) -> Result<Engines> {
    let named = |variable: &str| std::env::var_os(variable).map(PathBuf::from);
    let on_path = |names: &[&str]| {
        names.iter().find_map(|name| toolbox.find(name)).ok_or_else(|| missing(names[0]))
    };
    on_path(&["xvfb-run"])?;
    on_path(&["xauth"])?;
    Ok(Engines {
        firefox: named("FIREFOX").map_or_else(|| on_path(&["firefox-esr", "firefox"]), Ok)?,
        webkit_driver: named("WEBKIT_DRIVER").map_or_else(|| on_path(&["WebKitWebDriver"]), Ok)?,
        webkit: named("WEBKIT").or_else(mini_browser).ok_or_else(|| missing("MiniBrowser"))?,
    })
}

/// `MiniBrowser` is no program for people: it is beside the library, as `/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser`.
fn mini_browser() -> Option<PathBuf> {
    let libraries = Path::new("/usr/lib").read_dir().into_iter().flatten().flatten();
    let folders =
        libraries.map(|entry| entry.path()).chain(["/usr/libexec".into(), "/usr/lib".into()]);
    folders
        .flat_map(|folder| ["webkit2gtk-4.1", "webkit2gtk-4.0"].map(|name| folder.join(name)))
        .map(|folder| folder.join("MiniBrowser"))
        .find(|program| program.is_file())
}
