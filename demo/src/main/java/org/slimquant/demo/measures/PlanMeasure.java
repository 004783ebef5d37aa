package org.slimquant.demo.measures;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import me.tongfei.progressbar.ProgressBar;
import org.slimquant.demo.data.LabelledImages;
import org.slimquant.demo.training.Classifier;
import org.slimquant.demo.training.Progress;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.plan.QuantizationPlan.Site;

/**
 * Measures of the quantized tensors of a graph, over many images.
 *
 * @param sites one measure for each tensor of the plan, in its order
 * @param remarks the plan's remarks on them
 */
public record PlanMeasure(List<SiteMeasure> sites, List<Remark> remarks) {

  private static final int BATCH = 500;

  /** Creates a measure. */
  public PlanMeasure {
    sites = List.copyOf(sites);
    remarks = List.copyOf(remarks);
  }

  /**
   * Computes every tensor of the plan for all images, before and after it is quantized. Kernels and
   * biases do not depend on images and are computed once.
   */
  public static PlanMeasure of(
      QuantizationPlan plan, Classifier classifier, LabelledImages images, PrintStream out) {
    List<LabelledImages> batches = images.batches(BATCH);
    List<Site> weights = plan.sites().stream().filter(PlanMeasure::isWeight).toList();
    List<Site> activations = plan.sites().stream().filter(site -> !isWeight(site)).toList();
    Map<Site, SiteMeasure> measures = new LinkedHashMap<>();
    plan.sites().forEach(site -> measures.put(site, SiteMeasure.none(site)));
    try (ProgressBar progress = Progress.bar("measuring", batches.size(), out)) {
      add(measures, weights, classifier, batches.get(0));
      for (LabelledImages batch : batches) {
        add(measures, activations, classifier, batch);
        progress.step();
      }
    }
    return new PlanMeasure(List.copyOf(measures.values()), plan.remarks());
  }

  private static boolean isWeight(Site site) {
    return site.kind() == Kind.KERNEL || site.kind() == Kind.BIAS;
  }

  /** Adds the elements that a batch gives some of the sites, all in one run. */
  private static void add(
      Map<Site, SiteMeasure> measures,
      List<Site> sites,
      Classifier classifier,
      LabelledImages batch) {
    if (sites.isEmpty()) {
      return; // a session cannot run without fetches
    }
    List<float[]> tensors =
        classifier.fetch(
            sites.stream().flatMap(site -> Stream.of(site.tensor(), site.name())).toList(), batch);
    for (int i = 0; i < sites.size(); i++) {
      float[] raw = tensors.get(2 * i);
      float[] quantized = tensors.get(2 * i + 1);
      measures.computeIfPresent(sites.get(i), (site, measure) -> measure.with(raw, quantized));
    }
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

  /** Returns a table with a row for each tensor, and a line for each remark below it. */
  @Override
  public String toString() {
    SummaryTable table =
        new SummaryTable(
            "quantized tensor", "format", "holds", "range used", "clipped", "become 0", "SQNR");
    for (SiteMeasure site : sites) {
      table.row(
          site.site().name(),
          site.site().format().toString(),
          StepGrid.of(site.site()).toString(),
          range(site.min(), site.max()),
          share(site.clippedShare()),
          share(site.lostShare()),
          Double.isFinite(site.sqnrDb())
              ? String.format(Locale.ROOT, "%.1f dB", site.sqnrDb())
              : "exact");
    }
    return Stream.concat(
            Stream.of(table.toString()),
            remarks.stream().map(remark -> "\n%s: %s".formatted(remark.site(), remark.text())))
        .collect(Collectors.joining("\n"));
  }

  private static String share(double share) {
    double percent = 100 * share;
    return percent > 0 && percent < 0.001
        ? "< 0.001 %"
        : String.format(Locale.ROOT, "%.3f %%", percent);
  }

  private static String range(float min, float max) {
    return String.format(Locale.ROOT, "%.2f .. %.2f", min, max);
  }
}
