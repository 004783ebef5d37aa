package org.slimquant.deploy.report;

import org.slimquant.calibration.Distribution;
import org.slimquant.deploy.report.html.Element;
import org.slimquant.deploy.report.html.HtmlTable;
import org.slimquant.plan.QuantizationPlan.Site;

/** The card that shows all facts about an observed tensor. */
final class SiteCard {

  private SiteCard() {}

  /**
   * Returns the card of a site that has a distribution.
   *
   * @param id the id of the card
   */
  static Element of(String id, SiteCosts costs) {
    Site site = costs.site();
    Distribution distribution = costs.distribution().orElseThrow();
    return Element.of(
            "article",
            Element.of("h3", HtmlTable.code(site.name())).set("id", id + "-name"),
            Element.of(
                    "p",
                    Element.of("strong", Notation.format(site.format())),
                    HtmlTable.text(
                        ", %s, from %s".formatted(Notation.kind(site.kind()), site.source())))
                .set("class", "facts"),
            DistributionChart.of(id + "-chart", site.name(), site.format(), distribution),
            facts(costs, distribution),
            alternatives(costs))
        .set("id", id)
        .set("aria-labelledby", id + "-name");
  }

  private static Element facts(SiteCosts costs, Distribution distribution) {
    Element facts = Element.of("dl").set("class", "pairs");
    costs
        .measure()
        .ifPresent(
            measure ->
                add(
                    facts,
                    "elements from",
                    Notation.number(measure.min()) + " to " + Notation.number(measure.max())));
    String range = Notation.range(costs.site().format());
    if (!range.isEmpty()) {
      add(facts, "format holds", range.replace(" … ", " to "));
    }
    add(facts, "unused top bits", String.valueOf(costs.unusedTopBits().orElse(0)));
    add(facts, "counted", Notation.count(distribution.count()));
    return facts;
  }

  private static void add(Element facts, String name, String value) {
    facts.add(Element.of("div", Element.of("dt", name), Element.of("dd", value)));
  }

  private static Element alternatives(SiteCosts costs) {
    HtmlTable table =
        new HtmlTable(
            "Other exponents for " + costs.site().name(),
            "exponent",
            "step",
            "SQNR",
            "clipped",
            "become 0");
    int best = costs.best().orElse(0);
    costs
        .measures()
        .forEach(
            (shift, measure) ->
                table.row(
                    HtmlTable.text(shift == 0 ? "d" : shift < 0 ? "d − 1" : "d + 1"),
                    HtmlTable.text(Notation.steps(costs.format(shift).fracs())),
                    shift == best && costs.measures().size() > 1
                        ? Element.of(
                            "span",
                            HtmlTable.text(Notation.decibels(measure.sqnrDb()) + " "),
                            HtmlTable.tag(shift == 0 ? "good" : "hint", "best"))
                        : HtmlTable.text(Notation.decibels(measure.sqnrDb())),
                    HtmlTable.text(Notation.percent(measure.clippedShare())),
                    HtmlTable.text(Notation.lostShare(measure))));
    return table.element();
  }
}
