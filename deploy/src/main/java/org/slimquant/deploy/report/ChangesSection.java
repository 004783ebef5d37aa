package org.slimquant.deploy.report;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slimquant.deploy.report.html.Element;
import org.slimquant.deploy.report.html.HtmlNode;
import org.slimquant.deploy.report.html.HtmlTable;
import org.slimquant.plan.PlanDiff.Change;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.Source;

/**
 * The section that shows the differences from an older plan.
 *
 * <p>The formats of biases follow from those of inputs and kernels. Calibration's plans have none,
 * and the plans of a graph have them. This difference is not shown as a change.
 */
final class ChangesSection {

  private ChangesSection() {}

  static List<HtmlNode> of(Content content) {
    return content.before().map(before -> of(before, content.plan())).orElse(List.of());
  }

  private static List<HtmlNode> of(QuantizationPlan before, QuantizationPlan after) {
    boolean comparable = hasDerived(before) == hasDerived(after);
    List<Change> changes =
        before.diff(after).changes().stream()
            .filter(change -> comparable || !isDerived(change))
            .toList();
    if (changes.isEmpty()) {
      return List.of(
          Element.of("p", "Nothing has changed since the older plan.").set("class", "lead"));
    }
    HtmlTable table =
        new HtmlTable("Changes since the older plan", "tensor", "change", "before", "after");
    changes.forEach(
        change ->
            table.row(
                HtmlTable.code(change.name()),
                change.before().isEmpty()
                    ? HtmlTable.tag("good", "added")
                    : change.after().isEmpty()
                        ? HtmlTable.tag("bad", "removed")
                        : HtmlTable.tag("hint", "changed"),
                HtmlTable.text(describe(change.before())),
                HtmlTable.text(describe(change.after()))));
    return List.of(table.element());
  }

  private static boolean hasDerived(QuantizationPlan plan) {
    return plan.sites().stream().anyMatch(ChangesSection::isDerived);
  }

  private static boolean isDerived(Change change) {
    return Stream.of(change.before(), change.after())
        .flatMap(Optional::stream)
        .allMatch(ChangesSection::isDerived);
  }

  private static boolean isDerived(Site site) {
    return site.source() instanceof Source.Derived;
  }

  private static String describe(Optional<Site> site) {
    return site.map(
            present ->
                "%s %s, from %s"
                    .formatted(
                        Notation.kind(present.kind()),
                        Notation.format(present.format()),
                        present.source()))
        .orElse("");
  }
}
