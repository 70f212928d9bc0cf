package io.shelfcast.local.generate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;

/** Score files as a reader finds them. */
final class ScoreFiles {
  private ScoreFiles() {}

  record ScoreRow(
      long storeId, long productId, String modelVersion, double score, long scoredAtMicros) {}

  static List<Path> in(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  static List<String> namesIn(Path directory) throws IOException {
    return in(directory).stream().map(file -> file.getFileName().toString()).toList();
  }

  static List<ScoreRow> rowsIn(Path directory) throws IOException {
    List<ScoreRow> rows = new ArrayList<>();
    for (Path file : in(directory)) {
      rows.addAll(rowsOf(file));
    }
    return rows;
  }

  static List<ScoreRow> rowsOf(Path file) throws IOException {
    List<ScoreRow> rows = new ArrayList<>();
    try (ParquetReader<Group> reader = new ReaderBuilder(new LocalInputFile(file)).build()) {
      for (Group row = reader.read(); row != null; row = reader.read()) {
        rows.add(
            new ScoreRow(
                row.getLong("store_id", 0),
                row.getLong("product_id", 0),
                row.getString("model_version", 0),
                row.getDouble("score", 0),
                row.getLong("scored_at", 0)));
      }
    }
    return rows;
  }

  private static final class ReaderBuilder extends ParquetReader.Builder<Group> {
    ReaderBuilder(InputFile file) {
      super(file, new PlainParquetConfiguration());
    }

    @Override
    protected ReadSupport<Group> getReadSupport() {
      return new GroupReadSupport();
    }
  }
}
