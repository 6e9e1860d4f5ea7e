//! Places that are bounded, over all and for each tenant: one tenant cannot take them all.

use crate::problem::{Code, Problem};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

/// Places of one kind.
pub struct Places {
    /// What is told of where there is none.
    what: &'static str,
    all: usize,
    of_tenant: usize,
    /// How many each tenant has taken; who has none is not here.
    taken: Mutex<HashMap<String, usize>>,
    /// Told when a place is free again.
    freed: Notify,
}

/// A place, which is free again when this goes.
pub struct Place {
    places: Arc<Places>,
    tenant: String,
}

impl Places {
    /// So many over all, and so many for each tenant.
    #[must_use]
    pub fn new(what: &'static str, all: usize, of_tenant: usize) -> Arc<Places> {
        Arc::new(Places {
            what,
            all,
            of_tenant,
            taken: Mutex::default(),
            freed: Notify::new(),
        })
    }

    /// Takes a place.
    ///
    /// # Errors
    /// There is none for this tenant, or none at all.
    pub fn enter(self: &Arc<Places>, tenant: &str) -> Result<Place, Problem> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let full = |code| Problem::new(code, format!("too many {}; ask again later", self.what));
        if taken.get(tenant).is_some_and(|own| *own >= self.of_tenant) {
            return Err(full(Code::TooMany).after(5));
        }
        if taken.values().sum::<usize>() >= self.all {
            return Err(full(Code::Busy).after(5));
        }
        *taken.entry(tenant.to_owned()).or_default() += 1;
        Ok(Place {
            places: Arc::clone(self),
            tenant: tenant.to_owned(),
        })
    }
}

impl Places {
    /// Takes a place, and waits for one so long. Nobody has a turn before others: who waits for a
    /// place of its own tenant keeps nobody else waiting.
    ///
    /// # Errors
    /// There was none all the time.
    pub async fn wait(self: &Arc<Places>, tenant: &str, time: Duration) -> Result<Place, Problem> {
        let end = Instant::now() + time;
        loop {
            // It listens before it looks: a place that becomes free in between is not missed.
            let mut freed = std::pin::pin!(self.freed.notified());
            freed.as_mut().enable();
            match self.enter(tenant) {
                Ok(place) => return Ok(place),
                Err(problem) => timeout_at(end, freed).await.map_err(|_| problem)?,
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let taken = self.places.taken.lock();
        let mut taken = taken.unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = taken.get_mut(&self.tenant) {
            *own -= 1;
            if *own == 0 {
                taken.remove(&self.tenant);
            }
        }
        drop(taken);
        self.places.freed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::StatusCode;

    #[test]
    fn a_tenant_takes_its_share_alone_and_gives_it_back() {
        let places = Places::new("uploads", 3, 2);
        let status = |tenant| match places.enter(tenant) {
            Ok(_) => StatusCode::OK,
            Err(problem) => problem.status(),
        };
        let own = [places.enter("a").unwrap(), places.enter("a").unwrap()];
        assert_eq!(status("a"), StatusCode::TOO_MANY_REQUESTS);
        let other = places.enter("b").unwrap();
        assert_eq!(status("b"), StatusCode::SERVICE_UNAVAILABLE);
        drop(own);
        assert_eq!((status("a"), status("b")), (StatusCode::OK, StatusCode::OK));
        drop(other);
        assert!(places.taken.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn who_waits_gets_a_place_that_is_free_again_and_keeps_no_other_tenant_waiting() {
        let places = Places::new("readings", 2, 1);
        let (short, long) = (Duration::from_millis(20), Duration::from_secs(20));
        let held = places.wait("a", short).await.unwrap();
        let refused = places.wait("a", short).await.err().unwrap();
        assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
        let mut waiting = Vec::new();
        for _ in 0..5 {
            let places = Arc::clone(&places);
            waiting.push(tokio::spawn(async move {
                places.wait("a", long).await.map(drop).is_ok()
            }));
        }
        tokio::task::yield_now().await;
        // The other tenant has its place at once, whoever waits.
        let other = places.wait("b", short).await.unwrap();
        let full = places.wait("c", short).await.err().unwrap();
        assert_eq!(full.status(), StatusCode::SERVICE_UNAVAILABLE);
        drop(held);
        for one in waiting {
            assert!(one.await.unwrap());
        }
        drop(other);
        assert!(places.taken.lock().unwrap().is_empty());
    }
}
