//! The text behind Punycode (RFC 3492), one label without its `xn--`.

const BASE: u32 = 36;
const T_MIN: u32 = 1;
const T_MAX: u32 = 26;
const SKEW: u32 = 38;
const DAMP: u32 = 700;
const FIRST_BIAS: u32 = 72;
const FIRST_CODE: u32 = 128;

/// RFC 3492 §6.1.
fn adapt(delta: u32, points: u32, first: bool) -> u32 {
    let mut delta = if first { delta / DAMP } else { delta / 2 };
    delta += delta / points;
    let mut k = 0;
    while delta > (BASE - T_MIN) * T_MAX / 2 {
        delta /= BASE - T_MIN;
        k += BASE;
    }
    k + (BASE - T_MIN + 1) * delta / (delta + SKEW)
}

fn threshold(k: u32, bias: u32) -> u32 {
    k.saturating_sub(bias).clamp(T_MIN, T_MAX)
}

/// The text behind `encoded`, which is in lower case; none when it is no Punycode (RFC 3492 §6.2). Each
/// text has one spelling only.
pub(super) fn decode(encoded: &str) -> Option<String> {
    let (basic, tail) = match encoded.rsplit_once('-') {
        Some(("", _)) => return None, // Where nothing is basic, there is no delimiter.
        Some(parts) => parts,
        None => ("", encoded),
    };
    let mut out: Vec<char> = basic.chars().collect();
    let (mut code, mut i, mut bias) = (FIRST_CODE, 0u32, FIRST_BIAS);
    let mut digits = tail.bytes();
    while digits.len() > 0 {
        let before = i;
        let (mut weight, mut k) = (1u32, BASE);
        loop {
            let digit = match digits.next()? {
                b @ b'a'..=b'z' => u32::from(b - b'a'),
                b @ b'0'..=b'9' => u32::from(b - b'0') + 26,
                _ => return None,
            };
            i = i.checked_add(digit.checked_mul(weight)?)?;
            let t = threshold(k, bias);
            if digit < t {
                break;
            }
            weight = weight.checked_mul(BASE - t)?;
            k += BASE;
        }
        let points = u32::try_from(out.len()).ok()? + 1;
        bias = adapt(i - before, points, before == 0);
        code = code.checked_add(i / points)?;
        i %= points;
        out.insert(i as usize, char::from_u32(code)?);
        i += 1;
    }
    Some(out.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn samples_of_rfc_3492() {
        for (text, encoded) in [
            ("bücher", "bcher-kva"),
            ("münchen", "mnchen-3ya"),
            ("他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye"),
            ("そのスピードで", "d9juau41awczczp"),
        ] {
            assert_eq!(decode(encoded).as_deref(), Some(text));
        }
    }

    #[test]
    fn overflow_is_no_punycode() {
        assert_eq!(decode("99999999"), None);
        assert_eq!(decode("a-!"), None);
    }
    proptest! {
        #[test]
        fn each_text_has_one_spelling(encoded in "[a-z0-9-]{0,12}") {
            if let Some(text) = decode(&encoded) {
                prop_assert_eq!(idna::punycode::encode_str(&text), Some(encoded));
            }
        }
    }
}
