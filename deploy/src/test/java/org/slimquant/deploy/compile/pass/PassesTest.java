package org.slimquant.deploy.compile.pass;

import static com.google.common.truth.Truth.assertThat;
import static org.slimquant.deploy.compile.pass.PassRun.apply;
import static org.slimquant.deploy.compile.pass.PassRun.assertRewritten;
import static org.slimquant.deploy.compile.pass.PassRun.assertUnchanged;
import static org.slimquant.deploy.compile.pass.PassRun.read;
import static org.slimquant.deploy.testing.UsualLayers.INPUT;
import static org.slimquant.deploy.testing.UsualLayers.KERNEL;
import static org.slimquant.deploy.testing.UsualLayers.OUTPUT;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.slimquant.deploy.IntegerCompiler;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.slimquant.deploy.testing.RandomGraph;
import org.slimquant.runtime.InitialValues;
import org.tensorflow.Operand;
import org.tensorflow.op.core.StridedSlice;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** The passes by themselves, but for those of fake quants: the graph before and after, as text. */
final class PassesTest {

  @Test
  void identitiesAreDropped() {
    try (QuantizedGraph graph = new QuantizedGraph(1, 4)) {
      Operand<TFloat32> relu = graph.relu(graph.tf.stopGradient(graph.tf.identity(graph.images)));
      assertRewritten(
          read(graph, graph.tf.identity(relu)),
          new DropIdentities(),
          """
          Input images <- []
          Identity Identity <- [images]
          StopGradient StopGradient <- [Identity]
          Relu Relu <- [StopGradient]
          Identity Identity_1 <- [Relu]
          -> Identity_1""",
          """
          Input images <- []
          Relu Relu <- [images]
          -> Relu""");
    }
  }

  @Test
  void theModelEndsBeforeScores() {
    try (QuantizedGraph graph = new QuantizedGraph(1, 4)) {
      OpGraph after =
          assertRewritten(
              read(
                  graph,
                  graph.tf.math.argMax(
                      graph.tf.nn.softmax(graph.relu(graph.images)), graph.tf.constant(1))),
              new EndBeforeScores(),
              """
              Input images <- []
              Relu Relu <- [images]
              Softmax Softmax <- [Relu]
              Const Const <- []
              ArgMax ArgMax <- [Softmax, Const]
              -> ArgMax""",
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
      assertUnchanged(
          read(graph, graph.relu(graph.tf.nn.softmax(graph.images))), new EndBeforeScores());
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
      InitialValues.allow(graph.graph);

      OpGraph before = read(graph, y);
      OpGraph after = apply(before, new FreezeWeights(graph.session()));

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
      OpGraph after =
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
      OpGraph after =
          assertRewritten(
              read(graph, rows),
              new SettleShapes(),
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
              -> Reshape""",
              """
              Input images <- []
              Reshape Reshape <- [images]
              -> Reshape""");
      assertThat(after.node("Reshape").shape()).hasValue(List.of(6));
    }
  }

  @Test
  void aSecondRunChangesNothing() {
    try (QuantizedGraph graph = new QuantizedGraph(7, 9, 9, 2)) {
      Operand<TFloat32> y = RandomGraph.add(graph, 7, 9, 2, 8);
      OpGraph opGraph = read(graph, y);
      for (Pass pass :
          IntegerCompiler.passes(
              "model", graph.session(), graph.quantizer.plan(), List.of(graph.images.asOutput()))) {
        opGraph = apply(opGraph, pass);
        assertThat(apply(opGraph, pass).toString()).isEqualTo(opGraph.toString());
      }
    }
  }
}
