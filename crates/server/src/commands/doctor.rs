//! `stoa doctor`: is everything as it should be?

mod mail;
mod media;
mod oidc;
mod outside;
mod redis;
mod replica;

use crate::{
    app::{Beside, connect_within, open_current_shop},
    cli::DoctorArgs,
    config::Config,
    telemetry,
};
use anyhow::Context;
use std::{io::Write, process::ExitCode, time::Duration};
use stoa_persistence::DbTarget;
use stoa_services::doctor::{Finding, Treatment};

/// How long the database may take to answer: whoever asks what is wrong wants to hear of it.
const PATIENCE: Duration = Duration::from_secs(5);

/// Examines configuration (which has been read by now), connections, migrations, and the shop's books. The books of a large shop take
/// longer to add up than any request may take.
pub(super) async fn run(config: &Config, args: &DoctorArgs) -> anyhow::Result<ExitCode> {
    telemetry::init(config)?;
    let config = &unhurried(config);
    let mut out = std::io::stdout();
    writeln!(out, "configuration: good")?;
    if !database(config, args.fix, &mut out).await? {
        return Ok(ExitCode::FAILURE);
    }
    writeln!(out, "database: reached, and of this version")?;
    let beside = Beside::open(config, open_current_shop(config).await?).await?;
    let mut findings = replica::examine(beside.db(), &mut out).await?;
    findings.extend(redis::examine(config, &mut out).await?);
    findings.extend(media::examine(config, &mut out).await?);
    findings.extend(mail::examine(config, &mut out).await?);
    findings.extend(oidc::examine(config, &mut out).await?);
    findings.extend(outside::examine(config, &mut out).await?);
    let treatment = Treatment { fix: args.fix, payments: args.payments };
    let examined = beside.services.doctor.examine(treatment).await;
    let end = beside.services.audit_log.head().await;
    let kept = match args.audit_end {
        Some(known) => beside.services.doctor.audit_end(known).await,
        None => Ok(None),
    };
    beside.close().await?;
    findings.extend(examined.context("the examination was broken off")?);
    findings.extend(kept.context("the audit log cannot be read")?);
    findings.extend(apart(config));
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

/// Whether the rest can be examined; tells what keeps it from that.
async fn database(config: &Config, fix: bool, out: &mut impl Write) -> anyhow::Result<bool> {
    if let DbTarget::Sqlite(file) = &config.database.target
        && !file.exists()
    {
        let file = file.display();
        writeln!(out, "database.migrations: there is no database at {file}; `stoa migrate` makes it.")?;
        return Ok(false);
    }
    let db = match connect_within(PATIENCE, config).await {
        Ok(db) => db,
        Err(error) => {
            tell(out, &unreachable(&error))?;
            return Ok(false);
        }
    };
    let pending = db.pending_migrations().await.context("the database cannot be compared")?;
    let complete = match pending.len() {
        0 => true,
        _ if fix => {
            db.migrate().await.context("the database cannot be migrated")?;
            true
        }
        lacking => {
            let remedy = "`stoa migrate` or `stoa doctor --fix` applies them.";
            writeln!(out, "database.migrations: {lacking} steps are missing; {remedy}")?;
            false
        }
    };
    db.close().await?;
    Ok(complete)
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
