//! What may be done with the rows of an object: the six rights of `ObjectPermissions`, and what each brings along.

/// A right over the rows of an object, in the order of their field names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    Read,
    Create,
    Edit,
    Delete,
    /// Rows of all owners may be read.
    ViewAll,
    /// Rows of all owners may be changed and deleted.
    ModifyAll,
}

impl Right {
    pub const ALL: [Self; 6] =
        [Self::Read, Self::Create, Self::Edit, Self::Delete, Self::ViewAll, Self::ModifyAll];

    const fn bit(self) -> u8 {
        1 << self as u8
    }

    /// The field of `ObjectPermissions` that says it.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::Read => "PermissionsRead",
            Self::Create => "PermissionsCreate",
            Self::Edit => "PermissionsEdit",
            Self::Delete => "PermissionsDelete",
            Self::ViewAll => "PermissionsViewAllRecords",
            Self::ModifyAll => "PermissionsModifyAllRecords",
        }
    }

    /// The right with those that it cannot be had without.
    const fn closure(self) -> u8 {
        match self {
            Self::Read => Self::Read.bit(),
            Self::Create => Self::Create.bit() | Self::Read.bit(),
            Self::Edit => Self::Edit.bit() | Self::Read.bit(),
            Self::Delete => Self::Delete.bit() | Self::Edit.closure(),
            Self::ViewAll => Self::ViewAll.bit() | Self::Read.bit(),
            Self::ModifyAll => Self::ModifyAll.bit() | Self::ViewAll.closure() | Self::Delete.closure(),
        }
    }
}

/// The rights that somebody has over the rows of one object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ObjectGrant(u8);

impl ObjectGrant {
    pub const NONE: Self = Self(0);
    pub const EVERYTHING: Self = Self(0b11_1111);

    /// These rights, with what they bring along.
    #[must_use]
    pub fn of(rights: &[Right]) -> Self {
        Self(rights.iter().fold(0, |bits, right| bits | right.closure()))
    }

    /// As in `CRED`, with `V` for View All and `M` for Modify All.
    #[must_use]
    pub fn letters(text: &str) -> Self {
        let right = |letter| match letter {
            'R' => Some(Right::Read),
            'C' => Some(Right::Create),
            'E' => Some(Right::Edit),
            'D' => Some(Right::Delete),
            'V' => Some(Right::ViewAll),
            'M' => Some(Right::ModifyAll),
            _ => None,
        };
        Self::of(&text.chars().filter_map(right).collect::<Vec<_>>())
    }

    #[must_use]
    pub const fn has(self, right: Right) -> bool {
        self.0 & right.bit() != 0
    }

    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Without the rights of another, nor those that cannot be had without one of them.
    #[must_use]
    pub fn but(self, other: Self) -> Self {
        let kept = Right::ALL.into_iter().filter(|right| self.has(*right) && right.closure() & other.0 == 0);
        Self::of(&kept.collect::<Vec<_>>())
    }

    /// Just these rights.
    #[must_use]
    pub fn bare(rights: &[Right]) -> Self {
        Self(rights.iter().fold(0, |bits, right| bits | right.bit()))
    }

    /// What the holder of rights over a parent may do with rows that follow it: who may edit the parent may do everything.
    pub(super) fn over_followers(self) -> Self {
        let mut rights = Vec::new();
        if self.has(Right::Read) {
            rights.push(Right::Read);
        }
        if self.has(Right::Edit) {
            rights.extend([Right::Create, Right::Edit, Right::Delete]);
        }
        if self.has(Right::ViewAll) {
            rights.push(Right::ViewAll);
        }
        if self.has(Right::ModifyAll) {
            rights.push(Right::ModifyAll);
        }
        Self::of(&rights)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_right_brings_what_it_needs() {
        for (given, has, lacks) in [
            ("C", "CR", "EDVM"),
            ("D", "DER", "CVM"),
            ("V", "VR", "CEDM"),
            ("M", "MVDER", "C"),
            ("", "", "CREDVM"),
        ] {
            let grant = ObjectGrant::letters(given);
            assert_eq!(grant, ObjectGrant::letters(has), "{given}");
            for letter in lacks.chars() {
                let lacked = ObjectGrant::letters(&letter.to_string());
                assert_ne!(grant, grant.and(lacked), "{given} has {letter}");
            }
        }
        assert_eq!(ObjectGrant::letters("CM"), ObjectGrant::EVERYTHING);
    }
}
