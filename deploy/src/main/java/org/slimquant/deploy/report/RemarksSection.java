package org.slimquant.deploy.report;

import java.util.List;
import org.slimquant.deploy.report.html.Element;
import org.slimquant.deploy.report.html.HtmlNode;
import org.slimquant.deploy.report.html.HtmlTable;
import org.slimquant.plan.QuantizationPlan.Remark;

/** The section with remarks about the plan. */
final class RemarksSection {

  private RemarksSection() {}

  static List<HtmlNode> of(Content content) {
    List<Remark> remarks = content.plan().remarks();
    if (remarks.isEmpty()) {
      return List.of();
    }
    Element list = Element.of("ul");
    remarks.forEach(
        remark ->
            list.add(
                Element.of(
                    "li", HtmlTable.code(remark.site()), HtmlTable.text(" " + remark.text()))));
    return List.of(list);
  }
}
