//! `Content-Disposition`: under which name a browser saves a file (RFC 6266). Pure.

use std::fmt::Write as _;

/// The header of a file with this name: once in ASCII, for whoever does not read the other, and once as it is.
pub fn attachment(name: Option<&str>) -> String {
    let name = name.unwrap_or("file");
    let mut header = String::from("attachment; filename=\"");
    header.extend(name.chars().map(|c| if is_plain(c) { c } else { '_' }));
    header.push_str("\"; filename*=UTF-8''");
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            header.push(char::from(byte));
        } else {
            // A string takes everything that is written.
            let _ = write!(header, "%{byte:02X}");
        }
    }
    header
}

/// Neither ends the quotation nor is read as a code by some.
fn is_plain(c: char) -> bool {
    (c.is_ascii_graphic() || c == ' ') && !matches!(c, '"' | '\\' | '%' | '/' | ';')
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use crate::http::content_disposition::attachment;

    #[test]
    fn a_name_stands_there_in_two_ways_and_is_nothing_but_a_name() {
        for (name, header) in [
            (Some("a.pdf"), "attachment; filename=\"a.pdf\"; filename*=UTF-8''a.pdf"),
            (None, "attachment; filename=\"file\"; filename*=UTF-8''file"),
            (
                Some("Zoë 1.png"),
                "attachment; filename=\"Zo_ 1.png\"; filename*=UTF-8''Zo%C3%AB%201.png",
            ),
            (
                Some("a\"; filename=\"b.exe"),
                "attachment; filename=\"a__ filename=_b.exe\"; filename*=UTF-8''a%22%3B%20filename%3D%22b.exe",
            ),
            (
                Some("a\r\nX: y\0"),
                "attachment; filename=\"a__X: y_\"; filename*=UTF-8''a%0D%0AX%3A%20y%00",
            ),
        ] {
            assert_eq!(attachment(name), header, "{name:?}");
            assert!(HeaderValue::from_str(header).is_ok(), "{header}");
        }
    }
}
