-- What serving finds when it compares the live version's answers with what another version would
-- have answered: counts, to which every server adds its own every few seconds.

CREATE TABLE shadow_comparison (
  hour           timestamptz NOT NULL,
  live_id        smallint NOT NULL REFERENCES model_version,
  candidate_id   smallint NOT NULL REFERENCES model_version,
  policy_version integer NOT NULL,
  segment        text NOT NULL,
  decisions      bigint[] NOT NULL CHECK (cardinality(decisions) = 16),
  differences    bigint[] NOT NULL CHECK (cardinality(differences) = 41),
  PRIMARY KEY (live_id, candidate_id, hour, policy_version, segment)
) WITH (fillfactor = 50); -- Rows of this hour are updated over and over: in place, as no index has what changes.
COMMENT ON TABLE shadow_comparison IS
  'Items of which reads of the live version were compared with another one, by the hour in which '
  'they were added. ./shelfcast compare live tells them, ./shelfcast cleanup deletes old ones.';
COMMENT ON COLUMN shadow_comparison.segment IS
  'The category of the product; (none) without one, (other) for all but the 200 that have most '
  'products.';
COMMENT ON COLUMN shadow_comparison.decisions IS
  'Items by both decisions, in rows by the live one''s, in columns by the candidate''s: IN_STOCK, '
  'LOW, OUT, UNKNOWN, which is without a score. [2] is in stock by the live one and low by the other.';
COMMENT ON COLUMN shadow_comparison.differences IS
  'Items that both have a score of, by the candidate''s score less the live one''s: the nearest of '
  '-1.00, -0.95 to 1.00.';
