package io.shelfcast.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class HtmlReportTest {

  private static final Axis X = Axis.number("x");
  private static final Axis Y = Axis.percent("y");

  @Test
  void theSameReportIsTheSameFile() throws IOException {
    StringBuilder written = new StringBuilder();
    written.append(SampleReport.report().html());

    assertEquals(SampleReport.report().html(), written.toString());
  }

  @Test
  void itAsksForNothingAndRunsNothing() {
    Document document = Xml.parsed(SampleReport.report().html());

    for (Element element : Xml.elements(document, "*")) {
      assertFalse(
          List.of("script", "link", "img", "image", "use", "iframe", "object", "embed")
              .contains(element.getTagName()),
          element::getTagName);
      for (String attribute : Xml.attributes(element)) {
        assertFalse(
            attribute.startsWith("on") || attribute.equals("src") || attribute.equals("style"),
            attribute);
      }
      assertTrue(
          element.getAttribute("href").matches("(#.*)?"), () -> element.getAttribute("href"));
    }
    String css = Xml.elements(document, "style").get(0).getTextContent();
    assertFalse(css.contains("url(") || css.contains("@import"));
  }

  @Property(tries = 300)
  void everythingDrawnLiesWithinTheFrame(
      @ForAll @Size(min = 1, max = 20) List<@DoubleRange(min = -1e12, max = 1e12) Double> numbers) {
    List<Point> points =
        numbers.stream().map(number -> new Point(number, numbers.get(0) / 3 - number / 2)).toList();
    Document document =
        parsed(LinePlot.titled("Any", X, Y).with(Series.of("a", points).withMark(0, 0, "zero")));

    for (Element circle : Xml.elements(document, "circle")) {
      double x = Double.parseDouble(circle.getAttribute("cx"));
      double y = Double.parseDouble(circle.getAttribute("cy"));
      assertTrue(x >= 72 && x <= 606 && y >= 40 && y <= 370, () -> x + ", " + y);
    }
  }

  @Property(tries = 300)
  void anyTextAnywhereLeavesItWellFormed(@ForAll String text) {
    Axis axis = Axis.percent(text);
    LinePlot plot =
        LinePlot.titled(text, axis, axis)
            .with(
                Series.of(text, List.of(new Point(0, 0), new Point(0.5, 0.7, 9)))
                    .withBand(List.of(new Interval(0, 0, 0.1), new Interval(0.5, 0.6, 0.8)))
                    .withMark(0.5, 0.7, text))
            .with(Series.of(text + "'", List.of()))
            .with(Reference.horizontal(0.5, text))
            .with(Reference.vertical(0.5, text))
            .with(Reference.diagonal(text))
            .noting(text);

    Document document =
        Xml.parsed(
            HtmlReport.titled(text)
                .leading(text)
                .section(text, new Paragraph(text), new Subheading(text), Note.warning(text))
                .section(text, plot, SmallMultiples.titled(text, List.of(plot)).noting(text))
                .section(text, new Verbatim(text), Table.titled(text, text).row(Cell.bad(text)))
                .html());

    assertEquals(2, Xml.elements(document, "svg", "plot").size());
    assertEquals(0, document.getElementsByTagName("script").getLength());
  }

  @Test
  void aSeriesWithoutPointsIsSaidToHaveNoData() {
    Document document =
        parsed(LinePlot.titled("Empty", X, Y).with(Series.of("new model", List.of())));

    assertEquals("no data", Xml.elements(document, "text", "nothing").get(0).getTextContent());
    assertEquals(
        "new model (no data)", Xml.elements(document, "ul", "legend").get(0).getTextContent());
  }

  @Test
  void aPointAloneIsADot() {
    Document document =
        parsed(LinePlot.titled("One", X, Y).with(Series.of("model", List.of(new Point(3, 0.9)))));

    Element dot = Xml.elements(document, "circle", "dot").get(0);
    assertEquals("model\nx: 3.00\ny: 90.0\u00A0%", dot.getTextContent());
  }

  @Test
  void aDotTellsHowManyStandBehindIt() {
    Document document =
        parsed(
            LinePlot.titled("Calibration", Y, Y)
                .with(
                    Series.of(
                        "model", List.of(new Point(0.25, 0.3, 100), new Point(0.75, 0.7, 1600)))));

    List<Element> dots = Xml.elements(document, "circle", "dot");
    assertTrue(dots.get(1).getTextContent().endsWith("\nn = 1,600"));
    assertEquals("3.8", dots.get(0).getAttribute("r"));
    assertEquals("9", dots.get(1).getAttribute("r"));
  }

  @Test
  void aLongLineIsThinnedAndKeepsItsEnds() {
    List<Point> points =
        IntStream.rangeClosed(0, 10_000)
            .mapToObj(i -> new Point(i, 0.5 + 0.5 * Math.sin(i)))
            .toList();

    Document document = parsed(LinePlot.titled("Long", X, Y).with(Series.of("a", points)));

    String path =
        Xml.elements(document, "path", "line").stream()
            .filter(line -> line.getElementsByTagName("title").getLength() == 1)
            .findFirst()
            .orElseThrow()
            .getAttribute("d");
    assertEquals(Thinning.LIMIT - 1L, path.chars().filter(c -> c == 'L').count());
    assertTrue(path.startsWith("M72 205L") && path.matches(".*L604 [0-9.]+"), path);
  }

  @Test
  void smallMultiplesShareTheirScalesAndTheirColours() {
    Series low = Series.of("b", List.of(new Point(0, 0.1), new Point(1, 0.2)));
    Series high = Series.of("a", List.of(new Point(0, 0.9), new Point(5, 1)));
    Document document =
        parsed(
            SmallMultiples.titled(
                "Segments",
                List.of(
                    LinePlot.titled("one", X, Y).with(high).with(low),
                    LinePlot.titled("two", X, Y).with(low))));

    List<String> drawn =
        Xml.elements(document, "path", "s1").stream()
            .filter(line -> line.getElementsByTagName("title").getLength() == 1)
            .map(line -> line.getAttribute("d"))
            .toList();
    assertEquals(2, drawn.size());
    assertEquals(drawn.get(0), drawn.get(1));
  }

  @Test
  void columnsOfNumbersStandOnTheRight() {
    Document document =
        parsed(
            Table.titled("T", "segment", "rows", "verdict")
                .row(Cell.text("dairy"), Cell.count(12), Cell.good("met"))
                .row(Cell.text("meat"), Cell.none(), Cell.open("too few rows")));

    assertEquals("rows", Xml.elements(document, "th", "number").get(0).getTextContent());
    assertEquals("met", Xml.elements(document, "td", "good").get(0).getTextContent());
  }

  @Test
  void whatCannotBeDrawnIsRefusedWithWhatToDo() {
    assertMessage(
        "the y of a point is NaN; leave out what has no finite number",
        () -> new Point(1, Double.NaN));
    assertMessage(
        "the interval at 1.0 starts at 0.6, above its end 0.5; hand in low, then high",
        () -> new Interval(1, 0.6, 0.5));
    assertMessage(
        "a row of table 'T' has 1 cells where the header has 2; hand in Cell.text(\"\") for an"
            + " empty one",
        () -> Table.titled("T", "a", "b").row(Cell.count(1)));
    LinePlot one = LinePlot.titled("P", X, Y).with(Series.of("a", List.of()));
    assertMessage(
        "two lines of plot 'P' are called 'a'; give each its own name",
        () -> one.with(Series.of("a", List.of())));
    List<Series> seven =
        IntStream.range(0, 7).mapToObj(i -> Series.of("line " + i, List.of())).toList();
    assertMessage(
        "plot 'P' has 7 lines where 6 can be told apart; hand in several plots",
        () -> new LinePlot("P", X, Y, seven, List.of(), ""));
  }

  private static void assertMessage(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  private static Document parsed(Block block) {
    return Xml.parsed(HtmlReport.titled("Report").section("Section", block).html());
  }
}
