package org.slimquant.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slimquant.calibration.CalibrationStatistics;
import org.slimquant.demo.deployment.Deployed;
import org.slimquant.demo.measures.Check;
import org.slimquant.demo.measures.Summary;
import org.slimquant.deploy.report.QuantizationReport;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.sensitivity.Sensitivity;

/** The page about a model, with all results of a comparison. */
final class ComparisonReport {

  private ComparisonReport() {}

  /**
   * Writes the page and returns the check that it is complete.
   *
   * @param title the model's name
   * @param plan the formats of the trained graph
   * @param older the formats of an earlier run, if there was one
   * @param statistics the observed statistics of the float model
   * @param sensitivity the cost of each quantized tensor
   * @param summary the figures, with the path of the page
   */
  static Check write(
      String title,
      QuantizationPlan plan,
      Optional<QuantizationPlan> older,
      CalibrationStatistics statistics,
      Sensitivity sensitivity,
      Deployed deployed,
      Summary summary)
      throws IOException {
    Path file = Path.of(summary.reportPath());
    QuantizationReport report = QuantizationReport.of(plan);
    older.ifPresent(report::changesSince);
    report
        .title(title)
        .statistics(statistics)
        .sensitivity(sensitivity)
        .model(deployed.model())
        .certificate(deployed.certificate())
        .accuracy("float", summary.floatAccuracy())
        .accuracy("PTQ", summary.ptqAccuracy())
        .accuracy("QAT", summary.quantizedAccuracy())
        .accuracy("integer", summary.integers().integerAccuracy())
        .size("Flash", summary.integers().flashBytes())
        .size("RAM", summary.integers().ramBytes())
        .write(file);
    String page = Files.readString(file);
    List<String> missing =
        plan.sites().stream().map(Site::name).filter(name -> !page.contains(name)).toList();
    return Check.of(
        "the report shows every quantized tensor",
        missing.isEmpty(),
        missing.isEmpty()
            ? "%d tensors; open %s".formatted(plan.sites().size(), file)
            : "%s lacks %s".formatted(file, String.join(", ", missing)));
  }
}
