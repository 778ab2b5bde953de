//! Makes the folder of the console's page where nobody has built it: a build needs no npm, and says so in the
//! page's place. A release looks again when the page was built anew.

fn main() {
    let page = "../../ui/apps/console/dist";
    if let Err(error) = std::fs::create_dir_all(page) {
        println!("cargo::warning={page}: {error}");
    }
    // A debug build reads the folder when it is asked.
    let looked_at =
        if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") { page } else { "build.rs" };
    println!("cargo::rerun-if-changed={looked_at}");
}
