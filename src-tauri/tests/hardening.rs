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

/// Returns the permissions of a capability, after checking that it is for one window of this program alone.
fn permissions_of(name: &str, window: &str) -> BTreeSet<String> {
    let capability = json(&root().join("capabilities").join(format!("{name}.json")));
    assert_eq!(capability["identifier"], name);
    assert_eq!(capability["windows"], serde_json::json!([window]));
    assert!(capability.get("webviews").is_none());
    assert!(capability.get("remote").is_none());
    capability["permissions"].as_array().unwrap().iter().map(|p| p.as_str().unwrap().to_owned()).collect()
}

#[test]
fn each_window_has_one_capability_that_names_each_permission() {
    let files: BTreeSet<_> = std::fs::read_dir(root().join("capabilities"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(files, BTreeSet::from(["resident.json", "station.json"].map(str::to_owned)));
    let named = serde_json::json!(["station", "resident"]);
    assert_eq!(config()["app"]["security"]["capabilities"], named);

    let allowed = [
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
        "allow-set-device",
        "allow-save-diagnostics",
        "allow-seen",
        "allow-displays",
        "allow-set-resident-display",
        "allow-kiosk",
        "allow-set-kiosk",
        "allow-leave-kiosk",
    ];
    assert_eq!(permissions_of("station", "main"), BTreeSet::from(allowed.map(str::to_owned)));
}

/// Tauri hands every event to a page that may listen to any: so the resident's side may listen to none, and
/// asks instead. What the one command returns is a type that holds one of seven words.
#[test]
fn the_residents_side_has_one_command_and_hears_no_event() {
    let allowed = ["allow-resident".to_owned()];
    assert_eq!(permissions_of("resident", "resident"), BTreeSet::from(allowed));

    let mut sources = vec![root().join("src")];
    while let Some(source) = sources.pop() {
        if source.is_dir() {
            sources.extend(std::fs::read_dir(source).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let text = std::fs::read_to_string(&source).unwrap();
        // Nothing is sent to a window but the collector's, and no script is put into any page.
        for sent in text.lines().filter(|line| line.contains(".emit")) {
            assert!(sent.contains("emit_to(WINDOW,") || sent.contains("self.emit("), "{sent}");
        }
        for way in [".eval(", "initialization_script", "Channel<", "emit_filter"] {
            assert!(!text.contains(way), "{}: {way}", source.display());
        }
    }
    let commands = std::fs::read_to_string(root().join("src/commands.rs")).unwrap();
    assert!(commands.contains(
        "fn resident(state: State<'_, AppState>, seen: Value) -> Result<ResidentView, CommandError>"
    ));
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
    assert_eq!(commands, 17);
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

/// Each of these opens something that is not the station: a menu, a dialog, a printer, a file.
#[test]
fn the_web_views_own_doors_are_closed_in_both_windows() {
    let hardening = std::fs::read_to_string(root().join("src/hardening.rs")).unwrap();
    for door in [
        "\"context-menu\"",
        "connect_print",
        "connect_script_dialog",
        "connect_permission_request",
        "connect_run_file_chooser",
        "connect_zoom_level_notify",
        "drag_dest_unset",
        "drag_source_unset",
        "keep_open(&view)",
    ] {
        assert!(hardening.contains(door), "{door}");
    }
    assert_eq!(hardening.matches("WebviewWindowBuilder::new(").count(), 1, "no window goes round the doors");
    assert_eq!(hardening.matches("close_doors(&window").count(), 2, "each window has its doors closed");
}

/// What ends the kiosk, or says where somebody's screen is, asks first for the administrator's sign-in.
#[test]
fn only_an_administrator_leaves_the_kiosk() {
    let commands = std::fs::read_to_string(root().join("src/commands.rs")).unwrap();
    for command in ["fn set_kiosk", "fn leave_kiosk", "fn set_resident_display"] {
        let body = commands.split(command).nth(1).unwrap().split("\n}").next().unwrap();
        assert!(body.contains("administrator()?"), "{command}");
    }
    let kiosk = std::fs::read_to_string(root().join("src/kiosk_window.rs")).unwrap();
    assert!(kiosk.contains("api.prevent_close()"));
}
