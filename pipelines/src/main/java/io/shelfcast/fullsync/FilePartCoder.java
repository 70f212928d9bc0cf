package io.shelfcast.fullsync;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.util.VarInt;

/** Field by field. */
final class FilePartCoder extends AtomicCoder<FilePart> {
  private static final long serialVersionUID = 1L;

  private static final FilePartCoder INSTANCE = new FilePartCoder();

  private FilePartCoder() {}

  static FilePartCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(FilePart part, OutputStream out) throws IOException {
    StringUtf8Coder.of().encode(part.file(), out);
    VarInt.encode(part.sizeBytes(), out);
    VarInt.encode(part.partBytes(), out);
    StringUtf8Coder.of().encode(part.format().name(), out);
    VarInt.encode(part.index(), out);
    VarInt.encode(part.firstRow(), out);
  }

  @Override
  public FilePart decode(InputStream in) throws IOException {
    return new FilePart(
        StringUtf8Coder.of().decode(in),
        VarInt.decodeLong(in),
        VarInt.decodeLong(in),
        ScoreFormat.valueOf(StringUtf8Coder.of().decode(in)),
        VarInt.decodeInt(in),
        VarInt.decodeLong(in));
  }
}
