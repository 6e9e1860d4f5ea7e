//! Where a webhook may be told: which addresses are written well, and which places on the network
//! are anybody's and not our own surroundings.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use ureq::http::Uri;

/// The most bytes of an address.
pub const LONGEST: usize = 1000;

/// Reads an address as it is written; what a name stands for is looked at when it is told.
///
/// # Errors
/// What is wrong, and what would be right.
pub fn parse(text: &str, allow_private: bool) -> Result<Uri, String> {
    let wrong = |why: &str| Err(format!("address {why}; write https://HOST/PATH"));
    if !(1..=LONGEST).contains(&text.len()) {
        return wrong("must have 1 to 1000 bytes");
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) || text.contains(['\\', '#']) {
        return wrong("has a character that an address on the web has not, or a fragment");
    }
    let Ok(uri) = text.parse::<Uri>() else {
        return wrong("cannot be read");
    };
    match uri.scheme_str() {
        Some("https") => {}
        Some("http") if allow_private => {}
        Some("http") => return wrong("must be https"),
        _ => return wrong("must begin with https://"),
    }
    let Some(authority) = uri.authority() else {
        return wrong("has no host");
    };
    if authority.as_str().contains('@') {
        return wrong("must not have a user or a password in it");
    }
    if authority.as_str() != authority.host() && authority.port_u16().is_none_or(|port| port == 0) {
        return wrong("has a port that is none");
    }
    match host(authority.host())? {
        Host::Name => {}
        Host::Ip(ip) => place(ip, allow_private).map_err(|why| format!("address {why}"))?,
    }
    Ok(uri)
}

enum Host {
    Name,
    Ip(IpAddr),
}

/// A host is a plain IPv4 or IPv6 address or a name, in the one spelling that all programs read
/// alike: `0x7f.1`, `2130706433` and `017700000001` mean 127.0.0.1 to some.
fn host(text: &str) -> Result<Host, String> {
    let wrong = |why: &str| Err(format!("address {why}; write the host as a name"));
    if let Some(inner) = text.strip_prefix('[') {
        let inner = inner.strip_suffix(']').and_then(|inner| inner.parse().ok());
        let read: Option<Ipv6Addr> = inner;
        return match read {
            Some(ip) => Ok(Host::Ip(ip.into())),
            None => wrong("has brackets around what is no IPv6 address"),
        };
    }
    if let Ok(ip) = text.parse::<Ipv4Addr>() {
        return Ok(Host::Ip(ip.into()));
    }
    let lower = text.to_ascii_lowercase();
    let labels: Vec<&str> = lower.split('.').collect();
    let sound = |label: &&str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    if lower.len() > 253 || !labels.iter().all(sound) {
        return wrong("has a host that is no name (a point at the end counts too)");
    }
    // The last label of a name has a letter other than those of hexadecimal numbers' prefix.
    let last = labels.last().copied().unwrap_or_default();
    if last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x") {
        return wrong("has a number for a host");
    }
    if ["localhost", "local", "internal"].contains(&last) && labels.len() > 1 || last == "localhost"
    {
        return Ok(Host::Ip(Ipv4Addr::LOCALHOST.into()));
    }
    Ok(Host::Name)
}

/// Whether a webhook may be told at a place.
///
/// # Errors
/// It is not anybody's: the words say what it is.
pub fn place(ip: IpAddr, allow_private: bool) -> Result<(), &'static str> {
    let kind = match ip {
        IpAddr::V4(ip) => of_v4(ip),
        IpAddr::V6(ip) => of_v6(ip),
    };
    match kind {
        Kind::Public => Ok(()),
        Kind::Private if allow_private => Ok(()),
        Kind::Private => Err("is in a private range, which this installation does not allow"),
        Kind::Never => Err("is no place that anybody is told at"),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Public,
    /// Our own surroundings: told where the installation allows it.
    Private,
    /// Nobody's, or a way around this very check.
    Never,
}

fn of_v4(ip: Ipv4Addr) -> Kind {
    match ip.octets() {
        // This machine and its networks (RFC 1122, 1918, 6598, 3927). Cloud machines find who they
        // are at 169.254.169.254.
        [10 | 127, ..] => Kind::Private,
        [172, second, ..] if second & 0xf0 == 16 => Kind::Private,
        [192, 168, ..] => Kind::Private,
        [100, second, ..] if second & 0xc0 == 64 => Kind::Private,
        // Link-local, unspecified, special and documentation (RFC 6890, 5737, 2544, 7526).
        [169, 254, ..] | [0, ..] => Kind::Never,
        [192, 0, 0 | 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => Kind::Never,
        [192, 88, 99, _] | [198, 18 | 19, ..] => Kind::Never,
        // Where Azure's machines find theirs.
        [168, 63, 129, 16] => Kind::Never,
        // Multicast, reserved and broadcast (RFC 5771, 1112).
        [224..=255, ..] => Kind::Never,
        _ => Kind::Public,
    }
}

fn of_v6(ip: Ipv6Addr) -> Kind {
    if ip == Ipv6Addr::LOCALHOST {
        return Kind::Private;
    }
    match ip.segments() {
        // Unique local (RFC 4193); among them fd00:ec2::254, where Amazon's machines find who they
        // are.
        [0xfd00, 0xec2, ..] => Kind::Never,
        [first, ..] if first & 0xfe00 == 0xfc00 => Kind::Private,
        // What carries an IPv4 address within: compatible, mapped, translated, NAT64 (RFC 6052,
        // 8215), Teredo, ORCHID and the rest of 2001::/23, 6to4 (RFC 3056).
        [0, ..] | [0x64, 0xff9b, ..] | [0x2002, ..] => Kind::Never,
        [0x2001, second, ..] if second < 0x200 => Kind::Never,
        // Documentation (RFC 3849, 9637), discard-only (RFC 6666), segment routing (RFC 9602).
        [0x2001, 0xdb8, ..] | [0x3fff, ..] | [0x100, ..] | [0x5f00, ..] => Kind::Never,
        // What else is given out is within 2000::/3; link-local, site-local and multicast are not.
        [first, ..] if first & 0xe000 == 0x2000 => Kind::Public,
        _ => Kind::Never,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Refused where private ranges are not allowed.
    const PRIVATE: [&str; 22] = [
        "https://127.0.0.1/",
        "https://127.255.255.254/",
        "https://10.0.0.1/",
        "https://10.255.255.255:8443/x",
        "https://172.16.0.1/",
        "https://172.31.255.255/",
        "https://192.168.0.1/",
        "https://192.168.255.255/",
        "https://100.64.0.1/",
        "https://100.127.255.255/",
        "https://[::1]/",
        "https://[0:0:0:0:0:0:0:1]/",
        "https://[fc00::1]/",
        "https://[fdff:ffff::1]/",
        "https://[fd12:3456::1]:8443/",
        "https://localhost/",
        "https://LOCALHOST/",
        "https://a.localhost/",
        "https://printer.local/",
        "https://metadata.google.internal/",
        "http://127.0.0.1:9/",
        "http://example.com/",
    ];

    /// Refused always.
    const NEVER: [&str; 73] = [
        // Nobody's, and machines' own.
        "https://0.0.0.0/",
        "https://0.1.2.3/",
        "https://169.254.169.254/latest/meta-data/",
        "https://169.254.0.1/",
        "https://168.63.129.16/",
        "https://192.0.0.8/",
        "https://192.0.2.1/",
        "https://198.51.100.7/",
        "https://203.0.113.9/",
        "https://198.18.0.1/",
        "https://198.19.255.255/",
        "https://192.88.99.1/",
        "https://224.0.0.1/",
        "https://239.255.255.250/",
        "https://240.0.0.1/",
        "https://255.255.255.255/",
        "https://[::]/",
        "https://[fe80::1]/",
        "https://[febf::1]/",
        "https://[fec0::1]/",
        "https://[ff02::1]/",
        "https://[fd00:ec2::254]/",
        "https://[2001:db8::1]/",
        "https://[3fff::1]/",
        "https://[100::1]/",
        "https://[5f00::1]/",
        // IPv4 within IPv6.
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://[::ffff:8.8.8.8]/",
        "https://[::127.0.0.1]/",
        "https://[::ffff:0:127.0.0.1]/",
        "https://[64:ff9b::127.0.0.1]/",
        "https://[64:ff9b:1::a00:1]/",
        "https://[2002:7f00:1::]/",
        "https://[2002:a9fe:a9fe::1]/",
        "https://[2001::1]/",
        "https://[2001:0:7f00:1::]/",
        "https://[2001:10::1]/",
        "https://[2001:1::1]/",
        // Odd spellings of numbers.
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.0.0.1/",
        "https://0x7f.1/",
        "https://017700000001/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://127.0.1/",
        "https://127.0.0.01/",
        "https://127.0.0.0x1/",
        "https://1.2.3.4.5/",
        "https://256.1.1.1/",
        "https://127.0.0.1./",
        "https://example.com./",
        "https://example..com/",
        "https://.example.com/",
        // Hosts that are not what they seem.
        "https://example.com@127.0.0.1/",
        "https://user:secret@example.com/",
        "https://@example.com/",
        "https://example.com\\@127.0.0.1/",
        "https://127.0.0.1#@example.com/",
        "https://[::1%25lo]/",
        "https://[127.0.0.1]/",
        "https://[::1/",
        "https://::1/",
        "https://①②⑦.⓪.⓪.①/",
        "https://example。com/",
        "https://127%2e0%2e0%2e1/",
        "https://exa mple.com/",
        // No addresses of the web.
        "https://example.com:0/",
        "https://example.com:99999/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "//example.com/",
    ];

    #[test]
    fn what_is_not_anybodys_is_refused_however_it_is_written() {
        for text in PRIVATE.iter().chain(&NEVER) {
            assert!(parse(text, false).is_err(), "{text}");
        }
        for text in NEVER {
            assert!(
                parse(text, true).is_err(),
                "{text} where private ranges are allowed"
            );
        }
        for text in PRIVATE {
            assert!(parse(text, true).is_ok(), "{text}: {:?}", parse(text, true));
        }
    }

    #[test]
    fn what_is_anybodys_is_taken() {
        for text in [
            "https://example.com/",
            "https://example.com",
            "https://hooks.example.co.uk:8443/a/b?c=d",
            "https://xn--bcher-kva.example/x",
            "https://8.8.8.8/",
            "https://100.63.255.255/",
            "https://100.128.0.0/",
            "https://172.15.0.1/",
            "https://172.32.0.1/",
            "https://192.0.1.1/",
            "https://[2606:4700::1111]/",
            "https://[2a00:1450:4001::1]/",
            "https://[2001:4860:4860::8888]:443/",
            "https://0x.example/",
            "https://localhost.example/",
        ] {
            assert!(
                parse(text, false).is_ok(),
                "{text}: {:?}",
                parse(text, false)
            );
        }
        assert!(
            parse(
                &format!("https://example.com/{}", "x".repeat(LONGEST)),
                false
            )
            .is_err()
        );
        assert!(parse("", false).is_err());
    }
}
