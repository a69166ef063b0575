//! `depesche health`: asks a running service whether it is up, for health
//! checks of containers that hold no other HTTP client.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

use crate::error::{Error, Result};

const TIMEOUT: Duration = Duration::from_secs(5);
/// Enough for the status line, which is all that matters.
const HEAD: u64 = 64;

/// Arguments of `depesche health`.
#[derive(Debug, Clone, PartialEq, clap::Args)]
pub struct Args {
    /// Address that the service listens on
    #[arg(long, env = "DEPESCHE_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
}

/// Succeeds when `GET /healthz` is answered with 200.
///
/// # Errors
/// [`Error::Io`] when there is no answer within five seconds,
/// [`Error::Internal`] when it is another one.
pub fn run(args: &Args) -> Result<ExitCode> {
    let address = reachable(args.listen);
    let what = || format!("asking the service on {address}");
    let status = status(address).map_err(|error| Error::io(what(), error))?;
    if status.starts_with("HTTP/1.1 200 ") {
        Ok(ExitCode::SUCCESS)
    } else {
        let line = status.lines().next().unwrap_or_default();
        Err(Error::Internal(format!("{}: it answers {line:?}", what())))
    }
}

/// Where to reach a service that may listen on all addresses.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

fn status(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    // In one piece: a service may answer and close before it has read a second.
    let request = format!("GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut head = Vec::new();
    stream.take(HEAD).read_to_end(&mut head)?;
    Ok(String::from_utf8_lossy(&head).into_owned())
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    /// Answers one connection with `response`.
    fn answering(response: &'static str) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a connection");
            let mut request = [0; 256];
            let read = stream.read(&mut request).expect("a request");
            assert!(request[..read].starts_with(b"GET /healthz HTTP/1.1\r\n"));
            stream.write_all(response.as_bytes()).expect("an answer");
        });
        address
    }

    #[test]
    fn only_an_answer_of_200_is_healthy() {
        let ask = |listen| run(&Args { listen });
        assert!(ask(answering("HTTP/1.1 200 OK\r\n\r\n{}")).is_ok());
        let sick = ask(answering("HTTP/1.1 503 Service Unavailable\r\n\r\n"));
        assert!(matches!(sick, Err(Error::Internal(_))));
        let gone = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .expect("a free port");
        assert!(matches!(ask(gone), Err(Error::Io { .. })));
    }

    #[test]
    fn a_service_on_all_addresses_is_asked_on_this_machine() {
        let all = "0.0.0.0:8080".parse().expect("an address");
        assert_eq!(reachable(all).to_string(), "127.0.0.1:8080");
        let all = "[::]:80".parse().expect("an address");
        assert_eq!(reachable(all).to_string(), "[::1]:80");
        let one = "192.0.2.7:80".parse().expect("an address");
        assert_eq!(reachable(one), one);
    }
}
