//! Where an office answers: listeners, certificates, and the addresses that people and tickets name.

use std::net::{IpAddr, SocketAddr, TcpListener};
use std::path::Path;

use axum::Router;
use disk::Access;
use health_code::Timestamp;
use web::{Bounds, RequestIds, Room, Server, ServerTls};

use super::error::StartError;
use crate::ca;
use crate::config::{Config, Layout};
use crate::console::assets::FOLDER;
use crate::console::state::Place;
use crate::limits::TLS_FILE_BYTES;
use crate::system;

const SERVER_NAME: &str = "Kadian back office";

/// The listeners, before anybody is answered.
pub(super) struct Doors {
    stations: TcpListener,
    page: TcpListener,
    console: Option<TcpListener>,
    tls: Option<ServerTls>,
    console_tls: Option<ServerTls>,
    /// Where stations are answered.
    pub addr: SocketAddr,
    /// What tickets say.
    pub url: String,
    /// Where this machine's browser is answered.
    pub shown_at: SocketAddr,
    /// Where people elsewhere reach the console.
    pub console_url: Option<String>,
    /// Room for each.
    pub rooms: Rooms,
}

/// Each has room of its own: however many stations send, the page is shown.
#[derive(Clone)]
pub(super) struct Rooms {
    pub stations: Room,
    pub page: Room,
    pub console: Room,
}

/// What is answered at each address, bounded by its room.
pub(super) struct Answers {
    pub stations: Router,
    pub page: Router,
    pub console: Router,
}

impl Doors {
    /// Listens. `certified` is the moment at which certificates are made.
    pub fn open(config: &Config, layout: &Layout, certified: Timestamp) -> Result<Self, StartError> {
        let stations = web::listen(config.listen)?;
        let page = web::listen(config.page)?;
        let console = config.console.map(web::listen).transpose()?;
        let addr = stations.local_addr()?;
        let hosts = hosts(config, addr.ip());
        let own = |hosts: &[String]| -> Result<_, StartError> {
            Ok(ca::open(&layout.tls(), certified)?.server(SERVER_NAME, hosts, certified)?)
        };
        let tls = if config.plain_http { None } else { Some(own(&hosts)?) };
        let console_tls = match (&console, &config.tls) {
            (None, _) => None,
            (Some(_), Some((certificate, key))) => Some(bought(certificate, key)?),
            (Some(_), None) => Some(own(&hosts)?),
        };
        let first = hosts.first().map_or("localhost", String::as_str);
        let url = url_of(tls.is_some(), first, addr.port());
        disk::replace(&layout.address(), url.as_bytes(), Access::Owner)?;
        let console_url = console.as_ref().map(TcpListener::local_addr).transpose()?;
        let console_url = console_url.map(|addr| url_of(true, first, addr.port()));
        let shown_at = page.local_addr()?;
        let room = || Room::new(Bounds::default());
        let rooms = Rooms { stations: room(), page: room(), console: room() };
        Ok(Self { stations, page, console, tls, console_tls, addr, url, shown_at, console_url, rooms })
    }

    /// Returns what the console says of this office. People elsewhere reach it only over TLS.
    pub fn place(&self, layout: &Layout) -> Place {
        let page = self.console_url.clone().unwrap_or_else(|| format!("http://{}", self.shown_at));
        let tls_ends = [&self.tls, &self.console_tls].into_iter().flatten().filter_map(|tls| tls.ends).min();
        Place { layout: layout.clone(), url: self.url.clone(), page: format!("{page}{FOLDER}"), tls_ends }
    }

    /// Begins to answer. The servers are named, for whoever hears that one has ended.
    pub fn answer(self, answers: Answers) -> Result<Vec<(&'static str, Server)>, StartError> {
        let Rooms { stations, page, console } = self.rooms;
        let mut servers = vec![
            (
                "stations",
                Server::start(self.stations, self.tls.map(|tls| tls.config), answers.stations, &stations)?,
            ),
            ("the local page", Server::start(self.page, None, answers.page, &page)?),
        ];
        if let Some(listener) = self.console {
            let served =
                Server::start(listener, self.console_tls.map(|tls| tls.config), answers.console, &console)?;
            servers.push(("the console", served));
        }
        Ok(servers)
    }
}

/// Returns names for the requests of one server.
pub(super) fn ids() -> Result<RequestIds, StartError> {
    Ok(RequestIds::new(u32::from_be_bytes(system::random()?)))
}

/// Reads a certificate that browsers trust.
fn bought(certificate: &Path, key: &Path) -> Result<ServerTls, StartError> {
    let certificate = disk::read(certificate, TLS_FILE_BYTES)?;
    let key = disk::read(key, TLS_FILE_BYTES)?;
    Ok(web::tls::of_pem(&certificate, &key)?)
}

/// Returns the names of this machine; tickets use the first.
fn hosts(config: &Config, ip: IpAddr) -> Vec<String> {
    let mut hosts = config.hosts.clone();
    if !ip.is_unspecified() {
        hosts.push(ip.to_string());
    }
    for local in ["localhost", "127.0.0.1", "::1"] {
        if !hosts.iter().any(|host| host == local) {
            hosts.push(local.to_owned());
        }
    }
    hosts
}

fn url_of(tls: bool, host: &str, port: u16) -> String {
    let scheme = if tls { "https" } else { "http" };
    if host.contains(':') {
        format!("{scheme}://[{host}]:{port}")
    } else {
        format!("{scheme}://{host}:{port}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_name_the_first_host() {
        assert_eq!(url_of(true, "office.example", 8443), "https://office.example:8443");
        assert_eq!(url_of(false, "::1", 80), "http://[::1]:80");
        let config = Config::loopback(Path::new("x"));
        assert_eq!(hosts(&config, [127, 0, 0, 1].into())[0], "127.0.0.1");
        assert_eq!(hosts(&config, [0, 0, 0, 0].into())[0], "localhost");
    }
}
