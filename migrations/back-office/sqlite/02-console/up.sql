-- Who works at the console. `body` is JSON and holds everything; the columns beside it are what is searched.
-- `rev` counts how often a row was replaced: who replaces it names the one that they read.
CREATE TABLE accounts (
  id BLOB PRIMARY KEY CHECK (length(id) = 8),
  rev INTEGER NOT NULL,
  name TEXT UNIQUE,
  -- SHA-256 of the invitation's word.
  invited BLOB UNIQUE CHECK (length(invited) = 32),
  body TEXT NOT NULL
) WITHOUT ROWID, STRICT;

-- `word` is SHA-256 of what the browser holds.
CREATE TABLE sessions (
  word BLOB PRIMARY KEY CHECK (length(word) = 32),
  account BLOB NOT NULL REFERENCES accounts (id),
  began INTEGER NOT NULL,
  seen INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
CREATE INDEX sessions_account ON sessions (account);

-- One row: the regions' names as they were imported, lines of `code,name`.
CREATE TABLE regions (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  csv BLOB NOT NULL
) STRICT;

-- What was done and looked at. `hash` chains the entries. `salt` and `words` are what an erasure deletes;
-- `committed` holds them to what they were.
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor BLOB CHECK (length(actor) = 8),
  kind TEXT NOT NULL,
  act TEXT NOT NULL,
  object TEXT NOT NULL,
  region TEXT NOT NULL,
  committed BLOB NOT NULL CHECK (length(committed) = 32),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  salt BLOB CHECK (length(salt) = 16),
  words TEXT
) STRICT;
CREATE INDEX audit_object ON audit (object) WHERE words IS NOT NULL;
-- Looks at residents are counted, since they are limited for each person a day.
CREATE INDEX audit_actor ON audit (actor, at) WHERE actor IS NOT NULL;
