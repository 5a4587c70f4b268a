//! What mutations take. Null and absent mean the same: no value, or no change.

mod account;
mod comment;
mod element;
mod element_grant;
mod environment;
mod fork;
mod invitation;
mod member;
mod moving;
mod notification;
mod partnership;
mod pull_request;
mod related_item;
mod request;
mod team;
mod trash;
mod workspace;

pub use account::*;
pub use comment::*;
pub use element::*;
pub use element_grant::*;
pub use environment::*;
pub use fork::*;
pub use invitation::*;
pub use member::*;
pub use moving::*;
pub use notification::*;
pub use partnership::*;
pub use pull_request::*;
pub use related_item::*;
pub use request::*;
pub use team::*;
pub use trash::*;
pub use workspace::*;

macro_rules! inputs {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty,)* })+) => {$(
        $(#[$doc])*
        #[derive(Debug, async_graphql::InputObject)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $kind,)*
            /// A key of your choice, up to 255 characters. The same call with the same key within 24 hours gives the first answer again and does nothing twice.
            pub idempotency_key: Option<String>,
        }
    )+};
}

use inputs;
