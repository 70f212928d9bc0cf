package io.shelfcast.outcomes;

import io.shelfcast.domain.Micros;
import io.shelfcast.fullsync.InputException;
import io.shelfcast.fullsync.NamedTexts;
import io.shelfcast.quality.TimeText;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Outcomes from files. A row that cannot be read is counted, and the first of a file is told. */
final class OutcomeRows implements NamedTexts.Rows {

  private static final String ORDER_ID = "order_id";
  private static final List<String> COLUMNS =
      List.of("store_id", "product_id", "ordered_at", "found");

  private final Taker taker;
  private boolean hasOrderId;
  private long rejected;
  private @Nullable String firstRejected;

  /** Who takes the outcomes. */
  interface Taker {
    void take(long storeId, Outcome outcome);
  }

  OutcomeRows(Taker taker) {
    this.taker = taker;
  }

  /** How many rows could not be read. */
  long rejected() {
    return rejected;
  }

  /** What is wrong with the first of them; null: there is none. */
  @Nullable String firstRejected() {
    return firstRejected;
  }

  @Override
  public List<String> begin(String file, List<String> columns) {
    for (String column : COLUMNS) {
      if (Collections.frequency(columns, column) != 1) {
        throw new InputException(
            "%s has %s column '%s'; outcomes need %s, and order_id to tell a repeated one"
                .formatted(
                    file,
                    columns.contains(column) ? "more than one" : "no",
                    column,
                    String.join(", ", COLUMNS)));
      }
    }
    hasOrderId = columns.contains(ORDER_ID);
    List<String> wanted = new ArrayList<>(COLUMNS);
    if (hasOrderId) {
      wanted.add(ORDER_ID);
    }
    return wanted;
  }

  @Override
  public void row(String file, long row, List<@Nullable String> values) {
    try {
      taker.take(
          id("store_id", values.get(0)),
          new Outcome(
              hasOrderId ? values.get(4) : null,
              id("product_id", values.get(1)),
              time(values.get(2)),
              found(values.get(3))));
    } catch (UnreadableException e) {
      rejected++;
      if (firstRejected == null) {
        firstRejected = "row %d of %s: %s".formatted(row, file, e.getMessage());
      }
    }
  }

  private static long id(String column, @Nullable String text) {
    try {
      long id = text == null ? -1 : Long.parseLong(text);
      if (id >= 0) {
        return id;
      }
    } catch (NumberFormatException e) {
      // Told below, as a negative one is.
    }
    throw new UnreadableException(column, text, "a whole number from 0 on");
  }

  private static long time(@Nullable String text) {
    try {
      if (text != null) {
        return Micros.of(TimeText.parse(text));
      }
    } catch (DateTimeParseException e) {
      // Told below, as an empty one is.
    }
    throw new UnreadableException("ordered_at", text, "a time such as 2024-06-08T06:00:00Z");
  }

  private static boolean found(@Nullable String text) {
    return switch (text == null ? "" : text.toLowerCase(Locale.ROOT)) {
      case "true", "1", "t" -> true;
      case "false", "0", "f" -> false;
      default -> throw new UnreadableException("found", text, "true or false");
    };
  }

  /** One row only, so it does not end the run. */
  private static final class UnreadableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnreadableException(String column, @Nullable String text, String instead) {
      super(
          "%s is %s; write %s"
              .formatted(column, text == null ? "empty" : "'" + text + "'", instead));
    }
  }
}
