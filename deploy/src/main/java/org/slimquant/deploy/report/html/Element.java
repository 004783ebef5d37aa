package org.slimquant.deploy.report.html;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * An element of a page, HTML or SVG.
 *
 * <p>Tags and attribute names come from this program. Only values and texts may come from
 * elsewhere.
 */
public final class Element implements HtmlNode {

  private static final Set<String> VOID = Set.of("meta", "br", "col");

  private final String tag;
  private final Map<String, String> attributes = new LinkedHashMap<>();
  private final List<HtmlNode> children = new ArrayList<>();

  private Element(String tag) {
    this.tag = tag;
  }

  /** Returns an element with these children. */
  public static Element of(String tag, HtmlNode... children) {
    return new Element(tag).add(children);
  }

  /** Returns an element with a text. */
  public static Element of(String tag, String text) {
    return of(tag, new HtmlText(text));
  }

  /** Sets an attribute and returns this element. */
  public Element set(String attribute, String value) {
    attributes.put(attribute, value);
    return this;
  }

  /** Sets a number of an SVG drawing, in hundredths, and returns this element. */
  public Element set(String attribute, double value) {
    String text = String.format(Locale.ROOT, "%.2f", value);
    return set(attribute, text.replaceFirst("\\.?0+$", "").replaceFirst("^-0$", "0"));
  }

  /** Adds children and returns this element. */
  public Element add(HtmlNode... nodes) {
    return add(List.of(nodes));
  }

  /** Adds children and returns this element. */
  public Element add(List<? extends HtmlNode> nodes) {
    children.addAll(nodes);
    return this;
  }

  @Override
  public void appendTo(StringBuilder html) {
    html.append('<').append(tag);
    attributes.forEach(
        (name, value) -> {
          html.append(' ').append(name).append("=\"");
          HtmlText.appendEscaped(value, html);
          html.append('"');
        });
    html.append('>');
    children.forEach(child -> child.appendTo(html));
    if (!VOID.contains(tag)) {
      html.append("</").append(tag).append('>');
    }
  }

  /** Returns the element as HTML. */
  @Override
  public String toString() {
    StringBuilder html = new StringBuilder();
    appendTo(html);
    return html.toString();
  }
}
