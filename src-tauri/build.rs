//! Names every command a page may call. Without this list Tauri would allow them all.

fn main() {
    let commands = tauri_build::AppManifest::new().commands(&[
        "start",
        "user",
        "ticket",
        "leave",
        "settings",
        "set_language",
        "set_theme",
        "set_gloss",
        "set_device",
        "save_diagnostics",
        "seen",
        "displays",
        "set_resident_display",
        "kiosk",
        "set_kiosk",
        "leave_kiosk",
        "resident",
    ]);
    if let Err(error) = tauri_build::try_build(tauri_build::Attributes::new().app_manifest(commands)) {
        println!("cargo::error={error:#}");
    }
}
