-- Which users get a candidate in place of the live model version.

CREATE TABLE experiment (
  flag       text PRIMARY KEY,
  salt       text NOT NULL CHECK (salt <> ''),
  buckets    smallint[] NOT NULL
    CHECK (cardinality(buckets) = 1000 AND 0 <= ALL (buckets) AND array_position(buckets, NULL) IS NULL),
  segments   jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(segments) = 'object'),
  changed_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE experiment IS
  'One row for each flag, as OpenFeature calls it; the view experiment_share tells its percentages.';
COMMENT ON COLUMN experiment.salt IS
  'A user''s bucket is the first 32 bits of sha256(SALT:USER) as an unsigned number, modulo 1000.';
-- No foreign key, which elements of an array cannot have; a model version is never deleted, though.
COMMENT ON COLUMN experiment.buckets IS
  'For each tenth of a percent of the users the model_version_id of a candidate, or 0 for the live '
  'one. What is no candidate, or not any more, counts as 0.';
COMMENT ON COLUMN experiment.segments IS
  'Attribute to allowed values, {"city": ["12", "13"]}; who has not all of them gets the live one.';

CREATE VIEW experiment_share AS
WITH held AS (
  SELECT e.flag, m.name, m.status, count(b.model_version_id) AS buckets
  FROM experiment e
    CROSS JOIN model_version m
    LEFT JOIN LATERAL unnest(e.buckets) AS b (model_version_id) USING (model_version_id)
  GROUP BY e.flag, m.name, m.status
), served AS (
  SELECT *, CASE status
      WHEN 'candidate' THEN buckets
      WHEN 'live' THEN
        1000 - coalesce(sum(buckets) FILTER (WHERE status = 'candidate') OVER (PARTITION BY flag), 0)
      ELSE 0
    END AS served_buckets
  FROM held
)
SELECT flag, name AS model_version, status,
  round(buckets / 10.0, 1) AS allocated_percent,
  round(served_buckets / 10.0, 1) AS served_percent
FROM served
WHERE buckets > 0 OR status = 'live';
COMMENT ON VIEW experiment_share IS
  'Of the users in an experiment''s segments: what percentage each model version was given, and what '
  'it gets, which is more for the live one and nothing for one that is no candidate any more.';
