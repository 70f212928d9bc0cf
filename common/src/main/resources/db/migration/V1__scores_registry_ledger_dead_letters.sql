-- The serving database as docs and design name it. Model versions are partitions, so that one is
-- added, bulk-loaded, replaced and dropped without touching the others.

CREATE TABLE model_version (
  model_version_id  smallint PRIMARY KEY CHECK (model_version_id > 0),
  name              text NOT NULL UNIQUE CHECK (name ~ '^[A-Za-z0-9._-]{1,64}$'),
  status            text NOT NULL CHECK (status IN ('shadow', 'candidate', 'live', 'retired')),
  registered_at     timestamptz NOT NULL DEFAULT now(),
  status_changed_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE model_version IS
  'The registry of model versions; the scores of number N stand in partition availability_score_N.';
-- At most one version is live, whatever a program or a person tries.
CREATE UNIQUE INDEX model_version_live ON model_version (status) WHERE status = 'live';

-- Columns by falling width: 56 bytes a row instead of the 72 that padding makes of any other order.
CREATE TABLE availability_score (
  store_id         bigint NOT NULL,
  product_id       bigint NOT NULL,
  scored_at        timestamptz NOT NULL,
  score            real NOT NULL,
  model_version_id smallint NOT NULL,
  origin           smallint NOT NULL,
  PRIMARY KEY (model_version_id, store_id, product_id)
) PARTITION BY LIST (model_version_id);
COMMENT ON COLUMN availability_score.origin IS 'Who wrote the row: 1 full sync, 2 refresh, 3 replay.';

CREATE TABLE sync_run (
  run_id        text PRIMARY KEY,
  kind          text NOT NULL CHECK (kind IN ('full_sync', 'replay')),
  status        text NOT NULL CHECK (status IN ('running', 'succeeded', 'failed', 'refused')),
  source        text NOT NULL,
  model_version text,
  write_mode    text NOT NULL,
  attached      boolean NOT NULL,
  started_by    text NOT NULL,
  started_at    timestamptz NOT NULL DEFAULT now(),
  finished_at   timestamptz,
  read          bigint NOT NULL DEFAULT 0,
  inserted      bigint NOT NULL DEFAULT 0,
  updated       bigint NOT NULL DEFAULT 0,
  kept          bigint NOT NULL DEFAULT 0,
  rejected      bigint NOT NULL DEFAULT 0,
  error         text,
  CHECK (read = inserted + updated + kept + rejected)
);
COMMENT ON TABLE sync_run IS 'The run ledger: one row for each full sync and each replay.';
COMMENT ON COLUMN sync_run.model_version IS 'The model version of rows that name none (--modelVersion).';
COMMENT ON COLUMN sync_run.attached IS
  'Whether the process that started the run holds an advisory lock for as long as the run lasts: '
  'a running, attached run whose lock is free was killed.';
CREATE INDEX sync_run_running ON sync_run (started_at) WHERE status = 'running';

-- What each batch of a run came to, written in the transaction that applied the batch. It is why a
-- retried batch is neither applied nor counted twice. The rows go when the run has ended well.
CREATE TABLE sync_run_batch (
  run_id   text NOT NULL REFERENCES sync_run ON DELETE CASCADE,
  batch_id uuid NOT NULL,
  inserted integer NOT NULL DEFAULT 0,
  updated  integer NOT NULL DEFAULT 0,
  kept     integer NOT NULL DEFAULT 0,
  rejected integer NOT NULL DEFAULT 0,
  PRIMARY KEY (run_id, batch_id)
);

CREATE TABLE dead_letter (
  dead_letter_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  fingerprint    uuid NOT NULL UNIQUE,
  run_id         text NOT NULL,
  source         text NOT NULL,
  position       bigint NOT NULL,
  payload        text NOT NULL,
  reason         text NOT NULL,
  detail         text NOT NULL,
  first_seen     timestamptz NOT NULL DEFAULT now(),
  last_seen      timestamptz NOT NULL DEFAULT now(),
  attempts       integer NOT NULL DEFAULT 1,
  state          text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'replayed', 'discarded'))
);
COMMENT ON COLUMN dead_letter.fingerprint IS
  'Hash of source, position and payload: the same row read again is the same dead letter.';
COMMENT ON COLUMN dead_letter.run_id IS 'The last run that saw it.';
CREATE INDEX dead_letter_open ON dead_letter (dead_letter_id) WHERE state = 'open';

CREATE VIEW current_score AS
  SELECT s.store_id, s.product_id, m.name AS model_version, s.score, s.scored_at
  FROM availability_score s
  JOIN model_version m USING (model_version_id);
