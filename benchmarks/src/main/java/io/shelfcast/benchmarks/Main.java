package io.shelfcast.benchmarks;

import io.shelfcast.local.Logs;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./shelfcast bench BENCHMARK --option=value}. */
@Command(
    name = "shelfcast bench",
    description = "Measure this machine, side by side with other ways of doing the same.",
    synopsisSubcommandLabel = "BENCHMARK",
    subcommands = {
      WriteBenchmark.class,
      RefreshBenchmark.class,
      GateBenchmark.class,
      ReadBenchmark.class
    })
public final class Main implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  private Main() {}

  public static void main(String[] args) {
    Logs.quiet();
    System.exit(new CommandLine(new Main()).execute(args));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "no benchmark given; write one of write, refresh, gate, read");
  }
}
