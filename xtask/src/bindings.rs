//! The TypeScript types of what crosses to a window, generated from the Rust ones into one file for each.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::steps::{root, run};

const FILE: &str = "ui/apps/station/src/bindings.ts";
const RESIDENT_FILE: &str = "ui/apps/resident/src/bindings.ts";
/// The only type that the resident's side knows. The collector's window says it aloud.
const RESIDENT: &str = "ResidentView.ts";
const HEADER: &str = "// Generated from the Rust types by `cargo xtask bindings`. Do not edit.\n";

/// Writes the committed file anew.
pub(crate) fn write() -> Result<(), String> {
    let (station, resident) = generate()?;
    put(&root().join(FILE), &station)?;
    put(&root().join(RESIDENT_FILE), &resident)
}

/// Fails if a committed file is not what the Rust types make today.
pub(crate) fn check() -> Result<(), String> {
    let fresh = root().join("target/bindings.ts");
    let (station, resident) = generate()?;
    for (file, text) in [(FILE, station), (RESIDENT_FILE, resident)] {
        put(&fresh, &text)?;
        run(
            "bindings are fresh (cargo xtask bindings writes them)",
            Command::new("diff").arg("-u").arg(root().join(file)).arg(&fresh),
        )?;
    }
    Ok(())
}

/// Lets ts-rs write its files, one per type, and joins them for each window. ts-rs writes each type when a test of its
/// crate runs. The features are those of `cargo xtask test`, so that nothing is built for this alone.
fn generate() -> Result<(String, String), String> {
    let folder = root().join("target/bindings");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    run(
        "bindings",
        Command::new("cargo")
            .args(["test", "--quiet", "--workspace", "--all-features", "--locked", "--lib", "--bins"])
            .arg("export_bindings")
            .env("TS_RS_EXPORT_DIR", &folder)
            // Each test program says how many tests it left out; what fails is on standard error.
            .stdout(Stdio::null())
            .current_dir(root()),
    )?;
    let (mut station, mut resident) = (HEADER.to_owned(), HEADER.to_owned());
    for path in sorted(&folder)? {
        let part = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        // Writing to a String cannot fail.
        let _ = write!(station, "\n{}", declaration(&part));
        if path.ends_with(RESIDENT) {
            let _ = write!(resident, "\n{}", declaration(&part));
        }
    }
    Ok((station, resident))
}

/// Returns the files of a folder by name, so that the result is always the same.
fn sorted(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    Ok(paths)
}

/// Returns a generated file without its header and imports, which one file for all does not need,
/// and with doc comments of one line where they fit into one.
fn declaration(file: &str) -> String {
    let kept = file.lines().filter(|line| !line.starts_with("// ") && !line.starts_with("import "));
    let text: Vec<&str> = kept.map(str::trim_end).collect();
    let text = text.join("\n").replace("/**\n * ", "/** ").replace("\n */", " */");
    format!("{}\n", text.trim())
}

fn put(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::declaration;

    #[test]
    fn a_declaration_stands_without_header_and_imports() {
        let file = "// Generated.\nimport type { B } from \"./B\";\n\n/**\n * An A.\n */\nexport type A = { \n/**\n * Its b.\n */\nb: B, };\n";
        assert_eq!(declaration(file), "/** An A. */\nexport type A = {\n/** Its b. */\nb: B, };\n");
    }
}
