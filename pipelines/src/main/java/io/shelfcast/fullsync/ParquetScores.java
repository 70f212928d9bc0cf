package io.shelfcast.fullsync;

import io.shelfcast.domain.Micros;
import io.shelfcast.domain.ModelVersion;
import io.shelfcast.quality.BatchAssembler;
import io.shelfcast.quality.Column;
import io.shelfcast.quality.Rejection;
import io.shelfcast.quality.RowPayload;
import io.shelfcast.quality.RowRules;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/**
 * Reads score rows from Parquet, a row group at a time, from the column readers straight into the
 * columns of a batch. Beam's own ParquetIO makes a generic record of every row, which costs more
 * than all that follows; docs/decisions has the measurement.
 */
final class ParquetScores {

  private final ColumnMapping mapping;
  private final @Nullable String defaultModelVersion;
  private final RowRules rules;
  private final boolean unloaded;

  /**
   * @param unloaded whether the files were unloaded from a table: then numbers may be text that is
   *     none, and times whole microseconds
   */
  ParquetScores(
      ColumnMapping mapping,
      @Nullable String defaultModelVersion,
      RowRules rules,
      boolean unloaded) {
    this.mapping = mapping;
    this.defaultModelVersion = defaultModelVersion;
    this.rules = rules;
    this.unloaded = unloaded;
  }

  /**
   * The row groups of a file, its schema checked.
   *
   * @throws InputException when it is not Parquet, or lacks a column
   */
  List<FilePart> parts(String file, long sizeBytes) throws IOException {
    try (ParquetFileReader reader = open(file, sizeBytes)) {
      projection(file, reader);
      List<FilePart> parts = new ArrayList<>();
      long firstRow = 1;
      for (BlockMetaData rowGroup : reader.getRowGroups()) {
        parts.add(
            new FilePart(
                file,
                sizeBytes,
                rowGroup.getCompressedSize(),
                ScoreFormat.PARQUET,
                parts.size(),
                firstRow));
        firstRow += rowGroup.getRowCount();
      }
      return parts;
    }
  }

  /** The number of rows, as the footer has it. */
  long rowCount(String file, long sizeBytes) throws IOException {
    try (ParquetFileReader reader = open(file, sizeBytes)) {
      return reader.getRecordCount();
    }
  }

  /** Gives the rows of a row group, in their order. */
  void read(FilePart part, BatchAssembler rows) throws IOException {
    try (ParquetFileReader reader = open(part.file(), part.sizeBytes())) {
      MessageType projection = projection(part.file(), reader);
      reader.setRequestedSchema(projection);
      PageReadStore pages = reader.readRowGroup(part.index());
      ColumnReadStoreImpl columns =
          new ColumnReadStoreImpl(
              pages,
              new IgnoredValues(projection),
              projection,
              reader.getFileMetaData().getCreatedBy());
      if (ParquetColumns.hasTextForNumbers(projection, mapping)) {
        new ParquetTextRows(readers(columns, projection), rules, defaultModelVersion)
            .read(pages.getRowCount(), rows);
      } else {
        new RowGroup(columns, projection).read(part.firstRow(), pages.getRowCount(), rows);
      }
    } catch (InputException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw unreadable(part.file(), e);
    }
  }

  private MessageType projection(String file, ParquetFileReader reader) {
    return ParquetColumns.projection(
        file, reader.getFileMetaData().getSchema(), mapping, defaultModelVersion != null, unloaded);
  }

  private EnumMap<Column, ColumnReader> readers(ColumnReadStoreImpl columns, MessageType schema) {
    EnumMap<Column, ColumnReader> readers = new EnumMap<>(Column.class);
    for (Column column : Column.values()) {
      if (schema.containsField(mapping.nameOf(column))) {
        readers.put(column, reader(columns, schema, column));
      }
    }
    return readers;
  }

  private ColumnReader reader(ColumnReadStoreImpl columns, MessageType schema, Column column) {
    return columns.getColumnReader(
        schema.getColumnDescription(new String[] {mapping.nameOf(column)}));
  }

  static ParquetFileReader open(String file, long sizeBytes) throws IOException {
    try {
      return ParquetFileReader.open(
          new ChannelInputFile(file, sizeBytes),
          ParquetReadOptions.builder(new PlainParquetConfiguration()).build());
    } catch (IOException | RuntimeException e) {
      throw unreadable(file, e);
    }
  }

  static InputException unreadable(String file, Exception e) {
    return InputException.unreadable(file, ScoreFormat.PARQUET.title(), e);
  }

  /** One row group under the cursors of its columns. */
  private final class RowGroup {
    private final ColumnReader storeId;
    private final ColumnReader productId;
    private final @Nullable ColumnReader modelVersion;
    private final ColumnReader score;
    private final ColumnReader scoredAt;
    private final TimeColumn times;
    private final WholeColumn storeIds;
    private final WholeColumn productIds;

    // The readers give the same object for the same dictionary entry: one decoding a name.
    private @Nullable Binary lastNameBytes;
    private String lastName = "";

    RowGroup(ColumnReadStoreImpl columns, MessageType schema) {
      this.storeId = reader(columns, schema, Column.STORE_ID);
      this.productId = reader(columns, schema, Column.PRODUCT_ID);
      this.modelVersion =
          schema.containsField(mapping.nameOf(Column.MODEL_VERSION))
              ? reader(columns, schema, Column.MODEL_VERSION)
              : null;
      this.score = reader(columns, schema, Column.SCORE);
      this.scoredAt = reader(columns, schema, Column.SCORED_AT);
      this.times = TimeColumn.of(typeOf(scoredAt));
      this.storeIds = WholeColumn.of(typeOf(storeId));
      this.productIds = WholeColumn.of(typeOf(productId));
    }

    void read(long firstRow, long count, BatchAssembler rows) {
      boolean idsFit = storeIds != WholeColumn.BYTES && productIds != WholeColumn.BYTES;
      boolean narrowScore = isFloat(score);
      for (long row = firstRow; row < firstRow + count; row++) {
        String name = modelVersion == null ? defaultModelVersion : name(modelVersion);
        if (name != null
            && ModelVersion.isValidName(name)
            && ParquetColumns.isPresent(storeId)
            && ParquetColumns.isPresent(productId)
            && ParquetColumns.isPresent(score)
            && ParquetColumns.isPresent(scoredAt)
            && (idsFit || (storeIds.fits(storeId) && productIds.fits(productId)))) {
          rows.accept(
              unloaded ? BatchAssembler.NO_POSITION : row,
              name,
              storeIds.value(storeId),
              productIds.value(productId),
              narrowScore ? score.getFloat() : score.getDouble(),
              times.micros(scoredAt));
        } else {
          rows.reject(unloaded ? BatchAssembler.NO_POSITION : row, payload(name), rejection(name));
        }
        storeId.consume();
        productId.consume();
        if (modelVersion != null) {
          modelVersion.consume();
        }
        score.consume();
        scoredAt.consume();
      }
    }

    // The same object is what is asked for: comparing bytes would cost what decoding does.
    @SuppressWarnings("ReferenceEquality")
    private @Nullable String name(ColumnReader names) {
      if (!ParquetColumns.isPresent(names)) {
        return defaultModelVersion;
      }
      Binary bytes = names.getBinary();
      if (bytes != lastNameBytes) {
        lastNameBytes = bytes;
        lastName = bytes.toStringUsingUTF8();
      }
      return lastName;
    }

    private Rejection rejection(@Nullable String name) {
      if (!ParquetColumns.isPresent(storeId)) {
        return new Rejection.Missing(Column.STORE_ID);
      }
      if (!ParquetColumns.isPresent(productId)) {
        return new Rejection.Missing(Column.PRODUCT_ID);
      }
      if (name == null) {
        return new Rejection.Missing(Column.MODEL_VERSION);
      }
      if (!ModelVersion.isValidName(name)) {
        return new Rejection.ModelVersionMalformed(name);
      }
      if (!ParquetColumns.isPresent(score) || !ParquetColumns.isPresent(scoredAt)) {
        return new Rejection.Missing(
            ParquetColumns.isPresent(score) ? Column.SCORED_AT : Column.SCORE);
      }
      return storeIds.fits(storeId)
          ? new Rejection.NotANumber(Column.PRODUCT_ID, productIds.text(productId))
          : new Rejection.NotANumber(Column.STORE_ID, storeIds.text(storeId));
    }

    private String payload(@Nullable String name) {
      Map<String, @Nullable Object> values = new LinkedHashMap<>();
      values.put(Column.STORE_ID.word(), whole(storeIds, storeId));
      values.put(Column.PRODUCT_ID.word(), whole(productIds, productId));
      values.put(Column.MODEL_VERSION.word(), name);
      values.put(
          Column.SCORE.word(),
          !ParquetColumns.isPresent(score)
              ? null
              : isFloat(score) ? score.getFloat() : score.getDouble());
      values.put(
          Column.SCORED_AT.word(),
          ParquetColumns.isPresent(scoredAt)
              ? Micros.toInstant(times.micros(scoredAt)).toString()
              : null);
      return RowPayload.of(values);
    }

    private static @Nullable Object whole(WholeColumn kind, ColumnReader column) {
      if (!ParquetColumns.isPresent(column)) {
        return null;
      }
      return kind.fits(column) ? (Object) kind.value(column) : kind.text(column);
    }

    private static PrimitiveType typeOf(ColumnReader column) {
      return column.getDescriptor().getPrimitiveType();
    }

    private static boolean isFloat(ColumnReader column) {
      return column.getDescriptor().getPrimitiveType().getPrimitiveTypeName()
          == PrimitiveTypeName.FLOAT;
    }
  }

  /** The column readers want converters to exist; ours are asked for values instead. */
  static final class IgnoredValues extends GroupConverter {
    private final PrimitiveConverter[] columns;

    IgnoredValues(MessageType schema) {
      this.columns = new PrimitiveConverter[schema.getFieldCount()];
      for (int i = 0; i < columns.length; i++) {
        columns[i] = new PrimitiveConverter() {};
      }
    }

    @Override
    public Converter getConverter(int field) {
      return columns[field];
    }

    @Override
    public void start() {}

    @Override
    public void end() {}
  }
}
