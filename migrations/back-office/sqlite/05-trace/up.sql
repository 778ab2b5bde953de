-- Who passed a checkpoint at about the same time.
CREATE INDEX passages_checkpoint ON passages (checkpoint, at);
