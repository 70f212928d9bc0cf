package io.shelfcast.fullsync;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Writes Parquet files with whatever schema. */
final class ParquetFiles {

  static final String SCHEMA =
      """
      message scores {
        optional int64 store_id;
        optional int64 product_id;
        optional binary model_version (STRING);
        optional double score;
        optional int64 scored_at (TIMESTAMP(MICROS,true));
      }""";

  private ParquetFiles() {}

  static void write(Path file, String schema, int rows, BiConsumer<Group, Integer> fill)
      throws IOException {
    write(file, schema, rows, Long.MAX_VALUE, fill);
  }

  /** With a new row group after about so many bytes. */
  static void write(
      Path file, String schema, int rows, long rowGroupBytes, BiConsumer<Group, Integer> fill)
      throws IOException {
    MessageType type = MessageTypeParser.parseMessageType(schema);
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withConf(new PlainParquetConfiguration())
            .withType(type)
            .withRowGroupSize(Math.min(rowGroupBytes, 8L << 20))
            .withMinRowCountForPageSizeCheck(100)
            .withPageSize(1024)
            .build()) {
      for (int row = 0; row < rows; row++) {
        Group group = new SimpleGroup(type);
        fill.accept(group, row);
        writer.write(group);
      }
    }
  }

  static void good(Group group, int row) {
    group.add("store_id", (long) row / 100);
    group.add("product_id", (long) row % 100);
    group.add("model_version", "m");
    group.add("score", 0.5);
    group.add("scored_at", 1_717_826_400_000_000L);
  }
}
