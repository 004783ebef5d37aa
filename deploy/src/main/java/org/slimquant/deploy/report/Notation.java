package org.slimquant.deploy.report;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.Format;
import org.slimquant.model.Kernel;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.TensorStatistics;

/** Writes formats and numbers as the report shows them. */
final class Notation {

  private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
  private static final int KIBI = 1024;
  private static final int MANY_DIGITS = 100;
  private static final double SMALLEST_PERCENT = 0.001;
  private static final double SMALLEST_PLAIN = 1e-3;
  private static final double LARGEST_PLAIN = 1e6;

  private Notation() {}

  /** Returns a format: {@code int8 · 2⁻⁷}, or {@code int8 · 2⁻⁹…2⁻⁶} of several channels. */
  static String format(Format format) {
    return format(format.signed(), format.bits(), format.fracs());
  }

  static String format(FixedPoint format) {
    return format(format.signed(), format.bits(), List.of(format.frac()));
  }

  static String format(Kernel kernel) {
    return format(kernel.signed(), kernel.bits(), kernel.exponents());
  }

  static String format(boolean signed, int bits, List<Integer> exponents) {
    return "%sint%d · %s".formatted(signed ? "" : "u", bits, steps(exponents));
  }

  /** Returns the step of a format, or the smallest and the largest of several channels. */
  static String steps(List<Integer> exponents) {
    int smallest = Collections.min(exponents);
    int largest = Collections.max(exponents);
    return power(smallest) + (smallest == largest ? "" : "…" + power(largest));
  }

  /** Returns a power of two: {@code 2⁻⁷}. */
  static String power(int exponent) {
    return "2"
        + (exponent < 0 ? "⁻" : "")
        + String.valueOf(Math.abs(exponent))
            .chars()
            .mapToObj(digit -> SUPERSCRIPTS.substring(digit - '0', digit - '0' + 1))
            .collect(Collectors.joining());
  }

  /** Returns the range of a format: {@code −0.9922 … 0.9922}; nothing if channels differ. */
  static String range(Format format) {
    return format instanceof FixedPoint fixed
        ? number(fixed.min()) + " … " + number(fixed.max())
        : "";
  }

  /** Returns a number with four significant digits. */
  static String number(double x) {
    if (x == 0 || !Double.isFinite(x)) {
      return x == 0 ? "0" : String.valueOf(x);
    }
    double size = Math.abs(x);
    String text;
    if (size < SMALLEST_PLAIN || size >= LARGEST_PLAIN) {
      text = String.format(Locale.ROOT, "%.2e", x);
    } else {
      int decimals = Math.max(0, 3 - (int) Math.floor(Math.log10(size)));
      text = String.format(Locale.ROOT, "%." + decimals + "f", x);
      text = text.contains(".") ? text.replaceFirst("\\.?0+$", "") : text;
    }
    return text.replace('-', '−');
  }

  /** Returns a count with separators: {@code 1,352}. */
  static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** Returns a share in percent. */
  static String percent(double share) {
    double percent = 100 * share;
    if (percent == 0) {
      return "0 %";
    }
    return percent < SMALLEST_PERCENT
        ? "< 0.001 %"
        : percent < 1
            ? String.format(Locale.ROOT, "%.3f %%", percent)
            : String.format(Locale.ROOT, "%.2f %%", percent);
  }

  /** Returns the share of the nonzero elements that become 0; nothing if it is not known. */
  static String lostShare(TensorStatistics measure) {
    return measure.lostShare().isPresent() ? percent(measure.lostShare().getAsDouble()) : "";
  }

  /** Returns a ratio in decibels. */
  static String decibels(double ratio) {
    if (ratio == Double.POSITIVE_INFINITY) {
      return "exact";
    }
    return ratio == Double.NEGATIVE_INFINITY
        ? "noise only"
        : String.format(Locale.ROOT, "%.1f dB", ratio).replace('-', '−');
  }

  /** Returns a number of bits, which may be negative. */
  static String bits(int bits) {
    return "%d %s".formatted(bits, Math.abs(bits) == 1 ? "bit" : "bits").replace('-', '−');
  }

  /** Returns a size in memory: {@code 81 KiB}. */
  static String bytes(long bytes) {
    if (bytes < KIBI) {
      return bytes + " B";
    }
    double size = (double) bytes / KIBI;
    String unit = "KiB";
    if (size >= KIBI) {
      size /= KIBI;
      unit = "MiB";
    }
    return String.format(Locale.ROOT, size < MANY_DIGITS ? "%.1f %s" : "%.0f %s", size, unit);
  }

  /** Returns a shape: {@code 28×28×16}. */
  static String shape(List<Integer> shape) {
    return shape.stream().map(String::valueOf).collect(Collectors.joining("×"));
  }

  /** Returns the role of a tensor in its layer, in lower case. */
  static String kind(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  /** Returns a name that fits into a number of characters, without its middle if necessary. */
  static String shortened(String name, int length) {
    if (name.length() <= length) {
      return name;
    }
    int head = (length - 1) / 2;
    int tail = length - 1 - head;
    // Neither part may end in half a character.
    int from = name.length() - tail;
    head -= Character.isHighSurrogate(name.charAt(head - 1)) ? 1 : 0;
    from += Character.isLowSurrogate(name.charAt(from)) ? 1 : 0;
    return name.substring(0, head) + "…" + name.substring(from);
  }
}
