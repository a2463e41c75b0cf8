//! The kinds of identity, with the numbers under which the store keeps them.

use serde::{Deserialize, Serialize};

/// What an identity is an address of. The numbers are stored: they are never used again for something else.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[repr(i16)]
pub enum IdentityKind {
    Email = 1,
    Phone = 2,
    Whatsapp = 3,
    Facebook = 4,
    Instagram = 5,
    Telegram = 6,
    Twitter = 7,
    UserId = 8,
    AnonymousId = 9,
    Device = 10,
    External = 11,
}

impl IdentityKind {
    pub const ALL: [IdentityKind; 11] = [
        IdentityKind::Email,
        IdentityKind::Phone,
        IdentityKind::Whatsapp,
        IdentityKind::Facebook,
        IdentityKind::Instagram,
        IdentityKind::Telegram,
        IdentityKind::Twitter,
        IdentityKind::UserId,
        IdentityKind::AnonymousId,
        IdentityKind::Device,
        IdentityKind::External,
    ];

    /// The number in the store.
    pub fn number(self) -> i16 {
        self as i16
    }

    /// The kind of a number of the store; nothing for one that a newer version wrote.
    pub fn from_number(number: i16) -> Option<Self> {
        IdentityKind::ALL.into_iter().find(|kind| kind.number() == number)
    }

    /// The namespace of the kind's own values. Numbers of PHONE and WHATSAPP are in [`LINE`](crate::domain::identifier::LINE) instead, EXTERNAL
    /// ids in `external:<namespace>`.
    pub(crate) fn namespace(self) -> &'static str {
        match self {
            IdentityKind::Email => "email",
            IdentityKind::Phone => crate::domain::identifier::LINE,
            IdentityKind::Whatsapp => "whatsapp",
            IdentityKind::Facebook => "facebook",
            IdentityKind::Instagram => "instagram",
            IdentityKind::Telegram => "telegram",
            IdentityKind::Twitter => "twitter",
            IdentityKind::UserId => "user_id",
            IdentityKind::AnonymousId => "anonymous_id",
            IdentityKind::Device => "device",
            IdentityKind::External => "external",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::IdentityKind;

    #[test]
    fn the_stored_numbers_stay_what_they_are() {
        let numbers: Vec<i16> = IdentityKind::ALL.into_iter().map(IdentityKind::number).collect();
        assert_eq!(numbers, (1..=11).collect::<Vec<i16>>());
        assert_eq!(IdentityKind::from_number(3), Some(IdentityKind::Whatsapp));
        assert_eq!(IdentityKind::from_number(12), None);
    }
}
