package org.slimquant.deploy.report;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slimquant.deploy.report.html.Element;
import org.slimquant.deploy.report.html.HtmlNode;

/**
 * A section of a report.
 *
 * @param id the id to which the table of contents links
 * @param title its title
 * @param body the part of the content that it shows; nothing if there is nothing to show
 */
record Section(String id, String title, Function<Content, List<HtmlNode>> body) {

  /** All sections in their order. */
  static final List<Section> ALL =
      List.of(
          new Section("summary", "Summary", SummarySection::of),
          new Section("network", "Network", NetworkSection::of),
          new Section("tensors", "Quantized tensors", TensorsSection::of),
          new Section("sensitivity", "Sensitivity", SensitivitySection::of),
          new Section("accumulators", "Accumulators", AccumulatorsSection::of),
          new Section("changes", "Changes", ChangesSection::of),
          new Section("remarks", "Remarks", RemarksSection::of));

  /** Returns the section of a report, if it has something to show. */
  Optional<Element> of(Content content) {
    List<HtmlNode> nodes = body.apply(content);
    return nodes.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Element.of("section", Element.of("h2", title).set("id", id + "-title"))
                .set("id", id)
                .set("aria-labelledby", id + "-title")
                .add(nodes));
  }
}
