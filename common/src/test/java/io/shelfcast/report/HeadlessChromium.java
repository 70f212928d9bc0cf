package io.shelfcast.report;

import static org.junit.jupiter.api.Assumptions.abort;

import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * A browser of this machine, without a window. Every call starts one with an empty profile and
 * waits for its end, a second or two.
 */
public final class HeadlessChromium {

  /** The colours that the reader's system asks for. */
  public enum Theme {
    /** Dark on light. */
    LIGHT(1),
    /** Light on dark. */
    DARK(0);

    private final int setting;

    Theme(int setting) {
      this.setting = setting;
    }
  }

  private static final long LONGEST_SECONDS = 60;

  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome");

  private final Path binary;

  private HeadlessChromium(Path binary) {
    this.binary = binary;
  }

  /** The one that CHROME_BIN names, or the first on the path; without any the test is skipped. */
  public static HeadlessChromium orSkip() {
    String named = System.getenv("CHROME_BIN");
    Stream<Path> candidates =
        named != null && !named.isEmpty()
            ? Stream.of(Path.of(named))
            : Pattern.compile(File.pathSeparator)
                .splitAsStream(Objects.requireNonNullElse(System.getenv("PATH"), ""))
                .filter(folder -> !folder.isEmpty())
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)));
    Optional<Path> found = candidates.filter(Files::isExecutable).findFirst();
    return new HeadlessChromium(
        found.orElseGet(
            () ->
                abort(
                    "no browser to look at the report with: install chromium, or set CHROME_BIN")));
  }

  /** The page after its scripts have run, as HTML. */
  public String dom(Path page, int width) throws IOException, InterruptedException {
    return run(page, List.of("--dump-dom", size(width, 900)));
  }

  /** What the page looks like. */
  public BufferedImage screenshot(Path page, int width, int height, Theme theme)
      throws IOException, InterruptedException {
    Path file = Files.createTempFile("screenshot", ".png");
    try {
      run(
          page,
          List.of(
              "--screenshot=" + file,
              "--hide-scrollbars",
              "--force-device-scale-factor=1",
              "--blink-settings=preferredColorScheme=" + theme.setting,
              size(width, height)));
      return ImageIO.read(file.toFile());
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static String size(int width, int height) {
    return "--window-size=%d,%d".formatted(width, height);
  }

  private String run(Path page, List<String> options) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("chromium");
    try {
      List<String> command = new ArrayList<>();
      command.add(binary.toString());
      // What follows keeps it from asking for the network, which a test machine may not have.
      command.addAll(
          List.of(
              "--headless",
              "--no-sandbox",
              "--disable-gpu",
              "--disable-quic",
              "--disable-dev-shm-usage",
              "--no-first-run",
              "--disable-background-networking",
              "--disable-component-update",
              "--disable-sync",
              "--user-data-dir=" + folder.resolve("profile")));
      command.addAll(options);
      command.add(page.toUri().toString());
      Path output = folder.resolve("output");
      Path errors = folder.resolve("errors");
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(output.toFile())
              .redirectError(errors.toFile())
              .start();
      if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
        throw new AssertionError(
            "%s did not end in %d s: %s"
                .formatted(binary, LONGEST_SECONDS, Files.readString(errors)));
      }
      if (process.exitValue() != 0) {
        throw new AssertionError(
            "%s ended with %d: %s"
                .formatted(binary, process.exitValue(), Files.readString(errors)));
      }
      return Files.readString(output, StandardCharsets.UTF_8);
    } finally {
      delete(folder);
    }
  }

  /** As far as it can be: a process that it leaves behind may still write to its profile. */
  private static void delete(Path folder) {
    try (Stream<Path> walk = Files.walk(folder)) {
      walk.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException | UncheckedIOException e) {
      folder.toFile().deleteOnExit();
    }
  }
}
