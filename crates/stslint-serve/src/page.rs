//! The page: files in memory, each in the forms that browsers take.

use crate::App;
use crate::problem::Problem;
use crate::server::RequestId;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hasher};
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::Arc;
use stslint_doh::relay::What;

/// Most bytes of a page that is read from a folder. What is larger is not this page.
const MAX_PAGE: usize = 64 << 20;

/// The file that says which header fields go with the page, for hosts that read it. It is the only
/// place where they are written down.
const HEADERS: &str = "_headers";

/// A file that was built in.
struct Embedded {
    name: &'static str,
    plain: &'static [u8],
    gzip: Option<&'static [u8]>,
    brotli: Option<&'static [u8]>,
}

mod embedded {
    use super::Embedded;

    include!(concat!(env!("OUT_DIR"), "/page.rs"));
}

/// Whether a page was built in.
pub const HAS_EMBEDDED: bool = !embedded::FILES.is_empty();

/// A page.
#[derive(Debug)]
pub struct Page {
    files: HashMap<String, File>,
    /// What goes with every answer.
    headers: HeaderMap,
}

#[derive(Debug)]
struct File {
    media_type: &'static str,
    /// The start of its entity tag.
    tag: String,
    plain: Bytes,
    gzip: Option<Bytes>,
    brotli: Option<Bytes>,
}

impl Page {
    /// The page that was built in, if there is one.
    pub fn embedded() -> Option<Self> {
        let files = embedded::FILES.iter().map(|file| {
            let form = Bytes::from_static;
            (file.name.to_owned(), form(file.plain), file.gzip.map(form), file.brotli.map(form))
        });
        HAS_EMBEDDED.then(|| Self::new(files.collect()))
    }

    /// Reads a page. Compressed forms are the files with `.gz` and `.br` after their names; text that has
    /// none is compressed now. Hidden files and what links lead to outside of the folder are no part of it.
    ///
    /// # Errors
    ///
    /// Those of reading; and a folder that holds no page, or far too much.
    pub fn read(folder: &Path) -> io::Result<Self> {
        let mut files = Vec::new();
        let mut left = MAX_PAGE;
        let folder = &folder.canonicalize()?;
        read(folder, folder, &mut files, &mut left)?;
        let mut forms: HashMap<String, Bytes> = files.into_iter().collect();
        let names: Vec<String> = forms.keys().cloned().collect();
        let is_form = |name: &str| {
            let of = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".br"));
            of.is_some_and(|of| names.iter().any(|name| name == of))
        };
        let mut all = Vec::new();
        for name in names.iter().filter(|name| !is_form(name)) {
            let gzip = forms.remove(&format!("{name}.gz"));
            let brotli = forms.remove(&format!("{name}.br"));
            if let Some(plain) = forms.remove(name) {
                let gzip = gzip.or_else(|| is_text(name).then(|| gzipped(&plain)).flatten());
                all.push((name.clone(), plain, gzip, brotli));
            }
        }
        if !names.iter().any(|name| name == "index.html") {
            return Err(io::Error::other("there is no index.html in it"));
        }
        Ok(Self::new(all))
    }

    fn new(all: Vec<(String, Bytes, Option<Bytes>, Option<Bytes>)>) -> Self {
        let mut headers = HeaderMap::new();
        let mut files = HashMap::new();
        for (name, plain, gzip, brotli) in all {
            if name == HEADERS {
                headers = everywhere(&String::from_utf8_lossy(&plain));
                continue;
            }
            let (media_type, tag) = (media_type(&name), tag(&plain));
            files.insert(name, File { media_type, tag, plain, gzip, brotli });
        }
        // Whatever a host's own rules are: file names have no hash in them.
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache"));
        Self { files, headers }
    }

    /// Tells the page that it came from a relay: what that offers, and who runs it. So the page knows
    /// without asking, and a page on any other host asks nobody.
    #[must_use]
    pub(crate) fn with_relay(mut self, offers: &[What], operator: &str) -> Self {
        let Some(index) = self.files.get_mut("index.html") else { return self };
        let Ok(text) = str::from_utf8(&index.plain) else { return self };
        let said = format!(
            "<meta name=\"stslint-relay\" content=\"{}\" data-operator=\"{}\">\n</head>",
            offers.iter().map(|what| what.word()).collect::<Vec<_>>().join(" "),
            escaped(operator)
        );
        let text = text.replacen("</head>", &said, 1);
        index.tag = tag(text.as_bytes());
        index.gzip = gzipped(text.as_bytes());
        index.brotli = None;
        index.plain = text.into();
        self
    }

    /// The file for a path, or the path that is meant.
    fn find(&self, path: &str) -> Result<&File, Option<String>> {
        let name = path.strip_prefix('/').unwrap_or(path);
        let index = match name {
            "" => "index.html".to_owned(),
            _ if name.ends_with('/') => format!("{name}index.html"),
            _ => name.to_owned(),
        };
        self.files.get(&index).ok_or_else(|| {
            let folder = format!("{name}/index.html");
            self.files.contains_key(&folder).then(|| format!("/{name}/"))
        })
    }
}

fn tag(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    format!("{:016x}", hasher.finish())
}

/// A file in gzip, if that makes it much smaller.
fn gzipped(bytes: &[u8]) -> Option<Bytes> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(bytes).ok()?;
    let packed = packer.finish().ok()?;
    (packed.len() * 10 < bytes.len() * 9).then(|| packed.into())
}

/// Whether a file is text, or compresses like text.
fn is_text(name: &str) -> bool {
    let media_type = media_type(name);
    media_type.starts_with("text/")
        || matches!(media_type, "application/wasm" | "image/svg+xml")
        || media_type.ends_with("json")
}

/// A text as the value of an attribute.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}

fn read(
    root: &Path,
    folder: &Path,
    files: &mut Vec<(String, Bytes)>,
    left: &mut usize,
) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        let Some(name) = path.strip_prefix(root).ok().and_then(Path::to_str) else { continue };
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        if entry.file_type()?.is_symlink() {
            // A link to a folder could lead in circles.
            let is_file = path.is_file() && path.canonicalize()?.starts_with(root);
            if !is_file {
                continue;
            }
        }
        if path.is_dir() {
            read(root, &path, files, left)?;
            continue;
        }
        // Only files have an end.
        if !path.is_file() {
            continue;
        }
        let of_file = |error: io::Error| io::Error::new(error.kind(), format!("{name}: {error}"));
        let mut bytes = Vec::new();
        let file = std::fs::File::open(&path).map_err(of_file)?;
        file.take(*left as u64 + 1).read_to_end(&mut bytes).map_err(of_file)?;
        *left = left
            .checked_sub(bytes.len())
            .ok_or_else(|| io::Error::other("there is far more in it than a page"))?;
        files.push((name.replace('\\', "/"), bytes.into()));
    }
    Ok(())
}

/// The header fields for all files, out of a file as Netlify and Cloudflare Pages read it: below a line
/// with a path stand its fields, indented.
fn everywhere(text: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let mut applies = false;
    for line in text.lines() {
        if !line.starts_with([' ', '\t']) {
            applies = line.trim() == "/*";
            continue;
        }
        let Some((name, value)) = line.trim().split_once(':') else { continue };
        let field = (name.parse::<HeaderName>(), HeaderValue::from_str(value.trim()));
        if let (true, (Ok(name), Ok(value))) = (applies, field) {
            headers.append(name, value);
        }
    }
    headers
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "ico" => "image/x-icon",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// Serves a file of the page.
pub(crate) async fn serve(State(app): State<Arc<App>>, request: Request) -> Response {
    let id = request.extensions().get::<RequestId>().cloned();
    let id = id.as_ref().map_or("", |id| &id.0);
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let detail = "There is nothing here but files to GET.";
        let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method", detail);
        return ([(header::ALLOW, "GET, HEAD")], problem.response(id)).into_response();
    }
    let Some(page) = &app.page else {
        let detail = "There is no page here, only a relay at /relay/v1/.";
        return Problem::new(StatusCode::NOT_FOUND, "not-found", detail).response(id);
    };
    let mut response = match page.find(request.uri().path()) {
        Ok(file) => file_response(file, request.headers()),
        Err(Some(path)) => {
            (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, path)]).into_response()
        }
        Err(None) => missing(),
    };
    for (name, value) in &page.headers {
        response.headers_mut().insert(name.clone(), value.clone());
    }
    response
}

fn missing() -> Response {
    const TEXT: &str = "<!doctype html><html lang=en><meta charset=utf-8><title>Not found</title>\
        <p>There is no such page here. <a href=\"/\">To the linter</a></p></html>\n";
    (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], TEXT)
        .into_response()
}

fn file_response(file: &File, headers: &HeaderMap) -> Response {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let accepts = |coding| accepts(accepted.unwrap_or_default(), coding);
    let (coding, bytes) = match (&file.brotli, &file.gzip) {
        (Some(brotli), _) if accepts("br") => (Some("br"), brotli),
        (_, Some(gzip)) if accepts("gzip") => (Some("gzip"), gzip),
        _ => (None, &file.plain),
    };
    // Another form is another representation, with another tag (RFC 9110 §8.8.3.3).
    let tag = format!("\"{}{}\"", file.tag, coding.map_or(String::new(), |c| format!("-{c}")));
    let known = headers.get_all(header::IF_NONE_MATCH).iter().any(|value| {
        let list = value.to_str().unwrap_or_default().split(',').map(str::trim);
        list.into_iter()
            .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
    });
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, file.media_type)], Body::from(bytes.clone())).into_response()
    };
    let fields = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        fields.insert(header::ETAG, tag);
    }
    fields.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let (Some(coding), false) = (coding, known) {
        fields.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    response
}

/// Whether a coding is accepted (RFC 9110 §12.5.3). One that isn't named is not, but for `*`.
fn accepts(list: &str, coding: &str) -> bool {
    let mut any = false;
    for entry in list.split(',') {
        let mut parts = entry.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let weight = parts.find_map(|part| part.strip_prefix("q=")).unwrap_or("1");
        let wanted = weight.parse::<f32>().is_ok_and(|weight| weight > 0.0);
        if name.eq_ignore_ascii_case(coding) {
            return wanted;
        }
        any |= name == "*" && wanted;
    }
    any
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codings_are_chosen_as_browsers_ask() {
        assert!(accepts("gzip, deflate, br, zstd", "br"));
        assert!(accepts("gzip;q=0.5,BR;q=0.1", "br"));
        assert!(accepts("*", "br") && accepts("*;q=0.1, gzip;q=0", "br"));
        assert!(!accepts("gzip, br;q=0", "br") && !accepts("br;q=0.000, *", "br"));
        assert!(!accepts("", "br") && !accepts("brr", "br") && !accepts("gzip", "br"));
    }

    #[test]
    fn the_pages_own_file_says_its_header_fields() {
        let text =
            std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../www/_headers"));
        let headers = everywhere(&text.expect("it is there"));
        for name in ["content-security-policy", "x-content-type-options", "cache-control"] {
            assert!(headers.contains_key(name), "{name}");
        }
        assert!(everywhere("/other\n  A: b\n").is_empty());
    }
}
