package io.shelfcast.local.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What PostgreSQL's {@code postmaster.pid} says about the server of a data directory: what it wrote
 * last, which need not be true any more.
 *
 * @param pid the process, 0 if the file does not say
 * @param port where it listens, 0 if the file does not say yet
 * @param ready whether it takes connections: neither starting, recovering nor stopping
 */
record Postmaster(long pid, int port, boolean ready) {
  static final String FILE = "postmaster.pid";

  // PostgreSQL's src/include/utils/pidfile.h fixes which line holds what.
  private static final int PID_LINE = 0;
  private static final int PORT_LINE = 3;
  private static final int STATUS_LINE = 7;

  static Optional<Postmaster> read(Path dataDirectory) throws IOException {
    try {
      Path file = dataDirectory.resolve(FILE);
      return Optional.of(parse(Files.readAllLines(file, StandardCharsets.ISO_8859_1)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** The server may be writing the file right now, or have been killed while it did. */
  static Postmaster parse(List<String> lines) {
    return new Postmaster(
        number(lines, PID_LINE),
        (int) number(lines, PORT_LINE),
        lines.size() > STATUS_LINE && lines.get(STATUS_LINE).strip().equals("ready"));
  }

  private static long number(List<String> lines, int line) {
    if (lines.size() <= line || !lines.get(line).strip().matches("[0-9]{1,9}")) {
      return 0;
    }
    return Long.parseLong(lines.get(line).strip());
  }
}
