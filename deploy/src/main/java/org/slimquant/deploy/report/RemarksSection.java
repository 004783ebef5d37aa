package org.slimquant.deploy.report;

import java.util.List;
import org.slimquant.plan.QuantizationPlan.Remark;

/** What else there is to know of the plan. */
final class RemarksSection {

  private RemarksSection() {}

  static List<Node> of(Content content) {
    List<Remark> remarks = content.plan().remarks();
    if (remarks.isEmpty()) {
      return List.of();
    }
    Element list = Element.of("ul");
    remarks.forEach(
        remark ->
            list.add(Element.of("li", Table.code(remark.site()), Table.text(" " + remark.text()))));
    return List.of(list);
  }
}
