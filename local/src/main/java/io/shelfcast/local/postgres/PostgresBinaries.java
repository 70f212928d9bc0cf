package io.shelfcast.local.postgres;

import com.sun.security.auth.module.UnixSystem;
import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's programs, unpacked once into the home that uses them.
 *
 * <p>They are kept there rather than in the system's temporary folder for two reasons. Cleaners of
 * temporary folders delete single files that were not read for some days. And an executable that
 * lies in this home runs for this home only, so the system can tell us which processes are ours,
 * where a process id in a file cannot: see {@link #runs}.
 *
 * <p>Of zonky only the archives and the choice among them are used. Its {@code EmbeddedPostgres}
 * stops the server when the JVM that started it ends, and gives up for good on archives that a
 * killed JVM has half unpacked.
 */
final class PostgresBinaries {
  private static final int OWNER_MAY_EXECUTE = 0100;
  private static final String ROOT_HINT =
      ". PostgreSQL does not run as root, and here root cannot put off its rights: run as another"
          + " user, or give --jdbcUrl";

  private final Path root;
  private final String version;
  private final Path current;

  PostgresBinaries(Path folder) throws IOException {
    root = folder.resolve("binaries");
    version = bundledVersion();
    // A home may be carried from one kind of machine to another.
    String machine = System.getProperty("os.name") + "-" + System.getProperty("os.arch");
    current = root.resolve((version + "-" + machine).toLowerCase(Locale.ROOT).replace(' ', '-'));
  }

  String majorVersion() {
    return version.substring(0, version.indexOf('.'));
  }

  /** Whether this process is alive and runs one of this home's programs, of any version. */
  boolean runs(ProcessHandle process) {
    // Empty for a zombie, and for another user's process: neither can be our server.
    return process.info().command().map(command -> Path.of(command).startsWith(root)).orElse(false);
  }

  /** The program beside the one that this process runs. */
  Optional<Path> besides(ProcessHandle process, String program) {
    return process.info().command().map(command -> Path.of(command).resolveSibling(program));
  }

  Path program(String name) {
    return current.resolve("bin").resolve(name);
  }

  /** Unpacks the programs if need be. To be called when none of this home's programs runs. */
  void unpack() throws IOException {
    if (Files.exists(current)) {
      return;
    }
    deleteTree(root); // Older versions, and what a killed JVM has half unpacked.
    Path unpacking = Files.createDirectories(root.resolve("unpacking"));
    try (InputStream archive = archive();
        TarArchiveInputStream tar =
            new TarArchiveInputStream(
                new XZCompressorInputStream(new BufferedInputStream(archive)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        unpack(entry, tar, unpacking.resolve(entry.getName()));
      }
    }
    Files.move(unpacking, current, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Runs a program to its end and returns what it printed. */
  static String run(List<String> command) throws IOException {
    List<String> whole = new ArrayList<>();
    if (isRoot()) {
      // PostgreSQL refuses to run as root. In a user namespace of its own it is not root, while the
      // files it writes still belong to who started it.
      whole.addAll(List.of("unshare", "-U"));
    }
    whole.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(whole).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    builder.environment().put("LC_ALL", "C");
    Process process = start(builder);
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new LocalPostgresException(failure(command, process.exitValue(), output.strip()));
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    return output;
  }

  static InterruptedIOException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    InterruptedIOException interrupted =
        new InterruptedIOException("interrupted while waiting for PostgreSQL");
    interrupted.initCause(cause);
    return interrupted;
  }

  static void deleteTree(Path tree) throws IOException {
    if (Files.notExists(tree)) {
      return;
    }
    try (Stream<Path> parentsFirst = Files.walk(tree)) {
      List<Path> paths = new ArrayList<>(parentsFirst.toList());
      for (int i = paths.size() - 1; i >= 0; i--) {
        Files.deleteIfExists(paths.get(i));
      }
    }
  }

  private static void unpack(TarArchiveEntry entry, InputStream content, Path target)
      throws IOException {
    if (entry.isDirectory()) {
      Files.createDirectories(target);
      return;
    }
    Files.createDirectories(target.resolve("..").normalize());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
      return;
    }
    Files.copy(content, target);
    if ((entry.getMode() & OWNER_MAY_EXECUTE) != 0 && !target.toFile().setExecutable(true)) {
      throw new IOException("cannot make " + target + " executable");
    }
  }

  private static InputStream archive() throws IOException {
    String system = System.getProperty("os.name");
    String arch = System.getProperty("os.arch");
    if (system.startsWith("Windows")) { // Never tried there: processes and locks differ.
      throw missing(system, arch, null);
    }
    try {
      return DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(
          system.startsWith("Mac") ? "Darwin" : system, arch.equals("amd64") ? "x86_64" : arch);
    } catch (IllegalStateException e) {
      throw missing(system, arch, e);
    }
  }

  private static LocalPostgresException missing(
      String system, String arch, @Nullable Throwable cause) {
    return new LocalPostgresException(
        "there is no embedded PostgreSQL for " + system + " " + arch + ": give --jdbcUrl", cause);
  }

  private static Process start(ProcessBuilder builder) throws LocalPostgresException {
    try {
      return builder.start();
    } catch (IOException e) {
      throw new LocalPostgresException(e.getMessage() + (isRoot() ? ROOT_HINT : ""), e);
    }
  }

  private static String failure(List<String> command, int exit, String output) {
    String hint = isRoot() && output.startsWith("unshare:") ? ROOT_HINT : "";
    return String.join(" ", command) + " failed with exit code " + exit + ": " + output + hint;
  }

  private static boolean isRoot() {
    return new UnixSystem().getUid() == 0;
  }

  private static String bundledVersion() throws IOException {
    try (InputStream in = PostgresBinaries.class.getResourceAsStream("binaries.properties")) {
      if (in == null) {
        throw new IllegalStateException("binaries.properties is not on the class path");
      }
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    }
  }
}
