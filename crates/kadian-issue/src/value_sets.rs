//! Value sets in the JSON that the EU publishes: a name, a date, and an object whose keys are the codes.

use std::path::{Path, PathBuf};

use health_code::hcert::{ValueSet, ValueSets};
use health_code::limits::{VALUE_BYTES, VALUES};
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use crate::files;

/// Longest file of a value set in bytes; the longest published one has 200 KiB.
const FILE_BYTES: u64 = 4 * 1024 * 1024;
/// Most files of a folder that are looked at.
const FILES: usize = 1000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Published {
    value_set_id: String,
    value_set_values: Map<String, Json>,
}

/// Reads value sets: files, and of folders the `*.json` that are one. Other JSON in a folder is passed over,
/// and so are sets that no certificate's field is from.
///
/// # Errors
/// A sentence that names the path.
pub fn read(paths: &[PathBuf]) -> Result<ValueSets, String> {
    let mut sets = ValueSets::default();
    for path in paths {
        let found = if path.is_dir() { of_folder(path)? } else { vec![of_file(path)?] };
        if found.is_empty() {
            return Err(format!("no value set in {}", path.display()));
        }
        for (set, codes) in found {
            sets.add(set, codes);
        }
    }
    Ok(sets)
}

fn of_folder(folder: &Path) -> Result<Vec<(ValueSet, Vec<String>)>, String> {
    let said = |error: std::io::Error| format!("{} could not be read: {error}", folder.display());
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(said)?.take(FILES) {
        let path = entry.map_err(said)?.path();
        if path.is_file() && path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json")) {
            paths.push(path);
        }
    }
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        let bytes = files::read(&path, FILE_BYTES)?;
        let Ok(published) = serde_json::from_slice::<Published>(&bytes) else { continue };
        if let Some(set) = named(&published.value_set_id) {
            found.push((set, codes(&path, published)?));
        }
    }
    Ok(found)
}

fn of_file(path: &Path) -> Result<(ValueSet, Vec<String>), String> {
    let said = |what: &dyn std::fmt::Display| format!("{}: {what}", path.display());
    let published: Published = serde_json::from_slice(&files::read(path, FILE_BYTES)?)
        .map_err(|error| said(&format!("no value set: {error}")))?;
    let set = named(&published.value_set_id).ok_or_else(|| {
        let known: Vec<&str> = ValueSet::ALL.into_iter().map(ValueSet::id).collect();
        said(&format!("valueSetId {:?} is none of {}", published.value_set_id, known.join(", ")))
    })?;
    Ok((set, codes(path, published)?))
}

fn named(id: &str) -> Option<ValueSet> {
    ValueSet::ALL.into_iter().find(|set| set.id() == id)
}

fn codes(path: &Path, published: Published) -> Result<Vec<String>, String> {
    let said = |what: &str| format!("{}: {what}", path.display());
    let codes: Vec<String> = published.value_set_values.into_iter().map(|(code, _)| code).collect();
    if codes.is_empty() {
        return Err(said("it has no values"));
    }
    if codes.len() > VALUES || codes.iter().any(|code| code.is_empty() || code.len() > VALUE_BYTES) {
        return Err(said(&format!("a value set has at most {VALUES} codes of at most {VALUE_BYTES} bytes")));
    }
    Ok(codes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_gives_the_sets_in_it_and_a_file_must_be_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let write = |name: &str, text: &str| std::fs::write(path(name), text).unwrap();
        write("package.json", r#"{"name": "x"}"#);
        write("other.json", r#"{"valueSetId": "other", "valueSetValues": {"1": {}}}"#);
        write("readme.md", "no JSON");
        let read = |names: &[&str]| read(&names.iter().map(|name| path(name)).collect::<Vec<_>>());
        assert!(read(&["."]).unwrap_err().starts_with("no value set in "));
        write(
            "results.json",
            r#"{"valueSetId": "covid-19-lab-result", "valueSetDate": "2021-04-27",
            "valueSetValues": {"260415000": {"active": true}, "260373001": {"active": false}}}"#,
        );
        let sets = read(&["."]).unwrap();
        let all: Vec<_> = sets.sets().collect();
        assert_eq!(all, [(ValueSet::TestResult, &["260373001".to_owned(), "260415000".to_owned()][..])]);
        assert_eq!(read(&["results.json"]), Ok(sets));
        assert!(read(&["other.json"]).unwrap_err().contains("\"other\" is none of disease-agent-targeted"));
        assert!(read(&["package.json"]).unwrap_err().contains("no value set: missing field"));
        assert!(read(&["nowhere.json"]).unwrap_err().contains("nowhere.json"));
    }
}
