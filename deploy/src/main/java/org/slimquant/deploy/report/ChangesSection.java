package org.slimquant.deploy.report;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slimquant.runtime.PlanDiff.Change;
import org.slimquant.runtime.QuantizationPlan.Site;
import org.slimquant.runtime.Source;

/**
 * What is not as it was in an older plan.
 *
 * <p>The formats of biases follow from those of inputs and kernels. Calibration's plans have none,
 * those of a graph have them, and that is no change.
 */
final class ChangesSection {

  private ChangesSection() {}

  static List<Node> of(Content content) {
    return content
        .before()
        .map(before -> of(before.diff(content.plan()).changes()))
        .orElse(List.of());
  }

  private static List<Node> of(List<Change> all) {
    List<Change> changes = all.stream().filter(change -> !isDerived(change)).toList();
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

  /** Whether one of the plans alone has a site, whose format follows from others. */
  private static boolean isDerived(Change change) {
    return Stream.of(change.before(), change.after()).filter(Optional::isPresent).count() == 1
        && change.before().or(change::after).orElseThrow().source() instanceof Source.Derived;
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
