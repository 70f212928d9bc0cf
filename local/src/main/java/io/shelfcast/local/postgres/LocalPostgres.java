package io.shelfcast.local.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;

/**
 * One command's use of the embedded PostgreSQL of a home folder, which keeps its data between
 * commands and is shared by all that run at the same time.
 *
 * <ul>
 *   <li>The first to need the server starts it, the last to leave stops it, whichever those are;
 *       the server is nobody's child and hears nobody's Ctrl-C.
 *   <li>What was committed stays, whatever is killed: {@code fsync} and {@code synchronous_commit}
 *       are on. A killed command is counted as gone at once. A server that it leaves behind is
 *       joined by the next command, which then stops it if it is the last.
 *   <li>A killed server is started again by the next {@link #open}, on the same port if that is
 *       still free, so that commands that were using it can go on by connecting anew.
 * </ul>
 *
 * <p>Safe for use by several threads, and several times in one JVM. One machine: containers that do
 * not see each other's processes must not share a home.
 */
public final class LocalPostgres implements AutoCloseable {
  private static final String FOLDER = "postgres";
  private static final String USER = "postgres";
  private static final String DATABASE = "shelfcast";
  private static final Pattern FORBIDDEN = Pattern.compile("[\"$`\\\\\\p{Cntrl}]");

  private final Users users;
  private final PostgresServer server;
  private final PostgresServer.Endpoint endpoint;
  private final AtomicBoolean closed = new AtomicBoolean();

  private LocalPostgres(Users users, PostgresServer server, PostgresServer.Endpoint endpoint) {
    this.users = users;
    this.server = server;
    this.endpoint = endpoint;
  }

  /**
   * Joins the PostgreSQL under {@code home}, or starts it, and makes the database {@code shelfcast}
   * if there is none. Waits for one that is starting, recovering or stopping.
   *
   * @throws LocalPostgresException if it cannot be had; the message says what to do
   */
  public static LocalPostgres open(Path home) throws IOException {
    Path folder = createFolder(home);
    Users users = Users.of(folder);
    PostgresServer server = new PostgresServer(folder, new ServerDatabase(USER, DATABASE));
    return users.alone(
        () -> {
          users.join();
          try {
            return new LocalPostgres(users, server, server.joinOrStart());
          } catch (IOException | RuntimeException e) {
            try {
              leave(users, server);
            } catch (IOException suppressed) {
              e.addSuppressed(suppressed);
            }
            throw e;
          }
        });
  }

  /** Whether there is one under {@code home}, running or not. */
  public static boolean exists(Path home) {
    return PostgresServer.exists(home.resolve(FOLDER));
  }

  /** The database's address, without user or password. */
  public String jdbcUrl() {
    return ServerDatabase.jdbcUrl(endpoint.port(), DATABASE);
  }

  /** The user to connect as; there is no password. */
  public String user() {
    return USER;
  }

  /** Whether this call started the server after it had not been stopped in an orderly way. */
  public boolean recovered() {
    return endpoint.recovered();
  }

  /**
   * Leaves. The last to leave also stops the server and waits until it has stopped. Calling it
   * again does nothing; it may be called from a shutdown hook.
   *
   * @throws UncheckedIOException if the server could not be stopped; it is then joined, or
   *     recovered, by the next command
   */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    // An interrupted thread cannot wait for a lock, but must not leave a server running either.
    boolean interrupted = Thread.interrupted();
    try {
      users.alone(
          () -> {
            leave(users, server);
            return this;
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void leave(Users users, PostgresServer server) throws IOException {
    if (users.leave()) {
      server.stop();
    }
  }

  private static Path createFolder(Path home) throws LocalPostgresException {
    try {
      // The real path, so that two names of one home are one home.
      Path folder = Files.createDirectories(home.resolve(FOLDER)).toRealPath();
      if (!Files.isWritable(folder)) {
        throw new AccessDeniedException(folder.toString());
      }
      if (FORBIDDEN.matcher(folder.toString()).find()) {
        // pg_ctl starts the server through a shell, with the path between double quotes.
        throw new IOException("its path has a character that a shell would take for its own");
      }
      return folder;
    } catch (IOException e) {
      throw new LocalPostgresException(
          "cannot keep a database in "
              + home.toAbsolutePath()
              + " ("
              + e
              + "): set SHELFCAST_HOME to another folder that you may write to, or give --jdbcUrl",
          e);
    }
  }
}
