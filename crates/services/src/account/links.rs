//! Links in mails: made over a row, and read back.

use crate::Context;
use secrecy::ExposeSecret;
use serde::{Serialize, de::DeserializeOwned};
use stoa_auth::{Presented, Purpose};
use stoa_domain::{
    account::{AccountToken, Realm, Salt, TokenKind, TokenStanding},
    shared::{AccountTokenId, Fault, Timestamp},
};
use stoa_persistence::account;
use uuid::Uuid;

/// The row of a new link. `body` is what it carries out.
pub(crate) fn new_link(
    ctx: &Context,
    (realm, subject): (Realm, Uuid),
    kind: TokenKind,
    body: Option<&impl Serialize>,
    now: Timestamp,
) -> Result<AccountToken, Fault> {
    let body = body.map(serde_json::to_string).transpose();
    let lives = match kind {
        TokenKind::Invite => ctx.settings.accounts.invitation_lives,
        _ => kind.lifetime(),
    };
    Ok(AccountToken {
        id: AccountTokenId::new(ctx.ports.ids.id()),
        kind,
        realm,
        subject,
        salt: Salt::new(ctx.ports.ids.secret_id()),
        body: body.map_err(|e| Fault::internal("account.link", e))?,
        expires_at: now + lives,
        used_at: None,
        created_at: now,
    })
}

/// The address that a link opens.
pub(crate) fn address(ctx: &Context, link: &AccountToken) -> String {
    let purpose = Purpose::of(link.kind.name());
    let token = ctx.ports.auth.tokens.mint(purpose, link.id.uuid(), link.salt.bytes());
    ctx.settings.token_link(link.realm, link.kind, token.expose_secret())
}

/// The row of a link that somebody has opened; `None` if it is none of ours, of another kind, was used or is over: all alike.
/// Whether it works, only taking it says.
pub(crate) async fn read(
    ctx: &Context,
    (realm, kind): (Realm, TokenKind),
    token: &str,
) -> Result<Option<AccountToken>, Fault> {
    let Some(shown) = Presented::parse(Purpose::of(kind.name()), token) else { return Ok(None) };
    let found = account::find_token(ctx.db().read(), AccountTokenId::new(shown.id())).await?;
    Ok(found.filter(|link| {
        link.realm == realm
            && link.kind == kind
            && ctx.ports.auth.tokens.proves(&shown, link.salt.bytes())
            && link.standing(ctx.now()) == TokenStanding::Good
    }))
}

/// What a link carries out.
pub(crate) fn body<T: DeserializeOwned>(link: &AccountToken) -> Result<T, Fault> {
    let body = link.body.as_deref().ok_or(Fault::bug("account.link: it carries nothing out"))?;
    serde_json::from_str(body).map_err(|e| Fault::internal("account.link", e))
}
