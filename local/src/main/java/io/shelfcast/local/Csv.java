package io.shelfcast.local;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.PrintWriter;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Results as CSV with a header line; no value is an empty field. */
final class Csv {

  private Csv() {}

  /** A writer on the command's standard output; to be flushed, not closed. */
  static CsvWriter to(PrintWriter out) {
    return CsvWriter.builder()
        .bufferSize(0)
        .lineDelimiter(de.siegmar.fastcsv.writer.LineDelimiter.LF)
        .build(out);
  }

  /** All rows of a result, as they come. */
  static void write(ResultSet rows, PrintWriter out) throws SQLException {
    CsvWriter csv = to(out);
    ResultSetMetaData columns = rows.getMetaData();
    @Nullable String[] values = new @Nullable String[columns.getColumnCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = columns.getColumnLabel(i + 1);
    }
    csv.writeRecord(values);
    while (rows.next()) {
      for (int i = 0; i < values.length; i++) {
        values[i] = rows.getString(i + 1);
      }
      csv.writeRecord(values);
    }
    out.flush();
  }
}
