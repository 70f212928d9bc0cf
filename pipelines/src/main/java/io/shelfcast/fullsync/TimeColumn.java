package io.shelfcast.fullsync;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/** How a Parquet column's values become times, as microseconds since 1970. */
enum TimeColumn {
  MILLIS {
    @Override
    long micros(ColumnReader column) {
      return TimeUnit.MILLISECONDS.toMicros(column.getLong());
    }
  },
  MICROS {
    @Override
    long micros(ColumnReader column) {
      return column.getLong();
    }
  },
  NANOS {
    @Override
    long micros(ColumnReader column) {
      return Math.floorDiv(column.getLong(), 1000L);
    }
  },
  INT96 {
    @Override
    long micros(ColumnReader column) {
      return ParquetColumns.microsOfInt96(ByteBuffer.wrap(column.getBinary().getBytes()));
    }
  },
  /** A DECIMAL of whole microseconds, of a table's unload; no table has a time beyond 64 bits. */
  MICROS_INT32 {
    @Override
    long micros(ColumnReader column) {
      return column.getInteger();
    }
  },
  MICROS_BYTES {
    @Override
    long micros(ColumnReader column) {
      return WholeColumn.BYTES.value(column);
    }
  };

  abstract long micros(ColumnReader column);

  static TimeColumn of(PrimitiveType type) {
    PrimitiveTypeName primitive = type.getPrimitiveTypeName();
    if (type.getLogicalTypeAnnotation() instanceof TimestampLogicalTypeAnnotation timestamp) {
      return switch (timestamp.getUnit()) {
        case MILLIS -> MILLIS;
        case MICROS -> MICROS;
        case NANOS -> NANOS;
      };
    }
    return switch (primitive) {
      case INT96 -> INT96;
      case INT64 -> MICROS;
      case INT32 -> MICROS_INT32;
      default -> MICROS_BYTES;
    };
  }
}
