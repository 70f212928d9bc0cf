package io.shelfcast.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a reader gets to see. Skipped where there is no browser. */
class ReportInBrowserTest {

  private static final int DESKTOP = 1200;
  private static final int PHONE = 390;

  private static HeadlessChromium chromium;

  @TempDir private static Path folder;
  private static Path sample;

  @BeforeAll
  static void findBrowser() throws IOException {
    chromium = HeadlessChromium.orSkip();
    sample = written("sample.html", SampleReport.report().html());
  }

  @Test
  void everyPlotShowsItsLines() throws Exception {
    DrawnPage page = DrawnPage.of(chromium, sample, DESKTOP);

    assertEquals(List.of(), page.problems());
    assertEquals(SampleReport.SEGMENTS + 4, page.plots().size());
    DrawnPage.Plot all = page.plots().get(0);
    assertEquals(
        List.of("realtime-v1", "realtime-v2"),
        all.lines().stream().map(DrawnPage.Line::name).toList());
    assertTrue(all.lines().stream().allMatch(line -> line.length() > 400), all::toString);
    assertEquals(3, all.dots());
  }

  @Test
  void aModelHasOneColourInAllPlots() throws Exception {
    DrawnPage page = DrawnPage.of(chromium, sample, DESKTOP);

    List<String> ofV2 =
        page.plots().stream()
            .flatMap(plot -> plot.lines().stream())
            .filter(line -> line.name().equals("realtime-v2"))
            .map(DrawnPage.Line::colour)
            .distinct()
            .toList();
    assertEquals(1, ofV2.size());
    assertNotEquals(ofV2.get(0), page.plots().get(0).lines().get(0).colour());
  }

  @Test
  void aPhoneShowsAllOfItWithoutScrollingSideways() throws Exception {
    assertEquals(List.of(), DrawnPage.of(chromium, sample, PHONE).problems());
  }

  @Test
  void theLinesAreSeenInTheirColoursInLightAndDark() throws Exception {
    Path plot =
        written(
            "plot.html",
            HtmlReport.titled("One plot").section("", SampleReport.found("", 0, 1)).html());
    for (HeadlessChromium.Theme theme : HeadlessChromium.Theme.values()) {
      BufferedImage picture = chromium.screenshot(plot, DESKTOP, 800, theme);
      boolean dark = theme == HeadlessChromium.Theme.DARK;
      assertEquals(dark ? new Color(0x14171c) : Color.WHITE, new Color(picture.getRGB(3, 3)));
      for (int colour : dark ? new int[] {0x7aa5ff, 0xe8963c} : new int[] {0x1c4fae, 0xe0611c}) {
        long seen = pixels(picture, new Color(colour));
        assertTrue(seen > 300, () -> "%s: %d pixels of %06x".formatted(theme, seen, colour));
      }
    }
  }

  @Test
  void aPlotWithoutALineIsDetected() throws Exception {
    assertEquals(
        List.of("plot Bare: y over x; a is empty"),
        problems(bare().replaceAll("<path class=\"line s0\" d=\"[^\"]*\"><title>.*?</path>", "")));
  }

  @Test
  void aLineWithoutLengthOrColourIsDetected() throws Exception {
    String undrawn = "the line a of plot Bare: y over x; a is not drawn";

    assertTrue(
        problems(
                bare()
                    .replaceAll(
                        "(<path class=\"line s0\" d=)\"[^\"]*\"><title>", "$1\"M99 99\"><title>"))
            .contains(undrawn));
    assertTrue(problems(bare().replace("stroke: var(--c);", "")).contains(undrawn));
  }

  private static String bare() {
    return HtmlReport.titled("One plot")
        .section(
            "",
            LinePlot.titled("Bare", Axis.number("x"), Axis.number("y"))
                .with(Series.of("a", List.of(new Point(0, 0), new Point(1, 1)))))
        .html();
  }

  /** Of a page that has been changed. */
  private static List<String> problems(String html) throws Exception {
    assertNotEquals(bare(), html);
    return DrawnPage.of(chromium, written("changed.html", html), DESKTOP).problems();
  }

  private static Path written(String name, String html) throws IOException {
    return Files.writeString(folder.resolve(name), html);
  }

  private static long pixels(BufferedImage picture, Color colour) {
    long count = 0;
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        Color pixel = new Color(picture.getRGB(x, y));
        if (Math.abs(pixel.getRed() - colour.getRed()) < 12
            && Math.abs(pixel.getGreen() - colour.getGreen()) < 12
            && Math.abs(pixel.getBlue() - colour.getBlue()) < 12) {
          count++;
        }
      }
    }
    return count;
  }
}
