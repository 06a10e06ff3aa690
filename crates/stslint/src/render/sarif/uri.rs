//! Paths as addresses (RFC 3986).

/// The address of a file, and whether it is relative. `path` has `/` between folders.
pub(super) fn of_path(path: &str) -> (String, bool) {
    let mut out = String::with_capacity(path.len());
    let drive = path.as_bytes().get(1) == Some(&b':') && path.as_bytes().get(2) == Some(&b'/');
    let is_relative = !(path.starts_with('/') || drive);
    if let Some(share) = path.strip_prefix("//") {
        out.push_str("file://"); // A host follows (RFC 8089 appendix E.3).
        push(share, &mut out);
    } else if is_relative {
        // `./a` and `a` are one file; readers compare the texts.
        let mut short = path;
        while let Some(rest) = short.strip_prefix("./") {
            short = rest.trim_start_matches('/');
        }
        push(short, &mut out);
    } else {
        out.push_str(if drive { "file:///" } else { "file://" });
        if drive {
            out.push_str(&path[..2]);
        }
        push(if drive { &path[2..] } else { path }, &mut out);
    }
    (out, is_relative)
}

/// Appends a path; all but unreserved characters and `/` are escaped. (`:` too: it would end a
/// scheme.)
fn push(path: &str, out: &mut String) {
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_addresses() {
        for (path, uri, is_relative) in [
            ("mta-sts.txt", "mta-sts.txt", true),
            ("./a/b.txt", "a/b.txt", true),
            (".//a", "a", true),
            ("../a", "../a", true),
            ("-", "-", true),
            ("a:b", "a%3Ab", true),
            ("http://x", "http%3A//x", true),
            ("a b#ü?%.txt", "a%20b%23%C3%BC%3F%25.txt", true),
            ("a!b.json.gz", "a%21b.json.gz", true),
            ("/srv/a b", "file:///srv/a%20b", false),
            ("C:/a b", "file:///C:/a%20b", false),
            ("//host/share/a", "file://host/share/a", false),
            ("é:/", "%C3%A9%3A/", true),
        ] {
            assert_eq!(of_path(path), (uri.to_owned(), is_relative), "{path}");
        }
    }
}
