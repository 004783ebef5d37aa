package org.slimquant.deploy.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.slimquant.deploy.report.html.Element;

/** Lays out a report as one HTML file. */
final class Page {

  private static final String STYLE = "report.css";

  private Page() {}

  /** Returns the file's text. */
  static String of(Content content) {
    Element contents = Element.of("ul");
    Element main = Element.of("main");
    for (Section section : Section.ALL) {
      section
          .of(content)
          .ifPresent(
              element -> {
                contents.add(
                    Element.of(
                        "li", Element.of("a", section.title()).set("href", "#" + section.id())));
                main.add(element);
              });
    }
    Element head =
        Element.of(
            "head",
            Element.of("meta").set("charset", "utf-8"),
            Element.of("meta")
                .set("name", "viewport")
                .set("content", "width=device-width, initial-scale=1"),
            Element.of("meta").set("name", "color-scheme").set("content", "light dark"),
            Element.of("title", content.title()),
            Element.of("style", style()));
    Element body =
        Element.of(
            "body",
            Element.of(
                "header",
                Element.of("p", "SlimQuant").set("class", "brand"),
                Element.of("h1", content.title()),
                Element.of("nav", contents).set("aria-label", "Sections")),
            main,
            Element.of(
                "footer",
                Element.of(
                    "p",
                    "SQNR is the signal-to-quantization-noise ratio, 10 log₁₀(Σx² / Σ(q(x) − x)²);"
                        + " 6 dB are one bit. Clipped is what lies beyond the largest code. Both"
                        + " are estimated from counts, for tensors of few distinct values roughly.")));
    return "<!DOCTYPE html>\n" + Element.of("html", head, body).set("lang", "en") + "\n";
  }

  private static String style() {
    try (InputStream in = Page.class.getResourceAsStream(STYLE)) {
      if (in == null) {
        throw new IllegalStateException(
            "the style sheet must be beside %s, but %s is not there"
                .formatted(Page.class.getName(), STYLE));
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
