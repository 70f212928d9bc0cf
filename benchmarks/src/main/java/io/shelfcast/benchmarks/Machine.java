package io.shelfcast.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** The machine that it was measured on. */
final class Machine {

  private Machine() {}

  /** Its cores and memory, in a few words. */
  static String describe() {
    String model = System.getProperty("os.arch");
    try {
      model =
          Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
              .filter(line -> line.startsWith("model name"))
              .map(line -> line.replaceFirst(".*: ", ""))
              .findFirst()
              .orElse(model);
    } catch (IOException e) {
      // Not Linux: the architecture has to do.
      model += " (" + System.getProperty("os.name") + ")";
    }
    long memory =
        ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getTotalMemorySize();
    return "%d cores of %s, %d GB of memory"
        .formatted(Runtime.getRuntime().availableProcessors(), model, Math.round(memory / 1e9));
  }
}
