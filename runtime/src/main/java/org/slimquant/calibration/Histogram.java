package org.slimquant.calibration;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A count of a tensor's elements in bins, with the smallest and the largest element, and the grid
 * on which all lie.
 *
 * <p>The width of a bin is 1/64 to 1/32 of its numbers. So the bins suit every magnitude and need
 * no range in advance. Subnormal numbers count as 0, because TensorFlow computes with them as 0.
 *
 * <p>Counts are integers and extremes are picked, not computed: histograms add up to the same one
 * in any order. Values are immutable, and hold the bins that are not empty.
 */
public final class Histogram {

  /** The largest number of elements. The sum of two such numbers still has 64 bits. */
  static final long MAX_COUNT = 1L << 61;

  /** The histogram of no elements. */
  static final Histogram EMPTY =
      new Histogram(
          new int[0], new long[0], Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Grid.OF_ZEROS);

  private final int[] bins;
  private final long[] counts;
  private final float min;
  private final float max;
  private final int grid;
  private final long count;

  /** A visitor of bins. */
  interface BinVisitor {

    /**
     * Takes a bin.
     *
     * @param from the lower bound of its numbers
     * @param to the upper bound, not below {@code from}
     * @param count the number of elements in it, above 0
     */
    void bin(double from, double to, long count);
  }

  /**
   * Creates a histogram.
   *
   * @param bins the bins that are not empty, ascending
   * @param counts the number of elements in each
   * @param grid a {@link Grid} of the elements
   * @throws IllegalArgumentException if a count is not positive, or if they are more than {@link
   *     #MAX_COUNT} together
   */
  Histogram(int[] bins, long[] counts, float min, float max, int grid) {
    this.bins = bins;
    this.counts = counts;
    this.min = flush(min);
    this.max = flush(max);
    this.grid = grid;
    long sum = 0;
    for (long inBin : counts) {
      if (inBin <= 0 || inBin > MAX_COUNT) {
        throw new IllegalArgumentException(
            "the counts of a histogram must be between 1 and %d, but one is %d"
                .formatted(MAX_COUNT, inBin));
      }
      sum += inBin;
      requireCountable(sum, "a histogram");
    }
    this.count = sum;
  }

  /**
   * Checks that so many elements may be counted.
   *
   * @param what the name of what counts them, for messages
   * @throws IllegalArgumentException if they are too many
   */
  static void requireCountable(long count, String what) {
    if (count > MAX_COUNT) {
      throw new IllegalArgumentException(
          "%s must count at most %d elements, but has %d".formatted(what, MAX_COUNT, count));
    }
  }

  /**
   * Returns the histogram with these counts of all bins; the extremes and the grid matter if one is
   * not 0.
   */
  static Histogram of(int[] allCounts, float min, float max, int grid) {
    int size = 0;
    for (int count : allCounts) {
      size += count > 0 ? 1 : 0;
    }
    if (size == 0) {
      return EMPTY;
    }
    int[] bins = new int[size];
    long[] counts = new long[size];
    int next = 0;
    for (int bin = 0; next < size; bin++) {
      if (allCounts[bin] > 0) {
        bins[next] = bin;
        counts[next++] = allCounts[bin];
      }
    }
    return new Histogram(bins, counts, min, max, grid);
  }

  /** Returns the histogram of {@code elements}, all finite. */
  public static Histogram of(float... elements) {
    int[] ofElements = new int[elements.length];
    float min = Float.POSITIVE_INFINITY;
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < elements.length; i++) {
      ofElements[i] = Bins.of(elements[i]);
      min = Math.min(min, elements[i]);
      max = Math.max(max, elements[i]);
    }
    Arrays.sort(ofElements);
    int[] bins = IntStream.of(ofElements).distinct().toArray();
    long[] counts = new long[bins.length];
    int at = 0;
    for (int bin : ofElements) {
      at += bin == bins[at] ? 0 : 1;
      counts[at]++;
    }
    return new Histogram(bins, counts, min, max, Grid.of(elements));
  }

  /**
   * Returns the histogram of the elements of both.
   *
   * @throws IllegalArgumentException if these are more than {@link #MAX_COUNT}
   */
  Histogram plus(Histogram other) {
    int[] sumBins = new int[bins.length + other.bins.length];
    long[] sumCounts = new long[sumBins.length];
    int size = 0;
    int i = 0;
    int j = 0;
    while (i < bins.length || j < other.bins.length) {
      int bin = Math.min(bin(i), other.bin(j));
      sumBins[size] = bin;
      sumCounts[size++] =
          (bin == bin(i) ? counts[i++] : 0) + (bin == other.bin(j) ? other.counts[j++] : 0);
    }
    return new Histogram(
        Arrays.copyOf(sumBins, size),
        Arrays.copyOf(sumCounts, size),
        Math.min(min, other.min),
        Math.max(max, other.max),
        Math.min(grid, other.grid));
  }

  /** Returns a bin that is not empty, or {@link Bins#COUNT} after the last. */
  private int bin(int index) {
    return index < bins.length ? bins[index] : Bins.COUNT;
  }

  /** Returns the number of elements that were counted. */
  long count() {
    return count;
  }

  /** Returns the smallest element; infinity if there is none. */
  float min() {
    return min;
  }

  /** Returns the largest element; negative infinity if there is none. */
  float max() {
    return max;
  }

  /** Returns a grid of the elements: they are multiples of 2 to this power. */
  int grid() {
    return grid;
  }

  /** Returns the bins that are not empty, ascending. */
  int[] bins() {
    return bins.clone();
  }

  /** Returns the number of elements in each of {@link #bins}. */
  long[] counts() {
    return counts.clone();
  }

  /**
   * Visits the bins that are not empty, always in the same order. A bin is cut to the range from
   * {@link #min} to {@link #max}, so that the bin of a constant tensor is a point.
   */
  void forEach(BinVisitor visitor) {
    forEachWhole((from, to, count) -> visitor.bin(Math.max(from, min), Math.min(to, max), count));
  }

  /** Visits the bins that are not empty as {@link #forEach} does, but does not cut them. */
  void forEachWhole(BinVisitor visitor) {
    for (int i = 0; i < bins.length; i++) {
      visitor.bin(Bins.lower(bins[i]), Bins.upper(bins[i]), counts[i]);
    }
  }

  /**
   * Returns the far end of the bin that holds the element with a given number of larger ones.
   *
   * @param above the number of larger elements, less than {@link #count}
   * @param signed whether size is {@code |x|}; else it is {@code x}, or 0 if that is negative
   */
  double magnitude(long above, boolean signed) {
    TreeMap<Integer, Long> magnitudes = new TreeMap<>();
    for (int i = 0; i < bins.length; i++) {
      boolean isZero = !signed && Bins.isNegative(bins[i]);
      magnitudes.merge(isZero ? 0 : Bins.magnitude(bins[i]), counts[i], Long::sum);
    }
    long left = above;
    for (Map.Entry<Integer, Long> magnitude : magnitudes.descendingMap().entrySet()) {
      left -= magnitude.getValue();
      if (left < 0) {
        return Bins.upper(magnitude.getKey());
      }
    }
    throw new IllegalArgumentException("%d of %d elements".formatted(above, count()));
  }

  // Also turns -0 into 0: TensorFlow may pick either.
  private static float flush(float x) {
    return Math.abs(x) < Float.MIN_NORMAL ? 0 : x;
  }

  @Override
  public boolean equals(@Nullable Object object) {
    return object instanceof Histogram other
        && Arrays.equals(bins, other.bins)
        && Arrays.equals(counts, other.counts)
        && min == other.min
        && max == other.max
        && grid == other.grid;
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(bins) + Arrays.hashCode(counts);
  }
}
