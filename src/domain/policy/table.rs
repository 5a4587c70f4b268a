//! The permission matrix, row by row as `permissions.csv` has it.
//!
//! It is written down once more here, and not read from the file, so that a row for every action, a cell for
//! every column and the existence of every condition are checked by the compiler; a test compares it with the
//! file cell by cell.

use super::Action;
use super::condition::Condition;
use std::fmt;
use strum::{Display, EnumString, VariantArray};

/// What somebody is towards a workspace: the columns of the matrix (domain.md, section 2), in its order.
///
/// One person can stand in several; [`super::columns()`] says in which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Display, EnumString, VariantArray)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Column {
    /// Holds the team role Super Admin.
    SuperAdmin,
    /// Holds the team role Admin.
    TeamAdmin,
    /// Holds the team role Partner Manager.
    PartnerManager,
    /// Holds the team role Developer.
    Developer,
    /// A team member who is Admin of the workspace.
    WorkspaceAdmin,
    /// A team member who is Editor in the workspace.
    WorkspaceEditor,
    /// A team member who is Viewer in the workspace, by a grant or because it is open to the team.
    WorkspaceViewer,
    /// A partner who is Editor in the workspace and a Partner Lead.
    LeadEditor,
    /// A partner who is Viewer in the workspace and a Partner Lead.
    LeadViewer,
    /// A partner who is Editor in the workspace.
    PartnerEditor,
    /// A partner who is Viewer in the workspace.
    PartnerViewer,
    /// Any member of the team that owns the workspace.
    Teammate,
    /// Everybody, anonymous callers included.
    Outsider,
}

impl Column {
    /// Whether it is a column of the partner side.
    #[must_use]
    pub const fn is_partner(self) -> bool {
        matches!(self, Self::LeadEditor | Self::LeadViewer | Self::PartnerEditor | Self::PartnerViewer)
    }
}

/// What the matrix says for one action and one column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cell {
    /// They may (`yes`).
    Yes,
    /// This column does not give it (`no`).
    No,
    /// The question does not arise for this column, so that it gives nothing (`n/a`).
    NotApplicable,
    /// Decided by the person's team role (`team`).
    ByTeamRole,
    /// They may if the condition holds (`C1` to `C30`).
    If(Condition),
}

/// As `permissions.csv` writes it.
impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Yes => f.write_str("yes"),
            Self::No => f.write_str("no"),
            Self::NotApplicable => f.write_str("n/a"),
            Self::ByTeamRole => f.write_str("team"),
            Self::If(condition) => condition.fmt(f),
        }
    }
}

/// What the matrix says for this action and this column.
///
/// ```
/// use portico::domain::policy::condition::Condition;
/// use portico::domain::policy::table::{Cell, Column, cell};
/// use portico::domain::policy::Action;
///
/// assert_eq!(cell(Action::DeleteWorkspace, Column::WorkspaceAdmin), Cell::If(Condition::C6));
/// ```
#[must_use]
pub const fn cell(action: Action, column: Column) -> Cell {
    MATRIX[action as usize].1[column as usize]
}

const ACTIONS: usize = Action::VARIANTS.len();
const COLUMNS: usize = Column::VARIANTS.len();

macro_rules! cell {
    (yes) => {
        Cell::Yes
    };
    (no) => {
        Cell::No
    };
    (na) => {
        Cell::NotApplicable
    };
    (team) => {
        Cell::ByTeamRole
    };
    ($condition:ident) => {
        Cell::If(Condition::$condition)
    };
}

macro_rules! row {
    ($action:ident: $($cell:ident)+) => { (Action::$action, [$(cell!($cell)),+]) };
}

#[rustfmt::skip]
static MATRIX: [(Action, [Cell; COLUMNS]); ACTIONS] = [
    //                            SUPER T_ADM P_MAN DEVEL W_ADM W_EDI W_VIE L_EDI L_VIE P_EDI P_VIE MATE  OUT
    row!(CreateWorkspace:          yes   C1    yes   C1    team  team  team  no    no    no    no    team  no),
    row!(CreatePartnerWorkspace:   yes   C2    yes   no    team  team  team  no    no    no    no    team  no),
    row!(RequestPartnerWorkspace:  na    C1    na    C1    team  team  team  no    no    no    no    team  no),
    row!(ReviewRequest:            yes   no    yes   no    no    no    no    no    no    no    no    no    no),
    row!(ViewRequestQueue:         yes   no    yes   C3    C3    C3    no    no    no    no    no    C3    no),
    row!(CancelRequest:            C3    C3    C3    C3    C3    no    no    no    no    no    no    no    no),
    row!(ConvertToPartner:         yes   no    C4    no    no    no    no    no    no    no    no    no    no),
    row!(RequestConversion:        na    no    na    no    yes   no    no    na    na    na    na    no    no),
    row!(ListWorkspace:            yes   no    yes   no    yes   yes   yes   yes   yes   yes   yes   no    no),
    row!(ViewWorkspace:            yes   no    yes   no    yes   yes   yes   yes   yes   yes   yes   no    no),
    row!(EditDetails:              yes   no    yes   no    yes   no    no    no    no    no    no    no    no),
    row!(ChangeVisibility:         C5    no    C5    no    C5    no    no    no    no    no    no    no    no),
    row!(DeleteWorkspace:          C6    no    C6    no    C6    no    no    no    no    no    no    no    no),
    row!(ViewMembers:              yes   no    yes   no    yes   yes   yes   yes   yes   C7    C7    no    no),
    row!(InvitePartner:            yes   no    yes   no    yes   no    no    C8    C8    no    no    no    no),
    row!(InvitePartnerGroup:       yes   no    yes   no    yes   no    no    C8    C8    no    no    no    no),
    row!(InviteTeamMember:         yes   no    yes   no    yes   no    no    no    no    no    no    no    no),
    row!(SetPartnerLead:           yes   no    yes   no    yes   no    no    no    no    no    no    no    no),
    row!(ChangePartnerRole:        yes   no    yes   no    yes   no    no    C8    C8    no    no    no    no),
    row!(ChangeMemberRole:         yes   no    yes   no    yes   no    no    no    no    no    no    no    no),
    row!(RemovePartner:            yes   no    yes   no    yes   no    no    C8    C8    no    no    no    no),
    row!(RemoveMember:             yes   no    yes   no    yes   no    no    no    no    no    no    no    no),
    row!(RemovePartnerFromTeam:    yes   yes   yes   no    no    no    no    no    no    no    no    no    no),
    row!(ManageInvitation:         yes   C9    yes   no    yes   no    no    C10   C10   no    no    no    no),
    row!(AnswerInvitation:         na    na    na    C11   na    na    na    na    na    na    na    C11   C11),
    row!(LeaveWorkspace:           na    na    na    na    C12   yes   yes   yes   yes   yes   yes   na    na),
    row!(ViewPartnerAccess:        yes   C13   yes   no    C13   no    no    no    no    no    no    no    no),
    row!(AppointPartnerManager:    yes   yes   no    no    no    no    no    no    no    no    no    no    no),
    row!(AppointSuperAdmin:        yes   C14   no    no    no    no    no    no    no    no    no    no    no),
    row!(ManageGroups:             yes   yes   no    C15   team  team  team  no    no    no    no    team  no),
    row!(CreateElement:            yes   no    yes   no    yes   yes   no    yes   no    yes   no    no    no),
    row!(EditElement:              yes   no    yes   no    yes   yes   C16   yes   C16   yes   C16   no    no),
    row!(MoveElementIn:            C17   no    C17   no    C17   C17   no    C17   no    C17   no    no    no),
    row!(MoveElementOut:           C18   no    C18   no    C18   C18   C16   C18   C16   C18   C16   no    no),
    row!(ForkIn:                   C19   no    C19   no    C19   C19   no    C19   no    C19   no    no    no),
    row!(ForkOut:                  yes   no    yes   no    yes   yes   yes   C20   C20   C20   C20   no    no),
    row!(PullChanges:              C21   no    C21   no    C21   C21   C16   C21   C16   C21   C16   no    no),
    row!(MergeFork:                C22   no    C22   no    C22   C22   C16   C22   C16   C22   C16   no    no),
    row!(OpenPullRequest:          yes   no    yes   no    yes   yes   yes   yes   yes   yes   yes   no    no),
    row!(ReviewPullRequest:        C23   no    C23   no    C23   C23   C23   C23   C23   C23   C23   no    no),
    row!(MergePullRequest:         C24   no    C24   no    C24   C24   C16   C24   C16   C24   C16   no    no),
    row!(ImportElement:            yes   no    yes   no    yes   yes   no    yes   C25   yes   C25   no    no),
    row!(ExportElement:            yes   no    yes   no    yes   yes   yes   yes   C26   yes   C26   no    no),
    row!(DeleteElement:            yes   no    yes   no    yes   yes   C16   yes   C16   yes   C16   no    no),
    row!(RestoreElement:           C27   no    C27   no    C27   C27   no    C28   no    C28   no    no    no),
    row!(PurgeElement:             yes   no    yes   no    yes   C29   no    C29   no    C29   no    no    no),
    row!(GrantElementRole:         yes   no    yes   no    yes   yes   C16   C8    no    no    no    no    no),
    row!(Comment:                  yes   no    yes   no    yes   yes   yes   yes   yes   yes   yes   no    no),
    row!(ModerateComment:          yes   no    yes   no    yes   no    no    no    no    no    no    no    no),
    row!(Watch:                    yes   no    yes   no    yes   yes   yes   yes   yes   yes   yes   no    no),
    row!(ViewActivity:             yes   no    yes   no    yes   yes   yes   yes   yes   C7    C7    no    no),
    row!(SubscribeWorkspace:       yes   no    yes   no    yes   yes   yes   yes   yes   yes   yes   no    no),
    row!(ViewPresence:             yes   no    yes   no    yes   yes   yes   yes   yes   C7    C7    no    no),
    row!(ViewAuditLog:             yes   yes   C30   no    no    no    no    no    no    no    no    no    no),
    row!(ViewPartnerships:         yes   yes   yes   no    no    no    no    no    no    no    no    no    no),
];

// A row is found by the number of its action, so a row in the wrong place must not compile.
const _: () = {
    let mut row = 0;
    while row < ACTIONS {
        assert!(MATRIX[row].0 as usize == row, "the rows stand in the order of `Action`");
        row += 1;
    }
};

#[cfg(test)]
mod tests {
    use super::*;

    /// Where the specification lies beside the checkout; a clone without it still runs all other tests.
    const CSV: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/spec/permissions.csv");

    #[test]
    #[cfg_attr(not(shared_spec), ignore = "../shared/spec is not there")]
    fn every_cell_is_the_one_of_the_specification() {
        let csv = std::fs::read_to_string(CSV).unwrap();
        let mut lines = csv.lines();
        let columns: Vec<Column> = lines.next().unwrap().split(',').skip(1).map(|name| name.parse().unwrap()).collect();
        assert_eq!(columns, Column::VARIANTS);
        let mut actions = Vec::new();
        for line in lines {
            let (name, cells) = line.split_once(',').unwrap();
            let action: Action = name.parse().unwrap();
            actions.push(action);
            let written: Vec<String> = columns.iter().map(|&column| cell(action, column).to_string()).collect();
            assert_eq!(written.join(","), cells, "{action}");
        }
        assert_eq!(actions, Action::VARIANTS);
    }

    #[test]
    fn every_condition_stands_in_the_matrix() {
        for &condition in Condition::VARIANTS {
            assert!(MATRIX.iter().any(|(_, cells)| cells.contains(&Cell::If(condition))), "{condition} is used nowhere");
        }
    }
}
