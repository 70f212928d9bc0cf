package io.shelfcast.snowflake.emulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Snowflake's SQL as DuckDB takes it. Only functions that do the same in both pass, so that what
 * DuckDB knows and Snowflake does not is an error here as well.
 */
final class Dialect {

  /** What a statement means beyond its words: the change log, and the clock. */
  interface Context {
    Instant now();

    /** The value of an expression that is a time. */
    Instant time(String sql);

    String changes(List<String> table, Instant after, Instant until);

    String database();
  }

  private static final Set<String> FUNCTIONS =
      Set.of(
          ("ABS APPROX_COUNT_DISTINCT ASCII AVG CAST CEIL CHR COALESCE CONCAT CONTAINS COUNT"
                  + " DATE_TRUNC DENSE_RANK FIRST_VALUE FLOOR IFF IFNULL LAG LAST_VALUE LEAD LEFT"
                  + " LENGTH LOWER LTRIM MAX MD5 MIN MOD NULLIF NVL RANK REPLACE RIGHT ROUND"
                  + " ROW_NUMBER RTRIM SQRT SUBSTR SUBSTRING SUM TO_CHAR TO_DOUBLE TO_NUMBER"
                  + " TO_TIMESTAMP_LTZ TO_TIMESTAMP_NTZ TO_TIMESTAMP_TZ TO_VARCHAR TRIM TRY_CAST"
                  + " UPPER DATEADD")
              .split(" ", -1));

  private static final Set<String> BEFORE_PARENTHESIS =
      Set.of(
          ("ALL AND ANY AS BETWEEN BY CASE DISTINCT ELSE EXCEPT EXISTS FILTER FROM HAVING IN INTERSECT JOIN"
                  + " LIKE LIMIT NOT ON OR OVER PARTITION QUALIFY SELECT THEN UNION USING VALUES"
                  + " WHEN WHERE WITH DECIMAL VARCHAR CHAR TEXT")
              .split(" ", -1));

  /** Without those that DuckDB takes and Snowflake does not, or for something else. */
  private static final Set<String> SYMBOLS =
      Set.of("(", ")", ",", ".", "+", "-", "*", "/", "%", "=", "<", ">", "!=", "::", "||", "?");

  private static final Set<String> TABLES_OF_SCHEMA = Set.of("TABLES", "COLUMNS");

  private final Context context;

  Dialect(Context context) {
    this.context = context;
  }

  String translate(List<Token> tokens) {
    StringBuilder out = new StringBuilder();
    SqlReader reader = new SqlReader(tokens);
    Token before = new Token(Token.Kind.SYMBOL, ";");
    Token last = before;
    while (reader.more()) {
      Token token = reader.nextWithSpace();
      boolean isSymbol = token.kind() == Token.Kind.SYMBOL;
      if (isSymbol && (!SYMBOLS.contains(token.text()) || (token.is("*") && last.is("*")))) {
        throw SqlReader.unexpected(token);
      }
      last = token;
      if (token.kind() == Token.Kind.WORD && !before.is(".")) {
        out.append(word(token, before, reader));
      } else {
        out.append(token.sql());
      }
      before = token.kind() == Token.Kind.SPACE ? before : token;
    }
    return out.toString();
  }

  private String word(Token token, Token before, SqlReader reader) {
    @Nullable String type = type(token.text(), reader);
    if (type != null) {
      return type;
    }
    return switch (token.text()) {
      case "FROM", "JOIN" -> token.sql() + source(reader);
      case "CURRENT_TIMESTAMP", "SYSDATE" -> now(reader);
      case "DATE_PART" -> datePart(reader);
      case "DATEADD" -> dateAdd(reader);
      case "INFORMATION_SCHEMA" ->
          throw SqlFailure.unsupported("INFORMATION_SCHEMA other than after FROM");
      default -> {
        if (reader.nextIs("(")
            && !FUNCTIONS.contains(token.text())
            && !BEFORE_PARENTHESIS.contains(token.text())
            && !isNameBefore(before)) {
          throw SqlFailure.noSuchFunction(token.text());
        }
        yield token.sql();
      }
    };
  }

  /** Whether a word after this one names a table's columns, and is not a function. */
  private static boolean isNameBefore(Token before) {
    return before.is("AS")
        || before.is(")")
        || (before.isName() && !BEFORE_PARENTHESIS.contains(before.text()));
  }

  /** DuckDB's SQL, but for the names of types. */
  static String withTypes(List<Token> tokens) {
    StringBuilder out = new StringBuilder();
    SqlReader reader = new SqlReader(tokens);
    while (reader.more()) {
      Token token = reader.nextWithSpace();
      @Nullable String type = token.kind() == Token.Kind.WORD ? type(token.text(), reader) : null;
      out.append(type == null ? token.sql() : type);
    }
    return out.toString();
  }

  /** DuckDB's name of a type, if the word is one that the two do not have in common. */
  private static @Nullable String type(String word, SqlReader reader) {
    return switch (word) {
      case "NUMBER", "NUMERIC", "DECIMAL" -> reader.nextIs("(") ? "DECIMAL" : "DECIMAL(38,0)";
      case "INT", "INTEGER", "BIGINT", "SMALLINT", "TINYINT" -> "DECIMAL(38,0)";
      case "FLOAT", "FLOAT4", "FLOAT8", "REAL" -> "DOUBLE";
      case "STRING" -> "VARCHAR";
      case "TIMESTAMP_NTZ", "DATETIME", "TIMESTAMP" -> withoutPrecision(reader, "TIMESTAMP");
      case "TIMESTAMP_LTZ", "TIMESTAMP_TZ" -> withoutPrecision(reader, "TIMESTAMPTZ");
      default -> null;
    };
  }

  /** A table, if it is one that DuckDB does not know as such. */
  private String source(SqlReader reader) {
    int start = reader.position();
    if (reader.done() || reader.nextIs("(") || !reader.next().isName()) {
      reader.back(start);
      return "";
    }
    reader.back(start);
    List<String> name = reader.name();
    if (reader.nextIs("CHANGES", "(")) {
      return " " + changes(name, reader);
    }
    if (reader.nextIs("AT", "(") || reader.nextIs("BEFORE", "(")) {
      throw SqlFailure.unsupported("time travel without CHANGES");
    }
    int last = name.size() - 1;
    if (last > 0 && name.get(last - 1).equals("INFORMATION_SCHEMA")) {
      if (!TABLES_OF_SCHEMA.contains(name.get(last))) {
        throw SqlFailure.unsupported(String.join(".", name));
      }
      String database = last > 1 ? name.get(0) : context.database();
      return " (SELECT * FROM memory.main.INFORMATION_SCHEMA_%s WHERE TABLE_CATALOG = '%s')"
          .formatted(name.get(last), database.replace("'", "''"));
    }
    reader.back(start);
    return "";
  }

  private String changes(List<String> table, SqlReader reader) {
    reader.expect("CHANGES");
    SqlReader information = new SqlReader(reader.parenthesis());
    if (!information.take("INFORMATION", "=>", "DEFAULT")) {
      throw SqlFailure.unsupported("CHANGES other than INFORMATION => DEFAULT");
    }
    reader.expect("AT");
    Instant after = time(reader);
    Instant until = reader.take("END") ? time(reader) : context.now();
    return "(" + context.changes(table, after, until) + ")";
  }

  private Instant time(SqlReader reader) {
    SqlReader inside = new SqlReader(reader.parenthesis());
    if (!inside.take("TIMESTAMP", "=>")) {
      throw SqlFailure.unsupported("time travel other than by TIMESTAMP");
    }
    return context.time(rest(inside));
  }

  private String now(SqlReader reader) {
    if (reader.nextIs("(")) {
      List<Token> unused = reader.parenthesis();
    }
    return "TIMESTAMPTZ '%s'".formatted(context.now());
  }

  private static String withoutPrecision(SqlReader reader, String type) {
    if (reader.nextIs("(")) {
      List<Token> unused = reader.parenthesis();
    }
    return type;
  }

  private String datePart(SqlReader reader) {
    SqlReader inside = new SqlReader(reader.parenthesis());
    String unit = inside.next().text().toUpperCase(Locale.ROOT);
    inside.expect(",");
    String rest = rest(inside);
    return switch (unit) {
      case "EPOCH_SECOND" -> "EPOCH_SECOND(" + rest + ")";
      case "EPOCH_MILLISECOND" -> "EPOCH_MS(" + rest + ")";
      case "EPOCH_MICROSECOND" -> "EPOCH_US(" + rest + ")";
      case "EPOCH_NANOSECOND" -> "EPOCH_NS(" + rest + ")";
      case "YEAR", "MONTH", "DAY", "HOUR", "MINUTE" -> "DATE_PART('" + unit + "'," + rest + ")";
      default -> throw SqlFailure.unsupported("DATE_PART of " + unit);
    };
  }

  private String dateAdd(SqlReader reader) {
    SqlReader inside = new SqlReader(reader.parenthesis());
    String unit = inside.next().text().toUpperCase(Locale.ROOT);
    inside.expect(",");
    return "DATEADD('%s',%s)".formatted(unit, rest(inside));
  }

  private String rest(SqlReader reader) {
    List<Token> rest = new ArrayList<>();
    while (reader.more()) {
      rest.add(reader.nextWithSpace());
    }
    return translate(rest);
  }
}
