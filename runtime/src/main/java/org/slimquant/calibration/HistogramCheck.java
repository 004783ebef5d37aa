package org.slimquant.calibration;

/** Checks that elements can have a histogram that was read from a file. */
final class HistogramCheck {

  private HistogramCheck() {}

  /**
   * Checks a histogram.
   *
   * @throws IllegalArgumentException if its bins are not ascending or hold no numbers, if they do
   *     not lie between its extremes, or if its grid is none of float32
   */
  static void check(Histogram histogram) {
    checkBins(histogram.bins());
    checkExtremes(histogram);
    int grid = histogram.grid();
    if (grid != Grid.OF_ZEROS && (grid < Grid.OF_ANY || grid > Float.MAX_EXPONENT)) {
      throw new IllegalArgumentException(
          "the grid of a histogram must be between %d and %d, but is %d"
              .formatted(Grid.OF_ANY, Float.MAX_EXPONENT, grid));
    }
  }

  private static void checkBins(int[] bins) {
    for (int i = 0; i < bins.length; i++) {
      if (bins[i] < 0 || bins[i] >= Bins.COUNT || (i > 0 && bins[i] <= bins[i - 1])) {
        throw new IllegalArgumentException(
            "the bins of a histogram must ascend between 0 and %d, but %d does not"
                .formatted(Bins.COUNT - 1, bins[i]));
      }
      if (!Bins.isFinite(bins[i])) {
        throw new IllegalArgumentException(
            "the bins of a histogram must hold finite numbers, but %d does not".formatted(bins[i]));
      }
    }
  }

  private static void checkExtremes(Histogram histogram) {
    float min = histogram.min();
    float max = histogram.max();
    boolean fits =
        histogram.count() == 0
            ? min == Float.POSITIVE_INFINITY && max == Float.NEGATIVE_INFINITY
            : Float.isFinite(min) && Float.isFinite(max) && min <= max;
    if (!fits) {
      throw new IllegalArgumentException(
          "the extremes of a histogram of %d elements must be such, but are %s and %s"
              .formatted(histogram.count(), min, max));
    }
    histogram.forEach(
        (from, to, count) -> {
          if (from > to) {
            throw new IllegalArgumentException(
                "the bins of a histogram must lie between %s and %s, but one does not"
                    .formatted(min, max));
          }
        });
  }
}
