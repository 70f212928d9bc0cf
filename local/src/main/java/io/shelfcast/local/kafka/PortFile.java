package io.shelfcast.local.kafka;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.OptionalInt;

/** A port, for other processes to read: the whole of it, or nothing. */
final class PortFile {
  private final Path file;

  PortFile(Path file) {
    this.file = file;
  }

  /** Empty if there is none, or nothing that could be one. */
  OptionalInt read() throws IOException {
    try {
      int port = Integer.parseInt(Files.readString(file, StandardCharsets.US_ASCII).strip());
      return port > 0 && port < 1 << 16 ? OptionalInt.of(port) : OptionalInt.empty();
    } catch (NoSuchFileException | NumberFormatException e) {
      return OptionalInt.empty();
    }
  }

  void write(int port) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(fresh, port + "\n", StandardCharsets.US_ASCII);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  void delete() throws IOException {
    Files.deleteIfExists(file);
  }
}
