//! The Mailer port on SMTP, and on a folder of .eml files.
