package io.shelfcast.local;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.shelfcast.store.DeadLetter;
import io.shelfcast.store.DeadLetterState;
import io.shelfcast.store.DeadLetters;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The rows that could not be applied. */
@Command(
    name = "dead-letters",
    description = "List, show and discard rows that could not be applied; replay applies them.")
final class DeadLettersCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "write one of dead-letters list, show, discard");
  }

  @Command(name = "list", description = "Print dead letters as CSV, the oldest first.")
  int list(
      @Option(
              names = "--state",
              defaultValue = "open",
              description = "open (default), replayed or discarded.")
          String state,
      @Option(names = "--reason", description = "Only those with this reason.")
          @Nullable String reason,
      @Option(names = "--limit", defaultValue = "100", description = "At most so many (100).")
          int limit,
      @Mixin DatabaseArguments database)
      throws IOException {
    DeadLetterState wanted = state(state);
    if (limit < 1) {
      throw new ParameterException(
          spec.commandLine(), "--limit is %d; write 1 or more".formatted(limit));
    }
    try (ServingDatabase serving = ServingDatabase.open(database)) {
      PrintWriter out = spec.commandLine().getOut();
      CsvWriter csv = Csv.to(out);
      csv.writeRecord(
          "id", "reason", "detail", "source", "position", "attempts", "first_seen", "last_seen");
      for (DeadLetter letter : new DeadLetters(serving.database()).list(wanted, reason, limit)) {
        csv.writeRecord(
            String.valueOf(letter.id()),
            letter.reason(),
            letter.detail(),
            letter.source(),
            String.valueOf(letter.position()),
            String.valueOf(letter.attempts()),
            letter.firstSeen().toString(),
            letter.lastSeen().toString());
      }
      out.flush();
      return 0;
    }
  }

  @Command(name = "show", description = "Print one dead letter, with the row as it was read.")
  int show(@Parameters(paramLabel = "ID") long id, @Mixin DatabaseArguments database)
      throws IOException {
    try (ServingDatabase serving = ServingDatabase.open(database)) {
      DeadLetter letter =
          new DeadLetters(serving.database())
              .find(id)
              .orElseThrow(() -> new IllegalStateException("there is no dead letter " + id));
      PrintWriter out = spec.commandLine().getOut();
      out.println("id:         " + letter.id());
      out.println("state:      " + letter.state().word());
      out.println("reason:     " + letter.reason());
      out.println("detail:     " + letter.detail());
      out.println("source:     " + letter.source() + ", position " + letter.position());
      out.println("run:        " + letter.runId());
      out.println("attempts:   " + letter.attempts());
      out.println("first seen: " + letter.firstSeen());
      out.println("last seen:  " + letter.lastSeen());
      out.println("payload:    " + letter.payload());
      out.flush();
      return 0;
    }
  }

  @Command(name = "discard", description = "Give up open dead letters, by id or by reason.")
  int discard(
      @Parameters(paramLabel = "ID", arity = "0..*") @Nullable List<Long> ids,
      @Option(names = "--reason", description = "All open ones with this reason.")
          @Nullable String reason,
      @Mixin DatabaseArguments database)
      throws IOException {
    List<Long> wanted = ids == null ? List.of() : ids;
    if (wanted.isEmpty() == (reason == null)) {
      throw new ParameterException(
          spec.commandLine(), "name either ids or --reason=REASON, of the dead letters to discard");
    }
    try (ServingDatabase serving = ServingDatabase.open(database)) {
      int discarded = new DeadLetters(serving.database()).discard(wanted, reason);
      spec.commandLine().getErr().println(discarded + " dead letters discarded");
      return 0;
    }
  }

  private DeadLetterState state(String word) {
    try {
      return DeadLetterState.valueOf(word.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(),
          "--state is '%s'; write open, replayed or discarded".formatted(word),
          e);
    }
  }
}
