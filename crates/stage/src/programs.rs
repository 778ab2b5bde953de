//! Where the programs are. They are built before anything here runs, by one `cargo build`; nothing
//! here calls cargo.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;
use std::{env, fs};

use crate::problem::{Problem, Result, io};

/// Returns the root of the workspace.
#[must_use]
pub fn workspace() -> &'static Path {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    // This crate lies two folders below it.
    own.ancestors().nth(2).unwrap_or(own)
}

/// Returns the folder that holds the built programs of this profile, such as `target/debug`.
///
/// # Errors
/// [`Problem::Io`] where this program does not know its own path.
pub fn target() -> Result<PathBuf> {
    // target/debug/deps/story-0123456789abcdef, or target/debug/demo
    let own = env::current_exe().map_err(io("the path of this program"))?;
    let folder = own.parent().unwrap_or(&own);
    let folder = if folder.ends_with("deps") { folder.parent().unwrap_or(folder) } else { folder };
    Ok(folder.to_owned())
}

/// Returns the path of a program that is built and up to date.
///
/// It is looked for beside the running program, then in `CARGO_TARGET_DIR` or `target` under the
/// profile of this build.
///
/// # Errors
/// [`Problem::NotBuilt`] or [`Problem::OutOfDate`].
pub fn program(name: &str) -> Result<PathBuf> {
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    let beside = target()?.join(&file);
    let base = env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace().join("target"), PathBuf::from);
    let profile = if cfg!(debug_assertions) { "debug" } else { "release" };
    let built = workspace().join(base).join(profile).join(&file);
    let Some(path) = [&beside, &built].into_iter().find(|path| path.is_file()) else {
        return Err(Problem::NotBuilt { program: name.to_owned(), path: beside });
    };
    match newer_source(path) {
        Some(source_file) => Err(Problem::OutOfDate { program: name.to_owned(), source_file }),
        None => Ok(path.clone()),
    }
}

/// Returns a command that runs a program in the root of the workspace.
///
/// # Errors
/// As [`program`].
pub fn command(name: &str) -> Result<Command> {
    let mut command = Command::new(program(name)?);
    command.current_dir(workspace()).env("RUST_BACKTRACE", "1");
    Ok(command)
}

/// Returns a source that changed after the program was built. Cargo lists the sources beside it, in
/// `NAME.d`; a program without that list, such as one that was copied, counts as up to date.
fn newer_source(program: &Path) -> Option<PathBuf> {
    let modified = |path: &Path| fs::metadata(path).and_then(|file| file.modified()).ok();
    let built: SystemTime = modified(program)?;
    let list = fs::read_to_string(program.with_extension("d")).ok()?;
    sources(&list).into_iter().find(|source| modified(source).is_some_and(|at| at > built))
}

/// Reads a dependency list in make's form: one target, a colon, paths with `\ ` for a space.
fn sources(list: &str) -> Vec<PathBuf> {
    let paths = list.lines().next().and_then(|line| line.split_once(": ")).map_or("", |(_, paths)| paths);
    let paths = paths.replace("\\ ", "\0");
    paths.split_whitespace().map(|path| PathBuf::from(path.replace('\0', " "))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_sources_is_read_as_cargo_writes_it() {
        let list = "/w/target/debug/kadian: /w/crates/kadian/src/main.rs /w/my\\ crate/a.rs\n";
        let wanted = ["/w/crates/kadian/src/main.rs", "/w/my crate/a.rs"].map(PathBuf::from);
        assert_eq!(sources(list), wanted);
        assert_eq!(sources(""), Vec::<PathBuf>::new());
    }

    #[test]
    fn a_program_older_than_a_source_is_out_of_date() {
        let folder = tempfile::tempdir().unwrap();
        let (program, source) = (folder.path().join("kadian"), folder.path().join("main.rs"));
        fs::write(&program, "").unwrap();
        assert_eq!(newer_source(&program), None, "no list");
        fs::write(program.with_extension("d"), format!("{}: {}\n", program.display(), source.display()))
            .unwrap();
        assert_eq!(newer_source(&program), None, "the source is gone");
        fs::write(&source, "").unwrap();
        let built = fs::metadata(&program).unwrap().modified().unwrap();
        let later = built + std::time::Duration::from_secs(60);
        fs::File::options().write(true).open(&source).unwrap().set_modified(later).unwrap();
        assert_eq!(newer_source(&program), Some(source));
    }
}
