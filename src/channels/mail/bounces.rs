//! Reports of mail servers that a mail could not be delivered (RFC 3464). Pure.

use crate::channels::fact::{Act, What};
use crate::channels::mail::addresses::Mailbox;
use crate::channels::mail::headers::MailHeaders;
use crate::channels::mail::ids::message_id;
use crate::domain::history::record::{Advance, AdvanceRef, NewState};
use crate::entity::kinds::EmailState;
use crate::ids::Micros;

/// The kinds of the part that says for a program what became of the mail.
const STATUS: [&str; 2] = ["message/delivery-status", "message/global-delivery-status"];
/// The kinds of the part that holds the mail that was returned, or its headers.
const RETURNED: [&str; 5] = [
    "message/rfc822",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "message/global",
    "message/global-headers",
];

/// A report, as far as it was found.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Report {
    failed: bool,
    /// Who was not reached.
    recipients: Vec<String>,
    returned: Option<String>,
    seen: bool,
}

impl Report {
    /// Takes what a part of the report says.
    pub fn read(&mut self, kind: &str, content: &[u8]) {
        if STATUS.contains(&kind) {
            self.seen = true;
            self.read_status(content);
        } else if RETURNED.contains(&kind) && self.returned.is_none() {
            let (headers, _) = MailHeaders::split(content.trim_ascii_start());
            self.returned = headers.get("message-id").and_then(message_id);
        }
    }

    /// Whether it is a report at all.
    pub fn is_report(&self) -> bool {
        self.seen
    }

    pub fn what(self, at: Micros) -> What {
        if !self.failed {
            return What::Unknown("a report of delivery that tells of no failure".into());
        }
        let Some(id) = self.returned else {
            return What::Unknown("a report of a failure that does not say of which mail".into());
        };
        What::Acts(vec![Act::Advance(Box::new(Advance {
            item: AdvanceRef::MessageId(id),
            state: Some(NewState::Email(EmailState::Bounced)),
            at: Some(at),
            duration: None,
            recording_url: None,
            recipients: self.recipients,
        }))])
    }

    /// What a status says: the fields of each recipient, with blank lines between.
    fn read_status(&mut self, content: &[u8]) {
        let mut one = Recipient::default();
        for line in content.split(|byte| *byte == b'\n') {
            let colon = line.iter().position(|byte| *byte == b':');
            let Some(colon) = colon.filter(|_| !line.starts_with(b" ")) else {
                if line.trim_ascii().is_empty() {
                    self.take(std::mem::take(&mut one));
                }
                continue;
            };
            let name = String::from_utf8_lossy(&line[..colon]).trim().to_ascii_lowercase();
            let value = String::from_utf8_lossy(&line[colon + 1..]);
            match name.as_str() {
                "action" => {
                    let word = value.trim().split(|c: char| !c.is_ascii_alphabetic()).next();
                    one.failed |= word.is_some_and(|word| word.eq_ignore_ascii_case("failed"));
                    one.told = true;
                }
                "final-recipient" | "original-recipient" => {
                    // Some leave the blank line out.
                    if one.told {
                        self.take(std::mem::take(&mut one));
                    }
                    let address = value.split_once(';').map_or(&*value, |(_, address)| address);
                    one.addresses.extend(Mailbox::new(None, address).map(|it| it.address));
                }
                _ => {}
            }
        }
        self.take(one);
    }

    fn take(&mut self, one: Recipient) {
        if one.failed {
            self.failed = true;
            self.recipients.extend(one.addresses);
        }
    }
}

/// One recipient, as far as its fields were read.
#[derive(Default)]
struct Recipient {
    /// As it was given, and where it led.
    addresses: Vec<String>,
    told: bool,
    failed: bool,
}

#[cfg(test)]
mod tests {
    use crate::channels::fact::{Act, What};
    use crate::channels::mail::bounces::Report;
    use crate::domain::history::record::{Advance, AdvanceRef, NewState};
    use crate::entity::kinds::EmailState;
    use crate::ids::Micros;

    #[test]
    fn who_was_not_reached_is_told_of_each_recipient() {
        for (status, who) in [
            (
                "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; bob@x.example\nAction: failed\nStatus: 5.1.1\n\nFinal-Recipient: rfc822; ann@x.example\nAction: delayed\n",
                &["bob@x.example"][..],
            ),
            (
                "\r\nOriginal-Recipient: rfc822;bob@x.example\r\nFinal-Recipient: RFC822; <b@y.example>\r\nAction: failed\r\n",
                &["bob@x.example", "b@y.example"],
            ),
            (
                "Final-Recipient: rfc822; a@x.example\nAction: relayed\nFinal-Recipient: b@x.example\nAction: failed\n",
                &["b@x.example"],
            ),
            ("Action: failed\nFinal-Recipient: rfc822; a@x.example\n", &[]),
            ("Action: failed\n", &[]),
        ] {
            let mut report = Report::default();
            report.read("message/delivery-status", status.as_bytes());
            assert!(report.failed, "{status}");
            assert_eq!(report.recipients, who, "{status}");
        }
    }

    #[test]
    fn a_failure_moves_the_mail_that_was_returned() {
        for (status, returned, id) in [
            (
                "Reporting-MTA: dns; mx\n\nAction: failed\nStatus: 5.1.1\n",
                "Message-ID: <1@x>\n",
                Some("1@x"),
            ),
            (
                "\r\naction : FAILED (hard)\r\n",
                "Subject: x\r\nMessage-Id:\r\n <1@x>\r\n\r\nbody",
                Some("1@x"),
            ),
            ("Action: delayed\n\nAction: failed\n", "\nMessage-ID: 1@x\n", Some("1@x")),
            ("Action: delayed\n", "Message-ID: <1@x>\n", None),
            ("Action: relayed\nDiagnostic-Code: failed\n", "Message-ID: <1@x>\n", None),
            ("Action: failed\n", "Subject: none\n\nMessage-ID: <1@x>\n", None),
            ("", "", None),
        ] {
            let mut report = Report::default();
            report.read("text/plain", b"Action: failed");
            assert!(!report.is_report());
            report.read("message/delivery-status", status.as_bytes());
            report.read("text/rfc822-headers", returned.as_bytes());
            if id.is_some() {
                report.read("message/rfc822", b"Message-ID: <another@x>\n\n");
            }
            assert!(report.is_report());
            let what = report.what(Micros(7));
            let moved = match &what {
                What::Acts(acts) => match acts.as_slice() {
                    [Act::Advance(advance)] => Some((**advance).clone()),
                    _ => panic!("{what:?}"),
                },
                _ => None,
            };
            let expected = id.map(|id| Advance {
                item: AdvanceRef::MessageId(id.to_owned()),
                state: Some(NewState::Email(EmailState::Bounced)),
                at: Some(Micros(7)),
                duration: None,
                recording_url: None,
                recipients: Vec::new(),
            });
            assert_eq!(moved, expected, "{status} {returned}");
        }
    }
}
