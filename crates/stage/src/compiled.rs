//! Libraries in C that stand between a program and libc, compiled where they are first needed.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::problem::{Result, io};
use crate::programs::{target, workspace};
use crate::running::finish;

/// Compiles the sources in `crates/stage/NAME`, and returns where the library is.
///
/// `cc` is there wherever Rust links.
pub(crate) fn library(name: &str, sources: &[&str]) -> Result<PathBuf> {
    let source = workspace().join("crates/stage").join(name);
    let folder = target()?.join(name);
    fs::create_dir_all(&folder).map_err(io("the folder of a compiled shim"))?;
    // Tests run beside each other, as processes: each compiles to a name of its own first.
    let own = folder.join(format!("{}.so", std::process::id()));
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", "-o"]).arg(&own);
    compiler.args(sources.iter().map(|file| source.join(file))).args(["-ldl", "-lpthread"]);
    finish(&mut compiler)?;
    let library = folder.join(format!("{name}.so"));
    fs::rename(own, &library).map_err(io("a compiled shim"))?;
    Ok(library)
}
