//! Everything that accounts of customers and staff do to their tables, transaction by transaction.

use chrono::TimeDelta;
use stoa_domain::{
    access::{Permission, Permissions},
    account::{
        AccountToken, Challenge, ChallengeKind, NewSession, Realm, RevokedBecause, Salt, Session,
        SessionKind, SessionRule, TokenKind,
    },
    customer::{AddressBook, Customer, CustomerGroup, CustomerName},
    shared::{
        AccountTokenId, Address, ApiKeyId, CartId, ChallengeId, Clock, CustomerAddressId, CustomerGroupId,
        CustomerId, EmailAddress, Fault, IdGenerator, RoleId, SessionId, StaffId, Timestamp,
    },
    staff::{Role, StaffName},
};
use stoa_persistence::{
    Db, Durability, WriteTx,
    account::{self, KeyCheck, KeysChecked, PasswordHash, StoredKey},
    customer::{self, NewCustomer, NewIdentity, Saved, Unlinked},
    staff::{self, ApiKey, NewStaff, Owned, Removed, RoleRemoved, RoleSaved, StaffSaved},
};
use stoa_services::system::{SystemClock, SystemIds};
use uuid::Uuid;

/// One transaction.
async fn tx<T: Send>(db: &Db, work: impl AsyncFn(&WriteTx) -> Result<T, Fault>) -> T {
    let tx = db.write(Durability::Full).await.expect("a transaction");
    let outcome = work(&tx).await.expect("nobody else is there");
    tx.commit().await.expect("it is kept");
    outcome
}

fn now() -> Timestamp {
    SystemClock.now()
}

fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).expect("an address")
}

fn session(realm: Realm, subject: Uuid) -> Session {
    let new = NewSession {
        id: SessionId::new(SystemIds.id()),
        realm,
        subject,
        kind: SessionKind::Tokens,
        salt: Salt::new(SystemIds.secret_id()),
        mfa: false,
        user_agent: None,
        network: None,
    };
    Session::begin(new, now(), &SessionRule { idle: TimeDelta::days(30), most: TimeDelta::days(180) })
}

fn token(kind: TokenKind, subject: Uuid) -> AccountToken {
    AccountToken {
        id: AccountTokenId::new(SystemIds.id()),
        kind,
        realm: Realm::Customer,
        subject,
        salt: Salt::new(SystemIds.secret_id()),
        body: None,
        expires_at: now() + kind.lifetime(),
        used_at: None,
        created_at: now(),
    }
}

pub(super) async fn everything(db: &Db) {
    customers(db).await;
    sign_ins(db).await;
    personnel(db).await;
    keys(db).await;
    let ended = now() + TimeDelta::days(400);
    assert!(account::sweep(db, (ended, ended), 99).await.expect("SQL answers").rows > 0);
}

async fn customers(db: &Db) {
    let id = CustomerId::new(SystemIds.id());
    let (first_name, last_name) = (None, None);
    let new =
        NewCustomer { id, email: email("ada@example.org"), first_name, last_name, phone: None, locale: None };
    tx(db, async |tx| customer::insert_pending(tx, &new, now()).await).await;
    let link = token(TokenKind::Activate, id.uuid());
    tx(db, async |tx| account::insert_token(tx, &link).await).await;
    // The address is proved, with a password and a first sign-in.
    let password = PasswordHash::new("hash".to_owned());
    let first = session(Realm::Customer, id.uuid());
    tx(db, async |tx| {
        let before = customer::find_for_update(tx, id).await?.expect("they are there");
        let taken = account::take_token(tx, link.id, (Realm::Customer, TokenKind::Activate), now()).await?;
        assert!(taken.is_some());
        let state = before.state.activate(now()).expect("it waits for that");
        let after = Customer { state, ..before.clone() };
        assert_eq!(customer::save(tx, &before, &after, now()).await?, Saved::Saved);
        assert!(customer::set_password(tx, id, &password, now()).await?);
        account::insert_session(tx, &first).await
    })
    .await;
    // They sign in, and what was compared still is so.
    let read = customer::credentials_of(db.read(), id).await.expect("SQL answers").expect("they can");
    let second = session(Realm::Customer, id.uuid());
    tx(db, async |tx| {
        assert!(customer::still(tx, &read).await?);
        account::insert_session(tx, &second).await?;
        account::is_new_network(tx, (Realm::Customer, id.uuid()), "192.0.2.0/24", now(), now()).await
    })
    .await;
    // Another address, proved by its link, and with it other words; whoever was signed in with the old one is out.
    let link = token(TokenKind::Email, id.uuid());
    tx(db, async |tx| account::insert_token(tx, &link).await).await;
    tx(db, async |tx| {
        let before = customer::find_for_update(tx, id).await?.expect("they are there");
        let after = Customer { email: email("countess@example.org"), ..before.clone() };
        assert_eq!(customer::save(tx, &before, &after, now()).await?, Saved::Saved);
        assert!(customer::set_password(tx, id, &password, now()).await?);
        let whose = (Realm::Customer, id.uuid());
        account::revoke_all(tx, whose, None, RevokedBecause::PasswordChanged, now()).await?;
        let taken = account::take_token(tx, link.id, (Realm::Customer, TokenKind::Email), now()).await?;
        assert!(taken.is_some());
        account::void_tokens(tx, whose, &[TokenKind::Reset, TokenKind::Email], now()).await
    })
    .await;
    // Shut out while they are signed in, under another name, and let in again.
    let third = session(Realm::Customer, id.uuid());
    tx(db, async |tx| account::insert_session(tx, &third).await).await;
    for out in [true, false] {
        tx(db, async |tx| {
            let before = customer::find_for_update(tx, id).await?.expect("they are there");
            let state = if out { before.state.disable() } else { before.state.enable() };
            let state = state.expect("they can be");
            let first_name = CustomerName::parse("Ada").expect("a name").filter(|_| out);
            let after = Customer { state, first_name, ..before.clone() };
            assert_eq!(customer::save(tx, &before, &after, now()).await?, Saved::Saved);
            Ok(())
        })
        .await;
    }
    let ended = account::find_session(db.read(), third.id).await.expect("SQL answers").expect("a row");
    assert!(ended.revoked.is_some());
    // Their archive is the last to know of.
    let archive = token(TokenKind::Archive, id.uuid());
    tx(db, async |tx| account::insert_token(tx, &archive).await).await;
    tx(db, async |tx| account::remove_token(tx, archive.id).await).await;
    tx(db, async |tx| account::insert_token(tx, &archive).await).await;

    let empty = AddressBook::default();
    let mut book = empty.clone();
    let home = Address { city: Some("Ulm".to_owned()), ..Address::default() };
    book.add(CustomerAddressId::new(SystemIds.id()), home).expect("there is room");
    tx(db, async |tx| customer::save_addresses(tx, id, &empty, &book, now()).await).await;
    tx(db, async |tx| customer::save_addresses(tx, id, &book, &empty, now()).await).await;
    tx(db, async |tx| customer::set_tags(tx, id, &["vip".to_owned()], now()).await).await;
    let identity = |subject| NewIdentity { issuer: "https://id.example", subject, email: None };
    tx(db, async |tx| customer::link(tx, id, identity("7"), now()).await).await;
    let off = tx(db, async |tx| customer::unlink(tx, id, "https://id.example", "7", now()).await).await;
    assert_eq!(off, Unlinked::Unlinked);
    tx(db, async |tx| customer::link(tx, id, identity("8"), now()).await).await;
    let carts = (CartId::new(SystemIds.secret_id()), CartId::new(SystemIds.secret_id()));
    tx(db, async |tx| customer::keep_cart(tx, id, carts.0, now()).await).await;
    assert!(tx(db, async |tx| customer::replace_cart(tx, id, carts, now()).await).await);
    let group = CustomerGroup {
        id: CustomerGroupId::new(SystemIds.id()),
        name: "Trade".to_owned(),
        version: 1,
        created_at: now(),
        updated_at: now(),
    };
    tx(db, async |tx| customer::insert_group(tx, &group).await).await;
    for _ in 0..2 {
        tx(db, async |tx| customer::add_members(tx, group.id, &[id]).await).await;
        tx(db, async |tx| customer::remove_members(tx, group.id, &[id]).await).await;
    }
    tx(db, async |tx| customer::add_members(tx, group.id, &[id]).await).await;
    tx(db, async |tx| customer::rename_group(tx, &group, "Traders", now()).await).await;
    assert!(tx(db, async |tx| customer::remove_group(tx, group.id).await).await);
    let last = SystemIds.id();
    assert!(tx(db, async |tx| customer::erase(tx, id, last, "customer", now()).await).await);
}

async fn sign_ins(db: &Db) {
    let somebody = SystemIds.id();
    let first = session(Realm::Customer, somebody);
    tx(db, async |tx| account::insert_session(tx, &first).await).await;
    for generation in [0, 0] {
        let until = first.expires_at;
        tx(db, async |tx| account::rotate(tx, first.id, generation, now(), until).await).await;
    }
    let whose = (Realm::Customer, somebody);
    let since = now() - TimeDelta::days(180);
    for _ in 0..2 {
        tx(db, async |tx| account::is_new_network(tx, whose, "192.0.2.0/24", since, now()).await).await;
    }
    let challenge = Challenge {
        id: ChallengeId::new(SystemIds.id()),
        kind: ChallengeKind::Totp,
        salt: Salt::new(SystemIds.secret_id()),
        body: String::new(),
        tries: 0,
        expires_at: now() + ChallengeKind::Totp.lifetime(),
        created_at: now(),
    };
    tx(db, async |tx| account::insert_challenge(tx, &challenge).await).await;
    let kind = ChallengeKind::Totp;
    tx(db, async |tx| account::try_challenge(tx, challenge.id, kind, now()).await).await;
    let second = session(Realm::Customer, somebody);
    tx(db, async |tx| {
        account::insert_session(tx, &second).await?;
        account::end_challenge(tx, challenge.id).await
    })
    .await;
    tx(db, async |tx| account::step_up(tx, second.id, true, now()).await).await;
    let because = RevokedBecause::SignedOut;
    tx(db, async |tx| account::revoke(tx, whose, second.id, because, now()).await).await;
    tx(db, async |tx| account::insert_token(tx, &token(TokenKind::Reset, somebody)).await).await;
}

async fn personnel(db: &Db) {
    let mut people = Vec::new();
    for name in ["Ada", "Bob", "Eve"] {
        let id = StaffId::new(SystemIds.id());
        let new = NewStaff {
            id,
            email: email(&format!("{name}@example.org")),
            name: StaffName::parse(name).expect("a name"),
            locale: None,
        };
        tx(db, async |tx| staff::invite(tx, &new, now()).await).await;
        tx(db, async |tx| {
            let before = staff::find(tx, id).await?.expect("they are there");
            let after = before.clone().accept().expect("they were asked");
            assert_eq!(staff::save(tx, &before, &after, now()).await?, StaffSaved::Saved);
            staff::set_password(tx, id, &PasswordHash::new("hash".to_owned()), now()).await
        })
        .await;
        people.push(id);
    }
    let [ada, bob, eve] = people[..] else { panic!("three") };
    assert_eq!(tx(db, async |tx| staff::set_owner(tx, None, ada).await).await, Owned::Given);
    assert_eq!(tx(db, async |tx| staff::set_owner(tx, Some(ada), bob).await).await, Owned::Given);

    tx(db, async |tx| staff::put_built_in_roles(tx, &SystemIds, now()).await).await;
    let role = RoleId::new(SystemIds.id());
    let draft = |name, p| Role::try_new(name, Permissions::of(&[p])).expect("a role");
    let packer = draft("Packer", Permission::OrdersRead);
    tx(db, async |tx| staff::insert_role(tx, role, &packer, now()).await).await;
    tx(db, async |tx| staff::set_roles(tx, eve, &[role], now()).await).await;
    let read = staff::find_roles(db.read(), &[role]).await.expect("SQL answers").remove(0);
    let sender = draft("Sender", Permission::FulfillmentsWrite);
    let saved = tx(db, async |tx| staff::update_role(tx, &read, &sender, now()).await).await;
    assert_eq!(saved, RoleSaved::Saved);
    tx(db, async |tx| staff::set_roles(tx, eve, &[], now()).await).await;
    assert_eq!(tx(db, async |tx| staff::remove_role(tx, role).await).await, RoleRemoved::Removed);

    tx(db, async |tx| staff::begin_totp(tx, eve, "secret", now()).await).await;
    let shown = staff::authenticator(db.read(), eve).await.expect("SQL answers").expect("it was shown");
    tx(db, async |tx| {
        assert!(staff::confirm_totp(tx, eve, &shown, 7, now()).await?);
        staff::set_recovery_codes(tx, eve, &["a".to_owned()], now()).await
    })
    .await;
    let counts = staff::authenticator(db.read(), eve).await.expect("SQL answers").expect("it counts");
    tx(db, async |tx| staff::use_totp_step(tx, eve, &counts, 8).await).await;
    tx(db, async |tx| staff::use_recovery_code(tx, eve, "a", now()).await).await;
    tx(db, async |tx| staff::remove_totp(tx, eve, now()).await).await;
    let read = staff::credentials_of(db.read(), eve).await.expect("SQL answers").expect("she can");
    tx(db, async |tx| {
        assert!(staff::still(tx, &read).await?);
        account::insert_session(tx, &session(Realm::Staff, eve.uuid())).await
    })
    .await;
    tx(db, async |tx| {
        let before = staff::find(tx, eve).await?.expect("she is there");
        let after = before.clone().disable().expect("she is not the owner");
        assert_eq!(staff::save(tx, &before, &after, now()).await?, StaffSaved::Saved);
        Ok(())
    })
    .await;
    assert_eq!(tx(db, async |tx| staff::remove(tx, eve).await).await, Removed::Removed);
}

async fn keys(db: &Db) {
    let key = ApiKey {
        id: ApiKeyId::new(SystemIds.id()),
        name: "ERP".to_owned(),
        hint: "a1b2".to_owned(),
        scopes: Permissions::of(&[Permission::ProductsRead]),
        created_by: StaffId::new(SystemIds.id()),
        maker_gone: true,
        created_at: now(),
        expires_at: None,
        used_at: None,
        used_network: None,
        revoked_at: None,
    };
    tx(db, async |tx| staff::insert_api_key(tx, &key, "hash").await).await;
    tx(db, async |tx| staff::note_key_use(tx, key.id, None, now(), now()).await).await;
    let of_them = staff::working_keys_of(db.read(), key.created_by, now(), 9).await.expect("SQL answers");
    assert_eq!(of_them.iter().map(|known| known.id).collect::<Vec<_>>(), [key.id]);
    let orphans = staff::orphaned_keys(db.read(), now(), 9).await.expect("SQL answers");
    assert!(orphans.iter().any(|known| known.id == key.id && known.maker_gone));
    tx(db, async |tx| staff::revoke_api_key(tx, key.id, now()).await).await;

    let signing = StoredKey {
        kid: "k".to_owned(),
        public_key: [7; 32],
        private_key: "secret".to_owned(),
        created_at: now(),
        active_from: now(),
        retires_at: None,
    };
    tx(db, async |tx| account::insert_signing_key(tx, &signing).await).await;
    tx(db, async |tx| account::retire_signing_key(tx, "k", now()).await).await;
    let check = KeyCheck { key_id: "root".to_owned(), proof: "proof".to_owned() };
    tx(db, async |tx| {
        // As whoever has a root key of its own beside those that the shop was begun with.
        let mut keys = account::key_checks(tx).await?;
        keys.insert(0, check.clone());
        assert_eq!(account::check_keys(tx, &keys, now()).await?, KeysChecked::Known);
        Ok(())
    })
    .await;
}
