package io.shelfcast.fullsync;

import io.shelfcast.quality.Column;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/**
 * Finds the score-row columns in the schema of a Parquet file, and says so when one cannot serve.
 */
final class ParquetColumns {

  private ParquetColumns() {}

  /**
   * The schema that holds just the columns of interest, each checked.
   *
   * @throws InputException naming the file and the column
   */
  static MessageType projection(
      String file,
      MessageType schema,
      ColumnMapping mapping,
      boolean modelVersionOptional,
      boolean unloaded) {
    List<Type> found = new ArrayList<>();
    for (Column column : Column.values()) {
      String name = mapping.nameOf(column);
      if (schema.containsField(name)) {
        found.add(checked(file, column, schema.getType(name), unloaded));
      } else if (column != Column.MODEL_VERSION || !modelVersionOptional) {
        throw InputException.missingColumn(file, column, name);
      }
    }
    return new MessageType(schema.getName(), found);
  }

  private static Type checked(String file, Column column, Type type, boolean unloaded) {
    boolean fits =
        type.isPrimitive()
            && !type.isRepetition(Type.Repetition.REPEATED)
            && (fits(column, type.asPrimitiveType())
                || (unloaded && fitsUnloaded(column, type.asPrimitiveType())));
    if (!fits) {
      throw new InputException(
          "column '%s' of %s is '%s'; %s is to be %s"
              .formatted(type.getName(), file, type, column.word(), expected(column)));
    }
    return type;
  }

  private static boolean fits(Column column, PrimitiveType type) {
    PrimitiveTypeName primitive = type.getPrimitiveTypeName();
    return switch (column) {
      case STORE_ID, PRODUCT_ID -> isWhole(type);
      case MODEL_VERSION -> isText(type);
      case SCORE -> primitive == PrimitiveTypeName.FLOAT || primitive == PrimitiveTypeName.DOUBLE;
      case SCORED_AT -> isTime(type);
    };
  }

  static boolean isTime(PrimitiveType type) {
    return type.getPrimitiveTypeName() == PrimitiveTypeName.INT96
        || (type.getPrimitiveTypeName() == PrimitiveTypeName.INT64
            && type.getLogicalTypeAnnotation() instanceof TimestampLogicalTypeAnnotation);
  }

  /** What a table may unload beside that: text where a number was expected, times as numbers. */
  private static boolean fitsUnloaded(Column column, PrimitiveType type) {
    return (column != Column.MODEL_VERSION && isText(type))
        || (column == Column.SCORED_AT
            && (isWholeDecimal(type)
                || (type.getPrimitiveTypeName() == PrimitiveTypeName.INT64
                    && !(type.getLogicalTypeAnnotation()
                        instanceof TimestampLogicalTypeAnnotation))));
  }

  static boolean isWhole(PrimitiveType type) {
    PrimitiveTypeName primitive = type.getPrimitiveTypeName();
    LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
    return ((primitive == PrimitiveTypeName.INT32 || primitive == PrimitiveTypeName.INT64)
            && (logical == null
                || logical instanceof LogicalTypeAnnotation.IntLogicalTypeAnnotation))
        || isWholeDecimal(type);
  }

  /** However many digits it has, and so however it is stored. */
  private static boolean isWholeDecimal(PrimitiveType type) {
    return type.getLogicalTypeAnnotation() instanceof DecimalLogicalTypeAnnotation decimal
        && decimal.getScale() == 0;
  }

  static boolean isText(PrimitiveType type) {
    LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
    return type.getPrimitiveTypeName() == PrimitiveTypeName.BINARY
        && (logical == null || logical instanceof StringLogicalTypeAnnotation);
  }

  /** Whether a number or a time is text, which only an unloaded file may have. */
  static boolean hasTextForNumbers(MessageType schema, ColumnMapping mapping) {
    for (Column column : Column.values()) {
      String name = mapping.nameOf(column);
      if (column != Column.MODEL_VERSION
          && schema.containsField(name)
          && isText(schema.getType(name).asPrimitiveType())) {
        return true;
      }
    }
    return false;
  }

  static boolean isPresent(ColumnReader column) {
    return column.getCurrentDefinitionLevel() == column.getDescriptor().getMaxDefinitionLevel();
  }

  private static String expected(Column column) {
    return switch (column) {
      case STORE_ID, PRODUCT_ID -> "a whole number, INT64";
      case MODEL_VERSION -> "text";
      case SCORE -> "FLOAT or DOUBLE";
      case SCORED_AT -> "a TIMESTAMP";
    };
  }

  /** Microseconds since 1970 of the twelve bytes that Spark and Hive long wrote: day and nanos. */
  static long microsOfInt96(ByteBuffer value) {
    ByteBuffer bytes = value.order(ByteOrder.LITTLE_ENDIAN);
    long nanosOfDay = bytes.getLong();
    long julianDay = bytes.getInt();
    return (julianDay - 2_440_588L) * 86_400_000_000L + Math.floorDiv(nanosOfDay, 1000L);
  }
}
