-- Ids, hashes and keys are BLOBs; times are seconds since 1970.

CREATE TABLE tickets (
  secret_hash BLOB PRIMARY KEY CHECK (length(secret_hash) = 32),
  made_at INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  used_at INTEGER,
  station BLOB REFERENCES stations (id)
) WITHOUT ROWID, STRICT;

CREATE TABLE stations (
  id BLOB PRIMARY KEY CHECK (length(id) = 16),
  key BLOB NOT NULL UNIQUE CHECK (length(key) = 32),
  name TEXT NOT NULL,
  enrolled_at INTEGER NOT NULL,
  withdrawn_at INTEGER,
  last_seen INTEGER
) WITHOUT ROWID, STRICT;

-- Decides what is new, what is known and what conflicts; never thinned out.
CREATE TABLE ledger (
  station BLOB NOT NULL REFERENCES stations (id),
  record BLOB NOT NULL CHECK (length(record) = 16),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (station, record)
) WITHOUT ROWID, STRICT;

-- What arrived, as it arrived. state: 0 waits to be opened, 1 filed, 2 in quarantine (for `reason`).
-- The ciphertext goes once its report is filed; in quarantine it stays.
CREATE TABLE arrivals (
  id INTEGER PRIMARY KEY,
  station BLOB NOT NULL REFERENCES stations (id),
  record BLOB NOT NULL CHECK (length(record) = 16),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  batch BLOB NOT NULL CHECK (length(batch) = 16),
  stream BLOB NOT NULL CHECK (length(stream) = 16),
  seq BLOB NOT NULL CHECK (length(seq) = 8),
  kid BLOB NOT NULL CHECK (length(kid) = 8),
  link BLOB NOT NULL CHECK (length(link) = 32),
  head BLOB NOT NULL CHECK (length(head) = 32),
  linked INTEGER NOT NULL,
  conflict INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  state INTEGER NOT NULL,
  reason TEXT,
  ciphertext BLOB
) STRICT;
-- The ledger has seen to it that no ciphertext comes twice; of those that conflict it knows the first.
CREATE INDEX arrivals_conflicts ON arrivals (station, record, hash) WHERE conflict = 1;
CREATE INDEX arrivals_link ON arrivals (station, link);
CREATE INDEX arrivals_head ON arrivals (station, head);
CREATE INDEX arrivals_unlinked ON arrivals (station, received_at) WHERE linked = 0;
CREATE INDEX arrivals_waiting ON arrivals (id) WHERE state = 0;
CREATE INDEX arrivals_quarantined ON arrivals (id) WHERE state = 2;

CREATE TABLE passages (
  station BLOB NOT NULL REFERENCES stations (id),
  record BLOB NOT NULL,
  at INTEGER NOT NULL,
  clock INTEGER NOT NULL,
  checkpoint BLOB NOT NULL,
  collector BLOB NOT NULL,
  policy BLOB NOT NULL,
  trust BLOB NOT NULL,
  shown INTEGER NOT NULL,
  iss TEXT NOT NULL,
  pseudonym BLOB NOT NULL,
  masked_name TEXT NOT NULL,
  masked_id TEXT NOT NULL,
  colour TEXT NOT NULL,
  region TEXT NOT NULL,
  code BLOB NOT NULL,
  received_at INTEGER NOT NULL,
  filed_at INTEGER NOT NULL,
  PRIMARY KEY (station, record)
) WITHOUT ROWID, STRICT;
CREATE INDEX passages_at ON passages (at);
CREATE INDEX passages_person ON passages (iss, pseudonym, at);

CREATE TABLE shifts (
  station BLOB NOT NULL REFERENCES stations (id),
  record BLOB NOT NULL,
  at INTEGER NOT NULL,
  clock INTEGER NOT NULL,
  person BLOB NOT NULL,
  event INTEGER NOT NULL,
  checkpoint BLOB,
  PRIMARY KEY (station, record)
) WITHOUT ROWID, STRICT;

-- Changes made at stations, to be checked before they go into the next community file.
CREATE TABLE roster_changes (
  station BLOB NOT NULL REFERENCES stations (id),
  record BLOB NOT NULL,
  at INTEGER NOT NULL,
  clock INTEGER NOT NULL,
  by_person BLOB NOT NULL,
  checkpoint BLOB NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (station, record)
) WITHOUT ROWID, STRICT;

CREATE TABLE health_reports (
  station BLOB NOT NULL REFERENCES stations (id),
  record BLOB NOT NULL,
  at INTEGER NOT NULL,
  clock INTEGER NOT NULL,
  PRIMARY KEY (station, record)
) WITHOUT ROWID, STRICT;

CREATE TABLE refusal_counts (
  station BLOB NOT NULL,
  record BLOB NOT NULL,
  refusal TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (station, record, refusal),
  FOREIGN KEY (station, record) REFERENCES health_reports (station, record)
) WITHOUT ROWID, STRICT;

-- An alert is raised once for what it names, and cleared when that is over.
CREATE TABLE alerts (
  id INTEGER PRIMARY KEY,
  station BLOB NOT NULL REFERENCES stations (id),
  kind TEXT NOT NULL,
  record BLOB NOT NULL,
  detail TEXT NOT NULL,
  raised_at INTEGER NOT NULL,
  cleared_at INTEGER,
  UNIQUE (station, kind, record)
) STRICT;

-- Every set of trust files that was in force: passages are verified by the list they name.
CREATE TABLE trust_history (
  id INTEGER PRIMARY KEY,
  list_version BLOB NOT NULL CHECK (length(list_version) = 8),
  in_force_from INTEGER NOT NULL,
  root BLOB NOT NULL,
  list BLOB NOT NULL,
  community BLOB NOT NULL,
  chunks BLOB NOT NULL CHECK (length(chunks) % 32 = 0)
) STRICT;
CREATE INDEX trust_history_version ON trust_history (list_version, id);

-- Revocations by the hashes in `trust_history.chunks`: most outlive many lists.
CREATE TABLE revocation_chunks (
  hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
  entries BLOB NOT NULL
) STRICT;

-- Every root, for stations that follow one by one.
CREATE TABLE roots (
  version BLOB PRIMARY KEY CHECK (length(version) = 8),
  file BLOB NOT NULL
) STRICT;
