//! The desk is ended, copied and looked at.

use crate::parcels::parcel;
use crate::server::Server;
use serde_json::Value;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

#[test]
fn what_was_acknowledged_is_there_after_the_end() {
    let server = Server::start();
    let key = server.key("default", "operator");
    let acknowledged = Mutex::new(Vec::new());
    let stop = AtomicBool::new(false);
    let server = &server;
    thread::scope(|scope| {
        for worker in 0..4 {
            let (key, acknowledged, stop) = (&key, &acknowledged, &stop);
            scope.spawn(move || {
                for at in 0.. {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let id = format!("W{worker}-{at}");
                    let sent = server.try_post("/v1/shipments", key, &parcel(&id, "1.00"));
                    match sent {
                        Some(answer) if answer.status == 200 => {
                            acknowledged.lock().unwrap().push(id);
                        }
                        // The end has begun.
                        _ => break,
                    }
                }
            });
        }
        while acknowledged.lock().unwrap().len() < 200 {
            thread::yield_now();
        }
        server.terminate();
        stop.store(true, Ordering::Relaxed);
    });
    let home = server.ended();
    let again = Server::start_in(home, &[]);
    let acknowledged = acknowledged.into_inner().unwrap();
    for id in &acknowledged {
        let kept = again.get(&format!("/v1/shipments/{id}"), &key);
        assert_eq!(kept.status, 200, "{id} of {}", acknowledged.len());
    }
}

#[test]
fn a_copy_made_while_it_runs_is_a_whole_desk() {
    let server = Server::start();
    let key = server.key("default", "operator");
    for at in 0..20 {
        let one = parcel(&format!("P-{at}"), "1.00");
        assert_eq!(server.post("/v1/shipments", &key, &one).status, 200);
    }
    let folder = tempfile::tempdir().unwrap();
    let (ledger, desk) = (
        folder.path().join("l.sqlite"),
        folder.path().join("d.sqlite"),
    );
    let run = |command: &mut Command| {
        let done = command.output().unwrap();
        assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );
    };
    run(server.command().args(["ledger", "backup"]).arg(&ledger));
    run(server.command().args(["access", "backup"]).arg(&desk));
    // Another installation with the key, which is kept apart from the copies.
    let home = tempfile::tempdir().unwrap();
    std::fs::copy(
        server.home().join("ledger.key"),
        home.path().join("ledger.key"),
    )
    .unwrap();
    let other = |command: &mut Command| run(command.env("DEMINIMIS_HOME", home.path()));
    other(server.command().args(["ledger", "restore"]).arg(&ledger));
    other(server.command().args(["access", "restore"]).arg(&desk));
    let restored = Server::start_in(home, &[]);
    assert!(restored.first.is_none());
    let kept = restored.get("/v1/shipments/P-19", &key);
    assert_eq!(kept.json()["state"], "reserved", "{}", kept.text());
}

#[test]
fn the_doctor_says_what_is_in_force_and_what_is_wrong() {
    let server = Server::with_settings("request_seconds = 7\n");
    let ask = |more: &[(&str, &str)]| {
        let mut command = server.command();
        command
            .args(["doctor", "--format", "json"])
            .envs(more.iter().copied());
        let done = command.output().unwrap();
        let told: Value = serde_json::from_slice(&done.stdout)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&done.stderr)));
        (done.status.code(), told)
    };
    let setting = |told: &Value, name: &str| {
        let all = told["settings"].as_array().unwrap();
        let found = all.iter().find(|one| one["name"] == name).unwrap();
        format!(
            "{} {}",
            found["value"].as_str().unwrap(),
            found["from"].as_str().unwrap()
        )
    };
    let (status, told) = ask(&[]);
    assert_eq!(status, Some(0), "{told}");
    assert_eq!(setting(&told, "request_seconds"), "7 deminimis.toml");
    assert_eq!(setting(&told, "listen"), "127.0.0.1:8321 default");
    let (status, told) = ask(&[("DEMINIMIS_LISTEN", "0.0.0.0:443")]);
    assert_eq!(setting(&told, "listen"), "0.0.0.0:443 environment");
    assert_eq!(status, Some(1), "{told}");
    let wrong: Vec<&Value> = told["checks"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|check| check["well"] == false)
        .map(|check| &check["check"])
        .collect();
    assert_eq!(wrong, ["address"]);
    // And the desk refuses the same.
    let refused = server
        .command()
        .args(["serve", "--listen", "0.0.0.0:0"])
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--tls-cert"));
}
