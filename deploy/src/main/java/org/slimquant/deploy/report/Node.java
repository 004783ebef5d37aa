package org.slimquant.deploy.report;

/** A piece of a page, which writes itself so that text is only ever text. */
sealed interface Node permits Element, Text {

  /** Appends the node as HTML. */
  void appendTo(StringBuilder html);
}
