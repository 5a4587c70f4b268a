//! What people say about themselves.

use crate::app::error::Result;
use crate::app::{App, Command, Work};
use crate::domain::text::Name;
use serde::Serialize;

/// Changes the name that others read of the caller.
#[derive(Debug, Clone, Serialize)]
pub struct UpdateProfile {
    /// The new name; none: as it is.
    pub name: Option<Name>,
}

impl Command for UpdateProfile {
    const NAME: &'static str = "updateProfile";
    /// The name as it is now.
    type Outcome = String;

    async fn run(&self, work: &mut Work<'_>, _app: &App) -> Result<String> {
        let user = &work.actor()?.user;
        let Some(name) = &self.name else { return Ok(user.name.clone()) };
        work.tx.set_user_name(user.id, name.as_str()).await?;
        Ok(name.to_string())
    }
}
