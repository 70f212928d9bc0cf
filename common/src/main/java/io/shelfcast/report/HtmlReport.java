package io.shelfcast.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A report in one HTML file. It needs no other file, no network and no script, opens from a disk,
 * is light or dark as the reader's system is, and prints. Immutable.
 *
 * <p>All texts are plain: whatever stands in them is shown and never read as markup. The same
 * report is the same file, byte by byte, on every machine; it says nothing of when it was written
 * unless one of its texts does. A browser reads it as HTML, and an XML parser as XML.
 */
public final class HtmlReport {

  /** From how many sections on the report starts with a list of them. */
  private static final int CONTENTS_FROM = 3;

  private final String title;
  private final String lead;
  private final List<Section> sections;

  private record Section(String title, List<Block> blocks) {}

  private HtmlReport(String title, String lead, List<Section> sections) {
    this.title = title;
    this.lead = lead;
    this.sections = List.copyOf(sections);
  }

  /** A report without sections yet. */
  public static HtmlReport titled(String title) {
    return new HtmlReport(title, "", List.of());
  }

  /** With a text below the title, such as what it is about and from when it is. */
  public HtmlReport leading(String text) {
    return new HtmlReport(title, text, sections);
  }

  /** With one more section. */
  public HtmlReport section(String heading, Block... blocks) {
    return section(heading, List.of(blocks));
  }

  /** With one more section. */
  public HtmlReport section(String heading, List<? extends Block> blocks) {
    List<Section> all = new ArrayList<>(sections);
    all.add(new Section(heading, List.copyOf(blocks)));
    return new HtmlReport(title, lead, all);
  }

  /** The report as a text, to be written in UTF-8. */
  public String html() {
    Markup out = new Markup();
    out.start("html", "xmlns", "http://www.w3.org/1999/xhtml", "lang", "en").line();
    out.start("head").line();
    out.empty("meta", "charset", "utf-8").line();
    out.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1").line();
    out.empty("meta", "name", "color-scheme", "content", "light dark").line();
    // Were there a hole in the escaping, nothing that came through it would be run or fetched.
    out.empty(
            "meta",
            "http-equiv",
            "Content-Security-Policy",
            "content",
            "default-src 'none'; style-src 'unsafe-inline'")
        .line();
    out.element("title", title).line().style(styleSheet()).line().end().line();
    out.start("body").start("main").line();
    out.start("header").element("h1", title).line();
    if (!lead.isEmpty()) {
      out.element("p", lead, "class", "lead").line();
    }
    out.end().line();
    contents(out);
    BlockHtml blocks = new BlockHtml(out, new FigureHtml(out, Palette.over(plots())));
    for (int i = 0; i < sections.size(); i++) {
      out.start("section", "id", id(i)).line();
      out.element("h2", sections.get(i).title()).line();
      sections.get(i).blocks().forEach(blocks::write);
      out.end().line();
    }
    return out.end().end().end().line().document();
  }

  private void contents(Markup out) {
    if (sections.size() < CONTENTS_FROM) {
      return;
    }
    out.start("nav", "aria-label", "Sections").start("ul");
    for (int i = 0; i < sections.size(); i++) {
      out.start("li").element("a", sections.get(i).title(), "href", "#" + id(i)).end();
    }
    out.end().end().line();
  }

  private List<LinePlot> plots() {
    List<LinePlot> plots = new ArrayList<>();
    for (Section section : sections) {
      for (Block block : section.blocks()) {
        if (block instanceof LinePlot plot) {
          plots.add(plot);
        } else if (block instanceof SmallMultiples multiples) {
          plots.addAll(multiples.plots());
        }
      }
    }
    return plots;
  }

  private static String id(int section) {
    return "section-" + (section + 1);
  }

  private static String styleSheet() {
    try (InputStream css = HtmlReport.class.getResourceAsStream("report.css")) {
      if (css == null) {
        throw new IllegalStateException("report.css is not in this jar");
      }
      return new String(css.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("report.css cannot be read from this jar", e);
    }
  }
}
