package org.slimquant.deploy.report.html;

/**
 * Text of a page. Any text is shown and never interpreted as HTML.
 *
 * @param text the text, as a reader sees it
 */
record HtmlText(String text) implements HtmlNode {

  @Override
  public void appendTo(StringBuilder html) {
    appendEscaped(text, html);
  }

  /** Appends a text in a form that is safe between tags and in quoted attributes. */
  static void appendEscaped(String text, StringBuilder html) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> html.append("&amp;");
        case '<' -> html.append("&lt;");
        case '>' -> html.append("&gt;");
        case '"' -> html.append("&quot;");
        case '\'' -> html.append("&#39;");
        // HTML has no way to write other control characters; browsers would drop or change them.
        case '\t', '\n' -> html.append(c);
        default -> html.append(Character.isISOControl(c) ? '\ufffd' : c);
      }
    }
  }
}
