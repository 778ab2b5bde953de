//! Checks the window's configuration: a page gets no more rights than are listed here.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn json(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn config() -> Value {
    json(&root().join("tauri.conf.json"))
}

#[test]
fn the_page_gets_no_global_and_no_files() {
    let config = config();
    let app = &config["app"];
    assert_eq!(app["withGlobalTauri"], false);
    assert_eq!(app["security"]["freezePrototype"], true);
    assert_eq!(app["security"]["assetProtocol"]["enable"], false);
    // The window is opened by hardening.rs, incognito and closed to navigation.
    assert_eq!(app["windows"], serde_json::json!([]));
    // No development server: what runs is what was built.
    assert!(config["build"].get("devUrl").is_none());
    for loosened in [
        "devCsp",
        "dangerousDisableAssetCspModification",
        "dangerousRemoteDomainIpcAccess",
        "pattern",
        "headers",
    ] {
        assert!(app["security"].get(loosened).is_none(), "{loosened}");
    }
}

#[test]
fn the_content_policy_is_strict() {
    let config = config();
    let csp = config["app"]["security"]["csp"].as_object().unwrap();
    assert_eq!(csp["default-src"], "'none'");
    assert_eq!(csp["script-src"], "'self'");
    assert_eq!(csp["object-src"], "'none'");
    assert_eq!(csp["base-uri"], "'none'");
    assert_eq!(csp["form-action"], "'none'");
    assert_eq!(csp["frame-ancestors"], "'none'");
    assert_eq!(csp["connect-src"], "ipc: http://ipc.localhost");
    for (directive, sources) in csp {
        let sources = sources.as_str().unwrap();
        for bad in ["unsafe-eval", "*", "https:", "blob:", "asset:", "filesystem:"] {
            assert!(!sources.contains(bad), "{directive} allows {bad}");
        }
        // The page may show the camera's picture; no script may read it.
        assert_eq!(sources.contains("preview"), directive == "img-src", "{directive}");
        assert!(directive == "style-src" || !sources.contains("unsafe-inline"), "{directive}");
    }
}

#[test]
fn one_capability_names_each_permission() {
    let files: Vec<_> =
        std::fs::read_dir(root().join("capabilities")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files, [root().join("capabilities/station.json")]);
    assert_eq!(config()["app"]["security"]["capabilities"], serde_json::json!(["station"]));

    let station = json(&files[0]);
    assert_eq!(station["windows"], serde_json::json!(["main"]));
    assert!(station.get("webviews").is_none());
    assert!(station.get("remote").is_none());
    let permissions: BTreeSet<_> =
        station["permissions"].as_array().unwrap().iter().map(|p| p.as_str().unwrap()).collect();
    assert_eq!(
        permissions,
        BTreeSet::from([
            "core:event:allow-listen",
            "core:event:allow-unlisten",
            "allow-start",
            "allow-user",
            "allow-ticket",
            "allow-leave",
            "allow-settings",
            "allow-set-language",
            "allow-set-theme",
            "allow-set-gloss",
            "allow-seen",
        ])
    );
}

#[test]
fn every_command_is_named_in_the_manifest() {
    let build = std::fs::read_to_string(root().join("build.rs")).unwrap();
    let main = std::fs::read_to_string(root().join("src/main.rs")).unwrap();
    let mut commands = 0;
    for line in main.lines().filter_map(|line| line.trim().strip_prefix("commands::")) {
        let command = line.trim_end_matches(',');
        assert!(build.contains(&format!("\"{command}\"")), "{command}");
        commands += 1;
    }
    assert_eq!(commands, 9);
    assert!(build.contains("app_manifest("));
}

#[test]
fn release_builds_have_no_devtools() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let tauri = manifest.lines().find(|line| line.starts_with("tauri = ")).unwrap();
    assert!(!tauri.contains("devtools"));
    assert!(!tauri.contains("protocol-asset"));
    assert!(tauri.contains("default-features = false"));
}
