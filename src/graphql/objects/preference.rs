//! What somebody wants to be told of, and how.

use crate::domain::notification::{Channel, NotificationKind as Kind};
use crate::domain::preference::Preferences;
use crate::graphql::enums::NotificationKind;
use async_graphql::{Description, Object};
use std::sync::Arc;
use strum::VariantArray;

/// How you are told of one kind of event.
#[derive(Description)]
pub struct NotificationPreference {
    kind: Kind,
    preferences: Arc<Preferences>,
}

impl NotificationPreference {
    /// One for every kind, in the order of the schema.
    pub fn all(preferences: Preferences) -> Vec<Self> {
        let preferences = Arc::new(preferences);
        Kind::VARIANTS.iter().map(|&kind| Self { kind, preferences: preferences.clone() }).collect()
    }
}

#[Object(use_type_description)]
impl NotificationPreference {
    /// What it is about.
    async fn kind(&self) -> NotificationKind {
        self.kind.into()
    }

    /// Whether it stands in your notifications.
    async fn in_app(&self) -> bool {
        self.preferences.tell(self.kind, Channel::InApp)
    }

    /// Whether you get a mail of it; of what becomes of a pull request, where you review it.
    async fn email(&self) -> bool {
        self.preferences.tell(self.kind, Channel::Email)
    }

    /// Whether you may switch it on and off in your notifications.
    async fn can_change_in_app(&self) -> bool {
        self.kind.is_optional(Channel::InApp)
    }

    /// Whether you may switch mails of it on and off. False where nobody gets one, and where everybody concerned does.
    async fn can_change_email(&self) -> bool {
        self.kind.is_optional(Channel::Email)
    }
}
