package org.slimquant.calibration;

import static com.google.common.truth.Truth.assertThat;
import static org.slimquant.runtime.GraphQuantizer.layer;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slimquant.format.Calibrated;
import org.slimquant.format.FixedPoint;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.Source;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedInput;
import org.slimquant.runtime.QuantizedLayer;
import org.slimquant.runtime.testing.Tensors;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** Calibration of tensors and variables that several layers quantize. */
final class SharedTensorsCalibrationTest {

  /** The remark tells a reader of the plan where the second layer's site is. */
  @Test
  void aTensorThatTwoLayersShareIsRemarked() {
    QuantizationPlan plan;
    try (Graph graph = new Graph()) {
      CalibratingQuantizer quantizer = CalibratingQuantizer.of(graph);
      Placeholder<TFloat32> x = chain(graph, quantizer);
      try (Session session = new Session(graph);
          TFloat32 batch = Tensors.tensor(Shape.of(2), 1, 2)) {
        Calibrator calibrator = quantizer.calibrator(session);
        calibrator.add(runner -> runner.feed(x, batch));
        CalibrationStatistics one = calibrator.statistics();
        plan = CalibrationStatistics.merge(one, one).plan(CalibrationMethod.MAX);
      }
    }

    assertThat(plan.sites().stream().map(Site::name).toList())
        .containsExactly("a/SlimQuant/output", "b/SlimQuant/output")
        .inOrder();
    assertThat(plan.remarks())
        .containsExactly(new Remark("b/SlimQuant/y", "is a/SlimQuant/output"));
    try (Graph graph = new Graph()) {
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph, plan);
      chain(graph, quantizer);
      assertThat(quantizer.plan().remarks()).isEqualTo(plan.remarks());
    }
  }

  /** The plan must satisfy all of them, in any order of building. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void aVariableThatSeveralLayersReadWithAnOpEachHasTheFormatThatOneOfThemFixes(int fixing) {
    FixedPoint fixed = FixedPoint.signed(8, -3);
    QuantizationPlan plan;
    try (Graph graph = new Graph()) {
      CalibratingQuantizer quantizer = CalibratingQuantizer.of(graph);
      Readers readers = Readers.of(graph, quantizer, fixing, fixed);
      try (Session session = new Session(graph);
          TFloat32 batch = Tensors.tensor(Shape.of(1, 2), 1, 2)) {
        session.run(readers.initial());
        Calibrator calibrator = quantizer.calibrator(session);
        calibrator.add(runner -> runner.feed(readers.x(), batch));
        plan = calibrator.plan();
      }
    }

    List<Site> kernels = plan.sites().stream().filter(site -> site.kind() == Kind.KERNEL).toList();
    assertThat(kernels.stream().map(Site::name).toList())
        .containsExactly("dense0/SlimQuant/kernel", "dense1/SlimQuant/kernel")
        .inOrder();
    assertThat(kernels.stream().map(Site::format).toList()).containsExactly(fixed, fixed);
    assertThat(kernels.stream().map(Site::source).toList())
        .containsExactly(new Source.Annotation(), new Source.Annotation());
    assertThat(kernels.get(0).measure()).isPresent();
    assertThat(kernels.get(1).measure()).isEqualTo(kernels.get(0).measure());
    try (Graph graph = new Graph()) {
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph, plan);
      Readers.of(graph, quantizer, fixing, fixed);
      assertThat(quantizer.plan().sites()).containsAtLeastElementsIn(plan.sites());
    }
  }

  /** Four layers with one variable as their kernel: the second reads it with an op of its own. */
  private record Readers(Placeholder<TFloat32> x, Op initial) {

    /**
     * @param fixing the number of the layer that fixes the kernel's format
     */
    static Readers of(Graph graph, GraphQuantizer quantizer, int fixing, FixedPoint fixed) {
      Ops tf = Ops.create(graph);
      // The op's type is given only by its name.
      @SuppressWarnings("unchecked")
      Operand<TFloat32> handle =
          (Operand<TFloat32>) (Operand<?>) tf.varHandleOp(TFloat32.class, Shape.of(2, 2));
      Op initial = tf.assignVariableOp(handle, tf.constant(new float[][] {{1, -1}, {0.5f, 0.25f}}));
      Placeholder<TFloat32> x = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 2)));
      Operand<TFloat32> first = tf.readVariableOp(handle, TFloat32.class);
      Operand<TFloat32> second = tf.readVariableOp(handle, TFloat32.class);
      List<Operand<TFloat32>> kernels = List.of(first, second, first, first);
      for (int i = 0; i < kernels.size(); i++) {
        Operand<TFloat32> kernel = kernels.get(i);
        layer(
            quantizer,
            QuantizedLayer.of(
                "dense" + i, i == fixing ? fixed : Calibrated.signed(8), Calibrated.signed(8)),
            () -> tf.linalg.matMul(quantizer.input(x), kernel));
      }
      return new Readers(x, initial);
    }
  }

  /** Adds two layers: the second quantizes the output of the first, too. */
  private static Placeholder<TFloat32> chain(Graph graph, GraphQuantizer quantizer) {
    Ops tf = Ops.create(graph);
    Calibrated request = Calibrated.signed(8);
    Placeholder<TFloat32> x = tf.placeholder(TFloat32.class);
    Operand<TFloat32> y =
        layer(quantizer, QuantizedLayer.of("a", request, request), () -> tf.nn.relu(x));
    layer(
        quantizer,
        QuantizedLayer.of("b", request, request),
        () -> tf.math.neg(quantizer.input(new QuantizedInput("y", request), y)));
    return x;
  }
}
