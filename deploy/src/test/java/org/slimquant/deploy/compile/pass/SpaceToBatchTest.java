package org.slimquant.deploy.compile.pass;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.slimquant.deploy.compile.pass.PassRun.apply;
import static org.slimquant.deploy.compile.pass.PassRun.assertRewritten;
import static org.slimquant.deploy.compile.pass.PassRun.read;
import static org.slimquant.deploy.testing.SameCodes.SEED;
import static org.slimquant.deploy.testing.SameCodes.assertSame;
import static org.slimquant.deploy.testing.UsualLayers.INPUT;
import static org.slimquant.deploy.testing.UsualLayers.KERNEL;
import static org.slimquant.deploy.testing.UsualLayers.ONES;
import static org.slimquant.deploy.testing.UsualLayers.OUTPUT;

import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.slimquant.deploy.Refusal;
import org.slimquant.deploy.UnconvertibleGraphException;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.slimquant.model.Conv2D;
import org.slimquant.model.DepthwiseConv2D;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.Padding;
import org.slimquant.model.Window;
import org.tensorflow.Operand;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.op.nn.Conv2d;
import org.tensorflow.types.TFloat32;

/** Dilated convolutions as TensorFlow's Python and Keras write them. */
final class SpaceToBatchTest {

  /** Blocks 2 and 3 of rows and columns; what SAME pads of 7 rows and 8 columns, and the rest. */
  private static final int[] BLOCKS = {2, 3};

  private static final int[][] PADDINGS = {{2, 3}, {1, 3}};
  private static final int[][] CROPS = {{0, 1}, {0, 1}};

  private static Operand<TFloat32> space(QuantizedGraph graph, Operand<TFloat32> x) {
    return graph.tf.spaceToBatchNd(x, graph.tf.constant(BLOCKS), graph.tf.constant(PADDINGS));
  }

  private static Operand<TFloat32> batch(QuantizedGraph graph, Operand<TFloat32> x) {
    return graph.tf.batchToSpaceNd(x, graph.tf.constant(BLOCKS), graph.tf.constant(CROPS));
  }

  private static Operand<TFloat32> convolution(QuantizedGraph graph, Operand<TFloat32> x) {
    return graph.tf.nn.conv2d(x, graph.kernel(KERNEL, 0.3, 3, 2, 2, 4), ONES, "VALID");
  }

  /** What may stand behind the convolution, in its layer. */
  private static void assertDilated(UnaryOperator<Operand<TFloat32>> identity, Ending ending) {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 7, 8, 2)) {
      Operand<TFloat32> y =
          graph.layer(
              "conv1",
              graph.images,
              x -> ending.add(graph, convolution(graph, identity.apply(space(graph, x)))));
      IntegerModel model = graph.compile(y);
      assertThat(windows(model)).containsExactly(dilated());
      assertSame(graph, y);
    }
  }

  private interface Ending {
    Operand<TFloat32> add(QuantizedGraph graph, Operand<TFloat32> sums);
  }

  private static Window dilated() {
    return new Window(3, 2, 1, 1, 2, 3, new Padding(2, 2, 1, 2));
  }

  private static List<Window> windows(IntegerModel model) {
    return model.ops().stream().map(SpaceToBatchTest::window).toList();
  }

  private static Window window(IntegerOp op) {
    if (op instanceof Conv2D convolution) {
      return convolution.window();
    }
    return ((DepthwiseConv2D) op).window();
  }

  @Test
  void endings() {
    UnaryOperator<Operand<TFloat32>> none = UnaryOperator.identity();
    assertDilated(none, SpaceToBatchTest::batch);
    assertDilated(
        none, (graph, sums) -> graph.tf.nn.biasAdd(batch(graph, sums), graph.bias(0.5, 4)));
    assertDilated(
        none, (graph, sums) -> batch(graph, graph.tf.nn.biasAdd(sums, graph.bias(0.5, 4))));
    assertDilated(none, (graph, sums) -> batch(graph, graph.tf.math.add(graph.bias(0.5, 4), sums)));
    assertDilated(
        none,
        (graph, sums) ->
            batch(graph, graph.tf.nn.relu6(graph.tf.nn.biasAdd(sums, graph.bias(0.5, 4)))));
    assertDilated(none, (graph, sums) -> graph.relu(batch(graph, sums)));
  }

  @Test
  void depthwise() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 7, 8, 2)) {
      Operand<TFloat32> y =
          graph.layer(
              "depthwise",
              graph.images,
              x ->
                  batch(
                      graph,
                      graph.tf.nn.depthwiseConv2dNative(
                          space(graph, x), graph.kernel(KERNEL, 0.3, 3, 2, 2, 2), ONES, "VALID")));
      assertThat(windows(graph.compile(y))).containsExactly(dilated());
      assertSame(graph, y);
    }
  }

  /** The layer has the convolution alone, so that the fake quants stand between the two ops. */
  @Test
  void aLayerBetweenTheTwoOps() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 7, 8, 2)) {
      Operand<TFloat32> space = space(graph, graph.images);
      Operand<TFloat32> y =
          graph.layer(
              "conv1",
              KERNEL,
              OUTPUT,
              () -> graph.relu(convolution(graph, graph.input("x", INPUT, space))));
      Operand<TFloat32> output = batch(graph, y);
      assertThat(windows(graph.compile(output))).containsExactly(dilated());
      assertSame(graph, output);
    }
  }

  /** As an atrous spatial pyramid has them. */
  @Test
  void severalConvolutionsOfOneSpace() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 7, 8, 2)) {
      Operand<TFloat32> x =
          graph.layer(
              "pixels",
              KERNEL,
              INPUT,
              () -> graph.relu(graph.input("images", INPUT, graph.images)));
      Operand<TFloat32> space = space(graph, x);
      Operand<TFloat32> first = branch(graph, "first", space);
      Operand<TFloat32> second = branch(graph, "second", space);
      Operand<TFloat32> y =
          graph.layer(
              "join",
              KERNEL,
              OUTPUT,
              () ->
                  graph.tf.concat(
                      List.of(graph.input(first), graph.input(second)), graph.tf.constant(3)));
      assertSame(graph, y);
    }
  }

  private static Operand<TFloat32> branch(
      QuantizedGraph graph, String name, Operand<TFloat32> space) {
    return graph.layer(name, space, x -> batch(graph, convolution(graph, x)));
  }

  /** A convolution of one axis, [batch, time, channels], in both spellings of its image. */
  @Test
  void overTime() {
    for (int axis = 1; axis <= 2; axis++) {
      int unit = axis;
      try (QuantizedGraph graph = new QuantizedGraph(SEED, 11, 3)) {
        Operand<TFloat32> y =
            graph.layer(
                "conv1",
                KERNEL,
                OUTPUT,
                () -> {
                  Operand<TFloat32> x = graph.input("samples", INPUT, graph.images);
                  Operand<TFloat32> space =
                      graph.tf.spaceToBatchNd(
                          x, graph.tf.array(2), graph.tf.constant(new int[][] {{4, 1}}));
                  Operand<TFloat32> kernel =
                      unit == 1
                          ? graph.kernel(KERNEL, 0.3, 1, 3, 3, 4)
                          : graph.kernel(KERNEL, 0.3, 3, 1, 3, 4);
                  Operand<TFloat32> sums =
                      graph.tf.squeeze(
                          graph.tf.nn.conv2d(
                              graph.tf.expandDims(space, graph.tf.constant(unit)),
                              kernel,
                              ONES,
                              "VALID"),
                          Squeeze.axis(List.of((long) unit)));
                  return graph.relu(
                      graph.tf.nn.biasAdd(
                          graph.tf.batchToSpaceNd(
                              sums, graph.tf.array(2), graph.tf.constant(new int[][] {{0, 1}})),
                          graph.bias(0.5, 4)));
                });
        assertSame(graph, y);
      }
    }
  }

  @Test
  void theGraphBeforeAndAfter() {
    try (QuantizedGraph graph = new QuantizedGraph(1, 7, 8, 2)) {
      Operand<TFloat32> kernel =
          graph.tf.withName("kernel").zeros(graph.tf.array(3, 2, 2, 4), TFloat32.class);
      Operand<TFloat32> bias = graph.tf.withName("bias").constant(new float[4]);
      Operand<TFloat32> y =
          batch(
              graph,
              graph.tf.nn.biasAdd(
                  graph.tf.nn.conv2d(space(graph, graph.images), kernel, ONES, "VALID"), bias));
      OpGraph frozen = apply(read(graph, y), new FreezeWeights(graph.session()));
      assertRewritten(
          frozen,
          new DilateConvolutions(),
          """
          Input images <- []
          Constant[2] Const_1 <- []
          Constant[2, 2] Const_2 <- []
          SpaceToBatchND SpaceToBatchNd <- [images, Const_1, Const_2]
          Constant[3, 2, 2, 4] kernel/Fill <- []
          Conv2D Conv2d <- [SpaceToBatchNd, kernel/Fill]
          Constant[4] bias <- []
          BiasAdd BiasAdd <- [Conv2d, bias]
          Constant[2] Const_3 <- []
          Constant[2, 2] Const_4 <- []
          BatchToSpaceND BatchToSpaceNd <- [BiasAdd, Const_3, Const_4]
          -> BatchToSpaceNd""",
          """
          Input images <- []
          Constant[3, 2, 2, 4] kernel/Fill <- []
          Conv2D Conv2d'' <- [images, kernel/Fill]
          Constant[4] bias <- []
          BiasAdd BatchToSpaceNd <- [Conv2d'', bias]
          -> BatchToSpaceNd""");
    }
  }

  private static void assertRefused(String reason, Ending ending) {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 7, 8, 2)) {
      Operand<TFloat32> y =
          graph.layer("conv1", graph.images, x -> ending.add(graph, space(graph, x)));
      UnconvertibleGraphException thrown =
          assertThrows(UnconvertibleGraphException.class, () -> graph.compile(y));
      assertThat(
              thrown.refusals().stream()
                  .filter(refusal -> refusal.type().equals("BatchToSpaceND"))
                  .map(Refusal::reason))
          .containsExactly(reason);
    }
  }

  @Test
  void stridesBetweenTheTwoOps() {
    assertRefused(
        "what it puts together is not one convolution, because Conv2d (Conv2D) has padding VALID,"
            + " strides [1, 1, 2, 1], dilations [1, 1, 1, 1] and data format NHWC",
        (graph, space) ->
            graph.tf.batchToSpaceNd(
                graph.tf.nn.conv2d(
                    space, graph.kernel(KERNEL, 0.3, 3, 2, 2, 4), List.of(1L, 1L, 2L, 1L), "VALID"),
                graph.tf.constant(BLOCKS),
                graph.tf.constant(new int[][] {{0, 0}, {0, 0}})));
  }

  @Test
  void paddingBetweenTheTwoOps() {
    assertRefused(
        "what it puts together is not one convolution, because Conv2d (Conv2D) has padding SAME,"
            + " strides [1, 1, 1, 1], dilations [1, 1, 1, 1] and data format NHWC",
        (graph, space) ->
            batch(
                graph,
                graph.tf.nn.conv2d(space, graph.kernel(KERNEL, 0.3, 3, 2, 2, 4), ONES, "SAME")));
  }

  @Test
  void aDilatedConvolutionBetweenTheTwoOps() {
    assertRefused(
        "what it puts together is not one convolution, because Conv2d (Conv2D) has padding VALID,"
            + " strides [1, 1, 1, 1], dilations [1, 1, 2, 1] and data format NHWC",
        (graph, space) ->
            batch(
                graph,
                graph.tf.nn.conv2d(
                    space,
                    graph.kernel(KERNEL, 0.3, 1, 2, 2, 4),
                    ONES,
                    "VALID",
                    Conv2d.dilations(List.of(1L, 1L, 2L, 1L)))));
  }

  @Test
  void twoConvolutions() {
    assertRefused(
        "what it puts together is not one convolution, because Conv2d (Conv2D) stands before the"
            + " convolution Conv2d_1",
        (graph, space) -> {
          Operand<TFloat32> mixed =
              graph.layer(
                  "mix",
                  space,
                  x -> graph.tf.nn.conv2d(x, graph.kernel(KERNEL, 0.3, 1, 1, 2, 2), ONES, "VALID"));
          return batch(graph, convolution(graph, graph.input(mixed)));
        });
  }

  @Test
  void noConvolution() {
    assertRefused(
        "what it puts together is not one convolution, because SpaceToBatchNd (SpaceToBatchND) is no"
            + " convolution",
        (graph, space) -> batch(graph, graph.relu(space)));
  }

  @Test
  void otherBlocks() {
    assertRefused(
        "it has the block shape [3, 2], and SpaceToBatchNd has [2, 3]",
        (graph, space) ->
            graph.tf.batchToSpaceNd(
                convolution(graph, space),
                graph.tf.array(3, 2),
                graph.tf.constant(new int[][] {{0, 0}, {0, 0}})));
  }

  @Test
  void moreCroppedThanPadded() {
    assertRefused(
        "it crops [3, 1, 0, 1] of what SpaceToBatchNd pads [2, 3, 1, 3], with blocks [2, 3]",
        (graph, space) ->
            graph.tf.batchToSpaceNd(
                convolution(graph, space),
                graph.tf.constant(BLOCKS),
                graph.tf.constant(new int[][] {{3, 1}, {0, 1}})));
  }

  @Test
  void anAddendForEachPlace() {
    assertRefused(
        "Add (Add) before it adds what is no vector along the channels",
        (graph, space) -> {
          Operand<TFloat32> sums = convolution(graph, space);
          long[] shape = sums.asOutput().shape().asArray();
          return batch(
              graph,
              graph.tf.math.add(
                  sums,
                  graph.tf.fill(
                      graph.tf.array(1, (int) shape[1], (int) shape[2], 4),
                      graph.tf.constant(0.5f))));
        });
  }
}
