//! Why a socket is closed: the codes of the subprotocol and of RFC 6455. Reasons are short and tell nothing of the inside.

use std::borrow::Cow;

use axum::extract::ws::CloseFrame;

/// The most that the reason of a close frame may have (RFC 6455, 5.5: 125 bytes with the code).
const REASON_BYTES: usize = 123;

/// A code and its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Close {
    code: u16,
    reason: Cow<'static, str>,
}

impl Close {
    /// The client went, or closed by itself; nothing needs to be said.
    pub(super) const GONE: Self = Self::of(1000, "");
    /// Nothing runs, and nothing has for long. Clients come back when they need it.
    pub(super) const IDLE: Self = Self::of(1000, "Idle");
    pub(super) const GOING_AWAY: Self = Self::of(1001, "Going away");
    pub(super) const NOT_WEBSOCKET: Self = Self::of(1002, "Protocol error");
    pub(super) const NOT_UTF8: Self = Self::of(1007, "Text is not UTF-8");
    pub(super) const TOO_LARGE: Self = Self::of(1009, "Message is too large");
    /// A code after which clients come back.
    pub(super) const TOO_SLOW: Self = Self::of(1013, "Messages are not taken in time");
    pub(super) const UNAUTHORIZED: Self = Self::of(4401, "Unauthorized");
    pub(super) const SUBPROTOCOL: Self = Self::of(4406, "Subprotocol not acceptable");
    pub(super) const INIT_TIMEOUT: Self = Self::of(4408, "Connection initialisation timeout");
    pub(super) const TWICE_INITIALISED: Self = Self::of(4429, "Too many initialisation requests");
    /// What `graphql-ws` calls the end of a socket that does not answer.
    pub(super) const SILENT: Self = Self::of(4499, "Terminated");
    pub(super) const FAULT: Self = Self::of(4500, "Internal server error");

    /// A message of a type or format that is not in the protocol.
    pub(super) const fn invalid(reason: &'static str) -> Self {
        Self::of(4400, reason)
    }

    /// What the hook refused.
    pub(super) fn forbidden(reason: String) -> Self {
        Self { code: 4403, reason: shortened(reason).into() }
    }

    /// An id that is in use. Its end is cut off if it is too long to be said.
    pub(super) fn duplicate(id: &str) -> Self {
        const WORDS: [&str; 2] = ["Subscriber for ", " already exists"];
        let mut end = id.len().min(REASON_BYTES - WORDS[0].len() - WORDS[1].len());
        while !id.is_char_boundary(end) {
            end -= 1;
        }
        let reason = format!("{}{}{}", WORDS[0], &id[..end], WORDS[1]);
        Self { code: 4409, reason: reason.into() }
    }

    const fn of(code: u16, reason: &'static str) -> Self {
        Self { code, reason: Cow::Borrowed(reason) }
    }

    pub(super) fn code(&self) -> u16 {
        self.code
    }

    pub(super) fn frame(&self) -> CloseFrame {
        CloseFrame { code: self.code, reason: self.reason.clone().into_owned().into() }
    }
}

fn shortened(mut text: String) -> String {
    let mut end = text.len().min(REASON_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_fit_into_a_frame_whatever_the_client_calls_its_operations() {
        assert_eq!(Close::duplicate("1").reason, "Subscriber for 1 already exists");
        let long = Close::duplicate(&"ß".repeat(200));
        assert!(long.reason.len() <= REASON_BYTES && long.reason.ends_with("ß already exists"));
        assert_eq!(Close::forbidden("ü".repeat(100)).reason, "ü".repeat(61));
    }
}
