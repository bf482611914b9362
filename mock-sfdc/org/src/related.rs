//! Where relationships lead from a record: to a parent, from it to another, and at the end perhaps to a set of children
//! (`contract/rest.md` section 2).

use std::sync::Arc;

use crate::{
    access::permissions::Viewer,
    error::{Error, Result},
    id::Id,
    schema::Object,
    state::{Shared, State},
};

/// How many parents one path goes up: as many as a query's.
pub const MOST_PARENTS: usize = 5;

/// What stands at the end of a path.
#[derive(Debug)]
pub enum Related {
    Record(Arc<Object>, Shared),
    /// The records of `object` whose lookup at this position holds `parent`.
    Children {
        object: Arc<Object>,
        lookup: usize,
        parent: Id,
    },
}

/// Follows the names of relationships from a record, as far as the viewer sees. A name that leads nowhere, an empty lookup and a
/// record out of sight are all not there.
pub fn related(
    state: &State,
    viewer: &Viewer,
    object: &Arc<Object>,
    record: &Shared,
    path: &[&str],
) -> Result<Related> {
    let (mut object, mut record) = (Arc::clone(object), Shared::clone(record));
    for (step, name) in path.iter().enumerate() {
        if let Some((position, _)) = object.parent_relationship(name) {
            if step >= MOST_PARENTS {
                return Err(Error::relationships_too_far_up(MOST_PARENTS));
            }
            let parent = record.get(position).as_id().and_then(|id| state.find(id));
            let (of, found) = parent.ok_or_else(Error::resource_not_found)?;
            let seen = viewer.schema().object(of.name.as_str());
            let seen = seen.filter(|of| viewer.sees(state, of.index, found));
            object = seen.cloned().ok_or_else(Error::resource_not_found)?;
            record = Shared::clone(found);
            continue;
        }
        let last = step + 1 == path.len();
        let children = object.child_relationship(name).filter(|_| last);
        let children = children.ok_or_else(Error::resource_not_found)?;
        let child = viewer.schema().object(children.child_sobject.as_str());
        return Ok(Related::Children {
            object: child.cloned().ok_or_else(Error::resource_not_found)?,
            lookup: children.child_field,
            parent: record.id(),
        });
    }
    Ok(Related::Record(object, record))
}
