package org.slimquant.deploy.report.html;

import java.util.ArrayList;
import java.util.List;

/**
 * A table with a caption, whose first column names the rows. If it is wider than the page, it
 * scrolls by itself, also by keyboard.
 */
public final class HtmlTable {

  private final String caption;
  private final List<HtmlNode> headers = new ArrayList<>();
  private final List<HtmlNode> rows = new ArrayList<>();

  public HtmlTable(String caption, String... columns) {
    this.caption = caption;
    for (String column : columns) {
      headers.add(Element.of("th", column).set("scope", "col"));
    }
  }

  /** Adds a row: its name, and its other cells. */
  public HtmlTable row(HtmlNode name, HtmlNode... cells) {
    Element row = Element.of("tr", Element.of("th", name).set("scope", "row"));
    for (HtmlNode cell : cells) {
      row.add(Element.of("td", cell));
    }
    rows.add(row);
    return this;
  }

  /** Returns the table. */
  public Element element() {
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
  public static HtmlNode text(String text) {
    return new HtmlText(text);
  }

  /** Returns a name of the user's model. */
  public static Element code(String name) {
    return Element.of("code", name);
  }

  /** Returns a name that links to a place in the page. */
  public static Element link(String id, String name) {
    return Element.of("a", code(name)).set("href", "#" + id);
  }

  /** Returns an emphasized remark. */
  public static Element tag(String style, String text) {
    return Element.of("span", text).set("class", "tag " + style);
  }
}
