//! The routes of the API. Each says in its description who may come; the guard holds to it.

pub mod acts;
pub mod assess;
pub mod audit;
pub mod batch_results;
pub mod batches;
pub mod board;
pub mod body;
pub mod calendar;
pub mod carriers;
pub mod contract;
pub mod documents;
pub mod duty;
pub mod entries;
pub mod health;
pub mod keys;
pub mod law;
pub mod messages;
pub mod package;
pub mod persons;
pub mod records;
pub mod shipments;
pub mod tariff;
pub mod tracking;
pub mod users;
pub mod webhooks;
pub(crate) mod work;
