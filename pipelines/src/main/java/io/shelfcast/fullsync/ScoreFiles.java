package io.shelfcast.fullsync;

import io.shelfcast.quality.BatchAssembler;
import io.shelfcast.quality.RowRules;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How score files are read, whatever they are: the settings that all formats share, and which of
 * the formats a file has.
 *
 * @param mapping what the columns are called
 * @param defaultModelVersion the model version of rows that name none; null: there has to be a
 *     column
 * @param rules the row rules, for text
 * @param unloadOf the table that the files were unloaded from for this run only, with the
 *     contract's names and times as whole microseconds; null: they are files of the user's
 */
record ScoreFiles(
    ColumnMapping mapping,
    @Nullable String defaultModelVersion,
    RowRules rules,
    @Nullable String unloadOf)
    implements Serializable {

  ScoreFiles(ColumnMapping mapping, @Nullable String defaultModelVersion, RowRules rules) {
    this(mapping, defaultModelVersion, rules, null);
  }

  /** Files that were unloaded from a table for this run only. */
  ScoreFiles unloadOf(String table) {
    return new ScoreFiles(ColumnMapping.parse(null), defaultModelVersion, rules, table);
  }

  /** Where a part's rows are from, for people: an unloaded file is gone when they look. */
  String sourceOf(FilePart part) {
    return unloadOf == null ? part.file() : unloadOf;
  }

  /** Where a part's rows stand in their source, to name batches after. */
  String placeOf(FilePart part) {
    return unloadOf == null ? String.valueOf(part.index()) : part.file() + '/' + part.index();
  }

  private static final Logger LOG = LoggerFactory.getLogger(ScoreFiles.class);

  private static final int CSV_BYTES_PER_ROW = 45;
  private static final int GZIP_RATIO = 5;

  /** The parts to read of a file, whose format and columns are checked on the way. */
  List<FilePart> parts(MatchResult.Metadata metadata) throws IOException {
    String file = metadata.resourceId().toString();
    if (metadata.resourceId().isDirectory()) {
      throw InputException.directory(file);
    }
    ScoreFormat format = formatOf(metadata);
    return format == ScoreFormat.PARQUET
        ? parquet().parts(file, metadata.sizeBytes())
        : csv().parts(file, metadata.sizeBytes(), format);
  }

  /**
   * The files that the globs match, each once.
   *
   * @throws java.io.FileNotFoundException when one of them matches none
   */
  static Collection<MatchResult.Metadata> find(List<String> globs) throws IOException {
    Map<String, MatchResult.Metadata> found = new LinkedHashMap<>();
    for (String glob : globs) {
      if (isPlainPath(glob) && !Files.exists(Path.of(glob))) {
        // Beam would go through all that is below the folder, which may be the whole disk.
        throw new FileNotFoundException("No files matched spec: " + glob);
      }
      MatchResult match = FileSystems.match(glob, EmptyMatchTreatment.DISALLOW);
      for (MatchResult.Metadata file : match.metadata()) {
        found.put(file.resourceId().toString(), file);
      }
    }
    return found.values();
  }

  private static boolean isPlainPath(String glob) {
    return glob.indexOf(':') < 0 && glob.chars().noneMatch(c -> "*?[]{}\\".indexOf(c) >= 0);
  }

  /**
   * About how many rows the files have that the globs match: exact for Parquet, whose footers say
   * it; by size for CSV. A file that cannot be read is for the pipeline to tell.
   */
  long aboutHowManyRows(List<String> globs) {
    try {
      long rows = 0;
      for (MatchResult.Metadata file : find(globs)) {
        rows +=
            switch (formatOf(file)) {
              case PARQUET -> parquet().rowCount(file.resourceId().toString(), file.sizeBytes());
              case CSV -> file.sizeBytes() / CSV_BYTES_PER_ROW;
              case CSV_GZIP -> file.sizeBytes() * GZIP_RATIO / CSV_BYTES_PER_ROW;
            };
      }
      return rows;
    } catch (IOException e) {
      LOG.warn("cannot tell how many rows the input has: {}", e.getMessage());
      return 0;
    }
  }

  /** Gives the rows of a part, in their order. */
  void read(FilePart part, BatchAssembler rows) throws IOException {
    if (part.format() == ScoreFormat.PARQUET) {
      parquet().read(part, rows);
    } else {
      csv().read(part, rows);
    }
  }

  private ParquetScores parquet() {
    return new ParquetScores(mapping, defaultModelVersion, rules, unloadOf != null);
  }

  private CsvScores csv() {
    return new CsvScores(mapping, defaultModelVersion, rules);
  }

  /** By the name where that is clear, so that a broken file is told as what it should have been. */
  static ScoreFormat formatOf(MatchResult.Metadata metadata) throws IOException {
    String name = metadata.resourceId().toString();
    if (name.endsWith(".parquet")) {
      return ScoreFormat.PARQUET;
    }
    ByteBuffer start = ByteBuffer.allocate(4);
    try (ReadableByteChannel channel = FileSystems.open(metadata.resourceId())) {
      while (start.hasRemaining() && channel.read(start) >= 0) {
        // A channel may give fewer bytes than asked for.
      }
    }
    start.flip();
    if (start.remaining() == 4 && start.getInt(0) == 0x50415231) {
      return ScoreFormat.PARQUET;
    }
    boolean gzip = start.remaining() >= 2 && start.getShort(0) == (short) 0x1f8b;
    return gzip || (name.endsWith(".gz") && start.hasRemaining())
        ? ScoreFormat.CSV_GZIP
        : ScoreFormat.CSV;
  }
}
