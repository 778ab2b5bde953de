-- Reports that were erased while another one had their record id: only what has this ciphertext is dropped.
CREATE TABLE conflict_tombstones (
  station BLOB NOT NULL CHECK (length(station) = 16),
  record BLOB NOT NULL CHECK (length(record) = 16),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (station, record, hash)
) WITHOUT ROWID, STRICT;
