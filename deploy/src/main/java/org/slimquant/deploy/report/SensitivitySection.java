package org.slimquant.deploy.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slimquant.deploy.report.html.Element;
import org.slimquant.deploy.report.html.HtmlNode;
import org.slimquant.deploy.report.html.HtmlTable;
import org.slimquant.sensitivity.Sensitivity;
import org.slimquant.sensitivity.Sensitivity.Effect;
import org.slimquant.sensitivity.Sensitivity.SiteEffects;

/** The section that shows the cost of each tensor for the output when it is quantized alone. */
final class SensitivitySection {

  private static final List<Integer> SHIFTS = List.of(-1, 0, 1);

  private SensitivitySection() {}

  static List<HtmlNode> of(Content content) {
    return content.sensitivity().map(SensitivitySection::of).orElse(List.of());
  }

  private static List<HtmlNode> of(Sensitivity sensitivity) {
    boolean labelled = sensitivity.floatAccuracy().isPresent();
    List<String> columns = new ArrayList<>(List.of("tensor", "format"));
    columns.addAll(List.of("SQNR, d − 1", "SQNR, d", "SQNR, d + 1"));
    if (labelled) {
      columns.addAll(List.of("accuracy, d − 1", "accuracy, d", "accuracy, d + 1"));
    }
    HtmlTable table =
        new HtmlTable(
            "What is left of the output with one tensor quantized, the worst first",
            columns.toArray(String[]::new));
    sensitivity
        .worstFirst()
        .forEach(
            site ->
                table.row(
                    HtmlTable.code(site.site().name()),
                    cells(site, labelled).toArray(HtmlNode[]::new)));
    return List.of(Element.of("p", lead(sensitivity)).set("class", "lead"), table.element());
  }

  private static String lead(Sensitivity sensitivity) {
    return "What quantizing one tensor, and nothing else, does to the output of the model, over %s %s.%s"
        .formatted(
            Notation.count(sensitivity.batches()),
            sensitivity.batches() == 1 ? "batch" : "batches",
            sensitivity.floatAccuracy().isPresent()
                ? " Without quantization the accuracy is %s."
                    .formatted(share(sensitivity.floatAccuracy().getAsDouble()))
                : "");
  }

  private static List<HtmlNode> cells(SiteEffects site, boolean labelled) {
    List<HtmlNode> cells = new ArrayList<>();
    cells.add(HtmlTable.text(Notation.format(site.site().format())));
    double best =
        site.effects().stream().mapToDouble(Effect::sqnrDb).max().orElse(Double.POSITIVE_INFINITY);
    for (int shift : SHIFTS) {
      cells.add(
          site.effects().isEmpty()
              ? HtmlTable.text(shift == 0 ? "not read" : "")
              : site.at(shift).map(effect -> ratio(effect, best)).orElse(HtmlTable.text("")));
    }
    for (int shift : labelled ? SHIFTS : List.<Integer>of()) {
      Optional<Effect> effect = site.at(shift);
      cells.add(
          HtmlTable.text(
              effect.isPresent() && effect.get().accuracy().isPresent()
                  ? share(effect.get().accuracy().getAsDouble())
                  : ""));
    }
    return cells;
  }

  private static HtmlNode ratio(Effect effect, double best) {
    String ratio = Notation.decibels(effect.sqnrDb());
    return effect.shift() != 0 && effect.sqnrDb() == best && Double.isFinite(best)
        ? Element.of("span", HtmlTable.text(ratio + " "), HtmlTable.tag("hint", "best"))
        : HtmlTable.text(ratio);
  }

  private static String share(double share) {
    return String.format(Locale.ROOT, "%.4f", share);
  }
}
