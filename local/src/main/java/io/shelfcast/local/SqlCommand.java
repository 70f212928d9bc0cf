package io.shelfcast.local;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a statement on the serving database and prints its rows as CSV; times are in UTC. */
@Command(
    name = "sql",
    description = "Run SQL on the serving database; prints CSV with a header line.")
final class SqlCommand implements Callable<Integer> {

  private static final int ROWS_AT_ONCE = 10_000;

  @Mixin private DatabaseArguments databaseArguments = new DatabaseArguments();

  @Parameters(paramLabel = "SQL", description = "One statement, in quotes.")
  private String sql = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    try (ServingDatabase serving = ServingDatabase.open(databaseArguments)) {
      // Once: rows that are printed cannot be taken back, nor a change be made twice.
      return serving.database().inTransactionOnce(this::run);
    }
  }

  private int run(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL TIME ZONE 'UTC'");
      // In portions: a whole table need not fit into memory.
      statement.setFetchSize(ROWS_AT_ONCE);
      if (statement.execute(sql)) {
        try (ResultSet rows = statement.getResultSet()) {
          Csv.write(rows, spec.commandLine().getOut());
        }
      } else {
        spec.commandLine().getErr().println(statement.getUpdateCount() + " rows changed");
      }
      return 0;
    }
  }
}
