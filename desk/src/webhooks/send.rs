//! One message on its way: the name is resolved once, every place it stands for is looked at, and
//! the connection goes to one of those very places. No proxy, no redirect, no second resolution.

use super::address::{parse, place};
use super::sign::signature;
use std::fmt;
use std::time::Duration;
use ureq::http::Uri;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};

/// How long a message may take, with the answer to it.
const TIME: Duration = Duration::from_secs(15);
/// How long it may take to be connected, and for a name to be resolved.
const CONNECT: Duration = Duration::from_secs(5);

/// What is sent.
pub struct Message<'a> {
    /// Where.
    pub address: &'a str,
    /// The event's id.
    pub id: &'a str,
    /// The moment of sending, in seconds of UTC since 1970.
    pub at: i64,
    /// The event.
    pub body: &'a str,
}

/// Resolves names, and refuses those that stand for places that are not anybody's.
struct Looked {
    resolver: DefaultResolver,
    allow_private: bool,
}

impl fmt::Debug for Looked {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Looked(allow_private: {})", self.allow_private)
    }
}

impl Resolver for Looked {
    fn resolve(
        &self,
        uri: &Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.resolver.resolve(uri, config, timeout)?;
        for address in found.iter() {
            // One bad place among good ones is reason enough: nobody's name stands for both.
            place(address.ip(), self.allow_private).map_err(|why| {
                let why = std::io::Error::new(std::io::ErrorKind::PermissionDenied, why);
                Error::Io(why)
            })?;
        }
        Ok(found)
    }
}

/// Who sends.
#[must_use]
pub fn agent(allow_private: bool) -> Agent {
    let tls = TlsConfig::builder().root_certs(RootCerts::WebPki).build();
    let config = Agent::config_builder()
        .https_only(!allow_private)
        .proxy(None)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .timeout_global(Some(TIME))
        .timeout_connect(Some(CONNECT))
        .timeout_resolve(Some(CONNECT))
        .max_response_header_size(16 << 10)
        .user_agent(concat!("deminimis/", env!("CARGO_PKG_VERSION")))
        .tls_config(tls)
        .build();
    let resolver = Looked {
        resolver: DefaultResolver::default(),
        allow_private,
    };
    Agent::with_parts(config, DefaultConnector::default(), resolver)
}

/// Sends a message.
///
/// # Errors
/// It was not taken: why, in a few words for who made the webhook. What the other end answers is
/// not in them.
pub fn send(
    agent: &Agent,
    allow_private: bool,
    secret: &[u8],
    message: &Message<'_>,
) -> Result<(), String> {
    let uri = parse(message.address, allow_private)?;
    let signed = signature(secret, message.id, message.at, message.body);
    let answer = agent
        .post(uri)
        .header("content-type", "application/json")
        .header("webhook-id", message.id)
        .header("webhook-timestamp", message.at.to_string())
        .header("webhook-signature", signed)
        .send(message.body)
        .map_err(|error| words(&error).to_owned())?;
    match answer.status().as_u16() {
        200..300 => Ok(()),
        status @ 300..400 => Err(format!("answered {status}; redirects are not followed")),
        status => Err(format!("answered {status}")),
    }
}

fn words(error: &Error) -> &'static str {
    match error {
        Error::Timeout(_) => "did not answer in time",
        Error::HostNotFound => "the host is not found",
        Error::Tls(_) | Error::Rustls(_) => "the certificate is not good, or there is no TLS",
        Error::Io(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            "the address stands for a place that this installation does not allow"
        }
        Error::Io(_) | Error::ConnectionFailed => "cannot be connected to",
        _ => "did not answer as HTTP says",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::thread::JoinHandle;

    /// A place that answers once; what it was sent.
    fn answering(answer: &'static str) -> (String, JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/hook", listener.local_addr().unwrap());
        let taken = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let (mut text, mut part) = (String::new(), [0; 1024]);
            while !text.ends_with('}') {
                let read = stream.read(&mut part).unwrap();
                text += str::from_utf8(&part[..read]).unwrap();
            }
            stream.write_all(answer.as_bytes()).unwrap();
            text
        });
        (address, taken)
    }

    fn sent(address: &str, allow_private: bool) -> Result<(), String> {
        let message = Message {
            address,
            id: "msg_1",
            at: 1_614_265_330,
            body: "{\"a\":1}",
        };
        send(&agent(allow_private), allow_private, b"secret", &message)
    }

    #[test]
    fn a_message_has_its_headers_and_its_body() {
        let (address, taken) = answering("HTTP/1.1 204 No Content\r\n\r\n");
        assert_eq!(sent(&address, true), Ok(()));
        let text = taken.join().unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("POST /hook HTTP/1.1\r\n") && body == "{\"a\":1}");
        let signed = signature(b"secret", "msg_1", 1_614_265_330, body);
        for line in [
            "webhook-id: msg_1",
            "webhook-timestamp: 1614265330",
            &format!("webhook-signature: {signed}"),
            "content-type: application/json",
        ] {
            assert!(head.contains(line), "{line} in {head}");
        }
    }

    #[test]
    fn a_redirect_is_not_followed_and_a_status_is_told() {
        let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
        elsewhere.set_nonblocking(true).unwrap();
        for status in [
            "301 Moved",
            "302 Found",
            "303 See Other",
            "307 Again",
            "308 There",
        ] {
            let at = elsewhere.local_addr().unwrap();
            let answer = format!("HTTP/1.1 {status}\r\nLocation: http://{at}/\r\n\r\n");
            let (address, taken) = answering(answer.leak());
            let said = sent(&address, true).unwrap_err();
            assert!(said.ends_with("redirects are not followed"), "{said}");
            taken.join().unwrap();
        }
        assert!(elsewhere.accept().is_err(), "somebody came");
        let (address, taken) = answering("HTTP/1.1 500 No\r\nContent-Length: 6\r\n\r\nsecret");
        assert_eq!(sent(&address, true), Err("answered 500".to_owned()));
        taken.join().unwrap();
    }

    #[test]
    fn a_name_is_judged_by_the_place_it_stands_for() {
        // Every system knows this name; parse alone would take another that stands for the same.
        let resolver = Looked {
            resolver: DefaultResolver::default(),
            allow_private: false,
        };
        let ask = |text: &str, allow_private| {
            let looked = Looked {
                resolver: DefaultResolver::default(),
                allow_private,
            };
            let config = Agent::config_builder().build();
            let timeout = NextTimeout::default();
            looked.resolve(&text.parse().unwrap(), &config, timeout)
        };
        for text in [
            "http://localhost:1/",
            "http://127.0.0.1:1/",
            "http://[::1]:1/",
        ] {
            let refused = ask(text, false).unwrap_err();
            assert!(
                words(&refused).contains("does not allow"),
                "{text}: {refused}"
            );
            assert!(ask(text, true).is_ok(), "{text}");
        }
        assert!(ask("http://[::ffff:127.0.0.1]:1/", true).is_err());
        assert_eq!(format!("{resolver:?}"), "Looked(allow_private: false)");
    }
}
