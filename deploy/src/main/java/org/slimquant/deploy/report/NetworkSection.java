package org.slimquant.deploy.report;

import java.util.List;
import org.slimquant.deploy.report.html.Element;
import org.slimquant.deploy.report.html.HtmlNode;

/** The section that shows the network with the format on each edge. */
final class NetworkSection {

  private NetworkSection() {}

  static List<HtmlNode> of(Content content) {
    List<Layer> layers = content.model().map(Layers::of).orElseGet(() -> Layers.of(content.plan()));
    if (layers.isEmpty()) {
      return List.of();
    }
    return List.of(
        Element.of(
                "p",
                content.model().isPresent()
                    ? "What the integer model computes, and the format and shape of each tensor"
                        + " that flows on."
                    : "The layers in the order of the plan, which does not tell which reads"
                        + " which.")
            .set("class", "lead"),
        NetworkDrawing.of(layers));
  }
}
