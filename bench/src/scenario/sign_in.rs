//! Customers sign in.

use super::mailbox::Mailbox;
use crate::{
    client::{Answer, Connection, Document},
    load::Worker,
};
use anyhow::{Context, ensure};
use memchr::memmem;
use std::{
    net::{Ipv4Addr, SocketAddr},
    rc::Rc,
};

const CUSTOMER_CREATE: &str = include_str!("../../documents/customer-create.graphql");
const CUSTOMER_ACTIVATE: &str = include_str!("../../documents/customer-activate.graphql");
const SIGN_IN: &str = include_str!("../../documents/sign-in.graphql");

/// Long enough for the rule, and on no list.
const PASSWORD: &str = "tall oaks from little acorns grow";

/// A customer with an account of their own, made before the clock starts, and a network of their own: how often one network may try
/// passwords is bounded, and all of the bench is one.
pub(super) struct SignIn {
    connection: Connection,
    create: Document,
    activate: Document,
    sign_in: Document,
    email: String,
    mailbox: Rc<Mailbox>,
    has_account: bool,
}

impl SignIn {
    pub(super) fn new(
        connection: Connection,
        address: SocketAddr,
        mailbox: &Rc<Mailbox>,
        number: u32,
    ) -> Self {
        // As a proxy names it that the server was told to believe.
        let from = Ipv4Addr::from_bits(0x0a00_0000 + number + 1).to_string();
        let document = |text| Document::new(address, text).on_behalf_of(&from);
        Self {
            connection,
            create: document(CUSTOMER_CREATE),
            activate: document(CUSTOMER_ACTIVATE),
            sign_in: document(SIGN_IN),
            email: format!("bench-{number}@example.org"),
            mailbox: Rc::clone(mailbox),
            has_account: false,
        }
    }
}

impl Worker for SignIn {
    async fn prepare(&mut self, _: u64) -> anyhow::Result<()> {
        if self.has_account {
            return Ok(());
        }
        let (email, connection) = (&self.email, &mut self.connection);
        let wanted = format!("{{\"input\":{{\"email\":\"{email}\",\"password\":\"{PASSWORD}\"}}}}");
        let answer = connection.ask(|out| self.create.write(&wanted, out)).await?;
        ensure!(answer.status == 200, "status {}: {}", answer.status, answer.excerpt());
        memmem::find(answer.body, b"CUSTOMER_DISABLED")
            .with_context(|| format!("no mail was sent: {}", answer.excerpt()))?;
        let token = self.mailbox.token(email).await?;
        let begun = format!(
            "{{\"id\":\"gid://stoa/Customer/me\",\"input\":{{\"activationToken\":\"{token}\",\"password\":\"{PASSWORD}\"}}}}"
        );
        let_in(connection.ask(|out| self.activate.write(&begun, out)).await?)?;
        self.has_account = true;
        Ok(())
    }

    async fn unit(&mut self) -> anyhow::Result<u64> {
        let shown = format!("{{\"input\":{{\"email\":\"{}\",\"password\":\"{PASSWORD}\"}}}}", self.email);
        let_in(self.connection.ask(|out| self.sign_in.write(&shown, out)).await?)?;
        Ok(1)
    }
}

/// Refuses an answer without a token.
fn let_in(answer: Answer<'_>) -> anyhow::Result<()> {
    let is_in = answer.status == 200 && memmem::find(answer.body, b"\"accessToken\":\"").is_some();
    ensure!(is_in, "nobody was let in: status {}: {}", answer.status, answer.excerpt());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_has_a_token_is_in() {
        let told = |status, body: &'static str| let_in(Answer { status, body: body.as_bytes() });
        let token =
            r#"{"data":{"x":{"customerAccessToken":{"accessToken":"stoa_ct_1"},"customerUserErrors":[]}}}"#;
        assert!(told(200, token).is_ok());
        assert!(told(500, token).is_err());
        let refused = r#"{"data":{"x":{"customerAccessToken":null,"customerUserErrors":[{"code":"UNIDENTIFIED_CUSTOMER"}]}}}"#;
        assert!(told(200, refused).is_err());
    }
}
