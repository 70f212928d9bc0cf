package io.shelfcast.report;

import java.util.List;
import java.util.Locale;

/** Writes what sections are made of. */
final class BlockHtml {

  private final Markup out;
  private final FigureHtml figures;

  BlockHtml(Markup out, FigureHtml figures) {
    this.out = out;
    this.figures = figures;
  }

  void write(Block block) {
    if (block instanceof Paragraph paragraph) {
      out.element("p", paragraph.text());
    } else if (block instanceof Subheading heading) {
      out.element("h3", heading.text());
    } else if (block instanceof Verbatim verbatim) {
      out.start("pre", "tabindex", "0").element("code", verbatim.text()).end();
    } else if (block instanceof Note note) {
      note(note);
    } else if (block instanceof Table table) {
      table(table);
    } else if (block instanceof LinePlot plot) {
      figures.plot(plot);
    } else if (block instanceof SmallMultiples multiples) {
      figures.plots(multiples);
    }
    out.line();
  }

  private void note(Note note) {
    out.start("p", "class", "note " + note.kind().name().toLowerCase(Locale.ROOT));
    out.element("strong", note.kind().word()).text(" " + note.text()).end();
  }

  private void table(Table table) {
    // A wide table moves within its own box, so that the page does not.
    out.start("div", "class", "table", "tabindex", "0").start("table").line();
    if (!table.caption().isEmpty()) {
      out.element("caption", table.caption()).line();
    }
    out.start("thead").start("tr");
    for (int i = 0; i < table.header().size(); i++) {
      out.start("th", "scope", "col", "class", table.ofNumbers(i) ? "number" : "text")
          .isolated(table.header().get(i))
          .end();
    }
    out.end().end().line().start("tbody").line();
    for (List<Cell> row : table.rows()) {
      out.start("tr");
      for (int i = 0; i < row.size(); i++) {
        cell(row.get(i), i == 0);
      }
      out.end().line();
    }
    if (table.rows().isEmpty()) {
      out.start("tr")
          .element(
              "td", "no data", "class", "nothing", "colspan", String.valueOf(table.header().size()))
          .end();
    }
    out.end().end().end();
  }

  private void cell(Cell cell, boolean names) {
    String kind = cell.kind().name().toLowerCase(Locale.ROOT);
    if (names && cell.kind() == Cell.Kind.TEXT) {
      out.start("th", "scope", "row", "class", kind);
    } else {
      out.start("td", "class", kind);
    }
    out.isolated(cell.text()).end();
  }
}
