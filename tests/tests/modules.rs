//! Files of one crate that import each other in a circle can only be understood together.
//!
//! The check reads every `use` and every path that starts at a module of the same crate. A name
//! that a module re-exports counts as its origin's. A parent may use its own children: it puts them
//! together. Unit tests may use anything.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod sources;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use petgraph::algo::tarjan_scc;
use petgraph::graphmap::DiGraphMap;
use sources::{Crate, ModulePath};
use stage::programs::workspace;

/// Circles that stay: the files, relative to the workspace, and why.
const ALLOWED: [(&[&str], &str); 0] = [];

#[test]
fn no_files_import_each_other() {
    let circles: Vec<BTreeSet<String>> =
        roots().iter().flat_map(|root| circles(&Crate::read(root))).collect();
    let known: Vec<BTreeSet<String>> =
        ALLOWED.iter().map(|(files, _)| files.iter().map(|file| (*file).to_owned()).collect()).collect();
    let unknown: Vec<_> = circles.iter().filter(|circle| !known.contains(circle)).collect();
    assert!(unknown.is_empty(), "these files import each other: {unknown:#?}");
    let gone: Vec<_> = known.iter().filter(|circle| !circles.contains(circle)).collect();
    assert!(gone.is_empty(), "no circle any more, to be struck from ALLOWED: {gone:#?}");
}

#[test]
fn a_circle_is_found_through_re_exports_and_not_in_tests() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let file = folder.path().join("src").join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    };
    write("lib.rs", "mod a; mod b; mod c; pub(crate) use a::Thing; #[cfg(test)] mod tests;");
    write("a.rs", "pub struct Thing; fn f() { crate::b::inner::g() }");
    write("b/mod.rs", "mod inner; pub(crate) use inner::g;");
    write("b/inner.rs", "pub fn g() { let _: crate::Thing; }");
    write("c.rs", "#[cfg(test)] mod tests { use crate::d::X; } use super::a::Thing;");
    write("tests.rs", "use crate::c::X;");
    let found = circles(&Crate::read(&folder.path().join("src/lib.rs")));
    let names: Vec<Vec<&str>> = found
        .iter()
        .map(|circle| circle.iter().filter_map(|file| file.rsplit_once("src/").map(|it| it.1)).collect())
        .collect();
    assert_eq!(names, [["a.rs", "b/inner.rs"]]);
}

/// Every library and program of ours: the files that rustc is given.
fn roots() -> Vec<std::path::PathBuf> {
    let metadata = stories::cargo()
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let targets = packages.iter().flat_map(|package| package["targets"].as_array().unwrap());
    let built = targets.filter(|target| target["kind"] != serde_json::json!(["custom-build"]));
    built.map(|target| target["src_path"].as_str().unwrap().into()).collect()
}

/// Sets of files that import each other, directly or around a circle.
fn circles(files: &Crate) -> Vec<BTreeSet<String>> {
    let modules: BTreeMap<&ModulePath, usize> = files.modules().zip(0..).collect();
    let mut graph = DiGraphMap::<usize, ()>::new();
    for (from, to) in files.imports() {
        let puts_together = to.starts_with(from);
        if from != to && !puts_together {
            graph.add_edge(modules[from], modules[to], ());
        }
    }
    let paths: Vec<&Path> = files.paths().collect();
    let name = |at: usize| {
        let path = paths[at].strip_prefix(workspace()).unwrap_or(paths[at]);
        path.display().to_string()
    };
    let circles = tarjan_scc(&graph).into_iter().filter(|circle| circle.len() > 1);
    circles.map(|circle| circle.into_iter().map(name).collect()).collect()
}
