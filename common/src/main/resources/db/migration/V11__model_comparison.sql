-- What is on record of how model versions compare, for whoever promotes one.

CREATE TABLE model_comparison (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind        text NOT NULL CHECK (kind IN ('live', 'offline')),
  -- By name: scores can be compared offline before their version is registered.
  candidate   text NOT NULL,
  baseline    text NOT NULL CHECK (baseline <> candidate),
  compared_at timestamptz NOT NULL DEFAULT now(),
  summary     text NOT NULL,
  result      jsonb NOT NULL CHECK (jsonb_typeof(result) = 'object')
);
CREATE INDEX model_comparison_last ON model_comparison (candidate, baseline, id);
COMMENT ON COLUMN model_comparison.kind IS
  'live: of reads, as serving compared them; offline: with what turned out to be true.';
COMMENT ON COLUMN model_comparison.summary IS 'One or two lines for people.';
COMMENT ON COLUMN model_comparison.result IS 'The line of JSON that the command printed.';
