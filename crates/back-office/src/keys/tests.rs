use super::*;
use std::os::unix::fs::PermissionsExt;

#[test]
fn keys_are_made_once_and_read_by_their_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("keys");
    let made = Keyring::open(&folder).unwrap().public();
    assert_eq!((made.sealing.len(), made.receipt.len()), (1, 1));
    assert_eq!(Keyring::open(&folder).unwrap().public(), made);
    for entry in fs::read_dir(&folder).unwrap() {
        assert_eq!(entry.unwrap().metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn imported_keys_join_the_others_however_often() {
    let from = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    fs::write(from.path().join("sealing.key"), "07".repeat(32)).unwrap();
    fs::write(from.path().join("receipt.key"), "08".repeat(32) + "\n").unwrap();
    Keyring::open(folder.path()).unwrap();
    for _ in 0..2 {
        Keyring::import(from.path(), folder.path()).unwrap();
        let public = Keyring::open(folder.path()).unwrap().public();
        assert_eq!((public.sealing.len(), public.receipt.len(), public.region.len()), (2, 2, 0));
    }
    fs::write(from.path().join("region.key"), "09".repeat(32)).unwrap();
    Keyring::import(from.path(), folder.path()).unwrap();
    assert_eq!(Keyring::open(folder.path()).unwrap().public().region.len(), 1);
    // What an office wrote is read as well: its folder of keys, or all of its folder.
    let (office, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let made = Keyring::open(&office.path().join("keys")).unwrap().public();
    for from in [office.path().to_owned(), office.path().join("keys")] {
        Keyring::import(&from, other.path()).unwrap();
        assert_eq!(Keyring::open(other.path()).unwrap().public(), made);
    }
    // Half of the keys is none.
    let (half, into) = (tempfile::tempdir().unwrap(), office.path().join("into"));
    fs::write(half.path().join("sealing.key"), "07".repeat(32)).unwrap();
    let error = Keyring::import(half.path(), &into).unwrap_err();
    assert!(error.to_string().contains("receipt.key"), "{error}");
    assert!(!Keyring::is_there(&into).unwrap() && !into.exists());
    assert!(Keyring::is_there(&office.path().join("keys")).unwrap());
    fs::write(from.path().join("receipt.key"), "08".repeat(31)).unwrap();
    assert!(matches!(Keyring::import(from.path(), folder.path()), Err(KeyError::NotAKey(_))));
}
