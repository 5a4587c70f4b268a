//! Whose a deleted collection is once its workspace is gone, and no role there can tell (domain.md, section 3.6).
//!
//! While the workspace is there, the permission matrix decides: see [`policy`](super::policy). Afterwards the entry is left to whoever deleted the
//! collection, by itself or with the workspace; to who made it, if they could still open the workspace then; and to the Super Admins of the
//! team. The first two only while they are in the team, on the side on which they were. Nobody else learns that it exists: whoever looked into the workspace
//! by another grant has lost that with it.

use super::{Reason, Side};

/// What somebody who is in the team is to an entry whose workspace is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// On which side they are in the team.
    pub side: Side,
    /// Whether they are Super Admin there.
    pub is_super_admin: bool,
    /// Whether they made the collection, and it is still theirs.
    pub made_it: bool,
    /// Whether they deleted it.
    pub deleted_it: bool,
}

impl Claim {
    /// Whether they may know of it.
    #[must_use]
    pub const fn knows(self) -> bool {
        self.is_super_admin || self.made_it || self.deleted_it
    }

    /// Whether they may bring it back, into a workspace where they may create elements. A partner brings back what they made (condition C28).
    ///
    /// # Errors
    /// Why not.
    pub const fn restores(self) -> Result<(), Reason> {
        match self.side {
            _ if !self.knows() => Err(Reason::RoleRequired),
            Side::Partner if !self.made_it => Err(Reason::NotYours),
            Side::Team | Side::Partner => Ok(()),
        }
    }

    /// Whether they may end its time in the trash: without a role, what they deleted themself (condition C29).
    ///
    /// # Errors
    /// Why not.
    pub const fn purges(self) -> Result<(), Reason> {
        if self.is_super_admin || self.deleted_it { Ok(()) } else { Err(Reason::NotYours) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Claim = Claim { side: Side::Team, is_super_admin: false, made_it: false, deleted_it: false };

    #[test]
    fn who_has_nothing_to_do_with_it_does_not_know_of_it() {
        for side in [Side::Team, Side::Partner] {
            let nobody = Claim { side, ..NOTHING };
            assert!(!nobody.knows() && nobody.restores().is_err() && nobody.purges().is_err());
        }
    }

    #[test]
    fn who_made_it_restores_it_and_who_deleted_it_purges_it() {
        let maker = Claim { made_it: true, ..NOTHING };
        assert_eq!((maker.knows(), maker.restores(), maker.purges()), (true, Ok(()), Err(Reason::NotYours)));
        let deleter = Claim { deleted_it: true, ..NOTHING };
        assert_eq!((deleter.knows(), deleter.restores(), deleter.purges()), (true, Ok(()), Ok(())));
        let super_admin = Claim { is_super_admin: true, ..NOTHING };
        assert_eq!((super_admin.knows(), super_admin.restores(), super_admin.purges()), (true, Ok(()), Ok(())));
    }

    #[test]
    fn a_partner_restores_only_what_they_made() {
        let deleter = Claim { side: Side::Partner, deleted_it: true, ..NOTHING };
        assert_eq!((deleter.knows(), deleter.restores(), deleter.purges()), (true, Err(Reason::NotYours), Ok(())));
        assert_eq!(Claim { made_it: true, ..deleter }.restores(), Ok(()));
    }
}
