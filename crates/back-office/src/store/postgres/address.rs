//! Where a PostgreSQL store is: a URL as `psql` takes it, with two words of our own.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::net::IpAddr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;
use std::str::FromStr;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

/// The address of a PostgreSQL store, such as `postgres://office@db.example/kadian?sslmode=verify-full`.
///
/// Over a network the server's certificate is always checked: `sslmode` is `verify-full`, with the CA's file
/// as `sslrootcert`. Without TLS an office speaks to a socket or to loopback, or where `sslmode=disable`
/// says that the network between is its own. `citus` distributes the tables over the workers of a Citus
/// cluster. Everything else is what PostgreSQL's own clients take.
#[derive(Clone)]
pub struct PostgresUrl {
    pub(super) config: Config,
    pub(super) tls: Option<PathBuf>,
    pub(super) citus: bool,
}

/// Why a text is no address of a store.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadUrl {
    /// It begins otherwise.
    #[error("a store's URL begins with postgres:// ; without one, the data folder holds the database")]
    Scheme,
    /// It is malformed, or has an option that nobody knows.
    #[error("{0}")]
    Form(String),
    /// TLS without a check of who answers is none.
    #[error("sslmode={0}: say verify-full with sslrootcert=FILE, or disable on a network of your own")]
    Unchecked(String),
    /// A server on a network, and not a word on TLS.
    #[error(
        "the server is elsewhere: say sslmode=verify-full&sslrootcert=FILE, or disable on a network of your own"
    )]
    NoTls,
    /// The CA that signs the server's certificate is not named.
    #[error("sslmode=verify-full needs sslrootcert=FILE, the CA of the server's certificate")]
    NoCa,
}

impl FromStr for PostgresUrl {
    type Err = BadUrl;

    fn from_str(url: &str) -> Result<Self, BadUrl> {
        if !["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme)) {
            return Err(BadUrl::Scheme);
        }
        let (place, options) = url.split_once('?').unwrap_or((url, ""));
        let (mut citus, mut mode, mut ca, mut others) = (false, None, None, Vec::new());
        for option in options.split('&').filter(|option| !option.is_empty()) {
            match option.split_once('=').unwrap_or((option, "")) {
                ("citus", "") => citus = true,
                ("sslmode", said) => mode = Some(said),
                ("sslrootcert", file) => ca = Some(PathBuf::from(file)),
                _ => others.push(option),
            }
        }
        let rest = if others.is_empty() { place.to_owned() } else { format!("{place}?{}", others.join("&")) };
        let mut config: Config = rest.parse().map_err(form)?;
        let tls = match mode {
            Some("verify-full") => Some(ca.ok_or(BadUrl::NoCa)?),
            Some("disable") => None,
            Some(other) => return Err(BadUrl::Unchecked(other.to_owned())),
            None if config.get_hosts().iter().all(is_here) => None,
            None => return Err(BadUrl::NoTls),
        };
        config.ssl_mode(if tls.is_some() { SslMode::Require } else { SslMode::Disable });
        Ok(Self { config, tls, citus })
    }
}

impl PostgresUrl {
    /// Returns whether the tables are distributed over a Citus cluster.
    #[must_use]
    pub fn is_citus(&self) -> bool {
        self.citus
    }

    /// Returns the database's name.
    #[must_use]
    pub fn database(&self) -> &str {
        self.config.get_dbname().or(self.config.get_user()).unwrap_or_default()
    }

    /// Returns the variables by which PostgreSQL's own programs reach the database.
    #[must_use]
    pub fn environment(&self) -> Vec<(&'static str, OsString)> {
        let config = &self.config;
        let hosts = config.get_hosts().iter().map(|host| match host {
            Host::Tcp(name) => name.clone(),
            Host::Unix(folder) => folder.display().to_string(),
        });
        let ports = config.get_ports().iter().map(u16::to_string);
        let said = |text: Option<&str>| text.map(OsString::from);
        let password = config.get_password().map(|password| OsStr::from_bytes(password).to_owned());
        let mode = if self.tls.is_some() { "verify-full" } else { "disable" };
        [
            ("PGHOST", Some(hosts.collect::<Vec<_>>().join(",").into())),
            ("PGPORT", Some(ports.collect::<Vec<_>>().join(",").into())),
            ("PGDATABASE", Some(self.database().into())),
            ("PGUSER", said(config.get_user())),
            ("PGPASSWORD", password),
            ("PGOPTIONS", said(config.get_options())),
            ("PGSSLMODE", Some(mode.into())),
            ("PGSSLROOTCERT", self.tls.as_ref().map(|path| path.clone().into_os_string())),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .filter(|(_, value)| !value.is_empty())
        .collect()
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The configuration hides its password.
        f.debug_tuple("PostgresUrl").field(&self.config).field(&self.citus).finish()
    }
}

fn is_here(host: &Host) -> bool {
    match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => name == "localhost" || name.parse().is_ok_and(|ip: IpAddr| ip.is_loopback()),
    }
}

fn form(error: tokio_postgres::Error) -> BadUrl {
    // The cause says which option it is; the error itself only that something is amiss.
    BadUrl::Form(error.into_source().map_or("no URL of a store".to_owned(), |cause| cause.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_elsewhere_is_reached_by_tls_that_checks_who_answers() {
        let parse = |url: &str| url.parse::<PostgresUrl>();
        let mode = |url: &str| {
            let url = parse(url).unwrap();
            (url.config.get_ssl_mode(), url.tls.is_some(), url.citus)
        };
        for here in [
            "postgres://office@localhost/kadian",
            "postgres://office@127.0.0.1:5433/kadian",
            "postgresql:///kadian?host=/run/postgresql&user=office",
            "postgres://office@db.example/kadian?sslmode=disable",
        ] {
            assert_eq!(mode(here), (SslMode::Disable, false, false), "{here}");
        }
        let checked = "postgres://office@db.example/kadian?sslmode=verify-full&sslrootcert=/etc/ca.pem&citus";
        assert_eq!(mode(checked), (SslMode::Require, true, true));
        for (url, error) in [
            ("office.sqlite", BadUrl::Scheme),
            ("postgres://office@db.example/kadian", BadUrl::NoTls),
            ("postgres://office@db.example/kadian?sslmode=verify-full", BadUrl::NoCa),
            ("postgres://office@db.example/kadian?sslmode=require", BadUrl::Unchecked("require".to_owned())),
        ] {
            assert_eq!(parse(url).map(|_| ()), Err(error), "{url}");
        }
        assert!(
            matches!(parse("postgres://localhost/kadian?pace=1"), Err(BadUrl::Form(text)) if text.contains("pace"))
        );
    }

    #[test]
    fn postgresqls_own_programs_are_told_by_their_environment() {
        let told = |url: &str| -> Vec<(&str, String)> {
            let environment = url.parse::<PostgresUrl>().unwrap().environment();
            environment.into_iter().map(|(name, value)| (name, value.into_string().unwrap())).collect()
        };
        let pairs = |pairs: &[(&'static str, &str)]| -> Vec<(&str, String)> {
            pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
        };
        let elsewhere =
            "postgres://office:p%40ss@db.example:5433/kadian?sslmode=verify-full&sslrootcert=/ca.pem";
        let expected = [
            ("PGHOST", "db.example"),
            ("PGPORT", "5433"),
            ("PGDATABASE", "kadian"),
            ("PGUSER", "office"),
            ("PGPASSWORD", "p@ss"),
            ("PGSSLMODE", "verify-full"),
            ("PGSSLROOTCERT", "/ca.pem"),
        ];
        assert_eq!(told(elsewhere), pairs(&expected));
        let here = "postgresql:///kadian?host=/run/postgresql&user=office";
        let expected = [
            ("PGHOST", "/run/postgresql"),
            ("PGDATABASE", "kadian"),
            ("PGUSER", "office"),
            ("PGSSLMODE", "disable"),
        ];
        assert_eq!(told(here), pairs(&expected));
    }

    #[test]
    fn a_password_is_not_printed() {
        let url: PostgresUrl = "postgres://office:hushed@localhost/kadian".parse().unwrap();
        assert!(!format!("{url:?}").contains("hushed"));
    }
}
