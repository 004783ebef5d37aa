package org.slimquant.deploy.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A table with a caption, whose first column names the rows. It scrolls by itself where it is wider
 * than the page, also by keyboard.
 */
final class Table {

  private final String caption;
  private final List<Node> headers = new ArrayList<>();
  private final List<Node> rows = new ArrayList<>();

  Table(String caption, String... columns) {
    this.caption = caption;
    for (String column : columns) {
      headers.add(Element.of("th", column).set("scope", "col"));
    }
  }

  /** Adds a row: what it is of, and its other cells. */
  Table row(Node name, Node... cells) {
    Element row = Element.of("tr", Element.of("th", name).set("scope", "row"));
    for (Node cell : cells) {
      row.add(Element.of("td", cell));
    }
    rows.add(row);
    return this;
  }

  /** Returns the table. */
  Element element() {
    return Element.of(
            "div",
            Element.of(
                "table",
                Element.of("caption", caption),
                Element.of("thead", Element.of("tr").add(headers)),
                Element.of("tbody").add(rows)))
        .set("class", "scroll")
        .set("role", "region")
        .set("aria-label", caption)
        .set("tabindex", "0");
  }

  /** Returns a cell's text. */
  static Node text(String text) {
    return new Text(text);
  }

  /** Returns a name of the user's model. */
  static Element code(String name) {
    return Element.of("code", name);
  }

  /** Returns a name that leads to a place in the page. */
  static Element link(String id, String name) {
    return Element.of("a", code(name)).set("href", "#" + id);
  }

  /** Returns a remark that stands out. */
  static Element tag(String style, String text) {
    return Element.of("span", text).set("class", "tag " + style);
  }
}
