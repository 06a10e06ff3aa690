//! Writes what is made of the rules into `target/pages/`, from where `index.html` takes it. Trunk calls it before each
//! build. With `--record`, writes `docs/rules.txt` too.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use stslint_pages::{explanations, pages, record};

/// Style and script of the pages, which are written by hand.
const BY_HAND: &str = "www/rules";

fn main() -> ExitCode {
    let with_record = std::env::args().nth(1).is_some_and(|option| option == "--record");
    match write(with_record) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn write(with_record: bool) -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let made = root.join("target/pages");
    let folder = made.join("rules");
    // A page about a rule that is gone would stay.
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(failed("remove", &folder))?;
    }
    fs::create_dir_all(&folder).map_err(failed("create", &folder))?;
    let save = |path: PathBuf, text: &str| fs::write(&path, text).map_err(failed("write", &path));
    save(made.join("rules.json"), &explanations())?;
    for (name, page) in pages() {
        save(folder.join(name), &page)?;
    }
    let by_hand = root.join(BY_HAND);
    for file in by_hand.read_dir().map_err(failed("read", &by_hand))?.flatten() {
        fs::copy(file.path(), folder.join(file.file_name()))
            .map_err(failed("copy", &file.path()))?;
    }
    if with_record { save(root.join("docs/rules.txt"), &record()) } else { Ok(()) }
}

fn failed(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> String {
    let path = path.display().to_string();
    move |error| format!("cannot {action} {path}: {error}")
}
