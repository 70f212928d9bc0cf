package io.shelfcast.snowflake;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** What is read: a table, or the user's own query. */
sealed interface Relation extends Serializable {

  /** What stands behind FROM. */
  String sql();

  /** What it is called in the ledger, behind the account. */
  String name(String database, String schema);

  /**
   * A table or view.
   *
   * @param path its name as the user wrote it: one to three names
   */
  record Table(String path) implements Relation {
    @Override
    public String sql() {
      return path;
    }

    @Override
    public String name(String database, String schema) {
      String[] in = in(database, schema);
      return in[0] + '.' + in[1] + '.' + stored();
    }

    /** The table's name as it is stored. */
    String stored() {
      return SqlText.stored(SqlText.lastOf(path));
    }

    /** The stored names of its database and schema, given those of the session. */
    String[] in(String database, String schema) {
      String before = SqlText.allButLastOf(path);
      if (before.isEmpty()) {
        return new String[] {SqlText.stored(database), SqlText.stored(schema)};
      }
      String outer = SqlText.allButLastOf(before);
      return new String[] {
        SqlText.stored(outer.isEmpty() ? database : outer), SqlText.stored(SqlText.lastOf(before))
      };
    }
  }

  /** A query. */
  record Query(String text) implements Relation {
    @Override
    public String sql() {
      // On lines of its own: it may end in a comment.
      return "(\n" + text.strip().replaceAll("\\s*;$", "") + "\n)";
    }

    @Override
    public String name(String database, String schema) {
      UUID hash =
          UUID.nameUUIDFromBytes(
              text.strip().replaceAll("\\s+", " ").getBytes(StandardCharsets.UTF_8));
      return "%s.%s/query:%s"
          .formatted(
              SqlText.stored(database), SqlText.stored(schema), hash.toString().substring(0, 8));
    }
  }
}
