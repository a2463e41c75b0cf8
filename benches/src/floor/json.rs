//! Answers written by hand, in the shape that GraphQL gives them.

/// Appends a quoted string.
pub fn string(out: &mut Vec<u8>, text: &str) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.push(b'"');
    let mut from = 0;
    for (n, byte) in text.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.extend_from_slice(&text.as_bytes()[from..n]);
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            _ => out.extend_from_slice(&[
                b'\\',
                b'u',
                b'0',
                b'0',
                HEX[usize::from(byte >> 4)],
                HEX[usize::from(byte & 15)],
            ]),
        }
        from = n + 1;
    }
    out.extend_from_slice(&text.as_bytes()[from..]);
    out.push(b'"');
}

pub fn optional(out: &mut Vec<u8>, text: Option<&str>) {
    match text {
        Some(text) => string(out, text),
        None => out.extend_from_slice(b"null"),
    }
}

pub fn number(out: &mut Vec<u8>, n: i64) {
    let mut digits = [0u8; 20];
    let mut at = digits.len();
    let mut rest = n.unsigned_abs();
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if n < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(&digits[at..]);
}

fn hex(out: &mut Vec<u8>, n: i64) {
    for shift in (0..16).rev() {
        out.push(b"0123456789abcdef"[(n >> (shift * 4)) as usize & 15]);
    }
}

/// An opaque id: a letter for what it is, and the number.
pub fn id(out: &mut Vec<u8>, letter: u8, n: i64) {
    out.extend_from_slice(&[b'"', letter, b'_']);
    hex(out, n);
    out.push(b'"');
}

pub fn cursor(out: &mut Vec<u8>, at: i64, n: i64) {
    out.push(b'"');
    hex(out, at);
    hex(out, n);
    out.push(b'"');
}

/// Microseconds since 1970 as RFC 3339.
pub fn time(out: &mut Vec<u8>, micros: i64) {
    let (days, rest) = (micros.div_euclid(86_400_000_000), micros.rem_euclid(86_400_000_000));
    // Days to a date of the Gregorian calendar, counted from a March.
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let of_era = z.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let m = (5 * day_of_year + 2) / 153;
    let (day, month) = (day_of_year - (153 * m + 2) / 5 + 1, if m < 10 { m + 3 } else { m - 9 });
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let mut text = *b"\"0000-00-00T00:00:00.000000Z\"";
    let mut put = |at: usize, width: usize, mut n: i64| {
        for k in (at..at + width).rev() {
            text[k] = b'0' + (n % 10) as u8;
            n /= 10;
        }
    };
    put(1, 4, year);
    put(6, 2, month);
    put(9, 2, day);
    put(12, 2, rest / 3_600_000_000);
    put(15, 2, rest / 60_000_000 % 60);
    put(18, 2, rest / 1_000_000 % 60);
    put(21, 6, rest % 1_000_000);
    out.extend_from_slice(&text);
}

#[cfg(test)]
mod tests {
    use super::{number, string, time};

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_is_written_reads_back() {
        for text in ["", "plain", "a \"b\" \\ \n\u{1} ü 😀"] {
            let json = written(|out| string(out, text));
            assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }
        assert_eq!(written(|out| number(out, -120)), "-120");
        assert_eq!(written(|out| number(out, 0)), "0");
        for (micros, text) in [
            (0, "1970-01-01T00:00:00.000000Z"),
            (1_709_164_799_999_999, "2024-02-28T23:59:59.999999Z"),
            (1_793_491_200_000_000, "2026-11-01T00:00:00.000000Z"),
        ] {
            assert_eq!(written(|out| time(out, micros)), format!("\"{text}\""));
        }
    }
}
