package io.shelfcast.snowflake.emulator;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Rows into CSV files, none of which is larger than MAX_FILE_SIZE unless one row is. */
final class CsvUnload implements Unload.Rows {

  @Override
  public void write(CopyCommand copy, Query query, Path folder, Unload unload)
      throws SQLException, IOException {
    try (ResultSet rows = query.prepare("").executeQuery()) {
      List<Column> columns = Column.of(rows.getMetaData());
      StringBuilder record = new StringBuilder();
      @Nullable Part part = null;
      try {
        while (rows.next()) {
          record.setLength(0);
          for (int i = 0; i < columns.size(); i++) {
            record.append(i == 0 ? "" : copy.csv().delimiter());
            copy.csv().write(record, rows, i + 1, columns.get(i));
          }
          byte[] bytes =
              record.append(copy.csv().endOfRecord()).toString().getBytes(StandardCharsets.UTF_8);
          if (part != null && !part.hasRoomFor(bytes.length)) {
            part.close();
            unload.finished(part.file, part.rows);
            part = null;
          }
          if (part == null) {
            part = new Part(folder.resolve("part"), copy.options(), header(copy, columns));
          }
          part.add(bytes);
        }
        if (part != null) {
          part.close();
          unload.finished(part.file, part.rows);
          part = null;
        }
      } finally {
        if (part != null) {
          part.close();
        }
      }
    }
  }

  private static String header(CopyCommand copy, List<Column> columns) {
    return copy.options().header()
        ? columns.stream()
                .map(column -> '"' + column.name().replace("\"", "\"\"") + '"')
                .collect(Collectors.joining(copy.csv().delimiter()))
            + copy.csv().endOfRecord()
        : "";
  }

  /** A file while it is written. */
  private static final class Part implements AutoCloseable {

    private final Path file;
    private final Counting counting;
    private final OutputStream out;
    private final long limit;
    private long pending;
    private long seen;
    private long rows;

    Part(Path file, CopyCommand.CopyOptions options, String header) throws IOException {
      this.file = file;
      limit = options.maxFileSize();
      counting = new Counting(Files.newOutputStream(file));
      out = options.compressed() ? new GZIPOutputStream(counting, 1 << 13) : counting;
      out.write(header.getBytes(StandardCharsets.UTF_8));
    }

    /** What the compressor still holds back counts as if it could not be compressed. */
    boolean hasRoomFor(int more) {
      return counting.count + pending + more + 64 <= limit;
    }

    void add(byte[] record) throws IOException {
      out.write(record);
      rows++;
      pending = counting.count == seen ? pending + record.length : record.length;
      seen = counting.count;
    }

    @Override
    public void close() {
      try {
        out.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final class Counting extends OutputStream {

    private final OutputStream to;
    private long count;

    Counting(OutputStream to) {
      this.to = new BufferedOutputStream(to);
    }

    @Override
    public void write(int b) throws IOException {
      to.write(b);
      count++;
    }

    @Override
    public void write(byte[] b, int from, int length) throws IOException {
      to.write(b, from, length);
      count += length;
    }

    @Override
    public void close() throws IOException {
      to.close();
    }
  }
}
