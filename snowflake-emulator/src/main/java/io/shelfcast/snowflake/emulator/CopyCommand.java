package io.shelfcast.snowflake.emulator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** COPY INTO a location outside of Snowflake, with its options, each known by name. */
record CopyCommand(
    String url, List<Token> query, String integration, CopyOptions options, CsvFormat csv) {

  private static final String NONE = "NONE";

  /** The options that hold for every format. */
  record CopyOptions(
      boolean parquet, boolean compressed, boolean overwrite, boolean header, long maxFileSize) {}

  static CopyCommand parse(SqlReader reader) {
    reader.expect("COPY");
    reader.expect("INTO");
    String url = reader.string();
    reader.expect("FROM");
    List<Token> query = reader.nextIs("(") ? reader.parenthesis() : selectAll(reader.name());
    Options options = new Options(reader);
    Options format = options.group("FILE_FORMAT");
    String integration = options.text("STORAGE_INTEGRATION", "");
    boolean parquet = parquet(format.text("TYPE", "CSV"));
    CopyOptions common =
        new CopyOptions(
            parquet,
            compressed(format.text("COMPRESSION", "AUTO"), parquet),
            options.flag("OVERWRITE", false),
            options.flag("HEADER", false),
            options.number("MAX_FILE_SIZE", 16L << 20));
    CsvFormat csv = parquet ? CsvFormat.DEFAULT : csv(format);
    format.refuseOthers();
    options.refuseOthers();
    return new CopyCommand(url, query, integration, common, csv);
  }

  private static List<Token> selectAll(List<String> name) {
    List<Token> tokens = new ArrayList<>(Token.read("SELECT * FROM "));
    tokens.add(new Token(Token.Kind.SPACE, " "));
    for (int i = 0; i < name.size(); i++) {
      if (i > 0) {
        tokens.add(new Token(Token.Kind.SYMBOL, "."));
      }
      tokens.add(new Token(Token.Kind.QUOTED, name.get(i)));
    }
    return tokens;
  }

  private static boolean parquet(String type) {
    return switch (type.toUpperCase(Locale.ROOT)) {
      case "CSV" -> false;
      case "PARQUET" -> true;
      case "JSON" -> throw SqlFailure.unsupported("unload to JSON");
      default -> throw invalid("TYPE", type);
    };
  }

  private static boolean compressed(String compression, boolean parquet) {
    return switch (compression.toUpperCase(Locale.ROOT)) {
      case "AUTO" -> true;
      case NONE -> false;
      case "GZIP" -> {
        if (parquet) {
          throw invalid("COMPRESSION", compression);
        }
        yield true;
      }
      case "SNAPPY" -> {
        if (!parquet) {
          throw invalid("COMPRESSION", compression);
        }
        yield true;
      }
      default -> throw SqlFailure.unsupported("COMPRESSION = " + compression);
    };
  }

  private static CsvFormat csv(Options format) {
    @Nullable String quote = character(format, "FIELD_OPTIONALLY_ENCLOSED_BY", null);
    @Nullable String escape = character(format, "ESCAPE", null);
    @Nullable String unenclosed = character(format, "ESCAPE_UNENCLOSED_FIELD", "\\");
    return new CsvFormat(
        format.text("FIELD_DELIMITER", ","),
        format.text("RECORD_DELIMITER", "\n"),
        quote,
        escape,
        escape != null ? escape : unenclosed,
        format.list("NULL_IF", "\\N"),
        format.flag("EMPTY_FIELD_AS_NULL", true));
  }

  /** One character, as it is or as its hex value. */
  private static @Nullable String character(Options format, String name, @Nullable String absent) {
    String value = format.text(name, absent == null ? NONE : absent);
    if (value.equals(NONE) || value.isEmpty()) {
      return null;
    }
    if (value.matches("0x[0-9a-fA-F]{2}")) {
      return String.valueOf((char) Integer.parseInt(value.substring(2), 16));
    }
    if (value.length() != 1) {
      throw invalid(name, value);
    }
    return value;
  }

  private static SqlFailure invalid(String name, String value) {
    return SqlFailure.compilation("invalid value [%s] for parameter '%s'".formatted(value, name));
  }

  /** Options as written, each taken once; what no one took is not an option. */
  private static final class Options {

    private final Map<String, List<Token>> values = new HashMap<>();

    Options(SqlReader reader) {
      while (!reader.done()) {
        if (reader.take(",")) {
          continue;
        }
        Token name = reader.next();
        if (name.kind() != Token.Kind.WORD) {
          throw SqlReader.unexpected(name);
        }
        reader.expect("=");
        List<Token> value = reader.nextIs("(") ? reader.parenthesis() : List.of(reader.next());
        if (values.put(name.text(), value) != null) {
          throw SqlFailure.compilation("duplicate parameter '%s'".formatted(name.text()));
        }
      }
    }

    Options group(String name) {
      @Nullable List<Token> tokens = values.remove(name);
      return new Options(new SqlReader(tokens == null ? List.of() : tokens));
    }

    String text(String name, String absent) {
      @Nullable List<Token> value = values.remove(name);
      if (value == null) {
        return absent;
      }
      if (value.size() != 1) {
        throw invalid(name, SqlReader.sql(value));
      }
      return value.get(0).text();
    }

    boolean flag(String name, boolean absent) {
      String value = text(name, absent ? "TRUE" : "FALSE");
      return switch (value) {
        case "TRUE" -> true;
        case "FALSE" -> false;
        default -> throw invalid(name, value);
      };
    }

    long number(String name, long absent) {
      String value = text(name, Long.toString(absent));
      if (!value.matches("[1-9][0-9]{0,14}")) {
        throw invalid(name, value);
      }
      return Long.parseLong(value);
    }

    /** The first of a list, which is the one that an unload writes. */
    String list(String name, String absent) {
      @Nullable List<Token> value = values.remove(name);
      if (value == null) {
        return absent;
      }
      return value.stream()
          .filter(token -> token.kind() == Token.Kind.STRING)
          .findFirst()
          .map(Token::text)
          .orElse("");
    }

    void refuseOthers() {
      if (!values.isEmpty()) {
        throw SqlFailure.compilation(
            "invalid parameter '%s'".formatted(values.keySet().stream().sorted().toList().get(0)));
      }
    }
  }
}
