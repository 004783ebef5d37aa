package org.slimquant.deploy.compile.refusals;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.slimquant.deploy.testing.RefusedGraph.assertCompiles;
import static org.slimquant.deploy.testing.RefusedGraph.assertRefused;
import static org.slimquant.deploy.testing.RefusedGraph.assertRemedy;
import static org.slimquant.deploy.testing.UsualLayers.INPUT;
import static org.slimquant.deploy.testing.UsualLayers.KERNEL;
import static org.slimquant.deploy.testing.UsualLayers.OUTPUT;

import org.junit.jupiter.api.Test;
import org.slimquant.deploy.IntegerCompiler;
import org.slimquant.deploy.UnconvertibleGraphException;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.slimquant.format.FixedPoint;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** Inputs and outputs between which there is no model. */
final class InputRefusalsTest {

  @Test
  void otherPlaceholdersAndRandomNumbers() {
    assertRefused(
        graph -> {
          Operand<TFloat32> other =
              graph
                  .tf
                  .withName("other")
                  .placeholder(TFloat32.class, Placeholder.shape(Shape.of(6, 6, 2)));
          return graph.layer(
              "first",
              graph.images,
              x ->
                  graph.tf.math.add(
                      graph.tf.math.add(x, other),
                      graph.tf.random.randomUniform(graph.tf.array(6, 6, 2), TFloat32.class)));
        },
        "other (Placeholder): the model is fed from it, too; list it as an input, make it a constant, or compile the branch alone that does not read it",
        "Add (Add): its output, which Add_1 (Add) reads, has no format; let a @QuantInt8 method of its own return it",
        "RandomUniform (RandomUniform): it is random; build the deployment graph without noise");
  }

  @Test
  void anotherPlaceholder() {
    assertRemedy(
        "list it as an input, make it a constant, or compile the branch alone that does not read it",
        graph -> {
          Operand<TFloat32> first = graph.layer("first", graph.images, graph::conv);
          Operand<TFloat32> other =
              graph.tf.placeholder(
                  TFloat32.class, Placeholder.shape(graph.images.asOutput().shape()));
          Operand<TFloat32> second =
              graph.layer(
                  "second", KERNEL, OUTPUT, () -> graph.conv(graph.input("other", INPUT, other)));
          return graph.layer("sum", first, x -> graph.tf.math.add(x, second));
        });
    assertCompiles(graph -> graph.layer("first", graph.images, graph::conv), "Conv2D");
  }

  @Test
  void imagesInTwoFormats() {
    assertRefused(
        graph -> {
          Operand<TFloat32> first = graph.layer("first", graph.images, graph::conv);
          Operand<TFloat32> shifted = graph.tf.reshape(graph.images, graph.tf.array(-1, 6, 6, 2));
          Operand<TFloat32> second =
              graph.layer(
                  "second",
                  KERNEL,
                  OUTPUT,
                  () -> graph.conv(graph.input("images", OUTPUT, shifted)));
          return graph.layer("sum", first, x -> graph.tf.math.add(x, graph.input(second)));
        },
        "images (Placeholder): it is quantized to several formats: [int8 * 2^-6, int8 * 2^-4]; give it one format");
  }

  @Test
  void oneInputInTwoFormats() {
    assertRemedy("give it one format", graph -> readTwice(graph, OUTPUT));
    assertCompiles(graph -> readTwice(graph, INPUT), "Conv2D", "Reshape", "Conv2D", "Add");
  }

  private static Operand<TFloat32> readTwice(QuantizedGraph graph, FixedPoint again) {
    Operand<TFloat32> first = graph.layer("first", graph.images, graph::conv);
    Operand<TFloat32> reshaped = graph.tf.reshape(graph.images, graph.tf.array(-1, 6, 6, 2));
    Operand<TFloat32> second =
        graph.layer(
            "second", KERNEL, OUTPUT, () -> graph.conv(graph.input("again", again, reshaped)));
    return graph.layer("sum", first, x -> graph.tf.math.add(x, second));
  }

  @Test
  void imagesOfUnknownShape() {
    try (QuantizedGraph graph = new QuantizedGraph(1, -1, -1, 2)) {
      Operand<TFloat32> y = graph.layer("first", graph.images, x -> graph.relu(graph.conv(x)));
      assertRefused(
          graph,
          y,
          "images (Placeholder): the shape of an example is not known when the graph is built; build the deployment graph with a placeholder of one size, such as [-1, 28, 28, 1], where the batch alone is unknown");
    }
  }

  @Test
  void aPlaceholderOfAnySize() {
    try (QuantizedGraph graph = new QuantizedGraph(1, -1, -1, 2)) {
      Operand<TFloat32> y = graph.layer("first", graph.images, graph::conv);
      assertThat(
              assertThrows(UnconvertibleGraphException.class, () -> graph.compile(y))
                  .refusals()
                  .get(0)
                  .remedy())
          .startsWith("build the deployment graph with a placeholder of one size");
    }
    assertCompiles(graph -> graph.layer("first", graph.images, graph::conv), "Conv2D");
  }

  @Test
  void outputThatDoesNotDependOnTheInput() {
    try (QuantizedGraph graph = new QuantizedGraph(1, 6, 6, 2);
        Graph other = new Graph()) {
      Operand<TFloat32> y = graph.layer("first", graph.images, graph::conv);
      Operand<TFloat32> loose = graph.tf.withName("loose").placeholder(TFloat32.class);
      Operand<TFloat32> foreign = Ops.create(other).withName("foreign").placeholder(TFloat32.class);

      assertThat(
              assertThrows(
                  IllegalArgumentException.class,
                  () -> IntegerCompiler.compile(graph.session(), graph.quantizer.plan(), loose, y)))
          .hasMessageThat()
          .isEqualTo(
              "the output must depend on the input, but first/SlimQuant/output does not depend on loose; give the placeholder that it is computed from, images");
      assertThat(
              assertThrows(
                  IllegalArgumentException.class,
                  () ->
                      IntegerCompiler.compile(graph.session(), graph.quantizer.plan(), foreign, y)))
          .hasMessageThat()
          .isEqualTo(
              "the input must be a tensor of the session's graph, but foreign is not; take the operand from that graph");
    }
  }

  @Test
  void outputThatReadsTheShapeOnly() {
    try (QuantizedGraph graph = new QuantizedGraph(1, 2)) {
      Operand<TFloat32> y = graph.tf.reshape(graph.tf.array(1f, 2f), graph.tf.shape(graph.images));
      assertThat(assertThrows(IllegalArgumentException.class, () -> graph.compile(y)))
          .hasMessageThat()
          .isEqualTo(
              "the output must be computed from the input, but only the input's shape is read; give an output that reads the input's values");
    }
  }
}
