package io.shelfcast.report;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a browser has really drawn of a report: the plots with their lines measured, and what is
 * wrong with them. Measured by a script in a copy of the page, which itself has none.
 *
 * @param plots in their order
 * @param problems each in a sentence; none if every plot shows something, all within its bounds
 */
public record DrawnPage(List<Plot> plots, List<String> problems) {

  /**
   * A plot that is to be seen.
   *
   * @param label as it is read aloud
   * @param lines in their order
   * @param dots how many of them, and of marks
   */
  public record Plot(String label, List<Line> lines, int dots) {}

  /**
   * A line of a plot.
   *
   * @param name of the series
   * @param colour as CSS has it, such as {@code rgb(1, 2, 3)}
   * @param length in units of the drawing
   */
  public record Line(String name, String colour, double length) {}

  private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'";

  // Fields are encoded, so that what stands between them, tabs and line feeds, is not in them.
  private static final String PROBE =
      """
      <script>
      const told = [];
      const tell = (...fields) => told.push(fields.map(encodeURIComponent).join('\\t'));
      const inside = (inner, outer) => inner.left >= outer.left - 1 && inner.right <= outer.right + 1
          && inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1;
      for (const plot of document.querySelectorAll('svg.plot')) {
        const label = plot.getAttribute('aria-label');
        const box = plot.getBoundingClientRect();
        const frame = plot.querySelector('.grid').getBoundingClientRect();
        const dots = [...plot.querySelectorAll('.dot, .mark')]
            .filter(dot => dot.getBoundingClientRect().width > 1);
        tell('plot', label, dots.length);
        let shown = dots.length;
        for (const line of plot.querySelectorAll('.line')) {
          const length = line.getTotalLength();
          const style = getComputedStyle(line);
          const name = line.querySelector('title').textContent;
          const seen = length > 0 && style.stroke !== 'none' && style.visibility === 'visible';
          tell('line', name, style.stroke, length);
          shown += seen ? 1 : 0;
          if (!seen) tell('problem', `the line ${name} of plot ${label} is not drawn`);
          if (!inside(line.getBoundingClientRect(), frame))
            tell('problem', `the line ${name} of plot ${label} leaves its frame`);
        }
        if (box.width < 100 || box.height < 60) tell('problem', `plot ${label} is not to be seen`);
        if (shown === 0 && !plot.querySelector('.nothing'))
          tell('problem', `plot ${label} is empty`);
        for (const text of plot.querySelectorAll('text')) {
          const at = text.getBoundingClientRect();
          if (text.textContent && (at.width === 0 || !inside(at, box)))
            tell('problem', `text ${text.textContent} of plot ${label} is cut off`);
        }
      }
      const root = document.documentElement;
      if (root.scrollWidth > root.clientWidth)
        tell('problem', `the page is ${root.scrollWidth} wide in a window of ${root.clientWidth}`);
      document.body.innerHTML = '<pre id="drawn"></pre>';
      document.getElementById('drawn').textContent = told.join('\\n');
      </script>
      """;

  private static final Pattern DRAWN =
      Pattern.compile("<pre id=\"drawn\">(.*?)</pre>", Pattern.DOTALL);

  private static final Pattern TAB = Pattern.compile("\t");

  public DrawnPage {
    plots = List.copyOf(plots);
    problems = List.copyOf(problems);
  }

  /** Opens the file of a report in a window of some width. */
  public static DrawnPage of(HeadlessChromium chromium, Path report, int width)
      throws IOException, InterruptedException {
    Path copy = Files.createTempFile("report", ".html");
    try {
      Files.writeString(
          copy,
          Files.readString(report)
              .replace(escaped(POLICY), "script-src 'unsafe-inline'; style-src 'unsafe-inline'")
              .replace("</body>", PROBE + "</body>"));
      Matcher drawn = DRAWN.matcher(chromium.dom(copy, width));
      if (!drawn.find()) {
        throw new AssertionError("the script that measures the page did not run");
      }
      return parsed(drawn.group(1));
    } finally {
      Files.deleteIfExists(copy);
    }
  }

  private static DrawnPage parsed(String told) {
    List<Plot> plots = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (String line : told.lines().toList()) {
      List<String> fields =
          TAB.splitAsStream(line)
              .map(field -> URLDecoder.decode(field.replace("+", "%2B"), StandardCharsets.UTF_8))
              .toList();
      switch (fields.get(0)) {
        case "plot" ->
            plots.add(new Plot(fields.get(1), List.of(), Integer.parseInt(fields.get(2))));
        case "line" -> {
          Plot plot = plots.remove(plots.size() - 1);
          List<Line> lines = new ArrayList<>(plot.lines());
          lines.add(new Line(fields.get(1), fields.get(2), Double.parseDouble(fields.get(3))));
          plots.add(new Plot(plot.label(), List.copyOf(lines), plot.dots()));
        }
        default -> problems.add(fields.get(1));
      }
    }
    return new DrawnPage(plots, problems);
  }

  private static String escaped(String text) {
    return text.replace("'", "&#39;");
  }
}
