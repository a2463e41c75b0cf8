//! Two customers that part, by an undone merge or a split: the heads and logs of both sides.

use std::collections::BTreeSet;

use crate::domain::write::locks::newest;
use crate::domain::write::unit_of_work::UnitOfWork;
use crate::entity::kinds::ChangeKind;
use crate::error::Result;
use crate::ids::CustomerId;

/// One of two that part: its survivor with its homes.
pub(super) type Side<'a> = (CustomerId, &'a BTreeSet<CustomerId>);

/// The heads of two who part. Both logs say who left.
pub(super) async fn part(
    unit: &mut UnitOfWork<'_>,
    (survivor, staying): Side<'_>,
    (parted, leaving): Side<'_>,
    kind: ChangeKind,
) -> Result<()> {
    let moved: Vec<CustomerId> = leaving.iter().copied().collect();
    unit.changes.relink(parted, survivor, kind, &moved)?;
    for home in leaving {
        let head = unit.changes.head_mut(*home)?;
        head.merged_into = (*home != parted).then_some(parted);
        head.list_seen = None;
        head.shape += 1;
    }
    for (root, homes) in [(survivor, staying), (parted, leaving)] {
        let seen = newest(unit, homes).await?;
        unit.changes.head_mut(root)?.list_seen = seen;
    }
    unit.changes.head_mut(survivor)?.shape += 1;
    Ok(())
}
