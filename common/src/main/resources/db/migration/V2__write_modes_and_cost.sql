-- Snapshots beside merges, and what a run costs.

ALTER TABLE sync_run
  ADD COLUMN carried_over     bigint NOT NULL DEFAULT 0,
  ADD COLUMN removed          bigint NOT NULL DEFAULT 0,
  ADD COLUMN bytes_read       bigint NOT NULL DEFAULT 0,
  ADD COLUMN rows_written     bigint NOT NULL
    GENERATED ALWAYS AS (inserted + updated + carried_over) STORED,
  ADD COLUMN wal_start        pg_lsn,
  ADD COLUMN wal_bytes        bigint,
  ADD COLUMN database_seconds double precision NOT NULL DEFAULT 0;
COMMENT ON COLUMN sync_run.carried_over IS
  'Snapshots: rows of the old partition that were newer than the input, and so are in the new one.';
COMMENT ON COLUMN sync_run.removed IS
  'Snapshots: rows of the old partition that neither the input had nor were newer than it.';
COMMENT ON COLUMN sync_run.bytes_read IS 'Bytes of the input as it is stored, compressed.';
COMMENT ON COLUMN sync_run.wal_bytes IS
  'WAL that the server wrote while the run lasted: the run''s own and that of whoever else wrote.';
COMMENT ON COLUMN sync_run.database_seconds IS
  'Time in transactions that wrote scores, without their commits, summed over all connections.';

ALTER TABLE sync_run_batch
  ADD COLUMN seconds real NOT NULL DEFAULT 0,
  ADD COLUMN newest  timestamptz;
COMMENT ON COLUMN sync_run_batch.newest IS 'Snapshots: the greatest scored_at of the batch.';

CREATE VIEW sync_run_cost AS
  SELECT run_id, model_version, write_mode, status, started_at,
         read AS rows_read, bytes_read, rows_written, wal_bytes, database_seconds,
         wal_bytes / (nullif(read, 0) / 1e6) AS wal_bytes_per_million,
         database_seconds / (nullif(read, 0) / 1e6) AS database_seconds_per_million
  FROM sync_run;

-- Tables that snapshots are built in. What is left of a run that is over is dropped by the next
-- run, or by ./shelfcast cleanup.
CREATE TABLE sync_run_snapshot (
  run_id           text NOT NULL REFERENCES sync_run,
  model_version_id smallint NOT NULL REFERENCES model_version,
  table_name       text NOT NULL UNIQUE,
  PRIMARY KEY (run_id, model_version_id)
);

-- What is written to a partition between the pass that carries its newer rows over to the snapshot
-- that will replace it, and the swap. Filled by a trigger that stands on the partition just then.
CREATE TABLE snapshot_change (
  model_version_id smallint NOT NULL,
  store_id         bigint NOT NULL,
  product_id       bigint NOT NULL
);

-- With its owner's rights and path: whoever may write scores may make a note.
CREATE FUNCTION log_snapshot_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO snapshot_change VALUES (NEW.model_version_id, NEW.store_id, NEW.product_id);
  RETURN NULL;
END
$$;

COMMENT ON TABLE availability_score IS
  'Scores, a partition for each model version. Partitions have fillfactor 50, so that merges that '
  'replace every row stay HOT, or 90 if they came as a snapshot, since then only refreshes change '
  'them; autovacuum as the server has it. docs/decisions/0003 has the figures.';
