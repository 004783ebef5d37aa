package org.slimquant.deploy.compile.pass;

import static com.google.common.truth.Truth.assertThat;
import static org.slimquant.deploy.testing.SameCodes.SEED;
import static org.slimquant.deploy.testing.UsualLayers.KERNEL;
import static org.slimquant.deploy.testing.UsualLayers.OUTPUT;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slimquant.deploy.testing.CodeComparison;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.slimquant.deploy.testing.RefusedGraph;
import org.slimquant.deploy.testing.SameCodes;
import org.slimquant.engine.IntegerEngine;
import org.slimquant.model.IntegerModel;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Site;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.SwitchCond;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;

/** Dropout in a graph that trains: what is compiled is the graph without it. */
final class DropoutTest {

  /** Drops elements. */
  private interface Drop {
    Operand<TFloat32> of(Ops tf, Operand<TFloat32> x);
  }

  private static final float RATE = 0.3f;
  private static final float KEEP = 1 - RATE;

  private static Arguments spelling(String title, Drop drop) {
    return Arguments.of(title, drop);
  }

  private static Operand<TFloat32> uniform(Ops tf, Operand<TFloat32> x) {
    return tf.random.randomUniform(tf.shape(x), TFloat32.class);
  }

  /** 1 for what is kept. */
  private static Operand<TFloat32> mask(Ops tf, Operand<TFloat32> x, Operand<TFloat32> rate) {
    return tf.dtypes.cast(tf.math.greaterEqual(uniform(tf, x), rate), TFloat32.class);
  }

  private static Operand<TFloat32> mask(Ops tf, Operand<TFloat32> x) {
    return mask(tf, x, tf.constant(RATE));
  }

  private static Operand<TFloat32> scaled(Ops tf, Operand<TFloat32> x) {
    return tf.math.mul(x, tf.constant(1 / KEEP));
  }

  /** As TensorFlow writes it from a rate, which may be fed. */
  private static Operand<TFloat32> withRate(Ops tf, Operand<TFloat32> x, Operand<TFloat32> rate) {
    Operand<TFloat32> scale = tf.math.div(tf.constant(1f), tf.math.sub(tf.constant(1f), rate));
    return tf.math.mul(tf.math.mul(x, scale), mask(tf, x, rate));
  }

  private static Operand<TBool> training(Ops tf) {
    return tf.placeholderWithDefault(tf.constant(false), Shape.scalar());
  }

  static Stream<Arguments> spellings() {
    return Stream.of(
        spelling("Mul scale, Mul mask", (tf, x) -> tf.math.mul(scaled(tf, x), mask(tf, x))),
        spelling("Mul mask, Mul scale", (tf, x) -> scaled(tf, tf.math.mul(mask(tf, x), x))),
        spelling("a mask that is scaled", (tf, x) -> tf.math.mul(x, scaled(tf, mask(tf, x)))),
        spelling(
            "a mask that is divided",
            (tf, x) -> tf.math.mul(tf.math.div(mask(tf, x), tf.constant(KEEP)), x)),
        spelling("Div", (tf, x) -> tf.math.div(tf.math.mul(x, mask(tf, x)), tf.constant(KEEP))),
        spelling(
            "Floor, as in TensorFlow 1",
            (tf, x) ->
                tf.math.mul(
                    tf.math.div(x, tf.constant(KEEP)),
                    tf.math.floor(tf.math.add(tf.constant(KEEP), uniform(tf, x))))),
        spelling(
            "Floor of a number that is scaled and shifted",
            (tf, x) ->
                tf.math.mul(
                    tf.math.div(x, tf.constant(KEEP)),
                    tf.math.floor(
                        tf.math.add(
                            tf.constant(KEEP),
                            tf.math.add(
                                tf.math.mul(uniform(tf, x), tf.constant(1f)), tf.constant(0f)))))),
        spelling(
            "SelectV2",
            (tf, x) ->
                tf.select(
                    tf.math.less(uniform(tf, x), tf.constant(KEEP)),
                    scaled(tf, x),
                    tf.zerosLike(x))),
        spelling(
            "SelectV2 with a scalar 0, and the number second",
            (tf, x) ->
                scaled(
                    tf,
                    tf.select(
                        tf.math.lessEqual(tf.constant(RATE), uniform(tf, x)), x, tf.constant(0f)))),
        spelling(
            "LogicalNot",
            (tf, x) ->
                tf.select(
                    tf.math.logicalNot(tf.math.less(uniform(tf, x), tf.constant(RATE))),
                    scaled(tf, x),
                    tf.fill(tf.shape(x), tf.constant(0f)))),
        spelling(
            "stateless numbers",
            (tf, x) ->
                tf.math.mul(
                    scaled(tf, x),
                    tf.dtypes.cast(
                        tf.math.greaterEqual(
                            tf.random.statelessRandomUniform(tf.shape(x), tf.array(1, 2)),
                            tf.constant(RATE)),
                        TFloat32.class))),
        spelling(
            "a mask for each channel",
            (tf, x) ->
                tf.math.mul(
                    scaled(tf, x),
                    tf.dtypes.cast(
                        tf.math.greaterEqual(
                            tf.random.randomUniform(tf.array(1, 6), TFloat32.class),
                            tf.constant(RATE)),
                        TFloat32.class))),
        spelling("a rate of 0", (tf, x) -> withRate(tf, x, tf.constant(0f))),
        spelling("a constant rate", (tf, x) -> withRate(tf, x, tf.constant(RATE))),
        spelling(
            "a rate that is fed",
            (tf, x) ->
                withRate(tf, x, tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar())))),
        spelling(
            "a rate with a default",
            (tf, x) -> withRate(tf, x, tf.placeholderWithDefault(tf.constant(0f), Shape.scalar()))),
        spelling(
            "two in a row",
            (tf, x) -> withRate(tf, withRate(tf, x, tf.constant(RATE)), tf.constant(0.5f))),
        spelling(
            "SelectV2 by whether it trains",
            (tf, x) -> tf.select(training(tf), withRate(tf, x, tf.constant(RATE)), x)),
        spelling(
            "a rate that depends on whether it trains",
            (tf, x) ->
                withRate(tf, x, tf.select(training(tf), tf.constant(RATE), tf.constant(0f)))),
        spelling(
            "Switch and Merge",
            (tf, x) -> {
              SwitchCond<TFloat32> sides = tf.switchCond(x, training(tf));
              return tf.merge(
                      List.of(
                          tf.identity(sides.outputFalse()),
                          withRate(tf, sides.outputTrue(), tf.constant(RATE))))
                  .output();
            }));
  }

  private static Operand<TFloat32> network(QuantizedGraph graph, Drop drop) {
    Ops tf = graph.tf;
    Operand<TFloat32> first =
        graph.layer(
            "first",
            graph.images,
            x ->
                tf.nn.relu(
                    tf.nn.biasAdd(
                        tf.linalg.matMul(drop.of(tf, x), graph.kernel(KERNEL, 0.3, 6, 6)),
                        graph.bias(0.5, 6))));
    Operand<TFloat32> second =
        graph.layer(
            "second",
            first,
            x ->
                drop.of(
                    tf,
                    tf.nn.relu(
                        tf.nn.biasAdd(
                            tf.linalg.matMul(drop.of(tf, x), graph.kernel(KERNEL, 0.3, 6, 6)),
                            graph.bias(0.5, 6)))));
    return graph.layer(
        "third",
        KERNEL,
        OUTPUT,
        () ->
            tf.nn.biasAdd(
                tf.linalg.matMul(graph.input(drop.of(tf, second)), graph.kernel(KERNEL, 0.3, 6, 4)),
                graph.bias(0.5, 4)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("spellings")
  void whatIsCompiledIsTheGraphWithoutIt(String title, Drop drop) {
    try (QuantizedGraph training = new QuantizedGraph(SEED, 6);
        QuantizedGraph deployed = new QuantizedGraph(SEED, 6)) {
      IntegerModel dropped = training.compile(network(training, drop));
      IntegerModel plain = deployed.compile(network(deployed, (tf, x) -> x));

      assertThat(training.quantizer.plan().remarks()).isEmpty();
      assertThat(formats(training)).isEqualTo(formats(deployed));
      assertThat(training.quantizer.verify()).isEmpty();
      assertThat(dropped).isEqualTo(plain);
      SameCodes.assertSame(deployed, dropped);
      int[] codes = IntegerEngine.of(plain).quantize(CodeComparison.batch(plain.input(), 40, SEED));
      assertThat(IntegerEngine.of(dropped).run(codes))
          .isEqualTo(IntegerEngine.of(plain).run(codes));
    }
  }

  private static List<String> formats(QuantizedGraph graph) {
    List<Site> sites = graph.quantizer.plan().sites();
    assertThat(sites.stream().filter(site -> site.kind() == Kind.BIAS)).hasSize(3);
    return sites.stream().map(site -> site.name() + " " + site.format()).toList();
  }

  private static void assertRefused(Drop drop, String op, String type, String average) {
    try (QuantizedGraph graph = new QuantizedGraph(1, 6, 6, 2)) {
      Operand<TFloat32> y =
          graph.layer(
              "second", drop.of(graph.tf, RefusedGraph.quantizedImages(graph)), graph::conv);
      RefusedGraph.assertRefused(
          graph,
          y,
          "%s (%s): it drops elements, and multiplies the tensor by %s on average; divide what is kept by the share that is kept, or build the deployment graph without dropout"
              .formatted(op, type, average));
    }
  }

  /** What is trained so needs another factor when it is deployed. */
  @Test
  void whatIsKeptIsNotScaled() {
    assertRefused((tf, x) -> tf.math.mul(x, mask(tf, x)), "Mul", "Mul", "0.7");
    assertRefused(
        (tf, x) -> tf.math.mul(scaled(tf, x), mask(tf, x, tf.constant(0.5f))),
        "Mul_1",
        "Mul",
        "0.71428573");
    // The share that is dropped, taken for the one that is kept.
    assertRefused(
        (tf, x) -> {
          Operand<TFloat32> fed = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
          return tf.math.mul(tf.math.div(x, fed), mask(tf, x, fed));
        },
        "Mul",
        "Mul",
        "3.0");
  }

  @Test
  void noiseIsNoDropout() {
    RefusedGraph.assertRefused(
        graph ->
            graph.layer(
                "second",
                graph.tf.math.add(
                    RefusedGraph.quantizedImages(graph),
                    graph.tf.random.randomUniform(graph.tf.array(6, 6, 2), TFloat32.class)),
                graph::conv),
        "RandomUniform (RandomUniform): it is random; build the deployment graph without noise",
        "Add (Add): its output, which Conv2d (Conv2D) reads, has no format; let a @QuantInt8 method of its own return it");
  }

  @Test
  void aKernelIsNotDroppedFrom() {
    RefusedGraph.assertRefused(
        graph ->
            graph.layer(
                "first",
                graph.images,
                x -> {
                  Ops tf = graph.tf;
                  Operand<TFloat32> kernel = graph.kernel(KERNEL, 0.3, 3, 3, 2, 2);
                  return graph.conv(x, tf.math.mul(scaled(tf, kernel), mask(tf, kernel)));
                }),
        "Conv2d (Conv2D): its kernel first/SlimQuant/kernel is computed from data; let it be a constant or a variable");
  }
}
