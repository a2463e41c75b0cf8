//! The guards that hold a link between customers back for a person to decide.

/// Which guard held a link back.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum HoldRule {
    KeepApart,
    TooManyCustomers,
    TooManyValues,
    TooManyContacts,
    StrongIdentity,
    VerifiedOnly,
}

impl HoldRule {
    pub const ALL: &'static [HoldRule] = &[
        HoldRule::KeepApart,
        HoldRule::TooManyCustomers,
        HoldRule::TooManyValues,
        HoldRule::TooManyContacts,
        HoldRule::StrongIdentity,
        HoldRule::VerifiedOnly,
    ];

    pub fn name(self) -> &'static str {
        match self {
            HoldRule::KeepApart => "KEEP_APART",
            HoldRule::TooManyCustomers => "TOO_MANY_CUSTOMERS",
            HoldRule::TooManyValues => "TOO_MANY_VALUES",
            HoldRule::TooManyContacts => "TOO_MANY_CONTACTS",
            HoldRule::StrongIdentity => "STRONG_IDENTITY",
            HoldRule::VerifiedOnly => "VERIFIED_ONLY",
        }
    }

    pub fn from_name(name: &str) -> Option<HoldRule> {
        HoldRule::ALL.iter().copied().find(|rule| rule.name() == name)
    }
}
