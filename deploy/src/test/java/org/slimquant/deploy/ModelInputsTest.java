package org.slimquant.deploy;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.slimquant.deploy.testing.RefusedGraph.assertRefused;
import static org.slimquant.deploy.testing.SameCodes.SEED;
import static org.slimquant.deploy.testing.SameCodes.assertSameOutputs;
import static org.slimquant.deploy.testing.UsualLayers.INPUT;
import static org.slimquant.deploy.testing.UsualLayers.KERNEL;
import static org.slimquant.deploy.testing.UsualLayers.OUTPUT;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slimquant.deploy.testing.CodeComparison;
import org.slimquant.deploy.testing.GraphQuantizerForms;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.slimquant.model.IntegerModel;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** Operands that a caller may have in hand, as inputs and outputs of a model. */
final class ModelInputsTest {

  private static IntegerModel compile(QuantizedGraph graph, Operand<?> input, Operand<?> output) {
    return IntegerCompiler.compile(graph.session(), graph.quantizer.plan(), input, output);
  }

  private static void assertSame(QuantizedGraph graph, IntegerModel model) {
    Operand<?> fed = graph.graph.outputOrThrow(model.input().name() + ":0");
    CodeComparison comparison =
        CodeComparison.of(
            graph.session(), fed, model, CodeComparison.batch(model.input(), 40, SEED));
    assertThat(comparison.tensors()).isEmpty();
    assertThat(comparison.compared()).isAtLeast(1);
  }

  @Test
  void whatALayerReturned() {
    for (GraphQuantizerForms form :
        List.of(GraphQuantizerForms.registered(), GraphQuantizerForms.stopGradient())) {
      try (QuantizedGraph graph = new QuantizedGraph(SEED, form, 6, 6, 2)) {
        Operand<TFloat32> first =
            graph.layer("first", graph.images, x -> graph.relu(graph.conv(x)));
        Operand<TFloat32> second = graph.layer("second", first, graph::conv);

        IntegerModel model = compile(graph, first, second);

        assertThat(model.input().name()).isEqualTo("Relu");
        assertThat(model.input().format().frac()).isEqualTo(OUTPUT.frac());
        assertThat(model.ops().stream().map(op -> op.name())).containsExactly("second");
        assertSame(graph, model);
      }
    }
  }

  @Test
  void whatTheQuantizerReturnedForAParameter() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 6, 6, 2)) {
      List<Operand<TFloat32>> quantized = new ArrayList<>();
      Operand<TFloat32> y =
          graph.layer(
              "first",
              graph.images,
              x -> {
                quantized.add(x);
                return graph.conv(x);
              });

      IntegerModel model = compile(graph, quantized.get(0), y);

      assertThat(model).isEqualTo(compile(graph, graph.images, y));
      assertSame(graph, model);
    }
  }

  @Test
  void pixelsThatAreScaledFirst() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 6, 6, 2)) {
      Placeholder<TUint8> bytes =
          graph
              .tf
              .withName("bytes")
              .placeholder(TUint8.class, Placeholder.shape(Shape.of(-1, 6, 6, 2)));
      Operand<TFloat32> pixels =
          graph.tf.math.div(
              graph.tf.math.sub(
                  graph.tf.dtypes.cast(bytes, TFloat32.class), graph.tf.constant(127.5f)),
              graph.tf.constant(127.5f));
      Operand<TFloat32> y =
          graph.layer(
              "first", KERNEL, OUTPUT, () -> graph.conv(graph.input("pixels", INPUT, pixels)));

      assertThat(
              assertThrows(UnconvertibleGraphException.class, () -> compile(graph, bytes, y))
                  .refusals())
          .containsExactly(
              new Refusal(
                  "Div",
                  "Div",
                  "it is computed in floats, before anything is quantized",
                  "let the input be session.graph().outputOrThrow(\"Div:0\"), and compute what comes before it yourself"));

      IntegerModel model = compile(graph, graph.session().graph().outputOrThrow("Div:0"), y);
      assertSame(graph, model);
    }
  }

  /** A layer that scales pixels has no kernel; what it returns is quantized all the same. */
  @Test
  void aLayerThatScales() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 6, 6, 2)) {
      Operand<TFloat32> scaled =
          graph.layer(
              "scaled",
              KERNEL,
              INPUT,
              () -> graph.tf.math.mul(graph.images, graph.tf.constant(1f / 255)));
      Operand<TFloat32> pooled = graph.pool(scaled);
      Operand<TFloat32> y = graph.layer("first", pooled, graph::conv);

      assertRefused(
          graph,
          y,
          "Mul (Mul): it is computed in floats, before anything is quantized; let the input be session.graph().outputOrThrow(\"Mul:0\"), and compute what comes before it yourself");
      assertSame(graph, compile(graph, graph.graph.outputOrThrow("Mul:0"), y));
    }
  }

  @Test
  void aLayerThatIsNotAnnotatedIsNoScaling() {
    assertRefused(
        graph ->
            graph.layer(
                "first", KERNEL, OUTPUT, () -> graph.conv(graph.tf.math.tanh(graph.images))),
        "Tanh (Tanh): it has no integer op; build the layer from other ops, or cut the model in two: compile one that ends with the last quantized tensor before it, and one that begins with the first behind it");
  }

  @Test
  void anOperandFromInsideOfALayerAsTheOutput() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 6, 6, 2)) {
      List<Operand<TFloat32>> raw = new ArrayList<>();
      graph.layer(
          "first",
          graph.images,
          x -> {
            raw.add(graph.conv(x));
            return raw.get(0);
          });

      assertRefused(
          graph,
          raw.get(0),
          "Conv2d (Conv2D): its output, which the model returns, has no format; take session.graph().outputOrThrow(\"first/SlimQuant/output:0\") in its place, which is the same, quantized");
      assertSame(
          graph,
          compile(graph, graph.images, graph.graph.outputOrThrow("first/SlimQuant/output:0")));
    }
  }

  @Test
  void scoresThatAreScaledLast() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 6, 6, 2)) {
      Operand<TFloat32> first = graph.layer("first", graph.images, graph::conv);
      Operand<TFloat32> scores =
          graph.tf.math.exp(graph.tf.math.mul(first, graph.tf.constant(0.3f)));

      assertRefused(
          graph,
          scores,
          "Mul (Mul): it is computed in floats, behind the last tensor that is quantized; let the output be session.graph().outputOrThrow(\"first/SlimQuant/output:0\"), and compute what comes behind it yourself");
      assertSame(
          graph,
          compile(graph, graph.images, graph.graph.outputOrThrow("first/SlimQuant/output:0")));
    }
  }

  @Test
  void branchesThatAreMultipliedLast() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 6, 6, 2)) {
      Operand<TFloat32> first = graph.layer("first", graph.images, graph::conv);
      Operand<TFloat32> gate = graph.layer("gate", first, graph::conv);
      Operand<TFloat32> y = graph.tf.math.mul(first, graph.tf.math.sigmoid(gate));

      assertRefused(
          graph,
          y,
          "Sigmoid (Sigmoid): it is computed in floats, behind the last tensor that is quantized; let the outputs be session.graph().outputOrThrow(\"gate/SlimQuant/output:0\") and session.graph().outputOrThrow(\"first/SlimQuant/output:0\"), and compute what comes behind them yourself");
      assertSameOutputs(graph, List.of(graph.images), List.of(gate, first));
    }
  }

  @Test
  void weightsAsTheInput() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 6, 6, 2)) {
      Operand<TFloat32> y = graph.layer("first", graph.images, graph::conv);
      Operand<?> kernel = graph.graph.outputOrThrow("first/SlimQuant/kernel:0");
      assertThat(assertThrows(IllegalArgumentException.class, () -> compile(graph, kernel, y)))
          .hasMessageThat()
          .isEqualTo(
              "the input must be what a model is fed, but first/SlimQuant/kernel is the kernel of site first/SlimQuant/kernel; give the placeholder");
    }
  }

  @Test
  void inputAndOutputTheOtherWayRound() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 6, 6, 2)) {
      Operand<TFloat32> y = graph.layer("first", graph.images, graph::conv);
      assertThat(
              assertThrows(IllegalArgumentException.class, () -> compile(graph, y, graph.images)))
          .hasMessageThat()
          .isEqualTo(
              "the output must depend on the input, but images does not depend on Conv2d; it is the other way round: give the input first, then the output");
    }
  }
}
