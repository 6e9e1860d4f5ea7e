//! The pages: made on the server, whole without scripts.
//!
//! A page is a template and a handler that gives it what it shows, by the functions that the API
//! uses. [`Pages`] takes both a route and who may come, so a page that anybody reaches by mistake
//! cannot be written.

mod assets;
mod board;
mod charges;
mod decision;
mod form;
mod law;
mod log;
mod parcel;
mod parcels;
mod person;
mod person_parts;
mod persons;
mod persons_acts;
pub mod problem;
mod records;
mod screen;
mod session;
mod settings;
mod story;
mod tariff;
mod waterfall;

use crate::auth::Caller;
use crate::guard::{Rule, Rules};
use crate::problem::{Problem, failed};
use crate::state::Desk;
use askama::Template;
use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, get, post};
use deminimis_store::desk::Role;
use std::sync::Arc;

/// Routes of pages, each with the least role that it takes.
#[derive(Default)]
pub struct Pages {
    router: Router<Arc<Desk>>,
    rules: Rules,
}

impl Pages {
    /// A page, for a role or, with none, for anybody.
    #[must_use]
    pub fn get<H: Handler<T, Arc<Desk>>, T: 'static>(
        self,
        path: &str,
        role: Option<Role>,
        handler: H,
    ) -> Pages {
        self.add((Method::GET, path), Rule::page(role), get(handler))
    }

    /// What a form of a page is sent to.
    #[must_use]
    pub fn post<H: Handler<T, Arc<Desk>>, T: 'static>(
        self,
        path: &str,
        role: Option<Role>,
        handler: H,
    ) -> Pages {
        self.add((Method::POST, path), Rule::page(role), post(handler))
    }

    /// What a form with a file is sent to; the file takes its time.
    #[must_use]
    pub fn file<H: Handler<T, Arc<Desk>>, T: 'static>(
        self,
        path: &str,
        role: Option<Role>,
        handler: H,
    ) -> Pages {
        let streams = true;
        let rule = Rule {
            streams,
            ..Rule::page(role)
        };
        self.add((Method::POST, path), rule, post(handler))
    }

    fn add(
        mut self,
        (method, path): (Method, &str),
        rule: Rule,
        route: MethodRouter<Arc<Desk>>,
    ) -> Pages {
        self.rules.add(method, path, rule);
        self.router = self.router.route(path, route);
        self
    }

    /// The routes and who may come.
    pub fn into_parts(self) -> (Router<Arc<Desk>>, Rules) {
        (self.router, self.rules)
    }
}

/// All pages.
#[must_use]
pub fn all() -> Pages {
    let viewer = Some(Role::Viewer);
    let (operator, admin) = (Some(Role::Operator), Some(Role::Admin));
    let compliance = Some(Role::Compliance);
    // Styles and scripts are for anybody and need no place among the requests that work.
    let asset = Rule {
        page: false,
        ..Rule::page(None)
    };
    Pages::default()
        .add((Method::GET, "/assets/{name}"), asset, get(assets::asset))
        .get("/", viewer, || async { Redirect::to("/parcels") })
        .get("/login", None, session::ask)
        .post("/login", None, session::log_in)
        .post("/logout", viewer, session::log_out)
        .get("/welcome", None, session::welcome)
        .post("/welcome", None, session::accept)
        .get("/parcels", viewer, parcels::list)
        .get("/parcels/{id}", viewer, parcel::show)
        .post("/parcels/{id}/events", operator, story::tell_event)
        .post("/parcels/{id}/entry", operator, story::entry)
        .get("/persons", operator, persons::show)
        .get("/persons/{key}", operator, person::show)
        .post("/persons/{key}/merge", compliance, persons_acts::merge)
        .post("/persons/{key}/split", compliance, persons_acts::split)
        .post("/persons/{key}/apart", compliance, persons_acts::apart)
        .get("/screen", viewer, screen::show)
        .file("/screen", operator, screen::send)
        .get("/screen/{id}", viewer, screen::batch)
        .post("/screen/{id}/delete", operator, screen::delete)
        .get("/board", viewer, board::show)
        .get("/records", viewer, records::list)
        .get("/records/{id}", viewer, records::one)
        .get("/record-log", compliance, log::show)
        .post("/record-log", compliance, log::verify)
        .file("/record-log/package", compliance, log::export)
        .get("/law", viewer, law::show)
        .get("/law/timeline.svg", viewer, law::timeline)
        .get("/law/{id}", viewer, law::instrument)
        .get("/tariff", viewer, tariff::show)
        .get("/tariff/history.svg", viewer, tariff::picture)
        .get("/settings", admin, settings::show)
        .post("/settings/keys", admin, settings::make_key)
        .post(
            "/settings/keys/{key_id}/revoke",
            admin,
            settings::revoke_key,
        )
        .post("/settings/invitations", admin, settings::invite)
        .post("/settings/users/{user_id}", admin, settings::change_user)
}

/// The places of the navigation: path, words, least role.
const PLACES: [(&str, &str, Role); 8] = [
    ("/screen", "Screen", Role::Viewer),
    ("/parcels", "Parcels", Role::Viewer),
    ("/persons", "Persons", Role::Operator),
    ("/board", "Board", Role::Viewer),
    ("/records", "Records", Role::Viewer),
    ("/law", "Law", Role::Viewer),
    ("/tariff", "Tariff", Role::Viewer),
    ("/settings", "Settings", Role::Admin),
];

/// A place of the navigation.
pub struct Link {
    path: &'static str,
    words: &'static str,
    here: bool,
}

/// What stands around every page.
pub struct Head {
    /// Who looks.
    user: Option<String>,
    role: &'static str,
    /// Whether there is a session that can be ended.
    session: bool,
    /// What every form sends back.
    csrf: String,
    places: Vec<Link>,
}

impl Head {
    /// Around a page that is part of the place `here`.
    #[must_use]
    pub fn new(caller: Option<&Caller>, here: &str) -> Head {
        let stay = caller.and_then(|caller| caller.session.as_ref());
        let role = caller.map(|caller| caller.role);
        let places = PLACES.iter().filter(|place| role >= Some(place.2));
        let places = places.map(|(path, words, _)| Link {
            path,
            words,
            here: *path == here,
        });
        let user = stay.map(|stay| stay.login.clone());
        Head {
            user: user.or(caller.map(|caller| caller.who.clone())),
            role: role.map_or("", Role::as_str),
            session: stay.is_some(),
            csrf: stay.map(|stay| stay.csrf.clone()).unwrap_or_default(),
            places: places.collect(),
        }
    }
}

/// A template as an answer.
///
/// # Errors
/// It cannot be written, which is our failure.
pub fn page(template: &impl Template) -> Result<Response, Problem> {
    let text = template.render().map_err(|error| failed(&error))?;
    Ok(Html(text).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_anybody_may_see_is_written_down() {
        let (_, rules) = all().into_parts();
        let mut open: Vec<String> = rules
            .iter()
            .filter(|(_, _, rule)| rule.role.is_none())
            .map(|(method, path, _)| format!("{method} {path}"))
            .collect();
        open.sort();
        let known = [
            "GET /assets/{name}",
            "GET /login",
            "GET /welcome",
            "POST /login",
        ];
        assert_eq!(open[..4], known);
        assert_eq!(open[4..], ["POST /welcome"]);
    }

    #[test]
    fn nobody_is_led_where_he_may_not_go() {
        let caller = |role| Caller {
            tenant: "a".to_owned(),
            who: "user u".to_owned(),
            role,
            session: None,
        };
        let places = |role| Head::new(Some(&caller(role)), "/parcels").places.len();
        assert_eq!((places(Role::Viewer), places(Role::Admin)), (6, 8));
        assert_eq!(places(Role::Operator), 7);
        assert_eq!(Head::new(None, "").places.len(), 0);
    }
}
