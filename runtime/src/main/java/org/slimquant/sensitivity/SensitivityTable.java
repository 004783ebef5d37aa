package org.slimquant.sensitivity;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.slimquant.io.TextTable;
import org.slimquant.sensitivity.Sensitivity.Effect;
import org.slimquant.sensitivity.Sensitivity.SiteEffects;

/**
 * A sensitivity as text, a row for each site:
 *
 * <pre>{@code
 * quantized alone         format       dB at d  d - 1  d + 1  accuracy at d  d - 1   d + 1
 * none                                                        0.9888
 * conv2/SlimQuant/kernel  int8 * 2^-7  34.1     31.0   29.9   0.9865         0.9865  0.9820
 * conv1/SlimQuant/bias    int32 * 2^…  exact                  0.9888
 * aux/SlimQuant/output    int8 * 2^-4  unread
 * }</pre>
 */
final class SensitivityTable {

  private static final List<Integer> SHIFTS = List.of(0, -1, 1);

  private SensitivityTable() {}

  static String of(Sensitivity sensitivity) {
    boolean labelled = sensitivity.floatAccuracy().isPresent();
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        row(
            labelled,
            "quantized alone",
            "format",
            List.of("dB at d", "d - 1", "d + 1"),
            List.of("accuracy at d", "d - 1", "d + 1")));
    if (labelled) {
      rows.add(
          row(
              true,
              "none",
              "",
              List.of("", "", ""),
              List.of(share(sensitivity.floatAccuracy()), "", "")));
    }
    for (SiteEffects site : sensitivity.worstFirst()) {
      rows.add(
          row(
              labelled,
              site.site().name(),
              site.site().format().toString(),
              site.effects().isEmpty()
                  ? List.of("unread", "", "")
                  : SHIFTS.stream().map(shift -> decibels(site.at(shift))).toList(),
              SHIFTS.stream()
                  .map(shift -> site.at(shift).map(effect -> share(effect.accuracy())).orElse(""))
                  .toList()));
    }
    return TextTable.of(rows);
  }

  private static List<String> row(
      boolean labelled,
      String site,
      String format,
      List<String> decibels,
      List<String> accuracies) {
    List<String> row = new ArrayList<>(List.of(site, format));
    row.addAll(decibels);
    if (labelled) {
      row.addAll(accuracies);
    }
    return row;
  }

  private static String decibels(Optional<Effect> effect) {
    if (effect.isEmpty()) {
      return "";
    }
    double sqnrDb = effect.get().sqnrDb();
    return sqnrDb == Double.POSITIVE_INFINITY
        ? "exact"
        : sqnrDb == Double.NEGATIVE_INFINITY
            ? "noise only"
            : String.format(Locale.ROOT, "%.1f", sqnrDb);
  }

  private static String share(OptionalDouble accuracy) {
    return accuracy.isEmpty() ? "" : String.format(Locale.ROOT, "%.4f", accuracy.getAsDouble());
  }
}
