package io.shelfcast.fullsync;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.PrimitiveType;

/** How a Parquet column's values become whole numbers of 64 bits. */
enum WholeColumn {
  INT32 {
    @Override
    long value(ColumnReader column) {
      return column.getInteger();
    }
  },
  INT64 {
    @Override
    long value(ColumnReader column) {
      return column.getLong();
    }
  },
  /** A DECIMAL without a fraction that has more digits: big-endian, two's complement. */
  BYTES {
    @Override
    boolean fits(ColumnReader column) {
      ByteBuffer bytes = column.getBinary().toByteBuffer();
      int extra = bytes.remaining() - Long.BYTES;
      if (extra <= 0) {
        return bytes.hasRemaining();
      }
      // What stands before the last eight bytes may only repeat their sign.
      int start = bytes.position();
      int sign = bytes.get(start + extra) >> 7;
      for (int i = 0; i < extra; i++) {
        if (bytes.get(start + i) != sign) {
          return false;
        }
      }
      return true;
    }

    @Override
    long value(ColumnReader column) {
      ByteBuffer bytes = column.getBinary().toByteBuffer();
      long value = bytes.get(bytes.position()) >> 7;
      for (int i = Math.max(0, bytes.remaining() - Long.BYTES); i < bytes.remaining(); i++) {
        value = value << 8 | (bytes.get(bytes.position() + i) & 0xff);
      }
      return value;
    }

    @Override
    String text(ColumnReader column) {
      return new BigInteger(column.getBinary().getBytes()).toString();
    }
  };

  /** Whether the value is one of 64 bits; only of {@link #BYTES} it may not be. */
  boolean fits(ColumnReader column) {
    return true;
  }

  /** The value, if it {@link #fits}. */
  abstract long value(ColumnReader column);

  /** The value, however large. */
  String text(ColumnReader column) {
    return String.valueOf(value(column));
  }

  static WholeColumn of(PrimitiveType type) {
    return switch (type.getPrimitiveTypeName()) {
      case INT32 -> INT32;
      case INT64 -> INT64;
      default -> BYTES;
    };
  }
}
