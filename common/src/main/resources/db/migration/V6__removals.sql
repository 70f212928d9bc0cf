-- Runs that remove scores: expire deletes old ones, retire drops a retired version's partition.

ALTER TABLE sync_run
  DROP CONSTRAINT sync_run_kind_check,
  ADD CONSTRAINT sync_run_kind_check
    CHECK (kind IN ('full_sync', 'replay', 'expire', 'retire'));
COMMENT ON TABLE sync_run IS
  'The run ledger: one row for each full sync, each replay, and each run that removes scores.';
COMMENT ON COLUMN sync_run.removed IS
  'Snapshots: rows of the old partition that neither the input had nor were newer than it. '
  'Expire, retire: rows that were deleted, or dropped with their partition.';

ALTER TABLE model_version
  ADD COLUMN drop_after timestamptz,
  ADD CHECK (drop_after IS NULL OR status = 'retired');
COMMENT ON COLUMN model_version.drop_after IS
  'When the partition of a retired version may be dropped; null once it is, and of versions that '
  'were retired when this meant that their scores stay: retire those once more.';
