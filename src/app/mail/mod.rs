//! Mails that were given up.

mod requeue;

pub use requeue::{RequeueAnyMail, RequeueMail};
