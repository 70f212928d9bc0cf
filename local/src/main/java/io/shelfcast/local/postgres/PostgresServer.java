package io.shelfcast.local.postgres;

import io.shelfcast.local.net.Loopback;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The PostgreSQL of a folder. Every method is to be called by one at a time, across processes.
 *
 * <p>It is started by {@code pg_ctl}, which puts it into a session of its own, so that a terminal's
 * Ctrl-C does not reach it, and its output into a file, so that no JVM has to live to read it.
 */
final class PostgresServer {
  /** Long enough to recover from a kill with all of max_wal_size to be read again. */
  private static final String DATA = "data";

  /** A file that is there once the data are. */
  private static final String VERSION = "PG_VERSION";

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final Duration POLL = Duration.ofMillis(20);
  private static final int START_ATTEMPTS = 3;

  /** Data that a user keeps, so nothing that trades durability for speed; sized for a laptop. */
  private static final List<String> SETTINGS =
      List.of(
          "listen_addresses=127.0.0.1",
          // None: their folders are shared with other servers, and their paths may be too long.
          "unix_socket_directories=",
          "fsync=on",
          "synchronous_commit=on",
          "full_page_writes=on",
          "shared_buffers=256MB",
          "max_wal_size=4GB",
          "max_connections=100",
          "timezone=UTC");

  private final Path folder;
  private final Path data;
  private final Path log;
  private final PostgresBinaries binaries;
  private final ServerDatabase database;

  /** Whether the folder has a server's data. */
  static boolean exists(Path folder) {
    return Files.exists(folder.resolve(DATA).resolve(VERSION));
  }

  PostgresServer(Path folder, ServerDatabase database) throws IOException {
    this.folder = folder;
    this.data = folder.resolve(DATA);
    this.log = folder.resolve("server.log");
    this.binaries = new PostgresBinaries(folder);
    this.database = database;
  }

  /** Where it listens, and whether it had to recover from not having been stopped. */
  record Endpoint(int port, boolean recovered) {}

  Endpoint joinOrStart() throws IOException {
    refuseOtherMajorVersion();
    boolean started = false;
    boolean recovered = false;
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      Optional<Postmaster> running = running();
      if (running.isPresent()) {
        if (running.get().ready() && answersAt(running.get().port())) {
          return new Endpoint(running.get().port(), recovered);
        }
        pause();
      } else if (started) {
        throw new LocalPostgresException("PostgreSQL stopped right after its start; " + lastLog());
      } else {
        recovered = start();
        started = true;
      }
    }
    throw new LocalPostgresException(
        "the PostgreSQL in "
            + folder
            + " runs but takes no connections; end process "
            + running().map(Postmaster::pid).orElse(0L)
            + " and try again; "
            + lastLog());
  }

  /** Stops it, if it runs, and waits until it has; open connections are cut. */
  void stop() throws IOException {
    Optional<Postmaster> running = running();
    // The programs of the running server: a command of another version may have started it.
    Optional<Path> control =
        running
            .flatMap(postmaster -> ProcessHandle.of(postmaster.pid()))
            .flatMap(process -> binaries.besides(process, "pg_ctl"));
    if (control.isPresent()) {
      PostgresBinaries.run(control(control.get(), "stop", "--mode=fast"));
    }
  }

  /** What the file says, if it is still true: a killed server's process id may be another's now. */
  private Optional<Postmaster> running() throws IOException {
    return Postmaster.read(data)
        .filter(it -> ProcessHandle.of(it.pid()).filter(binaries::runs).isPresent());
  }

  /** Returns whether the server before this one had not been stopped in an orderly way. */
  private boolean start() throws IOException {
    endLeftovers();
    Optional<Postmaster> killed = Postmaster.read(data);
    // No process of ours runs, so it is stale. PostgreSQL would take it for true if its process id
    // is in use again.
    Files.deleteIfExists(data.resolve(Postmaster.FILE));
    binaries.unpack();
    if (Files.notExists(data.resolve(VERSION))) {
      createData();
    }
    int port = killed.map(Postmaster::port).filter(Loopback::isFree).orElse(0);
    for (int attempt = 1; ; attempt++) {
      try {
        launch(port == 0 ? Loopback.freePort() : port);
        return killed.isPresent();
      } catch (LocalPostgresException e) {
        // Someone took the port between our look and PostgreSQL's.
        if (attempt == START_ATTEMPTS || !lastLog().contains("could not bind")) {
          throw new LocalPostgresException(
              "PostgreSQL does not start. " + e.getMessage() + "; " + lastLog(), e);
        }
        port = 0;
      }
    }
  }

  private void launch(int port) throws IOException {
    if (Files.exists(log)) {
      // Bounded, yet what a killed server said last is still there.
      Files.move(log, folder.resolve("server.log.1"), StandardCopyOption.REPLACE_EXISTING);
    }
    String options =
        SETTINGS.stream().map(it -> " -c " + it).collect(Collectors.joining("", "-p " + port, ""));
    PostgresBinaries.run(
        control(binaries.program("pg_ctl"), "start", "--log=" + log, "--options=" + options));
  }

  private List<String> control(Path control, String action, String... options) {
    List<String> command =
        new ArrayList<>(
            List.of(
                control.toString(),
                action,
                "--pgdata=" + data,
                "--wait",
                "--timeout=" + PATIENCE.toSeconds()));
    command.addAll(List.of(options));
    return command;
  }

  /**
   * Ends what a kill has left half way: a killed server's children, which hold its shared memory
   * while they finish their statements; the initdb or the server that a killed command was about to
   * start. None of them can still do anything of use.
   */
  private void endLeftovers() throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      List<ProcessHandle> leftovers = ProcessHandle.allProcesses().filter(binaries::runs).toList();
      if (leftovers.isEmpty()) {
        return;
      }
      if (System.nanoTime() > deadline) {
        throw new LocalPostgresException(
            "processes of a killed PostgreSQL do not end; end them and try again: "
                + leftovers.stream().map(ProcessHandle::pid).toList());
      }
      leftovers.forEach(ProcessHandle::destroyForcibly);
      pause();
    }
  }

  /** Made aside and moved into place, so that a kill never leaves half a data directory. */
  private void createData() throws IOException {
    Path fresh = folder.resolve("initdb");
    PostgresBinaries.deleteTree(fresh);
    PostgresBinaries.run(
        List.of(
            binaries.program("initdb").toString(),
            "--pgdata=" + fresh,
            "--username=" + database.user(),
            "--auth=trust",
            "--encoding=UTF8",
            // The same order and case rules on every machine, whatever its locale.
            "--no-locale",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8"));
    Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE);
  }

  private void refuseOtherMajorVersion() throws IOException {
    Path file = data.resolve(VERSION);
    if (Files.notExists(file)) {
      return;
    }
    String found = Files.readString(file, StandardCharsets.US_ASCII).strip();
    if (!found.equals(binaries.majorVersion())) {
      throw new LocalPostgresException(
          data
              + " was written by PostgreSQL "
              + found
              + ", which PostgreSQL "
              + binaries.majorVersion()
              + " cannot read: go on with the Shelfcast that wrote it, or move that folder away to"
              + " begin with an empty database");
    }
  }

  private boolean answersAt(int port) throws LocalPostgresException {
    try {
      return database.answersAt(port);
    } catch (SQLException e) {
      throw new LocalPostgresException(
          "the PostgreSQL in " + folder + " refuses us: " + e.getMessage() + "; see " + log, e);
    }
  }

  private String lastLog() throws IOException {
    if (Files.notExists(log)) {
      return "it has no log";
    }
    List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
    return "the end of "
        + log
        + ":\n"
        + String.join("\n", lines.subList(Math.max(0, lines.size() - 10), lines.size()));
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(POLL.toMillis());
    } catch (InterruptedException e) {
      throw PostgresBinaries.interrupted(e);
    }
  }
}
