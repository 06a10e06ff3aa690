//! Where things are.

use std::env;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};

/// The folders of this project.
#[derive(Debug)]
pub(crate) struct Project {
    root: PathBuf,
}

impl Project {
    /// The project that cargo started us for, or the one around the current folder.
    pub(crate) fn find() -> Result<Self> {
        let start = match env::var_os("CARGO_MANIFEST_DIR") {
            Some(folder) => PathBuf::from(folder),
            None => env::current_dir().map_err(|error| {
                Failure::new(format!("cannot tell the current folder: {error}"))
            })?,
        };
        start
            .ancestors()
            .find(|folder| folder.join("Trunk.toml").is_file())
            .map(|root| Self { root: root.to_owned() })
            .ok_or_else(|| {
                Failure::new(format!("no Trunk.toml in {} or above", start.display()))
                    .remedy("call `cargo xtask` inside the project")
            })
    }

    /// The folder with the workspace's `Cargo.toml`.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The root that `cargo install` puts our tools under.
    pub(crate) fn tools(&self) -> PathBuf {
        self.root.join(".tools")
    }

    /// The built page.
    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// The target folder of host builds.
    pub(crate) fn target_dir(&self) -> PathBuf {
        match env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => self.root.join(folder),
            None => self.root.join("target"),
        }
    }

    /// The target folder of all wasm builds: they neither wait for the lock of host builds nor, if they use another
    /// toolchain, throw the host's artefacts away.
    pub(crate) fn wasm_target_dir(&self) -> PathBuf {
        let mut folder = self.target_dir().into_os_string();
        folder.push("-wasm");
        PathBuf::from(folder)
    }

    /// Reads a file of the project, named relative to its root.
    pub(crate) fn read(&self, name: &str) -> Result<String> {
        let path = self.root.join(name);
        std::fs::read_to_string(&path).map_err(Failure::file("read", &path))
    }
}

/// Removes a folder, if it is there.
pub(crate) fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).map_err(Failure::file("remove", folder))?;
    }
    Ok(())
}
