//! Accounts of customers: beginning one, signing in and out, and all that is in one's own hands.
//!
//! No page tells whether an address has an account. What a link in a mail opens asks for a button to be pressed: programs that look
//! at mails before people do press none.

mod addresses;
mod begin;
mod change_password;
mod consent;
mod details;
mod elsewhere;
mod email;
mod identities;
mod link;
mod message;
mod notice;
mod order;
mod overview;
mod personal_data;
mod proof;
mod recover;
mod register;
mod sign_in;
mod sign_out;

pub(crate) use addresses::{
    change_address, create_address, delete_address, make_default, show_address, show_new_address,
};
pub(crate) use change_password::{change_password, show_change_password};
pub(crate) use consent::save_consent;
pub(crate) use details::{change_details, show_details};
pub(crate) use elsewhere::{confirm_link, show_confirm_link, show_signed_in};
pub(crate) use email::{change_email, confirm_email, show_change_email, show_confirm_email};
pub(crate) use identities::{connect, disconnect, show_connect, show_disconnect};
pub(crate) use link::{LinkPage, NewPasswordForm, activate, reset, show_activate, show_reset};
pub(crate) use message::{Message, show_mailed};
pub(crate) use order::show_own_order;
pub(crate) use overview::show_account;
pub(crate) use personal_data::{ask_for_archive, erase, show_erase};
pub(crate) use recover::{RecoverForm, recover, show_recover};
pub(crate) use register::{register, show_register};
pub(crate) use sign_in::{show_sign_in, sign_in};
pub(crate) use sign_out::{end_session, sign_out, sign_out_everywhere};

/// How e-mail addresses look, for who has typed something else.
const NO_EMAIL: &str = "This is no e-mail address. One looks like ada@example.org.";

/// What customers agree to who want advertisements. It is kept with their word.
const WORDING: &str = "Write to me by e-mail about new things and offers. I can take this back at any time.";

/// What is beside a password that is not the account's.
const WRONG_PASSWORD: &str = "This is not your password.";
