package org.slimquant.deploy;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.slimquant.deploy.testing.RefusedGraph.INPUT;
import static org.slimquant.deploy.testing.RefusedGraph.KERNEL;
import static org.slimquant.deploy.testing.RefusedGraph.ONES;
import static org.slimquant.deploy.testing.RefusedGraph.OUTPUT;
import static org.slimquant.deploy.testing.RefusedGraph.assertCompiles;
import static org.slimquant.deploy.testing.RefusedGraph.conv;
import static org.slimquant.deploy.testing.RefusedGraph.layer;
import static org.slimquant.deploy.testing.RefusedGraph.next;

import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.slimquant.deploy.testing.SameCodes;
import org.slimquant.format.FixedPoint;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Kernels, biases and inputs that are refused, and what is made of them by doing as is said. */
final class WeightRemediesTest {

  private static void assertRemedy(
      String remedy, Function<QuantizedGraph, Operand<TFloat32>> model) {
    try (QuantizedGraph graph = new QuantizedGraph(1, 6, 6, 2)) {
      Operand<TFloat32> output = model.apply(graph);
      List<Refusal> refusals =
          assertThrows(UnconvertibleGraphException.class, () -> graph.compile(output)).refusals();
      assertThat(refusals).isNotEmpty();
      assertThat(refusals.get(0).remedy()).startsWith(remedy);
    }
  }

  private static Operand<TFloat32> withBias(
      QuantizedGraph graph, Function<Ops, Operand<TFloat32>> bias) {
    return layer(graph, "first", x -> graph.tf.math.add(conv(graph, x), bias.apply(graph.tf)));
  }

  @Test
  void biasesAcrossTheChannels() {
    assertRemedy(
        "add a vector along the last axis",
        graph -> withBias(graph, tf -> tf.fill(tf.array(6, 1, 2), tf.constant(0.5f))));
    assertCompiles(graph -> withBias(graph, tf -> tf.array(0.5f, 1f)), "Conv2D");
  }

  @Test
  void biasesThatCancel() {
    assertRemedy(
        "add one constant, their sum",
        graph ->
            layer(
                graph,
                "first",
                x ->
                    graph.tf.nn.biasAdd(
                        graph.tf.nn.biasAdd(conv(graph, x), graph.tf.array(1f, 2048f)),
                        graph.tf.array(-1f, -2048f))));
    assertCompiles(graph -> withBias(graph, tf -> tf.array(0f, 0f)), "Conv2D");
  }

  @Test
  void aConstantBehindAnActivation() {
    assertRemedy(
        "make it the bias of a layer with a kernel",
        graph ->
            layer(
                graph,
                "first",
                x -> graph.tf.math.add(graph.tf.nn.relu(conv(graph, x)), graph.tf.array(1f, 2f))));
    assertCompiles(
        graph -> {
          Operand<TFloat32> first = layer(graph, "first", x -> graph.tf.nn.relu(conv(graph, x)));
          return next(
              graph,
              "second",
              first,
              x ->
                  graph.tf.nn.biasAdd(
                      graph.tf.nn.depthwiseConv2dNative(
                          x,
                          graph.tf.constant(new float[][][][] {{{{0.5f}, {0.5f}}}}),
                          ONES,
                          "SAME"),
                      graph.tf.array(1f, 2f)));
        },
        "Conv2D",
        "DepthwiseConv2D");
  }

  @Test
  void aBiasOfARawInput() {
    assertRemedy(
        "annotate the parameter of the layer",
        graph ->
            graph.layer(
                "first",
                KERNEL,
                OUTPUT,
                () -> graph.tf.nn.biasAdd(conv(graph, graph.images), graph.tf.array(0.1f, 0.2f))));
    assertCompiles(graph -> withBias(graph, tf -> tf.array(0.1f, 0.2f)), "Conv2D");
  }

  @Test
  void anotherPlaceholder() {
    assertRemedy(
        "make it a constant, or compile the branch alone that does not read it",
        graph -> {
          Operand<TFloat32> first = layer(graph, "first", x -> conv(graph, x));
          Operand<TFloat32> other =
              graph.tf.placeholder(
                  TFloat32.class, Placeholder.shape(graph.images.asOutput().shape()));
          Operand<TFloat32> second =
              graph.layer(
                  "second", KERNEL, OUTPUT, () -> conv(graph, graph.input("other", INPUT, other)));
          return next(graph, "sum", first, x -> graph.tf.math.add(x, second));
        });
    assertCompiles(graph -> layer(graph, "first", x -> conv(graph, x)), "Conv2D");
  }

  @Test
  void oneInputInTwoFormats() {
    assertRemedy("give it one format", graph -> twice(graph, OUTPUT));
    assertCompiles(graph -> twice(graph, INPUT), "Conv2D", "Reshape", "Conv2D", "Add");
  }

  private static Operand<TFloat32> twice(QuantizedGraph graph, FixedPoint again) {
    Operand<TFloat32> first = layer(graph, "first", x -> conv(graph, x));
    Operand<TFloat32> reshaped = graph.tf.reshape(graph.images, graph.tf.array(-1, 6, 6, 2));
    Operand<TFloat32> second =
        graph.layer(
            "second", KERNEL, OUTPUT, () -> conv(graph, graph.input("again", again, reshaped)));
    return next(graph, "sum", first, x -> graph.tf.math.add(x, second));
  }

  @Test
  void aPlaceholderOfAnySize() {
    try (QuantizedGraph any = new QuantizedGraph(1, -1, -1, 2)) {
      Operand<TFloat32> y = layer(any, "first", x -> conv(any, x));
      assertThat(
              assertThrows(UnconvertibleGraphException.class, () -> any.compile(y))
                  .refusals()
                  .get(0)
                  .remedy())
          .startsWith("build the deployment graph with a placeholder of one size");
    }
    assertCompiles(graph -> layer(graph, "first", x -> conv(graph, x)), "Conv2D");
  }

  @Test
  void planThatLacksAnOutput() {
    try (QuantizedGraph graph = new QuantizedGraph(1, 6, 6, 2)) {
      Operand<TFloat32> y = layer(graph, "first", x -> conv(graph, x));
      QuantizationPlan plan = graph.quantizer.plan();
      QuantizationPlan lacking =
          new QuantizationPlan(
              plan.sites().stream().filter(site -> site.kind() != Kind.OUTPUT).toList(),
              plan.remarks());
      assertThat(
              assertThrows(
                      UnconvertibleGraphException.class,
                      () -> IntegerCompiler.compile(graph.session(), lacking, graph.images, y))
                  .refusals()
                  .stream()
                  .map(Refusal::remedy))
          .contains(
              "compile with the plan of the quantizer that built this graph, or add the site to it");
      SameCodes.assertSame(graph, y);
    }
  }

  /** With a seed in a variable it is another one at each run. */
  @Test
  void aKernelWithNoise() {
    try (QuantizedGraph graph = new QuantizedGraph(1, 6, 6, 2)) {
      Ops tf = graph.tf;
      Operand<TInt32> seed = tf.withName("seed").variable(Shape.of(2), TInt32.class);
      Operand<TInt32> assigned = tf.assign(seed, tf.array(1, 2));
      Operand<TFloat32> y =
          layer(
              graph,
              "first",
              x ->
                  tf.nn.conv2d(
                      x,
                      tf.math.add(
                          graph.kernel(KERNEL, 0.3, 3, 3, 2, 2),
                          tf.random.statelessRandomUniform(tf.array(3, 3, 2, 2), seed)),
                      ONES,
                      "SAME"));
      graph.session().run(assigned);

      assertThat(assertThrows(UnconvertibleGraphException.class, () -> graph.compile(y)).refusals())
          .containsExactly(
              new Refusal(
                  "Conv2d",
                  "Conv2D",
                  "its kernel first/SlimQuant/kernel is computed from data",
                  "let it be a constant or a variable"));
    }
  }

  /** A constant seed makes a constant. */
  @Test
  void aKernelWithAConstantPattern() {
    assertCompiles(
        graph ->
            layer(
                graph,
                "first",
                x -> {
                  Ops tf = graph.tf;
                  return tf.nn.conv2d(
                      x,
                      tf.math.mul(
                          graph.kernel(KERNEL, 0.3, 3, 3, 2, 2),
                          tf.random.statelessRandomUniform(tf.array(3, 3, 2, 2), tf.array(1, 2))),
                      ONES,
                      "SAME");
                }),
        "Conv2D");
  }
}
