package io.shelfcast.transforms;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntToLongFunction;

/** Columns of numbers as bytes. */
final class ColumnBytes {

  /** Of a number in base 128. */
  private static final int LONGEST = 10;

  private ColumnBytes() {}

  /** Gathers columns of the same number of rows. */
  static final class Writer {
    private final int rows;
    private byte[] bytes;
    private int end;

    Writer(int rows) {
      this.rows = rows;
      this.bytes = new byte[16 * rows + LONGEST];
    }

    /** As differences. Overflow is no harm: it wraps back when the difference is added again. */
    void longs(IntToLongFunction column) {
      long before = 0;
      for (int row = 0; row < rows; row++) {
        if (bytes.length - end < LONGEST) {
          bytes = Arrays.copyOf(bytes, bytes.length + bytes.length / 2);
        }
        long value = column.applyAsLong(row);
        long difference = value - before;
        before = value;
        long zigzag = (difference << 1) ^ (difference >> 63);
        while ((zigzag & ~0x7fL) != 0) {
          bytes[end++] = (byte) (zigzag | 0x80);
          zigzag >>>= 7;
        }
        bytes[end++] = (byte) zigzag;
      }
    }

    void doubles(IntToDoubleFunction column) {
      int length = Math.multiplyExact(rows, Double.BYTES);
      if (bytes.length - end < length) {
        bytes = Arrays.copyOf(bytes, end + length + rows);
      }
      ByteBuffer numbers = ByteBuffer.wrap(bytes, end, length);
      for (int row = 0; row < rows; row++) {
        numbers.putDouble(column.applyAsDouble(row));
      }
      end += length;
    }

    void writeTo(DataOutputStream out) throws IOException {
      out.writeInt(end);
      out.write(bytes, 0, end);
    }
  }

  /** Gives the columns back, in the order in which they were written. */
  static final class Reader {
    private final int rows;
    private final byte[] bytes;
    private int at;

    Reader(int rows, DataInputStream in) throws IOException {
      this.rows = rows;
      this.bytes = new byte[in.readInt()];
      in.readFully(bytes);
    }

    long[] longs() throws IOException {
      long[] values = new long[rows];
      long before = 0;
      for (int row = 0; row < rows; row++) {
        long zigzag = 0;
        int shift = 0;
        byte part;
        do {
          if (at == bytes.length) {
            throw new EOFException("a column ends too early");
          }
          part = bytes[at++];
          zigzag |= (part & 0x7fL) << shift;
          shift += 7;
        } while (part < 0);
        before += (zigzag >>> 1) ^ -(zigzag & 1);
        values[row] = before;
      }
      return values;
    }

    double[] doubles() {
      double[] values = new double[rows];
      ByteBuffer.wrap(bytes, at, rows * Double.BYTES).asDoubleBuffer().get(values);
      at += rows * Double.BYTES;
      return values;
    }
  }
}
