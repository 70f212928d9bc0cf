package io.shelfcast.snowflake.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Executes statements, each by its first word; one that is not known is refused. */
final class Statements {

  private final Settings settings;
  private final Warehouse warehouse;
  private final ChangeLog changes;
  private final Faults faults;
  private final InstantSource clock;

  Statements(
      Settings settings,
      Warehouse warehouse,
      ChangeLog changes,
      Faults faults,
      InstantSource clock) {
    this.settings = settings;
    this.warehouse = warehouse;
    this.changes = changes;
    this.faults = faults;
    this.clock = clock;
  }

  /** A statement as the driver sends it. */
  record Request(Session session, String sql, JsonNode bindings, boolean describeOnly) {}

  /** Answers a statement; the query behind it is handed out before it runs, to be cancelled. */
  ObjectNode execute(Request request, Consumer<Query> started)
      throws SQLException, IOException, InterruptedException {
    faults.beforeStatement(request.sql);
    List<Token> tokens = Token.read(request.sql);
    SqlReader reader = new SqlReader(tokens);
    if (reader.done()) {
      throw new SqlFailure("000900", "42601", "SQL compilation error:\nEmpty SQL statement.");
    }
    if (reader.nextIs("SELECT") || reader.nextIs("WITH") || reader.nextIs("(")) {
      return select(request, tokens, started);
    }
    if (reader.nextIs("COPY")) {
      return unload(request, CopyCommand.parse(reader), started);
    }
    if (reader.nextIs("ALTER", "SESSION") || reader.nextIs("USE") || reader.nextIs("SHOW")) {
      return SessionStatements.execute(request.session, reader);
    }
    throw SqlFailure.unsupported(reader.next().text());
  }

  private ObjectNode select(Request request, List<Token> tokens, Consumer<Query> started)
      throws SQLException {
    try (Query query = query(request, tokens, started)) {
      PreparedStatement statement = query.prepare("");
      if (request.describeOnly) {
        @Nullable ResultSetMetaData types = statement.getMetaData();
        List<Column> columns = types == null ? List.of() : Column.of(types);
        return Answers.result(Answers.SELECT, columns, List.of(), request.session)
            .put("numberOfBinds", statement.getParameterMetaData().getParameterCount());
      }
      try (ResultSet rows = statement.executeQuery()) {
        List<Column> columns = Column.of(rows.getMetaData());
        List<List<@Nullable String>> values = new ArrayList<>();
        while (rows.next()) {
          List<@Nullable String> row = new ArrayList<>();
          for (int i = 0; i < columns.size(); i++) {
            row.add(columns.get(i).wire(rows, i + 1));
          }
          values.add(row);
        }
        return Answers.result(Answers.SELECT, columns, values, request.session);
      }
    }
  }

  private ObjectNode unload(Request request, CopyCommand copy, Consumer<Query> started)
      throws SQLException, IOException {
    if (!settings.integrations().contains(copy.integration())) {
      throw new SqlFailure(
          "002003",
          "02000",
          "SQL compilation error:\nIntegration '%s' does not exist or not authorized."
              .formatted(copy.integration()));
    }
    List<Column> columns =
        List.of(
            Column.fixed("rows_unloaded"),
            Column.fixed("input_bytes"),
            Column.fixed("output_bytes"));
    if (request.describeOnly) {
      return Answers.result(Answers.UNLOAD, columns, List.of(), request.session);
    }
    boolean smallest =
        Objects.equals(request.session.parameters().get(SessionStatements.SMALLEST_TYPES), "true");
    Unload.Rows rows = copy.options().parquet() ? new ParquetUnload(smallest) : new CsvUnload();
    try (Query query = query(request, copy.query(), started)) {
      Unload unload = Unload.run(copy, query, rows, settings.gcs(), faults);
      return Answers.result(Answers.UNLOAD, columns, List.of(unload.summary()), request.session);
    }
  }

  private Query query(Request request, List<Token> tokens, Consumer<Query> started)
      throws SQLException {
    Session session = request.session;
    if (!settings.warehouse().equals(session.warehouse())) {
      throw new SqlFailure(
          "000606",
          "57P03",
          "No active warehouse selected in the current session.  Select an active warehouse with "
              + "the 'use warehouse' command.");
    }
    String sql = new Dialect(new Names(session)).translate(tokens);
    Query query =
        new Query(warehouse.connect(session.database(), session.schema()), sql, request.bindings);
    started.accept(query);
    return query;
  }

  /** What the names and times in a session's statement stand for. */
  private final class Names implements Dialect.Context {

    private final Session session;
    private final Instant now = clock.instant();

    Names(Session session) {
      this.session = session;
    }

    @Override
    public Instant now() {
      return now;
    }

    @Override
    public Instant time(String sql) {
      return warehouse.time(sql);
    }

    @Override
    public String changes(List<String> table, Instant after, Instant until) {
      return changes.select(ChangeLog.TableName.of(table, database(), schema()), after, until, now);
    }

    @Override
    public String database() {
      @Nullable String database = session.database();
      if (database == null) {
        throw new SqlFailure(
            "090105",
            "22000",
            "Cannot perform SELECT. This session does not have a current database. "
                + "Call 'USE DATABASE', or use a qualified name.");
      }
      return database;
    }

    private String schema() {
      @Nullable String schema = session.schema();
      return schema == null ? "PUBLIC" : schema;
    }
  }
}
