package org.slimquant.runtime.layer;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.slimquant.runtime.GraphQuantizer.layer;
import static org.slimquant.runtime.GraphQuantizer.named;
import static org.slimquant.runtime.testing.BlockNetworks.INT8;
import static org.slimquant.runtime.testing.BlockNetworks.STRIDES;
import static org.slimquant.runtime.testing.BlockNetworks.build;
import static org.slimquant.runtime.testing.BlockNetworks.calibrate;
import static org.slimquant.runtime.testing.BlockNetworks.images;
import static org.slimquant.runtime.testing.BlockNetworks.refusal;
import static org.slimquant.runtime.testing.BlockNetworks.statistics;
import static org.slimquant.runtime.testing.BlockNetworks.threeBlocks;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slimquant.calibration.CalibrationStatistics;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedLayer;
import org.slimquant.runtime.testing.BlockNetworks;
import org.slimquant.runtime.testing.BlockNetworks.Model;
import org.slimquant.runtime.testing.BlockNetworks.Network;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** A plan of one network, read by other networks. */
final class ChangedNetworkTest {

  @Test
  void originsOfThePlan() {
    assertThat(
            calibrate(BlockNetworks::threeBlocks).sites().stream()
                .map(site -> "%s: %s".formatted(site.name(), site.origin().orElseThrow()))
                .toList())
        .containsExactly(
            "conv/SlimQuant/kernel: Conv2D of variable block1_kernel [3, 3, 4, 4]",
            "conv/SlimQuant/output: Relu of variable block1_kernel [?, 8, 8, 4]",
            "add/SlimQuant/output: Relu of variable block1_kernel [?, 8, 8, 4]",
            "conv_1/SlimQuant/kernel: Conv2D of variable block2_kernel [3, 3, 4, 4]",
            "conv_1/SlimQuant/output: Relu of variable block2_kernel [?, 8, 8, 4]",
            "add_1/SlimQuant/output: Relu of variable block2_kernel [?, 8, 8, 4]",
            "conv_2/SlimQuant/kernel: Conv2D of variable block3_kernel [3, 3, 4, 4]",
            "conv_2/SlimQuant/output: Relu of variable block3_kernel [?, 8, 8, 4]",
            "add_2/SlimQuant/output: Relu of variable block3_kernel [?, 8, 8, 4]",
            "dense/SlimQuant/kernel: MatMul of variable head_kernel [4, 3]",
            "dense/SlimQuant/output: of variable head_kernel [?, 3]")
        .inOrder();
  }

  @Test
  void blockInFrontLeftOut() {
    QuantizationPlan plan = calibrate(BlockNetworks::threeBlocks);

    assertThat(refusal(plan, net -> net.logits(images(net.tf, "images", -1, 8, 8, 4), 2, 3)))
        .isEqualTo(
            "conv/SlimQuant/kernel must be the kernel it was calibrated on, Conv2D of variable"
                + " block1_kernel [3, 3, 4, 4], but is Conv2D of variable block2_kernel [3, 3, 4, 4],"
                + " that of conv_1/SlimQuant/kernel in the plan");
  }

  @Test
  void blockInTheMiddleLeftOut() {
    QuantizationPlan plan = calibrate(BlockNetworks::threeBlocks);

    assertThat(refusal(plan, net -> net.logits(images(net.tf, "images", -1, 8, 8, 4), 1, 3)))
        .contains(
            "conv_1/SlimQuant/kernel must be the kernel it was calibrated on, Conv2D of variable block2_kernel [3, 3, 4, 4], but is Conv2D of variable block3_kernel");
  }

  @Test
  void blockPutInFront() {
    QuantizationPlan plan = calibrate(BlockNetworks::threeBlocks);

    assertThat(refusal(plan, net -> net.logits(images(net.tf, "images", -1, 8, 8, 4), 0, 1, 2, 3)))
        .contains("but is Conv2D of variable block0_kernel [3, 3, 4, 4]");
  }

  @Test
  void callsInAnotherOrder() {
    QuantizationPlan plan = calibrate(BlockNetworks::threeBlocks);

    assertThat(refusal(plan, net -> net.logits(images(net.tf, "images", -1, 8, 8, 4), 1, 3, 2)))
        .contains("that of conv_2/SlimQuant/kernel in the plan");
  }

  /** A tensor without weights of its own is recognized by those before it. */
  @Test
  void layersWithoutKernelsInAnotherOrder() {
    Model leftFirst =
        net -> {
          Operand<TFloat32> x = images(net.tf, "images", -1, 8, 8, 4);
          Operand<TFloat32> left = net.conv(x, "left", 4);
          Operand<TFloat32> right = net.conv(x, "right", 4);
          return net.add(net.add(left, x), net.add(right, x));
        };
    QuantizationPlan plan = calibrate(leftFirst);
    build(plan, leftFirst);

    assertThat(
            refusal(
                plan,
                net -> {
                  Operand<TFloat32> x = images(net.tf, "images", -1, 8, 8, 4);
                  Operand<TFloat32> left = net.conv(x, "left", 4);
                  Operand<TFloat32> right = net.conv(x, "right", 4);
                  return net.add(net.add(right, x), net.add(left, x));
                }))
        .isEqualTo(
            "add/SlimQuant/output must be the output it was calibrated on, Relu of variable left"
                + " [?, 8, 8, 4], but is Relu of variable right [?, 8, 8, 4], that of"
                + " conv_1/SlimQuant/kernel in the plan");
  }

  /** Variables without names identify nothing; shapes and ops do. */
  @Test
  void anotherShapeAndAnotherOp() {
    QuantizationPlan plan =
        calibrate(net -> net.conv(images(net.tf, "images", -1, 8, 8, 4), "Variable", 6));

    assertThat(refusal(plan, net -> net.conv(images(net.tf, "x", -1, 8, 8, 4), "Variable", 8)))
        .isEqualTo(
            "conv/SlimQuant/kernel must be the kernel it was calibrated on, Conv2D [3, 3, 4, 6], but"
                + " is Conv2D [3, 3, 4, 8]");
    assertThat(
            refusal(
                plan,
                net ->
                    layer(
                        net.quantizer,
                        QuantizedLayer.of("conv", INT8, INT8),
                        () ->
                            net.tf.math.tanh(
                                net.tf.nn.conv2d(
                                    images(net.tf, "x", -1, 8, 8, 4),
                                    net.weights("Variable", 3, 3, 4, 6),
                                    STRIDES,
                                    "SAME")))))
        .isEqualTo(
            "conv/SlimQuant/output must be the output it was calibrated on, Relu [?, 8, 8, 6], but"
                + " is Tanh [?, 8, 8, 6]");
  }

  /**
   * Blocks of one shape whose weights have no names cannot be distinguished: there is a remark at
   * least.
   */
  @Test
  void fewerCallsWithoutNames() {
    QuantizationPlan plan = calibrate(net -> unnamed(net, 3));

    assertThat(remarks(plan, net -> unnamed(net, 3))).isEmpty();
    assertThat(remarks(plan, net -> unnamed(net, 2)))
        .containsExactly(
            new Remark(
                "conv_2/SlimQuant/kernel",
                "is in the plan, but the graph has fewer calls of layer conv; if one before the last"
                    + " was left out, those after it have its neighbours' formats, and the model must"
                    + " be calibrated again"));
    // Names show that the last call is left out, which does no harm.
    QuantizationPlan named = calibrate(BlockNetworks::threeBlocks);
    assertThat(remarks(named, net -> net.logits(images(net.tf, "images", -1, 8, 8, 4), 1, 2)))
        .isEmpty();
  }

  private static Operand<TFloat32> unnamed(Network net, int calls) {
    Operand<TFloat32> x = images(net.tf, "images", -1, 8, 8, 4);
    for (int i = 0; i < calls; i++) {
      x = net.conv(x, "Variable", 4);
    }
    return x;
  }

  private static List<Remark> remarks(QuantizationPlan plan, Model build) {
    try (Graph graph = new Graph()) {
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph, plan);
      build.of(new Network(Ops.create(graph), quantizer));
      return quantizer.plan().remarks().stream()
          .filter(remark -> remark.text().startsWith("is in the plan"))
          .toList();
    }
  }

  @Test
  void secondModelInOneGraph() {
    QuantizationPlan plan = calibrate(BlockNetworks::threeBlocks);
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph, plan);
      Network net = new Network(tf, quantizer);
      threeBlocks(net);

      assertThat(assertThrows(IllegalStateException.class, () -> threeBlocks(net)))
          .hasMessageThat()
          .isEqualTo(
              "conv_3/SlimQuant/kernel must be in the plan, because its annotation gives no frac,"
                  + " but the plan has fewer calls of layer conv: the graph holds a model already,"
                  + " or the network has changed; build each model in a graph of its own, or"
                  + " calibrate the network with all its calls");
      Network other = new Network(tf, GraphQuantizer.fakeQuant(graph, plan));
      assertThat(assertThrows(IllegalStateException.class, () -> threeBlocks(other)))
          .hasMessageThat()
          .isEqualTo(
              "conv/SlimQuant/kernel_1 must be in the plan, because its annotation gives no frac,"
                  + " but the graph has conv/SlimQuant/kernel already, because it holds a model that"
                  + " another quantizer built; build each model in a graph of its own, or with the"
                  + " quantizer of the first");
    }
  }

  @Test
  void statisticsOfAnotherNetwork(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("statistics");
    CalibrationStatistics statistics = statistics(BlockNetworks::threeBlocks);
    statistics.write(file);
    CalibrationStatistics read = CalibrationStatistics.read(file);
    assertThat(read.sites()).isEqualTo(statistics.sites());
    assertThat(CalibrationStatistics.merge(read, statistics).batches()).isEqualTo(2);

    CalibrationStatistics other =
        statistics(net -> net.logits(images(net.tf, "images", -1, 8, 8, 4), 1, 3, 2));
    assertThat(
            assertThrows(
                IllegalArgumentException.class,
                () -> CalibrationStatistics.merge(statistics, other)))
        .hasMessageThat()
        .isEqualTo(
            "statistics must be of the same sites to be merged, but conv_1/SlimQuant/kernel is"
                + " Conv2D of variable block2_kernel [3, 3, 4, 4] in one and Conv2D of variable"
                + " block3_kernel [3, 3, 4, 4] in the other");
  }
}
