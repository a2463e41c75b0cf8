//! All that is written in a mail, also where an encoding hides it: for whoever looks for an address. Pure.

use crate::channels::email::mime::Part;

/// Mails in mails that are looked into.
const DEEPEST: usize = 5;
/// Characters of all texts together.
const MOST_CHARS: usize = 4 * 1024 * 1024;

/// The mail as it is, its headers with their words decoded, and each of its parts that is text.
pub fn texts(mail: &[u8]) -> Vec<String> {
    let mut texts = vec![String::from_utf8_lossy(mail).into_owned()];
    let mut left = MOST_CHARS;
    add(&Part::parse(mail), 0, &mut left, &mut texts);
    texts
}

fn add(part: &Part<'_>, depth: usize, left: &mut usize, texts: &mut Vec<String>) {
    let mut take = |text: String| {
        let end = text.floor_char_boundary(*left);
        *left -= end;
        texts.push(if end < text.len() { text[..end].to_owned() } else { text });
    };
    take(part.headers.decoded());
    if part.parts.is_empty() {
        let kind = part.content_type.value.as_str();
        if kind.starts_with("text/") {
            take(part.text());
        } else if kind.starts_with("message/") && depth < DEEPEST {
            let inner = part.content();
            add(&Part::parse(&inner), depth + 1, left, texts);
        } else if part.is_encoded() {
            // Whatever it is labelled.
            take(String::from_utf8_lossy(&part.content()).into_owned());
        }
    }
    for inner in &part.parts {
        add(inner, depth, left, texts);
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use crate::channels::email::texts;

    #[test]
    fn an_address_is_found_wherever_it_stands() {
        let encoded = STANDARD.encode("write to base64@x.example");
        let inner = STANDARD.encode(format!(
            "From: inner@x.example\nContent-Transfer-Encoding: base64\n\n{}",
            STANDARD.encode("deep@x.example")
        ));
        let mail = format!(
            "From: a@x.example\nSubject: =?utf-8?B?{}?=\nContent-Type: multipart/mixed; boundary=b\n\n\
             --b\nContent-Transfer-Encoding: base64\n\n{encoded}\n\
             --b\nContent-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n<a href=3D\"mailto:qp=40x.ex=\nample\">\n\
             --b\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n\n{}\n\
             --b\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n{inner}\n--b--\n",
            STANDARD.encode("subject@x.example"),
            STANDARD.encode("name;csv@x.example"),
        );
        let all = texts(mail.as_bytes()).join("\n");
        for name in ["a", "base64", "qp", "subject", "csv", "inner", "deep"] {
            assert!(all.contains(&format!("{name}@x.example")), "{name}: {all}");
        }
        for broken in
            [&b""[..], b"\xff", b"Content-Type: multipart/mixed; boundary=b\n\n--b\n--b--"]
        {
            assert!(!texts(broken).is_empty());
        }
    }
}
