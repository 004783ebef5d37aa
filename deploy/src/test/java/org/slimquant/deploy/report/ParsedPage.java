package org.slimquant.deploy.report;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** A page as a tree again. But for its void elements it is XML, so that one parser reads it. */
final class ParsedPage {

  private final Document document;

  private ParsedPage(Document document) {
    this.document = document;
  }

  static ParsedPage of(String html) throws Exception {
    String xml =
        html.replaceFirst("^<!DOCTYPE html>", "").replaceAll("<(meta|br|col)( [^>]*)?>", "<$1$2/>");
    return new ParsedPage(
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(xml))));
  }

  /** Returns all elements with this tag, or all if it is {@code *}. */
  List<Element> all(String tag) {
    NodeList nodes = document.getElementsByTagName(tag);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }

  /** Returns the texts of elements. */
  List<String> texts(String tag, Predicate<Element> filter) {
    return all(tag).stream().filter(filter).map(Element::getTextContent).toList();
  }

  List<String> texts(String tag) {
    return texts(tag, element -> true);
  }

  static Predicate<Element> ofClass(String name) {
    return element -> List.of(element.getAttribute("class").split(" ", -1)).contains(name);
  }
}
