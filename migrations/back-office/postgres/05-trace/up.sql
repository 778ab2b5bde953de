-- Who passed a checkpoint at about the same time.
CREATE INDEX passages_checkpoint ON passages (checkpoint, at);

-- What waits for the consent of a second person. `body` is JSON; `person` is by what it is erased, or empty.
CREATE TABLE consents (
  id bytea PRIMARY KEY,
  rev bigint NOT NULL,
  region text NOT NULL,
  asked bigint NOT NULL,
  person text NOT NULL,
  body text NOT NULL
);
CREATE INDEX consents_asked ON consents (asked);
CREATE INDEX consents_person ON consents (person) WHERE person <> '';
