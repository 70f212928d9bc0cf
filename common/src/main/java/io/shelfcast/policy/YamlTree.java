package io.shelfcast.policy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A YAML document as a tree of texts, each with the line that it stands on. Read from the parser's
 * events and not with its constructors: what a text means is the reader's business (a category may
 * be called 12, or no), and an alias, or a list in a list in a list, ends it before it costs
 * anything.
 */
final class YamlTree {

  /** A policy has rules, of which each has a segment, of which each attribute has values. */
  private static final int MAX_DEPTH = 20;

  private final Iterator<Event> events;

  private YamlTree(Iterator<Event> events) {
    this.events = events;
  }

  /** A node. */
  sealed interface Value permits Text, Items, Fields {
    /** The line that it begins on, from 1. */
    int line();

    /** What it is, for messages. */
    String title();
  }

  /**
   * A scalar.
   *
   * @param isPlain whether it stands without quotes
   */
  record Text(String text, boolean isPlain, int line) implements Value {
    boolean isNull() {
      return isPlain && (text.isEmpty() || text.equals("null") || text.equals("~"));
    }

    @Override
    public String title() {
      return isNull() ? "empty" : "'%.40s'".formatted(text);
    }
  }

  /** A sequence. */
  record Items(List<Value> values, int line) implements Value {
    @Override
    public String title() {
      return "a list";
    }
  }

  /** A mapping. */
  record Fields(Map<String, Value> values, int line) implements Value {
    @Override
    public String title() {
      return "a mapping";
    }
  }

  /**
   * The one document of a text; null, if there is none.
   *
   * @param maxCharacters of the text
   * @throws InvalidPolicyException when it is no YAML, or takes what a policy needs not
   */
  static @Nullable Value of(String text, int maxCharacters) {
    if (text.length() > maxCharacters) {
      throw tooLong(maxCharacters);
    }
    LoadSettings settings = LoadSettings.builder().setCodePointLimit(maxCharacters).build();
    try {
      return new YamlTree(new Parse(settings).parseString(text).iterator()).document();
    } catch (MarkedYamlEngineException e) {
      String where = e.getProblemMark().map(mark -> "line %d: ".formatted(line(mark))).orElse("");
      throw new InvalidPolicyException(where + "this is no YAML: " + e.getProblem(), e);
    } catch (YamlEngineException e) {
      String said = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new InvalidPolicyException("this is no YAML: " + said, e);
    }
  }

  private @Nullable Value document() {
    Value found = null;
    while (events.hasNext()) {
      Event event = events.next();
      switch (event.getEventId()) {
        case StreamStart, DocumentStart, DocumentEnd, StreamEnd, Comment -> {}
        default -> {
          if (found != null) {
            throw at(line(event), "a second document begins; write all rules into one");
          }
          found = value(event, 1);
        }
      }
    }
    return found instanceof Text text && text.isNull() ? null : found;
  }

  private Value value(Event event, int depth) {
    int line = line(event);
    if (depth > MAX_DEPTH) {
      throw at(line, "there is too much inside each other; a policy needs a few levels only");
    }
    if (event instanceof ScalarEvent scalar) {
      return new Text(scalar.getValue(), scalar.getScalarStyle() == ScalarStyle.PLAIN, line);
    }
    if (event instanceof AliasEvent alias) {
      throw at(
          line, "the alias *%s is not taken; write out what it means".formatted(alias.getAlias()));
    }
    return event.getEventId() == Event.ID.SequenceStart ? items(line, depth) : fields(line, depth);
  }

  private Items items(int line, int depth) {
    List<Value> values = new ArrayList<>();
    for (Event next = events.next();
        next.getEventId() != Event.ID.SequenceEnd;
        next = events.next()) {
      values.add(value(next, depth + 1));
    }
    return new Items(values, line);
  }

  private Fields fields(int line, int depth) {
    Map<String, Value> values = new LinkedHashMap<>();
    for (Event next = events.next();
        next.getEventId() != Event.ID.MappingEnd;
        next = events.next()) {
      Value key = value(next, depth + 1);
      if (!(key instanceof Text name)) {
        throw at(key.line(), "a key is %s; write a word".formatted(key.title()));
      }
      if (values.put(name.text(), value(events.next(), depth + 1)) != null) {
        throw at(name.line(), "'%s' stands here twice; write it once".formatted(name.text()));
      }
    }
    return new Fields(values, line);
  }

  private static int line(Event event) {
    return event.getStartMark().map(YamlTree::line).orElse(0);
  }

  private static int line(Mark mark) {
    return mark.getLine() + 1;
  }

  static InvalidPolicyException tooLong(int maxCharacters) {
    return new InvalidPolicyException(
        "the policy has more than %,d characters; write fewer rules, or fewer values"
            .formatted(maxCharacters));
  }

  static InvalidPolicyException at(int line, String message) {
    return new InvalidPolicyException("line %d: %s".formatted(line, message));
  }
}
