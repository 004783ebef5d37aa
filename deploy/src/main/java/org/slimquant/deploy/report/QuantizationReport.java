package org.slimquant.deploy.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slimquant.calibration.CalibrationStatistics;
import org.slimquant.deploy.certificate.ExactnessCertificate;
import org.slimquant.deploy.report.Content.Accuracy;
import org.slimquant.deploy.report.Content.Size;
import org.slimquant.io.AtomicFile;
import org.slimquant.model.IntegerModel;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.sensitivity.Sensitivity;

/**
 * A page that shows the effects of quantization on a model.
 *
 * <pre>{@code
 * QuantizationReport.of(plan)
 *     .title("LeNet")
 *     .statistics(calibrator.statistics())
 *     .model(model)
 *     .certificate(ExactnessCertificate.of(model))
 *     .accuracy("float", 0.9888)
 *     .accuracy("integer", 0.9865)
 *     .write(Path.of("lenet.html"));
 * }</pre>
 *
 * <p>Only the plan is needed. Each other part adds the facts that follow from it. The file is
 * complete by itself: it loads nothing and runs no script.
 */
public final class QuantizationReport {

  private final QuantizationPlan plan;
  private final List<Accuracy> accuracies = new ArrayList<>();
  private final List<Size> sizes = new ArrayList<>();
  private String title = "Quantization report";
  private Optional<CalibrationStatistics> statistics = Optional.empty();
  private Optional<Sensitivity> sensitivity = Optional.empty();
  private Optional<QuantizationPlan> before = Optional.empty();
  private Optional<IntegerModel> model = Optional.empty();
  private Optional<ExactnessCertificate> certificate = Optional.empty();

  private QuantizationReport(QuantizationPlan plan) {
    this.plan = plan;
  }

  /** Returns a report of a plan, with all quantized tensors and their formats. */
  public static QuantizationReport of(QuantizationPlan plan) {
    return new QuantizationReport(plan);
  }

  /** Sets the title: the model's name, for example. */
  public QuantizationReport title(String text) {
    title = text;
    return this;
  }

  /** Adds the distributions of tensors, and the effects of formats with a finer or coarser step. */
  public QuantizationReport statistics(CalibrationStatistics observed) {
    statistics = Optional.of(observed);
    return this;
  }

  /** Adds the cost of each tensor for the model's output. */
  public QuantizationReport sensitivity(Sensitivity analyzed) {
    sensitivity = Optional.of(analyzed);
    return this;
  }

  /**
   * Adds the changes since an older plan. If one of the plans has no biases at all, like
   * calibration's plans, that is not a change.
   */
  public QuantizationReport changesSince(QuantizationPlan older) {
    before = Optional.of(older);
    return this;
  }

  /** Adds the network with its branches, the memory that it takes, and the width of its sums. */
  public QuantizationReport model(IntegerModel compiled) {
    model = Optional.of(compiled);
    return this;
  }

  /** Adds whether the integers compute the same as the graph, and the rules that do not hold. */
  public QuantizationReport certificate(ExactnessCertificate proven) {
    certificate = Optional.of(proven);
    return this;
  }

  /**
   * Adds the accuracy of one form of the model to those that the summary shows.
   *
   * @param form the form: {@code float}, {@code PTQ}, {@code QAT} or {@code integer}
   * @param share the share of a test that it gets right, 0 to 1
   * @throws IllegalArgumentException if the share is out of range
   */
  public QuantizationReport accuracy(String form, double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "an accuracy must be a share between 0 and 1, but that of %s is %s"
              .formatted(form, share));
    }
    accuracies.add(new Accuracy(form, share));
    return this;
  }

  /**
   * Adds a size to those that the summary shows.
   *
   * @param what the thing that has the size: {@code Flash} or {@code RAM}, for example
   * @param bytes the size
   * @throws IllegalArgumentException if the size is negative
   */
  public QuantizationReport size(String what, long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException(
          "a size must be 0 bytes or more, but that of %s is %d".formatted(what, bytes));
    }
    sizes.add(new Size(what, bytes));
    return this;
  }

  /**
   * Writes the report as one HTML file. An existing file is replaced at once; if that fails, it
   * stays as it is.
   *
   * @throws IllegalArgumentException if a part is of another network than the plan: for example, it
   *     shares no name with the plan, or a kernel has other channels
   * @throws IOException if the file cannot be written
   */
  public void write(Path file) throws IOException {
    AtomicFile.write(file, html().getBytes(StandardCharsets.UTF_8));
  }

  /** Returns the page. */
  String html() {
    Content content =
        new Content(
            title, plan, statistics, sensitivity, before, model, certificate, accuracies, sizes);
    OneNetwork.require(content);
    return Page.of(content);
  }
}
