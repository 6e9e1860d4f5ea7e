//! Where a request comes from, and whether it came under TLS: as the connection says, or where a
//! server with TLS stands before the desk and the installation says so, as that server says.

use axum::http::{HeaderMap, HeaderName};
use std::net::{IpAddr, SocketAddr};

static FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
static FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// Who asks, as far as the network tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    /// The address that the request comes from.
    pub address: IpAddr,
    /// Whether it came under TLS.
    pub is_secure: bool,
}

impl Peer {
    /// What a connection says of itself. Where the desk is behind another server on the same
    /// machine, that server's last words count: what stands before them anybody can have written.
    #[must_use]
    pub fn of(self, headers: &HeaderMap, behind_proxy: bool) -> Peer {
        if !behind_proxy || !self.address.is_loopback() {
            return self;
        }
        Peer {
            address: last(headers, &FORWARDED_FOR)
                .and_then(address)
                .unwrap_or(self.address),
            is_secure: match last(headers, &FORWARDED_PROTO) {
                Some(scheme) => scheme.eq_ignore_ascii_case("https"),
                None => self.is_secure,
            },
        }
    }
}

/// The last of the values of a header, however many lines it has.
fn last<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let line = headers.get_all(name).iter().next_back()?.to_str().ok()?;
    line.rsplit(',').next().map(str::trim)
}

/// An address, which some servers write with its port or, of IPv6, in brackets.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    let read = bare.unwrap_or(text).parse().ok();
    read.or_else(|| text.parse().ok().map(|at: SocketAddr| at.ip()))
        .map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn told(peer: &str, forwarded: &[(&HeaderName, &str)], behind_proxy: bool) -> (String, bool) {
        let mut headers = HeaderMap::new();
        for (name, value) in forwarded {
            headers.append(*name, HeaderValue::from_str(value).unwrap());
        }
        let peer = Peer {
            address: peer.parse().unwrap(),
            is_secure: false,
        };
        let peer = peer.of(&headers, behind_proxy);
        (peer.address.to_string(), peer.is_secure)
    }

    #[test]
    fn the_last_word_of_the_server_before_the_desk_counts() {
        for (lines, address) in [
            (&["192.0.2.7"][..], "192.0.2.7"),
            (&["10.0.0.1, 192.0.2.7"], "192.0.2.7"),
            (&["198.51.100.1", "10.0.0.1,192.0.2.7"], "192.0.2.7"),
            (&["192.0.2.7:4431"], "192.0.2.7"),
            (&["2001:db8::7"], "2001:db8::7"),
            (&["[2001:db8::7]"], "2001:db8::7"),
            (&["[2001:db8::7]:443"], "2001:db8::7"),
            (&["::ffff:192.0.2.7"], "192.0.2.7"),
            // What cannot be read is nobody's address.
            (&["192.0.2.7, unknown"], "127.0.0.1"),
            (&["192.0.2.7,"], "127.0.0.1"),
            (&[], "127.0.0.1"),
        ] {
            let forwarded: Vec<_> = lines.iter().map(|line| (&FORWARDED_FOR, *line)).collect();
            let expected = (address.to_owned(), false);
            assert_eq!(told("127.0.0.1", &forwarded, true), expected, "{lines:?}");
        }
        for (lines, is_secure) in [
            (&["https"][..], true),
            (&["http, HTTPS"], true),
            (&["https, http"], false),
            (&["https", "http"], false),
            (&[], false),
        ] {
            let forwarded: Vec<_> = lines.iter().map(|line| (&FORWARDED_PROTO, *line)).collect();
            assert_eq!(told("::1", &forwarded, true).1, is_secure, "{lines:?}");
        }
    }

    #[test]
    fn nobody_else_is_believed() {
        let forged = [(&FORWARDED_FOR, "192.0.2.7"), (&FORWARDED_PROTO, "https")];
        let own = |address: &str| (address.to_owned(), false);
        assert_eq!(told("127.0.0.1", &forged, false), own("127.0.0.1"));
        assert_eq!(told("198.51.100.9", &forged, true), own("198.51.100.9"));
    }
}
