package io.shelfcast.store;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** The real scores that lie beside the project, where they do. */
public final class SharedData {

  private SharedData() {}

  /** The folder of score files; a test that asks for it is skipped, saying so, where it is not. */
  public static Path scores() {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null) {
      Path scores = folder.resolve("shared/data/freshretail/scores");
      if (Files.isDirectory(scores)) {
        return scores;
      }
      folder = folder.getParent();
    }
    assumeTrue(false, "skipped: the real data, shared/data/freshretail, is not beside the project");
    throw new AssertionError();
  }
}
