//! The row of a customer's profile: read for writing, and changed together with the words by which search finds it.

use sea_orm::{ColumnTrait, QueryFilter};

use crate::domain::model::profile::Profile;
use crate::domain::text::fold;
use crate::domain::write::unit_of_work::UnitOfWork;
use crate::entity::customer::{self, Column};
use crate::entity::kinds::{CustomerStatus, LifecycleStage};
use crate::entity::table::Table;
use crate::error::{Error, Result};
use crate::ids::CustomerId;
use crate::store::sql::Sql;

/// What only the staff says of a customer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct StaffFields {
    pub status: CustomerStatus,
    pub stage: LifecycleStage,
    /// JSON list of words.
    pub tags: String,
}

impl UnitOfWork<'_> {
    /// The profile of a home whose head is locked.
    pub(crate) async fn profile(&self, home: CustomerId) -> Result<Profile> {
        let of_home = customer::Entity::of(self.tenant()).filter(Column::Number.eq(home));
        Profile::of(&self.find(of_home).await?.pop().ok_or(Error::Retry)?)
    }

    /// Stores a changed profile, with the staff's fields where they change as well. The caller logs it.
    pub(crate) fn update_profile(
        &mut self,
        home: CustomerId,
        before: &Profile,
        after: &Profile,
        staff: Option<&StaffFields>,
    ) {
        if after.name != before.name {
            self.search.name(home, before.name.as_deref(), after.name.as_deref(), false);
        }
        let (traits, times) = after.traits_json();
        let mut update = customer::Entity::update_of(self.tenant())
            .filter(Column::Number.eq(home))
            .col_expr(Column::Name, after.name.clone().into())
            .col_expr(Column::NameKey, after.name.as_deref().map(fold).into())
            .col_expr(Column::NameAt, after.name_at.into())
            .col_expr(Column::Traits, traits.into())
            .col_expr(Column::TraitTimes, times.into())
            .col_expr(Column::UpdatedAt, self.now.into());
        if let Some(staff) = staff {
            update = update
                .col_expr(Column::Status, staff.status.into())
                .col_expr(Column::Stage, staff.stage.into())
                .col_expr(Column::Tags, staff.tags.clone().into());
        }
        self.push(Sql::from_query(self.dialect(), &update));
    }
}
