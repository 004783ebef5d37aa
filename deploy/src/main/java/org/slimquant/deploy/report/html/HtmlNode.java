package org.slimquant.deploy.report.html;

/** A piece of a page, which writes itself so that text is only ever text. */
public sealed interface HtmlNode permits Element, HtmlText {

  /** Appends the node as HTML. */
  void appendTo(StringBuilder html);
}
