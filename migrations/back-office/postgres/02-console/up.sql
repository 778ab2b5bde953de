-- Who works at the console. `body` is JSON and holds everything; the columns beside it are what is searched.
-- `rev` counts how often a row was replaced: who replaces it names the one that they read.
CREATE TABLE accounts (
  id bytea PRIMARY KEY,
  rev bigint NOT NULL,
  name text,
  -- SHA-256 of the invitation's word.
  invited bytea,
  body text NOT NULL
);
CREATE UNIQUE INDEX accounts_name ON accounts (name);
CREATE UNIQUE INDEX accounts_invited ON accounts (invited);

-- `word` is SHA-256 of what the browser holds.
CREATE TABLE sessions (
  word bytea PRIMARY KEY,
  account bytea NOT NULL,
  began bigint NOT NULL,
  seen bigint NOT NULL
);
CREATE INDEX sessions_account ON sessions (account);

-- One row: the regions' names as they were imported, lines of `code,name`.
CREATE TABLE regions (
  one boolean PRIMARY KEY CHECK (one),
  csv bytea NOT NULL
);

-- What was done and looked at. `hash` chains the entries. `salt` and `words` are what an erasure deletes;
-- `committed` holds them to what they were.
CREATE TABLE audit (
  seq bigint PRIMARY KEY,
  at bigint NOT NULL,
  actor bytea,
  kind text NOT NULL,
  act text NOT NULL,
  object text NOT NULL,
  region text NOT NULL,
  committed bytea NOT NULL,
  hash bytea NOT NULL,
  salt bytea,
  words text
);
CREATE INDEX audit_object ON audit (object) WHERE words IS NOT NULL;
-- Looks at residents are counted, since they are limited for each person a day.
CREATE INDEX audit_actor ON audit (actor, at) WHERE actor IS NOT NULL;

-- One row: who adds an entry changes it first, so that one office process adds at a time.
CREATE TABLE audit_turn (
  one boolean PRIMARY KEY CHECK (one),
  turn bigint NOT NULL
);
INSERT INTO audit_turn (one, turn) VALUES (true, 0);
