-- Reports that were erased while another one had their record id: only what has this ciphertext is dropped.
CREATE TABLE conflict_tombstones (
  station bytea NOT NULL CHECK (octet_length(station) = 16),
  record bytea NOT NULL CHECK (octet_length(record) = 16),
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  PRIMARY KEY (station, record, hash)
);
