package org.slimquant.deploy.onnx.operators;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slimquant.deploy.onnx.graph.Layout;
import org.slimquant.deploy.onnx.graph.OnnxGraph;
import org.slimquant.deploy.onnx.graph.Value;
import org.slimquant.model.AveragePool;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Codes;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Padding;
import org.slimquant.model.Window;
import org.slimquant.model.analysis.CodeRanges;
import org.slimquant.model.analysis.SumBounds;
import org.slimquant.model.analysis.WindowCounts;

/**
 * Writes means. A convolution with ones computes the sums, and its scale divides them.
 *
 * <p>Windows that reach beyond the image have fewer elements. In that case, and if no scale is
 * exact, sums of 32 bits are divided by the number of elements of each window.
 */
final class AverageForm {

  // The kernel that adds the elements has a byte for each.
  private static final int MAX_ONES = 1 << 26;

  // A mean of elements becomes 0 at this shift and at any larger one.
  private static final int LARGEST_COARSER = 10;
  private static final long LARGEST_NUMERATOR = 1L << 30;

  private final OnnxGraph graph;
  private final ElementOps elements;
  private final ConvolutionOps convolutions;
  private final CodeRanges ranges;

  AverageForm(OnnxGraph graph, ElementOps elements, CodeRanges ranges) {
    this.graph = graph;
    this.elements = elements;
    convolutions = new ConvolutionOps(graph, elements);
    this.ranges = ranges;
  }

  /**
   * Adds a mean.
   *
   * @throws IllegalArgumentException if the mean needs more than 32 bits
   */
  Uint8Tensor write(AveragePool pool, Uint8Tensor input) {
    Window window = pool.window();
    int count = count(pool);
    int exponent = pool.output().format().frac();
    int shift = exponent - input.exponent();
    CodeRange codes = ranges.of(pool.output());
    int zeroPoint = Uint8Tensor.zeroPoint(codes);
    Convolution sum = sum(pool, input);
    Value mean;
    if (window.padding().equals(Padding.NONE) && Integer.bitCount(count) == 1) {
      Sums sums =
          Sums.alike(
              sum.channels(),
              SumBounds.of(input.codes(), count),
              shift + Integer.numberOfTrailingZeros(count));
      mean = convolutions.convolve(sum, sums, pool.range(), exponent, zeroPoint);
    } else {
      Optional<HalfUpRounding> rounding =
          window.padding().equals(Padding.NONE) && shift <= LARGEST_COARSER
              ? HalfUpRounding.ofMean(
                  sum.channels(),
                  (long) count << Math.max(0, shift),
                  Math.max(0, -shift),
                  zeroPoint)
              : Optional.empty();
      Optional<Value> fast = rounding.flatMap(way -> convolutions.qLinear(sum, way, exponent));
      Value rounded = fast.isPresent() ? fast.get() : divide(pool, sum, shift, zeroPoint);
      mean =
          elements.clamp(
              rounded, pool.name(), input.codes(exponent, ElementOps.ANY), zeroPoint, pool.range());
    }
    Value shaped =
        Layout.isImage(pool.output())
            ? mean
            : graph.reshape(
                graph.toChannelsLast(mean, pool.name()), pool.name(), Layout.shape(pool.output()));
    return new Uint8Tensor(shaped, pool.output(), codes);
  }

  /**
   * Returns the number of elements of a window.
   *
   * @throws IllegalArgumentException if a kernel with so many ones for each channel is too large
   */
  private static int count(AveragePool pool) {
    long count = (long) pool.window().height() * pool.window().width();
    if (count > MAX_ONES || count * pool.input().shape().get(2) > MAX_ONES) {
      throw new IllegalArgumentException(
          "op %s must have a mean of at most %d elements of all channels to be written in ONNX, but has windows of %d elements in %d channels; use a smaller window"
              .formatted(pool.name(), MAX_ONES, count, pool.input().shape().get(2)));
    }
    return (int) count;
  }

  private Convolution sum(AveragePool pool, Uint8Tensor input) {
    IntegerTensor output = pool.output();
    int channels = pool.input().shape().get(2);
    Window window = pool.window();
    int[] ones = new int[channels * window.height() * window.width()];
    Arrays.fill(ones, 1);
    List<Integer> places = output.rank() == 1 ? List.of(1, 1) : output.shape().subList(0, 2);
    return new Convolution(
        pool.name(),
        input.value(),
        input.zeroPoint(),
        input.exponent(),
        Codes.of(ones),
        List.of((long) channels, 1L, (long) window.height(), (long) window.width()),
        DataType.INT8,
        0,
        Codes.zeros(channels),
        window,
        channels,
        List.of(Value.BATCH, (long) channels, (long) places.get(0), (long) places.get(1)));
  }

  /**
   * Adds {@code floor((2·sum·2^f + d) / (2·d))} with {@code d = count·2^t}. The output's step is
   * finer by {@code 2^f} or coarser by {@code 2^t}.
   */
  private Value divide(AveragePool pool, Convolution convolution, int shift, int zeroPoint) {
    String name = pool.name();
    int finer = Math.max(0, -shift);
    int coarser = Math.max(0, Math.min(LARGEST_COARSER, shift));
    WindowCounts counts = WindowCounts.of(pool);
    int[] divisors = counts.all();
    int largest = counts.largest();
    long up = (((long) Uint8Tensor.MAX) << finer) + 1;
    if (2 * ((long) largest << coarser) * (2 * up + 1) > LARGEST_NUMERATOR) {
      throw new IllegalArgumentException(
          "op %s must have a mean whose steps and counts fit into 32 bits to be written in ONNX, but has up to %d elements from %s to %s; use a smaller window or closer formats"
              .formatted(name, largest, pool.input(), pool.output()));
    }
    SumBounds bounds = SumBounds.of(new CodeRange(-Uint8Tensor.MAX, Uint8Tensor.MAX), largest);
    Value sum = convolutions.sums(convolution, Sums.alike(convolution.channels(), bounds, 0));
    Value doubled = elements.arithmetic("Mul", name, sum, new int[] {2 << finer}, 1);
    List<Integer> shape = pool.output().shape();
    List<Long> places =
        pool.output().rank() == 1
            ? List.of(1L, 1L)
            : List.of((long) shape.get(0), (long) shape.get(1));
    int[] added =
        Arrays.stream(divisors)
            .map(d -> (int) ((d << coarser) + 2L * (d << coarser) * up))
            .toArray();
    int[] doubles = Arrays.stream(divisors).map(d -> 2 * (d << coarser)).toArray();
    // Div truncates towards 0, so the dividend is made positive.
    Value positive =
        graph.like(
            doubled, "Add", name, graph.codes(name + "/half", DataType.INT32, places, added));
    Value mean =
        graph.like(
            positive, "Div", name, graph.codes(name + "/count", DataType.INT32, places, doubles));
    Value codes = elements.arithmetic("Add", name, mean, new int[] {(int) -up}, 0);
    return elements.saturate(name, codes, zeroPoint);
  }
}
