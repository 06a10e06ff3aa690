//! What holds of every link.

use crate::{Outcome, ensure};
use stslint::Declared;
use stslint::share::{MAX_FRAGMENT, Shared, decode, encode};

/// What a link opens to is written as a link that opens to the same, of the same bytes from then
/// on; nothing longer than the limit is opened, and nothing grows on the way.
pub fn check(fragment: &str) -> Outcome {
    let Some(opened) = decode(fragment) else { return Ok(()) };
    let Ok(shared) = opened else { return Ok(()) };
    let carried = fragment.strip_prefix('#').unwrap_or(fragment);
    ensure!(carried.len() <= MAX_FRAGMENT, "opened a link of {} bytes", fragment.len());
    let size = shared.body.as_ref().map_or(0, Vec::capacity);
    ensure!(size <= carried.len(), "{size} bytes for a link of {}", carried.len());
    round_trip(&shared)
}

/// Anything that can be shared survives it: the domain and the text are those of `bytes`.
pub fn check_contents(bytes: &[u8]) -> Outcome {
    let (head, rest) = bytes.split_at(bytes.len().min(2));
    let [first, length] = <[u8; 2]>::try_from(head).unwrap_or_default();
    let (domain, body) = rest.split_at(rest.len().min(usize::from(length)));
    let words = String::from_utf8_lossy(domain).into_owned();
    round_trip(&Shared {
        declared: usize::from(first & 7).checked_sub(1).map(|index| Declared::ALL[index]),
        ignore: words.split(',').filter(|_| first & 128 != 0).map(str::to_owned).collect(),
        place: Some(words.clone()).filter(|_| first & 64 != 0),
        domain: Some(words).filter(|domain| !domain.is_empty()),
        marks: first & 8 != 0,
        exact: first & 16 != 0,
        reports: false,
        body: (first & 32 == 0).then(|| body.to_vec()),
    })
}

fn round_trip(shared: &Shared) -> Outcome {
    let link = encode(shared);
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"&=-_.%".contains(&b);
    ensure!(link.bytes().all(plain), "{link:?} has characters that need escapes");
    let Some(Ok(opened)) = decode(&link) else { return Err(format!("{link:?} does not open")) };
    // A domain, a place or a code that no link may carry is left out.
    let (domain, place, ignore) =
        (opened.domain.clone(), opened.place.clone(), opened.ignore.clone());
    let is_ours = ignore.iter().all(|code| shared.ignore.contains(code));
    ensure!(is_ours, "{shared:?} became {opened:?}");
    ensure!(domain.is_none() || domain == shared.domain, "{shared:?} became {opened:?}");
    ensure!(place.is_none() || place == shared.place, "{shared:?} became {opened:?}");
    ensure!(
        opened == Shared { domain, place, ignore, ..shared.clone() },
        "{shared:?} became {opened:?}"
    );
    ensure!(encode(&opened) == link, "{link:?} became {:?}", encode(&opened));
    Ok(())
}
