//! Whether the time of an answer tells if an address is known: of refused sign-ins of customers and of staff, of a forgotten password of
//! either, and of registering. As many of the one kind as of the other, in turns and from networks of their own, compared by rank.

use crate::{
    harness::{Item, PASSWORD, Setup, Shop},
    ranks::{compare, median},
    report,
    sizes::Size,
};
use serde_json::{Value, json};
use std::{collections::BTreeSet, net::Ipv4Addr, time::Instant};

/// Answers of each kind.
const EACH: u32 = 500;
/// Before anything is counted.
const WARM_UP: u32 = 20;
/// Accounts of customers. A mail of one kind is sent to an address three times an hour: each is asked for twice, and the one that began
/// the account was the third.
const CUSTOMERS: u32 = 260;
/// Members of staff, of whom a mail is asked for three times.
const STAFF: u32 = 174;
const _: () = assert!(CUSTOMERS * 2 >= EACH + WARM_UP && STAFF * 3 >= EACH + WARM_UP);

/// Something that is asked with an address.
struct Asked {
    what: &'static str,
    document: &'static str,
    /// What is in every answer.
    says: &'static str,
    of_staff: bool,
    /// Whether an address that is nobody's is somebody's by having been asked with.
    begins: bool,
}

const ALL: [Asked; 5] = [
    Asked {
        what: "wrong passwords",
        document: "mutation($email: String!) {
  customerAccessTokenCreate(input: { email: $email, password: \"a lighthouse made of paper\" }) {
  customerAccessToken { accessToken } customerUserErrors { code field message } } }",
        says: "UNIDENTIFIED_CUSTOMER",
        of_staff: false,
        begins: false,
    },
    Asked {
        what: "forgotten passwords",
        document: "mutation($email: String!) { customerRecover(email: $email) { customerUserErrors { code } } }",
        says: "\"customerUserErrors\":[]",
        of_staff: false,
        begins: false,
    },
    Asked {
        what: "registrations",
        document: "mutation($email: String!) {
  customerCreate(input: { email: $email, password: \"a lighthouse made of paper\" }) {
  customer { id } customerUserErrors { code } } }",
        says: "CUSTOMER_DISABLED",
        of_staff: false,
        begins: true,
    },
    Asked {
        what: "wrong passwords of staff",
        document: "mutation($email: String!) {
  staffSignIn(input: { email: $email, password: \"a lighthouse made of paper\" }) {
  tokens { accessToken } userErrors { code } } }",
        says: "UNIDENTIFIED",
        of_staff: true,
        begins: false,
    },
    Asked {
        what: "forgotten passwords of staff",
        document: "mutation($email: String!) { staffPasswordRecover(email: $email) { userErrors { code } } }",
        says: "\"userErrors\":[]",
        of_staff: true,
        begins: false,
    },
];

#[tokio::test(flavor = "multi_thread")]
async fn the_time_of_a_refusal_tells_nothing_on_sqlite() {
    timed(Size::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_of_a_refusal_tells_nothing_on_postgres() {
    timed(Size::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_of_a_refusal_tells_nothing_on_redis() {
    timed(Size::Redis).await;
}

/// Networks that nobody has come from before.
struct Networks(u32);

impl Networks {
    fn another(&mut self) -> String {
        self.0 += 1;
        Ipv4Addr::from_bits(0x0a00_0000 + self.0).to_string()
    }
}

impl Asked {
    /// The address that is asked with at the `number`th time.
    fn address(&self, known: bool, number: u32) -> String {
        match (known, self.of_staff) {
            (true, false) => customer(number % CUSTOMERS),
            (true, true) => member(number % STAFF),
            (false, _) if self.begins => format!("new-{number}@example.org"),
            (false, false) => format!("bob-{}@example.org", number % CUSTOMERS),
            (false, true) => format!("eve-{}@example.org", number % STAFF),
        }
    }

    /// Asks; gives milliseconds and the answer.
    async fn ask(&self, shop: &Shop, email: &str, network: String) -> (f64, Value) {
        let request = shop.endpoint.http.post(&shop.endpoint.url).header("x-forwarded-for", network);
        let variables = json!({ "email": email });
        let request = request.json(&json!({ "query": self.document, "variables": variables }));
        let began = Instant::now();
        let answer = request.send().await.expect("the server answers");
        let body = answer.json().await.expect("the answer is JSON");
        (began.elapsed().as_secs_f64() * 1_000.0, body)
    }
}

fn customer(number: u32) -> String {
    format!("ada-{number}@example.org")
}

fn member(number: u32) -> String {
    format!("sam-{number}@example.org")
}

/// Customers with accounts, each from a network of their own.
async fn customers_begin(shop: &Shop, networks: &mut Networks) {
    let register = "mutation($email: String!, $password: String!) {
      customerCreate(input: { email: $email, password: $password }) { customerUserErrors { code } } }";
    let activate = "mutation($id: ID!, $input: CustomerActivateInput!) {
      customerActivate(id: $id, input: $input) { customer { id } customerUserErrors { code } } }";
    for number in 0..CUSTOMERS {
        let email = customer(number);
        let from = [("x-forwarded-for", networks.another())];
        let new = json!({ "email": email, "password": PASSWORD });
        shop.endpoint.ask_with(&from, register, new).await;
        let link = shop.mailed_token(&email, "activate").await;
        let input = json!({ "activationToken": link, "password": PASSWORD });
        let input = json!({ "id": "gid://stoa/Customer/me", "input": input });
        let (begun, _) = shop.endpoint.ask_with(&from, activate, input).await;
        assert!(begun.at("/customerActivate/customer/id").is_string(), "{:#}", begun.body);
    }
}

/// Members of staff, all with one role.
async fn staff_begins(shop: &Shop) {
    let owner = shop.owner("olga@example.org").await;
    let role =
        "mutation($input: RoleInput!) { roleCreate(input: $input) { role { id } userErrors { code } } }";
    let input = json!({ "name": "Packer", "permissions": ["orders:read"] });
    let role = shop.ask_as(&owner, role, json!({ "input": input })).await.at("/roleCreate/role/id").clone();
    let invite = "mutation($input: StaffInviteInput!) { staffInvite(input: $input) {
      staffMember { id } userErrors { code message } } }";
    for number in 0..STAFF {
        let email = member(number);
        // What staff do to staff wants proof, and proof is soon old.
        if number % 60 == 59 {
            shop.prove(&owner).await;
        }
        let input = json!({ "email": email, "roleIds": [role] });
        let invited = shop.ask_as(&owner, invite, json!({ "input": input })).await;
        assert!(invited.at("/staffInvite/staffMember/id").is_string(), "{:#}", invited.body);
        shop.join(&shop.mailed_token_at(&email, "/staff/accept/").await).await;
    }
}

async fn timed(size: Size) {
    let shop = Shop::with(Setup::selling([Item::new("mug", "12.50", 1)]).config(move |config| {
        size.configure(config);
        config.http.trusted_proxies = vec!["127.0.0.1/32".parse().expect("a network")];
    }))
    .await;
    let mut networks = Networks(0);
    customers_begin(&shop, &mut networks).await;
    staff_begins(&shop).await;
    shop.settle().await;
    for asked in &ALL {
        tells_nothing(&shop, asked, &mut networks, size).await;
        // What was asked for is mailed, before the next is measured.
        shop.settle().await;
    }
    shop.app.stop().await.expect("everything finishes in time");
}

async fn tells_nothing(shop: &Shop, asked: &Asked, networks: &mut Networks, size: Size) {
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    let mut answers = BTreeSet::new();
    for number in 0..EACH + WARM_UP {
        // Which comes first is left to chance: whatever passes over the machine in between meets both alike.
        let known_first: bool = rand::random();
        for is_known in [known_first, !known_first] {
            let email = asked.address(is_known, number);
            let (took, answer) = asked.ask(shop, &email, networks.another()).await;
            answers.insert(answer.to_string());
            if number >= WARM_UP {
                if is_known { known.push(took) } else { unknown.push(took) }
            }
        }
    }
    assert_eq!(answers.len(), 1, "the answer tells: {answers:#?}");
    let answer = answers.first().expect("one answer");
    assert!(answer.contains(asked.says), "{answer}");
    let ranks = compare(&known, &unknown);
    report(
        &format!("{} for known and unknown addresses, {}", asked.what, size.name()),
        &format!(
            "{EACH} each, in turns; median {:.2} ms for known, {:.2} ms for unknown ones; a known one takes longer in {:.1} % of all pairs; by \
             chance alone with a probability of {:.3} (Mann-Whitney)",
            median(&known),
            median(&unknown),
            ranks.larger * 100.0,
            ranks.by_chance,
        ),
    );
    // Chance alone goes so far once in ten million runs; a hash that is made for one kind only makes it all pairs.
    assert!(
        (0.4..0.6).contains(&ranks.larger),
        "{}: one kind of address takes longer: {ranks:?}",
        asked.what
    );
}
