-- What is past its days is looked for by its station and when it arrived; of passages, in their partitions.
CREATE INDEX quarantine_received ON quarantine (station, received);

-- Purges that were begun and have not ended: what arrived before a moment leaves a community.
CREATE TABLE purges (
  community text PRIMARY KEY,
  before bigint NOT NULL
);

-- One row: the latest moment by which purges went.
CREATE TABLE retention (
  one boolean PRIMARY KEY CHECK (one),
  relied bigint NOT NULL
);
