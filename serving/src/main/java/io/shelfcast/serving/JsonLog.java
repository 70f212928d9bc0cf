package io.shelfcast.serving;

import io.shelfcast.quality.JsonText;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Log records as one JSON object per line, with the field names that log collectors of clouds look
 * for: {@code time}, {@code severity}, {@code logger}, {@code message} and, of an error, {@code
 * stack_trace}.
 */
public final class JsonLog extends Formatter {

  private static final Logger ROOT = Logger.getLogger("");

  // Held, because a logger that nobody holds forgets its level.
  private static final Logger OURS = Logger.getLogger("io.shelfcast");

  /** Logs that way, to standard error: ours from information on, the libraries' from warnings. */
  public static void toStandardError() {
    for (Handler handler : ROOT.getHandlers()) {
      ROOT.removeHandler(handler);
    }
    Handler handler = new ConsoleHandler();
    handler.setLevel(Level.ALL);
    handler.setFormatter(new JsonLog());
    ROOT.addHandler(handler);
    ROOT.setLevel(Level.WARNING);
    OURS.setLevel(Level.INFO);
  }

  @Override
  public String format(LogRecord record) {
    return JsonText.of(
            200,
            json -> {
              json.writeStartObject();
              json.writeStringField("time", record.getInstant().toString());
              json.writeStringField("severity", severity(record.getLevel()));
              json.writeStringField("logger", String.valueOf(record.getLoggerName()));
              json.writeStringField("message", formatMessage(record));
              if (record.getThrown() != null) {
                StringWriter trace = new StringWriter();
                record.getThrown().printStackTrace(new PrintWriter(trace));
                json.writeStringField("stack_trace", trace.toString());
              }
              json.writeEndObject();
            })
        + "\n";
  }

  private static String severity(Level level) {
    if (level.intValue() >= Level.SEVERE.intValue()) {
      return "ERROR";
    }
    if (level.intValue() >= Level.WARNING.intValue()) {
      return "WARNING";
    }
    return level.intValue() >= Level.INFO.intValue() ? "INFO" : "DEBUG";
  }
}
