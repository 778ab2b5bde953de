-- The outbox: sealed reports waiting for an acknowledgment, and the head of their chain.
--
-- A row says nothing but what the back office needs to open it: no time, no colour, no
-- checkpoint. `place` only keeps the order. It is a plain rowid and not AUTOINCREMENT, whose
-- table would keep the count of everything ever recorded; after a drain it starts over, which is
-- why it is never a report's identity.
CREATE TABLE report (
    place      INTEGER PRIMARY KEY,
    record     BLOB NOT NULL UNIQUE CHECK (length(record) = 16),
    stream     BLOB NOT NULL CHECK (length(stream) = 16),
    seq        INTEGER NOT NULL CHECK (seq >= 0),
    kid        BLOB NOT NULL CHECK (length(kid) = 8),
    link       BLOB NOT NULL CHECK (length(link) = 32),
    ciphertext BLOB NOT NULL
) STRICT;

-- The head of the chain: what the first report of the next stream names as its predecessor.
-- Absent until the first report. How many reports led to it cannot be told.
CREATE TABLE head (
    one  INTEGER PRIMARY KEY CHECK (one = 1),
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
