package io.shelfcast.local;

import io.shelfcast.serving.JsonLog;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Locale;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * What the libraries log: warnings as one line each on standard error, unless more is asked for.
 */
public final class Logs {

  private static final Logger ROOT = Logger.getLogger("");
  // Held, because a logger that nobody holds forgets its level.
  private static final Logger OURS = Logger.getLogger("io.shelfcast");
  private static final Logger SERVING = Logger.getLogger("io.shelfcast.serving");
  private static volatile boolean verbose;

  private Logs() {}

  /** Our warnings only. */
  public static void quiet() {
    for (Handler handler : ROOT.getHandlers()) {
      ROOT.removeHandler(handler);
    }
    Handler handler = new ConsoleHandler();
    handler.setLevel(Level.ALL);
    handler.setFormatter(new OneLine());
    ROOT.addHandler(handler);
    ROOT.setLevel(Level.OFF);
    OURS.setLevel(Level.WARNING);
  }

  /** All that is of interest to somebody who looks for a fault. */
  static void verbose() {
    verbose = true;
    ROOT.setLevel(Level.INFO);
    OURS.setLevel(Level.INFO);
  }

  /** One JSON object a line, with what we tell beside warnings: for log collectors. */
  static void json() {
    JsonLog.toStandardError();
    if (verbose) {
      verbose();
    }
  }

  /** Beside warnings, what is in force for reads, and each change of that. */
  static void ofServing() {
    SERVING.setLevel(Level.INFO);
  }

  static boolean isVerbose() {
    return verbose;
  }

  private static final class OneLine extends Formatter {
    @Override
    public String format(LogRecord record) {
      String line =
          "%s: %s%n"
              .formatted(
                  record.getLevel().getName().toLowerCase(Locale.ROOT), formatMessage(record));
      if (!verbose || record.getThrown() == null) {
        return line;
      }
      StringWriter trace = new StringWriter();
      record.getThrown().printStackTrace(new PrintWriter(trace));
      return line + trace;
    }
  }
}
