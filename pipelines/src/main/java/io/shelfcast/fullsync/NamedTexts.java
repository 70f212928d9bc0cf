package io.shelfcast.fullsync;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.shelfcast.domain.Micros;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * Reads files of other tables than scores as score files are read, Parquet or CSV, plain or
 * gzipped, by the names of their columns, and each value as text.
 */
public final class NamedTexts {

  private final Rows rows;

  private NamedTexts(Rows rows) {
    this.rows = rows;
  }

  /** Who takes the rows. */
  public interface Rows {
    /**
     * Begins a file.
     *
     * @param columns all that it has
     * @return those whose values are wanted
     * @throws InputException when one is missing
     */
    List<String> begin(String file, List<String> columns);

    /**
     * Takes a row.
     *
     * @param row its number in the file, from 1; of a CSV file the line that it begins on
     * @param values of the columns that {@link #begin} wanted, in that order; null: there is none.
     *     Good for this call only
     */
    void row(String file, long row, List<@Nullable String> values);
  }

  /**
   * Gives the rows of all files that a glob matches, file by file, in their order.
   *
   * @throws java.io.FileNotFoundException when it matches none
   * @throws InputException when a file cannot be read
   */
  public static void read(String glob, Rows rows) throws IOException {
    NamedTexts texts = new NamedTexts(rows);
    for (MatchResult.Metadata metadata : ScoreFiles.find(List.of(glob))) {
      String file = metadata.resourceId().toString();
      if (metadata.resourceId().isDirectory()) {
        throw InputException.directory(file);
      }
      ScoreFormat format = ScoreFiles.formatOf(metadata);
      if (format == ScoreFormat.PARQUET) {
        texts.readParquet(file, metadata.sizeBytes());
      } else {
        texts.readCsv(file, format);
      }
    }
  }

  /**
   * The names of the files that the globs match, each once.
   *
   * @throws java.io.FileNotFoundException when one of them matches none
   */
  public static List<String> find(List<String> globs) throws IOException {
    return ScoreFiles.find(globs).stream()
        .map(metadata -> metadata.resourceId().toString())
        .toList();
  }

  private void readCsv(String file, ScoreFormat format) throws IOException {
    try (CsvReader<CsvRecord> csv = CsvScores.open(file, format);
        CloseableIterator<CsvRecord> records = csv.iterator()) {
      List<String> names = records.hasNext() ? records.next().getFields() : List.of();
      int[] fields = rows.begin(file, names).stream().mapToInt(names::indexOf).toArray();
      List<@Nullable String> values = new ArrayList<>();
      while (records.hasNext()) {
        CsvRecord record = records.next();
        long line = record.getStartingLineNumber();
        if (record.getFieldCount() != names.size()) {
          throw new InputException(
              "line %d of %s has %d fields where the header has %d; quote what contains a comma"
                  .formatted(line, file, record.getFieldCount(), names.size()));
        }
        values.clear();
        for (int field : fields) {
          String value = record.getField(field).strip();
          values.add(value.isEmpty() ? null : value);
        }
        rows.row(file, line, values);
      }
    } catch (CsvParseException | UncheckedIOException e) {
      throw CsvScores.unreadable(file, format, e);
    }
  }

  private void readParquet(String file, long sizeBytes) throws IOException {
    try (ParquetFileReader reader = ParquetScores.open(file, sizeBytes)) {
      MessageType schema = reader.getFileMetaData().getSchema();
      List<String> wanted =
          rows.begin(file, schema.getFields().stream().map(Type::getName).toList());
      MessageType projection =
          new MessageType(
              schema.getName(),
              wanted.stream().map(name -> checked(file, schema.getType(name))).toList());
      reader.setRequestedSchema(projection);
      long row = 0;
      for (PageReadStore pages = next(file, reader); pages != null; pages = next(file, reader)) {
        ColumnReadStoreImpl store =
            new ColumnReadStoreImpl(
                pages,
                new ParquetScores.IgnoredValues(projection),
                projection,
                reader.getFileMetaData().getCreatedBy());
        row =
            rows(
                file,
                projection.getColumns().stream().map(store::getColumnReader).toList(),
                row,
                pages.getRowCount());
      }
    }
  }

  private static @Nullable PageReadStore next(String file, ParquetFileReader reader) {
    try {
      return reader.readNextRowGroup();
    } catch (IOException | RuntimeException e) {
      throw ParquetScores.unreadable(file, e);
    }
  }

  private long rows(String file, List<ColumnReader> columns, long before, long count) {
    List<@Nullable String> values = new ArrayList<>();
    for (long row = before + 1; row <= before + count; row++) {
      values.clear();
      for (ColumnReader column : columns) {
        values.add(text(file, column));
        column.consume();
      }
      rows.row(file, row, values);
    }
    return before + count;
  }

  private static @Nullable String text(String file, ColumnReader column) {
    if (!ParquetColumns.isPresent(column)) {
      return null;
    }
    try {
      PrimitiveType type = column.getDescriptor().getPrimitiveType();
      if (ParquetColumns.isText(type)) {
        String value = column.getBinary().toStringUsingUTF8().strip();
        return value.isEmpty() ? null : value;
      }
      if (type.getPrimitiveTypeName() == PrimitiveTypeName.BOOLEAN) {
        return String.valueOf(column.getBoolean());
      }
      return ParquetColumns.isTime(type)
          ? Micros.toInstant(TimeColumn.of(type).micros(column)).toString()
          : WholeColumn.of(type).text(column);
    } catch (RuntimeException e) {
      throw ParquetScores.unreadable(file, e);
    }
  }

  private static Type checked(String file, Type type) {
    boolean fits =
        type.isPrimitive()
            && !type.isRepetition(Type.Repetition.REPEATED)
            && (ParquetColumns.isText(type.asPrimitiveType())
                || ParquetColumns.isWhole(type.asPrimitiveType())
                || ParquetColumns.isTime(type.asPrimitiveType())
                || type.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BOOLEAN);
    if (!fits) {
      throw new InputException(
          "column '%s' of %s is '%s'; it is to be text, a whole number, a time, or true or false"
              .formatted(type.getName(), file, type));
    }
    return type;
  }
}
