-- What time a run reads of a source that it reads in parts, and up to when the source has been read.

ALTER TABLE sync_run
  ADD COLUMN window_from timestamptz,
  ADD COLUMN window_to   timestamptz,
  ADD COLUMN window_overlap interval NOT NULL DEFAULT '0',
  ADD COLUMN window_note text,
  ADD COLUMN watermark   timestamptz;
COMMENT ON COLUMN sync_run.window_from IS
  'From when the run reads, by the source''s clock; null where it reads all that there is.';
COMMENT ON COLUMN sync_run.window_to IS
  'Up to when the run reads, by the source''s clock; null for a source that is always read whole.';
COMMENT ON COLUMN sync_run.window_overlap IS
  'How far before the watermark window_from has to be so that rows committed late are not left out.';
COMMENT ON COLUMN sync_run.window_note IS
  'Why the run reads all that there is where it was asked for less.';
COMMENT ON COLUMN sync_run.watermark IS
  'Up to when the source had been read without a gap when this run had succeeded; null if it has not.';
CREATE INDEX sync_run_watermark ON sync_run (source, watermark) WHERE watermark IS NOT NULL;
