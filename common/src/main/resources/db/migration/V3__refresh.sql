-- Dead letters of refresh requests beside those of score rows.

ALTER TABLE dead_letter
  ADD COLUMN kind text NOT NULL DEFAULT 'score_row'
    CHECK (kind IN ('score_row', 'refresh_request'));
COMMENT ON COLUMN dead_letter.kind IS
  'What the payload is: a score row, which replay reads again, or a refresh request, whose scores '
  'it asks for again.';
COMMENT ON COLUMN dead_letter.run_id IS
  'The last run that saw it; of the refresh, which is not in the run ledger, refresh:GROUP.';
