//! Sources as admins make and change them.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};
use serde_json::json;

use crate::domain::model::audit_action::AuditAction;
use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::domain::source::input::{NewSource, SourceParts};
use crate::domain::source::key::{new_key, new_secret};
use crate::domain::source::secrets::{Secrets, no_key};
use crate::domain::source::view::Source;
use crate::domain::write::unit_of_work::{UnitOfWork, Write};
use crate::entity::kinds::SourceKind;
use crate::entity::source;
use crate::entity::table::Table;
use crate::error::{Result, UserError, UserErrorCode};
use crate::ids::SourceId;
use crate::store::Ending;
use crate::store::sql::{Sql, insert};

/// Sources of one tenant.
const MOST_SOURCES: usize = 200;

/// What is to change of a source; what is left out stays.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct SourcePatch {
    pub enabled: Option<bool>,
    pub parts: SourceParts,
}

impl Rapport {
    /// Makes a source; its secret, where rapport makes one, is told this once.
    pub async fn create_source(
        &self,
        scope: &Scope,
        new: &NewSource,
    ) -> Result<(Source, Option<String>)> {
        let parts = new.check()?;
        let create = CreateSource { new, parts };
        self.write(scope, Ending::Commit, &create).await
    }

    /// Changes a source. Other servers follow within a second.
    pub async fn update_source(
        &self,
        scope: &Scope,
        id: SourceId,
        patch: &SourcePatch,
    ) -> Result<Source> {
        let update = UpdateSource { id, patch };
        let source = self.write(scope, Ending::Commit, &update).await?;
        self.doors.forget(&source.key);
        Ok(source)
    }

    /// Gives a source a new secret; the one before opens for another day.
    pub async fn rotate_source_secret(
        &self,
        scope: &Scope,
        id: SourceId,
    ) -> Result<(Source, String)> {
        let rotated = self.write(scope, Ending::Commit, &RotateSecret { id }).await?;
        self.doors.forget(&rotated.0.key);
        Ok(rotated)
    }
}

struct CreateSource<'a> {
    new: &'a NewSource,
    parts: SourceParts,
}

impl Write for CreateSource<'_> {
    type Done = (Source, Option<String>);

    const AUDIT: Option<AuditAction> = Some(AuditAction::CreateSource);

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<Self::Done> {
        let (tenant, kind) = (unit.tenant(), self.new.kind);
        let count = Sql::from_query(
            unit.dialect(),
            &source::Entity::of(tenant).select_only().column(source::Column::Id),
        );
        if unit.all(count).await?.len() >= MOST_SOURCES {
            let message = format!("a tenant has at most {MOST_SOURCES} sources");
            return Err(UserError::new(UserErrorCode::LimitExceeded, message).into());
        }
        let id = SourceId(unit.rapport.clock.next_id());
        let secrets = Secrets {
            own: Secrets::drawn(kind),
            former: None,
            provider: self.parts.provider_secret.clone(),
            access: self.parts.access_token.clone().filter(|token| !token.is_empty()),
        };
        let verify_token = (kind == SourceKind::Meta)
            .then(|| self.parts.verify_token.clone().unwrap_or_else(new_secret));
        let row = source::Model {
            tenant,
            id,
            kind,
            name: self.new.name.clone(),
            key: new_key(&unit.rapport.secret),
            secrets: secrets.seal(&unit.rapport.vault, tenant, id)?,
            verify_token,
            answer: self.parts.answer.clone().filter(|answer| !answer.is_empty()),
            addresses: json!(self.parts.addresses.clone().unwrap_or_default()).to_string(),
            enabled: true,
            created_at: unit.now,
            received: 0,
            recorded: 0,
            duplicates: 0,
            rejected: 0,
            unknown: 0,
            refused: 0,
            last_received_at: None,
            last_refusal_at: None,
            last_refusal: None,
        };
        let mut sql = insert::<source::Entity>(unit.dialect(), std::slice::from_ref(&row));
        sql.push(" ON CONFLICT (tenant, name) DO NOTHING RETURNING id");
        if unit.returning(sql).await?.is_empty() {
            let error = UserError::new(UserErrorCode::Conflict, "another source has this name");
            return Err(error.at(["name"]).into());
        }
        unit.audit(AuditAction::CreateSource, None, &json!({ "source": id, "kind": kind }));
        Ok((Source::of(row)?, secrets.own))
    }
}

/// The row of a source and its secrets, locked.
async fn locked(unit: &UnitOfWork<'_>, id: SourceId) -> Result<(source::Model, Secrets)> {
    let tenant = unit.tenant();
    let select = source::Entity::of(tenant).filter(source::Column::Id.eq(id)).lock_exclusive();
    let row = unit.find(select).await?.pop();
    let row = row.ok_or_else(|| UserError::not_found("there is no such source"))?;
    let secrets = Secrets::open(&unit.rapport.vault, tenant, id, row.secrets.as_deref());
    Ok((row, secrets.ok_or_else(no_key)?))
}

struct UpdateSource<'a> {
    id: SourceId,
    patch: &'a SourcePatch,
}

impl Write for UpdateSource<'_> {
    type Done = Source;

    const AUDIT: Option<AuditAction> = Some(AuditAction::UpdateSource);

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<Source> {
        use source::Column;
        let (mut row, mut secrets) = locked(unit, self.id).await?;
        let parts = self.patch.parts.check(row.kind)?;
        let (before, sealed) = (row.clone(), secrets.clone());
        row.enabled = self.patch.enabled.unwrap_or(row.enabled);
        secrets.provider = parts.provider_secret.or(secrets.provider);
        secrets.access = parts.access_token.or(secrets.access).filter(|token| !token.is_empty());
        row.verify_token = parts.verify_token.or(row.verify_token);
        row.answer = parts.answer.or(row.answer).filter(|answer| !answer.is_empty());
        if let Some(addresses) = parts.addresses {
            row.addresses = json!(addresses).to_string();
        }
        if secrets != sealed {
            row.secrets = secrets.seal(&unit.rapport.vault, row.tenant, row.id)?;
        }
        if row == before {
            return Source::of(row);
        }
        let update = source::Entity::update_of(row.tenant)
            .col_expr(Column::Enabled, Expr::value(row.enabled))
            .col_expr(Column::Secrets, Expr::value(row.secrets.clone()))
            .col_expr(Column::VerifyToken, Expr::value(row.verify_token.clone()))
            .col_expr(Column::Answer, Expr::value(row.answer.clone()))
            .col_expr(Column::Addresses, Expr::value(row.addresses.clone()))
            .filter(Column::Id.eq(row.id));
        unit.push(Sql::from_query(unit.dialect(), &update));
        let changed = [
            ("enabled", row.enabled != before.enabled),
            ("providerSecret", secrets.provider != sealed.provider),
            ("accessToken", secrets.access != sealed.access),
            ("verifyToken", row.verify_token != before.verify_token),
            ("answer", row.answer != before.answer),
            ("addresses", row.addresses != before.addresses),
        ];
        let changed: Vec<&str> =
            changed.iter().filter(|(_, changed)| *changed).map(|(name, _)| *name).collect();
        let detail = json!({ "source": row.id, "changed": changed });
        unit.audit(AuditAction::UpdateSource, None, &detail);
        Source::of(row)
    }
}

struct RotateSecret {
    id: SourceId,
}

impl Write for RotateSecret {
    type Done = (Source, String);

    const AUDIT: Option<AuditAction> = Some(AuditAction::RotateSourceSecret);

    async fn apply(&self, unit: &mut UnitOfWork<'_>) -> Result<Self::Done> {
        let (mut row, mut secrets) = locked(unit, self.id).await?;
        let Some(secret) = Secrets::drawn(row.kind) else {
            let message =
                "the secret of this source is the provider's: change it with updateSource";
            return Err(UserError::invalid(message).into());
        };
        secrets.rotate(secret.clone(), unit.now);
        row.secrets = secrets.seal(&unit.rapport.vault, row.tenant, row.id)?;
        let update = source::Entity::update_of(row.tenant)
            .col_expr(source::Column::Secrets, Expr::value(row.secrets.clone()))
            .filter(source::Column::Id.eq(row.id));
        unit.push(Sql::from_query(unit.dialect(), &update));
        unit.audit(AuditAction::RotateSourceSecret, None, &json!({ "source": row.id }));
        Ok((Source::of(row)?, secret))
    }
}
