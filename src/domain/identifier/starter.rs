//! The starter list of blocked values, as data that `docs/identifiers.md` prints.

use std::borrow::Cow;

use crate::domain::identifier::blocked_rule::{BlockedMatch, BlockedRule};
use crate::entity::kinds::IdentityKind;

const fn exact(
    kind: Option<IdentityKind>,
    value: &'static str,
    reason: &'static str,
) -> BlockedRule {
    BlockedRule {
        kind,
        by: BlockedMatch::Exact,
        value: Cow::Borrowed(value),
        reason: Cow::Borrowed(reason),
    }
}

const fn pattern(
    kind: Option<IdentityKind>,
    value: &'static str,
    reason: &'static str,
) -> BlockedRule {
    BlockedRule {
        kind,
        by: BlockedMatch::Pattern,
        value: Cow::Borrowed(value),
        reason: Cow::Borrowed(reason),
    }
}

const EMAIL: Option<IdentityKind> = Some(IdentityKind::Email);
const TELEGRAM: Option<IdentityKind> = Some(IdentityKind::Telegram);
const PHONE: Option<IdentityKind> = Some(IdentityKind::Phone);

/// What every tenant starts with: values that real systems met again and again.
pub const STARTER: &[BlockedRule] = &[
    exact(None, "null", "a missing value written as text"),
    exact(None, "(null)", "a missing value printed by C and Objective-C programs"),
    exact(None, "nil", "a missing value written as text"),
    exact(None, "undefined", "a missing value of JavaScript"),
    exact(None, "none", "a missing value of Python"),
    exact(None, "nan", "a missing number"),
    exact(None, "n/a", "not available"),
    exact(None, "#n/a", "a failed look-up of a spreadsheet"),
    exact(None, "[object object]", "a JavaScript object put into text"),
    exact(None, "true", "a flag where an id belongs"),
    exact(None, "false", "a flag where an id belongs"),
    exact(None, "anonymous", "everybody who is not logged in"),
    exact(None, "guest", "everybody who is not logged in"),
    exact(None, "unknown", "everybody who is not known"),
    exact(None, "-1", "the usual id of nobody"),
    exact(None, "00000000-0000-0000-0000-000000000000", "the empty UUID"),
    pattern(None, "0+", "the usual id of nobody"),
    pattern(None, r"[\p{P}\p{S}\s]+", "only punctuation"),
    pattern(EMAIL, "(no|do[._-]?not)[._-]?reply([+._-][^@]*)?@.+", "a sender that nobody reads"),
    pattern(EMAIL, "mailer-daemon@.+", "a mail server's own address"),
    pattern(EMAIL, "(null|undefined|none)@.+", "a missing value in a form's address"),
    pattern(
        PHONE,
        ".+@(broadcast|g[.]us|newsletter|call|bot)",
        "a list, group or channel of WhatsApp",
    ),
    pattern(PHONE, "(status|server|0)@.+", "WhatsApp's own address"),
    pattern(TELEGRAM, r"-\d+", "a group or channel of Telegram"),
    exact(TELEGRAM, "777000", "Telegram's own messages"),
    exact(TELEGRAM, "1087968824", "anonymous admins of Telegram's groups"),
    exact(TELEGRAM, "136817688", "posts of Telegram's channels"),
    exact(PHONE, "private", "a withheld number"),
    exact(PHONE, "restricted", "a withheld number"),
    exact(PHONE, "withheld", "a withheld number"),
    exact(PHONE, "unavailable", "a number that the network did not tell"),
    exact(
        PHONE,
        "266696687",
        "ANONYMOUS on the keys of a phone: how carriers send withheld numbers",
    ),
    exact(PHONE, "7378742833", "RESTRICTED on the keys of a phone"),
    exact(PHONE, "17378742833", "RESTRICTED on the keys of a phone"),
    exact(PHONE, "2562533", "BLOCKED on the keys of a phone"),
    exact(PHONE, "12562533", "BLOCKED on the keys of a phone"),
    exact(PHONE, "8656696", "UNKNOWN on the keys of a phone"),
    exact(PHONE, "18656696", "UNKNOWN on the keys of a phone"),
    exact(PHONE, "86282452253", "UNAVAILABLE on the keys of a phone"),
];
