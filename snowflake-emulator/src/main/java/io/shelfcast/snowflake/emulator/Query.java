package io.shelfcast.snowflake.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** A query in DuckDB's SQL, with the driver's bindings, on a connection of its own. */
final class Query implements AutoCloseable {

  private final Connection connection;
  private final String sql;
  private final JsonNode bindings;
  private volatile @Nullable PreparedStatement running;
  private volatile boolean cancelled;

  Query(Connection connection, String sql, JsonNode bindings) {
    this.connection = connection;
    this.sql = sql;
    this.bindings = bindings;
  }

  Connection connection() {
    return connection;
  }

  /** The query, after these words. */
  PreparedStatement prepare(String before) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(before + sql);
    running = statement;
    for (int i = 1; bindings.has(Integer.toString(i)); i++) {
      JsonNode binding = bindings.get(Integer.toString(i));
      bind(statement, i, binding.path("type").asText(), binding.path("value"));
    }
    if (cancelled) {
      throw new SqlFailure("000604", "57014", "SQL execution canceled");
    }
    return statement;
  }

  void cancel() throws SQLException {
    cancelled = true;
    @Nullable PreparedStatement statement = running;
    if (statement != null && !statement.isClosed()) {
      statement.cancel();
    }
  }

  private static void bind(PreparedStatement statement, int i, String type, JsonNode value)
      throws SQLException {
    if (value.isArray()) {
      throw SqlFailure.unsupported("arrays of bindings");
    }
    if (value.isNull() || value.isMissingNode()) {
      statement.setObject(i, null);
      return;
    }
    String text = value.asText();
    switch (type) {
      case "FIXED" -> fixed(statement, i, new BigDecimal(text));
      case "REAL" -> statement.setDouble(i, Double.parseDouble(text));
      case "TEXT" -> statement.setString(i, text);
      case "BOOLEAN" -> statement.setBoolean(i, Boolean.parseBoolean(text) || text.equals("1"));
      case "DATE" ->
          statement.setObject(
              i, LocalDate.ofInstant(Instant.ofEpochMilli(Long.parseLong(text)), ZoneOffset.UTC));
      case "TIMESTAMP_NTZ" ->
          statement.setObject(i, LocalDateTime.ofInstant(nanoseconds(text), ZoneOffset.UTC));
      case "TIMESTAMP_LTZ" ->
          statement.setObject(i, OffsetDateTime.ofInstant(nanoseconds(text), ZoneOffset.UTC));
      case "TIMESTAMP_TZ" ->
          statement.setObject(
              i, OffsetDateTime.ofInstant(nanoseconds(text.split(" ", -1)[0]), ZoneOffset.UTC));
      default -> throw SqlFailure.unsupported("binding of type " + type);
    }
  }

  private static void fixed(PreparedStatement statement, int i, BigDecimal value)
      throws SQLException {
    if (value.scale() <= 0 && value.abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0) {
      statement.setLong(i, value.longValueExact());
    } else {
      statement.setBigDecimal(i, value);
    }
  }

  private static Instant nanoseconds(String text) {
    BigInteger[] parts =
        new BigInteger(text).divideAndRemainder(BigInteger.valueOf(1_000_000_000L));
    return Instant.ofEpochSecond(parts[0].longValueExact())
        .plus(parts[1].longValueExact(), ChronoUnit.NANOS);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
