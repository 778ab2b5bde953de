-- Whose outbox this is, and the state of the office's database that it heard of last. Reports are sealed
-- under the station's id, so nobody else can send them.
CREATE TABLE owner (
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    station    BLOB NOT NULL CHECK (length(station) = 16),
    generation BLOB CHECK (length(generation) = 16)
) STRICT;

-- Acknowledged reports that are kept until the office has backed them up, in the order in which they were
-- acknowledged. Empty unless a policy asks for it.
CREATE TABLE kept (
    place      INTEGER PRIMARY KEY,
    record     BLOB NOT NULL CHECK (length(record) = 16),
    stream     BLOB NOT NULL CHECK (length(stream) = 16),
    seq        INTEGER NOT NULL CHECK (seq >= 0),
    kid        BLOB NOT NULL CHECK (length(kid) = 8),
    link       BLOB NOT NULL CHECK (length(link) = 32),
    ciphertext BLOB NOT NULL
) STRICT;
CREATE INDEX kept_by_seq ON kept (stream, seq);

-- Reports that the office cannot read. They are kept and not sent.
CREATE TABLE aside (
    place      INTEGER PRIMARY KEY,
    record     BLOB NOT NULL UNIQUE CHECK (length(record) = 16),
    stream     BLOB NOT NULL CHECK (length(stream) = 16),
    seq        INTEGER NOT NULL CHECK (seq >= 0),
    kid        BLOB NOT NULL CHECK (length(kid) = 8),
    link       BLOB NOT NULL CHECK (length(link) = 32),
    ciphertext BLOB NOT NULL
) STRICT;

-- How many reports wait, so that nobody has to count them.
ALTER TABLE head ADD COLUMN waiting INTEGER NOT NULL DEFAULT 0 CHECK (waiting >= 0);
UPDATE head SET waiting = (SELECT count(*) FROM report);
