//! The routes of the API. Each says in its description who may come; the guard holds to it.

pub mod acts;
pub mod assess;
pub mod audit;
pub mod batches;
pub mod body;
pub mod contract;
pub mod documents;
pub mod duty;
pub mod health;
pub mod keys;
pub mod law;
pub mod messages;
pub mod persons;
pub mod records;
pub mod settings;
pub mod shipments;
pub mod tariff;
pub mod tracking;
pub mod users;
pub mod webhooks;
pub(crate) mod work;
