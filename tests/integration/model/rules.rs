//! The rules of access, written once more from the specification, as simple as can be: lists, and questions to them.

use std::collections::{BTreeMap, BTreeSet};

/// People by their place in [`PEOPLE`](super::PEOPLE).
pub type Person = usize;

/// A workspace by its place: two partner workspaces, and one that is open to the team.
pub type Workspace = usize;

pub const OPEN_TO_TEAM: Workspace = 2;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Viewer,
    Editor,
    Admin,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    One(Person),
    Team,
    Globex,
}

#[derive(Debug, Clone, Copy)]
pub struct Grant {
    pub workspace: Workspace,
    pub subject: Subject,
    pub role: Role,
    pub lead: bool,
    pub ends: Option<u32>,
}

/// Who somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    SuperAdmin,
    PartnerManager,
    Member,
    /// Of the organization with this number.
    Partner(u8),
}

#[derive(Debug, Clone)]
pub struct Model {
    pub kinds: Vec<Kind>,
    /// Who is in the team now, on their side.
    pub in_team: BTreeSet<Person>,
    pub grants: Vec<Grant>,
    pub team_group: BTreeSet<Person>,
    pub globex_group: BTreeSet<Person>,
    pub multi: BTreeMap<Workspace, bool>,
    pub day: u32,
}

impl Model {
    pub fn is_partner(&self, person: Person) -> bool {
        matches!(self.kinds[person], Kind::Partner(_))
    }

    fn is_live(&self, grant: &Grant) -> bool {
        grant.ends.is_none_or(|end| self.day < end)
    }

    fn reaches(&self, subject: Subject, person: Person) -> bool {
        match subject {
            Subject::One(one) => one == person,
            Subject::Team => self.team_group.contains(&person),
            Subject::Globex => self.globex_group.contains(&person),
        }
    }

    /// The highest role of all grants, and whether any carries the flag.
    pub fn grant(&self, person: Person, workspace: Workspace) -> Option<(Role, bool)> {
        if !self.in_team.contains(&person) {
            return None;
        }
        let reaching =
            self.grants.iter().filter(|grant| grant.workspace == workspace && self.is_live(grant) && self.reaches(grant.subject, person));
        let highest = reaching.fold(None, |best: Option<(Role, bool)>, grant| {
            Some(best.map_or((grant.role, grant.lead), |(role, lead)| (role.max(grant.role), lead || grant.lead)))
        });
        let among_several = self.multi[&workspace] && self.is_partner(person);
        highest.map(|(role, lead)| (if among_several { Role::Viewer } else { role }, lead))
    }

    /// What somebody finds in their list: role and flag, by workspace.
    pub fn list(&self, person: Person) -> BTreeMap<Workspace, (Option<Role>, bool)> {
        let mut list = BTreeMap::new();
        for workspace in 0..=OPEN_TO_TEAM {
            let implicit = workspace == OPEN_TO_TEAM && self.in_team.contains(&person) && !self.is_partner(person);
            let sees_all = match self.kinds[person] {
                Kind::SuperAdmin => true,
                Kind::PartnerManager => workspace != OPEN_TO_TEAM,
                _ => false,
            };
            match self.grant(person, workspace) {
                Some((role, lead)) => list.insert(workspace, (Some(role), lead)),
                None if implicit => list.insert(workspace, (Some(Role::Viewer), false)),
                None if sees_all => list.insert(workspace, (None, false)),
                None => None,
            };
        }
        list
    }

    pub fn own_grant(&self, person: Person, workspace: Workspace) -> Option<Grant> {
        self.grants
            .iter()
            .copied()
            .find(|grant| grant.workspace == workspace && grant.subject == Subject::One(person) && self.is_live(grant))
    }

    /// Whether somebody manages everybody in the workspace.
    pub fn manages(&self, by: Person, workspace: Workspace) -> bool {
        let is_manager = self.kinds[by] == Kind::PartnerManager && workspace != OPEN_TO_TEAM || self.kinds[by] == Kind::SuperAdmin;
        is_manager || !self.is_partner(by) && self.grant(by, workspace).is_some_and(|(role, _)| role == Role::Admin)
    }

    /// Condition C8, for a partner who is or is to be this.
    pub fn leads(&self, by: Person, workspace: Workspace, whom: Person, role: Role, lead: bool) -> bool {
        let own = self.grant(by, workspace);
        let is_colleague = self.is_partner(by) && self.kinds[by] == self.kinds[whom];
        is_colleague && !lead && role < Role::Admin && own.is_some_and(|(own, is_lead)| is_lead && role <= own)
    }

    /// Whether a partner may have this role here.
    pub fn fits_partner(&self, workspace: Workspace, role: Role) -> bool {
        workspace != OPEN_TO_TEAM && role != Role::Admin && !(self.multi[&workspace] && role == Role::Editor)
    }

    pub fn give(&mut self, grant: Grant) {
        let now = self.day;
        self.grants.retain(|old| {
            let same = old.workspace == grant.workspace && old.subject == grant.subject;
            !(same && old.ends.is_some_and(|end| end <= now))
        });
        self.grants.push(grant);
    }

    pub fn end(&mut self, workspace: Workspace, subject: Subject) {
        self.grants.retain(|grant| !(grant.workspace == workspace && grant.subject == subject));
    }

    /// Partners without any grant leave the team, and its groups.
    pub fn let_idle_partners_go(&mut self) {
        for person in 0..self.kinds.len() {
            let reached = self.grants.iter().any(|grant| self.is_live(grant) && self.reaches(grant.subject, person));
            if self.is_partner(person) && !reached {
                self.leave_team(person);
            }
        }
    }

    pub fn leave_team(&mut self, person: Person) {
        self.in_team.remove(&person);
        self.team_group.remove(&person);
        self.globex_group.remove(&person);
        self.grants.retain(|grant| grant.subject != Subject::One(person));
    }

    /// What the jobs do: what has ended is cleared away.
    pub fn clear_away(&mut self) {
        let now = self.day;
        self.grants.retain(|grant| grant.ends.is_none_or(|end| now < end));
        self.let_idle_partners_go();
    }
}
