package org.slimquant.examples.measures;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import org.slimquant.examples.data.LabelledImages;
import org.slimquant.examples.training.Classifier;
import org.slimquant.examples.training.Floats;
import org.slimquant.examples.training.Progress;
import org.slimquant.runtime.QuantizationPlan;
import org.slimquant.runtime.QuantizationPlan.Kind;
import org.slimquant.runtime.QuantizationPlan.Site;

/**
 * What the quantized tensors of a graph were like over many images.
 *
 * @param sites one measure for each tensor of the plan, in its order
 */
public record PlanMeasure(List<SiteMeasure> sites) {

  private static final int BATCH = 500;

  /** Creates a measure. */
  public PlanMeasure {
    sites = List.copyOf(sites);
  }

  /**
   * Computes every tensor of the plan for all images, before and after it is quantized. A kernel or
   * a bias, which no image changes, is computed once.
   */
  public static PlanMeasure of(
      QuantizationPlan plan, Classifier classifier, LabelledImages images, PrintStream out) {
    List<LabelledImages> batches = images.batches(BATCH);
    List<SiteMeasure> measures = new ArrayList<>();
    try (ProgressBar progress = Progress.bar("measuring", plan.sites().size(), out)) {
      for (Site site : plan.sites()) {
        boolean fixed = site.kind() == Kind.KERNEL || site.kind() == Kind.BIAS;
        measures.add(measure(site, classifier, fixed ? batches.subList(0, 1) : batches));
        progress.step();
      }
    }
    return new PlanMeasure(measures);
  }

  private static SiteMeasure measure(
      Site site, Classifier classifier, List<LabelledImages> batches) {
    SiteMeasure[] measure = {SiteMeasure.none(site)};
    for (LabelledImages batch : batches) {
      classifier.fetch(
          site.tensor(), batch, raw -> measure[0] = measure[0].withRaw(Floats.copyOf(raw)));
      classifier.fetch(
          site.name(),
          batch,
          quantized -> measure[0] = measure[0].withQuantized(Floats.copyOf(quantized)));
    }
    return measure[0];
  }

  /** Returns the check that every element of every quantized tensor has a code. */
  public Check everyElementHasACode() {
    List<SiteMeasure> off = sites.stream().filter(site -> site.offGrid() > 0).toList();
    String rule = "every quantized tensor holds only multiples of its step within its codes";
    if (off.isEmpty()) {
      long elements = sites.stream().mapToLong(SiteMeasure::elements).sum();
      return Check.passed(
          rule, String.format(Locale.ROOT, "%d tensors, %,d elements", sites.size(), elements));
    }
    return Check.failed(
        rule,
        String.join(
            ", ",
            off.stream()
                .map(
                    site ->
                        "%s has %d of %d elsewhere"
                            .formatted(site.site().name(), site.offGrid(), site.elements()))
                .toList()));
  }

  /** Returns a table with a row for each tensor. */
  @Override
  public String toString() {
    Table table = new Table("quantized tensor", "format", "holds", "range used", "clipped");
    for (SiteMeasure site : sites) {
      table.row(
          site.site().name(),
          site.site().format().toString(),
          Grid.of(site.site()).toString(),
          range(site.min(), site.max()),
          share(site));
    }
    return table.toString();
  }

  private static String share(SiteMeasure site) {
    double percent = 100 * site.clippedShare();
    return percent > 0 && percent < 0.001
        ? "< 0.001 %"
        : String.format(Locale.ROOT, "%.3f %%", percent);
  }

  private static String range(float min, float max) {
    return String.format(Locale.ROOT, "%.2f .. %.2f", min, max);
  }
}
