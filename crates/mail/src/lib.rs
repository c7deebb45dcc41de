//! The Mailer port: on SMTP, and, where none is configured, on a folder of `.eml` files that any mail program opens.

mod folder;
mod message;
mod smtp;

pub use folder::FolderMailer;
pub use smtp::{InvalidSmtp, SmtpConfig, SmtpMailer};
