package org.slimquant.benchmarks.inference;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slimquant.model.IntegerModel;

/** Tests that all compared ways compute the same network. */
final class WayTest {

  private static final int BATCH = 2;

  @ParameterizedTest
  @EnumSource(BenchmarkNetwork.class)
  void everyWayComputesTheNetwork(BenchmarkNetwork network) throws IOException {
    Workload workload = network.workload(BATCH, 1);
    float[] expected = workload.expected();
    float step = workload.model().output().format().dequantize(1);
    // Rounding of inner tensors, amplified by the layers after them; and clamps, which floats do
    // not have.
    int ofIntegers = network == BenchmarkNetwork.CONVOLUTIONS ? 8 : 1;
    int ofFloats = network == BenchmarkNetwork.CONVOLUTIONS ? 256 : 2;
    for (Way way : Way.with(1)) {
      float[] output = output(way, workload);
      way.check(workload, output);
      double codes = largestDistance(output, expected) / step;
      assertWithMessage("codes that %s differs by", way)
          .that(codes)
          .isAtMost(
              switch (way) {
                case ONNX_OPERATORS, ONNX_INT8, ENGINE, C -> 0;
                case ONNX_QDQ, TENSORFLOW_LITE -> ofIntegers;
                case ONNX_FLOAT, TENSORFLOW -> ofFloats;
              });
    }
  }

  @ParameterizedTest
  @EnumSource(BenchmarkNetwork.class)
  void twoThreadsComputeTheSame(BenchmarkNetwork network) throws IOException {
    Workload workload = network.workload(BATCH, 2);
    assertThat(Way.with(2)).containsNoneOf(Way.ENGINE, Way.C);
    for (Way way : Way.with(2)) {
      way.check(workload, output(way, workload));
    }
  }

  @ParameterizedTest
  @EnumSource(BenchmarkNetwork.class)
  void floatsAreThoseOfTheSameNetwork(BenchmarkNetwork network) throws IOException {
    Workload workload = network.workload(BATCH, 1);

    float[] onnx = output(Way.ONNX_FLOAT, workload);
    float[] tensorFlow = output(Way.TENSORFLOW, workload);

    assertThat(largestDistance(onnx, tensorFlow)).isLessThan(1e-4);
  }

  /** Otherwise a network with a constant output would pass. */
  @ParameterizedTest
  @EnumSource(BenchmarkNetwork.class)
  void outputsDiffer(BenchmarkNetwork network) {
    IntegerModel model = network.model();
    float[] expected = network.workload(16, 1).expected();
    int max = model.output().format().maxCode();
    float limit = model.output().format().dequantize(max);

    assertThat(distinct(expected)).isAtLeast(10);
    long clamped =
        IntStream.range(0, expected.length).filter(i -> Math.abs(expected[i]) == limit).count();
    assertThat(clamped).isAtMost(expected.length / 100);
  }

  @Test
  void anotherNetwork() {
    Workload workload = BenchmarkNetwork.FASHION.workload(BATCH, 1);
    float[] others = BenchmarkNetwork.DIGITS.workload(BATCH, 1).expected();

    IllegalStateException differs =
        assertThrows(IllegalStateException.class, () -> Way.TENSORFLOW.check(workload, others));

    assertThat(differs)
        .hasMessageThat()
        .startsWith("TensorFlow, float must compute what the engine computes of fashion, but");
  }

  @Test
  void notANumber() {
    Workload workload = BenchmarkNetwork.FASHION.workload(BATCH, 1);
    float[] output = workload.expected();
    output[3] = Float.NaN;

    assertThrows(IllegalStateException.class, () -> Way.ONNX_FLOAT.check(workload, output));
  }

  private static float[] output(Way way, Workload workload) throws IOException {
    try (NetworkRunner runner = way.open(workload)) {
      return runner.output();
    }
  }

  private static double largestDistance(float[] a, float[] b) {
    return distances(a, b).max().orElseThrow();
  }

  private static DoubleStream distances(float[] a, float[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> Math.abs(a[i] - b[i]));
  }

  private static long distinct(float[] values) {
    return IntStream.range(0, values.length).mapToObj(i -> values[i]).distinct().count();
  }
}
