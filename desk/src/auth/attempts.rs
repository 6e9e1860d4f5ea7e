//! How often somebody tries to log in: counted before a password is looked at, so that many tries
//! sent at once are not all let in before the first was found wrong.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long tries are counted together.
const SPAN: Duration = Duration::from_secs(60);
/// How many addresses and accounts are kept in mind.
const KEPT: usize = 20_000;
/// Tries of one address in a span.
const OF_ADDRESS: u32 = 60;
/// Tries of one account in a span, whether there is such an account or not.
const OF_ACCOUNT: u32 = 10;

/// Tries of addresses and of accounts.
#[derive(Default)]
pub struct Attempts(Mutex<HashMap<[u8; 32], (Instant, u32)>>);

impl Attempts {
    /// Counts a try; whether it may be made.
    #[must_use]
    pub fn allow(&self, address: IpAddr, login: &str, now: Instant) -> bool {
        let network = match address {
            IpAddr::V4(address) => address.octets().to_vec(),
            // Whoever has one address of IPv6 has all that begin with the same 64 bits.
            IpAddr::V6(address) => address.octets()[..8].to_vec(),
        };
        let digest = |kind: &str, bytes: &[u8]| super::token::digest_of(&[kind.as_bytes(), bytes]);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= KEPT {
            all.retain(|_, (since, _)| now.duration_since(*since) < SPAN);
        }
        let by_address = count(&mut all, digest("address ", &network), OF_ADDRESS, now);
        by_address
            && count(
                &mut all,
                digest("account ", login.as_bytes()),
                OF_ACCOUNT,
                now,
            )
    }
}

fn count(
    all: &mut HashMap<[u8; 32], (Instant, u32)>,
    key: [u8; 32],
    most: u32,
    now: Instant,
) -> bool {
    // Where all places are taken by tries of this minute, nobody new comes in.
    if all.len() >= KEPT && !all.contains_key(&key) {
        return false;
    }
    let (since, tries) = all.entry(key).or_insert((now, 0));
    if now.duration_since(*since) >= SPAN {
        (*since, *tries) = (now, 0);
    }
    *tries = tries.saturating_add(1);
    *tries <= most
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{Ipv4Addr, Ipv6Addr};

    fn v4(last: u8) -> IpAddr {
        Ipv4Addr::new(192, 0, 2, last).into()
    }

    #[test]
    fn an_account_and_an_address_have_so_many_tries_in_a_minute() {
        let (attempts, begun) = (Attempts::default(), Instant::now());
        for at in 0..OF_ACCOUNT {
            assert!(attempts.allow(v4(at as u8), "ann", begun), "{at}");
        }
        assert!(!attempts.allow(v4(200), "ann", begun));
        assert!(attempts.allow(v4(200), "bob", begun));
        assert!(attempts.allow(v4(200), "ann", begun + SPAN));
        let tries = (0..100).filter(|at| attempts.allow(v4(7), &format!("u{at}"), begun + SPAN));
        assert_eq!(tries.count() as u32, OF_ADDRESS);
    }

    #[test]
    fn addresses_of_one_network_count_together_and_the_count_is_bounded() {
        let (attempts, begun) = (Attempts::default(), Instant::now());
        let v6 = |net: u16, last: u16| Ipv6Addr::new(0x2001, 0xdb8, 0, net, 0, 0, 0, last).into();
        let tries = (0..100).filter(|at| attempts.allow(v6(1, *at), &format!("u{at}"), begun));
        assert_eq!(tries.count() as u32, OF_ADDRESS);
        for at in 0..30_000_u16 {
            let _ = attempts.allow(v6(at, 0), &format!("v{at}"), begun);
        }
        assert!(attempts.0.lock().unwrap().len() <= KEPT + 1);
        assert!(!attempts.allow(v4(1), "new", begun));
        assert!(attempts.allow(v4(1), "new", begun + SPAN));
    }
}
