package io.shelfcast.replay;

import io.shelfcast.domain.InputKind;
import io.shelfcast.domain.ScoreBatch;
import io.shelfcast.store.Database;
import io.shelfcast.store.DatabaseConfig;
import io.shelfcast.store.DeadLetter;
import io.shelfcast.store.DeadLetters;
import io.shelfcast.transforms.RawRows;
import io.shelfcast.transforms.RawRowsCoder;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Impulse;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;

/** Gives out the dead letters that are open when it starts, a page at a time. */
final class ReadOpenDeadLetters extends PTransform<PBegin, PCollection<RawRows>> {
  private static final long serialVersionUID = 1L;

  /** The source that rows of dead letters name; the rows' positions are the letters' ids. */
  static final String SOURCE = "dead_letter";

  private static final int PAGE = 1000;

  private final DatabaseConfig database;
  private final @Nullable String reason;

  private ReadOpenDeadLetters(DatabaseConfig database, @Nullable String reason) {
    this.database = database;
    this.reason = reason;
  }

  static ReadOpenDeadLetters from(DatabaseConfig database, @Nullable String reason) {
    return new ReadOpenDeadLetters(database, reason);
  }

  @Override
  public PCollection<RawRows> expand(PBegin input) {
    return input
        .apply("Start", Impulse.create())
        .apply("Read pages", ParDo.of(new ReadPages(database, reason)))
        .setCoder(RawRowsCoder.of())
        // Replaying closes the letters, so a page cannot be read twice: it is kept before it is
        // used.
        .apply("Keep pages", Reshuffle.viaRandomKey());
  }

  private static final class ReadPages extends DoFn<byte[], RawRows> {
    private static final long serialVersionUID = 1L;

    private final DatabaseConfig database;
    private final @Nullable String reason;

    ReadPages(DatabaseConfig database, @Nullable String reason) {
      this.database = database;
      this.reason = reason;
    }

    @ProcessElement
    public void read(OutputReceiver<RawRows> out) {
      DeadLetters letters = new DeadLetters(Database.shared(database));
      long upTo = letters.greatestId();
      List<DeadLetter> page = letters.open(InputKind.SCORE_ROW, 0, upTo, reason, PAGE);
      while (!page.isEmpty()) {
        out.output(rows(page));
        page =
            letters.open(InputKind.SCORE_ROW, page.get(page.size() - 1).id(), upTo, reason, PAGE);
      }
    }

    private static RawRows rows(List<DeadLetter> page) {
      String ids =
          page.stream().map(letter -> String.valueOf(letter.id())).collect(Collectors.joining(","));
      return new RawRows(
          SOURCE,
          // Named after all that is in it: another page that starts alike is another page.
          ScoreBatch.idOf(SOURCE, ids, "").toString(),
          page.stream().map(letter -> new RawRows.RawRow(letter.id(), letter.payload())).toList());
    }
  }
}
