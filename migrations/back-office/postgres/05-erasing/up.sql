-- Reports that were erased: whatever comes under their ids again is dropped. A list beside the database has
-- them too, for the day on which an older copy of the database is restored.
CREATE TABLE tombstones (
  station bytea NOT NULL CHECK (octet_length(station) = 16),
  record bytea NOT NULL CHECK (octet_length(record) = 16),
  PRIMARY KEY (station, record)
);

-- Erasures of residents. `names` says whom, by keyed hashes and pseudonyms, until it has ended: then it is NULL
-- and there is a receipt, which names nobody.
CREATE TABLE erasures (
  id bytea PRIMARY KEY CHECK (octet_length(id) = 16),
  begun bigint NOT NULL,
  by_person bytea CHECK (octet_length(by_person) = 8),
  region text NOT NULL,
  names text,
  passages bigint NOT NULL DEFAULT 0,
  held bigint NOT NULL DEFAULT 0,
  entries bigint NOT NULL DEFAULT 0,
  receipt bytea
);
CREATE INDEX erasures_open ON erasures (begun) WHERE names IS NOT NULL;

-- Copies of this database that somebody keeps. `until` is NULL where nothing ends one by itself.
CREATE TABLE copies (
  name text PRIMARY KEY,
  made bigint NOT NULL,
  until bigint
);

-- What of the audit log was erased, for the list beside the database.
CREATE INDEX audit_erased ON audit (seq) WHERE words IS NULL;
