//! All routes: those of the API each with its description (one that is not described cannot be
//! added here), and the pages.

use crate::api;
use crate::guard::{Rules, guard};
use crate::observe;
use crate::openapi::rules;
use crate::pages;
use crate::problem::Problem;
use crate::state::Desk;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderValue, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of the API and their description.
pub fn api() -> (Router<Arc<Desk>>, OpenApi) {
    OpenApiRouter::new()
        .routes(routes!(api::assess::assess))
        .routes(routes!(api::shipments::enter))
        .routes(routes!(api::shipments::shipment))
        .routes(routes!(api::tracking::story, api::tracking::tell))
        .routes(routes!(api::tracking::tell_many))
        .routes(routes!(api::carriers::set_carrier))
        .routes(routes!(api::carriers::carrier_tells))
        .routes(routes!(api::carriers::cbp_answers))
        .routes(routes!(api::board::board))
        .routes(routes!(api::board::counts))
        .routes(routes!(api::board::daily))
        .routes(routes!(api::law::at))
        .routes(routes!(api::law::instruments))
        .routes(routes!(api::law::instrument))
        .routes(routes!(api::law::diff))
        .routes(routes!(api::law::timeline))
        .routes(routes!(api::tariff::find))
        .routes(routes!(api::tariff::number))
        .routes(routes!(api::duty::duty))
        .routes(routes!(api::duty::compare))
        .routes(routes!(api::duty::history))
        .routes(routes!(api::acts::act))
        .routes(routes!(api::persons::person))
        .routes(routes!(api::persons::days))
        .routes(routes!(api::persons::merge))
        .routes(routes!(api::persons::split))
        .routes(routes!(api::persons::apart))
        .routes(routes!(api::calendar::near_limit))
        .routes(routes!(api::calendar::alike))
        .routes(routes!(api::calendar::calendar))
        .routes(routes!(api::calendar::identity))
        .routes(routes!(api::calendar::alike_of))
        .routes(routes!(api::records::search))
        .routes(routes!(api::records::records))
        .routes(routes!(api::records::proof))
        .routes(routes!(api::records::verify))
        .routes(routes!(api::package::export))
        .routes(routes!(api::documents::document))
        .routes(routes!(api::entries::make))
        .routes(routes!(api::messages::lint))
        .routes(routes!(api::messages::explain))
        .routes(routes!(api::messages::decode))
        .routes(routes!(api::batches::list, api::batches::send))
        .routes(routes!(api::batches::one, api::batches::delete))
        .routes(routes!(api::batch_results::events))
        .routes(routes!(api::batch_results::results))
        .routes(routes!(api::batch_results::rejects))
        .routes(routes!(api::webhooks::list, api::webhooks::make))
        .routes(routes!(api::webhooks::delete))
        .routes(routes!(api::webhooks::deliveries))
        .routes(routes!(api::webhooks::replay))
        .routes(routes!(api::keys::list, api::keys::make))
        .routes(routes!(api::keys::revoke))
        .routes(routes!(api::users::list))
        .routes(routes!(api::users::change))
        .routes(routes!(api::users::invite))
        .routes(routes!(api::audit::lines))
        .routes(routes!(observe::metrics))
        .routes(routes!(api::health::openapi))
        .routes(routes!(api::health::healthz))
        .routes(routes!(api::health::readyz))
        .split_for_parts()
}

/// The service: routes, guard, and what every answer carries.
pub fn service(desk: &Arc<Desk>) -> Router {
    let (router, _) = api();
    let (pages, of_pages) = pages::all().into_parts();
    let mut rules = rules(desk.openapi.clone());
    rules.extend(of_pages);
    guarded(desk, router.merge(pages), rules)
}

/// Routes behind the guard, with its rules, the log and the headers: those of the service, and those
/// of a benchmark that the service is measured against.
pub fn guarded(desk: &Arc<Desk>, routes: Router<Arc<Desk>>, rules: Rules) -> Router {
    routes
        .fallback(|| async { Problem::not_found("path").into_response() })
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(
            (Arc::clone(desk), Arc::new(rules)),
            guard,
        ))
        .layer(from_fn(observe::observe))
        .layer(from_fn(headers))
        .with_state(Arc::clone(desk))
}

/// What browsers are told with every answer: nothing from elsewhere, nothing kept, no frames.
async fn headers(request: Request, next: Next) -> Response {
    const ALL: [(header::HeaderName, &str); 5] = [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; \
             object-src 'none'",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in ALL {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    response
}
