package io.shelfcast.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where this process's Flink has its settings and its temporary files: a folder of its own under
 * the home, named after the process, so that what a killed one left is known for it and removed by
 * the next.
 */
final class FlinkFolder implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FlinkFolder.class);

  private final Path folder;
  private final Cleanup.Task onExit;

  private FlinkFolder(Path folder) {
    this.folder = folder;
    this.onExit = Cleanup.onExit(() -> delete(folder));
  }

  static FlinkFolder create(Path home) throws IOException {
    Path all = Files.createDirectories(home.resolve("flink"));
    try (Stream<Path> folders = Files.list(all)) {
      folders.filter(FlinkFolder::isAbandoned).forEach(FlinkFolder::delete);
    }
    Path folder =
        Files.createDirectories(all.resolve(String.valueOf(ProcessHandle.current().pid())));
    Files.write(
        folder.resolve("flink-conf.yaml"),
        List.of(
            "io.tmp.dirs: " + folder,
            // They are for Hadoop clusters, and ask for what Java 24 no longer has.
            "security.delegation.tokens.enabled: false"));
    return new FlinkFolder(folder);
  }

  Path path() {
    return folder;
  }

  @Override
  public void close() {
    onExit.close();
    delete(folder);
  }

  private static boolean isAbandoned(Path folder) {
    String pid = folder.getFileName().toString();
    return pid.matches("\\d{1,10}") && ProcessHandle.of(Long.parseLong(pid)).isEmpty();
  }

  private static void delete(Path folder) {
    try (Stream<Path> found = Files.walk(folder)) {
      for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException e) {
      // Flink is still at it, or somebody else was faster; the next process removes the rest.
      LOG.debug("not all of {} is removed", folder, e);
    }
  }
}
