package io.shelfcast.fullsync;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.shelfcast.quality.BatchAssembler;
import io.shelfcast.quality.Column;
import io.shelfcast.quality.Rejection;
import io.shelfcast.quality.RowPayload;
import io.shelfcast.quality.RowRules;
import io.shelfcast.quality.ScoreText;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.beam.sdk.io.FileSystems;
import org.jspecify.annotations.Nullable;

/**
 * Reads score rows from CSV (RFC 4180, a header line, UTF-8 with or without a byte order mark). A
 * line that is wrong is rejected with the line as it was read; a file without any byte has no rows.
 *
 * <p>A CSV file is read as one piece, since where a row starts is known only from the rows before.
 */
final class CsvScores {

  private static final int BUFFER_BYTES = 1 << 16;

  private final ColumnMapping mapping;
  private final @Nullable String defaultModelVersion;
  private final RowRules rules;

  CsvScores(ColumnMapping mapping, @Nullable String defaultModelVersion, RowRules rules) {
    this.mapping = mapping;
    this.defaultModelVersion = defaultModelVersion;
    this.rules = rules;
  }

  /**
   * The file as one part, its header checked; none if it is empty.
   *
   * @throws InputException when it cannot be read, or lacks a column
   */
  List<FilePart> parts(String file, long sizeBytes, ScoreFormat format) throws IOException {
    try (CsvReader<CsvRecord> csv = open(file, format);
        CloseableIterator<CsvRecord> records = csv.iterator()) {
      if (!records.hasNext()) {
        return List.of();
      }
      new Header(file, records.next().getFields());
      return List.of(new FilePart(file, sizeBytes, sizeBytes, format, 0, 1));
    } catch (CsvParseException | UncheckedIOException e) {
      throw unreadable(file, format, e);
    }
  }

  /** Gives the rows of a file, in their order; their position is the line that they start on. */
  void read(FilePart part, BatchAssembler rows) throws IOException {
    try (CsvReader<CsvRecord> csv = open(part.file(), part.format());
        CloseableIterator<CsvRecord> records = csv.iterator()) {
      Header header = new Header(part.file(), records.next().getFields());
      ScoreText text = new ScoreText(rules, defaultModelVersion);
      while (records.hasNext()) {
        CsvRecord record = records.next();
        long line = record.getStartingLineNumber();
        Rejection wrong = header.read(record, text);
        if (wrong == null) {
          text.acceptInto(rows, line);
        } else {
          rows.reject(line, header.payload(record), wrong);
        }
      }
    } catch (CsvParseException | UncheckedIOException e) {
      throw unreadable(part.file(), part.format(), e);
    }
  }

  static CsvReader<CsvRecord> open(String file, ScoreFormat format) throws IOException {
    InputStream bytes =
        Channels.newInputStream(FileSystems.open(FileSystems.matchNewResource(file, false)));
    try {
      InputStream plain =
          format == ScoreFormat.CSV_GZIP
              ? new GZIPInputStream(bytes, BUFFER_BYTES)
              : new BufferedInputStream(bytes, BUFFER_BYTES);
      return CsvReader.builder()
          .detectBomHeader(true)
          // Whether a line has the right number of fields is a row rule, not the parser's business.
          .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
          .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
          .allowExtraCharsAfterClosingQuote(true)
          .ofCsvRecord(plain);
    } catch (IOException e) {
      bytes.close();
      throw InputException.unreadable(file, format.title(), e);
    }
  }

  static InputException unreadable(String file, ScoreFormat format, RuntimeException e) {
    // The parser's own message speaks of its buffers; its cause knows what happened.
    return InputException.unreadable(file, format.title(), e.getCause() == null ? e : e.getCause());
  }

  /** Where the columns stand. */
  private final class Header {
    private final List<String> names;
    private final Map<Column, Integer> fieldOf = new EnumMap<>(Column.class);
    private final int storeId;
    private final int productId;
    private final int modelVersion;
    private final int score;
    private final int scoredAt;

    Header(String file, List<String> names) {
      this.names = names;
      this.storeId = find(file, Column.STORE_ID);
      this.productId = find(file, Column.PRODUCT_ID);
      this.modelVersion = find(file, Column.MODEL_VERSION);
      this.score = find(file, Column.SCORE);
      this.scoredAt = find(file, Column.SCORED_AT);
    }

    private int find(String file, Column column) {
      String name = mapping.nameOf(column);
      int field = names.indexOf(name);
      if (field < 0) {
        if (column == Column.MODEL_VERSION && defaultModelVersion != null) {
          return -1;
        }
        throw InputException.missingColumn(file, column, name);
      }
      if (field != names.lastIndexOf(name)) {
        throw new InputException(
            "the header of %s has the column '%s' twice".formatted(file, name));
      }
      fieldOf.put(column, field);
      return field;
    }

    @Nullable Rejection read(CsvRecord record, ScoreText text) {
      if (record.getFieldCount() != names.size()) {
        return new Rejection.WrongShape(
            "%d fields where the header has %d".formatted(record.getFieldCount(), names.size()));
      }
      return text.read(
          record.getField(storeId),
          record.getField(productId),
          modelVersion < 0 ? null : record.getField(modelVersion),
          record.getField(score),
          record.getField(scoredAt));
    }

    /** All of the row: the contract's columns by the contract's names, the others by their own. */
    String payload(CsvRecord record) {
      if (record.getFieldCount() != names.size()) {
        return RowPayload.of(record.getFields());
      }
      Map<String, String> values = new LinkedHashMap<>();
      if (defaultModelVersion != null) {
        // A replay does not know the run's options.
        values.put(Column.MODEL_VERSION.word(), defaultModelVersion);
      }
      fieldOf.forEach(
          (column, field) -> {
            String value = record.getField(field);
            if (!value.isBlank() || !values.containsKey(column.word())) {
              values.put(column.word(), value);
            }
          });
      for (int field = 0; field < names.size(); field++) {
        if (!fieldOf.containsValue(field)) {
          values.putIfAbsent(names.get(field), record.getField(field));
        }
      }
      return RowPayload.of(values);
    }
  }
}
