-- Who passed a checkpoint at about the same time.
CREATE INDEX passages_checkpoint ON passages (checkpoint, at);

-- What waits for the consent of a second person. `body` is JSON; `person` is by what it is erased, or empty.
CREATE TABLE consents (
  id BLOB PRIMARY KEY CHECK (length(id) = 16),
  rev INTEGER NOT NULL,
  region TEXT NOT NULL,
  asked INTEGER NOT NULL,
  person TEXT NOT NULL,
  body TEXT NOT NULL
) WITHOUT ROWID, STRICT;
CREATE INDEX consents_asked ON consents (asked);
CREATE INDEX consents_person ON consents (person) WHERE person <> '';
