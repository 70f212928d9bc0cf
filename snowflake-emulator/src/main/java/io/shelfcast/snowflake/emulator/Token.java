package io.shelfcast.snowflake.emulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A piece of SQL. Identifiers without quotes are in upper case, as Snowflake takes them; strings
 * are without their quotes and escapes.
 */
record Token(Kind kind, String text) {

  enum Kind {
    WORD,
    QUOTED,
    STRING,
    NUMBER,
    SYMBOL,
    SPACE
  }

  boolean is(String wordOrSymbol) {
    return (kind == Kind.WORD || kind == Kind.SYMBOL) && text.equals(wordOrSymbol);
  }

  boolean isName() {
    return kind == Kind.WORD || kind == Kind.QUOTED;
  }

  /** As DuckDB reads it, whose strings know no backslash escapes. */
  String sql() {
    return switch (kind) {
      case STRING -> "'" + text.replace("'", "''") + "'";
      case QUOTED -> '"' + text.replace("\"", "\"\"") + '"';
      case SPACE -> " ";
      default -> text.contains("$") ? '"' + text + '"' : text;
    };
  }

  static List<Token> read(String sql) {
    List<Token> tokens = new ArrayList<>();
    for (int at = 0; at < sql.length(); ) {
      int end = end(sql, at);
      Token token = token(sql, at, end);
      boolean moreSpace =
          token.kind == Kind.SPACE
              && (tokens.isEmpty() || tokens.get(tokens.size() - 1).kind == Kind.SPACE);
      if (!moreSpace) {
        tokens.add(token);
      }
      at = end;
    }
    while (!tokens.isEmpty()
        && (tokens.get(tokens.size() - 1).kind == Kind.SPACE
            || tokens.get(tokens.size() - 1).is(";"))) {
      tokens.remove(tokens.size() - 1);
    }
    return tokens;
  }

  private static Token token(String sql, int at, int end) {
    String text = sql.substring(at, end);
    char first = text.charAt(0);
    if (Character.isWhitespace(first)
        || text.startsWith("--")
        || text.startsWith("//")
        || text.startsWith("/*")) {
      return new Token(Kind.SPACE, " ");
    }
    if (text.startsWith("$$")) {
      return new Token(Kind.STRING, text.substring(2, text.length() - 2));
    }
    if (first == '\'') {
      return new Token(Kind.STRING, unescaped(text.substring(1, text.length() - 1)));
    }
    if (first == '"') {
      String name = text.substring(1, text.length() - 1);
      return new Token(Kind.QUOTED, name.replace("\"\"", "\""));
    }
    if (Character.isDigit(first)) {
      return new Token(Kind.NUMBER, text);
    }
    return Character.isLetter(first) || first == '_'
        ? new Token(Kind.WORD, text.toUpperCase(Locale.ROOT))
        : new Token(Kind.SYMBOL, text);
  }

  private static int end(String sql, int at) {
    char first = sql.charAt(at);
    if (Character.isWhitespace(first)) {
      return afterAll(sql, at, " \t\r\n");
    }
    if (sql.startsWith("--", at) || sql.startsWith("//", at)) {
      int line = sql.indexOf('\n', at);
      return line < 0 ? sql.length() : line;
    }
    if (sql.startsWith("/*", at)) {
      return closed(sql, at, "*/", "comment");
    }
    if (sql.startsWith("$$", at)) {
      return closed(sql, at, "$$", "string");
    }
    if (first == '\'' || first == '"') {
      return endOfQuoted(sql, at, first);
    }
    if (Character.isLetterOrDigit(first) || first == '_') {
      int end = at + 1;
      while (end < sql.length() && continues(sql, at, end)) {
        end++;
      }
      return end;
    }
    return sql.startsWith("::", at)
            || sql.startsWith("=>", at)
            || sql.startsWith("||", at)
            || sql.startsWith("!=", at)
        ? at + 2
        : at + 1;
  }

  private static boolean continues(String sql, int from, int at) {
    char c = sql.charAt(at);
    boolean number = Character.isDigit(sql.charAt(from));
    return Character.isLetterOrDigit(c)
        || (number ? c == '.' : c == '_' || c == '$')
        || (number && (c == '-' || c == '+') && "eE".indexOf(sql.charAt(at - 1)) >= 0);
  }

  private static int afterAll(String sql, int at, String among) {
    int end = at + 1;
    while (end < sql.length() && among.indexOf(sql.charAt(end)) >= 0) {
      end++;
    }
    return end;
  }

  private static int closed(String sql, int at, String end, String what) {
    int found = sql.indexOf(end, at + 2);
    if (found < 0) {
      throw SqlFailure.compilation("syntax error: a %s is not closed.".formatted(what));
    }
    return found + 2;
  }

  private static int endOfQuoted(String sql, int at, char quote) {
    for (int i = at + 1; i < sql.length(); i++) {
      char c = sql.charAt(i);
      if (c == '\\' && quote == '\'') {
        i++;
      } else if (c == quote && i + 1 < sql.length() && sql.charAt(i + 1) == quote) {
        i++;
      } else if (c == quote) {
        return i + 1;
      }
    }
    throw SqlFailure.compilation("syntax error: a quotation mark is not closed.");
  }

  private static String unescaped(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\'') {
        i++;
      } else if (c == '\\') {
        c = text.charAt(++i);
        switch (c) {
          case 'n' -> c = '\n';
          case 'r' -> c = '\r';
          case 't' -> c = '\t';
          case '0' -> c = '\0';
          case 'x' -> {
            c = (char) Integer.parseInt(text.substring(i + 1, i + 3), 16);
            i += 2;
          }
          case 'b', 'f', 'u', 'o' ->
              throw SqlFailure.unsupported("escape sequence \\" + c + " in a string");
          default -> {}
        }
      }
      out.append(c);
    }
    return out.toString();
  }
}
