//! How somebody gets an account at the office's console, in their browser.

use std::path::Path;

use serde_json::Value;
use stage::clock::wall;
use stage::programs::command;
use stage::{Browser, Office, finish};
use totp_rs::{Algorithm, Builder, Secret, Totp};

/// What everybody chooses.
pub const PASSPHRASE: &str = "nine grey herons over the ferry";
/// Seconds for which a code counts (RFC 6238).
const STEP: i64 = 30;

/// An authenticator, and the last step whose code was used, or the one after.
pub struct Authenticator {
    totp: Totp,
    used: i64,
}

impl Authenticator {
    /// Returns the code of now.
    #[must_use]
    pub fn code(&self) -> String {
        code(&self.totp)
    }

    /// Returns whether the code of now was not used yet: it is good once.
    #[must_use]
    pub fn has_another(&self) -> bool {
        wall().0 / STEP > self.used
    }
}

/// Invites somebody from the office's own machine, by name, phone and region. They accept in their browser, and are
/// signed in.
pub fn administrator(
    browser: &mut Browser,
    office: &Office,
    data: &Path,
    (name, phone, region): (&str, &str, &str),
) {
    let mut invite = command("back-office").unwrap();
    invite.args(["admin", "invite", "--json", "--data"]).arg(data);
    let said = finish(invite.args(["--name", name, "--phone", phone, "--region", region])).unwrap().stdout;
    let said: Value = serde_json::from_slice(&said).unwrap();
    let word = said["word"].as_str().unwrap();
    browser.go(&format!("{}/console/#/invitation/{word}", office.page())).unwrap();
    accept(browser, &format!("sample.{}", &phone[7..]), "8642097531ab");
}

/// Accepts the invitation that is open, and waits for the console.
pub fn accept(browser: &mut Browser, account: &str, laptop_secret: &str) {
    choose(browser, account, laptop_secret);
    second_factor(browser);
    browser.press("Enter").unwrap();
    browser.wait_for("role=heading[name=实时看板]").unwrap();
}

/// Types an account's name and its secrets.
pub fn choose(browser: &mut Browser, account: &str, laptop_secret: &str) {
    browser.fill("[name=account]", account).unwrap();
    browser.fill("[name=laptop-secret]", laptop_secret).unwrap();
    browser.fill("[name=passphrase]", PASSPHRASE).unwrap();
    browser.fill("[name=passphrase-again]", PASSPHRASE).unwrap();
}

/// Reads the secret below the authenticator's code, types the code of now, and returns the authenticator.
pub fn second_factor(browser: &mut Browser) -> Authenticator {
    let said = browser.text(".secret").unwrap();
    let secret: String = said.split('：').next_back().unwrap().split_whitespace().collect();
    let totp = Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_secret(Secret::try_from_base32(&secret).unwrap().as_ref().to_vec())
        .build_noncompliant();
    let used = wall().0 / STEP;
    browser.fill("[autocomplete=one-time-code]", &code(&totp)).unwrap();
    // The code may be that of the next step already.
    Authenticator { totp, used: used + 1 }
}

fn code(totp: &Totp) -> String {
    totp.generate(wall().0.cast_unsigned()).to_string()
}
