//! What entries about pull requests carry.

use super::as_text;
use super::element::as_optional_text;
use crate::domain::element::ElementKind;
use crate::domain::{ElementId, PullRequestId};
use serde::Serialize;

/// A pull request, as one of the two sides reads of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PullRequestRef {
    /// The pull request. None where the fork lives: it belongs to where the parent is, which who reads this may not know.
    #[serde(serialize_with = "as_optional_text")]
    pub pull_request_id: Option<PullRequestId>,
    /// What it is called. None where the fork lives.
    pub title: Option<String>,
    /// The element that it is about: the parent or, where the fork lives, the fork.
    #[serde(serialize_with = "as_text")]
    pub element_id: ElementId,
    /// What that is.
    pub kind: ElementKind,
    /// Its name.
    pub name: String,
}

impl PullRequestRef {
    /// The id of what an entry is about.
    pub(super) fn target_id(&self) -> String {
        self.pull_request_id.map_or_else(|| self.element_id.to_string(), |id| id.to_string())
    }

    /// The pull request, as a part of a sentence.
    pub(super) fn words(&self) -> String {
        let noun = self.kind.noun();
        match &self.title {
            Some(title) => format!("the pull request {title} for the {noun} {}", self.name),
            None => format!("a pull request of the {noun} {}, which is a fork", self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::activity::{Activity, PullRequestRef};
    use crate::domain::element::ElementKind;
    use crate::domain::{ElementId, PullRequestId};
    use uuid::Uuid;

    #[test]
    fn each_side_reads_of_its_own_element() {
        let (element_id, pull_request_id) = (ElementId::from_uuid(Uuid::nil()), PullRequestId::from_uuid(Uuid::nil()));
        let fork =
            PullRequestRef { pull_request_id: None, title: None, element_id, kind: ElementKind::Collection, name: "Mine".to_owned() };
        let parent = PullRequestRef {
            pull_request_id: Some(pull_request_id),
            title: Some("Cats".to_owned()),
            name: "Pets".to_owned(),
            ..fork.clone()
        };
        let said = [fork, parent].map(|side| {
            let activity = Activity::PullRequestDeclined(side);
            (activity.message(Some("Ada")), activity.target_id())
        });
        let [(of_fork, fork), (of_parent, parent)] = said;
        assert_eq!(
            (of_fork.as_str(), fork),
            ("Ada declined a pull request of the collection Mine, which is a fork.", Some(element_id.to_string()))
        );
        assert_eq!(
            (of_parent.as_str(), parent),
            ("Ada declined the pull request Cats for the collection Pets.", Some(pull_request_id.to_string()))
        );
    }
}
