package org.slimquant.calibration;

import org.slimquant.format.FixedPoint;

/**
 * The error that a format causes in the elements of a histogram.
 *
 * <p>Within a bin {@code [a, b]} the elements are taken to be spread evenly, so that their squared
 * error is its mean over the bin. With {@code u = x / step}, code {@code k(u) = clamp(floor(u +
 * 1/2))} and the antiderivative {@code G(u) = k/12 + (u - k)^3 / 3}, that is exactly
 *
 * <pre>{@code
 * step^2 * (G(b / step) - G(a / step)) / (b / step - a / step)
 * }</pre>
 *
 * <p>The error of this: an element whose code does not saturate has at most {@code step^2 / 4}, for
 * which bins wider than a step count {@code step^2 / 12}. This matters only for tensors of a few
 * distinct values, since otherwise it averages out. An element that saturates is known to 1/32 of
 * its size. For a constant tensor, and for one of zeros, the estimate is exact.
 *
 * <p>Elements on a {@link Grid} that is not finer than the step are rounded exactly. They lose only
 * by saturation: {@code (u - k)^2} beyond the first and the last code.
 *
 * @param signal the sum of {@code x^2}
 * @param noise the sum of {@code (q(x) - x)^2}
 * @param clipped the number of elements whose code saturates
 * @param count the number of elements
 */
record QuantizationError(double signal, double noise, double clipped, long count) {

  static final QuantizationError NONE = new QuantizationError(0, 0, 0, 0);

  /** Returns the error that {@code format} causes in the elements of {@code histogram}. */
  static QuantizationError of(Histogram histogram, FixedPoint format) {
    Sum sum = new Sum(format, format.frac() <= histogram.grid());
    histogram.forEach(sum);
    return new QuantizationError(sum.signal, sum.noise, sum.clipped, histogram.count());
  }

  QuantizationError plus(QuantizationError other) {
    return new QuantizationError(
        signal + other.signal, noise + other.noise, clipped + other.clipped, count + other.count);
  }

  /** Returns the share of the elements whose code saturates. */
  double clippedShare() {
    return count == 0 ? 0 : clipped / count;
  }

  /** Returns the signal-to-quantization-noise ratio in decibels. */
  double sqnrDb() {
    return noise == 0 ? Double.POSITIVE_INFINITY : 10 * Math.log10(signal / noise);
  }

  private static final class Sum implements Histogram.BinVisitor {

    private final FixedPoint format;
    private final boolean onGrid;
    private double signal;
    private double noise;
    private double clipped;

    Sum(FixedPoint format, boolean onGrid) {
      this.format = format;
      this.onGrid = onGrid;
    }

    @Override
    public void bin(double from, double to, long count) {
      double a = Math.scalb(from, -format.frac());
      double b = Math.scalb(to, -format.frac());
      signal += count * meanSquare(from, to);
      double error = onGrid ? squaredExcess(a, b) : squaredError(a, b);
      noise += count * Math.scalb(error, 2 * format.frac());
      clipped += count * saturated(a, b);
    }

    private double squaredError(double a, double b) {
      double codeA = code(a);
      double codeB = code(b);
      return codeA == codeB
          ? meanSquare(a - codeA, b - codeB)
          : (codeB / 12 + cube(b - codeB) / 3 - codeA / 12 - cube(a - codeA) / 3) / (b - a);
    }

    /** Returns the mean over {@code [a, b]} of the squared distance from the range of codes. */
    private double squaredExcess(double a, double b) {
      double excessA = excess(a);
      double excessB = excess(b);
      return a == b ? excessA * excessA : (cube(excessB) - cube(excessA)) / 3 / (b - a);
    }

    private double excess(double u) {
      return u - Math.max(format.minCode(), Math.min(format.maxCode(), u));
    }

    private double code(double u) {
      return Math.max(format.minCode(), Math.min(format.maxCode(), Math.floor(u + 0.5)));
    }

    /** Returns the share of {@code [a, b]} that lies outside of the codes' half-open cells. */
    private double saturated(double a, double b) {
      double low = format.minCode() - 0.5;
      double high = format.maxCode() + 0.5;
      if (a == b) {
        return a < low || a >= high ? 1 : 0;
      }
      double inside = Math.max(0, Math.min(b, high) - Math.max(a, low));
      return 1 - inside / (b - a);
    }

    /** Returns the mean of {@code x^2} over {@code [a, b]}. */
    private static double meanSquare(double a, double b) {
      return (a * a + a * b + b * b) / 3;
    }

    private static double cube(double x) {
      return x * x * x;
    }
  }
}
