package io.shelfcast.fullsync;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Impulse;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/**
 * Finds the files that the globs match, each once, opens every one of them, and gives out their
 * parts. Nothing comes out before all files have been found to be readable and to have the columns:
 * a bad file ends the run before a row is written.
 *
 * <p>All in one step, some files at a time: only one worker can know that all are well, and the
 * steps of a {@code FileIO.match} that makes the others wait for it take an engine longer to start
 * than this takes for hundreds of files.
 */
final class FindFiles extends PTransform<PBegin, PCollection<FilePart>> {
  private static final long serialVersionUID = 1L;

  private static final int FILES_AT_ONCE = 16;

  private final List<String> globs;
  private final ScoreFiles files;
  private final int shards;

  private FindFiles(List<String> globs, ScoreFiles files, int shards) {
    this.globs = globs;
    this.files = files;
    this.shards = shards;
  }

  /**
   * The parts of files.
   *
   * @param shards how many parts may be worked on at once; 0: as the runner has it
   */
  static FindFiles matching(List<String> globs, ScoreFiles files, int shards) {
    return new FindFiles(globs, files, shards);
  }

  @Override
  public PCollection<FilePart> expand(PBegin input) {
    return input
        .apply("Start", Impulse.create())
        .apply("Check files", ParDo.of(new CheckFiles(globs, files)))
        .setCoder(FilePartCoder.of())
        // One file may have most of the parts; this spreads them over the workers.
        .apply("Spread parts", spread(shards));
  }

  static Reshuffle.ViaRandomKey<FilePart> spread(int shards) {
    return shards == 0
        ? Reshuffle.viaRandomKey()
        : Reshuffle.<FilePart>viaRandomKey().withNumBuckets(shards);
  }

  /** The parts of all files that the globs match, each of which is opened. */
  static List<FilePart> parts(List<String> globs, ScoreFiles files)
      throws IOException, InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(FILES_AT_ONCE);
    try {
      List<Future<List<FilePart>>> checks = new ArrayList<>();
      for (MatchResult.Metadata file : ScoreFiles.find(globs)) {
        checks.add(threads.submit(() -> files.parts(file)));
      }
      List<FilePart> parts = new ArrayList<>();
      for (Future<List<FilePart>> check : checks) {
        parts.addAll(check.get());
      }
      return parts;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException unreadable) {
        throw unreadable;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private static final class CheckFiles extends DoFn<byte[], FilePart> {
    private static final long serialVersionUID = 1L;

    private final List<String> globs;
    private final ScoreFiles files;

    CheckFiles(List<String> globs, ScoreFiles files) {
      this.globs = List.copyOf(globs);
      this.files = files;
    }

    @ProcessElement
    public void check(OutputReceiver<FilePart> out) throws IOException, InterruptedException {
      parts(globs, files).forEach(out::output);
    }
  }
}
