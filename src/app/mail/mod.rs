//! Mails that were given up, and those that were done with long ago.

mod forget;
mod requeue;

pub use forget::ForgetMails;
pub use requeue::{RequeueAnyMail, RequeueMail};
