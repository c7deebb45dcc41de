//! A Postgres of a test's own, to be logged, restarted, paused, or given certificates. Nothing of it is left afterwards.

use super::port;
use std::{
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

/// A server that runs, with its data in a folder of its own.
pub(crate) struct OwnPostgres {
    folder: tempfile::TempDir,
    programs: PathBuf,
    /// Whose it is, where we are root: it refuses to run as that.
    user: Option<&'static str>,
    pub(crate) port: u16,
}

impl OwnPostgres {
    /// A server with these settings beside its defaults. `prepare` is given the folder of its data before it starts.
    pub(crate) fn start(settings: &[(&str, &str)], prepare: impl FnOnce(&Self)) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/postgres-folder.sh");
        let found = Command::new(script).output().expect("the script runs");
        assert!(found.status.success(), "there is no Postgres: scripts/tools.sh installs it");
        let programs = PathBuf::from(String::from_utf8(found.stdout).expect("a path").trim());
        let root = said(Command::new("id").arg("-u")).trim() == "0";
        let user = root.then(|| {
            if Command::new("id").arg("postgres").output().is_ok_and(|o| o.status.success()) {
                "postgres"
            } else {
                "nobody"
            }
        });
        let folder = tempfile::tempdir().expect("a folder");
        // The server's user must get through to its own folder in it.
        std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o711)).expect("permissions");
        let mut server = Self { folder, programs, user, port: 0 };
        std::fs::create_dir(server.data()).expect("a folder");
        server.give_away(&server.data());
        let data = server.data();
        said(server.program("initdb").arg("-D").arg(&data).args([
            "-U",
            "postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ]));
        prepare(&server);
        for attempt in 0.. {
            // `pg_ctl` waits for what the process itself notes in its folder: whoever else has the port is not taken for it.
            server.port = port::free();
            server.configure(settings);
            let mut start = server.control("start", &["-w", "-t", "120"]);
            let output = start.output().expect("pg_ctl runs");
            if output.status.success() {
                break;
            }
            assert!(attempt < 5, "{output:?} {}", server.log());
        }
        server
    }

    /// The URL of its first database.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// The folder of its data.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// What it has logged.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.data().join("log")).unwrap_or_default()
    }

    /// Makes a file or folder the server's own, which it insists on for keys.
    pub(crate) fn give_away(&self, path: &Path) {
        if let Some(user) = self.user {
            said(Command::new("chown").arg(user).arg(path));
        }
    }

    /// Stops it in this mode (`fast` ends sessions in order, `immediate` is a crash), and starts it again.
    pub(crate) fn restart(&self, mode: &str) {
        said(&mut self.control("stop", &["-w", "-m", mode]));
        said(&mut self.control("start", &["-w", "-t", "120"]));
    }

    /// Keeps every process of it from running, as a machine does whose disk has stopped to answer.
    pub(crate) fn pause(&self) {
        let main = self.main_process();
        signal("STOP", main);
        self.sessions(main).into_iter().for_each(|process| signal("STOP", process));
    }

    /// Lets it run on.
    pub(crate) fn resume(&self) {
        let main = self.main_process();
        self.sessions(main).into_iter().for_each(|process| signal("CONT", process));
        signal("CONT", main);
    }

    fn main_process(&self) -> u32 {
        let file = std::fs::read_to_string(self.data().join("postmaster.pid")).expect("it runs");
        file.lines().next().and_then(|line| line.trim().parse().ok()).expect("a process")
    }

    fn sessions(&self, main: u32) -> Vec<u32> {
        let list = said(Command::new("ps").args(["-o", "pid=", "--ppid", &main.to_string()]));
        list.split_ascii_whitespace().map(|process| process.parse().expect("a process")).collect()
    }

    fn configure(&self, settings: &[(&str, &str)]) {
        let port = self.port.to_string();
        let always = [
            ("port", port.as_str()),
            ("listen_addresses", "127.0.0.1"),
            ("unix_socket_directories", ""),
            ("max_connections", "200"),
        ];
        let text: String =
            always.iter().chain(settings).map(|(name, value)| format!("{name} = '{value}'\n")).collect();
        std::fs::write(self.data().join("postgresql.conf"), text).expect("the configuration is written");
    }

    fn control(&self, verb: &str, more: &[&str]) -> Command {
        let data = self.data();
        let mut command = self.program("pg_ctl");
        command.arg("-D").arg(&data).arg("-l").arg(data.join("log")).args(more).arg(verb);
        command
    }

    fn program(&self, name: &str) -> Command {
        let path = self.programs.join(name);
        let mut command = match self.user {
            Some(user) => {
                let mut runuser = Command::new("runuser");
                runuser.args(["-u", user, "--"]).arg(path);
                runuser
            }
            None => Command::new(path),
        };
        command.current_dir("/").stdin(std::process::Stdio::null());
        command
    }
}

impl Drop for OwnPostgres {
    fn drop(&mut self) {
        if self.data().join("postmaster.pid").exists() {
            self.resume();
            let _ = self.control("stop", &["-w", "-m", "immediate"]).output();
        }
    }
}

fn signal(name: &str, process: u32) {
    // A session may have ended meanwhile.
    let _ = Command::new("kill").args(["-s", name, &process.to_string()]).output();
}

fn said(command: &mut Command) -> String {
    let output = command.output().expect("the program is there");
    assert!(output.status.success(), "{command:?}: {output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}
