package org.slimquant.runtime;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.slimquant.runtime.GraphQuantizer.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.PerChannel;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.runtime.fakequant.GradientForm;
import org.slimquant.runtime.graph.Edge;
import org.slimquant.runtime.graph.NativeGraph;
import org.slimquant.runtime.testing.QuantizerOfForm;
import org.slimquant.runtime.testing.Tensors;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/** Edges around a fake quant, in a graph with all ops that training adds. */
final class VerifyTest {

  private static final FixedPoint WEIGHTS = FixedPoint.signed(8, -7);
  private static final FixedPoint ACTIVATIONS = FixedPoint.signed(8, -5);

  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final Placeholder<TFloat32> x =
      tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(4, 4)));
  private final Variable<TFloat32> kernel1 =
      tf.withName("kernel1").variable(tf.constant(new float[4][4]));
  private final Variable<TFloat32> kernel2 =
      tf.withName("kernel2").variable(tf.constant(new float[4][4]));
  private final Variable<TFloat32> bias = tf.withName("bias").variable(tf.constant(new float[4]));

  @AfterEach
  void closeGraph() {
    graph.close();
  }

  static Stream<Arguments> trainings() {
    return Tensors.formsThatTrain().stream()
        .flatMap(
            form ->
                Stream.of(null, "backward", "gradients/again", "deep/backward")
                    .map(prefix -> Arguments.of(form, prefix)));
  }

  @ParameterizedTest
  @MethodSource("trainings")
  void aTrainedGraphIsClean(GradientForm form, @Nullable String gradientPrefix) {
    GraphQuantizer quantizer = trained(form, gradientPrefix);

    assertThat(quantizer.plan().sites()).hasSize(7);
    assertThat(quantizer.verify()).isEmpty();
  }

  /** No op of this backward pass has a type by which it would be recognized. */
  @ParameterizedTest
  @MethodSource("trainings")
  void aTrainedGraphWithoutGradientOps(GradientForm form, @Nullable String gradientPrefix) {
    GraphQuantizer quantizer = new QuantizerOfForm(graph, form, QuantizationPlan.EMPTY);
    Operand<TFloat32> hidden =
        layer(
            quantizer,
            QuantizedLayer.of("dense1", PerChannel.of(8, -7, -6, -5, -4), ACTIVATIONS)
                .withSum(ACTIVATIONS),
            () ->
                tf.math.exp(
                    tf.math.add(
                        tf.linalg.matMul(
                            quantizer.input(new QuantizedInput("x", WEIGHTS), x), kernel1),
                        bias)));
    Operand<TFloat32> logits =
        layer(
            quantizer,
            QuantizedLayer.of("square", WEIGHTS, ACTIVATIONS),
            () -> tf.math.mul(quantizer.input(hidden), hidden));
    graph.addGradients(
        gradientPrefix,
        new Output<?>[] {tf.math.mean(logits, tf.array(0, 1)).asOutput()},
        new Output<?>[] {kernel1.asOutput(), bias.asOutput()},
        null);

    assertThat(quantizer.plan().sites()).hasSize(6);
    assertThat(quantizer.verify()).isEmpty();

    tf.withSubScope("head").withName("skip").math.neg(kernel1);

    assertThat(quantizer.verify())
        .containsExactly(
            new UnquantizedRead("dense1/SlimQuant/kernel", "kernel1:0", "head/skip", 0));
  }

  /** No op of the model may be in a scope by which a backward pass is recognized. */
  @Test
  void gradientsInAScopeOfTheModel() {
    Operand<TFloat32> y = tf.withSubScope("model").math.mul(x, kernel1);

    TFInvalidArgumentException thrown =
        assertThrows(
            TFInvalidArgumentException.class,
            () ->
                graph.addGradients(
                    "model",
                    new Output<?>[] {y.asOutput()},
                    new Output<?>[] {kernel1.asOutput()},
                    null));
    assertThat(thrown)
        .hasMessageThat()
        .isEqualTo("prefix [model] conflicts with existing node in the graph named [model/Mul]");
  }

  @Test
  void everyDroppedFakeQuantIsNamed() {
    GraphQuantizer quantizer = trained(GradientForm.ofPlatform(), null);

    for (Site site : quantizer.plan().sites()) {
      Output<?> quantized = graph.outputOrThrow(site.name() + ":0");
      Output<?> tensor = graph.outputOrThrow(site.tensor());
      List<Edge> forward =
          NativeGraph.readers(quantized).stream()
              .filter(edge -> !edge.reader().name().startsWith("gradients"))
              .toList();
      assertWithMessage(site.name()).that(forward).isNotEmpty();

      forward.forEach(edge -> NativeGraph.reroute(edge, tensor));
      List<Finding> found = quantizer.verify();
      forward.forEach(edge -> NativeGraph.reroute(edge, quantized));

      assertThat(found)
          .containsExactlyElementsIn(
              forward.stream()
                  .map(
                      edge ->
                          new UnquantizedRead(
                              site.name(), site.tensor(), edge.reader().name(), edge.index()))
                  .toList());
    }
    assertThat(quantizer.verify()).isEmpty();
  }

  @Test
  void aRawOperandThatTheModelKept() {
    GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
    @SuppressWarnings({"rawtypes", "unchecked"}) // Java has no arrays of generics
    Operand<TFloat32>[] kept = new Operand[1];
    Operand<TFloat32> y =
        layer(
            quantizer,
            QuantizedLayer.of("dense1", WEIGHTS, ACTIVATIONS),
            () -> {
              kept[0] = tf.nn.relu(tf.linalg.matMul(x, kernel1));
              return kept[0];
            });
    tf.withName("skip").math.add(y, kept[0]);

    assertThat(quantizer.verify())
        .containsExactly(new UnquantizedRead("dense1/SlimQuant/output", "Relu:0", "skip", 1));
    assertThat(quantizer.verify().get(0).toString())
        .isEqualTo("input 1 of skip must read dense1/SlimQuant/output, but reads Relu:0");
  }

  @Test
  void aRawOperandThatIsWrittenToAVariable() {
    GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
    List<Operand<TFloat32>> kept = new ArrayList<>();
    layer(
        quantizer,
        QuantizedLayer.of("dense1", WEIGHTS, ACTIVATIONS),
        () -> {
          kept.add(tf.nn.relu(x));
          return kept.get(0);
        });
    tf.withName("store").assign(kernel1, kept.get(0));

    assertThat(quantizer.verify())
        .containsExactly(new UnquantizedRead("dense1/SlimQuant/output", "Relu:0", "store", 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"StopGradient", "PreventGradient"})
  void aRawOperandBesideAnOpThatIsNamedLikeAGradient(String type) {
    GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
    List<Operand<TFloat32>> kept = new ArrayList<>();
    layer(
        quantizer,
        QuantizedLayer.of("dense1", WEIGHTS, ACTIVATIONS),
        () -> {
          kept.add(tf.nn.relu(x));
          return kept.get(0);
        });
    graph.opBuilder(type, "head/stop", tf.scope()).addInput(kept.get(0).asOutput()).build();
    tf.withSubScope("head").withName("skip").math.neg(kept.get(0));

    assertThat(quantizer.verify())
        .containsExactly(
            new UnquantizedRead("dense1/SlimQuant/output", "Relu:0", "head/stop", 0),
            new UnquantizedRead("dense1/SlimQuant/output", "Relu:0", "head/skip", 0));
  }

  @Test
  void aShapeIsNoValue() {
    GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
    layer(
        quantizer,
        QuantizedLayer.of("dense1", WEIGHTS, ACTIVATIONS),
        () -> tf.linalg.matMul(x, kernel1));
    tf.shape(kernel1);
    tf.zerosLike(kernel1);

    assertThat(quantizer.verify()).isEmpty();
  }

  @Test
  void aKernelThatARegularizerReadsRaw() {
    GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
    layer(
        quantizer,
        QuantizedLayer.of("dense1", WEIGHTS, ACTIVATIONS),
        () -> tf.linalg.matMul(x, kernel1));
    tf.withName("penalty").nn.l2Loss(kernel1);

    assertThat(quantizer.verify())
        .containsExactly(new UnquantizedRead("dense1/SlimQuant/kernel", "kernel1:0", "penalty", 0));
  }

  @Test
  void aResourceVariableThatAnotherOpReadsRaw() {
    GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
    Operand<?> handle = tf.withName("handle").varHandleOp(TFloat32.class, Shape.of(4, 4));
    layer(
        quantizer,
        QuantizedLayer.of("dense1", WEIGHTS, ACTIVATIONS),
        () -> tf.linalg.matMul(x, read(handle, "first")));
    tf.withName("penalty").nn.l2Loss(read(handle, "second"));

    assertThat(quantizer.verify())
        .containsExactly(new UnquantizedRead("dense1/SlimQuant/kernel", "second:0", "penalty", 0));
  }

  // The op's type is given only by its name.
  @SuppressWarnings("unchecked")
  private Operand<TFloat32> read(Operand<?> handle, String name) {
    return tf.withName(name).readVariableOp((Operand<? extends TType>) handle, TFloat32.class);
  }

  /** Two layers with an activation whose gradient reads it, a loss, an optimizer and a saver. */
  private GraphQuantizer trained(GradientForm form, @Nullable String gradientPrefix) {
    GraphQuantizer quantizer = new QuantizerOfForm(graph, form, QuantizationPlan.EMPTY);
    Operand<TFloat32> hidden =
        layer(
            quantizer,
            QuantizedLayer.of("dense1", WEIGHTS, ACTIVATIONS).withSum(ACTIVATIONS),
            () ->
                tf.math.tanh(
                    tf.linalg.matMul(
                        quantizer.input(new QuantizedInput("x", WEIGHTS), x), kernel1)));
    Operand<TFloat32> logits =
        layer(
            quantizer,
            QuantizedLayer.of("dense2", WEIGHTS, ACTIVATIONS).withSum(ACTIVATIONS),
            () -> tf.math.exp(tf.linalg.matMul(quantizer.input(hidden), kernel2)));
    Operand<TFloat32> loss = tf.math.mean(tf.math.square(logits), tf.array(0, 1));
    Output<?>[] gradients =
        graph.addGradients(
            gradientPrefix,
            new Output<?>[] {loss.asOutput()},
            new Output<?>[] {kernel1.asOutput(), kernel2.asOutput()},
            null);
    tf.train.applyGradientDescent(kernel1, tf.constant(0.1f), Tensors.floats(gradients[0]));
    tf.train.applyMomentum(
        kernel2,
        tf.variable(tf.zerosLike(kernel2)),
        tf.constant(0.1f),
        Tensors.floats(gradients[1]),
        tf.constant(0.9f));
    tf.train.save(
        tf.constant("prefix"),
        tf.array("kernel1", "kernel2"),
        tf.array("", ""),
        List.<Operand<?>>of(kernel1, kernel2));
    return quantizer;
  }
}
