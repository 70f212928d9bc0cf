package io.shelfcast.report;

import java.io.StringReader;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** Reads a report as XML, which forgives nothing. */
final class Xml {

  private Xml() {}

  static Document parsed(String html) {
    try {
      DocumentBuilder builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
      // Else it writes to the standard error before it throws.
      builder.setErrorHandler(null);
      return builder.parse(new InputSource(new StringReader(html)));
    } catch (Exception e) {
      throw new AssertionError("not well-formed: " + html, e);
    }
  }

  /** All elements of some name, or of any: {@code *}. */
  static List<Element> elements(Document document, String name) {
    NodeList all = document.getElementsByTagName(name);
    return IntStream.range(0, all.getLength()).mapToObj(i -> (Element) all.item(i)).toList();
  }

  /** All elements of some name with some word in their class. */
  static List<Element> elements(Document document, String name, String style) {
    return elements(document, name).stream()
        .filter(element -> (" " + element.getAttribute("class") + " ").contains(" " + style + " "))
        .toList();
  }

  /** The names of its attributes. */
  static List<String> attributes(Element element) {
    NamedNodeMap all = element.getAttributes();
    return IntStream.range(0, all.getLength()).mapToObj(i -> all.item(i).getNodeName()).toList();
  }
}
