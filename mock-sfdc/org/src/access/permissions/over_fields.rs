//! Rights over fields: what the profile says of them, and what permission sets add to it.

use std::collections::BTreeMap;

use super::{
    rows::{Rows, said},
    viewer::FieldAccess,
};
use crate::{id::Id, schema::ObjectIx, state::Shared};

impl Rows<'_> {
    /// Fields that are not editable.
    pub(super) fn fields(
        self,
        profile: Id,
        own: &[Shared],
        sets: &[Shared],
    ) -> BTreeMap<(ObjectIx, usize), FieldAccess> {
        let mut fields: BTreeMap<(ObjectIx, usize), FieldAccess> = BTreeMap::new();
        if self.state.access().permissions().hidden_fields.contains(&profile) {
            for object in self.state.schema().objects() {
                let hidden = object.fields.iter().enumerate().filter(|(_, field)| field.permissionable);
                fields.extend(hidden.map(|(at, _)| ((object.index, at), FieldAccess::Hidden)));
            }
        }
        for (place, access) in own.iter().flat_map(|set| self.field_rows(set.id())) {
            fields.insert(place, access);
        }
        fields.retain(|_, access| *access != FieldAccess::Editable);
        if fields.is_empty() {
            return fields;
        }
        for (place, access) in sets.iter().flat_map(|set| self.field_rows(set.id())) {
            if let Some(known) = fields.get_mut(&place) {
                *known = access.max(*known);
            }
        }
        fields.retain(|_, access| *access != FieldAccess::Editable);
        fields
    }

    /// The rows of `FieldPermissions` of one permission set; of an address they mean its parts too.
    fn field_rows(self, set: Id) -> Vec<((ObjectIx, usize), FieldAccess)> {
        let Some(rows) = self.of("FieldPermissions") else { return Vec::new() };
        let mut found = Vec::new();
        for row in self.matching("FieldPermissions", "ParentId", set) {
            let path = said(rows, &row, "Field").as_text().and_then(|text| text.split_once('.'));
            let Some((object, field)) = path else { continue };
            let Some(object) = self.of(object) else { continue };
            let Some((position, field)) = object.field(field) else { continue };
            let is = |name: &str| said(rows, &row, name).is_true();
            let access = match (is("PermissionsRead"), is("PermissionsEdit")) {
                (_, true) => FieldAccess::Editable,
                (true, false) => FieldAccess::ReadOnly,
                (false, false) => FieldAccess::Hidden,
            };
            found.push(((object.index, position), access));
            let parts = object.fields.iter().enumerate();
            let parts = parts.filter(|(_, part)| part.compound_field_name.as_ref() == Some(&field.name));
            found.extend(parts.map(|(at, _)| ((object.index, at), access)));
        }
        found
    }
}
