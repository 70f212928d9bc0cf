package io.shelfcast.local;

import io.shelfcast.local.generate.GenerateCommand;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * {@code ./shelfcast COMMAND --option=value}. Results go to standard output, all else to standard
 * error. Exit codes: 0 done, 1 failed, 2 bad usage, 3 refused by the quality gate, or by the limit
 * on what a policy may change.
 */
@Command(
    name = "shelfcast",
    description = "Stock scores, from the model to the serving database, in bulk.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Without --jdbcUrl a command uses the PostgreSQL that it keeps in .shelfcast/"
          + " (SHELFCAST_HOME moves it).",
      "./shelfcast COMMAND --help tells a command's options."
    })
public final class Main implements Callable<Integer> {

  static final int FAILED = 1;
  static final int BAD_USAGE = 2;

  /** By the quality gate, or by the limit on what a policy may change. */
  static final int REFUSED = 3;

  @Spec private CommandSpec spec = CommandSpec.create();

  private Main() {}

  public static void main(String[] args) {
    System.exit(run(args));
  }

  static int run(String... args) {
    Logs.quiet();
    return commandLine().execute(args);
  }

  /** All commands, as they run in whatever process. */
  static CommandLine commandLine() {
    return commandLine(Confirmation.onTerminal());
  }

  /**
   * All commands.
   *
   * @param confirmation asked before what has to be confirmed
   */
  static CommandLine commandLine(Confirmation confirmation) {
    CommandLine commands =
        new CommandLine(new Main())
            .addSubcommand(new DemoCommand())
            .addSubcommand(PipelineCommand.fullSync())
            .addSubcommand(PipelineCommand.replay())
            .addSubcommand(OutcomeCommand.tune())
            .addSubcommand(RefreshCommand.commandLine())
            .addSubcommand(ServeCommand.commandLine())
            .addSubcommand(new GenerateCommand())
            .addSubcommand(new KafkaCommand())
            .addSubcommand(new ModelServerCommand())
            .addSubcommand(new SnowflakeEmulatorCommand())
            .addSubcommand(new RequestCommand())
            .addSubcommand(new ModelsCommand())
            .addSubcommand(OutcomeCommand.compare())
            .addSubcommand(new ExperimentsCommand())
            .addSubcommand(PolicyCommand.commandLine(confirmation))
            .addSubcommand(new SegmentsCommand())
            .addSubcommand(new RunsCommand())
            .addSubcommand(new ExpireCommand())
            .addSubcommand(new SqlCommand())
            .addSubcommand(new DeadLettersCommand())
            .addSubcommand(new CleanupCommand());
    addHelp(commands);
    commands.setParameterExceptionHandler((e, given) -> badUsage(e));
    commands.setExecutionExceptionHandler((e, command, given) -> failed(e, command));
    return commands;
  }

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "no command given; write one");
  }

  /** The same two options on each command, without a mixin in each. */
  private static void addHelp(CommandLine command) {
    command
        .getCommandSpec()
        .addOption(
            CommandLine.Model.OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help.")
                .build());
    command
        .getCommandSpec()
        .addOption(
            CommandLine.Model.OptionSpec.builder("--verbose")
                .type(boolean.class)
                .description("Log what happens, and show stack traces.")
                .setter(
                    new CommandLine.Model.ISetter() {
                      @Override
                      @SuppressWarnings("TypeParameterUnusedInFormals")
                      public <T> T set(T value) {
                        if (Boolean.TRUE.equals(value)) {
                          Logs.verbose();
                        }
                        return value;
                      }
                    })
                .build());
    command.getSubcommands().values().forEach(Main::addHelp);
  }

  private static @Nullable String meant(UnmatchedArgumentException e) {
    return NearestOption.of(e.getUnmatched().get(0), e.getCommandLine().getCommandSpec())
        .orElseGet(() -> e.getSuggestions().stream().findFirst().orElse(null));
  }

  /** One line that says what to write instead. */
  private static int badUsage(ParameterException e) {
    CommandLine command = e.getCommandLine();
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip();
    StringBuilder line =
        new StringBuilder(command.getCommandSpec().qualifiedName()).append(": ").append(message);
    @Nullable String meant =
        e instanceof UnmatchedArgumentException unmatched ? meant(unmatched) : null;
    if (meant != null) {
      line.append("; did you mean ").append(meant).append('?');
    } else {
      line.append(" (see ").append(command.getCommandSpec().qualifiedName()).append(" --help)");
    }
    command.getErr().println(line);
    return BAD_USAGE;
  }

  private static int failed(Exception e, CommandLine command) {
    if (e instanceof IllegalArgumentException) {
      return badUsage(new ParameterException(command, String.valueOf(e.getMessage()), e));
    }
    tell(command, e);
    return FAILED;
  }

  /** What went wrong, in one line; all of it when the user asked for that. */
  static void tell(CommandLine command, Throwable failure) {
    command
        .getErr()
        .println(
            command.getCommandSpec().qualifiedName()
                + ": "
                + io.shelfcast.run.FailureMessage.of(failure));
    if (Logs.isVerbose()) {
      failure.printStackTrace(command.getErr());
    }
  }
}
