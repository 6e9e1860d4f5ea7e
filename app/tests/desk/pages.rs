//! The pages over HTTP: who may come, how a session begins and ends, what forms do. What they look
//! like is shown in a browser (`browser.rs`).

use crate::parcels::parcel;
use crate::server::{Answer, Server};

const PASSWORD: &str = "correct horse battery";

/// Somebody at a browser: what the server gave it to keep.
pub struct Visitor<'a> {
    server: &'a Server,
    cookie: String,
}

impl<'a> Visitor<'a> {
    /// Who follows the first admin's link.
    pub fn first(server: &'a Server) -> Visitor<'a> {
        let token = server.first.as_ref().unwrap().split_once('=').unwrap().1;
        let form = format!(
            "token={token}&login=ann&password={}",
            PASSWORD.replace(' ', "+")
        );
        let answer = send(server, "/welcome", "", &form);
        assert_eq!((answer.status, answer.header("location")), (303, "/"));
        Visitor::with(server, &answer)
    }

    fn with(server: &'a Server, answer: &Answer) -> Visitor<'a> {
        let kept = answer.header("set-cookie");
        let (cookie, about) = kept.split_once(';').unwrap();
        assert!(
            about.contains("HttpOnly; SameSite=Strict; Path=/"),
            "{kept}"
        );
        // This server has no TLS: a cookie for TLS alone would never come back.
        assert!(!about.contains("Secure"));
        Visitor {
            server,
            cookie: cookie.to_owned(),
        }
    }

    pub fn see(&self, path: &str) -> Answer {
        let headers = [("cookie", &*self.cookie), ("accept", "text/html")];
        self.server.ask("GET", path, &headers, &[])
    }

    /// Sends a form with the token that the pages of this session have.
    pub fn send(&self, path: &str, form: &str) -> Answer {
        let page = self.see("/parcels").text();
        let token = page.split_once("name=\"csrf\" value=\"").unwrap().1;
        let token = token.split_once('"').unwrap().0;
        send(
            self.server,
            path,
            &self.cookie,
            &format!("{form}&csrf={token}"),
        )
    }
}

fn send(server: &Server, path: &str, cookie: &str, form: &str) -> Answer {
    let mut headers = vec![("content-type", "application/x-www-form-urlencoded")];
    if !cookie.is_empty() {
        headers.push(("cookie", cookie));
    }
    server.ask("POST", path, &headers, form.as_bytes())
}

#[test]
fn a_session_begins_with_the_first_link_and_ends_with_the_log_out() {
    let server = Server::start();
    let link = server.first.clone().unwrap();
    assert_eq!(server.ask("GET", &link, &[], &[]).status, 200);
    let short = link.replace("/welcome?", "") + "&login=ann&password=short";
    let refused = send(&server, "/welcome", "", &short);
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("12 to 200 letters"));
    let ann = Visitor::first(&server);
    let page = ann.see("/parcels");
    assert_eq!(page.status, 200);
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(page.text().contains("No parcels yet"), "{}", page.text());
    // The link was good once.
    let used = server.ask("GET", &link, &[("accept", "text/html")], &[]);
    assert_eq!(used.status, 404);
    assert!(used.text().contains("<h1>"), "{}", used.text());
    // A log-in begins another session and ends the one that came with it.
    let form = format!("login=ann&password={}", PASSWORD.replace(' ', "%20"));
    let again = ann.send("/login", &form);
    assert_eq!(again.status, 303, "{}", again.text());
    let later = Visitor::with(&server, &again);
    assert_ne!(later.cookie, ann.cookie);
    assert_eq!(ann.see("/parcels").header("location"), "/login");
    assert_eq!(later.see("/parcels").status, 200);
    let out = later.send("/logout", "");
    assert_eq!((out.status, out.header("location")), (303, "/login"));
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(later.see("/parcels").status, 303);
    let compliance = server.key("default", "compliance");
    let audit = server.get("/v1/audit", &compliance).text();
    for act in ["user.accept", "session.begin", "session.end"] {
        assert!(audit.contains(act), "{act}: {audit}");
    }
}

#[test]
fn a_wrong_log_in_says_the_same_whoever_it_is() {
    let server = Server::start();
    drop(Visitor::first(&server));
    let try_as = |login: &str, password: &str| {
        let form = format!("login={login}&password={password}");
        let answer = send(&server, "/login", "", &form);
        let text = answer.text().replace(login, "LOGIN");
        (answer.status, text)
    };
    let (nobody, wrong) = (try_as("bob", "x"), try_as("ann", "x"));
    assert_eq!(nobody.0, 422, "{}", nobody.1);
    assert_eq!(nobody, wrong);
    for _ in 0..4 {
        assert_eq!(try_as("ann", "x"), wrong);
    }
    // Five wrong ones lock: the right one is not tried, and nothing says so.
    let right = PASSWORD.replace(' ', "+");
    assert_eq!(try_as("ann", &right), wrong);
    // More tries in a minute than anybody needs are not made, of a login that is there or not.
    for login in ["ann", "bob"] {
        let tries: Vec<_> = (0..12).map(|_| try_as(login, "x")).collect();
        let last = &tries[11];
        assert_eq!(last.0, 429, "{}", last.1);
    }
}

#[test]
fn behind_another_server_its_last_word_says_who_asks() {
    for behind in [true, false] {
        let server = Server::with_settings(&format!("behind_proxy = {behind}\n"));
        let ann = Visitor::first(&server);
        drop(ann);
        let from = |address: &str, login: &str, password: &str| {
            let headers = [
                ("content-type", "application/x-www-form-urlencoded"),
                // What the client wrote, and what the server before the desk has added.
                ("x-forwarded-for", &*format!("203.0.113.5, {address}")),
                ("x-forwarded-proto", "https"),
            ];
            let form = format!("login={login}&password={password}");
            server.ask("POST", "/login", &headers, form.as_bytes())
        };
        let right = PASSWORD.replace(' ', "+");
        let kept = from("192.0.2.9", "ann", &right);
        assert_eq!(kept.status, 303, "{}", kept.text());
        let cookie = kept.header("set-cookie");
        assert_eq!(cookie.ends_with("; Secure"), behind, "{cookie}");
        let tries: Vec<u16> = (0..61)
            .map(|at| from("192.0.2.7", &format!("u{at}"), "x").status)
            .collect();
        assert_eq!(tries[60], 429, "{tries:?}");
        // Whoever comes from elsewhere is counted by himself where that is known.
        let other = from("192.0.2.8", "u61", "x").status;
        assert_eq!(other, if behind { 422 } else { 429 });
    }
}

#[test]
fn forms_from_elsewhere_change_nothing() {
    let server = Server::start();
    let ann = Visitor::first(&server);
    let form = "name=till&role=operator&days=";
    for forged in ["", "&csrf=", "&csrf=0000"] {
        let answer = send(
            &server,
            "/settings/keys",
            &ann.cookie,
            &format!("{form}{forged}"),
        );
        assert_eq!(answer.status, 403, "{}", answer.text());
        assert!(answer.text().contains("not from a page of this session"));
    }
    assert!(!ann.see("/settings").text().contains("till"));
    // Nobody is logged in by another site's form.
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("sec-fetch-site", "cross-site"),
    ];
    let body = format!("login=ann&password={}", PASSWORD.replace(' ', "+"));
    let answer = server.ask("POST", "/login", &headers, body.as_bytes());
    assert_eq!(answer.status, 403, "{}", answer.text());
    assert_eq!(answer.header("set-cookie"), "");
}

#[test]
fn settings_make_keys_and_invite_users() {
    let server = Server::start();
    let ann = Visitor::first(&server);
    let made = ann.send("/settings/keys", "name=till+%3Cb%3E&role=operator&days=30");
    assert_eq!(made.status, 200);
    let text = made.text();
    assert!(
        text.contains("till &#60;b&#62;") && !text.contains("<b>"),
        "{text}"
    );
    let key = text.split_once("id=\"made-key\">").unwrap().1;
    let key = key.split_once('<').unwrap().0;
    let entered = server.post("/v1/shipments", key, &parcel("PX/1 ü", "5.00"));
    assert_eq!(entered.status, 200, "{}", entered.text());
    // It is shown once.
    let later = ann.see("/settings").text();
    assert!(!later.contains(key) && later.contains("Take back"));
    let id = later.split_once("/settings/keys/").unwrap().1;
    let id = id.split_once("/revoke").unwrap().0;
    assert_eq!(
        ann.send(&format!("/settings/keys/{id}/revoke"), "").status,
        303
    );
    assert_eq!(server.get("/v1/shipments/x", key).status, 401);
    for wrong in [
        "name=&role=operator",
        "name=x&role=king",
        "name=x&role=viewer&days=0",
    ] {
        let answer = ann.send("/settings/keys", wrong);
        assert_eq!(answer.status, 422, "{wrong}: {}", answer.text());
        assert!(answer.text().contains("role=\"alert\""));
    }
    let invited = ann.send("/settings/invitations", "role=viewer").text();
    let link = invited.split_once("/welcome?token=").unwrap().1;
    let token = link.split_once('<').unwrap().0;
    let taken = format!(
        "token={token}&login=ann&password={}",
        PASSWORD.replace(' ', "+")
    );
    let refused = send(&server, "/welcome", "", &taken);
    assert!(
        refused.text().contains("this login is taken"),
        "{}",
        refused.text()
    );
    let fine = taken.replace("login=ann", "login=vic");
    let vic = Visitor::with(&server, &send(&server, "/welcome", "", &fine));
    // A viewer finds the parcel that the key entered, without whose it is, and no settings.
    let list = vic.see("/parcels").text();
    let link = "href=\"/parcels/PX%2F1%20%C3%BC\"";
    assert!(list.contains(link) && !list.contains("/settings"), "{list}");
    let page = vic.see("/parcels/PX%2F1%20%C3%BC");
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(page.text().contains("for the role operator and above"));
    assert!(!page.text().contains("Ann Smith") && !page.text().contains("Elm St"));
    assert!(
        ann.see("/parcels/PX%2F1%20%C3%BC")
            .text()
            .contains("Ann Smith")
    );
    let forbidden = vic.see("/settings");
    assert_eq!(forbidden.status, 403);
    assert!(forbidden.text().contains("Log out"), "{}", forbidden.text());
    // Shut out, the session ends with it.
    let page = ann.see("/settings").text();
    let user = page.split_once("/settings/users/").unwrap().1;
    let user = user.split_once('"').unwrap().0;
    let shut = ann.send(
        &format!("/settings/users/{user}"),
        "role=viewer&disabled=yes",
    );
    assert_eq!(shut.status, 303, "{}", shut.text());
    assert_eq!(vic.see("/parcels").status, 303);
}

#[test]
fn the_list_has_what_is_in_the_ledger_however_it_came_there() {
    let server = Server::start();
    let key = server.key("default", "operator");
    for at in 0..3 {
        let entered = server.post("/v1/shipments", &key, &parcel(&format!("A-{at}"), "500.00"));
        assert_eq!(entered.status, 200);
    }
    let other = server.key("other", "operator");
    server.post("/v1/shipments", &other, &parcel("FOREIGN", "5.00"));
    let see = |path: &str| {
        let headers = [
            ("authorization", &*format!("Bearer {key}")),
            ("accept", "text/html"),
        ];
        server.ask("GET", path, &headers, &[])
    };
    let all = see("/parcels").text();
    assert!(
        ["A-0", "A-1", "A-2"].iter().all(|id| all.contains(id)),
        "{all}"
    );
    assert!(!all.contains("FOREIGN"));
    let free = see("/parcels?outcome=free").text();
    assert!(free.contains("A-0") && !free.contains("A-1"), "{free}");
    // By the command line as well, and another state.
    let file = server.home().join("more.json");
    std::fs::write(&file, parcel("B-1", "5.00").to_string()).unwrap();
    let run = |args: &[&str]| {
        let ran = server.command().args(args).output().unwrap();
        assert!(
            ran.status.success(),
            "{}",
            String::from_utf8_lossy(&ran.stderr)
        );
    };
    run(&[
        "assess",
        file.to_str().unwrap(),
        "--ledger",
        "-o",
        "/dev/null",
    ]);
    run(&["ledger", "void", "A-1"]);
    assert!(see("/parcels?id=B-").text().contains("B-1"));
    let voided = see("/parcels?state=voided").text();
    assert!(
        voided.contains("A-1") && !voided.contains("A-0"),
        "{voided}"
    );
    assert!(
        see("/parcels?id=ZZ")
            .text()
            .contains("No parcel is like that")
    );
    for wrong in ["outcome=x", "state=x", "before=x", "id=%00"] {
        let answer = see(&format!("/parcels?{wrong}"));
        assert_eq!(answer.status, 400, "{wrong}");
        assert!(answer.text().contains("<h1>"));
    }
    let none = see("/parcels/nothing-of-that-name");
    assert_eq!(none.status, 404);
    assert!(none.text().contains("there is no such shipment"));
}

#[test]
fn what_is_no_page_is_a_page_to_a_browser_and_a_problem_to_a_program() {
    let server = Server::start();
    let browser = server.ask("GET", "/nowhere", &[("accept", "text/html,*/*")], &[]);
    assert_eq!(browser.status, 404);
    assert!(browser.text().contains("<h1>There is no such thing</h1>"));
    let program = server.ask("GET", "/nowhere", &[], &[]);
    assert_eq!(
        (program.status, program.code().as_str()),
        (404, "not_found")
    );
    // Styles are kept by a browser as long as they are the same.
    let styles = server.ask("GET", "/assets/desk.css", &[], &[]);
    assert_eq!(
        (styles.status, styles.header("cache-control")),
        (200, "no-cache")
    );
    let tag = styles.header("etag").to_owned();
    let same = server.ask("GET", "/assets/desk.css", &[("if-none-match", &tag)], &[]);
    assert_eq!((same.status, same.body.len()), (304, 0));
    assert_eq!(server.ask("GET", "/assets/passwd", &[], &[]).status, 404);
    let live = [("hx-request", "true")];
    let ended = server.ask("GET", "/parcels", &live, &[]);
    assert_eq!((ended.status, ended.header("hx-redirect")), (401, "/login"));
    assert!(
        styles
            .header("content-security-policy")
            .starts_with("default-src 'self'")
    );
}

#[test]
fn every_page_takes_its_role_and_nobody_below_it() {
    const ROLES: [&str; 4] = ["viewer", "operator", "compliance", "admin"];
    let server = Server::start();
    let keys = ROLES.map(|role| server.key("default", role));
    let form = "application/x-www-form-urlencoded";
    for (method, path, least) in [
        ("GET", "/", 0),
        ("GET", "/screen", 0),
        ("POST", "/screen", 1),
        ("GET", "/screen/nothing", 0),
        ("POST", "/screen/nothing/delete", 1),
        ("GET", "/parcels", 0),
        ("GET", "/parcels/nothing", 0),
        ("GET", "/board", 0),
        ("GET", "/law", 0),
        ("GET", "/law/timeline.svg", 0),
        ("GET", "/law/nothing", 0),
        ("GET", "/tariff", 0),
        ("GET", "/settings", 3),
        ("POST", "/settings/keys", 3),
        ("POST", "/settings/keys/nothing/revoke", 3),
        ("POST", "/settings/invitations", 3),
        ("POST", "/settings/users/nothing", 3),
        ("POST", "/logout", 0),
    ] {
        let ask = |key: Option<&str>| {
            let bearer = key.map(|key| format!("Bearer {key}"));
            let mut headers = vec![("content-type", form)];
            headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
            let body: &[u8] = if method == "GET" { b"" } else { b"a=b" };
            server.ask(method, path, &headers, body)
        };
        let stranger = ask(None);
        let wanted = if method == "GET" { 303 } else { 401 };
        assert_eq!(stranger.status, wanted, "{method} {path}");
        for (at, key) in keys.iter().enumerate() {
            let answer = ask(Some(key));
            let (status, role) = (answer.status, ROLES[at]);
            assert_eq!(
                status == 403,
                at < least,
                "{method} {path} {role}: {status}"
            );
            assert!(
                status != 401 && status < 500,
                "{method} {path} {role}: {status}"
            );
        }
    }
}

#[test]
fn a_file_is_taken_from_our_own_page_alone() {
    let server = Server::start();
    let ann = Visitor::first(&server);
    let body = format!(
        "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"p.json\"\r\n\r\n{}\r\n--B\r\n\
         Content-Disposition: form-data; name=\"kind\"\r\n\r\nenter\r\n--B--\r\n",
        parcel("F-1", "5.00")
    );
    let send = |path: &str, body: &str| {
        let headers = [
            ("cookie", &*ann.cookie),
            ("content-type", "multipart/form-data; boundary=B"),
        ];
        server.ask("POST", path, &headers, body.as_bytes())
    };
    for path in ["/screen", "/screen?csrf=0000"] {
        assert_eq!(send(path, &body).status, 403, "{path}");
    }
    let page = ann.see("/screen").text();
    assert!(page.contains("No files yet"), "{page}");
    let token = page.split_once("/screen?csrf=").unwrap().1;
    let path = format!("/screen?csrf={}", token.split_once('"').unwrap().0);
    for broken in ["", "--B\r\n", "--B--\r\n", &body[..body.len() / 2]] {
        let answer = send(&path, broken);
        assert!(
            (400..500).contains(&answer.status),
            "{}: {}",
            answer.status,
            answer.text()
        );
    }
    let sent = send(&path, &body);
    assert_eq!(sent.status, 303, "{}", sent.text());
    let place = sent.header("location").to_owned();
    let begun = std::time::Instant::now();
    while !ann.see(&place).text().contains("<strong>finished</strong>") {
        assert!(begun.elapsed().as_secs() < 30, "{}", ann.see(&place).text());
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    // It is in the list of parcels like any other.
    assert!(ann.see("/parcels").text().contains("F-1"));
}
