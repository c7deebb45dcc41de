//! Who acts and on whom, as the log wants it.

use crate::{Context, account::Client};
use stoa_domain::{
    access::{Permit, Who},
    account::{Realm, Session, Standing},
    audit::{AuditActor, Subject},
    shared::{Fault, SessionId, StaffId},
    staff::StaffMember,
};
use stoa_persistence::{WriteTx, account};

/// The member of staff who has this permit, and their sign-in. Of permits that only people have.
pub(super) fn oneself<G>(by: &Permit<G>) -> Result<(StaffId, SessionId), Fault> {
    match by.actor().who() {
        Who::Staff { id, session, .. } => Ok((*id, *session)),
        Who::Key { .. } | Who::Command { .. } => {
            Err(Fault::bug("staff: a permit of people, held by no person"))
        }
    }
}

/// A member of staff who acts without a permit, because they are about to sign in or have opened a link.
pub(super) fn acting(member: &StaffMember, session: Option<SessionId>, client: &Client) -> AuditActor {
    let origin = client.origin();
    AuditActor {
        kind: "staff".to_owned(),
        id: Some(member.id.uuid()),
        name: member.name.as_str().to_owned(),
        session,
        network: origin.network,
        request: origin.request,
    }
}

/// A member of staff as what something was done to.
pub(super) fn subject(id: StaffId) -> Subject {
    Subject::new(StaffId::TYPE, id)
}

/// Whether a sign-in still lives. To be asked behind the lock of its owner, so that one that was ended meanwhile does nothing more.
pub(super) async fn lives(
    ctx: &Context,
    tx: &WriteTx,
    (id, session): (StaffId, SessionId),
) -> Result<bool, Fault> {
    let found = account::find_session(tx, session).await?;
    let theirs = |s: &Session| s.realm == Realm::Staff && s.subject == id.uuid();
    Ok(found.is_some_and(|s| theirs(&s) && s.standing(ctx.now()) == Standing::Live))
}
