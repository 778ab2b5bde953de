-- Ids, hashes and keys are BLOBs. Times are seconds since 1970.

CREATE TABLE tickets (
  secret_hash BLOB PRIMARY KEY CHECK (length(secret_hash) = 32),
  -- The community that the station will belong to: 12 digits.
  community TEXT NOT NULL,
  laptop TEXT NOT NULL,
  by_person BLOB CHECK (length(by_person) = 8),
  made_at INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  used_at INTEGER,
  station BLOB REFERENCES stations (id)
) WITHOUT ROWID, STRICT;

CREATE TABLE stations (
  id BLOB PRIMARY KEY CHECK (length(id) = 16),
  key BLOB NOT NULL UNIQUE CHECK (length(key) = 32),
  -- X25519, for community files on sticks.
  sealing BLOB NOT NULL CHECK (length(sealing) = 32),
  name TEXT NOT NULL,
  community TEXT NOT NULL,
  enrolled_at INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

-- People whom the console opened for a region; the community files below it list those who are active.
CREATE TABLE officers (
  id BLOB PRIMARY KEY CHECK (length(id) = 8),
  region TEXT NOT NULL,
  masked_name TEXT NOT NULL,
  masked_phone TEXT NOT NULL,
  phc TEXT NOT NULL,
  administrator INTEGER NOT NULL,
  active INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

-- Where each station's chain goes on: one row a station, from its enrolment. `n` numbers its letters.
-- `next` lies just beyond all places of `stream` that were ever seen. `head` is NULL if a known report
-- follows the chain's head already. `loose` counts the station's rows in `run` that hang.
CREATE TABLE tip (
  station BLOB PRIMARY KEY REFERENCES stations (id),
  n INTEGER NOT NULL,
  records INTEGER NOT NULL,
  stream BLOB CHECK (length(stream) = 16),
  next BLOB CHECK (length(next) = 8),
  head BLOB CHECK (length(head) = 32),
  loose INTEGER NOT NULL,
  withdrawn_at INTEGER,
  -- When a receipt first told the station that it is withdrawn; what arrives later is in quarantine.
  told_at INTEGER,
  last_seen INTEGER,
  -- What the station said of itself with its last batch, as the wire encodes it.
  about BLOB
) WITHOUT ROWID, STRICT;
CREATE INDEX tip_withdrawn ON tip (station) WHERE withdrawn_at IS NOT NULL;

-- Reports of one stream that follow one another, as a letter brought them: from `first`, `count` of them.
-- It decides whether a report is new, known or in conflict, so no row is ever deleted. `fork` is 0 in the
-- ordinary case, and more where other reports had taken these places. `records` holds 16 bytes a report,
-- `hashes` 32. loose: 0 what `link` names was found, 1 not yet, 2 not, and an alert says so.
CREATE TABLE run (
  station BLOB NOT NULL REFERENCES stations (id),
  stream BLOB NOT NULL CHECK (length(stream) = 16),
  first BLOB NOT NULL CHECK (length(first) = 8),
  fork INTEGER NOT NULL,
  n INTEGER NOT NULL,
  count INTEGER NOT NULL,
  link BLOB NOT NULL CHECK (length(link) = 32),
  head BLOB NOT NULL CHECK (length(head) = 32),
  loose INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  records BLOB NOT NULL CHECK (length(records) = 16 * count),
  hashes BLOB NOT NULL CHECK (length(hashes) = 32 * count),
  PRIMARY KEY (station, stream, first, fork)
) WITHOUT ROWID, STRICT;
CREATE INDEX run_begins ON run (station, link) WHERE first = x'0000000000000000';
CREATE INDEX run_loose ON run (station, link) WHERE loose > 0;
CREATE INDEX run_due ON run (received_at) WHERE loose = 1;

-- Signed batches that wait to be opened, as they came; a row is deleted once it is. `id` gives the order
-- of arrival. `skip` has a bit for each report that is not to be opened; NULL if all `waiting` ones are.
CREATE TABLE mail (
  id INTEGER PRIMARY KEY,
  station BLOB NOT NULL REFERENCES stations (id),
  n INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  waiting INTEGER NOT NULL,
  skip BLOB,
  body BLOB NOT NULL,
  UNIQUE (station, n)
) STRICT;

-- Letters that a worker is opening; another worker may take them after `until`. A table of its own,
-- since marking the rows of `mail` would write their batches again.
CREATE TABLE lease (
  mail INTEGER PRIMARY KEY,
  until INTEGER NOT NULL
) STRICT;

-- Reports that could not be filed. state: 0 waits to be opened again, 1 filed, 2 in quarantine. The
-- ciphertext of a filed report is erased.
CREATE TABLE quarantine (
  id INTEGER PRIMARY KEY,
  station BLOB NOT NULL REFERENCES stations (id),
  record BLOB NOT NULL CHECK (length(record) = 16),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  reason TEXT NOT NULL,
  state INTEGER NOT NULL,
  stream BLOB NOT NULL CHECK (length(stream) = 16),
  seq BLOB NOT NULL CHECK (length(seq) = 8),
  kid BLOB NOT NULL CHECK (length(kid) = 8),
  link BLOB NOT NULL CHECK (length(link) = 32),
  received_at INTEGER NOT NULL,
  -- Until when a worker holds it.
  until INTEGER,
  ciphertext BLOB NOT NULL,
  UNIQUE (station, record, hash)
) STRICT;
CREATE INDEX quarantine_waiting ON quarantine (received_at) WHERE state = 0;
CREATE INDEX quarantine_held ON quarantine (received_at, stream, seq) WHERE state = 2;

CREATE TABLE passages (
  station BLOB NOT NULL REFERENCES stations (id),
  record BLOB NOT NULL,
  at INTEGER NOT NULL,
  judged_at INTEGER NOT NULL,
  clock INTEGER NOT NULL,
  checkpoint BLOB NOT NULL,
  direction INTEGER NOT NULL,
  collector BLOB NOT NULL,
  policies BLOB NOT NULL CHECK (length(policies) = 32),
  trust BLOB NOT NULL,
  shown INTEGER NOT NULL,
  outcome INTEGER NOT NULL,
  iss TEXT NOT NULL,
  pseudonym BLOB NOT NULL,
  masked_name TEXT NOT NULL,
  masked_id TEXT NOT NULL,
  colour TEXT NOT NULL,
  region TEXT NOT NULL,
  code BLOB NOT NULL,
  received_at INTEGER NOT NULL,
  filed_at INTEGER NOT NULL,
  -- 1 if the office verified the code again; 0 for a certificate, which nobody can verify again.
  verified INTEGER NOT NULL,
  -- The identifier of a certificate from abroad; NULL for codes of this country. A row with a
  -- certificate names the country in `iss`, has 'certificate' as its colour, and an empty code.
  certificate TEXT,
  -- Keyed hashes of the holder's identity number and phone, where the office could open the declaration. The
  -- key lies beside the office's other keys and not here.
  identity BLOB CHECK (length(identity) = 16),
  phone BLOB CHECK (length(phone) = 16),
  PRIMARY KEY (station, record)
) WITHOUT ROWID, STRICT;
CREATE INDEX passages_at ON passages (at);
CREATE INDEX passages_person ON passages (iss, pseudonym, at);
CREATE INDEX passages_certificate ON passages (certificate, at) WHERE certificate IS NOT NULL;
CREATE INDEX passages_identity ON passages (identity, at) WHERE identity IS NOT NULL;
CREATE INDEX passages_phone ON passages (phone, at) WHERE phone IS NOT NULL;

CREATE TABLE shifts (
  station BLOB NOT NULL REFERENCES stations (id),
  record BLOB NOT NULL,
  at INTEGER NOT NULL,
  clock INTEGER NOT NULL,
  person BLOB NOT NULL,
  event INTEGER NOT NULL,
  checkpoint BLOB,
  direction INTEGER,
  PRIMARY KEY (station, record)
) WITHOUT ROWID, STRICT;
CREATE INDEX shifts_places ON shifts (station, at) WHERE checkpoint IS NOT NULL;

-- Changes made at stations. `change` is the wire's encoding of what changed. state: 0 to enter the next
-- community file, 1 entered that of `version`, 2 waits for a person to publish something, 3 refused, and
-- `refusal` says why. `subject` is the checkpoint or person that it is about.
CREATE TABLE roster_changes (
  station BLOB NOT NULL REFERENCES stations (id),
  record BLOB NOT NULL,
  at INTEGER NOT NULL,
  clock INTEGER NOT NULL,
  by_person BLOB NOT NULL,
  change BLOB NOT NULL,
  received_at INTEGER NOT NULL,
  state INTEGER NOT NULL,
  seq BLOB NOT NULL,
  version BLOB,
  refusal INTEGER,
  subject BLOB,
  PRIMARY KEY (station, record)
) WITHOUT ROWID, STRICT;

CREATE INDEX roster_changes_open ON roster_changes (received_at) WHERE state = 0;
CREATE INDEX roster_changes_subject ON roster_changes (subject) WHERE subject IS NOT NULL;

CREATE TABLE health_reports (
  station BLOB NOT NULL REFERENCES stations (id),
  record BLOB NOT NULL,
  at INTEGER NOT NULL,
  clock INTEGER NOT NULL,
  wrong_tries INTEGER NOT NULL,
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

-- An alert is raised once for its station, kind and record, and cleared when its cause is gone.
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

-- What came into force at one moment is an edition; they are numbered without a gap.
CREATE TABLE editions (
  n INTEGER PRIMARY KEY,
  in_force_from INTEGER NOT NULL
) STRICT;

-- The files that all communities share, by the edition that brought them; the last ones are in force. A
-- passage is verified by a set with the trust list whose version it names. `policies` and `chunks` list hashes.
CREATE TABLE shared_files (
  n INTEGER PRIMARY KEY,
  root_version BLOB NOT NULL CHECK (length(root_version) = 8),
  list_version BLOB NOT NULL CHECK (length(list_version) = 8),
  root BLOB NOT NULL,
  list BLOB NOT NULL,
  policies BLOB NOT NULL CHECK (length(policies) % 32 = 0),
  chunks BLOB NOT NULL CHECK (length(chunks) % 32 = 0)
) STRICT;
CREATE INDEX shared_files_list ON shared_files (list_version, n);

-- The files of each community, by the edition that brought them; the last one of each is in force.
CREATE TABLE community_files (
  region TEXT NOT NULL,
  n INTEGER NOT NULL,
  version BLOB NOT NULL CHECK (length(version) = 8),
  file BLOB NOT NULL,
  policies BLOB NOT NULL CHECK (length(policies) % 32 = 0),
  PRIMARY KEY (region, n)
) WITHOUT ROWID, STRICT;
CREATE INDEX community_files_n ON community_files (n, region);

-- Policy files by their SHA-256. None is ever deleted: passages name what judged them.
CREATE TABLE policies (
  hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
  file BLOB NOT NULL
) STRICT;

-- Chunks of revocations by their SHA-256, as `shared_files.chunks` lists them. Most chunks belong
-- to many sets.
CREATE TABLE revocation_chunks (
  hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
  entries BLOB NOT NULL
) STRICT;

-- Every root by its version, for stations that follow one root after the other.
CREATE TABLE roots (
  version BLOB PRIMARY KEY CHECK (length(version) = 8),
  file BLOB NOT NULL
) STRICT;

-- One row. The generation names this state of the database; it is drawn anew when a copy is restored.
CREATE TABLE office (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  generation BLOB NOT NULL CHECK (length(generation) = 16),
  -- The version that the next community file has at least.
  community_from BLOB NOT NULL CHECK (length(community_from) = 8)
) STRICT;

-- The last report of each station that a backup holds; receipts tell the stations.
CREATE TABLE backed_up (
  station BLOB PRIMARY KEY REFERENCES stations (id),
  stream BLOB NOT NULL CHECK (length(stream) = 16),
  seq BLOB NOT NULL CHECK (length(seq) = 8)
) WITHOUT ROWID, STRICT;
