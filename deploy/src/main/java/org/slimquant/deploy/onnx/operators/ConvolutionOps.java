package org.slimquant.deploy.onnx.operators;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slimquant.deploy.onnx.graph.Attributes;
import org.slimquant.deploy.onnx.graph.OnnxGraph;
import org.slimquant.deploy.onnx.graph.Value;
import org.slimquant.model.CodeRange;

/** Writes convolutions of elements. Their sums are rounded half up. */
final class ConvolutionOps {

  // Sums below this leave room in an int32 for a half, an offset and a shift.
  private static final long LARGEST_SUM = 1L << 28;

  private final OnnxGraph graph;
  private final ElementOps elements;

  ConvolutionOps(OnnxGraph graph, ElementOps elements) {
    this.graph = graph;
    this.elements = elements;
  }

  /**
   * Adds a convolution that is rounded to the output's grid: a QLinearConv if that can be exact,
   * else a ConvInteger and arithmetic in int32.
   *
   * @param range the codes that the output is clamped to
   * @param exponent the exponent of the output's step
   * @param zeroPoint the output's zero point
   */
  Value convolve(Convolution convolution, Sums sums, CodeRange range, int exponent, int zeroPoint) {
    Optional<Value> fast =
        HalfUpRounding.of(sums, zeroPoint).flatMap(way -> qLinear(convolution, way, exponent));
    Value rounded =
        fast.isPresent()
            ? fast.get()
            : elements.shift(
                convolution.name(), sums(convolution, sums), convolution.bias(), sums, zeroPoint);
    return elements.clamp(
        rounded, convolution.name(), sums.codes(ElementOps.ANY), zeroPoint, range);
  }

  /**
   * Adds a QLinearConv, if the scales are normal float32. ONNX Runtime's product and quotient of
   * them are exact then.
   *
   * @param exponent the exponent of the output's step
   */
  Optional<Value> qLinear(Convolution convolution, HalfUpRounding rounding, int exponent) {
    int channels = convolution.channels();
    int[] bias = new int[channels];
    float[] scales = new float[channels];
    for (int channel = 0; channel < channels; channel++) {
      bias[channel] = convolution.bias().get(channel) + rounding.offset().get(channel);
      float scale = rounding.scale().get(channel);
      scales[channel] = Math.scalb(scale, exponent - convolution.inputExponent());
      if (!isNormal(scales[channel]) || !isNormal(Math.scalb(scale, exponent))) {
        return Optional.empty();
      }
    }
    String name = convolution.name();
    boolean alike = Arrays.equals(scales, same(scales[0], channels));
    return Optional.of(
        graph.add(
            "QLinearConv",
            name,
            Uint8Tensor.TYPE,
            convolution.outputShape(),
            List.of(
                convolution.input().name(),
                graph.scalar(Math.scalb(1f, convolution.inputExponent())),
                graph.scalar(Uint8Tensor.TYPE, convolution.inputZeroPoint()),
                weights(convolution),
                alike
                    ? graph.scalar(scales[0])
                    : graph.floats(name + "/scale", List.of((long) channels), scales),
                // Not shared: with x64quantprecision ONNX Runtime converts it, and cannot do so
                // twice.
                graph.codes(
                    name + "/kernel/zero",
                    convolution.weightType(),
                    List.of(),
                    convolution.weightZeroPoint()),
                graph.scalar(Math.scalb(1f, exponent)),
                graph.scalar(Uint8Tensor.TYPE, rounding.zeroPoint()),
                graph.codes(name + "/bias", DataType.INT32, List.of((long) channels), bias)),
            Attributes.convolution(convolution.window(), convolution.group())));
  }

  private static boolean isNormal(float number) {
    return number >= Float.MIN_NORMAL && number <= Float.MAX_VALUE;
  }

  private static float[] same(float number, int count) {
    float[] numbers = new float[count];
    Arrays.fill(numbers, number);
    return numbers;
  }

  private String weights(Convolution convolution) {
    return graph.codes(
        convolution.name() + "/kernel",
        convolution.weightType(),
        convolution.weightShape(),
        convolution.weights().toArray());
  }

  /**
   * Adds a convolution without a bias, whose output are the sums in 32 bits.
   *
   * @throws IllegalArgumentException if the sums need more bits
   */
  Value sums(Convolution convolution, Sums sums) {
    if (sums.bound() >= LARGEST_SUM) {
      throw new IllegalArgumentException(
          "op %s must have sums below 2^28 to be written in ONNX, but they can reach %d; use fewer inputs or fewer bits"
              .formatted(convolution.name(), sums.bound()));
    }
    // ONNX Runtime implements ConvInteger for uint8 weights only.
    int zeroPoint = convolution.weightZeroPoint();
    int[] weights = convolution.weights().toArray();
    if (convolution.weightType() == DataType.INT8) {
      zeroPoint = 128;
      weights = Arrays.stream(weights).map(weight -> weight + 128).toArray();
    }
    return graph.add(
        "ConvInteger",
        convolution.name(),
        DataType.INT32,
        convolution.outputShape(),
        List.of(
            convolution.input().name(),
            graph.codes(
                convolution.name() + "/kernel", DataType.UINT8, convolution.weightShape(), weights),
            graph.scalar(Uint8Tensor.TYPE, convolution.inputZeroPoint()),
            graph.scalar(DataType.UINT8, zeroPoint)),
        Attributes.convolution(convolution.window(), convolution.group()));
  }
}
