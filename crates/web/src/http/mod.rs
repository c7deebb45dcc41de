//! What lies between HTTP and the pages: cookies, who calls, posted forms, request ids, redirects and headers.

mod cart_cookie;
mod cookies;
mod headers;
mod navigation;
mod redirect;
mod request_id;
mod sign_in_cookie;
mod submitted;
mod visitor;

pub(crate) use cart_cookie::{CartCookie, forget_cart, remember_cart};
pub(crate) use headers::{Policies, holds_key, personal, secure, with_policy};
pub(crate) use navigation::Navigation;
pub(crate) use redirect::{path, see_other, with_cookie};
pub(crate) use request_id::RequestId;
pub(crate) use sign_in_cookie::{
    IdentityCookie, sign_ins_are_kept, with_attempt, with_sign_in, without_identity, without_sign_in,
};
pub(crate) use submitted::Submitted;
pub(crate) use visitor::{Owner, Visitor};
