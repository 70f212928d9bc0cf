package io.shelfcast.snowflake.emulator;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What stands behind the question mark of a request's address. */
final class UrlQuery {

  private UrlQuery() {}

  static Map<String, String> parse(@Nullable String query) {
    return Arrays.stream((query == null ? "" : query).split("&", -1))
        .map(pair -> pair.split("=", 2))
        .filter(pair -> pair.length == 2)
        .collect(
            Collectors.toMap(
                pair -> pair[0],
                pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8),
                (first, second) -> second));
  }
}
