package org.slimquant.deploy.report.html;

/** An SVG drawing with a title and a description for readers who cannot see it. */
public final class Drawing {

  private final Element svg;

  /**
   * Creates a drawing.
   *
   * @param id the prefix of its parts' ids; no other id in the page has this prefix
   */
  public Drawing(String id, String title, String description, double width, double height) {
    svg =
        Element.of(
                "svg",
                Element.of("title", title).set("id", id + "-title"),
                Element.of("desc", description).set("id", id + "-desc"))
            .set("viewBox", "0 0 %d %d".formatted((long) Math.ceil(width), (long) height))
            .set("role", "img")
            .set("aria-labelledby", id + "-title " + id + "-desc");
  }

  /** Adds shapes. */
  public Drawing add(Element... shapes) {
    svg.add(shapes);
    return this;
  }

  /** Sets an attribute of the drawing. */
  public Drawing set(String attribute, String value) {
    svg.set(attribute, value);
    return this;
  }

  /** Returns the drawing. */
  public Element element() {
    return svg;
  }

  public static Element line(String style, double x1, double y1, double x2, double y2) {
    return Element.of("line")
        .set("class", style)
        .set("x1", x1)
        .set("y1", y1)
        .set("x2", x2)
        .set("y2", y2);
  }

  public static Element rectangle(String style, double x, double y, double width, double height) {
    return Element.of("rect")
        .set("class", style)
        .set("x", x)
        .set("y", y)
        .set("width", width)
        .set("height", height);
  }

  public static Element path(String style, String commands) {
    return Element.of("path").set("class", style).set("d", commands);
  }

  /**
   * Returns a text.
   *
   * @param anchor {@code start}, {@code middle} or {@code end}: the part of the text at x
   */
  public static Element text(String style, String anchor, double x, double y, String text) {
    return Element.of("text", text)
        .set("class", style)
        .set("text-anchor", anchor)
        .set("x", x)
        .set("y", y);
  }
}
