//! A PostgreSQL of the test program's own: made by `initdb` in a folder that is removed, reached
//! by a socket in it, stopped when the test program ends, however it ends.

use std::io::Read;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// Runs the server, and again if it ends, until standard input ends, which it does with the test
/// program.
const UNTIL_WE_END: &str = r#"
touch "$2/run"
while [ -e "$2/run" ]; do
    "$1" -D "$2/data" -k "$2" -c listen_addresses='' -c max_connections=200 >>"$2/log" 2>&1
    sleep 0.1
done &
server=$!
cat >/dev/null
rm "$2/run"
while kill -0 $server 2>/dev/null; do
    pid=$(head -n 1 "$2/data/postmaster.pid" 2>/dev/null) && kill -INT $pid 2>/dev/null
    sleep 0.1
done
rm -rf "$2"
"#;

struct Server {
    folder: PathBuf,
    /// Its standard input is open as long as this program runs.
    _shell: Child,
}

static SERVER: OnceLock<Option<Server>> = OnceLock::new();
static DATABASES: AtomicU32 = AtomicU32::new(0);

/// How to reach a new, empty database, or nothing where PostgreSQL is not installed. Under `CI` it
/// has to be.
pub fn database() -> Option<String> {
    let server = SERVER.get_or_init(|| {
        let programs = programs();
        if programs.is_none() {
            assert!(
                std::env::var_os("CI").is_none(),
                "CI needs the package postgresql"
            );
            eprintln!("SKIPPED: no initdb here, so NOTHING IS TESTED ON POSTGRESQL");
        }
        programs.map(|programs| start(&programs))
    });
    let server = server.as_ref()?;
    let name = format!("ledger_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
    run_sql(&server.folder, &format!("CREATE DATABASE {name}"));
    Some(format!(
        "host={} user=ledger dbname={name}",
        server.folder.display()
    ))
}

/// The folder of PostgreSQL's programs: Debian keeps it off the path.
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten();
    folders.extend(versions.flatten().map(|version| version.path().join("bin")));
    let has = |folder: &&PathBuf| {
        ["initdb", "postgres", "psql"]
            .iter()
            .all(|program| folder.join(program).exists())
    };
    folders.iter().find(has).cloned()
}

fn start(programs: &Path) -> Server {
    let folder = tempfile::tempdir().expect("a folder for the server").keep();
    // The server refuses to run as root, so it runs as the system's nobody then.
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
    let (uid, gid) = (65_534, 65_534);
    let plain = |mut command: Command| {
        if is_root {
            command.uid(uid).gid(gid);
        }
        command.current_dir(&folder);
        command
    };
    if is_root {
        chown(&folder, Some(uid), Some(gid)).expect("a folder for the plain user");
    }
    let mut initdb = plain(Command::new(programs.join("initdb")));
    initdb.args([
        "--no-sync",
        "--encoding=UTF8",
        "--locale=C",
        "--username=ledger",
        "--auth=trust",
    ]);
    let made = initdb
        .arg("-D")
        .arg(folder.join("data"))
        .output()
        .expect("initdb");
    assert!(
        made.status.success(),
        "initdb: {}",
        String::from_utf8_lossy(&made.stderr)
    );
    let mut shell = plain(Command::new("sh"));
    shell
        .args(["-c", UNTIL_WE_END, "sh"])
        .arg(programs.join("postgres"))
        .arg(&folder);
    let shell = shell.stdin(Stdio::piped()).spawn();
    let shell = shell.expect("a shell for the server");
    let until = Instant::now() + Duration::from_secs(60);
    while !folder.join(".s.PGSQL.5432").exists() || !is_ready(&folder) {
        assert!(
            Instant::now() < until,
            "the server does not start: {}",
            log(&folder)
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    Server {
        folder,
        _shell: shell,
    }
}

/// Does something to a database of [`database`] behind the ledger's back.
pub fn run(config: &str, sql: &str) {
    let server = SERVER.get().and_then(Option::as_ref).expect("a server");
    let name = config.split("dbname=").nth(1).expect("a database's name");
    let done = psql(&server.folder, name, sql);
    assert!(
        done.status.success(),
        "{sql}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
}

/// Ends the server by a signal, as `kill` names it. It is started again.
pub fn end(signal: &str) {
    let server = SERVER.get().and_then(Option::as_ref).expect("a server");
    let file = std::fs::read_to_string(server.folder.join("data/postmaster.pid"));
    let file = file.expect("the server's number");
    let pid = file.lines().next().expect("a line");
    let ended = Command::new("kill").args([signal, pid]).status();
    assert!(ended.expect("a kill").success(), "kill {signal} {pid}");
    let process = Path::new("/proc").join(pid);
    while process.exists() {
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// The processor time of a process in hundredths of a second, with that of its ended children.
fn ticks(process: &Path) -> Option<(String, u64)> {
    let stat = std::fs::read_to_string(process.join("stat")).ok()?;
    // The name before it is in brackets and may hold anything.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let times = fields.get(11..15)?.iter();
    let ticks = times.filter_map(|time| time.parse::<u64>().ok()).sum();
    Some((fields.get(1)?.to_string(), ticks))
}

/// The processor time of the server so far, and of this program, in hundredths of a second.
pub fn cpu() -> (u64, u64) {
    let server = SERVER.get().and_then(Option::as_ref).expect("a server");
    let file = std::fs::read_to_string(server.folder.join("data/postmaster.pid"));
    let file = file.expect("the server's number");
    let pid = file.lines().next().expect("a line");
    let of = |process: &Path| ticks(process).map_or(0, |(_, ticks)| ticks);
    let mut all = of(&Path::new("/proc").join(pid));
    for process in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        if let Some((parent, ticks)) = ticks(&process.path())
            && parent == pid
        {
            all += ticks;
        }
    }
    (all, of(Path::new("/proc/self")))
}

/// Waits until a server that was ended answers again.
pub fn comes_back() {
    let server = SERVER.get().and_then(Option::as_ref).expect("a server");
    let until = Instant::now() + Duration::from_secs(60);
    while !is_ready(&server.folder) {
        assert!(
            Instant::now() < until,
            "the server does not come back: {}",
            log(&server.folder)
        );
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn log(folder: &Path) -> String {
    let mut text = String::new();
    let file = std::fs::File::open(folder.join("log"));
    // The log only explains a failure that is reported anyway.
    let _ = file.and_then(|mut file| file.read_to_string(&mut text));
    text
}

fn psql(folder: &Path, database: &str, sql: &str) -> std::process::Output {
    let programs = programs().expect("the programs are still there");
    let mut psql = Command::new(programs.join("psql"));
    psql.args(["-qX", "-U", "ledger", "-d", database, "-c", sql, "-h"]);
    psql.arg(folder).output().expect("psql")
}

/// The answer of a database of [`database`], as `psql` prints it without its frame.
pub fn ask(config: &str, sql: &str) -> String {
    let server = SERVER.get().and_then(Option::as_ref).expect("a server");
    let name = config.split("dbname=").nth(1).expect("a database's name");
    let done = psql(&server.folder, name, &format!("COPY ({sql}) TO STDOUT"));
    String::from_utf8(done.stdout).expect("a text")
}

fn is_ready(folder: &Path) -> bool {
    psql(folder, "postgres", "SELECT 1").status.success()
}

fn run_sql(folder: &Path, sql: &str) {
    let done = psql(folder, "postgres", sql);
    assert!(
        done.status.success(),
        "{sql}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
}
