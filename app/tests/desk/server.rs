//! A desk of the test's own: the real program, with a data folder that is removed, on a port that
//! was free.

use serde_json::Value;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use tempfile::TempDir;
use ureq::http::{HeaderMap, Response};

const PROGRAM: &str = env!("CARGO_BIN_EXE_deminimis");

pub struct Server {
    home: TempDir,
    child: Mutex<Child>,
    /// Such as `http://127.0.0.1:40123`.
    pub address: String,
    /// The path of the first admin's link.
    pub first: Option<String>,
    agent: ureq::Agent,
}

pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The stable code of a problem.
    pub fn code(&self) -> String {
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{}",
            self.text()
        );
        let problem = self.json();
        assert_eq!(problem["status"], self.status);
        problem["code"].as_str().unwrap().to_owned()
    }
}

impl Server {
    /// A desk without anything.
    pub fn start() -> Server {
        Server::start_in(tempfile::tempdir().unwrap(), &[])
    }

    /// A desk with settings, as `[serve]` of its configuration has them.
    pub fn with_settings(settings: &str) -> Server {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(
            home.path().join("deminimis.toml"),
            format!("[serve]\n{settings}"),
        )
        .unwrap();
        Server::start_in(home, &[])
    }

    /// A desk over a data folder, with more arguments.
    pub fn start_in(home: TempDir, more: &[&str]) -> Server {
        let mut child = command(home.path())
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(more)
            .stdout(Stdio::piped())
            .stderr(File::create(home.path().join("log")).unwrap())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut address = None;
        let mut first = None;
        while address.is_none() || first.is_none() {
            // Whoever has an admin already is told of no link: the next line does not come.
            let Some(Ok(line)) = lines.next() else {
                panic!("the desk did not begin");
            };
            if let Some(at) = line.strip_prefix("deminimis desk at ") {
                address = Some(at.to_owned());
            } else if let Some((_, path)) = line.split_once("/welcome?") {
                first = Some(format!("/welcome?{path}"));
            } else if line == "ready" {
                break;
            }
        }
        let config = ureq::Agent::config_builder().http_status_as_error(false);
        Server {
            home,
            child: Mutex::new(child),
            address: address.unwrap(),
            first,
            agent: config.max_redirects(0).build().into(),
        }
    }

    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// What was logged so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.home().join("log")).unwrap()
    }

    /// The most memory that the program has had, in kilobytes, where the system tells it.
    pub fn most_memory(&self) -> Option<u64> {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", self.child.lock().unwrap().id()))
                .ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.trim().strip_suffix("kB")?.trim().parse().ok()
    }

    /// The program with this desk's data folder.
    pub fn command(&self) -> Command {
        command(self.home())
    }

    /// A key of a tenant, which is made if it is not there.
    pub fn key(&self, tenant: &str, role: &str) -> String {
        for args in [
            vec!["access", "tenant", tenant],
            vec!["access", "key", "test", "--role", role, "--tenant", tenant],
        ] {
            let made = self.command().args(&args).output().unwrap();
            let said = String::from_utf8_lossy(&made.stderr);
            assert!(made.status.success(), "{said}");
            if args[1] == "key" {
                return String::from_utf8(made.stdout).unwrap().trim().to_owned();
            }
        }
        unreachable!("a key was made");
    }

    pub fn get(&self, path: &str, key: &str) -> Answer {
        self.ask(
            "GET",
            path,
            &[("authorization", &format!("Bearer {key}"))],
            &[],
        )
    }

    pub fn post(&self, path: &str, key: &str, body: &Value) -> Answer {
        let headers = [
            ("authorization", &*format!("Bearer {key}")),
            ("content-type", "application/json"),
        ];
        self.ask("POST", path, &headers, body.to_string().as_bytes())
    }

    /// The same, for a server that may have gone.
    pub fn try_post(&self, path: &str, key: &str, body: &Value) -> Option<Answer> {
        let sent = self
            .agent
            .post(format!("{}{path}", self.address))
            .header("authorization", format!("Bearer {key}"))
            .header("content-type", "application/json")
            .send(body.to_string().as_bytes());
        sent.ok().map(read)
    }

    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = match body.is_empty() {
            true => self.agent.run(request.body(()).unwrap()),
            false => self.agent.run(request.body(body).unwrap()),
        };
        read(answer.unwrap_or_else(|error| panic!("{method} {path}: {error}")))
    }

    /// Tells it to end, as a service manager does.
    pub fn terminate(&self) {
        let pid = self.child.lock().unwrap().id().to_string();
        Command::new("kill").args(["-TERM", &pid]).status().unwrap();
    }

    /// Ends it as a failure of power does.
    pub fn kill(self) -> TempDir {
        let mut child = self.child.lock().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        drop(child);
        self.leave()
    }

    /// Waits for its end; its data folder.
    pub fn ended(&self) -> TempDir {
        let ended = self.child.lock().unwrap().wait().unwrap();
        assert!(ended.success(), "{ended}");
        self.leave()
    }

    fn leave(&self) -> TempDir {
        let kept = tempfile::tempdir().unwrap();
        // The folder goes with the server: what is in it goes on under another name.
        for entry in std::fs::read_dir(self.home()).unwrap() {
            let entry = entry.unwrap();
            std::fs::rename(entry.path(), kept.path().join(entry.file_name())).unwrap();
        }
        kept
    }

    /// Tells it to end and waits.
    pub fn end(self) -> TempDir {
        self.terminate();
        self.ended()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let child = self.child.get_mut().unwrap();
        let _ = child.kill();
        let _ = child.wait();
    }
}

fn command(home: &Path) -> Command {
    let mut command = Command::new(PROGRAM);
    command.env("DEMINIMIS_HOME", home).current_dir(home);
    for name in [
        "DATABASE_URL",
        "DEMINIMIS_LEDGER_KEY_FILE",
        "DEMINIMIS_LISTEN",
    ] {
        command.env_remove(name);
    }
    command
}

fn read(mut answer: Response<ureq::Body>) -> Answer {
    Answer {
        status: answer.status().as_u16(),
        headers: answer.headers().clone(),
        body: answer
            .body_mut()
            .with_config()
            .limit(64 << 20)
            .read_to_vec()
            .unwrap(),
    }
}
