package org.slimquant.calibration;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slimquant.format.Format;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.plan.TensorStatistics;
import org.slimquant.runtime.site.LayerSum;

/**
 * The statistics of the tensors of a graph, site by site: histograms, and the smallest and the
 * largest element.
 *
 * <p>The size does not depend on the number of batches: at most 16,384 counts for a site, and for a
 * kernel that is quantized per channel at most one for each of its elements.
 *
 * <p>Every element counts for the smallest, the largest and the search for NaN. In large feature
 * maps, histograms count one place of an image in eleven, the same in every image; shares and
 * errors are estimated from these places.
 *
 * <p>{@link #merge} gives the same statistics, bit for bit, for any division of the batches among
 * processes and for any order. Values are immutable.
 */
public final class CalibrationStatistics {

  private final List<SiteStatistics> sites;
  private final List<SumStatistics> sums;
  private final List<Remark> remarks;
  private final long batches;

  CalibrationStatistics(
      List<SiteStatistics> sites, List<SumStatistics> sums, List<Remark> remarks, long batches) {
    this.sites = List.copyOf(sites);
    this.sums = List.copyOf(sums);
    this.remarks = List.copyOf(remarks);
    this.batches = batches;
  }

  /** Returns the statistics of sites that were not observed in a graph, after some batches. */
  public static CalibrationStatistics of(List<SiteStatistics> sites, long batches) {
    return new CalibrationStatistics(sites, List.of(), List.of(), batches);
  }

  /**
   * Returns the statistics of the sites before the first batch.
   *
   * @param remarks the remarks on the sites of the graph
   */
  static CalibrationStatistics none(
      List<ObservedSite> observed, List<LayerSum> sums, List<Remark> remarks) {
    return new CalibrationStatistics(
        observed.stream()
            .map(
                site ->
                    new SiteStatistics(
                        site.name(),
                        site.kind(),
                        site.tensor(),
                        site.request(),
                        site.origin(),
                        List.of(Histogram.EMPTY)))
            .toList(),
        sums.stream().map(SumStatistics::unobserved).toList(),
        remarks,
        0);
  }

  /**
   * Returns the statistics of the batches of both, which were observed in graphs of one model with
   * one checkpoint.
   *
   * @throws IllegalArgumentException if the sites differ, or the values of a kernel or bias do, or
   *     if more than 2^61 elements were counted
   */
  public static CalibrationStatistics merge(CalibrationStatistics a, CalibrationStatistics b) {
    return StatisticsMerge.of(a, b);
  }

  /** Returns these statistics with further ones of some of the sites added. */
  CalibrationStatistics plus(List<SiteStatistics> seen, long newBatches) {
    Map<String, SiteStatistics> seenOf =
        seen.stream().collect(Collectors.toMap(SiteStatistics::name, Function.identity()));
    return new CalibrationStatistics(
        sites.stream()
            .map(
                site -> {
                  SiteStatistics added = seenOf.get(site.name());
                  return added == null ? site : site.plus(added);
                })
            .toList(),
        sums,
        remarks,
        StatisticsMerge.sum(batches, newBatches));
  }

  /** Returns these statistics with the given ones of the sums. */
  CalibrationStatistics withSums(List<SumStatistics> seen) {
    return new CalibrationStatistics(sites, seen, remarks, batches);
  }

  /** Returns the number of batches that were observed. */
  public long batches() {
    return batches;
  }

  /**
   * Returns the plan of all sites, in the order of the graph. A format that an annotation gives
   * stays; {@code method} chooses the others. Both are measured, and losses that these measures do
   * not show are remarked.
   *
   * @throws IllegalStateException if there was no batch, or if a tensor whose format must be chosen
   *     never had an element
   */
  public QuantizationPlan plan(CalibrationMethod method) {
    if (batches == 0) {
      throw new IllegalStateException(
          "a plan must come from at least one batch, but none was observed; feed one to"
              + " Calibrator.add");
    }
    return CalibrationPlan.of(this, method);
  }

  /** Returns the names of the sites that had elements, in the order of the graph. */
  public List<String> observed() {
    return sites.stream().filter(site -> site.count() > 0).map(SiteStatistics::name).toList();
  }

  /** Returns the distribution of the elements of a site, if some were observed. */
  public Optional<Distribution> distribution(String site) {
    return find(site).map(SiteStatistics::distribution);
  }

  /**
   * Returns the distribution of the elements of a site in steps of {@code format}, each channel's
   * in its own, if some were observed. Elements within half a step of a code are rounded to it.
   *
   * @throws IllegalArgumentException if the format does not fit the site's channels
   */
  public Optional<Distribution> distribution(String site, Format format) {
    return find(site).map(found -> found.distribution(format));
  }

  /**
   * Returns the measurements of the elements of a site in {@code format}, if some were observed.
   *
   * @throws IllegalArgumentException if the format does not fit the site's channels
   */
  public Optional<TensorStatistics> measure(String site, Format format) {
    return find(site).flatMap(found -> found.measure(format));
  }

  private Optional<SiteStatistics> find(String site) {
    return sites.stream()
        .filter(candidate -> candidate.name().equals(site) && candidate.count() > 0)
        .findFirst();
  }

  /**
   * Writes the statistics to a file, for another process to {@link #merge}. A file of that name is
   * replaced at once: no reader sees a part of it. A missing folder is created.
   *
   * @throws IOException if the file cannot be written
   */
  public void write(Path file) throws IOException {
    StatisticsFile.write(this, file);
  }

  /**
   * Reads the statistics that {@link #write} wrote.
   *
   * @throws IOException if the file cannot be read, is damaged, is another file, or has statistics
   *     that no calibration can have observed; the message has file and reason
   */
  public static CalibrationStatistics read(Path file) throws IOException {
    return StatisticsReader.read(file);
  }

  public List<SiteStatistics> sites() {
    return sites;
  }

  List<SumStatistics> sums() {
    return sums;
  }

  List<Remark> remarks() {
    return remarks;
  }
}
