-- What the quality gate saw and said of each run.

ALTER TABLE sync_run
  ADD COLUMN gate        text CHECK (gate IN ('passed', 'warned', 'forced', 'refused')),
  ADD COLUMN gate_reason text,
  ADD COLUMN profile     jsonb,
  ADD COLUMN checks      jsonb;
COMMENT ON COLUMN sync_run.gate IS 'The quality gate''s verdict; null when it was off, or not reached.';
COMMENT ON COLUMN sync_run.gate_reason IS 'Why a run was to be forced through (--reason), whether it had to be or not.';
COMMENT ON COLUMN sync_run.profile IS
  'What the input looked like, by model version, its rejected rows too. Of a refused run the counts '
  'are zero, since nothing became of its rows; this is where to see what it read.';
COMMENT ON COLUMN sync_run.checks IS 'What the gate judged, passed or not, with figures and limits.';

-- What later runs are compared with: of each run and model version, as bytes.
CREATE TABLE sync_run_profile (
  run_id         text NOT NULL REFERENCES sync_run ON DELETE CASCADE,
  model_version  text NOT NULL,
  is_complete    boolean NOT NULL,
  is_increment   boolean NOT NULL,
  rows           bigint NOT NULL,
  made           timestamptz NOT NULL,
  spread_seconds double precision NOT NULL,
  profile        bytea,
  PRIMARY KEY (run_id, model_version)
);
CREATE INDEX sync_run_profile_model_version ON sync_run_profile (model_version);
COMMENT ON COLUMN sync_run_profile.made IS
  'The mean of scored_at; spread_seconds is the standard deviation.';
COMMENT ON COLUMN sync_run_profile.profile IS
  'Histogram, rows of each store, number of items; null once a later run serves as well.';
