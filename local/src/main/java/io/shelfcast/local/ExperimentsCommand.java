package io.shelfcast.local;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.shelfcast.domain.ModelStatus;
import io.shelfcast.experiment.Experiment;
import io.shelfcast.experiment.Percentage;
import io.shelfcast.store.ExperimentShare;
import io.shelfcast.store.ExperimentStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The experiment on live traffic. */
@Command(
    name = "experiments",
    description = "Set, show and stop the experiment: which users get a candidate's scores.")
final class ExperimentsCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "write one of experiments set, show, stop");
  }

  @Command(
      name = "set",
      description =
          "Give candidates a share of the users, for example realtime-v3=5 general-v4=0.5. This is"
              + " the whole experiment: a candidate, or a segment, that is not named has no part in"
              + " it. As few users as possible get another version than before.")
  int set(
      @Parameters(
              paramLabel = "NAME=PERCENT",
              arity = "1..*",
              description = "A candidate and its share, 0 to 100 in steps of 0.1.")
          List<String> shares,
      @Option(
              names = "--segment",
              paramLabel = "NAME=VALUE,...",
              description =
                  "Only users whose requests have one of these values of the attribute, for example"
                      + " city=12,13; may be repeated, and all have to hold. Default: all users.")
          @Nullable List<String> segments,
      @Option(
              names = "--newSalt",
              description = "Deal all users anew, for an experiment that is to begin afresh.")
          boolean newSalt,
      @Mixin DatabaseArguments database)
      throws IOException {
    Map<String, Percentage> wanted = new TreeMap<>();
    for (String share : shares) {
      String[] pair = pair(share, "a candidate and its share, such as realtime-v3=5");
      ModelsCommand.checkName(spec, pair[0]);
      if (wanted.put(pair[0], Percentage.parse(pair[1])) != null) {
        throw badUsage("%s is given twice; write its share once".formatted(pair[0]));
      }
    }
    Map<String, Set<String>> among = new TreeMap<>();
    for (String segment : segments == null ? List.<String>of() : segments) {
      String[] pair = pair(segment, "an attribute and its values, such as --segment=city=12,13");
      Set<String> values = new TreeSet<>(Arrays.asList(pair[1].split(",", -1)));
      if (values.contains("")) {
        throw badUsage(
            "--segment=%s has an empty value; write for example --segment=city=12,13"
                .formatted(segment));
      }
      if (among.put(pair[0], values) != null) {
        throw badUsage(
            "--segment names %s twice; write --segment=%s=VALUE,VALUE".formatted(pair[0], pair[0]));
      }
    }
    try (ServingDatabase serving = ServingDatabase.openMigrated(database)) {
      ExperimentStore experiments = new ExperimentStore(serving.database());
      tellWho(experiments.set(wanted, among, newSalt));
      for (ExperimentShare share : experiments.shares()) {
        err().printf("%s gets %s %%%n", share.modelVersion(), share.served());
      }
      return 0;
    }
  }

  @Command(
      name = "show",
      description = "Print what percentage of the experiment's users each version gets, as CSV.")
  int show(@Mixin DatabaseArguments database) throws IOException {
    try (ServingDatabase serving = ServingDatabase.open(database)) {
      ExperimentStore experiments = new ExperimentStore(serving.database());
      CsvWriter csv = Csv.to(spec.commandLine().getOut());
      csv.writeRecord("model_version", "percent");
      for (ExperimentShare share : experiments.shares()) {
        csv.writeRecord(share.modelVersion(), share.served().toString());
        if (share.allocated().tenths() > 0 && share.status() != ModelStatus.CANDIDATE) {
          err()
              .printf(
                  "%s has %s %% for when it is a candidate; it is %s%n",
                  share.modelVersion(), share.allocated(), share.status().word());
        }
      }
      spec.commandLine().getOut().flush();
      experiments
          .find()
          .ifPresentOrElse(
              this::tellWho,
              () -> err().println("there is no experiment: all users get the live version"));
      return 0;
    }
  }

  @Command(name = "stop", description = "Give all users the live version.")
  int stop(@Mixin DatabaseArguments database) throws IOException {
    try (ServingDatabase serving = ServingDatabase.openMigrated(database)) {
      new ExperimentStore(serving.database()).stop();
      err().println("the experiment is stopped: all users get the live version");
      return 0;
    }
  }

  private void tellWho(Experiment experiment) {
    String who =
        experiment.segments().entrySet().stream()
            .map(
                segment ->
                    segment.getValue().stream()
                        .sorted()
                        .collect(Collectors.joining(" or ", segment.getKey() + " ", "")))
            .sorted()
            .collect(Collectors.joining(" and "));
    err().println(who.isEmpty() ? "of all users:" : "of users with " + who + ":");
  }

  private String[] pair(String text, String what) {
    int at = text.indexOf('=');
    if (at < 1 || at == text.length() - 1) {
      throw badUsage("'%s' is not NAME=VALUE; write %s".formatted(text, what));
    }
    return new String[] {text.substring(0, at), text.substring(at + 1)};
  }

  private ParameterException badUsage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
