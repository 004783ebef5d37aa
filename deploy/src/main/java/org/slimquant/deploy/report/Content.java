package org.slimquant.deploy.report;

import java.util.List;
import java.util.Optional;
import org.slimquant.calibration.CalibrationStatistics;
import org.slimquant.deploy.certificate.ExactnessCertificate;
import org.slimquant.model.IntegerModel;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.sensitivity.Sensitivity;

/**
 * The content of a report.
 *
 * @param title its title
 * @param plan the formats of all quantized tensors
 * @param statistics the statistics that calibration observed
 * @param sensitivity the cost of each tensor for the output
 * @param before the plan that this one is compared with
 * @param model the integers
 * @param certificate the proof that they are those of the graph
 * @param accuracies the share of a test that each form of the model gets right
 * @param sizes the sizes in memory
 */
record Content(
    String title,
    QuantizationPlan plan,
    Optional<CalibrationStatistics> statistics,
    Optional<Sensitivity> sensitivity,
    Optional<QuantizationPlan> before,
    Optional<IntegerModel> model,
    Optional<ExactnessCertificate> certificate,
    List<Accuracy> accuracies,
    List<Size> sizes) {

  /** The share of a test, 0 to 1, that a form of the model gets right. */
  record Accuracy(String form, double share) {}

  /** A size in bytes. */
  record Size(String what, long bytes) {}

  Content {
    accuracies = List.copyOf(accuracies);
    sizes = List.copyOf(sizes);
  }
}
