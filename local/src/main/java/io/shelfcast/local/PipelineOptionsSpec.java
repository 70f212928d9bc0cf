package io.shelfcast.local;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.options.Validation;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * Describes a pipeline's options to the command line, from the options interface itself, so that
 * help and the hint at a mistyped option cannot drift from what the pipeline takes. Beam's own
 * options (--runner and the like) are taken as well, and left out of the help.
 */
final class PipelineOptionsSpec {

  private PipelineOptionsSpec() {}

  static CommandSpec of(
      Object command, String name, String description, Class<? extends PipelineOptions> options) {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(command).name(name);
    spec.usageMessage()
        .description(description)
        .footer("", "Beam's own options, such as --runner, are taken as well.");
    Set<String> known = new TreeSet<>();
    Arrays.stream(options.getMethods())
        .filter(method -> method.isAnnotationPresent(Description.class) && isOurs(method))
        .sorted(Comparator.comparing(Method::getName))
        .forEach(
            getter -> {
              known.add(property(getter));
              spec.addOption(described(getter));
            });
    for (Class<? extends PipelineOptions> registered :
        PipelineOptionsFactory.getRegisteredOptions()) {
      for (Method method : registered.getMethods()) {
        if (isGetter(method) && known.add(property(method))) {
          spec.addOption(hidden(method));
        }
      }
    }
    return spec;
  }

  /**
   * What the user wrote, as Beam wants it. Options that are required are asked for here and not by
   * the parser, which would tell of a missing --input where the user mistyped it.
   *
   * @param embedded options that may be left out here, where there is an embedded part for them
   * @throws ParameterException when a required one is not there
   */
  static List<String> arguments(
      CommandSpec spec, Class<? extends PipelineOptions> options, String... embedded) {
    List<String> arguments = new ArrayList<>();
    spec.commandLine().getParseResult().matchedOptions().stream()
        .filter(option -> option.userObject() == PipelineOptionsSpec.class)
        .forEach(
            option -> {
              for (String value : option.<String[]>getValue()) {
                String argument = option.longestName() + '=' + value;
                checkValue(spec, options, option, argument, value);
                arguments.add(argument);
              }
            });
    for (Method getter : options.getMethods()) {
      String option = "--" + property(getter);
      if (isOurs(getter)
          && getter.isAnnotationPresent(Validation.Required.class)
          && !List.of(embedded).contains(option)
          && !isGiven(arguments, option + '=')) {
        throw new ParameterException(spec.commandLine(), option + " is missing");
      }
    }
    return arguments;
  }

  /** Whether the arguments say something of an option, as {@code --name=}. */
  static boolean isGiven(List<String> arguments, String option) {
    return arguments.stream().anyMatch(argument -> argument.startsWith(option));
  }

  /** Beam says of a wrong value neither which option it is of nor what would be right. */
  private static void checkValue(
      CommandSpec spec,
      Class<? extends PipelineOptions> options,
      OptionSpec option,
      String argument,
      String value) {
    try {
      PipelineOptionsFactory.fromArgs(argument).as(options);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(),
          option.hidden()
              ? "%s is '%s', which Beam does not take: %s"
                  .formatted(option.longestName(), value, e.getMessage())
              : "%s is '%s'; write %s"
                  .formatted(option.longestName(), value, expected(option.paramLabel())),
          e);
    }
  }

  private static String expected(String label) {
    return switch (label) {
      case "DURATION" -> "a duration such as PT5M";
      case "TIME" -> "a time such as 2024-06-08T06:00:00Z";
      case "N" -> "a whole number";
      default -> label;
    };
  }

  private static OptionSpec described(Method getter) {
    StringBuilder text = new StringBuilder(getter.getAnnotation(Description.class).value());
    String standard = defaultOf(getter);
    if (standard != null) {
      text.append(" Default: ").append(standard).append('.');
    }
    return option(getter)
        .paramLabel(label(getter.getReturnType()))
        .description(text.toString().replace("%", "%%"))
        .build();
  }

  private static OptionSpec hidden(Method getter) {
    return option(getter).hidden(true).build();
  }

  private static OptionSpec.Builder option(Method getter) {
    boolean flag =
        getter.getReturnType() == boolean.class || getter.getReturnType() == Boolean.class;
    return OptionSpec.builder("--" + property(getter))
        .type(String[].class)
        .userObject(PipelineOptionsSpec.class)
        .arity(flag ? "0..1" : "1")
        .fallbackValue("true");
  }

  private static @Nullable String defaultOf(Method getter) {
    for (Annotation annotation : getter.getAnnotations()) {
      if (annotation instanceof Default.String text) {
        return text.value();
      }
      if (annotation instanceof Default.Integer number) {
        return String.valueOf(number.value());
      }
      if (annotation instanceof Default.Enum constant) {
        return constant.value();
      }
      if (annotation instanceof Default.InstanceFactory factory) {
        try {
          return String.valueOf(
              factory
                  .value()
                  .getDeclaredConstructor()
                  .newInstance()
                  .create(PipelineOptionsFactory.create()));
        } catch (ReflectiveOperationException e) {
          throw new IllegalStateException("no default for " + getter, e);
        }
      }
    }
    return null;
  }

  private static String label(Class<?> type) {
    if (type.isEnum()) {
      return String.join("|", Arrays.stream(type.getEnumConstants()).map(String::valueOf).toList());
    }
    return switch (type.getSimpleName()) {
      case "int", "long" -> "N";
      case "Duration" -> "DURATION";
      case "Instant" -> "TIME";
      default -> "TEXT";
    };
  }

  private static boolean isOurs(Method getter) {
    return getter.getDeclaringClass().getName().startsWith("io.shelfcast.");
  }

  private static boolean isGetter(Method method) {
    return method.getParameterCount() == 0
        && (method.getName().startsWith("get") || method.getName().startsWith("is"))
        && !method.getName().equals("getClass");
  }

  private static String property(Method getter) {
    String name = getter.getName().replaceFirst("^(get|is)", "");
    return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
  }
}
