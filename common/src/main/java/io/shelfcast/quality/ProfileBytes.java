package io.shelfcast.quality;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.datasketches.hll.Union;

/** Profiles as bytes: between workers, and in the run ledger for later runs to compare with. */
public final class ProfileBytes {

  private static final int FORMAT = 1;

  private ProfileBytes() {}

  /** A whole input's. */
  public static void write(BatchProfile profile, DataOutputStream out) throws IOException {
    out.writeInt(profile.models.size());
    for (Map.Entry<String, ModelProfile> model : profile.models.entrySet()) {
      out.writeUTF(model.getKey());
      write(model.getValue(), out);
    }
    out.writeInt(profile.examples.size());
    for (var reason : profile.examples.entrySet()) {
      out.writeUTF(reason.getKey());
      out.writeInt(reason.getValue().size());
      for (String example : reason.getValue()) {
        out.writeUTF(example);
      }
    }
  }

  /** A whole input's, as {@link #write} wrote it. */
  public static BatchProfile read(DataInputStream in) throws IOException {
    BatchProfile profile = new BatchProfile();
    for (int models = in.readInt(); models > 0; models--) {
      String name = in.readUTF();
      profile.models.put(name, readModel(in));
    }
    for (int reasons = in.readInt(); reasons > 0; reasons--) {
      String reason = in.readUTF();
      List<String> examples = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        examples.add(in.readUTF());
      }
      profile.examples.put(reason, examples);
    }
    return profile;
  }

  /** One model version's. */
  public static byte[] of(ModelProfile profile) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      write(profile, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * One model version's, as {@link #of} made it; nothing when another version of the program made
   * it, in a format of its own.
   */
  public static Optional<ModelProfile> parse(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      return in.readByte() == FORMAT ? Optional.of(readModel(in)) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(ModelProfile profile, DataOutputStream out) throws IOException {
    out.writeLong(profile.rows);
    out.writeLong(profile.zeros);
    out.writeLong(profile.ones);
    out.writeDouble(profile.sum);
    out.writeDouble(profile.min);
    out.writeDouble(profile.max);
    out.writeLong(profile.oldestMicros);
    out.writeLong(profile.newestMicros);
    out.writeDouble(profile.meanMicros);
    out.writeDouble(profile.squaredMicros);
    for (long count : profile.histogram) {
      out.writeLong(count);
    }
    out.writeInt(profile.rejected.size());
    for (Map.Entry<String, Long> reason : profile.rejected.entrySet()) {
      out.writeUTF(reason.getKey());
      out.writeLong(reason.getValue());
    }
    writeBytes(profile.stores.toBytes(), out);
    writeBytes(profile.items.toCompactByteArray(), out);
  }

  private static ModelProfile readModel(DataInputStream in) throws IOException {
    long rows = in.readLong();
    long zeros = in.readLong();
    long ones = in.readLong();
    double sum = in.readDouble();
    double min = in.readDouble();
    double max = in.readDouble();
    long oldest = in.readLong();
    long newest = in.readLong();
    double meanMicros = in.readDouble();
    double squaredMicros = in.readDouble();
    long[] histogram = new long[ModelProfile.BINS];
    for (int bin = 0; bin < histogram.length; bin++) {
      histogram[bin] = in.readLong();
    }
    Map<String, Long> rejected = new HashMap<>();
    for (int reasons = in.readInt(); reasons > 0; reasons--) {
      String reason = in.readUTF();
      rejected.put(reason, in.readLong());
    }
    ModelProfile profile =
        new ModelProfile(StoreRows.ofBytes(readBytes(in)), Union.heapify(readBytes(in)));
    profile.rows = rows;
    profile.zeros = zeros;
    profile.ones = ones;
    profile.sum = sum;
    profile.min = min;
    profile.max = max;
    profile.oldestMicros = oldest;
    profile.newestMicros = newest;
    profile.meanMicros = meanMicros;
    profile.squaredMicros = squaredMicros;
    System.arraycopy(histogram, 0, profile.histogram, 0, histogram.length);
    profile.rejected.putAll(rejected);
    return profile;
  }

  private static void writeBytes(byte[] bytes, DataOutputStream out) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] readBytes(DataInputStream in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return bytes;
  }
}
