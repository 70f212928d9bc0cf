package io.shelfcast.snowflake.emulator;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Walks over a statement's tokens, past the space between them. */
final class SqlReader {

  private final List<Token> tokens;
  private int at;

  SqlReader(List<Token> tokens) {
    this.tokens = tokens;
  }

  boolean done() {
    skipSpace();
    return at == tokens.size();
  }

  Token next() {
    if (done()) {
      throw SqlFailure.compilation("syntax error: unexpected end of the statement.");
    }
    return tokens.get(at++);
  }

  /** The next token as it is, space included. */
  Token nextWithSpace() {
    return tokens.get(at++);
  }

  boolean more() {
    return at < tokens.size();
  }

  boolean nextIs(String... words) {
    int before = at;
    for (String word : words) {
      if (done() || !next().is(word)) {
        at = before;
        return false;
      }
    }
    at = before;
    return true;
  }

  /** Goes past these words if they come next. */
  boolean take(String... words) {
    if (!nextIs(words)) {
      return false;
    }
    for (int i = 0; i < words.length; i++) {
      next();
    }
    return true;
  }

  void expect(String word) {
    Token next = next();
    if (!next.is(word)) {
      throw unexpected(next);
    }
  }

  String string() {
    Token next = next();
    if (next.kind() != Token.Kind.STRING) {
      throw unexpected(next);
    }
    return next.text();
  }

  /** A name with up to three parts. */
  List<String> name() {
    List<String> parts = new ArrayList<>();
    do {
      Token next = next();
      if (!next.isName()) {
        throw unexpected(next);
      }
      parts.add(next.text());
    } while (take("."));
    return parts;
  }

  /** What stands between the parenthesis that comes next and the one that closes it. */
  List<Token> parenthesis() {
    expect("(");
    List<Token> inside = new ArrayList<>();
    for (int depth = 1; ; ) {
      if (!more()) {
        throw SqlFailure.compilation("syntax error: a parenthesis is not closed.");
      }
      Token next = nextWithSpace();
      depth += next.is("(") ? 1 : next.is(")") ? -1 : 0;
      if (depth == 0) {
        return inside;
      }
      inside.add(next);
    }
  }

  int position() {
    return at;
  }

  void back(int position) {
    at = position;
  }

  static SqlFailure unexpected(Token token) {
    return SqlFailure.compilation("syntax error: unexpected '%s'.".formatted(token.text()));
  }

  static String sql(List<Token> tokens) {
    return tokens.stream().map(Token::sql).collect(Collectors.joining());
  }

  private void skipSpace() {
    while (at < tokens.size() && tokens.get(at).kind() == Token.Kind.SPACE) {
      at++;
    }
  }
}
