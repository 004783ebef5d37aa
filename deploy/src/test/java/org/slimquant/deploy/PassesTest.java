package org.slimquant.deploy;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.slimquant.deploy.testing.GraphQuantizerForms;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.slimquant.deploy.testing.RandomGraph;
import org.slimquant.runtime.FixedPoint;
import org.slimquant.runtime.QuantizationPlan;
import org.tensorflow.Operand;
import org.tensorflow.op.core.StridedSlice;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Each pass by itself: the graph before and after, as text. */
final class PassesTest {

  private static final FixedPoint INPUT = FixedPoint.signed(8, -6);
  private static final FixedPoint KERNEL = FixedPoint.signed(8, -7);
  private static final FixedPoint OUTPUT = FixedPoint.signed(8, -4);

  private static Dataflow read(QuantizedGraph graph, Operand<?> output) {
    return GraphReader.read(graph.images.asOutput(), output.asOutput());
  }

  private static Dataflow apply(Dataflow graph, Pass... passes) {
    Dataflow result = graph;
    Refusals refusals = new Refusals();
    for (Pass pass : passes) {
      result = pass.apply(result, refusals);
    }
    refusals.check(graph);
    return result;
  }

  @Test
  void identitiesAreDropped() {
    try (QuantizedGraph graph = new QuantizedGraph(1, 4)) {
      Operand<TFloat32> relu =
          graph.tf.nn.relu(graph.tf.stopGradient(graph.tf.identity(graph.images)));
      Dataflow before = read(graph, graph.tf.identity(relu));
      assertThat(before.toString())
          .isEqualTo(
              """
              Input images <- []
              Identity Identity <- [images]
              StopGradient StopGradient <- [Identity]
              Relu Relu <- [StopGradient]
              Identity Identity_1 <- [Relu]
              -> Identity_1""");
      assertThat(apply(before, new DropIdentities()).toString())
          .isEqualTo(
              """
              Input images <- []
              Relu Relu <- [images]
              -> Relu""");
    }
  }

  @Test
  void theModelEndsBeforeScores() {
    try (QuantizedGraph graph = new QuantizedGraph(1, 4)) {
      Dataflow before =
          read(
              graph,
              graph.tf.math.argMax(
                  graph.tf.nn.softmax(graph.tf.nn.relu(graph.images)), graph.tf.constant(1)));
      assertThat(before.toString())
          .isEqualTo(
              """
              Input images <- []
              Relu Relu <- [images]
              Softmax Softmax <- [Relu]
              Const Const <- []
              ArgMax ArgMax <- [Softmax, Const]
              -> ArgMax""");
      Dataflow after = apply(before, new EndBeforeScores());
      assertThat(after.toString())
          .isEqualTo(
              """
              Input images <- []
              Relu Relu <- [images]
              -> Relu""");
      assertThat(after.outside().stream().map(Node::id))
          .containsExactly("Softmax", "ArgMax")
          .inOrder();
    }
  }

  @Test
  void scoresWithinAModelAreNotItsEnd() {
    try (QuantizedGraph graph = new QuantizedGraph(1, 4)) {
      Dataflow before = read(graph, graph.tf.nn.relu(graph.tf.nn.softmax(graph.images)));
      assertThat(apply(before, new EndBeforeScores()).toString()).isEqualTo(before.toString());
    }
  }

  @Test
  void weightsAreFrozenAsTheirFakeQuantsLeaveThem() {
    try (QuantizedGraph graph = new QuantizedGraph(1, 2)) {
      Operand<TFloat32> kernel =
          graph.tf.withName("kernel").variable(graph.tf.constant(new float[][] {{0.126f}, {-9}}));
      Operand<TFloat32> y =
          graph.layer(
              "dense",
              KERNEL,
              OUTPUT,
              () -> graph.tf.linalg.matMul(graph.input("x", INPUT, graph.images), kernel));
      graph.session().initialize();

      Dataflow before = read(graph, y);
      Dataflow after = apply(before, new FreezeWeights(graph.session()));

      assertThat(before.toString())
          .isEqualTo(
              """
              Input images <- []
              Const SlimQuant/int8_frac-6/min <- []
              Const SlimQuant/int8_frac-6/max <- []
              FakeQuantWithMinMaxVars dense/SlimQuant/x <- [images, SlimQuant/int8_frac-6/min, SlimQuant/int8_frac-6/max]
              VariableV2 kernel <- []
              Const SlimQuant/int8_frac-7/min <- []
              Const SlimQuant/int8_frac-7/max <- []
              FakeQuantWithMinMaxVars dense/SlimQuant/kernel <- [kernel, SlimQuant/int8_frac-7/min, SlimQuant/int8_frac-7/max]
              MatMul MatMul <- [dense/SlimQuant/x, dense/SlimQuant/kernel]
              Const SlimQuant/int8_frac-4/min <- []
              Const SlimQuant/int8_frac-4/max <- []
              FakeQuantWithMinMaxVars dense/SlimQuant/output <- [MatMul, SlimQuant/int8_frac-4/min, SlimQuant/int8_frac-4/max]
              -> dense/SlimQuant/output""");
      assertThat(after.toString())
          .isEqualTo(
              """
              Input images <- []
              Constant[] SlimQuant/int8_frac-6/min <- []
              Constant[] SlimQuant/int8_frac-6/max <- []
              FakeQuantWithMinMaxVars dense/SlimQuant/x <- [images, SlimQuant/int8_frac-6/min, SlimQuant/int8_frac-6/max]
              Constant[2, 1] dense/SlimQuant/kernel <- []
              MatMul MatMul <- [dense/SlimQuant/x, dense/SlimQuant/kernel]
              Constant[] SlimQuant/int8_frac-4/min <- []
              Constant[] SlimQuant/int8_frac-4/max <- []
              FakeQuantWithMinMaxVars dense/SlimQuant/output <- [MatMul, SlimQuant/int8_frac-4/min, SlimQuant/int8_frac-4/max]
              -> dense/SlimQuant/output""");
      assertThat(after.node("dense/SlimQuant/kernel").literal().orElseThrow().elements())
          .isEqualTo(new double[] {0.125, -0.9921875});
    }
  }

  @Test
  void randomNumbersAndOtherPlaceholdersAreNoWeights() {
    try (QuantizedGraph graph = new QuantizedGraph(1, 2)) {
      Operand<TFloat32> noise = graph.tf.random.randomUniform(graph.tf.array(2), TFloat32.class);
      Operand<TFloat32> other = graph.tf.withName("other").placeholder(TFloat32.class);
      Dataflow after =
          apply(
              read(graph, graph.tf.math.add(graph.tf.math.add(graph.images, noise), other)),
              new FreezeWeights(graph.session()));
      assertThat(after.toString())
          .isEqualTo(
              """
              Input images <- []
              Constant[1] Const <- []
              RandomUniform RandomUniform <- [Const]
              Add Add <- [images, RandomUniform]
              Placeholder other <- []
              Add Add_1 <- [Add, other]
              -> Add_1""");
    }
  }

  @Test
  void shapesAreSettled() {
    try (QuantizedGraph graph = new QuantizedGraph(1, 2, 3)) {
      Operand<TInt32> batch =
          graph.tf.stridedSlice(
              graph.tf.shape(graph.images),
              graph.tf.array(0),
              graph.tf.array(1),
              graph.tf.array(1),
              StridedSlice.shrinkAxisMask(1L));
      Operand<TFloat32> rows =
          graph.tf.reshape(graph.images, graph.tf.stack(List.of(batch, graph.tf.constant(6))));
      Dataflow before = read(graph, rows);
      assertThat(before.toString())
          .isEqualTo(
              """
              Input images <- []
              Shape Shape <- [images]
              Const Const <- []
              Const Const_1 <- []
              Const Const_2 <- []
              StridedSlice StridedSlice <- [Shape, Const, Const_1, Const_2]
              Const Const_3 <- []
              Pack Stack <- [StridedSlice, Const_3]
              Reshape Reshape <- [images, Stack]
              -> Reshape""");
      Dataflow after = apply(before, new SettleShapes());
      assertThat(after.toString())
          .isEqualTo(
              """
              Input images <- []
              Reshape Reshape <- [images]
              -> Reshape""");
      assertThat(after.output().shape()).hasValue(List.of(6));
    }
  }

  private static Dataflow folded(QuantizedGraph graph, Operand<?> output) {
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
        Operand<TFloat32> y =
            graph.layer(
                "layer",
                KERNEL,
                OUTPUT,
                () -> graph.tf.nn.relu(graph.input("x", INPUT, graph.images)));
        assertThat(folded(graph, y).toString())
            .isEqualTo(
                """
                Input images <- []
                Quantize[int8 * 2^-6] layer/SlimQuant/x <- [images]
                Relu Relu <- [layer/SlimQuant/x]
                Quantize[int8 * 2^-4] layer/SlimQuant/output <- [Relu]
                -> layer/SlimQuant/output""");
      }
    }
  }

  @Test
  void aFakeQuantThatIsNotInThePlanStays() {
    try (QuantizedGraph graph = new QuantizedGraph(1, 2)) {
      Operand<TFloat32> y =
          graph.layer("layer", KERNEL, OUTPUT, () -> graph.tf.nn.relu(graph.images));
      assertThat(
              apply(
                      read(graph, y),
                      new FreezeWeights(graph.session()),
                      new FoldQuantizers(QuantizationPlan.EMPTY))
                  .output()
                  .type())
          .isEqualTo("FakeQuantWithMinMaxVars");
    }
  }

  @Test
  void aFakeQuantThatRoundsOtherwiseIsRefused() {
    try (QuantizedGraph graph = new QuantizedGraph(1, 2);
        QuantizedGraph other = new QuantizedGraph(1, 2)) {
      Operand<TFloat32> y =
          graph.layer("layer", KERNEL, OUTPUT, () -> graph.tf.nn.relu(graph.images));
      other.layer(
          "layer", KERNEL, FixedPoint.unsigned(8, -4), () -> other.tf.nn.relu(other.images));
      assertThat(
              assertThrows(
                      UnconvertibleGraphException.class,
                      () ->
                          apply(
                              read(graph, y),
                              new FreezeWeights(graph.session()),
                              new FoldQuantizers(other.quantizer.plan())))
                  .refusals())
          .containsExactly(
              new Refusal(
                  "layer/SlimQuant/output",
                  "FakeQuantWithMinMaxVars",
                  "is uint8 * 2^-4 in the plan, but its op rounds to other numbers",
                  "compile with the plan of the quantizer that built this graph"));
    }
  }

  private static Operand<TFloat32> pool(QuantizedGraph graph, Operand<TFloat32> x) {
    return graph.tf.nn.maxPool(x, graph.tf.array(1, 2, 2, 1), graph.tf.array(1, 2, 2, 1), "VALID");
  }

  @Test
  void quantizersMoveUpToTheOpThatComputes() {
    try (QuantizedGraph graph = new QuantizedGraph(1, 4, 4, 1)) {
      Operand<TFloat32> y =
          graph.layer(
              "layer",
              KERNEL,
              OUTPUT,
              () ->
                  graph.tf.reshape(
                      graph.tf.nn.relu(
                          pool(
                              graph,
                              graph.tf.nn.conv2d(
                                  graph.input("x", INPUT, graph.images),
                                  graph.kernel(KERNEL, 0.3, 1, 1, 1, 2),
                                  List.of(1L, 1L, 1L, 1L),
                                  "SAME"))),
                      graph.tf.array(-1, 8)));
      Dataflow before = folded(graph, y);
      assertThat(before.toString())
          .isEqualTo(
              """
              Input images <- []
              Quantize[int8 * 2^-6] layer/SlimQuant/x <- [images]
              Constant[1, 1, 1, 2] layer/SlimQuant/kernel <- []
              Conv2D Conv2d <- [layer/SlimQuant/x, layer/SlimQuant/kernel]
              Constant[4] Const_1 <- []
              Constant[4] Const_2 <- []
              MaxPoolV2 MaxPool <- [Conv2d, Const_1, Const_2]
              Relu Relu <- [MaxPool]
              Reshape Reshape <- [Relu]
              Quantize[int8 * 2^-4] layer/SlimQuant/output <- [Reshape]
              -> layer/SlimQuant/output""");
      assertThat(apply(before, new MoveQuantizersUp()).toString())
          .isEqualTo(
              """
              Input images <- []
              Quantize[int8 * 2^-6] layer/SlimQuant/x <- [images]
              Constant[1, 1, 1, 2] layer/SlimQuant/kernel <- []
              Conv2D Conv2d <- [layer/SlimQuant/x, layer/SlimQuant/kernel]
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
      Operand<TFloat32> y =
          graph.layer(
              "layer",
              KERNEL,
              OUTPUT,
              () -> pool(graph, graph.tf.nn.relu(graph.input("x", INPUT, graph.images))));
      Dataflow before = folded(graph, y);
      assertThat(apply(before, new MoveQuantizersUp()).toString()).isEqualTo(before.toString());
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
      Dataflow before = folded(graph, y);
      assertThat(apply(before, new MoveQuantizersUp()).toString()).isEqualTo(before.toString());
    }
  }

  @Test
  void quantizersOfOneTensorAreShared() {
    try (QuantizedGraph graph = new QuantizedGraph(1, 4)) {
      Operand<TFloat32> first =
          graph.layer(
              "first",
              KERNEL,
              OUTPUT,
              () -> graph.tf.nn.relu(graph.input("x", INPUT, graph.images)));
      Operand<TFloat32> rows = graph.tf.reshape(graph.images, graph.tf.array(-1, 4));
      Operand<TFloat32> second =
          graph.layer(
              "second",
              KERNEL,
              OUTPUT,
              () -> graph.tf.math.add(graph.input(first), graph.input("x", INPUT, rows)));
      Dataflow before = apply(folded(graph, second), new MoveQuantizersUp());
      assertThat(before.toString())
          .isEqualTo(
              """
              Input images <- []
              Quantize[int8 * 2^-6] first/SlimQuant/x <- [images]
              Relu Relu <- [first/SlimQuant/x]
              Quantize[int8 * 2^-4] first/SlimQuant/output <- [Relu]
              Quantize[int8 * 2^-6] images' <- [images]
              Reshape second/SlimQuant/x <- [images']
              Add Add <- [first/SlimQuant/output, second/SlimQuant/x]
              Quantize[int8 * 2^-4] second/SlimQuant/output <- [Add]
              -> second/SlimQuant/output""");
      assertThat(apply(before, new ShareQuantizers()).toString())
          .isEqualTo(
              """
              Input images <- []
              Quantize[int8 * 2^-6] first/SlimQuant/x <- [images]
              Relu Relu <- [first/SlimQuant/x]
              Quantize[int8 * 2^-4] first/SlimQuant/output <- [Relu]
              Reshape second/SlimQuant/x <- [first/SlimQuant/x]
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
      Dataflow before = apply(folded(graph, y), new MoveQuantizersUp());
      assertThat(apply(before, new ShareQuantizers()).toString()).isEqualTo(before.toString());
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
      Dataflow before =
          folded(graph, graph.tf.nn.biasAdd(padded, graph.tf.array(1f, 2f, 3f, 4f, 5f, 6f)));
      assertThat(apply(before, new MoveQuantizersUp()).toString()).isEqualTo(before.toString());
    }
  }

  @Test
  void aSecondRunChangesNothing() {
    try (QuantizedGraph graph = new QuantizedGraph(7, 9, 9, 2)) {
      Operand<TFloat32> y = RandomGraph.add(graph, 7, 9, 2, 8);
      Dataflow dataflow = read(graph, y);
      for (Pass pass : IntegerCompiler.passes(graph.session(), graph.quantizer.plan())) {
        dataflow = apply(dataflow, pass);
        assertThat(apply(dataflow, pass).toString()).isEqualTo(dataflow.toString());
      }
    }
  }
}
