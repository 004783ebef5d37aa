package org.slimquant.runtime;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slimquant.calibration.CalibratingQuantizer;
import org.slimquant.calibration.Calibrator;
import org.slimquant.format.Calibrated;
import org.slimquant.format.CompiledPlan;
import org.slimquant.format.FixedPoint;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.runtime.testing.Tensors;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** Layers that take and return several operands, as generated classes call them. */
final class OperandGroupTest {

  private static final FixedPoint STEP_1 = FixedPoint.signed(8, 0);
  private static final QuantizedLayer LAYER =
      QuantizedLayer.of("heads", Calibrated.signed(8), STEP_1);

  private record Heads(Operand<TFloat32> boxes, Operand<TFloat32> scores) {}

  @Test
  void eachOutputOfAListIsQuantized() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
      Placeholder<TFloat32> x = tf.placeholder(TFloat32.class);

      List<Operand<TFloat32>> outputs =
          OperandGroup.list(
              quantizer, LAYER, () -> List.of(tf.math.neg(x), tf.nn.relu(quantizer.input(x))));

      assertThat(formats(quantizer.plan()))
          .containsExactly(
              "heads/SlimQuant/output int8 * 2^0", "heads/SlimQuant/output_1 int8 * 2^0")
          .inOrder();
      try (Session session = new Session(graph);
          TFloat32 batch = Tensors.tensor(Shape.of(2), 1.25f, 2.75f);
          Result result =
              session.runner().feed(x, batch).fetch(outputs.get(0)).fetch(outputs.get(1)).run()) {
        assertThat(Tensors.elements((TFloat32) result.get(0))).isEqualTo(new float[] {-1, -3});
        assertThat(Tensors.elements((TFloat32) result.get(1))).isEqualTo(new float[] {1, 3});
      }
    }
  }

  @Test
  void outputsOfARecordHaveTheNamesOfItsComponents() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
      Placeholder<TFloat32> x = tf.placeholder(TFloat32.class);
      QuantizedLayer layer =
          LAYER.returning(
              new QuantizedOutput("boxes", STEP_1),
              new QuantizedOutput("scores", FixedPoint.unsigned(8, -8)));

      Heads heads =
          OperandGroup.record(
              quantizer,
              layer,
              () -> new Heads(tf.math.neg(x), tf.nn.relu(x)),
              record -> List.of(record.boxes(), record.scores()),
              outputs -> new Heads(outputs.get(0), outputs.get(1)));

      assertThat(formats(quantizer.plan()))
          .containsExactly(
              "heads/SlimQuant/boxes int8 * 2^0", "heads/SlimQuant/scores uint8 * 2^-8")
          .inOrder();
      assertThat(heads.boxes().op().name()).startsWith("heads/SlimQuant/boxes");
      assertThat(heads.scores().op().name()).startsWith("heads/SlimQuant/scores");
    }
  }

  /** The second reads the first, as quantized as every reader does. */
  @Test
  void outputThatIsComputedFromAnother() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
      Placeholder<TFloat32> x = tf.placeholder(TFloat32.class);

      Operand<TFloat32>[] outputs =
          OperandGroup.array(
              quantizer,
              LAYER,
              () -> {
                Operand<TFloat32> y = tf.nn.relu(x);
                return array(tf.math.neg(y), y, y);
              });

      assertThat(outputs).hasLength(3);
      assertThat(outputs[2].asOutput()).isEqualTo(outputs[1].asOutput());
      assertThat(quantizer.plan().remarks())
          .containsExactly(new Remark("heads/SlimQuant/output_2", "is heads/SlimQuant/output_1"));
      assertThat(quantizer.verify()).isEmpty();
      try (Session session = new Session(graph);
          TFloat32 batch = Tensors.tensor(Shape.of(1), 1.25f);
          Result result = session.runner().feed(x, batch).fetch(outputs[0]).run()) {
        assertThat(Tensors.elements((TFloat32) result.get(0))).isEqualTo(new float[] {-1});
      }
    }
  }

  @Test
  void eachInputIsQuantized() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
      Placeholder<TFloat32> x = tf.placeholder(TFloat32.class);
      Placeholder<TFloat32> y = tf.placeholder(TFloat32.class);
      QuantizedInputs each = QuantizedInputs.each("xs", FixedPoint.signed(8, -2));
      QuantizedInputs two =
          QuantizedInputs.of("ys", FixedPoint.signed(8, -2), FixedPoint.signed(8, -3));
      Operand<TFloat32> z = tf.math.neg(y);

      GraphQuantizer.layer(
          quantizer,
          LAYER,
          () ->
              tf.math.addN(OperandGroup.inputs(quantizer, each, List.<Operand<TFloat32>>of(x, y))));
      GraphQuantizer.layer(
          quantizer,
          LAYER,
          () -> tf.math.addN(Arrays.asList(OperandGroup.inputs(quantizer, two, array(x, z)))));

      assertThat(formats(quantizer.plan()))
          .containsExactly(
              "heads/SlimQuant/xs int8 * 2^-2",
              "heads/SlimQuant/xs_1 int8 * 2^-2",
              "heads/SlimQuant/output int8 * 2^0",
              "heads_1/SlimQuant/ys_1 int8 * 2^-3",
              "heads_1/SlimQuant/output int8 * 2^0")
          .inOrder();
    }
  }

  /** Each output has a sign and a step of its own. */
  @Test
  void calibration() {
    QuantizedLayer layer = QuantizedLayer.of("heads", Calibrated.signed(8), Calibrated.of(8));
    QuantizationPlan plan;
    try (Graph graph = new Graph()) {
      CalibratingQuantizer quantizer = CalibratingQuantizer.of(graph);
      Placeholder<TFloat32> x = split(graph, quantizer, layer);
      try (Session session = new Session(graph);
          TFloat32 batch = Tensors.tensor(Shape.of(2), 1, 100)) {
        Calibrator calibrator = quantizer.calibrator(session);
        calibrator.add(runner -> runner.feed(x, batch));
        plan = calibrator.plan();
      }
    }
    assertThat(formats(plan))
        .containsExactly(
            "heads/SlimQuant/output int8 * 2^0", "heads/SlimQuant/output_1 uint8 * 2^-1")
        .inOrder();
    try (Graph graph = new Graph()) {
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph, plan);
      split(graph, quantizer, layer);
      assertThat(formats(quantizer.plan())).isEqualTo(formats(plan));
    }
  }

  @Test
  void twoFormats() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
      Placeholder<TFloat32> x = tf.placeholder(TFloat32.class);
      QuantizedLayer layer =
          LAYER.returning(
              new QuantizedOutput("a", STEP_1),
              new QuantizedOutput("b", FixedPoint.unsigned(8, -8)));

      IllegalArgumentException thrown =
          assertThrows(
              IllegalArgumentException.class,
              () -> OperandGroup.list(quantizer, layer, () -> List.of(x, x)));

      assertThat(thrown)
          .hasMessageThat()
          .isEqualTo(
              "a tensor must have one format, but Placeholder:0 is int8 * 2^0 in heads/SlimQuant/a"
                  + " and uint8 * 2^-8 in heads/SlimQuant/b; give both the same");
    }
  }

  @Test
  void noOutputs() {
    assertFails(
        IllegalStateException.class,
        LAYER,
        List.of(),
        "layer heads must return its outputs, but returns none");
    assertFails(
        IllegalStateException.class,
        LAYER,
        Arrays.asList((Operand<TFloat32>) null),
        "layer heads must return its output, but returns null");
  }

  @Test
  void moreOperandsThanTheCompiledPlanHas() {
    CompiledPlan compiled = new CompiledPlan("Model.plan.txtpb", "6f");
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
      Placeholder<TFloat32> x = tf.placeholder(TFloat32.class);
      QuantizedLayer layer =
          LAYER.returning(new QuantizedOutput("output", compiled.foundSigned(8, 0)));
      QuantizedInputs inputs = QuantizedInputs.of("xs", compiled.foundSigned(8, 0));

      IllegalArgumentException outputs =
          assertThrows(
              IllegalArgumentException.class,
              () ->
                  OperandGroup.list(
                      quantizer, layer, () -> List.of(tf.math.neg(x), tf.nn.relu(x))));
      IllegalArgumentException operands =
          assertThrows(
              IllegalArgumentException.class,
              () ->
                  GraphQuantizer.layer(
                      quantizer,
                      LAYER,
                      () ->
                          tf.math.addN(
                              OperandGroup.inputs(
                                  quantizer, inputs, List.<Operand<TFloat32>>of(x, x)))));

      assertThat(outputs)
          .hasMessageThat()
          .isEqualTo(
              "layer heads must return at most 1 operands, as many as the plan had when the model"
                  + " was compiled, but returns more; calibrate the model again, and compile it"
                  + " with the new plan");
      assertThat(operands)
          .hasMessageThat()
          .isEqualTo(
              "parameter xs of layer heads must have at most 1 operands, as many as the plan had"
                  + " when the model was compiled, but has more; calibrate the model again, and"
                  + " compile it with the new plan");
    }
  }

  private static void assertFails(
      Class<? extends RuntimeException> type,
      QuantizedLayer layer,
      List<Operand<TFloat32>> outputs,
      String message) {
    try (Graph graph = new Graph()) {
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph);
      RuntimeException thrown =
          assertThrows(type, () -> OperandGroup.list(quantizer, layer, () -> outputs));
      assertThat(thrown).hasMessageThat().isEqualTo(message);
    }
  }

  /** Adds a layer that returns a placeholder times -1 and 1. */
  private static Placeholder<TFloat32> split(
      Graph graph, GraphQuantizer quantizer, QuantizedLayer layer) {
    Ops tf = Ops.create(graph);
    Placeholder<TFloat32> x = tf.placeholder(TFloat32.class);
    OperandGroup.list(quantizer, layer, () -> List.of(tf.math.neg(x), tf.identity(x)));
    return x;
  }

  private static List<String> formats(QuantizationPlan plan) {
    return plan.sites().stream().map(OperandGroupTest::format).toList();
  }

  private static String format(Site site) {
    return "%s %s".formatted(site.name(), site.format());
  }

  @SafeVarargs
  @SuppressWarnings("varargs") // the array goes to nobody who writes into it
  private static Operand<TFloat32>[] array(Operand<TFloat32>... operands) {
    return operands;
  }
}
