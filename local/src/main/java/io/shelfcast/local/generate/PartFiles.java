package io.shelfcast.local.generate;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The directory that a set is written to. It holds one set at a time: {@code part-00000.parquet}
 * and so on, which the next set replaces as a whole, so that no file of an earlier and larger set
 * stays among those of a smaller one.
 *
 * <p>Files get their final names only when all of them are complete, so a run that is killed before
 * leaves the earlier set as it was. Other files are left alone, but a directory with Parquet files
 * of other names is refused: whoever reads {@code *.parquet} would read both.
 */
final class PartFiles {
  private static final Pattern PART = Pattern.compile("part-\\d{5,}\\.parquet");
  private static final Pattern UNFINISHED = Pattern.compile("part-\\d{5,}\\.parquet\\.tmp");

  private final Path directory;
  private final int count;
  private final String nameFormat;

  PartFiles(Path directory, int count) {
    this.directory = directory;
    this.count = count;
    this.nameFormat = "part-%0" + Math.max(5, String.valueOf(count - 1).length()) + "d.parquet";
  }

  /**
   * Makes the directory, if need be, and clears it of what a killed run left.
   *
   * @throws IllegalArgumentException if scores cannot be written there without harm
   */
  void prepare() throws IOException {
    if (Files.exists(directory) && !Files.isDirectory(directory)) {
      throw new IllegalArgumentException(
          "--output=" + directory + " is a file: write the name of a directory");
    }
    Files.createDirectories(directory);
    List<Path> foreign = list(name -> name.endsWith(".parquet") && !PART.matcher(name).matches());
    if (!foreign.isEmpty()) {
      throw new IllegalArgumentException(
          "--output="
              + directory
              + " holds Parquet files that generate did not make ("
              + foreign.get(0).getFileName()
              + "): write the name of a new directory");
    }
    discard();
  }

  Path unfinished(int part) {
    return directory.resolve(name(part) + ".tmp");
  }

  /** Replaces the earlier set by the one that was written. */
  void publish() throws IOException {
    List<Path> earlier = list(name -> PART.matcher(name).matches());
    List<Path> made = new ArrayList<>();
    for (int part = 0; part < count; part++) {
      made.add(Files.move(unfinished(part), directory.resolve(name(part)), ATOMIC_MOVE));
    }
    earlier.removeAll(made);
    for (Path stale : earlier) {
      Files.delete(stale);
    }
  }

  void discard() throws IOException {
    for (Path unfinished : list(name -> UNFINISHED.matcher(name).matches())) {
      Files.delete(unfinished);
    }
  }

  private String name(int part) {
    return String.format(nameFormat, part);
  }

  private List<Path> list(Predicate<String> named) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return new ArrayList<>(
          files.filter(file -> named.test(file.getFileName().toString())).sorted().toList());
    }
  }
}
