package io.shelfcast.local;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that name the serving database, for commands that are not pipelines. */
final class DatabaseArguments {

  @Option(
      names = "--jdbcUrl",
      paramLabel = "URL",
      description =
          "Serving database, jdbc:postgresql://HOST:PORT/DATABASE. Default: the embedded one.")
  private @Nullable String jdbcUrl;

  @Option(names = "--jdbcUser", paramLabel = "ROLE", description = "Role to log in as.")
  private @Nullable String jdbcUser;

  @Option(
      names = "--jdbcPassword",
      paramLabel = "REF",
      description =
          "Where the password is: env:NAME, file:PATH or projects/P/secrets/S/versions/V.")
  private @Nullable String jdbcPassword;

  @Nullable String jdbcUrl() {
    return jdbcUrl;
  }

  @Nullable String jdbcUser() {
    return jdbcUser;
  }

  @Nullable String jdbcPassword() {
    return jdbcPassword;
  }
}
