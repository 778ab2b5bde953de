-- Reports that were erased: whatever comes under their ids again is dropped. A list beside the database has
-- them too, for the day on which an older copy of the database is restored.
CREATE TABLE tombstones (
  station BLOB NOT NULL CHECK (length(station) = 16),
  record BLOB NOT NULL CHECK (length(record) = 16),
  PRIMARY KEY (station, record)
) WITHOUT ROWID, STRICT;

-- Erasures of residents. `names` says whom, by keyed hashes and pseudonyms, until it has ended: then it is NULL
-- and there is a receipt, which names nobody.
CREATE TABLE erasures (
  id BLOB PRIMARY KEY CHECK (length(id) = 16),
  begun INTEGER NOT NULL,
  by_person BLOB CHECK (length(by_person) = 8),
  region TEXT NOT NULL,
  names TEXT,
  passages INTEGER NOT NULL DEFAULT 0,
  held INTEGER NOT NULL DEFAULT 0,
  entries INTEGER NOT NULL DEFAULT 0,
  receipt BLOB
) WITHOUT ROWID, STRICT;
CREATE INDEX erasures_open ON erasures (begun) WHERE names IS NOT NULL;

-- Copies of this database that somebody keeps. `until` is NULL where nothing ends one by itself.
CREATE TABLE copies (
  name TEXT PRIMARY KEY,
  made INTEGER NOT NULL,
  until INTEGER
) WITHOUT ROWID, STRICT;

-- What of the audit log was erased, for the list beside the database.
CREATE INDEX audit_erased ON audit (seq) WHERE words IS NULL;
