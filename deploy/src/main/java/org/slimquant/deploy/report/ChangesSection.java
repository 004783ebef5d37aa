package org.slimquant.deploy.report;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slimquant.plan.PlanDiff.Change;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.Source;

/**
 * What is not as it was in an older plan.
 *
 * <p>The formats of biases follow from those of inputs and kernels. Calibration's plans have none,
 * those of a graph have them; between the one and the other that is no change.
 */
final class ChangesSection {

  private ChangesSection() {}

  static List<Node> of(Content content) {
    return content.before().map(before -> of(before, content.plan())).orElse(List.of());
  }

  private static List<Node> of(QuantizationPlan before, QuantizationPlan after) {
    boolean comparable = hasDerived(before) == hasDerived(after);
    List<Change> changes =
        before.diff(after).changes().stream()
            .filter(change -> comparable || !isDerived(change))
            .toList();
    if (changes.isEmpty()) {
      return List.of(
          Element.of("p", "Nothing has changed since the older plan.").set("class", "lead"));
    }
    Table table = new Table("Changes since the older plan", "tensor", "change", "before", "after");
    changes.forEach(
        change ->
            table.row(
                Table.code(change.name()),
                change.before().isEmpty()
                    ? Table.tag("good", "added")
                    : change.after().isEmpty()
                        ? Table.tag("bad", "removed")
                        : Table.tag("hint", "changed"),
                Table.text(describe(change.before())),
                Table.text(describe(change.after()))));
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
