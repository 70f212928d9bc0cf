-- What turns scores into decisions: the policies that were published, and what is known of stores
-- and products, by which their rules tell items apart.

CREATE TABLE threshold_policy (
  version      integer PRIMARY KEY CHECK (version > 0),
  rules        jsonb NOT NULL CHECK (jsonb_typeof(rules) = 'array'),
  published_at timestamptz NOT NULL DEFAULT now(),
  author       text,
  reason       text
);
COMMENT ON TABLE threshold_policy IS
  'The threshold policies, each as it was published. The one of the greatest version is in force; '
  'without any, the built-in one, which is version 0.';

-- An answer names the policy that it was made by, so what a version says may not change.
CREATE FUNCTION refuse_change_of_threshold_policy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a published policy is not changed; publish another one'
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER threshold_policy_is_immutable BEFORE UPDATE OR DELETE OR TRUNCATE
  ON threshold_policy FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_threshold_policy();

CREATE TABLE store_segment (
  store_id  bigint PRIMARY KEY CHECK (store_id >= 0),
  city      text,
  region    text,
  retailer  text,
  time_zone text
);
COMMENT ON COLUMN store_segment.time_zone IS 'An IANA name or an offset; null: UTC.';

CREATE TABLE product_segment (
  product_id      bigint PRIMARY KEY CHECK (product_id >= 0),
  category        text,
  popularity_tier text
);

-- Servers hold both tables in memory, and look here whether that is still what stands in them.
CREATE TABLE segment_load (
  kind      text PRIMARY KEY CHECK (kind IN ('stores', 'products')),
  version   bigint NOT NULL DEFAULT 0,
  loaded_at timestamptz
);
INSERT INTO segment_load (kind) VALUES ('stores'), ('products');
COMMENT ON COLUMN segment_load.version IS
  'Goes up, in the same transaction, with each load that changes a row of the table.';
