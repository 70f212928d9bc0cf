package io.shelfcast.local.generate;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.OutputFile;

/** One file of a set: all items of the stores from {@code firstStore} up to {@code endStore}. */
record ScoreFile(ScoreSet set, int firstStore, int endStore) {

  void write(Path path) throws IOException {
    ScoreFunction function = set.function();
    ScoreWriteSupport.Row row = new ScoreWriteSupport.Row();
    try (ParquetWriter<ScoreWriteSupport.Row> writer =
        new WriterBuilder(new LocalOutputFile(path), set.modelVersion()).build()) {
      for (int store = firstStore; store < endStore; store++) {
        row.storeId = store;
        row.scoredAtMicros = set.scoredAtMicros(store);
        for (int product = 0; product < set.itemsPerStore(); product++) {
          row.productId = product;
          row.score = function.score(store, product);
          writer.write(row);
        }
      }
    }
  }

  private static final class WriterBuilder
      extends ParquetWriter.Builder<ScoreWriteSupport.Row, WriterBuilder> {
    private final String modelVersion;

    WriterBuilder(OutputFile file, String modelVersion) {
      super(file);
      this.modelVersion = modelVersion;
      // Hadoop's own configuration would look for XML files on the class path.
      withConf(new PlainParquetConfiguration());
      withWriteMode(ParquetFileWriter.Mode.OVERWRITE);
      withCompressionCodec(CompressionCodecName.ZSTD);
      // Hardly two scores are alike: a dictionary would be built, outgrown and thrown away.
      withDictionaryEncoding("score", false);
    }

    @Override
    protected WriterBuilder self() {
      return this;
    }

    @Override
    protected WriteSupport<ScoreWriteSupport.Row> getWriteSupport(
        ParquetConfiguration configuration) {
      return new ScoreWriteSupport(modelVersion);
    }

    @Override
    @SuppressWarnings("deprecation") // Parquet still declares it abstract.
    protected WriteSupport<ScoreWriteSupport.Row> getWriteSupport(Configuration configuration) {
      return new ScoreWriteSupport(modelVersion);
    }
  }
}
