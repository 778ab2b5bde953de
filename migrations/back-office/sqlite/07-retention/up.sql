-- What is past its days is looked for by its station and when it arrived.
CREATE INDEX passages_received ON passages (station, received_at);
CREATE INDEX quarantine_received ON quarantine (station, received_at);

-- Purges that were begun and have not ended: what arrived before a moment leaves a community.
CREATE TABLE purges (
  community TEXT PRIMARY KEY,
  before INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

-- One row: the latest moment by which purges went.
CREATE TABLE retention (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  relied INTEGER NOT NULL
) STRICT;
