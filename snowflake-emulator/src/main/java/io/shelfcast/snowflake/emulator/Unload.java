package io.shelfcast.snowflake.emulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An unload while it runs: the files that it has written, each in place as soon as it is whole. */
final class Unload {

  private final StageLocation target;
  private final String first;
  private final String extension;
  private final Faults faults;
  private int files;
  private long rows;
  private long bytes;

  private Unload(StageLocation target, String first, String extension, Faults faults) {
    this.target = target;
    this.first = first;
    this.extension = extension;
    this.faults = faults;
  }

  /** Runs the query and writes its rows. */
  static Unload run(CopyCommand copy, Query query, Rows rows, @Nullable FakeGcs gcs, Faults faults)
      throws SQLException, IOException {
    StageLocation target = StageLocation.of(copy.url(), gcs);
    if (!copy.options().overwrite() && !target.isEmpty()) {
      throw new SqlFailure(
          "001030",
          "22000",
          "SQL compilation error:\nFiles already existing at the unload destination: %s. "
                  .formatted(copy.url())
              + "Use overwrite option to force unloading.");
    }
    Unload unload =
        new Unload(target, copy.url().endsWith("/") ? "data_" : "", extension(copy), faults);
    Path folder = Files.createTempDirectory("snowflake-unload");
    try {
      rows.write(copy, query, folder, unload);
    } finally {
      deleteAll(folder);
    }
    return unload;
  }

  /** Writes a query's rows into files of one format. */
  interface Rows {
    void write(CopyCommand copy, Query query, Path folder, Unload unload)
        throws SQLException, IOException;
  }

  private static String extension(CopyCommand copy) {
    boolean compressed = copy.options().compressed();
    return copy.options().parquet()
        ? compressed ? ".snappy.parquet" : ".parquet"
        : compressed ? ".csv.gz" : ".csv";
  }

  /** As many threads of eight as there are files, round by round. */
  void finished(Path file, long rowsInFile) throws IOException {
    bytes += Files.size(file);
    rows += rowsInFile;
    target.put("%s0_%d_%d%s".formatted(first, files % 8, files / 8, extension), file);
    files++;
    faults.unloadedFile(files);
  }

  List<String> summary() {
    return List.of(Long.toString(rows), Long.toString(bytes), Long.toString(bytes));
  }

  private static void deleteAll(Path folder) throws IOException {
    try (var left = Files.walk(folder)) {
      for (Path path : left.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
