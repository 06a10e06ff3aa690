//! Puts the built page into the program: the folder that `STSLINT_DIST` names, if it names one. The workspace's `dist/` is
//! never taken unasked: it may be half built while something else is compiled. Compressed forms are made here, once, and
//! not for every visitor.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

/// What is text, or compresses like text.
const COMPRESSIBLE: &[&str] =
    &["css", "html", "js", "json", "mjs", "svg", "txt", "wasm", "webmanifest"];

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-env-changed=STSLINT_DIST");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets it"));
    let named = std::env::var_os("STSLINT_DIST").filter(|folder| !folder.is_empty());
    let mut code = String::from("pub(super) static FILES: &[Embedded] = &[\n");
    if let Some(folder) = named.map(PathBuf::from) {
        println!("cargo:rerun-if-changed={}", folder.display());
        let mut files = Vec::new();
        list(&folder, &folder, &mut files)?;
        files.sort();
        for (i, name) in files.iter().enumerate() {
            embed(&folder, name, &out.join(format!("page-{i}")), &mut code)?;
        }
    }
    code.push_str("];\n");
    fs::write(out.join("page.rs"), code)
}

fn list(root: &Path, folder: &Path, files: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            list(root, &path, files)?;
        } else if let Some(name) = path.strip_prefix(root).ok().and_then(Path::to_str) {
            files.push(name.replace('\\', "/"));
        }
    }
    Ok(())
}

/// Writes a file in all its forms, and the entry for it.
fn embed(folder: &Path, name: &str, out: &Path, code: &mut String) -> io::Result<()> {
    let mut plain = Vec::new();
    fs::File::open(folder.join(name))?.read_to_end(&mut plain)?;
    let extension = name.rsplit('.').next().unwrap_or_default();
    let mut forms = [("plain", Some(plain.clone())), ("gzip", None), ("brotli", None)];
    if COMPRESSIBLE.contains(&extension) {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gzip.write_all(&plain)?;
        let mut brotli = Vec::new();
        let parameters = brotli::enc::BrotliEncoderParams::default();
        brotli::BrotliCompress(&mut plain.as_slice(), &mut brotli, &parameters)?;
        // What hardly gets smaller is not worth a second form.
        let worth = |form: Vec<u8>| (form.len() * 10 < plain.len() * 9).then_some(form);
        forms[1].1 = worth(gzip.finish()?);
        forms[2].1 = worth(brotli);
    }
    let _ = write!(code, "    Embedded {{ name: {name:?}, ");
    for (form, bytes) in forms {
        let Some(bytes) = bytes else {
            let _ = write!(code, "{form}: None, ");
            continue;
        };
        let file = out.with_extension(form);
        fs::write(&file, bytes)?;
        let path = file.to_str().expect("cargo's folders have names of text");
        let _ = match form {
            "plain" => write!(code, "plain: include_bytes!({path:?}), "),
            _ => write!(code, "{form}: Some(include_bytes!({path:?})), "),
        };
    }
    code.push_str("},\n");
    Ok(())
}
