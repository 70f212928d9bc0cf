package io.shelfcast.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.attribute.PosixFilePermissions.fromString;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@code ./shelfcast} in a repository of stand-ins: its Java and its Maven are scripts. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LauncherTest {
  /** What the launcher may use of the machine: neither a Java nor a Maven is among it. */
  private static final String TOOLS =
      "awk bash cat cp dirname env find flock grep head mkdir mv perl readlink rm sed sleep tail touch";

  private static final String JAVA =
      """
      case "$*" in
        -version) echo 'openjdk version "17.0.15" 2025-04-15' >&2 ;;
        -XshowSettings*) echo "    java.home = @JDK@" >&2 ;;
        *)
          while [ "$1" != io.shelfcast.local.Main ]; do shift; done
          shift
          printf '%s\\n' "pwd=$PWD" "$@"
          [ -z "${PROGRAM_ECHOES:-}" ] || cat
          exit "${PROGRAM_EXIT_CODE:-0}"
          ;;
      esac
      """;

  private static final String MAVEN =
      """
      cat >/dev/null
      echo "$*" >>builds
      [ ! -f breaks ] || { cat breaks; exit 1; }
      sleep 0.2
      mkdir -p local/target common/target
      touch local/target/shelfcast-local.jar common/target/common.jar
      printf '%s' "$PWD/common/target/common.jar" >local/target/dependencies.classpath
      """;

  @TempDir private Path directory;
  private Path repository;
  private Path bin;
  private Path workingDirectory;

  private record Outcome(int exitCode, List<String> out, List<String> err) {}

  @BeforeEach
  void makeARepositoryOfStandIns() throws IOException {
    repository = Files.createDirectories(directory.resolve("a repository"));
    bin = Files.createDirectories(directory.resolve("jdk/bin"));
    workingDirectory = Files.createDirectories(directory.resolve("elsewhere"));
    Files.copy(
        Path.of("..", "shelfcast"),
        repository.resolve("shelfcast"),
        StandardCopyOption.COPY_ATTRIBUTES);
    write(repository.resolve("pom.xml"), "");
    write(repository.resolve("common/src/main/java/A.java"), "");
    for (String tool : TOOLS.split(" ", -1)) {
      for (String place : System.getenv("PATH").split(File.pathSeparator, -1)) {
        Path found = Path.of(place, tool);
        if (Files.isExecutable(found) && !Files.exists(bin.resolve(tool))) {
          script(tool, "exec '" + found + "' \"$@\"");
        }
      }
    }
    script("java", JAVA);
    script("javac", "");
    script("mvn", MAVEN);
  }

  @Test
  void noJavaSaysWhatToInstall() throws Exception {
    Files.delete(bin.resolve("java"));

    assertFailsWithOneLine(
        "shelfcast: Java 17 or newer is needed and 'java' was not found: install a JDK 17, "
            + "e.g. apt-get install openjdk-17-jdk, and set JAVA_HOME or PATH");
  }

  @Test
  void javaHomeWithoutAJavaSaysSo() throws Exception {
    Outcome outcome = finish(start(List.of("JAVA_HOME=/nowhere"), "models"));

    assertThat(outcome.exitCode(), is(1));
    assertThat(outcome.err(), contains(containsString("JAVA_HOME=/nowhere has no bin/java")));
  }

  @Test
  void tooOldAJavaSaysWhatToInstall() throws Exception {
    script("java", "echo 'openjdk version \"11.0.27\" 2025-04-15' >&2");
    assertFailsWithOneLine("is Java 11: install a JDK 17");

    script("java", "echo 'java version \"1.8.0_451\"' >&2");
    assertFailsWithOneLine("is Java 8: install a JDK 17");
  }

  @Test
  void aJavaWithoutACompilerWhenABuildIsNeededSaysWhatToInstall() throws Exception {
    Files.delete(bin.resolve("javac"));

    assertFailsWithOneLine("is a Java without a compiler: install a JDK 17");
  }

  @Test
  void noMavenWhenABuildIsNeededSaysWhatToInstall() throws Exception {
    Files.delete(bin.resolve("mvn"));

    assertFailsWithOneLine("a build is needed and 'mvn' was not found: install Maven");
  }

  @Test
  void nothingButAJavaIsNeededOnceItIsBuilt() throws Exception {
    run("models");
    Files.delete(bin.resolve("mvn"));
    Files.delete(bin.resolve("javac"));

    assertThat(run("models"), is(new Outcome(0, program("models"), List.of())));
  }

  @Test
  void aFailedBuildSaysWhatFailed() throws Exception {
    write(
        repository.resolve("breaks"),
        """
        [INFO] Building
        [ERROR] A.java:[1,2] cannot find symbol
        [ERROR] A.java:[1,2] cannot find symbol
        [ERROR]
        [ERROR] Re-run Maven using the -X switch to enable full debug logging.
        """);

    Outcome failed = run("models");

    assertThat(failed.exitCode(), is(1));
    assertThat(failed.out(), is(empty()));
    assertThat(
        failed.err(),
        contains(
            startsWith("shelfcast: building (first time"),
            is("shelfcast: the build failed:"),
            is("[ERROR] A.java:[1,2] cannot find symbol"),
            allOf(startsWith("shelfcast: the whole log is in"), containsString("build.log"))));

    Files.delete(repository.resolve("breaks"));
    assertThat(run("models").exitCode(), is(0));
  }

  @Test
  void buildsOnceAndThenNotAgainUntilASourceChanges() throws Exception {
    assertThat(run("models").err(), contains("shelfcast: building (first time, about 2 minutes)…"));
    assertThat(run("models").err(), is(empty()));

    Path source = repository.resolve("common/src/main/java/A.java");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now()));
    assertThat(run("models").err(), contains("shelfcast: building (a source has changed)…"));
    assertThat(run("models").err(), is(empty()));

    Files.delete(source);
    assertThat(run("models").err(), contains("shelfcast: building (a source has changed)…"));
    assertThat(builds(), is(3));
  }

  @Test
  void anEditDuringABuildIsBuiltNextTime() throws Exception {
    script("mvn", MAVEN + "echo edited >>common/src/main/java/A.java\n");
    run("models");
    run("models");

    assertThat(builds(), is(2));
  }

  @Test
  void aCopyOfABuiltRepositoryIsBuiltForItself() throws Exception {
    run("models");
    Path copy = directory.resolve("copy");
    new ProcessBuilder("cp", "-a", repository.toString(), copy.toString()).start().waitFor();
    repository = copy;
    run("models");

    assertThat(builds(), is(2));
  }

  @Test
  void aRunningCommandHoldsUpNoBuild() throws Exception {
    Process running = start(List.of("PROGRAM_ECHOES=yes"), "serve");
    assertThat(running.inputReader(UTF_8).readLine(), startsWith("pwd="));
    write(repository.resolve("common/src/main/java/B.java"), "");

    assertThat(run("models").exitCode(), is(0));
    assertThat(builds(), is(2));
    assertThat(finish(running).out(), contains("serve"));
  }

  @Test
  void aBuildLeavesStandardInputToTheProgram() throws Exception {
    Process process = start(List.of("PROGRAM_ECHOES=yes"), "sql");
    process.outputWriter(UTF_8).append("SELECT 1").flush();

    assertThat(finish(process).out(), hasItem("SELECT 1"));
  }

  @Test
  void twoCommandsStartedAtOnceBuildOnce() throws Exception {
    Process first = start(List.of(), "models");
    Process second = start(List.of(), "models");

    assertThat(finish(first).exitCode(), is(0));
    assertThat(finish(second).exitCode(), is(0));
    assertThat(builds(), is(1));
  }

  @Test
  void twoCommandsStartedAtOnceBuildOnceWithoutFlock() throws Exception {
    Files.deleteIfExists(bin.resolve("flock"));

    twoCommandsStartedAtOnceBuildOnce();
  }

  @Test
  void argumentsWithSpacesAndQuotesPassUnchanged() throws Exception {
    String[] arguments = {"sql", "SELECT 'a  b', \"c\"", "--input=x/*.csv", "$HOME", "", "ü\\n"};

    assertThat(run(arguments).out(), is(program(arguments)));
  }

  @Test
  void exitCodeIsTheProgramsOwn() throws Exception {
    assertThat(finish(start(List.of("PROGRAM_EXIT_CODE=3"), "full-sync")).exitCode(), is(3));
  }

  @Test
  void javaOptionsReachTheJvm() throws Exception {
    script("java", JAVA.replace("*)\n", "*)\n    printf '%s\\n' \"$@\" >&2\n"));

    Outcome outcome = finish(start(List.of("SHELFCAST_JAVA_OPTS=-Xmx1g  -Dx=y"), "models", "list"));

    assertThat(outcome.err(), hasItem("-Xmx1g"));
    assertThat(outcome.err(), hasItem("-Dx=y"));
    assertThat(outcome.out(), is(program("models", "list")));
  }

  @Test
  void findsItsRepositoryThroughSymbolicLinks() throws Exception {
    Path launcher = repository.resolve("shelfcast");
    Files.move(launcher, repository.resolve("the-script"));
    Files.createSymbolicLink(launcher, Path.of("link"));
    Files.createSymbolicLink(
        repository.resolve("link"), workingDirectory.resolve("../a repository/the-script"));

    assertThat(run("models").out(), is(program("models")));
  }

  private void assertFailsWithOneLine(String expected) throws Exception {
    Outcome outcome = run("models");

    assertThat(outcome.exitCode(), is(1));
    assertThat(outcome.out(), is(empty()));
    assertThat(outcome.err(), contains(containsString(expected)));
    assertThat(outcome.err(), contains(startsWith("shelfcast: ")));
  }

  private Outcome run(String... arguments) throws Exception {
    return finish(start(List.of(), arguments));
  }

  /** Each launch is from a directory of its own, which the program must find itself in. */
  private Process start(List<String> variables, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(repository.resolve("shelfcast").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder process = new ProcessBuilder(command).directory(workingDirectory.toFile());
    process.environment().clear();
    process.environment().put("PATH", bin.toString());
    process.environment().put("LC_ALL", "C.UTF-8");
    for (String variable : variables) {
      String[] nameAndValue = variable.split("=", 2);
      process.environment().put(nameAndValue[0], nameAndValue[1]);
    }
    return process.start();
  }

  /** What it writes is a few lines, so that neither pipe fills up while nobody reads it. */
  private static Outcome finish(Process process) throws Exception {
    process.getOutputStream().close();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      fail("the launcher hangs");
    }
    return new Outcome(
        process.exitValue(),
        process.inputReader(UTF_8).lines().toList(),
        process.errorReader(UTF_8).lines().toList());
  }

  private List<String> program(String... arguments) throws IOException {
    List<String> lines = new ArrayList<>(List.of("pwd=" + workingDirectory.toRealPath()));
    lines.addAll(List.of(arguments));
    return lines;
  }

  private int builds() throws IOException {
    return Files.readAllLines(repository.resolve("builds")).size();
  }

  private void script(String name, String body) throws IOException {
    Path file = bin.resolve(name);
    write(file, "#!/bin/sh\n" + body.replace("@JDK@", bin.getParent().toString()));
    Files.setPosixFilePermissions(file, fromString("rwxr-xr-x"));
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
