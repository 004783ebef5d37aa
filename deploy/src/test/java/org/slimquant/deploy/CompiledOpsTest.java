package org.slimquant.deploy;

import static com.google.common.truth.Truth.assertThat;
import static org.slimquant.deploy.testing.SameCodes.SEED;
import static org.slimquant.deploy.testing.SameCodes.assertSame;
import static org.slimquant.deploy.testing.UsualLayers.INPUT;
import static org.slimquant.deploy.testing.UsualLayers.KERNEL;
import static org.slimquant.deploy.testing.UsualLayers.ONES;
import static org.slimquant.deploy.testing.UsualLayers.OUTPUT;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.slimquant.deploy.testing.CodeComparison;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.slimquant.engine.IntegerEngine;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.PerChannel;
import org.slimquant.model.IntegerModel;
import org.tensorflow.Operand;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.op.math.Mean;
import org.tensorflow.op.nn.Conv2d;
import org.tensorflow.op.nn.DepthwiseConv2dNative;
import org.tensorflow.types.TFloat32;

/** Ops of every kind: their codes against TensorFlow's. */
final class CompiledOpsTest {

  @Test
  void windowsOfEveryKind() {
    for (int stride = 1; stride <= 3; stride++) {
      for (int dilation = 1; dilation <= 3; dilation++) {
        for (String padding : List.of("SAME", "VALID", "EXPLICIT")) {
          for (boolean depthwise : List.of(false, true)) {
            assertWindow(stride, dilation, padding, depthwise);
          }
        }
      }
    }
  }

  private static void assertWindow(long stride, long dilation, String padding, boolean depthwise) {
    List<Long> strides = List.of(1L, stride, depthwise ? stride : stride % 3 + 1, 1L);
    List<Long> dilations = List.of(1L, dilation, dilation % 3 + 1, 1L);
    if (depthwise || stride > 1) {
      dilations = List.of(1L, dilation, dilation, 1L);
    }
    List<Long> all = dilations;
    List<Long> explicit =
        padding.equals("EXPLICIT") ? List.of(0L, 0L, 0L, 2L, 1L, 0L, 0L, 0L) : List.of();
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 11, 9, 2)) {
      Operand<TFloat32> y =
          graph.layer(
              "layer",
              KERNEL,
              OUTPUT,
              () -> {
                Operand<TFloat32> x = graph.input("images", INPUT, graph.images);
                Operand<TFloat32> kernel = graph.kernel(KERNEL, 0.3, 3, 2, 2, 2);
                return depthwise
                    ? graph.tf.nn.depthwiseConv2dNative(
                        x,
                        kernel,
                        strides,
                        padding,
                        DepthwiseConv2dNative.dilations(all),
                        DepthwiseConv2dNative.explicitPaddings(explicit))
                    : graph.tf.nn.conv2d(
                        x,
                        kernel,
                        strides,
                        padding,
                        Conv2d.dilations(all),
                        Conv2d.explicitPaddings(explicit));
              });
      assertSame(graph, y);
    }
  }

  /** The integers by themselves: those of a kernel that has gaps. */
  @Test
  void dilatedDepthwiseConvolution() {
    float[][][][] kernel = {{{{0.5f}}, {{-0.25f}}}, {{{0.75f}}, {{0.125f}}}};
    float[][][][] gaps = {
      {{{0.5f}}, {{0}}, {{-0.25f}}}, {{{0}}, {{0}}, {{0}}}, {{{0.75f}}, {{0}}, {{0.125f}}}
    };
    for (String padding : List.of("SAME", "VALID")) {
      IntegerModel dilated = depthwise(kernel, 2, padding);
      IntegerModel wide = depthwise(gaps, 1, padding);
      int[] codes = IntegerEngine.of(wide).quantize(CodeComparison.batch(wide.input(), 40, SEED));
      assertThat(IntegerEngine.of(dilated).run(codes)).isEqualTo(IntegerEngine.of(wide).run(codes));
    }
  }

  private static IntegerModel depthwise(float[][][][] kernel, long dilation, String padding) {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 7, 6, 1)) {
      return graph.compile(
          graph.layer(
              "layer",
              graph.images,
              x ->
                  graph.tf.nn.depthwiseConv2dNative(
                      x,
                      graph.tf.constant(kernel),
                      ONES,
                      padding,
                      DepthwiseConv2dNative.dilations(List.of(1L, dilation, dilation, 1L)))));
    }
  }

  @Test
  void activationsAndPoolsOfEveryKind() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 8, 8, 2)) {
      Operand<TFloat32> conv =
          graph.layer(
              "conv",
              new PerChannel(6, List.of(-6, -4, -5)),
              FixedPoint.signed(8, -3),
              () -> convolutionOf(graph, new PerChannel(6, List.of(-6, -4, -5)), graph.images, 3));
      // 6 is a code: codes stay codes. Of a step of 4 it is none, and a layer must round.
      Operand<TFloat32> clipped = graph.tf.nn.relu6(conv);
      Operand<TFloat32> coarse =
          graph.layer(
              "coarse",
              KERNEL,
              FixedPoint.signed(4, 2),
              () ->
                  graph.tf.nn.relu6(
                      graph.input(
                          graph.tf.nn.maxPool(
                              graph.relu(clipped),
                              graph.tf.array(1, 1, 1, 1),
                              graph.tf.array(1, 1, 1, 1),
                              "VALID"))));
      Operand<TFloat32> clippedAgain = graph.layer("again", coarse, x -> graph.tf.nn.relu6(x));
      Operand<TFloat32> average =
          graph.layer(
              "average",
              KERNEL,
              FixedPoint.unsigned(5, -3),
              () ->
                  graph.relu(
                      graph.tf.nn.avgPool(
                          graph.input(clippedAgain),
                          List.of(1L, 2L, 2L, 1L),
                          List.of(1L, 1L, 1L, 1L),
                          "SAME")));
      Operand<TFloat32> mean =
          graph.layer(
              "mean",
              average,
              x -> graph.tf.math.mean(x, graph.tf.array(-2, 1), Mean.keepDims(true)));
      Operand<TFloat32> squeezed = graph.tf.squeeze(mean);

      assertThat(graph.compile(mean).output().shape()).containsExactly(1, 1, 3).inOrder();
      assertThat(assertSame(graph, mean).ops().stream().map(op -> op.name() + " " + op.range()))
          .containsExactly(
              "conv -127 .. 127",
              "Relu 0 .. 48",
              "MaxPool -127 .. 127",
              "coarse 0 .. 2",
              "again 0 .. 96",
              "average 0 .. 31",
              "mean -127 .. 127")
          .inOrder();
      assertThat(squeezed.asOutput().shape().numDimensions()).isEqualTo(-1);
    }
  }

  private static Operand<TFloat32> convolutionOf(
      QuantizedGraph graph, PerChannel kernel, Operand<TFloat32> x, int channels) {
    return graph.conv(
        graph.input("images", INPUT, x), graph.kernel(kernel, 0.3, 3, 3, 2, channels));
  }

  @Test
  void biasesOfEveryKind() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 6, 1, 2)) {
      Operand<TFloat32> y =
          graph.layer(
              "layer",
              new PerChannel(8, List.of(-7, -6, -5)),
              OUTPUT,
              () -> {
                Operand<TFloat32> sums =
                    graph.conv(
                        graph.input("images", INPUT, graph.images),
                        graph.kernel(new PerChannel(8, List.of(-7, -6, -5)), 0.3, 3, 1, 2, 3));
                Operand<TFloat32> rows = graph.tf.squeeze(sums, Squeeze.axis(List.of(2L)));
                Operand<TFloat32> twice =
                    graph.tf.math.add(
                        graph.bias(0.5, 3), graph.tf.math.add(rows, graph.bias(0.5, 3)));
                return graph.relu(twice);
              });

      IntegerModel model = assertSame(graph, y);

      assertThat(model.layer("layer").bias().stream().distinct().count()).isEqualTo(3);
      assertThat(model.output().shape()).containsExactly(6, 3).inOrder();
    }
  }

  @Test
  void biasBehindAPool() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 6, 6, 2)) {
      Operand<TFloat32> y =
          graph.layer(
              "layer",
              graph.images,
              x ->
                  graph.relu(
                      graph.addBias(
                          graph.pool(graph.conv(x, graph.kernel(KERNEL, 0.3, 3, 3, 2, 4))),
                          0.5f,
                          -1f,
                          0.125f,
                          0f)));
      assertThat(assertSame(graph, y).ops().stream().map(op -> op.type()))
          .containsExactly("Conv2D", "MaxPool")
          .inOrder();
      assertThat(graph.compile(y).tensors().get(1).name()).isEqualTo("Conv2d'''");
    }
  }

  @Test
  void joinedCodesOfOneFormat() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 8)) {
      Operand<TFloat32> first =
          graph.layer(
              "first",
              graph.images,
              x -> graph.tf.linalg.matMul(x, graph.kernel(KERNEL, 0.3, 8, 3)));
      Operand<TFloat32> second = graph.dense("second", first, 5);
      Operand<TFloat32> joined = graph.tf.concat(List.of(first, second), graph.tf.constant(-1));

      assertThat(assertSame(graph, joined).toString()).contains("Concat  Concat ");
      assertThat(graph.compile(joined).output().shape()).containsExactly(8);
    }
  }

  @Test
  void sixteenBits() {
    FixedPoint wide = FixedPoint.signed(16, -12);
    FixedPoint kernel = FixedPoint.signed(4, -2);
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 8)) {
      Operand<TFloat32> y =
          graph.layer(
              "wide",
              kernel,
              FixedPoint.signed(16, -10),
              () ->
                  graph.tf.linalg.matMul(
                      graph.input("images", wide, graph.images), graph.kernel(kernel, 0.4, 8, 6)));
      assertSame(graph, y);
    }
  }
}
