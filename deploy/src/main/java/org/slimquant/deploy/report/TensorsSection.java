package org.slimquant.deploy.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slimquant.deploy.report.html.Element;
import org.slimquant.deploy.report.html.HtmlNode;
import org.slimquant.deploy.report.html.HtmlTable;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.TensorStatistics;

/**
 * The section that shows all quantized tensors in a table, and then each observed tensor by itself.
 */
final class TensorsSection {

  private TensorsSection() {}

  static List<HtmlNode> of(Content content) {
    List<SiteCosts> all =
        content.plan().sites().stream()
            .map(site -> SiteCosts.of(site, content.statistics()))
            .toList();
    if (all.isEmpty()) {
      return List.of();
    }
    List<HtmlNode> nodes = new ArrayList<>();
    nodes.add(table(all));
    if (all.stream().anyMatch(costs -> costs.distribution().isPresent())) {
      nodes.add(
          Element.of(
                  "p",
                  "Each chart shows how many elements have which magnitude, with logarithmic axes:"
                      + " an octave is a bit of the code. What lies in the band in the middle is"
                      + " rounded to 0, what lies in those outside is clipped.")
              .set("class", "lead"));
      Element cards = Element.of("div").set("class", "tensors");
      for (int i = 0; i < all.size(); i++) {
        if (all.get(i).distribution().isPresent()) {
          cards.add(SiteCard.of(id(i), all.get(i)));
        }
      }
      nodes.add(cards);
    }
    return nodes;
  }

  private static String id(int index) {
    return "tensor-" + (index + 1);
  }

  private static Element table(List<SiteCosts> all) {
    HtmlTable table =
        new HtmlTable(
            "Formats and what they cost",
            "tensor",
            "kind",
            "format",
            "range",
            "from",
            "SQNR",
            "clipped",
            "become 0",
            "unused top bits");
    for (int i = 0; i < all.size(); i++) {
      SiteCosts costs = all.get(i);
      Site site = costs.site();
      Optional<TensorStatistics> measure = costs.measure();
      table.row(
          costs.distribution().isPresent()
              ? HtmlTable.link(id(i), site.name())
              : HtmlTable.code(site.name()),
          HtmlTable.text(Notation.kind(site.kind())),
          HtmlTable.text(Notation.format(site.format())),
          HtmlTable.text(Notation.range(site.format())),
          HtmlTable.text(site.source().toString()),
          HtmlTable.text(measure.map(m -> Notation.decibels(m.sqnrDb())).orElse("")),
          HtmlTable.text(measure.map(m -> Notation.percent(m.clippedShare())).orElse("")),
          HtmlTable.text(measure.map(Notation::lostShare).orElse("")),
          HtmlTable.text(
              costs.unusedTopBits().isPresent()
                  ? String.valueOf(costs.unusedTopBits().getAsInt())
                  : ""));
    }
    return table.element();
  }
}
