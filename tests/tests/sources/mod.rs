//! The modules of one crate, and which of them each one names.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};
use syn::{Attribute, Expr, Item, ItemMod, ItemUse, Lit, Meta, UseTree, Visibility};

/// A module's names from the crate's root, which is empty.
pub type ModulePath = Vec<String>;

/// The modules of one crate that stand in files, unit tests aside.
#[derive(Default)]
pub struct Crate {
    modules: BTreeMap<ModulePath, Module>,
}

struct Module {
    file: PathBuf,
    /// Paths that the file names, as written.
    named: BTreeSet<Vec<String>>,
    /// Names that the file makes its own by `pub use`, and the paths that they come from.
    re_exported: BTreeMap<String, Vec<String>>,
}

impl Crate {
    /// Reads a crate from the file that rustc is given.
    pub fn read(root: &Path) -> Self {
        let mut this = Self::default();
        let folder = root.parent().expect("a file lies in a folder").to_owned();
        this.add(Vec::new(), root.to_owned(), &folder);
        this
    }

    /// All modules, in the order of [`Crate::paths`].
    pub fn modules(&self) -> impl Iterator<Item = &ModulePath> {
        self.modules.keys()
    }

    /// Their files.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.modules.values().map(|module| module.file.as_path())
    }

    /// Which module names something of which other.
    pub fn imports(&self) -> BTreeSet<(&ModulePath, &ModulePath)> {
        let named =
            self.modules.iter().flat_map(|(from, module)| module.named.iter().map(move |it| (from, it)));
        named.filter_map(|(from, path)| Some((from, self.origin(from, path, 0)?))).collect()
    }

    fn add(&mut self, path: ModulePath, file: PathBuf, folder: &Path) {
        let text =
            std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let parsed = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let mut found = Found::default();
        found.visit_file(&parsed);
        let Found { named, re_exported, children } = found;
        self.modules.insert(path.clone(), Module { file: file.clone(), named, re_exported });
        for (child, elsewhere) in children {
            let mut path = path.clone();
            path.push(child.clone());
            let inside = folder.join(&child);
            let (beside, within) = (folder.join(format!("{child}.rs")), inside.join("mod.rs"));
            let usual = if beside.exists() { beside } else { within };
            // `#[path]` counts from the folder of the file in which it stands.
            let named = elsewhere.map(|elsewhere| file.with_file_name(elsewhere));
            self.add(path, named.unwrap_or(usual), &inside);
        }
    }

    /// The module in which the thing at `path`, as named in `from`, is defined.
    fn origin(&self, from: &ModulePath, path: &[String], depth: usize) -> Option<&ModulePath> {
        let (mut at, mut rest) = match path.first()?.as_str() {
            "crate" => (Vec::new(), &path[1..]),
            "self" => (from.clone(), &path[1..]),
            "super" => (from[..from.len().checked_sub(1)?].to_vec(), &path[1..]),
            child => {
                let mut own = from.clone();
                own.push(child.to_owned());
                if !self.modules.contains_key(&own) {
                    return None;
                }
                (from.clone(), path)
            }
        };
        while let Some(first) = rest.first() {
            if first == "super" {
                at.pop()?;
            } else {
                at.push(first.clone());
                if !self.modules.contains_key(&at) {
                    at.pop();
                    break;
                }
            }
            rest = &rest[1..];
        }
        let (known, module) = self.modules.get_key_value(&at)?;
        let re_exported = rest.first().and_then(|name| module.re_exported.get(name));
        // Two modules that re-export each other's names would go round for ever.
        let origin = re_exported.filter(|_| depth < 8).and_then(|path| self.origin(&at, path, depth + 1));
        Some(origin.unwrap_or(known))
    }
}

#[derive(Default)]
struct Found {
    named: BTreeSet<Vec<String>>,
    re_exported: BTreeMap<String, Vec<String>>,
    /// Modules in files of their own, each with its `#[path]`, if it has one.
    children: Vec<(String, Option<String>)>,
}

impl<'ast> Visit<'ast> for Found {
    fn visit_item(&mut self, item: &'ast Item) {
        if !attributes(item).iter().any(is_for_tests) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        // A module inside the file belongs to the file; its `super` is the file itself.
        if item.content.is_none() {
            let elsewhere = item.attrs.iter().find_map(|attribute| match &attribute.meta {
                Meta::NameValue(pair) if pair.path.is_ident("path") => text(&pair.value),
                _ => None,
            });
            self.children.push((item.ident.to_string(), elsewhere));
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let mut paths = Vec::new();
        flatten(&item.tree, Vec::new(), &mut paths);
        for (path, name) in paths {
            if !matches!(item.vis, Visibility::Inherited) {
                self.re_exported.insert(name, path.clone());
            }
            self.named.insert(path);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<String> = path.segments.iter().map(|part| part.ident.to_string()).collect();
        if names.len() > 1 {
            self.named.insert(names);
        }
        visit::visit_path(self, path);
    }
}

/// Turns a tree of imports into paths, each with the name that it has here.
fn flatten(tree: &UseTree, mut before: Vec<String>, paths: &mut Vec<(Vec<String>, String)>) {
    match tree {
        UseTree::Path(path) => {
            before.push(path.ident.to_string());
            flatten(&path.tree, before, paths);
        }
        UseTree::Group(group) => group.items.iter().for_each(|tree| flatten(tree, before.clone(), paths)),
        UseTree::Name(name) if name.ident == "self" => {
            let last = before.last().cloned().unwrap_or_default();
            paths.push((before, last));
        }
        UseTree::Name(name) => {
            before.push(name.ident.to_string());
            paths.push((before, name.ident.to_string()));
        }
        UseTree::Rename(rename) => {
            before.push(rename.ident.to_string());
            paths.push((before, rename.rename.to_string()));
        }
        UseTree::Glob(_) => paths.push((before, "*".to_owned())),
    }
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(it) => &it.attrs,
        Item::Enum(it) => &it.attrs,
        Item::Fn(it) => &it.attrs,
        Item::Impl(it) => &it.attrs,
        Item::Mod(it) => &it.attrs,
        Item::Static(it) => &it.attrs,
        Item::Struct(it) => &it.attrs,
        Item::Trait(it) => &it.attrs,
        Item::Type(it) => &it.attrs,
        Item::Use(it) => &it.attrs,
        _ => &[],
    }
}

/// Whether the attribute is `#[cfg(test)]`, alone or inside `any` or `all`.
fn is_for_tests(attribute: &Attribute) -> bool {
    let Meta::List(list) = &attribute.meta else { return false };
    list.path.is_ident("cfg") && list.tokens.clone().into_iter().any(|token| token.to_string() == "test")
}

fn text(value: &Expr) -> Option<String> {
    match value {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}
