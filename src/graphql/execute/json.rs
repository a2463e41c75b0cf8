//! JSON text, written by hand where a general writer would cost more than the value.

use chrono::{DateTime, Datelike, Timelike, Utc};
use serde::Serialize;

/// Bytes that a JSON string writes as an escape.
static ESCAPED: [bool; 256] = {
    let mut table = [false; 256];
    let mut n = 0;
    while n < 32 {
        table[n] = true;
        n += 1;
    }
    table[b'"' as usize] = true;
    table[b'\\' as usize] = true;
    table
};

/// A string with its quotes.
pub fn string(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    out.reserve(bytes.len() + 2);
    out.push(b'"');
    let (mut from, mut at) = (0, 0);
    while at < bytes.len() {
        if bytes[at..].first_chunk::<8>().is_some_and(|eight| plain(*eight)) {
            at += 8;
            continue;
        }
        if ESCAPED[usize::from(bytes[at])] {
            out.extend_from_slice(&bytes[from..at]);
            escape(out, bytes[at]);
            from = at + 1;
        }
        at += 1;
    }
    out.extend_from_slice(&bytes[from..]);
    out.push(b'"');
}

/// Whether none of these bytes is written as an escape; where there is one, the bytes above it may count as well.
fn plain(eight: [u8; 8]) -> bool {
    const ONES: u64 = u64::MAX / 255;
    let word = u64::from_le_bytes(eight);
    let below = |word: u64, least: u8| word.wrapping_sub(ONES * u64::from(least)) & !word;
    let is = |byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    (below(word, 32) | is(b'"') | is(b'\\')) & (ONES << 7) == 0
}

fn escape(out: &mut Vec<u8>, byte: u8) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    match byte {
        b'"' => out.extend_from_slice(b"\\\""),
        b'\\' => out.extend_from_slice(b"\\\\"),
        b'\n' => out.extend_from_slice(b"\\n"),
        b'\r' => out.extend_from_slice(b"\\r"),
        b'\t' => out.extend_from_slice(b"\\t"),
        8 => out.extend_from_slice(b"\\b"),
        12 => out.extend_from_slice(b"\\f"),
        _ => {
            out.extend_from_slice(b"\\u00");
            out.push(HEX[usize::from(byte >> 4)]);
            out.push(HEX[usize::from(byte & 15)]);
        }
    }
}

/// An integer.
pub fn integer(out: &mut Vec<u8>, number: i64) {
    let mut digits = [0u8; 20];
    let mut at = digits.len();
    let mut left = number.unsigned_abs();
    loop {
        at -= 1;
        digits[at] = b'0' + u8::try_from(left % 10).unwrap_or_default();
        left /= 10;
        if left == 0 {
            break;
        }
    }
    if number < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(&digits[at..]);
}

/// Whatever serde knows.
pub fn value(out: &mut Vec<u8>, value: &(impl Serialize + ?Sized)) {
    // Writing to memory does not fail, and what is written here has keys of strings.
    let start = out.len();
    if serde_json::to_writer(&mut *out, value).is_err() {
        out.truncate(start);
        out.extend_from_slice(b"null");
    }
}

fn digits<const N: usize>(out: &mut Vec<u8>, mut number: u32) {
    let mut digits = [b'0'; N];
    for digit in digits.iter_mut().rev() {
        *digit += u8::try_from(number % 10).unwrap_or_default();
        number /= 10;
    }
    out.extend_from_slice(&digits);
}

/// A time in RFC 3339: no fraction, or as many groups of three digits as it needs.
pub fn time(out: &mut Vec<u8>, time: &DateTime<Utc>) {
    // Once: each part of a time with a zone is worked out from the zone.
    let naive = time.naive_utc();
    let nanos = naive.nanosecond();
    // A leap second is counted on beyond the second; years of more digits have a sign.
    let Some(year) =
        u32::try_from(naive.year()).ok().filter(|year| *year <= 9999 && nanos < 1_000_000_000)
    else {
        return string(out, &time.to_rfc3339());
    };
    out.push(b'"');
    digits::<4>(out, year);
    for (before, part) in [
        (b'-', naive.month()),
        (b'-', naive.day()),
        (b'T', naive.hour()),
        (b':', naive.minute()),
        (b':', naive.second()),
    ] {
        out.push(before);
        digits::<2>(out, part);
    }
    if nanos > 0 {
        out.push(b'.');
        if nanos.is_multiple_of(1_000_000) {
            digits::<3>(out, nanos / 1_000_000);
        } else if nanos.is_multiple_of(1_000) {
            digits::<6>(out, nanos / 1_000);
        } else {
            digits::<9>(out, nanos);
        }
    }
    out.extend_from_slice(b"+00:00\"");
}

#[cfg(test)]
mod tests {
    use async_graphql::InputType;
    use chrono::{DateTime, Utc};

    use crate::graphql::execute::json;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn strings_and_numbers_are_what_serde_writes() {
        let mut all = String::new();
        all.extend((0..=0x2f_u32).filter_map(char::from_u32));
        let all = &all.repeat(2);
        let late = ["1234567\n", "12345678\"", "1234567890123456\\8", "\u{1f}2345678\u{80}"];
        for text in
            ["", "a \"quoted\" \\ text", "süß 🚗", "\u{2028}\u{7f}", all].into_iter().chain(late)
        {
            let expected = serde_json::to_string(text).expect("JSON");
            assert_eq!(written(|out| json::string(out, text)), expected);
        }
        for number in [0, 1, -1, 9, 10, i64::MAX, i64::MIN] {
            assert_eq!(written(|out| json::integer(out, number)), number.to_string());
        }
    }

    #[test]
    fn times_are_what_async_graphql_writes() {
        let micros = [
            0,
            1,
            -1,
            999,
            1_000,
            1_500_000,
            1_793_491_199_000_000,
            -62_167_219_200_000_000,
            253_402_300_799_999_999,
            253_402_300_800_000_000,
        ];
        let times = micros.map(DateTime::<Utc>::from_timestamp_micros);
        let nanos = DateTime::from_timestamp(1, 123_456_789);
        for time in times.into_iter().chain([nanos]) {
            let time = time.expect("a time");
            let expected = time.to_value().to_string();
            assert_eq!(written(|out| json::time(out, &time)), expected);
        }
    }
}
