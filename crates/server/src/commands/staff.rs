//! `stoa staff`: who owns the shop, and what helps whoever cannot get in any more.

use crate::{
    app::{Beside, open_current_shop},
    cli::StaffCommand,
    config::Config,
    telemetry,
};
use anyhow::{Context, bail};
use secrecy::ExposeSecret;
use std::{io::Write, process::ExitCode, sync::Arc};
use stoa_domain::{
    access::{Actor, Grant, Permit},
    shared::{EmailAddress, page::PageRequest},
    staff::StaffMember,
};
use stoa_services::{
    Services,
    staff::{NewOwner, OwnerCreated, PrintedLink},
};

/// How many of the staff are read at a time.
const PAGE: u32 = 100;

pub(super) async fn run(config: &Config, command: &StaffCommand) -> anyhow::Result<ExitCode> {
    telemetry::init(config)?;
    let beside = Beside::open(config, open_current_shop(config).await?).await?;
    let done = act(&beside.services, command).await;
    beside.close().await?;
    std::io::stdout().write_all(done?.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// What there is to say.
async fn act(services: &Services, command: &StaffCommand) -> anyhow::Result<String> {
    match command {
        StaffCommand::CreateOwner { email, replace } => {
            let new = NewOwner { email: address(email)?, replace: *replace, locale: None };
            let made = services.create_owner.run(&permit(services)?, &new).await;
            Ok(match made.context("nobody was made the owner; see --help")? {
                OwnerCreated::Link(link) => {
                    told(&link, "The shop is theirs as soon as they have chosen a password")
                }
                OwnerCreated::Given => format!("The shop belongs to {email}, who signs in as before.\n"),
            })
        }
        StaffCommand::Reset { email } => {
            let reset = services.create_owner.reset(&permit(services)?, &address(email)?).await;
            let link = reset.context("no link was made")?;
            Ok(told(
                &link,
                "They choose a new password, and their second factor goes; every sign-in has ended",
            ))
        }
        StaffCommand::List => list(services).await,
    }
}

async fn list(services: &Services) -> anyhow::Result<String> {
    let by = permit(services)?;
    let mut text = String::new();
    let mut request = PageRequest::first(PAGE);
    loop {
        let page = services.staff_members.list(&by, &request).await?;
        let ids: Vec<_> = page.nodes().copied().collect();
        for member in services.staff_members.find_all(&by, &ids).await? {
            text += &line(&member);
        }
        let Some(last) = page.rows.last().filter(|_| page.info.has_next) else { break };
        request.after = Some(last.cursor.clone());
    }
    if text.is_empty() {
        text = "Nobody. `stoa staff create-owner EMAIL` makes the first.\n".to_owned();
    }
    Ok(text)
}

fn line(member: &StaffMember) -> String {
    let factor = if member.totp_since.is_some() { "two factors" } else { "password only" };
    let owner = if member.owner { "  owner" } else { "" };
    format!("{}  {}  {}  {factor}{owner}\n", member.email.as_str(), member.name.as_str(), member.state.name())
}

fn told(link: &PrintedLink, what: &str) -> String {
    let until = link.until.format("%Y-%m-%d %H:%M:%S UTC");
    format!("{what}. The link works once, until {until}:\n\n  {}\n", link.address.expose_secret())
}

fn address(text: &str) -> anyhow::Result<EmailAddress> {
    match EmailAddress::parse(text) {
        Ok(email) => Ok(email),
        Err(_) => bail!("{text} is no e-mail address"),
    }
}

/// Whoever has typed the command, by the name the machine knows them under.
pub(super) fn operator() -> Actor {
    let user = std::env::var("USER").or_else(|_| std::env::var("LOGNAME"));
    Actor::command(user.unwrap_or_else(|_| "unknown".to_owned()))
}

/// Whoever is at the machine could write into the database as well.
pub(super) fn permit<G: Grant>(services: &Services) -> anyhow::Result<Permit<G>> {
    let actor = Arc::new(operator());
    let rules = &services.context().settings().accounts.staff_access;
    Ok(actor.permit(rules, services.now())?)
}
