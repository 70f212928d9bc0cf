package io.shelfcast.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class MarkupTest {

  @Test
  void whatLooksLikeMarkupIsShown() {
    assertEquals(
        "<p>&lt;script&gt;&quot;R&amp;D&quot; &#39;s&lt;/script&gt;</p>",
        paragraph("<script>\"R&D\" 's</script>"));
  }

  @Test
  void whatCannotBeShownIsReplaced() {
    assertEquals(
        "<p>nul \uFFFD escape \uFFFD next line \uFFFD half \uFFFD turned \uFFFD none \uFFFD</p>",
        paragraph("nul \0 escape \u001b next line \u0085 half \ud83d turned \u202e none \uffff"));
  }

  @Test
  void lettersOfAllScriptsStay() {
    String text = "חלב 牛乳 🥛 \u200f é";
    assertEquals("<p>" + text + "</p>", paragraph(text));
  }

  @Test
  void linesEndAlikeWhereverTheyWereWritten() {
    assertEquals("<p>a\nb\nc\n</p>", paragraph("a\r\nb\rc\r"));
  }

  @Property(tries = 500)
  void anyTextIsReadBackFromElementAndAttribute(@ForAll String text) {
    Document document = Xml.parsed(new Markup().element("p", text, "title", text).document());

    String shown = document.getDocumentElement().getTextContent();
    assertEquals(shown(text), shown);
    assertEquals(
        shown(text).replace('\n', ' ').replace('\t', ' '),
        document.getDocumentElement().getAttribute("title"));
  }

  @Test
  void whatIsNotClosedIsNoDocument() {
    Markup markup = new Markup().start("p");

    assertThrows(IllegalStateException.class, markup::document);
  }

  private static String paragraph(String text) {
    return new Markup().element("p", text).document().replace("<!DOCTYPE html>\n", "");
  }

  private static String shown(String text) {
    return text.replace("\r\n", "\n")
        .replace('\r', '\n')
        .codePoints()
        .map(
            character ->
                character == '\n'
                        || character == '\t'
                        || !(Character.getType(character) == Character.CONTROL
                            || Character.getType(character) == Character.SURROGATE
                            || "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
                                    .indexOf(character)
                                >= 0
                            || (character & 0xffff) >= 0xfffe
                            || (character >= 0xfdd0 && character <= 0xfdef))
                    ? character
                    : 0xfffd)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
