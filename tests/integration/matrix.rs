//! The reviewed file of every answer, and that it says what the permission matrix of the specification says.

use crate::support::{actors, matrix};
use portico::domain::Visibility;
use portico::domain::policy::table::{Cell, cell};
use portico::domain::policy::{Action, Column, Decision, decide};
use strum::VariantArray;

/// After an intended change: `UPDATE_EXPECT=1 cargo test`, and then review what changed in the file.
#[test]
fn every_answer_is_the_one_that_was_reviewed() {
    expect_test::expect_file!["matrix.txt"].assert_eq(&matrix::matrix());
}

/// What the matrix says plainly holds for the person of the column, whatever the facts. Where it says no, another
/// column of theirs, or the lists below, may still give it.
#[test]
fn who_has_a_plain_yes_is_allowed_it_whatever_the_facts() {
    let not_in_a_partner_workspace = [Action::ConvertToPartner, Action::RequestConversion];
    for &action in Action::VARIANTS.iter().filter(|action| !not_in_a_partner_workspace.contains(action)) {
        for &column in Column::VARIANTS {
            // The canonical facts against the reviewer are those of a request that is decided.
            let all = [actors::favourable(Visibility::Partner), actors::unfavourable(Visibility::Partner)];
            let facts = if action == Action::ReviewRequest { &all[..1] } else { &all[..] };
            if cell(action, column) == Cell::Yes {
                for facts in facts {
                    assert_eq!(decide(action, &actors::actor(column), facts), Decision::Allow, "{column} {action}");
                }
            }
        }
    }
}

#[test]
fn who_has_a_plain_no_is_not_allowed_it_in_a_partner_workspace() {
    for &action in Action::VARIANTS {
        for &column in Column::VARIANTS {
            // Every team member asks for their own requests and creates workspaces as a teammate; everybody answers
            // their own invitations.
            let elsewhere =
                [Column::Teammate, Column::Outsider].into_iter().any(|other| matches!(cell(action, other), Cell::If(_) | Cell::ByTeamRole));
            if cell(action, column) == Cell::No && !elsewhere {
                for facts in [actors::favourable(Visibility::Partner), actors::unfavourable(Visibility::Partner)] {
                    let decision = decide(action, &actors::actor(column), &facts);
                    assert!(matches!(decision, Decision::Deny(_) | Decision::Hide), "{column} {action}: {decision:?}");
                }
            }
        }
    }
}
