//! Recorded mails, good and broken.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::{ProptestConfig, proptest};

use crate::channels::delivery::Refusal;
use crate::channels::email::CHANNEL;
use crate::channels::fact::{Act, Fact, FileContent, NewFile, What};
use crate::channels::tests::{
    Request, recorded, recorded_names, recorded_requests_become_of, said, stands,
};
use crate::domain::source::OpenSource;

fn source() -> OpenSource {
    OpenSource { addresses: vec!["@acme.example".into()], ..crate::channels::tests::source() }
}

fn told(body: &[u8]) -> Result<Vec<String>, Refusal> {
    with_facts(body, "", |facts| said(&facts).lines().map(str::to_owned).collect())
}

/// The recorded mails.
fn mails() -> impl Iterator<Item = (String, Vec<u8>)> {
    let mail = |name: String| (name.clone(), recorded(&format!("email/{name}")));
    recorded_names("email").into_iter().map(mail)
}

fn with_facts<T>(
    body: &[u8],
    content_type: &str,
    then: impl FnOnce(Vec<Fact<'_>>) -> T,
) -> Result<T, Refusal> {
    let request = Request::new(body).with(&[("content-type", content_type)]);
    (CHANNEL.facts)(&source(), &request.delivery()).map(then)
}

fn files(body: &[u8]) -> Vec<NewFile> {
    let acts = |facts: Vec<Fact<'_>>| match facts.into_iter().next().map(|fact| fact.what) {
        Some(What::Acts(acts)) => acts,
        other => panic!("{other:?}"),
    };
    let acts = with_facts(body, "message/rfc822", acts).expect("a mail");
    let of = |act: Act| if let Act::Record(_, files) = act { files } else { Vec::new() };
    acts.into_iter().flat_map(of).collect()
}

#[test]
fn recorded_mails_become_what_they_say() {
    recorded_requests_become_of(&source(), &CHANNEL, "email", &[]);
}

#[test]
fn what_is_kept_says_the_same_again() {
    for (_, body) in mails() {
        stands(&CHANNEL, &source(), &[], &body);
    }
}

#[test]
fn no_recorded_mail_is_lost_however_it_is_cut() {
    for (name, body) in mails() {
        for end in (1..body.len()).step_by(7) {
            told(&body[..end]).unwrap_or_else(|refusal| match refusal {
                Refusal::Malformed(_) if body[..end].trim_ascii().is_empty() => Vec::new(),
                Refusal::Malformed(_) if name == "mbox.eml" && end < 60 => Vec::new(),
                Refusal::Malformed(_) if name == "broken_bom.eml" && end < 4 => Vec::new(),
                refusal => panic!("{name} up to {end}: {refusal:?}"),
            });
        }
        // A byte changed, anywhere.
        for at in (0..body.len()).step_by(5) {
            for byte in [0, b'\n', b':', b'=', b'"', b'<', b'(', 0xff] {
                let mut mail = body.clone();
                mail[at] = byte;
                let _ = told(&mail);
            }
        }
    }
}

#[test]
fn forms_and_nothing_are_refused() {
    let mail = b"From: jane@doe.example\n\nHello\n";
    for content_type in ["application/x-www-form-urlencoded", "Multipart/Form-Data; boundary=x"] {
        let refused = with_facts(mail, content_type, |_| ());
        assert!(matches!(refused, Err(Refusal::Unsupported(_))), "{content_type}: {refused:?}");
    }
    for content_type in ["", "message/rfc822", "text/plain", "application/octet-stream", "nonsense"]
    {
        assert_eq!(with_facts(mail, content_type, |facts| facts.len()), Ok(1), "{content_type}");
    }
    for body in [&b""[..], b" \r\n\t\n", b"\0\0", b"From x@y Wed Nov 25 11:00:00 2026\n"] {
        let refused = with_facts(body, "", |_| ());
        assert!(matches!(refused, Err(Refusal::Malformed(_))), "{body:?}: {refused:?}");
    }
}

#[test]
fn files_are_exact_whatever_they_are_labelled() {
    let bytes: Vec<u8> = (0..=255).cycle().take(5_000).collect();
    let lines: Vec<u8> = STANDARD
        .encode(&bytes)
        .as_bytes()
        .chunks(76)
        .flat_map(|line| [line, b"\r\n"].concat())
        .collect();
    for kind in
        ["application/pdf", "text/plain; charset=utf-8", "text/html", "image/png", "message/rfc822"]
    {
        let head = format!(
            "From: jane@doe.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHello\r\n--b\r\nContent-Type: {kind}\r\nContent-Disposition: attachment; filename=a\r\nContent-Transfer-Encoding: "
        );
        let mail = [head.as_bytes(), b"base64\r\n\r\n", &lines, b"--b--\r\n"].concat();
        let raw = [head.as_bytes(), b"binary\r\n\r\n", &bytes, b"\r\n--b--\r\n"].concat();
        for mail in [mail, raw] {
            let files = files(&mail);
            assert_eq!(files.len(), 1, "{kind}");
            assert_eq!(files[0].content, FileContent::Bytes(bytes.clone().into()), "{kind}");
        }
    }
}

#[test]
fn mails_in_mails_and_parts_in_parts_have_an_end() {
    // Followed one by one, these would cost a stack frame each.
    let mails = format!(
        "From: jane@doe.example\n{}\nhi\n",
        "Content-Type: message/rfc822\n\n".repeat(300_000)
    );
    assert_eq!(files(mails.as_bytes()).len(), 1);
    let digest = format!(
        "From: jane@doe.example\nContent-Type: multipart/digest; boundary=a\n\n{}",
        "--a\n\nContent-Type: multipart/digest; boundary=a\n\n".repeat(100_000)
    );
    assert!(told(digest.as_bytes()).is_ok());
    let nested: String = (0..5_000)
        .map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n"))
        .collect();
    assert!(told(format!("From: jane@doe.example\n{nested}\nhi").as_bytes()).is_ok());
    let many = "--b\nContent-Type: application/pdf; name=a\n\nx\n".repeat(50_000);
    let many =
        format!("From: jane@doe.example\nContent-Type: multipart/mixed; boundary=b\n\n{many}");
    assert_eq!(files(many.as_bytes()).len(), 1_000);
}

#[test]
fn a_large_mail_is_kept_by_its_headers() {
    let head = "From: \"Jane\" <>\r\nSubject: large\r\nMessage-ID: <large@x.example>\r\n\r\n";
    for (size, whole) in [(600 * 1024, true), (2 * 1024 * 1024, false)] {
        let mail = format!("{head}{}", "x".repeat(size));
        let (kept, kind) = with_facts(mail.as_bytes(), "", |facts| {
            (facts[0].payload.to_json(), facts[0].kind.clone())
        })
        .expect("a mail");
        assert_eq!(kept["raw"].is_string(), whole);
        assert!(kept.to_string().len() <= 1024 * 1024);
        assert_eq!(kept["headers"], head.trim_end());
        let again = (CHANNEL.replay)(&kind, &kept);
        assert_eq!(again == mail.as_bytes(), whole);
        let said = told(&again);
        assert_eq!(said, told(mail.as_bytes()), "the sender is still missing");
    }
    for payload in [
        "null",
        "{}",
        "{\"raw\":7}",
        "{\"raw\":\"?\"}",
        "[]",
        "\"x\"",
        "{\"raw\":null,\"headers\":[]}",
    ] {
        let payload = serde_json::from_str(payload).expect("JSON");
        assert_eq!((CHANNEL.replay)("mail", &payload), b"");
    }
}

#[test]
fn the_same_mail_has_the_same_id() {
    let mail = b"From: jane@doe.example\r\n\r\nHello\r\n";
    let in_a_mailbox = [&b"From jane@doe.example Wed Nov 25 11:00:00 2026\r\n"[..], mail].concat();
    let id = |mail: &[u8]| told(mail).expect("a mail")[0].clone();
    assert_eq!(id(mail), id(&in_a_mailbox));
    assert_ne!(id(mail), id(b"From: jane@doe.example\r\n\r\nHello!\r\n"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_bytes_bring_it_down(
        bytes: Vec<u8>,
        text in "\\PC{0,200}",
        header in "[ -~\\r\\n\\t]{0,120}",
        body in "(--b|--b--|\\r\\n|Content-Type: |multipart/mixed; boundary=b|message/rfc822|text/html|=\\?utf-8\\?Q\\?|<|>|x){0,60}",
    ) {
        for mail in [bytes.as_slice(), text.as_bytes(), header.as_bytes(), body.as_bytes()] {
            let _ = told(mail);
        }
        for name in ["From", "To", "Subject", "Date", "Message-ID", "References", "Content-Type", "Content-Disposition"] {
            let mail = format!("From: jane@doe.example\n{name}: {header}\nContent-Type: multipart/mixed; boundary=b\n\n{body}");
            assert!(told(mail.as_bytes()).is_ok());
        }
    }
}
