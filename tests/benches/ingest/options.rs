//! What is measured.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

/// A database that an office runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// One SQLite file.
    Sqlite,
    /// A PostgreSQL server.
    Postgres,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }

    /// Names its place in the page, and its picture.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// Measure how fast an office takes reports in and opens them.
#[derive(Debug, Parser)]
pub struct Options {
    /// The databases to measure.
    #[arg(long, value_delimiter = ',', default_value = "sqlite,postgres")]
    pub engines: Vec<Kind>,
    /// Reports that a database holds already, ascending.
    #[arg(long, value_delimiter = ',', default_value = "100000,1000000,10000000")]
    pub rows: Vec<usize>,
    /// Connections that commit at the same time.
    #[arg(long, value_delimiter = ',', default_value = "1,8")]
    pub connections: Vec<usize>,
    /// Reports in a batch.
    #[arg(long, value_delimiter = ',', default_value = "1,10,50,500")]
    pub batches: Vec<usize>,
    /// Commits in a cell; fewer where they would double the database.
    #[arg(long, default_value_t = 2000)]
    pub commits: usize,
    /// Reports that are opened.
    #[arg(long, default_value_t = 40_000)]
    pub opened: usize,
    /// Do not measure taking in.
    #[arg(long)]
    pub skips_accept: bool,
    /// Do not measure opening.
    #[arg(long)]
    pub skips_open: bool,
    /// A server that may make databases, instead of a private one.
    #[arg(long, value_name = "URL")]
    pub postgres: Option<String>,
    /// Where the databases lie while they are measured [default: the system's folder for temporary files].
    #[arg(long, value_name = "DIR")]
    pub folder: Option<PathBuf>,
    /// Write the tables and the pictures below this folder.
    #[arg(long, value_name = "DIR")]
    pub docs: Option<PathBuf>,
    /// Given by `cargo bench`, and of no meaning here.
    #[arg(long, hide = true)]
    bench: bool,
}
