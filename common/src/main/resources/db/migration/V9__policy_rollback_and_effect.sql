-- What a published policy came from, and what it was to change.

ALTER TABLE threshold_policy
  ADD COLUMN rollback_to integer,
  ADD COLUMN flips double precision CHECK (flips BETWEEN 0 AND 1);
-- No foreign key: 0, the built-in one, has no row.
COMMENT ON COLUMN threshold_policy.rollback_to IS
  'The policy whose rules these are, if it was published by a rollback.';
COMMENT ON COLUMN threshold_policy.flips IS
  'The share of the scores of served model versions whose decision it changed, as counted just '
  'before; null: it was not counted.';
