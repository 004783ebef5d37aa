package org.slimquant.deploy.compile.pass;

import static com.google.common.truth.Truth.assertThat;
import static org.slimquant.deploy.testing.SameCodes.SEED;
import static org.slimquant.deploy.testing.SameCodes.assertSame;
import static org.slimquant.deploy.testing.UsualLayers.INPUT;
import static org.slimquant.deploy.testing.UsualLayers.KERNEL;
import static org.slimquant.deploy.testing.UsualLayers.OUTPUT;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slimquant.deploy.certificate.ExactnessCertificate;
import org.slimquant.deploy.compile.graph.GraphReader;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.slimquant.deploy.testing.TimeSeries;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Max;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Means and maxima over axes of every kind, and convolutions along time. */
final class ReductionsTest {

  private static long[] longs(String numbers) {
    return List.of(numbers.split(" ")).stream().mapToLong(Long::parseLong).toArray();
  }

  private static Operand<TInt32> axes(Ops tf, String numbers) {
    int[] axes = List.of(numbers.split(" ")).stream().mapToInt(Integer::parseInt).toArray();
    return tf.array(axes);
  }

  @ParameterizedTest
  @CsvSource({
    // Rows and columns.
    "8 6 3, 1 2, false",
    "8 6 3, 2 1, true",
    "8 6 3, -2 1, false",
    "8 6 3, -3 -2, true",
    // One of them.
    "8 6 3, 1, false",
    "8 6 3, 1, true",
    "8 6 3, 2, false",
    "8 6 3, -2, true",
    // The channels, alone and with others.
    "8 6 3, 3, false",
    "8 6 3, -1, true",
    "8 6 3, 2 3, false",
    "8 6 3, 1 2 3, true",
    "8 1 3, 1 3, false",
    // Time.
    "16 3, 1, false",
    "16 3, 1, true",
    "16 3, -2, false",
    "16 3, 2, false",
    "16 3, 1 2, false",
    "1 3, 1, false",
    // Features.
    "16, 1, false",
    "16, -1, true",
    // Volumes.
    "4 3 2 5, 1, false",
    "4 3 2 5, 2 3, false",
    "4 3 2 5, 3 4, true",
    "4 3 2 5, 1 2 3, false"
  })
  void axesThatLieSideBySide(String shape, String axes, boolean keepDims) {
    for (boolean mean : List.of(true, false)) {
      try (QuantizedGraph graph = new QuantizedGraph(SEED, longs(shape))) {
        Operand<TFloat32> y =
            graph.layer(
                "reduced",
                KERNEL,
                OUTPUT,
                () -> {
                  Operand<TFloat32> x = graph.input("images", INPUT, graph.images);
                  return mean
                      ? graph.tf.math.mean(x, axes(graph.tf, axes), Mean.keepDims(keepDims))
                      : graph.tf.max(x, axes(graph.tf, axes), Max.keepDims(keepDims));
                });

        IntegerModel model = assertSame(graph, y);

        assertThat(model.output().name()).isEqualTo("reduced/SlimQuant/output");
        assertThat(model.output().shape())
            .isEqualTo(GraphReader.exampleShape(y.asOutput().shape()).orElseThrow());
      }
    }
  }

  /** A maximum keeps codes, without a layer of its own. */
  @Test
  void maximumOverTimeOutsideOfALayer() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 16, 3)) {
      Operand<TFloat32> y = graph.layer("relu", graph.images, graph::relu);
      Operand<TFloat32> largest = graph.tf.max(y, graph.tf.array(1));
      assertThat(assertSame(graph, largest).output().name()).isEqualTo("Max");
    }
  }

  @ParameterizedTest
  @CsvSource({"1, false", "1, true", "-2, false"})
  void aStackOfConvolutionsAlongTime(int axis, boolean keepDims) {
    try (QuantizedGraph graph = TimeSeries.graph(SEED)) {
      IntegerModel model = assertSame(graph, TimeSeries.add(graph, axis, keepDims));

      assertThat(model.ops().stream().map(IntegerOp::type).filter(type -> !type.equals("Reshape")))
          .containsExactly(
              "Conv2D", "DepthwiseConv2D", "MaxPool", "AveragePool", "AveragePool", "Dense")
          .inOrder();
      assertThat(ExactnessCertificate.of(model).exact()).isTrue();
    }
  }

  @Test
  void asText() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 2, 3, 4, 5)) {
      Operand<TFloat32> y = graph.tf.max(graph.images, graph.tf.array(2, 3));
      OpGraph read = PassRun.apply(PassRun.read(graph, y), new FreezeWeights(graph.session()));
      assertThat(PassRun.apply(read, new SlideReductions()).toString())
          .isEqualTo(
              """
              Input images <- []
              Reshape images''Max <- [images]
              Max Max'' <- [images''Max]
              Reshape Max <- [Max'']
              -> Max""");
    }
  }
}
