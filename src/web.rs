//! Reaching others over the network, and only those who may be reached.
//!
//! What a client names may lead anywhere: to this machine, into its network, to
//! the metadata of a cloud. [`Bounds`] say where connections may lead. They judge
//! the address that is connected to, whatever a name stood for a moment ago, and
//! every redirection anew.

pub mod address;
#[cfg(test)]
pub(crate) mod canned;
pub mod fetch;
pub mod page;

use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};

use url::{Host, Url};

/// Whom to reach.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Reach {
    /// Nobody.
    #[default]
    Off,
    /// Those on public addresses.
    Public,
    /// Also those on private addresses and on this machine.
    Any,
}

/// Where connections may lead.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bounds {
    pub reach: Reach,
    /// Ports that may be connected to; any, if there are none.
    pub ports: Vec<u16>,
    /// Places that may be reached besides, whatever else is said here.
    pub also: Vec<SocketAddr>,
}

impl Bounds {
    /// Bounds for every port.
    pub fn of(reach: Reach) -> Self {
        Bounds {
            reach,
            ..Bounds::default()
        }
    }

    /// The URL, if it may be reached as far as can be seen without asking for its
    /// address. What looks like a name and is a number (`0x7f.1`, `2130706433`) is
    /// read as the address that it stands for.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self, url: &str) -> Result<Url, &'static str> {
        let url = Url::parse(url).map_err(|_| "it is not a URL")?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err("it is neither http nor https");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("it holds a user or a password");
        }
        let port = url.port_or_known_default().ok_or("it has no port")?;
        let address = match url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            Some(Host::Domain(_)) => None,
            None => return Err("it names no host"),
        };
        match address.map(|address| SocketAddr::new(address, port)) {
            Some(place) if self.also.contains(&place) => {}
            Some(place) if !self.reaches(place.ip()) => return Err("its address is not public"),
            Some(_) if !self.allows_port(port) => return Err("its port is not allowed"),
            // Which address a name stands for is seen when it is connected to.
            None if !self.allows_port(port)
                && !self.also.iter().any(|known| known.port() == port) =>
            {
                return Err("its port is not allowed");
            }
            Some(_) | None => {}
        }
        Ok(url)
    }

    /// The addresses of a place (`host:port`) that may be connected to.
    ///
    /// # Errors
    /// When there are none.
    pub fn resolve(&self, place: &str) -> io::Result<Vec<SocketAddr>> {
        let addresses = place.to_socket_addrs()?.collect();
        self.judge(addresses)
    }

    fn judge(&self, mut addresses: Vec<SocketAddr>) -> io::Result<Vec<SocketAddr>> {
        addresses.retain(|place| {
            self.also.contains(place) || self.reaches(place.ip()) && self.allows_port(place.port())
        });
        if addresses.is_empty() {
            return Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                "it has no public address",
            ));
        }
        Ok(addresses)
    }

    fn reaches(&self, address: IpAddr) -> bool {
        match self.reach {
            Reach::Off => false,
            Reach::Public => address::is_public(address),
            Reach::Any => true,
        }
    }

    fn allows_port(&self, port: u16) -> bool {
        self.ports.is_empty() || self.ports.contains(&port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str) -> SocketAddr {
        text.parse().expect("an address and a port")
    }

    fn bounds() -> Bounds {
        Bounds {
            reach: Reach::Public,
            ports: vec![80, 443],
            also: vec![place("127.0.0.1:8000")],
        }
    }

    #[test]
    fn what_leads_inside_is_refused_however_it_is_written() {
        for inward in [
            "http://127.0.0.1/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0x7f.1/",
            "http://0177.0.0.1/",
            "http://0/",
            "http://0.0.0.0/",
            "http://10.1.2.3/",
            "http://100.64.0.1/",
            "http://169.254.169.254/latest/meta-data/",
            "http://172.16.0.1/",
            "http://192.0.0.1/",
            "http://192.168.1.1/",
            "http://198.18.0.1/",
            "http://224.0.0.1/",
            "http://255.255.255.255/",
            "http://[::1]/",
            "http://[::]/",
            "http://[::ffff:10.0.0.1]/",
            "http://[::ffff:7f00:1]/",
            "http://[::127.0.0.1]/",
            "http://[fd00::1]/",
            "http://[fe80::1]/",
            "http://[ff02::1]/",
            "http://[64:ff9b::7f00:1]/",
            "http://[2002:7f00:1::]/",
            "http://１２７.０.０.１/",
            "http://127。0。0。1/",
            "http:\\\\127.0.0.1/",
            "http:127.0.0.1/",
        ] {
            let refused = bounds().check(inward);
            assert_eq!(refused, Err("its address is not public"), "{inward}");
            assert!(Bounds::of(Reach::Any).check(inward).is_ok(), "{inward}");
        }
        for odd in [
            "http://example.org@127.0.0.1/",
            "http://user:word@example.org/",
            "http://example.org:8080/",
            "http://93.184.215.14:22/",
            "ftp://example.org/",
            "file:///etc/passwd",
            "gopher://127.0.0.1:6379/_x",
            "javascript:alert(1)",
            "//example.org/",
            "example.org",
            "",
            "http://",
            "http://[::1",
            "http://127.0.0.1:99999/",
        ] {
            assert!(bounds().check(odd).is_err(), "{odd}");
        }
        for fine in [
            "http://example.org",
            "https://93.184.215.14/a?b#c",
            "http://127.0.0.1:8000/",
        ] {
            assert!(bounds().check(fine).is_ok(), "{fine}");
            assert!(
                Bounds::default().check(fine).is_err() || !fine.contains('4'),
                "{fine}"
            );
        }
    }

    #[test]
    fn names_are_judged_by_their_addresses() {
        let public = place("93.184.215.14:80");
        let mixed = vec![
            place("127.0.0.1:80"),
            public,
            place("[::1]:80"),
            place("93.184.215.14:81"),
        ];
        let judged = bounds().judge(mixed.clone());
        assert_eq!(judged.expect("one is public"), [public]);
        assert!(bounds().judge(mixed[..1].to_vec()).is_err());
        assert!(bounds().judge(Vec::new()).is_err());
        let also = vec![place("127.0.0.1:8000"), place("127.0.0.1:8001")];
        assert_eq!(bounds().judge(also).expect("one is named").len(), 1);
        assert!(bounds().resolve("localhost:80").is_err());
        assert!(Bounds::of(Reach::Any).resolve("localhost:80").is_ok());
        assert!(Bounds::of(Reach::Off).judge(vec![public]).is_err());
    }
}
