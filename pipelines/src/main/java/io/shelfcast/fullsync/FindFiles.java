package io.shelfcast.fullsync;

import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.io.FileIO;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Distinct;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.Wait;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Finds the files that the globs match, each once, opens every one of them, and gives out their
 * parts. Nothing comes out before all files have been found to be readable and to have the columns:
 * a bad file ends the run before a row is written.
 */
final class FindFiles extends PTransform<PBegin, PCollection<FilePart>> {
  private static final long serialVersionUID = 1L;

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
    PCollection<FilePart> parts =
        input
            .apply("Globs", Create.of(globs))
            .apply("Match", FileIO.matchAll().withEmptyMatchTreatment(EmptyMatchTreatment.DISALLOW))
            .apply(
                "Each file once",
                Distinct.<MatchResult.Metadata, String>withRepresentativeValueFn(
                        file -> file.resourceId().toString())
                    .withRepresentativeType(TypeDescriptors.strings()))
            .apply("Check files", ParDo.of(new CheckFile(files)))
            .setCoder(FilePartCoder.of());
    return parts
        .apply("Wait for all checks", Wait.on(parts))
        .setCoder(FilePartCoder.of())
        // One file may have most of the parts; this spreads them over the workers.
        .apply(
            "Spread parts",
            shards == 0
                ? Reshuffle.viaRandomKey()
                : Reshuffle.<FilePart>viaRandomKey().withNumBuckets(shards));
  }

  private static final class CheckFile extends DoFn<MatchResult.Metadata, FilePart> {
    private static final long serialVersionUID = 1L;

    private final ScoreFiles files;

    CheckFile(ScoreFiles files) {
      this.files = files;
    }

    @ProcessElement
    public void check(@Element MatchResult.Metadata file, OutputReceiver<FilePart> out)
        throws IOException {
      files.parts(file).forEach(out::output);
    }
  }
}
