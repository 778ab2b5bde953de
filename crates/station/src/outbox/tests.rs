use super::backlog::Settled;
use super::*;
use gate::Fault;
use std::collections::HashSet;
use std::path::Path;

pub(super) const STATION: StationId = StationId([1; 16]);

pub(super) fn open(dir: &Path, run: u8) -> Outbox {
    Outbox::open(&dir.join("outbox.sqlite"), STATION, StreamId([run; 16])).unwrap()
}

/// A ciphertext that can be found again in a file's bytes.
pub(super) fn ciphertext(record: u16) -> Vec<u8> {
    let mut bytes = vec![0; wire::limits::SEALED_BYTES];
    for (at, chunk) in bytes.chunks_mut(8).enumerate() {
        let word = (u64::from(record) << 32 | at as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let len = chunk.len();
        chunk.copy_from_slice(&word.to_le_bytes()[..len]);
    }
    bytes
}

pub(super) fn id(record: u16) -> RecordId {
    let mut id = [7; 16];
    id[..2].copy_from_slice(&record.to_be_bytes());
    RecordId(id)
}

fn try_append(outbox: &mut Outbox, record: u16) -> Result<(), OutboxError> {
    let ChainPlace { stream, seq, link, record: name, .. } = outbox.place(id(record));
    let kid = health_code::KeyId([2; 8]);
    outbox.append(&SealedReport { stream, seq, record: name, kid, link, ciphertext: ciphertext(record) })
}

pub(super) fn append(outbox: &mut Outbox, record: u16) {
    try_append(outbox, record).unwrap();
}

pub(super) fn erase(outbox: &mut Outbox, records: &[RecordId]) {
    let settled = Settled { acknowledged: records.to_vec(), ..Settled::default() };
    outbox.settle(&settled, None).unwrap();
}

/// Which of the needles stand somewhere in the folder's files.
pub(super) fn found_in_files(dir: &Path, needles: impl IntoIterator<Item = [u8; 16]>) -> usize {
    let needles: HashSet<[u8; 16]> = needles.into_iter().collect();
    let mut found = HashSet::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let bytes = if path.is_file() { std::fs::read(path).unwrap() } else { Vec::new() };
        found.extend(bytes.windows(16).filter(|window| needles.contains(*window)).map(<[u8]>::to_vec));
    }
    found.len()
}

/// Sixteen bytes from the middle of a ciphertext.
pub(super) fn middle(record: u16) -> [u8; 16] {
    ciphertext(record)[400..416].try_into().unwrap()
}

/// What a kill leaves: the files as they are, copied away under a running connection.
fn as_after_a_kill(dir: &Path) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        if !entry.file_name().to_string_lossy().ends_with("-shm") {
            std::fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
        }
    }
    copy
}

#[test]
fn what_was_appended_survives_a_kill_and_the_next_stream_names_its_predecessor() {
    let dir = tempfile::tempdir().unwrap();
    let mut first = open(dir.path(), 1);
    for record in 0..5 {
        append(&mut first, record);
    }
    let after = as_after_a_kill(dir.path());
    let mut second = open(after.path(), 2);
    append(&mut second, 5);
    let rows = second.pending(100).unwrap();
    assert_eq!(rows.len(), 6);
    assert_eq!(rows[0].link, [0; 32]);
    for pair in rows.windows(2) {
        assert_eq!(pair[1].link, wire::chain(&pair[0].link, &pair[0].ciphertext));
    }
    assert_eq!((rows[4].stream, rows[4].seq), (StreamId([1; 16]), 4));
    assert_eq!((rows[5].stream, rows[5].seq), (StreamId([2; 16]), 0));
}

#[test]
fn a_run_without_reports_leaves_no_stream() {
    let dir = tempfile::tempdir().unwrap();
    append(&mut open(dir.path(), 1), 0);
    drop(open(dir.path(), 2));
    let mut third = open(dir.path(), 3);
    append(&mut third, 1);
    let rows = third.pending(10).unwrap();
    assert_eq!(rows[1].link, wire::chain(&rows[0].link, &rows[0].ciphertext));
}

#[test]
fn no_byte_of_an_erased_report_stays_in_the_files() {
    let dir = tempfile::tempdir().unwrap();
    let mut outbox = open(dir.path(), 1);
    for record in 0..500 {
        append(&mut outbox, record);
    }
    assert_eq!(found_in_files(dir.path(), (0..500).map(middle)), 500);
    erase(&mut outbox, &(0..499).map(id).collect::<Vec<_>>());
    assert_eq!(outbox.waiting(), 1);
    assert_eq!(found_in_files(dir.path(), (0..499).map(middle)), 0);
    assert_eq!(found_in_files(dir.path(), (0..499).map(|record| id(record).0)), 0);
    assert_eq!(found_in_files(dir.path(), [middle(499)]), 1);
}

#[test]
fn order_is_kept_when_numbers_start_over() {
    let dir = tempfile::tempdir().unwrap();
    let mut outbox = open(dir.path(), 1);
    for round in 0..3_u16 {
        for record in 0..10 {
            append(&mut outbox, round * 10 + record);
        }
        let names: Vec<_> = outbox.pending(100).unwrap().into_iter().map(|row| row.record).collect();
        assert_eq!(names, (round * 10..round * 10 + 10).map(id).collect::<Vec<_>>());
        erase(&mut outbox, &names);
    }
    assert_eq!(outbox.place(id(0)).seq, 30);
}

#[test]
fn a_full_disk_refuses_the_report_and_keeps_the_rest() {
    let dir = tempfile::tempdir().unwrap();
    let mut outbox = open(dir.path(), 1);
    let pages: i64 = outbox.db.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    let _: i64 =
        outbox.db.query_row(&format!("PRAGMA max_page_count = {}", pages + 3), [], |row| row.get(0)).unwrap();
    let mut kept = 0;
    let error = loop {
        match try_append(&mut outbox, kept) {
            Ok(()) => kept += 1,
            Err(error) => break error,
        }
    };
    assert!(kept > 0);
    assert_eq!(error.fault(), Fault::DiskFull);
    assert!(error.leaves_open());
    assert_eq!(outbox.waiting(), u64::from(kept));
    erase(&mut outbox, &[id(0), id(1), id(2), id(3), id(4)]);
    append(&mut outbox, 900);
    let rows = outbox.pending(100).unwrap();
    assert_eq!(rows.last().map(|row| row.seq), Some(u64::from(kept)));
}

#[test]
fn a_disk_that_cannot_be_written_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let mut outbox = open(dir.path(), 1);
    append(&mut outbox, 0);
    outbox.db.pragma_update(None, "query_only", true).unwrap();
    let error = try_append(&mut outbox, 1).unwrap_err();
    assert_eq!(error.fault(), Fault::DiskReadOnly);
    assert_eq!(outbox.waiting(), 1);
}

#[test]
fn a_report_sealed_for_another_place_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let mut outbox = open(dir.path(), 1);
    append(&mut outbox, 0);
    let mut row = outbox.pending(1).unwrap().remove(0);
    row.record = id(1);
    assert!(matches!(outbox.append(&row), Err(OutboxError::OutOfPlace)));
}

#[test]
fn rows_that_read_are_carried_out_of_a_damaged_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox.sqlite");
    let mut outbox = open(dir.path(), 1);
    for record in 0..200 {
        append(&mut outbox, record);
    }
    outbox.empty_log().unwrap();
    drop(outbox);
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 4096].fill(0xa5);
    std::fs::write(&path, bytes).unwrap();
    let mut outbox = open(dir.path(), 2);
    let rows = outbox.pending(1000).unwrap();
    assert!(rows.len() > 150 && rows.len() < 200, "{} rows", rows.len());
    assert!(
        rows.iter()
            .all(|row| row.ciphertext == ciphertext(u16::from_be_bytes([row.record.0[0], row.record.0[1]])))
    );
    assert!(dir.path().join("outbox-damaged-1.sqlite").exists());
    append(&mut outbox, 900);
    assert_eq!(
        outbox.pending(1000).unwrap().last().map(|row| (row.stream, row.seq)),
        Some((StreamId([2; 16]), 0))
    );
}

#[test]
fn a_file_of_rubbish_is_set_aside_again_and_again() {
    let dir = tempfile::tempdir().unwrap();
    for run in 1..8 {
        std::fs::write(dir.path().join("outbox.sqlite"), [0x5a; 9000]).unwrap();
        let _ = std::fs::remove_file(dir.path().join("outbox.sqlite-wal"));
        let mut outbox = open(dir.path(), run);
        assert_eq!(outbox.waiting(), 0);
        append(&mut outbox, 1);
    }
    assert!(std::fs::read_dir(dir.path()).unwrap().count() < 20);
}
