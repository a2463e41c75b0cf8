//! The actions that leave a line in the audit log.

/// What was done.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum AuditAction {
    Merge,
    UndoMerge,
    Split,
    UpdateIdentity,
    UpdateCustomer,
    ResolveReview,
    AllowTogether,
    UpdateSettings,
    CreateSource,
    UpdateSource,
    RotateSourceSecret,
    ReplaySourceEvents,
    UpdateComment,
    DeleteComment,
    UpdateItem,
    DeleteItem,
    RemoveIdentity,
    Export,
    Erase,
    Delete,
}

impl AuditAction {
    pub const ALL: &'static [AuditAction] = &[
        AuditAction::Merge,
        AuditAction::UndoMerge,
        AuditAction::Split,
        AuditAction::UpdateIdentity,
        AuditAction::UpdateCustomer,
        AuditAction::ResolveReview,
        AuditAction::AllowTogether,
        AuditAction::UpdateSettings,
        AuditAction::CreateSource,
        AuditAction::UpdateSource,
        AuditAction::RotateSourceSecret,
        AuditAction::ReplaySourceEvents,
        AuditAction::UpdateComment,
        AuditAction::DeleteComment,
        AuditAction::UpdateItem,
        AuditAction::DeleteItem,
        AuditAction::RemoveIdentity,
        AuditAction::Export,
        AuditAction::Erase,
        AuditAction::Delete,
    ];

    pub fn from_name(name: &str) -> Option<AuditAction> {
        AuditAction::ALL.iter().copied().find(|action| action.name() == name)
    }

    pub fn name(self) -> &'static str {
        match self {
            AuditAction::Merge => "MERGE",
            AuditAction::UndoMerge => "UNDO_MERGE",
            AuditAction::Split => "SPLIT",
            AuditAction::UpdateIdentity => "UPDATE_IDENTITY",
            AuditAction::UpdateCustomer => "UPDATE_CUSTOMER",
            AuditAction::ResolveReview => "RESOLVE_REVIEW",
            AuditAction::AllowTogether => "ALLOW_TOGETHER",
            AuditAction::UpdateSettings => "UPDATE_SETTINGS",
            AuditAction::CreateSource => "CREATE_SOURCE",
            AuditAction::UpdateSource => "UPDATE_SOURCE",
            AuditAction::RotateSourceSecret => "ROTATE_SOURCE_SECRET",
            AuditAction::ReplaySourceEvents => "REPLAY_SOURCE_EVENTS",
            AuditAction::UpdateComment => "UPDATE_COMMENT",
            AuditAction::DeleteComment => "DELETE_COMMENT",
            AuditAction::UpdateItem => "UPDATE_ITEM",
            AuditAction::DeleteItem => "DELETE_ITEM",
            AuditAction::RemoveIdentity => "REMOVE_IDENTITY",
            AuditAction::Export => "EXPORT",
            AuditAction::Erase => "ERASE",
            AuditAction::Delete => "DELETE",
        }
    }
}
