package io.shelfcast.local;

import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * What the libraries log: warnings as one line each on standard error, unless more is asked for.
 */
final class Logs {

  private static final Logger ROOT = Logger.getLogger("");
  private static volatile boolean verbose;

  private Logs() {}

  /** Warnings only. */
  static void quiet() {
    for (Handler handler : ROOT.getHandlers()) {
      ROOT.removeHandler(handler);
    }
    Handler handler = new ConsoleHandler();
    handler.setLevel(Level.ALL);
    handler.setFormatter(new OneLine());
    ROOT.addHandler(handler);
    ROOT.setLevel(Level.WARNING);
  }

  /** All that is of interest to somebody who looks for a fault. */
  static void verbose() {
    verbose = true;
    ROOT.setLevel(Level.INFO);
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
                  record.getLevel().getName().toLowerCase(java.util.Locale.ROOT),
                  formatMessage(record));
      if (!verbose || record.getThrown() == null) {
        return line;
      }
      java.io.StringWriter trace = new java.io.StringWriter();
      record.getThrown().printStackTrace(new java.io.PrintWriter(trace));
      return line + trace;
    }
  }
}
