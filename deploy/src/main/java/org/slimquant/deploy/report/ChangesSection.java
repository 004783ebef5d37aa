package org.slimquant.deploy.report;

import java.util.List;
import java.util.Optional;
import org.slimquant.runtime.PlanDiff;
import org.slimquant.runtime.QuantizationPlan.Site;

/** What is not as it was in an older plan. */
final class ChangesSection {

  private ChangesSection() {}

  static List<Node> of(Content content) {
    return content.before().map(before -> of(before.diff(content.plan()))).orElse(List.of());
  }

  private static List<Node> of(PlanDiff diff) {
    if (diff.isEmpty()) {
      return List.of(
          Element.of("p", "Nothing has changed since the older plan.").set("class", "lead"));
    }
    Table table = new Table("Changes since the older plan", "tensor", "change", "before", "after");
    diff.changes()
        .forEach(
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
