//! Settings of pages that clients name by their address.

use std::net::SocketAddr;
use std::time::Duration;

use super::{duration, seconds};
use crate::web::{Bounds, Reach, fetch};

/// Settings of pages that clients name by their address.
#[derive(Debug, Clone, PartialEq, clap::Args)]
#[command(next_help_heading = "Pages")]
pub struct FetchConfig {
    /// Which pages are fetched for clients that name them: none, those on public
    /// addresses, or any
    #[arg(long, env = "DEPESCHE_FETCH_URLS", value_enum, default_value = "off")]
    pub fetch_urls: Reach,

    /// Ports that pages may be fetched from
    #[arg(
        long,
        env = "DEPESCHE_FETCH_PORTS",
        value_name = "PORT",
        value_delimiter = ',',
        default_value = "80,443"
    )]
    pub fetch_ports: Vec<u16>,

    /// Address that pages may be fetched from although it is not public
    #[arg(
        long,
        env = "DEPESCHE_FETCH_ALSO",
        value_name = "ADDRESS:PORT",
        value_delimiter = ','
    )]
    pub fetch_also: Vec<SocketAddr>,

    /// Seconds that fetching a page may take, redirections included
    #[arg(long, env = "DEPESCHE_FETCH_TIMEOUT", default_value_t = 10.0, value_parser = timeout)]
    pub fetch_timeout: f64,

    /// Largest page in bytes
    #[arg(long, env = "DEPESCHE_FETCH_MAX_BYTES", default_value_t = 4 * 1024 * 1024)]
    pub fetch_max_bytes: usize,
}

impl FetchConfig {
    /// Where pages may be fetched from.
    pub fn bounds(&self) -> Bounds {
        Bounds {
            reach: self.fetch_urls,
            ports: self.fetch_ports.clone(),
            also: self.fetch_also.clone(),
        }
    }

    /// Limits of time and size.
    pub fn limits(&self) -> fetch::Limits {
        fetch::Limits {
            timeout: duration(self.fetch_timeout).unwrap_or(Duration::from_secs(10)),
            bytes: self.fetch_max_bytes,
        }
    }

    /// Settings for tests: nothing is fetched, and small limits.
    pub fn for_testing() -> Self {
        FetchConfig {
            fetch_urls: Reach::Off,
            fetch_ports: vec![80, 443],
            fetch_also: Vec::new(),
            fetch_timeout: 2.0,
            fetch_max_bytes: 64 * 1024,
        }
    }
}

/// A time in seconds that ends.
fn timeout(text: &str) -> Result<f64, String> {
    match seconds(text)? {
        timeout if (0.1..=600.0).contains(&timeout) => Ok(timeout),
        _ => Err("it must be from 0.1 to 600".into()),
    }
}
