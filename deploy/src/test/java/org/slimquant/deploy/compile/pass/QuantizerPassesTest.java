package org.slimquant.deploy.compile.pass;

import static com.google.common.truth.Truth.assertThat;
import static org.slimquant.deploy.compile.pass.PassRun.apply;
import static org.slimquant.deploy.compile.pass.PassRun.assertRewritten;
import static org.slimquant.deploy.compile.pass.PassRun.assertUnchanged;
import static org.slimquant.deploy.compile.pass.PassRun.read;
import static org.slimquant.deploy.compile.pass.PassRun.refused;
import static org.slimquant.deploy.testing.UsualLayers.INPUT;
import static org.slimquant.deploy.testing.UsualLayers.KERNEL;
import static org.slimquant.deploy.testing.UsualLayers.OUTPUT;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.Refused;
import org.slimquant.deploy.testing.GraphQuantizerForms;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.slimquant.format.FixedPoint;
import org.slimquant.plan.QuantizationPlan;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * The passes that read, move and share fake quants, each by itself: the graph before and after, as
 * text.
 */
final class QuantizerPassesTest {

  private static OpGraph folded(QuantizedGraph graph, Operand<?> output) {
    return apply(
        read(graph, output),
        new DropIdentities(),
        new FreezeWeights(graph.session()),
        new SettleShapes(),
        new FoldQuantizers(graph.quantizer.plan()));
  }

  @Test
  void fakeQuantsOfBothFormsAreFolded() {
    for (GraphQuantizerForms form :
        List.of(GraphQuantizerForms.registered(), GraphQuantizerForms.stopGradient())) {
      try (QuantizedGraph graph = new QuantizedGraph(1, form, 2)) {
        Operand<TFloat32> y = graph.layer("layer", graph.images, graph::relu);
        assertThat(folded(graph, y).toString())
            .isEqualTo(
                """
                Input images <- []
                Quantize[int8 * 2^-6] layer/SlimQuant/images <- [images]
                Relu Relu <- [layer/SlimQuant/images]
                Quantize[int8 * 2^-4] layer/SlimQuant/output <- [Relu]
                -> layer/SlimQuant/output""");
      }
    }
  }

  @Test
  void aFakeQuantThatIsNotInThePlanStays() {
    try (QuantizedGraph graph = new QuantizedGraph(1, 2)) {
      Operand<TFloat32> y = graph.layer("layer", KERNEL, OUTPUT, () -> graph.relu(graph.images));
      assertThat(
              apply(
                      read(graph, y),
                      new FreezeWeights(graph.session()),
                      new FoldQuantizers(QuantizationPlan.EMPTY))
                  .node("layer/SlimQuant/output")
                  .type())
          .isEqualTo("FakeQuantWithMinMaxVars");
    }
  }

  @Test
  void aFakeQuantThatRoundsOtherwiseIsRefused() {
    try (QuantizedGraph graph = new QuantizedGraph(1, 2);
        QuantizedGraph other = new QuantizedGraph(1, 2)) {
      Operand<TFloat32> y = graph.layer("layer", KERNEL, OUTPUT, () -> graph.relu(graph.images));
      other.layer(
          "layer", KERNEL, FixedPoint.unsigned(8, -4), () -> other.tf.nn.relu(other.images));
      List<Refused> refused =
          refused(
              read(graph, y),
              new FreezeWeights(graph.session()),
              new FoldQuantizers(other.quantizer.plan()));
      assertThat(refused).hasSize(1);
      assertThat(refused.get(0).node().op()).isEqualTo("layer/SlimQuant/output");
      assertThat(refused.get(0).node().typeInTensorFlow()).isEqualTo("FakeQuantWithMinMaxVars");
      assertThat(refused.get(0).reason())
          .isEqualTo("is uint8 * 2^-4 in the plan, but its op rounds to other numbers");
      assertThat(refused.get(0).remedy())
          .isEqualTo("compile with the plan of the quantizer that built this graph");
    }
  }

  @Test
  void quantizersMoveUpToTheOpThatComputes() {
    try (QuantizedGraph graph = new QuantizedGraph(1, 4, 4, 1)) {
      Operand<TFloat32> y =
          graph.layer(
              "layer",
              graph.images,
              x ->
                  graph.tf.reshape(
                      graph.relu(graph.pool(graph.conv(x, 2))), graph.tf.array(-1, 8)));
      assertRewritten(
          folded(graph, y),
          new MoveQuantizersUp(),
          """
          Input images <- []
          Quantize[int8 * 2^-6] layer/SlimQuant/images <- [images]
          Constant[3, 3, 1, 2] layer/SlimQuant/kernel <- []
          Conv2D Conv2d <- [layer/SlimQuant/images, layer/SlimQuant/kernel]
          Constant[4] Const_1 <- []
          Constant[4] Const_2 <- []
          MaxPoolV2 MaxPool <- [Conv2d, Const_1, Const_2]
          Relu Relu <- [MaxPool]
          Reshape Reshape <- [Relu]
          Quantize[int8 * 2^-4] layer/SlimQuant/output <- [Reshape]
          -> layer/SlimQuant/output""",
          """
          Input images <- []
          Quantize[int8 * 2^-6] layer/SlimQuant/images <- [images]
          Constant[3, 3, 1, 2] layer/SlimQuant/kernel <- []
          Conv2D Conv2d <- [layer/SlimQuant/images, layer/SlimQuant/kernel]
          Relu Conv2d' <- [Conv2d]
          Quantize[int8 * 2^-4] Conv2d'' <- [Conv2d']
          Constant[4] Const_1 <- []
          Constant[4] Const_2 <- []
          MaxPoolV2 Relu' <- [Conv2d'', Const_1, Const_2]
          Reshape layer/SlimQuant/output <- [Relu']
          -> layer/SlimQuant/output""");
    }
  }

  @Test
  void whatHasCodesStaysWhereItIs() {
    try (QuantizedGraph graph = new QuantizedGraph(1, 4, 4, 1)) {
      Operand<TFloat32> y = graph.layer("layer", graph.images, x -> graph.pool(graph.relu(x)));
      assertUnchanged(folded(graph, y), new MoveQuantizersUp());
    }
  }

  @Test
  void aQuantizerDoesNotMoveBeforeAnAverage() {
    try (QuantizedGraph graph = new QuantizedGraph(1, 4, 4, 1)) {
      Operand<TFloat32> y =
          graph.layer(
              "layer",
              KERNEL,
              OUTPUT,
              () ->
                  graph.tf.nn.avgPool(
                      graph.tf.math.tanh(graph.images),
                      List.of(1L, 2L, 2L, 1L),
                      List.of(1L, 2L, 2L, 1L),
                      "VALID"));
      assertUnchanged(folded(graph, y), new MoveQuantizersUp());
    }
  }

  @Test
  void quantizersOfOneTensorAreShared() {
    try (QuantizedGraph graph = new QuantizedGraph(1, 4)) {
      Operand<TFloat32> first = graph.layer("first", graph.images, graph::relu);
      Operand<TFloat32> rows = graph.tf.reshape(graph.images, graph.tf.array(-1, 4));
      Operand<TFloat32> second =
          graph.layer(
              "second",
              KERNEL,
              OUTPUT,
              () -> graph.tf.math.add(graph.input(first), graph.input("x", INPUT, rows)));
      assertRewritten(
          apply(folded(graph, second), new MoveQuantizersUp()),
          new ShareQuantizers(),
          """
          Input images <- []
          Quantize[int8 * 2^-6] first/SlimQuant/images <- [images]
          Relu Relu <- [first/SlimQuant/images]
          Quantize[int8 * 2^-4] first/SlimQuant/output <- [Relu]
          Quantize[int8 * 2^-6] images' <- [images]
          Reshape second/SlimQuant/x <- [images']
          Add Add <- [first/SlimQuant/output, second/SlimQuant/x]
          Quantize[int8 * 2^-4] second/SlimQuant/output <- [Add]
          -> second/SlimQuant/output""",
          """
          Input images <- []
          Quantize[int8 * 2^-6] first/SlimQuant/images <- [images]
          Relu Relu <- [first/SlimQuant/images]
          Quantize[int8 * 2^-4] first/SlimQuant/output <- [Relu]
          Reshape second/SlimQuant/x <- [first/SlimQuant/images]
          Add Add <- [first/SlimQuant/output, second/SlimQuant/x]
          Quantize[int8 * 2^-4] second/SlimQuant/output <- [Add]
          -> second/SlimQuant/output""");
    }
  }

  @Test
  void quantizersOfTwoFormatsAreNotShared() {
    try (QuantizedGraph graph = new QuantizedGraph(1, 4)) {
      Operand<TFloat32> rows = graph.tf.reshape(graph.images, graph.tf.array(-1, 4));
      Operand<TFloat32> y =
          graph.layer(
              "layer",
              KERNEL,
              OUTPUT,
              () ->
                  graph.tf.math.add(
                      graph.input("x", INPUT, graph.images), graph.input("y", OUTPUT, rows)));
      assertUnchanged(apply(folded(graph, y), new MoveQuantizersUp()), new ShareQuantizers());
    }
  }

  @Test
  void aBiasDoesNotMoveBeforeAPad() {
    try (QuantizedGraph graph = new QuantizedGraph(1, 4)) {
      Operand<TFloat32> padded =
          graph.tf.pad(
              graph.tf.math.tanh(graph.images),
              graph.tf.constant(new int[][] {{0, 0}, {1, 1}}),
              graph.tf.constant(0f));
      assertUnchanged(
          folded(graph, graph.addBias(padded, 1f, 2f, 3f, 4f, 5f, 6f)), new MoveQuantizersUp());
    }
  }
}
