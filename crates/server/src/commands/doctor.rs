//! `stoa doctor`: is everything as it should be?

mod mail;
mod media;
mod oidc;
mod outside;
mod redis;
mod replica;

use super::staff::operator;
use crate::{
    app::{Beside, connect_within, open_current_shop},
    cli::DoctorArgs,
    config::Config,
    telemetry,
};
use anyhow::Context;
use std::{io::Write, process::ExitCode, time::Duration};
use stoa_persistence::DbTarget;
use stoa_services::doctor::{Finding, Notice, Treatment};

/// How long the database may take to answer: whoever asks what is wrong wants to hear of it.
const PATIENCE: Duration = Duration::from_secs(5);

/// Examines configuration (which has been read by now), connections, migrations, and the shop's books. The books of a large shop take
/// longer to add up than any request may take.
pub(super) async fn run(config: &Config, args: &DoctorArgs) -> anyhow::Result<ExitCode> {
    telemetry::init(config)?;
    let config = &unhurried(config);
    let mut out = std::io::stdout();
    writeln!(out, "configuration: good")?;
    let Some(applied) = database(config, args.fix, &mut out).await? else {
        return Ok(ExitCode::FAILURE);
    };
    writeln!(out, "database: reached, and of this version")?;
    let beside = Beside::open(config, open_current_shop(config).await?).await?;
    let mut findings = replica::examine(beside.db(), &mut out).await?;
    findings.extend(redis::examine(config, &mut out).await?);
    findings.extend(media::examine(config, &mut out).await?);
    findings.extend(mail::examine(config, &mut out).await?);
    findings.extend(oidc::examine(config, &mut out).await?);
    findings.extend(outside::examine(config, &mut out).await?);
    let treatment = Treatment { fix: args.fix, payments: args.payments };
    let by = operator();
    let noted = beside.services.doctor.migrated(&by, applied).await;
    let examined = beside.services.doctor.examine(&by, treatment).await;
    let end = beside.services.audit_log.head().await;
    let notices = beside.services.doctor.notices().await;
    let kept = match args.audit_end {
        Some(known) => beside.services.doctor.audit_end(known).await,
        None => Ok(None),
    };
    beside.close().await?;
    noted.context("the audit log cannot be written")?;
    findings.extend(examined.context("the examination was broken off")?);
    findings.extend(kept.context("the audit log cannot be read")?);
    findings.extend(apart(config));
    findings.extend(without_cookies(config));
    // Kept elsewhere, it shows later whether the log was cut off.
    let end = end.context("the audit log cannot be read")?;
    writeln!(out, "audit log: {} rows, the last with the hash {}", end.seq, end.hash)?;
    if end.seq > 0 {
        writeln!(
            out,
            "  kept where the database is not, --audit-end {}:{} shows if it was cut off",
            end.seq, end.hash
        )?;
    }
    for Notice { check, text, advice } in notices.context("the notices cannot be read")? {
        writeln!(out, "notice: {check}: {text}\n  {advice}")?;
    }
    for finding in &findings {
        tell(&mut out, finding)?;
    }
    let left = findings.iter().filter(|finding| !finding.mended).count();
    match (findings.len(), left) {
        (0, _) => writeln!(out, "stock, orders, payments, jobs and staff: nothing wrong was found")?,
        (found, 0) => writeln!(out, "{found} found, all of them mended")?,
        (found, left) => writeln!(out, "{found} found, {left} left to mend")?,
    }
    Ok(if left == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The same, but that the server gives no statement up.
fn unhurried(config: &Config) -> Config {
    let mut config = config.clone();
    config.database.postgres.statement_timeout = Duration::ZERO;
    config
}

fn tell(out: &mut impl Write, finding: &Finding) -> std::io::Result<()> {
    writeln!(out, "{}: {}", finding.check, finding.problem)?;
    match finding.mended {
        true => writeln!(out, "  It has been mended."),
        false => writeln!(out, "  {}", finding.remedy),
    }
}

/// How many steps were applied to it just now; `None` where the rest cannot be examined, and tells what keeps it from that.
async fn database(config: &Config, fix: bool, out: &mut impl Write) -> anyhow::Result<Option<usize>> {
    if let DbTarget::Sqlite(file) = &config.database.target
        && !file.exists()
    {
        let file = file.display();
        writeln!(out, "database.migrations: there is no database at {file}; `stoa migrate` makes it.")?;
        return Ok(None);
    }
    let db = match connect_within(PATIENCE, config).await {
        Ok(db) => db,
        Err(error) => {
            tell(out, &unreachable(&error))?;
            return Ok(None);
        }
    };
    let pending = db.pending_migrations().await.context("the database cannot be compared")?;
    let applied = match pending.len() {
        0 => Some(0),
        lacking if fix => {
            db.migrate().await.context("the database cannot be migrated")?;
            Some(lacking)
        }
        lacking => {
            let remedy = "`stoa migrate` or `stoa doctor --fix` applies them.";
            writeln!(out, "database.migrations: {lacking} steps are missing; {remedy}")?;
            None
        }
    };
    db.close().await?;
    Ok(applied)
}

fn unreachable(error: &anyhow::Error) -> Finding {
    Finding {
        check: "database.reachable",
        problem: format!("{error:#}"),
        remedy: "See that the database runs and is reached from here, and that database.url names it with a user and a password that it \
                 knows; of a file, that it is one of ours and may be written. The database's own log says what it refuses.",
        mended: false,
    }
}

/// Whether files may be missed at another instance, by the settings alone: nobody here can see what another machine has mounted.
fn apart(config: &Config) -> Option<Finding> {
    config.files_may_be_apart().then(|| Finding {
        check: "media.shared",
        problem: format!(
            "files lie in {}, and nothing says that all instances have that folder: at another one the link to somebody's data would lead \
             nowhere, and what is erased there would stay here",
            config.data_dir.join("media").display()
        ),
        remedy: "Let all instances share the disk of that folder and set media.shared = true, or keep files in a bucket (media.store = \
                 \"s3\"). With one instance just set media.shared = true.",
        mended: false,
    })
}

/// Whether the shop's own address is one at which browsers keep no cookie.
fn without_cookies(config: &Config) -> Option<Finding> {
    config.cookies_are_lost().then(|| Finding {
        check: "server.public_url",
        problem: format!(
            "browsers keep no cookie of {}, which is plain http on another machine: carts on the shop's pages are lost, and nobody signs in \
             by a cookie",
            config.settings.public_url
        ),
        remedy: "Let a proxy end TLS, or set tls.certificate and tls.key, and set server.public_url to the https:// address. Storefronts \
                 that keep ids of carts and tokens themselves need neither, but send them in the clear.",
        mended: false,
    })
}
