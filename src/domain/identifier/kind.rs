//! Which namespace a kind's values live in.

use crate::domain::identifier::LINE;
use crate::entity::kinds::IdentityKind;

/// The namespace of the kind's own values. Numbers of PHONE and WHATSAPP are in [`LINE`] instead, EXTERNAL ids in
/// `external:<namespace>`.
pub(crate) fn namespace(kind: IdentityKind) -> &'static str {
    match kind {
        IdentityKind::Email => "email",
        IdentityKind::Phone => LINE,
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
