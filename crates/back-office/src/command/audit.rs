//! `back-office audit`: checks the audit log, and erases names in it.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use health_code::{PersonId, Trust};
use wire::{AuditHead, hex};

use super::arguments::{AuditCommand, Folder, Office};
use super::erase::{erase_names, keyring};
use super::{Failure, open, say};
use crate::audit::{Checked, Follower, check, parse_line, witnesses};
use crate::console::account::Account;
use crate::erasure;
use crate::limits::{AUDIT_EXPORT_BYTES, WITNESS_BYTES};
use crate::store::{Erased, Note, PersonKey, PostgresUrl, Store};
use crate::system::{Clock, random};
use crate::trust;

/// Runs one of the commands. A log that is not whole ends it with 1.
pub(super) async fn audit(command: AuditCommand) -> Result<ExitCode, Failure> {
    match command {
        AuditCommand::Verify { data, store, log, witness, json } => {
            let witnessed = witness.as_deref().map_or_else(|| Ok(Vec::new()), read_witnesses)?;
            let heads = witnessed.len();
            let checked = match log {
                Some(log) => check_file(&log, witnessed)?,
                None => check_store(data, store, witnessed).await?,
            };
            tell(&checked, witness.is_some().then_some(heads), json)
        }
        AuditCommand::Erase { office, object } => erase(&office, &object).await.map(|()| ExitCode::SUCCESS),
    }
}

fn read_witnesses(path: &Path) -> Result<Vec<AuditHead>, Failure> {
    let text = String::from_utf8(disk::read(path, WITNESS_BYTES)?)?;
    Ok(witnesses(&text).map_err(|error| format!("{}: {error}", path.display()))?)
}

fn check_file(path: &Path, witnessed: Vec<AuditHead>) -> Result<Checked, Failure> {
    let text = String::from_utf8(disk::read(path, AUDIT_EXPORT_BYTES)?)?;
    let mut follower = Follower::new(witnessed);
    for (number, line) in text.lines().enumerate() {
        let entry =
            parse_line(line).map_err(|error| format!("{}:{}: {error}", path.display(), number + 1))?;
        follower.follow(&entry);
    }
    Ok(follower.end())
}

async fn check_store(
    data: Option<std::path::PathBuf>,
    store: Option<PostgresUrl>,
    witnessed: Vec<AuditHead>,
) -> Result<Checked, Failure> {
    let data = data.ok_or("say --data, or --log")?;
    let store = open(&Office { folder: Folder { data }, store }).await?;
    Ok(check(&*store, witnessed).await?)
}

/// `heads` says how many a witness file held: one without any shows nothing.
fn tell(checked: &Checked, heads: Option<usize>, json: bool) -> Result<ExitCode, Failure> {
    let Checked { count, broken_at, missing, .. } = checked;
    let ok = broken_at.is_none() && missing.is_empty();
    if json {
        let missing: Vec<_> = missing
            .iter()
            .map(|head| serde_json::json!({ "count": head.count, "hash": hex::encode(&head.hash) }))
            .collect();
        let said = serde_json::json!({
            "count": count, "ok": ok, "brokenAt": broken_at, "heads": heads, "missing": missing,
        });
        say(&said.to_string())?;
    } else {
        let mut lines = vec![format!("{count} entries")];
        lines.extend(heads.map(|heads| format!("compared with {heads} heads that stations saw")));
        lines.extend(broken_at.map(|seq| format!("entry {seq} does not follow the one before it")));
        lines.extend(missing.iter().map(|head| {
            format!(
                "a station saw {} after {} entries, and this log does not have it",
                hex::encode(&head.hash),
                head.count
            )
        }));
        if ok {
            lines.push("the chain holds".to_owned());
        }
        say(&lines.join("\n"))?;
    }
    Ok(if ok { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Erases what names somebody, and notes that.
async fn erase(office: &Office, object: &str) -> Result<(), Failure> {
    let store = open(office).await?;
    // A resident is named by the key that their numbers have here, as the words of a look say it.
    if let Some(key) = PersonKey::parse(object) {
        let keys = keyring(office)?;
        let names = erasure::names_of_key(&*store, &keys, key).await?;
        let words = "back-office audit erase".to_owned();
        return say(&erase_names(office, &*store, &keys, names, words).await?.1);
    }
    let erased = match object.parse() {
        Ok(id) => {
            has_left(&*store, id).await?;
            store.erase_person(id).await?
        }
        Err(_) => Erased { entries: store.erase_words(object).await?, ..Erased::default() },
    };
    let note = Note {
        at: Clock::system().now(),
        actor: None,
        act: "erased".to_owned(),
        object: object.to_owned(),
        region: health_code::Region::country(),
        words: String::new(),
        salt: random()?,
    };
    store.note(vec![note]).await?;
    let Erased { entries, changes, account } = erased;
    let mut said =
        format!("the words of {entries} entries and what {changes} changes said of them are erased");
    if account {
        said.push_str(", and their account is");
    }
    say(&said)
}

/// Checks that nobody is erased who still works: what they sign in with would be gone.
async fn has_left(store: &dyn Store, id: PersonId) -> Result<(), Failure> {
    let account = store.account(id).await?.as_ref().map(Account::read).transpose()?;
    if account.is_some_and(|account| account.disabled.is_none()) {
        return Err("they may still sign in: take their rights back at the console first".into());
    }
    let communities = trust::in_force(store).await?;
    let lists = |trust: &&Arc<Trust>| trust.community().people.iter().any(|person| person.id == id);
    match communities.iter().find(lists) {
        Some(trust) => {
            Err(format!("{} still lists them: remove them there first", trust.community().name).into())
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::admin::admin;
    use super::super::arguments::AdminCommand;
    use super::*;
    use crate::config::Layout;
    use crate::keys::Keyring;
    use crate::store::{Accounts as _, AuditLog as _, SqliteStore};

    fn office(folder: &Path) -> Office {
        Office { folder: Folder { data: folder.to_owned() }, store: None }
    }

    fn verify(folder: &Path, witness: Option<&Path>) -> AuditCommand {
        let (data, witness) = (Some(folder.to_owned()), witness.map(Path::to_owned));
        AuditCommand::Verify { data, store: None, log: None, witness, json: true }
    }

    async fn ends(command: AuditCommand) -> String {
        format!("{:?}", audit(command).await.unwrap())
    }

    #[tokio::test]
    async fn invitations_from_the_command_line_are_in_the_log_which_is_verified_against_witnesses() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&Layout::of(folder.path()).database()).unwrap();
        let invite = |phone: &str| AdminCommand::Invite {
            office: office(folder.path()),
            name: "样例甲".into(),
            phone: phone.into(),
            region: "4201".parse().unwrap(),
            json: true,
        };
        assert!(admin(invite("12")).await.is_err());
        assert!(admin(invite("138-0001-0022")).await.is_err(), "without the office's keys");
        Keyring::open(&Layout::of(folder.path()).keys()).unwrap();
        admin(invite("138-0001-0022")).await.unwrap();
        let id = store.accounts().await.unwrap()[0].id.to_string();
        let reset = |account: &str| AdminCommand::Reset {
            office: office(folder.path()),
            account: account.into(),
            json: false,
        };
        assert!(admin(reset("nobody")).await.is_err());
        admin(reset(&id)).await.unwrap();
        let acts: Vec<_> =
            store.audit_after(0, 9).await.unwrap().into_iter().map(|entry| entry.act).collect();
        assert_eq!(acts, ["person-added", "reset"]);
        let (done, broken) = (format!("{:?}", ExitCode::SUCCESS), format!("{:?}", ExitCode::from(1)));
        assert_eq!(ends(verify(folder.path(), None)).await, done);
        let witness = folder.path().join("witness");
        let head = store.audit_head().await.unwrap();
        std::fs::write(&witness, format!("{} {}\n", head.count, hex::encode(&head.hash))).unwrap();
        assert_eq!(ends(verify(folder.path(), Some(&witness))).await, done);
        std::fs::write(&witness, format!("9 {}\n", "ab".repeat(32))).unwrap();
        assert_eq!(ends(verify(folder.path(), Some(&witness))).await, broken);
        let erase = || AuditCommand::Erase { office: office(folder.path()), object: id.clone() };
        assert!(audit(erase()).await.is_err(), "they may still sign in");
        let mut account = Account::read(&store.accounts().await.unwrap()[0]).unwrap();
        account.disabled = Some(1);
        assert!(store.put_accounts(vec![account.row().unwrap()], Vec::new()).await.unwrap());
        assert_eq!(ends(erase()).await, done);
        assert_eq!(store.accounts().await.unwrap(), []);
        assert_eq!(ends(verify(folder.path(), None)).await, done, "erased words leave the chain whole");
        assert!(store.audit_after(0, 9).await.unwrap()[..2].iter().all(|entry| entry.words.is_none()));
    }

    #[tokio::test]
    async fn a_resident_is_erased_by_the_key_that_ends_the_words_of_a_look() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&Layout::of(folder.path()).database()).unwrap();
        Keyring::open(&Layout::of(folder.path()).keys()).unwrap();
        let key = PersonKey([7; 16]).to_string();
        let look = Note {
            at: health_code::Timestamp(1),
            actor: None,
            act: "resident-looked".into(),
            object: String::new(),
            region: health_code::Region::country(),
            words: format!("9901**********0011\ninvestigation\n{key}"),
            salt: [1; 16],
        };
        store.note(vec![look]).await.unwrap();
        let erase = AuditCommand::Erase { office: office(folder.path()), object: key };
        audit(erase).await.unwrap();
        let entries = store.audit_after(0, 9).await.unwrap();
        assert_eq!((entries.len(), entries[0].words.is_none()), (2, true));
        assert_eq!(entries[1].act, "resident-erased");
        let said = format!("{} {:?}", entries[1].object, entries[1].words);
        assert!(!said.contains(&"07".repeat(16)), "nor does this name them: {said}");
        assert_eq!(ends(verify(folder.path(), None)).await, format!("{:?}", ExitCode::SUCCESS));
    }

    #[tokio::test]
    async fn who_is_listed_in_a_community_is_not_erased() {
        let folder = tempfile::tempdir().unwrap();
        let context = crate::testing::world::context(folder.path(), Clock::system()).await;
        let listed = context.trust.trust().community().people[0].id.to_string();
        let erase = |object: String| AuditCommand::Erase { office: office(folder.path()), object };
        let refused = audit(erase(listed)).await.unwrap_err().to_string();
        assert!(refused.contains("still lists them"), "{refused}");
        assert!(audit(erase("77".repeat(8))).await.is_ok());
    }
}
