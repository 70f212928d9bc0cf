package io.shelfcast.snowflake;

import io.shelfcast.quality.Column;
import io.shelfcast.snowflake.SourceColumn.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Makes the query that gives the score rows, from what the columns are called and what they hold.
 * Nothing in it can fail on a row: a wrong value comes out as it is, and becomes a dead letter
 * here.
 *
 * <p>It has no ORDER BY: a table that is clustered by store is unloaded in that order by itself,
 * near enough, while sorting 500 million others would cost more of the warehouse than the unload
 * does, and save less in the database.
 */
final class UnloadQuery {

  private final Relation relation;
  private final Map<Column, SourceColumn> columns;
  private final Map<String, SourceColumn> all;
  private final SnowflakeFormat format;

  private UnloadQuery(
      Relation relation,
      Map<Column, SourceColumn> columns,
      Map<String, SourceColumn> all,
      SnowflakeFormat format) {
    this.relation = relation;
    this.columns = columns;
    this.all = all;
    this.format = format;
  }

  /**
   * Finds the columns of the contract.
   *
   * @param nameOf what they are called, as the user wrote it
   * @param modelVersionOptional whether rows may name no model version
   * @throws SnowflakeException when one is not there, or holds something else
   */
  static UnloadQuery of(
      Relation relation,
      List<SourceColumn> found,
      Function<Column, String> nameOf,
      boolean modelVersionOptional,
      SnowflakeFormat format) {
    Map<String, SourceColumn> all = new java.util.LinkedHashMap<>();
    found.forEach(column -> all.put(column.name(), column));
    Map<Column, SourceColumn> columns = new EnumMap<>(Column.class);
    for (Column column : Column.values()) {
      SourceColumn source = all.get(SqlText.stored(nameOf.apply(column)));
      if (source != null) {
        columns.put(column, checked(column, source));
      } else if (column != Column.MODEL_VERSION || !modelVersionOptional) {
        throw missing(relation, column, nameOf.apply(column), all);
      }
    }
    return new UnloadQuery(relation, columns, all, format);
  }

  private static SourceColumn checked(Column column, SourceColumn source) {
    Kind kind = source.kind();
    boolean fits =
        switch (column) {
          case STORE_ID, PRODUCT_ID -> kind == Kind.WHOLE || kind == Kind.TEXT;
          case MODEL_VERSION -> kind == Kind.TEXT;
          case SCORE -> kind != Kind.TIME && kind != Kind.OTHER;
          case SCORED_AT -> kind == Kind.TIME || kind == Kind.TEXT;
        };
    if (!fits) {
      String expected =
          switch (column) {
            case STORE_ID, PRODUCT_ID -> "a NUMBER(38,0)";
            case MODEL_VERSION -> "text";
            case SCORE -> "a number";
            case SCORED_AT -> "a TIMESTAMP";
          };
      throw new SnowflakeException(
          "column %s in Snowflake is %s; %s is to be %s: cast it in --snowflakeQuery"
              .formatted(source.name(), source.type(), column.word(), expected));
    }
    return source;
  }

  private static SnowflakeException missing(
      Relation relation, Column column, String name, Map<String, SourceColumn> all) {
    String instead =
        column == Column.MODEL_VERSION
            ? "name the model version with --modelVersion, or the column with --columns"
            : "if it is called otherwise, say so: --columns=%s=NAME".formatted(column.word());
    return new SnowflakeException(
        "%s has no column %s; %s. It has %s"
            .formatted(
                relation instanceof Relation.Table table ? table.path() : "--snowflakeQuery",
                SqlText.stored(name),
                instead,
                String.join(", ", all.keySet())));
  }

  /** Whether the model version is one of the columns. */
  boolean hasModelVersion() {
    return columns.containsKey(Column.MODEL_VERSION);
  }

  /** Whether a column comes out as text, which is encoded if the unload is CSV. */
  boolean isText(Column column) {
    SourceColumn source = columns.get(column);
    return source != null && source.kind() == Kind.TEXT;
  }

  /** All rows. */
  String all() {
    return select() + "\nFROM " + relation.sql() + " s";
  }

  /**
   * The rows that were loaded in a time, by a column that says when, both ends included.
   *
   * @throws SnowflakeException when there is no such column, or it holds no time
   */
  String loadedIn(String columnName, Instant from, Instant to) {
    SourceColumn column = all.get(SqlText.stored(columnName));
    if (column == null || column.kind() != Kind.TIME) {
      throw new SnowflakeException(
          column == null
              ? "there is no column %s; --incrementColumn names one of %s"
                  .formatted(SqlText.stored(columnName), String.join(", ", all.keySet()))
              : "--incrementColumn %s is %s; it has to be a TIMESTAMP"
                  .formatted(column.name(), column.type()));
    }
    String name = "s." + SqlText.quoted(column.name());
    return "%s\nWHERE %s >= %s AND %s <= %s"
        .formatted(all(), name, SqlText.timestamp(from), name, SqlText.timestamp(to));
  }

  /** The rows that are new or changed since a time, as Snowflake tracked them; of a table only. */
  String changedIn(Instant from, Instant to) {
    // An update is a deletion and an insertion; a row that was only deleted is none of ours, since
    // a merge removes nothing.
    return "%s\nFROM %s CHANGES(INFORMATION => DEFAULT) AT(TIMESTAMP => %s) END(TIMESTAMP => %s) s\nWHERE METADATA$ACTION = 'INSERT'"
        .formatted(select(), relation.sql(), SqlText.timestamp(from), SqlText.timestamp(to));
  }

  private String select() {
    List<String> expressions = new ArrayList<>();
    columns.forEach(
        (column, source) ->
            expressions.add(expression(column, source) + " AS " + SqlText.quoted(column.word())));
    return "SELECT " + String.join(",\n  ", expressions);
  }

  private String expression(Column column, SourceColumn source) {
    String name = "s." + SqlText.quoted(source.name());
    if (source.kind() == Kind.TEXT) {
      String text = "TO_VARCHAR(" + name + ")";
      return format == SnowflakeFormat.csv ? TextCode.encoding(text) : text;
    }
    return switch (column) {
      case STORE_ID, PRODUCT_ID, MODEL_VERSION -> name;
      case SCORE -> "CAST(" + name + " AS DOUBLE)";
      // Whole microseconds: as a time it would be cut to milliseconds by CSV.
      case SCORED_AT -> "DATE_PART(EPOCH_MICROSECOND, " + name + ")";
    };
  }
}
