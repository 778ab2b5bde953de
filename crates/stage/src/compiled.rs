//! Libraries in C that stand between a program and libc, compiled where they are first needed.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use crate::problem::{Result, io};
use crate::programs::{target, workspace};
use crate::running::finish;

/// What this process has compiled. Whoever holds it compiles.
static COMPILED: Mutex<BTreeMap<String, PathBuf>> = Mutex::new(BTreeMap::new());

/// Compiles the sources in `crates/stage/NAME`, once in a process, and returns where the library is.
///
/// `cc` is there wherever Rust links.
pub(crate) fn library(name: &str, sources: &[&str]) -> Result<PathBuf> {
    let mut compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(library) = compiled.get(name) {
        return Ok(library.clone());
    }
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
    compiled.insert(name.to_owned(), library.clone());
    Ok(library)
}
