package org.slimquant.deploy;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.slimquant.deploy.testing.RefusedGraph.assertRefused;
import static org.slimquant.deploy.testing.UsualLayers.KERNEL;

import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slimquant.deploy.testing.Activations;
import org.slimquant.deploy.testing.Activations.Activation;
import org.slimquant.deploy.testing.CodeComparison;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.slimquant.deploy.testing.SameCodes;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.Table;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** Elementwise functions between two tensors with codes. */
final class FunctionsTest {

  private static final long SEED = 3;
  private static final FixedPoint INT8 = FixedPoint.signed(8, -4);

  private static List<FixedPoint> formats() {
    return List.of(
        INT8,
        FixedPoint.unsigned(8, -5),
        FixedPoint.signed(2, 0),
        FixedPoint.signed(5, -2),
        FixedPoint.unsigned(3, -1),
        FixedPoint.signed(7, -6));
  }

  private static List<String> names() {
    return Activations.names();
  }

  /** An offset alone is the bias of the convolution; a factor is folded into its kernel. */
  private static List<String> namesOfFunctions() {
    return names().stream()
        .filter(name -> !List.of("an offset", "hard sigmoid, clipped").contains(name))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("names")
  void allCodesOfATable(String name) {
    Activation activation = Objects.requireNonNull(Activations.tables().get(name));
    for (FixedPoint from : formats()) {
      for (FixedPoint to : List.of(INT8, FixedPoint.unsigned(8, -6), FixedPoint.signed(4, -1))) {
        assertAllCodes(from, to, activation);
      }
    }
    assertThat(assertAllCodes(INT8, INT8, activation)).isEqualTo("Table");
  }

  /** Computes all codes of a format, and returns the type of the op. */
  private static String assertAllCodes(FixedPoint from, FixedPoint to, Activation activation) {
    int count = Table.size(from);
    try (QuantizedGraph graph = new QuantizedGraph(SEED, count)) {
      Operand<TFloat32> y =
          graph.layer(
              "f", KERNEL, to, () -> activation.of(graph.tf, graph.input("x", from, graph.images)));
      IntegerModel model = graph.compile(y);
      float[] numbers = new float[count];
      for (int i = 0; i < count; i++) {
        numbers[i] = from.dequantize(from.minCode() + i);
      }
      CodeComparison comparison = CodeComparison.of(graph.session(), graph.images, model, numbers);
      assertWithMessage("%s of\n%s", comparison, model).that(comparison.differing()).isEqualTo(0);
      assertThat(comparison.compared()).isEqualTo(count);
      return model.ops().get(0).type();
    }
  }

  @Test
  void functionsWithoutATable() {
    Activations.others()
        .forEach(
            (activation, type) -> {
              assertThat(assertAllCodes(INT8, INT8, activation)).isEqualTo(type);
              for (FixedPoint from : formats()) {
                assertAllCodes(from, FixedPoint.signed(6, -3), activation);
              }
            });
  }

  @Test
  void sixteenBits() {
    FixedPoint wide = FixedPoint.signed(16, -12);
    assertThat(assertAllCodes(wide, INT8, (tf, x) -> tf.math.tanh(x))).isEqualTo("Table");
    assertThat(assertAllCodes(wide, wide, (tf, x) -> tf.math.sigmoid(x))).isEqualTo("Table");
    assertThat(assertAllCodes(wide, wide, (tf, x) -> tf.math.abs(x))).isEqualTo("LeakyRelu");
  }

  /** The accumulator of a layer has a site of its own before the activation. */
  @ParameterizedTest
  @MethodSource("namesOfFunctions")
  void afterAConvolution(String name) {
    Activation activation = Objects.requireNonNull(Activations.tables().get(name));
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 4, 4, 2)) {
      Operand<TFloat32> x =
          graph.layer(
              "conv",
              graph.images,
              images -> activation.of(graph.tf, graph.addBias(graph.conv(images, 4))));
      IntegerModel model = SameCodes.assertSame(graph, graph.conv("next", graph.pool(x), 3));
      List<String> types = model.ops().stream().map(IntegerOp::type).toList();
      assertThat(types).containsExactly("Conv2D", "Table", "MaxPool", "Conv2D").inOrder();
      assertThat(model.layer("conv").output().name()).isEqualTo("conv/SlimQuant/sum");
    }
  }

  /** A clamp after the sum, or moves, need no site of their own. */
  @Test
  void clampsBeforeAFunction() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 4, 4, 2)) {
      Operand<TFloat32> x =
          graph.layer(
              "conv",
              graph.images,
              images ->
                  graph.tf.math.sqrt(graph.pool(graph.relu(graph.addBias(graph.conv(images, 4))))));
      IntegerModel model = SameCodes.assertSame(graph, x);
      assertThat(model.ops().stream().map(IntegerOp::type))
          .containsExactly("Conv2D", "MaxPool", "Table")
          .inOrder();
      assertThat(model.ops().get(0).range().min()).isEqualTo(0);
    }
  }

  @Test
  void clampsOnTheAccumulator() {
    List<Activation> clamps =
        List.of(
            (tf, x) -> tf.clipByValue(x, tf.constant(-1f), tf.constant(0.7f)),
            (tf, x) -> tf.math.maximum(tf.constant(0.3f), x),
            (tf, x) -> tf.nn.relu(tf.math.minimum(x, tf.constant(1.1f))),
            (tf, x) -> tf.math.maximum(tf.math.minimum(x, tf.constant(-2f)), tf.constant(-1f)));
    for (Activation clamp : clamps) {
      try (QuantizedGraph graph = new QuantizedGraph(SEED, 4, 4, 2)) {
        Operand<TFloat32> x =
            graph.layer(
                "conv",
                graph.images,
                images -> graph.pool(clamp.of(graph.tf, graph.addBias(graph.conv(images, 4)))));
        IntegerModel model = SameCodes.assertSame(graph, x);
        assertThat(model.ops().stream().map(IntegerOp::type))
            .containsExactly("Conv2D", "MaxPool")
            .inOrder();
      }
    }
  }

  @Test
  void distancesFromTies() {
    Stream.of(true, false)
        .forEach(
            exact -> {
              try (QuantizedGraph graph = new QuantizedGraph(SEED, 3)) {
                Operand<TFloat32> y =
                    graph.layer(
                        "f",
                        KERNEL,
                        FixedPoint.signed(8, -3),
                        () -> {
                          Operand<TFloat32> x = graph.input("x", INT8, graph.images);
                          return exact ? graph.tf.math.square(x) : graph.tf.math.tanh(x);
                        });
                Table table = (Table) graph.compile(y).ops().get(0);
                assertThat(table.nearestTie().exactOps()).isEqualTo(exact);
                assertThat(table.nearestTie().ulps() == 0).isEqualTo(exact);
              }
            });
  }

  @Test
  void valuesThatAreNoNumbers() {
    assertRefused(
        graph ->
            graph.layer(
                "f",
                KERNEL,
                INT8,
                () -> graph.tf.math.exp(graph.tf.math.log(graph.input("x", INT8, graph.images)))),
        "Log (Log): it is NaN for code -127 of f/SlimQuant/x, which is -7.9375; keep its argument"
            + " where it is defined, with a maximum or a ReLU before it in the layer");
  }

  @Test
  void aSlopeForEachChannel() {
    assertRefused(
        graph ->
            graph.layer(
                "f",
                KERNEL,
                INT8,
                () -> {
                  Operand<TFloat32> x = graph.input("x", INT8, graph.images);
                  return graph.tf.math.sub(
                      graph.tf.nn.relu(x),
                      graph.tf.math.mul(
                          graph.tf.withName("slopes").array(0.5f, 0.3f),
                          graph.tf.nn.relu(graph.tf.math.neg(x))));
                }),
        "Mul (Mul): its constant slopes differs from channel to channel, so it is no function of"
            + " one number; let one number be the constant for all channels, one slope of a PReLU"
            + " for example, or fold a factor into the kernel and an offset into the bias of the"
            + " layer before it");
  }

  @Test
  void equalTablesOfTwoLayers() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 4, 4, 2)) {
      Operand<TFloat32> first =
          graph.layer("a", graph.images, x -> graph.tf.math.sigmoid(graph.conv(x)));
      Operand<TFloat32> second = graph.layer("b", first, x -> graph.tf.math.sigmoid(graph.conv(x)));
      List<Table> tables =
          SameCodes.assertSame(graph, second).ops().stream()
              .filter(Table.class::isInstance)
              .map(Table.class::cast)
              .toList();
      assertThat(tables).hasSize(2);
      assertThat(tables.get(0).codes()).isEqualTo(tables.get(1).codes());
      assertThat(IntStream.range(0, 2).mapToObj(i -> tables.get(i).name()))
          .containsExactly("a/activation", "b/activation")
          .inOrder();
    }
  }
}
