package org.slimquant.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slimquant.format.Exponents;
import org.slimquant.format.Format;
import org.slimquant.format.PerChannel;
import org.slimquant.io.TextTable;
import org.slimquant.plan.QuantizationPlan.Site;

/**
 * The differences between the sites of two plans.
 *
 * <pre>{@code
 * site                    change  before       after
 * conv1/SlimQuant/kernel  frac    -7           -6
 * conv1/SlimQuant/kernel  source  MIN_MSE of…  hand
 * dense/SlimQuant/output  added                int8 * 2^-4
 * }</pre>
 *
 * <p>Kind, bits, sign, exponents and source count. The order of the sites, the names and origins of
 * tensors, the measurements of calibration, and remarks do not.
 *
 * @param changes the sites that differ: those of the first plan in its order, then those that only
 *     the second has
 */
public record PlanDiff(List<Change> changes) {

  /** The largest number of channels whose exponents are listed. */
  private static final int LISTED_CHANNELS = 8;

  /**
   * A site that differs.
   *
   * @param name the name of the site
   * @param before the site in the first plan; none if it was added
   * @param after the site in the second plan; none if it was removed
   */
  public record Change(String name, Optional<Site> before, Optional<Site> after) {}

  /** Creates a difference. */
  public PlanDiff {
    changes = List.copyOf(changes);
  }

  static PlanDiff of(QuantizationPlan before, QuantizationPlan after) {
    Map<String, Site> first = byName(before);
    Map<String, Site> second = byName(after);
    return new PlanDiff(
        Stream.concat(first.keySet().stream(), second.keySet().stream())
            .distinct()
            .map(
                name ->
                    new Change(
                        name,
                        Optional.ofNullable(first.get(name)),
                        Optional.ofNullable(second.get(name))))
            .filter(change -> !rows(change).isEmpty())
            .toList());
  }

  /** Returns whether the plans quantize alike. */
  public boolean isEmpty() {
    return changes.isEmpty();
  }

  /** Returns a table with a row for each change, or the empty string if there is none. */
  @Override
  public String toString() {
    if (isEmpty()) {
      return "";
    }
    return TextTable.of(
        Stream.concat(
                Stream.of(List.of("site", "change", "before", "after")),
                changes.stream().flatMap(change -> rows(change).stream()))
            .toList());
  }

  private static List<List<String>> rows(Change change) {
    if (change.before().isEmpty() || change.after().isEmpty()) {
      return List.of(
          List.of(
              change.name(),
              change.before().isEmpty() ? "added" : "removed",
              change.before().map(PlanDiff::format).orElse(""),
              change.after().map(PlanDiff::format).orElse("")));
    }
    Site before = change.before().get();
    Site after = change.after().get();
    List<List<String>> rows = new ArrayList<>();
    addRow(rows, change, "kind", kind(before), kind(after));
    addRow(rows, change, "bits", before.format().bits(), after.format().bits());
    addRow(rows, change, "signed", before.format().signed(), after.format().signed());
    addFracs(rows, change, before.format(), after.format());
    addRow(rows, change, "source", before.source(), after.source());
    return rows;
  }

  private static void addRow(
      List<List<String>> rows, Change change, String property, Object before, Object after) {
    if (!Objects.equals(before, after)) {
      rows.add(List.of(change.name(), property, before.toString(), after.toString()));
    }
  }

  private static void addFracs(
      List<List<String>> rows, Change change, Format before, Format after) {
    List<Integer> first = before.fracs();
    List<Integer> second = after.fracs();
    if (before instanceof PerChannel != after instanceof PerChannel
        || first.size() != second.size()) {
      addRow(rows, change, "frac", summary(before), summary(after));
      return;
    }
    if (first.size() == 1) {
      addRow(rows, change, "frac", first.get(0), second.get(0));
      return;
    }
    int[] channels =
        IntStream.range(0, first.size())
            .filter(channel -> !first.get(channel).equals(second.get(channel)))
            .toArray();
    if (channels.length > 0) {
      rows.add(
          List.of(
              change.name(),
              channels.length > LISTED_CHANNELS
                  ? "frac of %d channels, the first being %s"
                      .formatted(channels.length, list(channels))
                  : "frac of channel " + list(channels),
              list(channels, first),
              list(channels, second)));
    }
  }

  private static String list(int[] channels) {
    return IntStream.of(channels)
        .limit(LISTED_CHANNELS)
        .mapToObj(String::valueOf)
        .collect(Collectors.joining(", "));
  }

  private static String list(int[] channels, List<Integer> fracs) {
    return list(IntStream.of(channels).map(fracs::get).toArray());
  }

  private static String summary(Format format) {
    List<Integer> fracs = format.fracs();
    boolean perChannel = format instanceof PerChannel || fracs.size() > 1;
    String range = Exponents.range(fracs);
    return perChannel
        ? "%s (%d %s)".formatted(range, fracs.size(), fracs.size() == 1 ? "channel" : "channels")
        : range;
  }

  private static String format(Site site) {
    return "%s %s".formatted(kind(site), site.format());
  }

  private static String kind(Site site) {
    return site.kind().name().toLowerCase(Locale.ROOT);
  }

  private static Map<String, Site> byName(QuantizationPlan plan) {
    Map<String, Site> sites = new LinkedHashMap<>();
    plan.sites().forEach(site -> sites.put(site.name(), site));
    return sites;
  }
}
