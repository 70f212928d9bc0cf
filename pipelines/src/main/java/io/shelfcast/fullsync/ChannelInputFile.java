package io.shelfcast.fullsync;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/** A file of any of Beam's file systems as parquet-java wants to see it. */
record ChannelInputFile(String file, long sizeBytes) implements InputFile {

  @Override
  public long getLength() {
    return sizeBytes;
  }

  @Override
  public SeekableInputStream newStream() throws IOException {
    ReadableByteChannel channel = FileSystems.open(FileSystems.matchNewResource(file, false));
    if (channel instanceof SeekableByteChannel seekable) {
      return new ChannelStream(seekable);
    }
    channel.close();
    throw new IOException("its file system cannot read from the middle of a file");
  }

  private static final class ChannelStream extends DelegatingSeekableInputStream {
    private final SeekableByteChannel channel;

    ChannelStream(SeekableByteChannel channel) {
      super(Channels.newInputStream(channel));
      this.channel = channel;
    }

    @Override
    public long getPos() throws IOException {
      return channel.position();
    }

    @Override
    public void seek(long position) throws IOException {
      channel.position(position);
    }

    // Straight into the buffer; the inherited ones go through a byte array.
    @Override
    public int read(ByteBuffer buffer) throws IOException {
      return channel.read(buffer);
    }
  }
}
