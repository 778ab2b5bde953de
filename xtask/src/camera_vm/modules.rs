//! The machine's drivers.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::fetch;
use crate::steps::run;

/// Builds v4l2loopback from Debian's source for a kernel whose headers are installed.
pub(super) fn build_loopback(folder: &Path, version: &str) -> Result<PathBuf, String> {
    let unpacked = folder.join("v4l2loopback");
    if !unpacked.exists() {
        fetch(folder, "v4l2loopback-dkms", &unpacked)?;
    }
    let source =
        std::fs::read_dir(unpacked.join("usr/src")).ok().and_then(|mut folders| folders.next()?.ok());
    let source = source.ok_or("v4l2loopback-dkms holds no source")?.path();
    let mut make = Command::new("make");
    make.arg("-s").arg("-C").arg(format!("/usr/src/linux-headers-{version}"));
    make.arg(format!("M={}", source.display())).arg("modules");
    run("v4l2loopback for this kernel", &mut make)?;
    Ok(source.join("v4l2loopback.ko"))
}

/// The files of modules and of what they need, in the order in which they are loaded. What is no
/// file is built into the kernel.
pub(super) fn in_order(kernel: &Path, wanted: &[PathBuf]) -> Result<Vec<PathBuf>, String> {
    let mut files = BTreeMap::new();
    collect(kernel, &mut files);
    let mut order = Vec::new();
    for module in wanted {
        load(module, &files, &mut order)?;
    }
    Ok(order)
}

/// Returns a module's file by its name.
pub(super) fn find(kernel: &Path, name: &str) -> Result<PathBuf, String> {
    let mut files = BTreeMap::new();
    collect(kernel, &mut files);
    files.remove(name).ok_or_else(|| format!("the kernel has no module {name}"))
}

fn load(module: &Path, files: &BTreeMap<String, PathBuf>, order: &mut Vec<PathBuf>) -> Result<(), String> {
    if order.iter().any(|known| known == module) {
        return Ok(());
    }
    let bytes = std::fs::read(module).map_err(|error| format!("{}: {error}", module.display()))?;
    for name in needs(&bytes) {
        if let Some(file) = files.get(&name) {
            load(file, files, order)?;
        }
    }
    order.push(module.to_owned());
    Ok(())
}

/// Returns the modules that a module names as needed in its section `.modinfo`.
fn needs(module: &[u8]) -> Vec<String> {
    const KEY: &[u8] = b"\0depends=";
    let Some(at) = module.windows(KEY.len()).position(|window| window == KEY) else { return Vec::new() };
    let value = module[at + KEY.len()..].split(|byte| *byte == 0).next().unwrap_or_default();
    let names = String::from_utf8_lossy(value).into_owned();
    names.split(',').filter(|name| !name.is_empty()).map(|name| name.replace('-', "_")).collect()
}

fn collect(folder: &Path, files: &mut BTreeMap<String, PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "ko")
            && let Some(name) = path.file_stem().and_then(|name| name.to_str())
        {
            files.insert(name.replace('-', "_"), path);
        }
    }
}
