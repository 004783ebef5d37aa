package org.slimquant.calibration;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.slimquant.runtime.GraphQuantizer.layer;

import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slimquant.format.Calibrated;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.Format;
import org.slimquant.format.FormatRequest;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.plan.QuantizationPlan.Site;
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

/** Calibration keeps the step of each accumulator so coarse that its bias has a 32-bit code. */
final class BiasRoomTest {

  /** Half of the range of 32 bits is left for training. */
  private static final double ROOM = 1 << 30;

  static Stream<CalibrationMethod> methods() {
    return Stream.of(
        CalibrationMethod.MIN_MSE, CalibrationMethod.MAX, CalibrationMethod.PERCENTILE);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void deadChannels(CalibrationMethod method) {
    Dense dense = new Dense(Calibrated.perChannel(8), Calibrated.signed(8));
    dense.kernel = new float[][] {{0.5f, 1e-30f, 0.7f}, {-0.3f, -2e-30f, 0.1f}};
    dense.bias = new float[] {0.1f, 0.35f, 0};

    QuantizationPlan plan = dense.calibrate(method);

    dense.assertBiasesAreExact(plan);
    assertThat(dense.kernelFracs(plan).stream().allMatch(frac -> frac >= -8)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("methods")
  void aChannelAMillionTimesSmaller(CalibrationMethod method) {
    Dense dense = new Dense(Calibrated.perChannel(8), Calibrated.signed(8));
    dense.kernel = new float[][] {{0.5f, 1e-6f, 0.7f}, {-0.3f, -0.9e-6f, 0.1f}};
    dense.bias = new float[] {0.1f, 0.7f, 0};

    dense.assertBiasesAreExact(dense.calibrate(method));
  }

  @ParameterizedTest
  @MethodSource("methods")
  void aWholeKernelOfAMillionth(CalibrationMethod method) {
    Dense dense = new Dense(Calibrated.signed(8), Calibrated.signed(8));
    dense.kernel = new float[][] {{0.5e-6f, 1e-6f, 0.7e-6f}, {-0.3e-6f, -0.9e-6f, 0.1e-6f}};
    dense.bias = new float[] {0.1f, 0.7f, -0.3f};

    dense.assertBiasesAreExact(dense.calibrate(method));
  }

  @ParameterizedTest
  @MethodSource("methods")
  void simplySixteenBits(CalibrationMethod method) {
    for (Calibrated kernel : List.of(Calibrated.signed(16), Calibrated.perChannel(16))) {
      Dense dense = new Dense(kernel, Calibrated.signed(16));
      dense.kernel = new float[][] {{0.05f, 0.1f, -0.1f}, {-0.09f, 0.01f, 0.08f}};
      dense.bias = new float[] {0.1f, 0.7f, -0.3f};

      dense.assertBiasesAreExact(dense.calibrate(method));
    }
  }

  /** 30 bits from 0.7 down leave steps of 2^-30, and a 16-bit input has taken 2^-14 of them. */
  @Test
  void theRemarkSaysHowManyBitsTheKernelHasLeft() {
    Dense dense = new Dense(Calibrated.signed(16), Calibrated.signed(16));
    dense.kernel = new float[][] {{0.05f, 0.1f, -0.1f}, {-0.09f, 0.01f, 0.08f}};
    dense.bias = new float[] {0.1f, 0.7f, -0.3f};

    QuantizationPlan plan = dense.calibrate(CalibrationMethod.MAX);

    assertThat(plan.remarks())
        .containsExactly(
            new Remark(
                "dense/SlimQuant/kernel",
                "has the exponent -16 in place of -18, so that dense/SlimQuant/bias of 0.700 fits 32"
                    + " bits: of the 16 bits of a code 14 are left; fewer bits for the layer's input"
                    + " leave more"));
    // Two bits less for the input are two more for the kernel.
    dense.inputBits = 14;
    assertThat(dense.calibrate(CalibrationMethod.MAX).remarks()).isEmpty();
  }

  @Test
  void channelsThatCannotBeSeenAreRemarked() {
    Dense dense = new Dense(Calibrated.perChannel(8), Calibrated.signed(8));
    dense.kernel = new float[][] {{0.5f, 1e-30f, 0.7f}, {-0.3f, -2e-30f, 0.1f}};
    dense.bias = new float[] {0.1f, 0, 0};

    QuantizationPlan plan = dense.calibrate(CalibrationMethod.MAX);

    assertThat(dense.kernelFracs(plan)).containsExactly(-7, -7, -7).inOrder();
    assertThat(plan.remarks())
        .containsExactly(
            new Remark(
                "dense/SlimQuant/kernel",
                "channel [1] has weights too small to change a code of the layer's output, which"
                    + " become 0"));
  }

  /** Such small weights change no code of the output; ten times larger ones could. */
  @Test
  void nothingThatCanBeSeenBecomesZero() {
    for (float scale : new float[] {1e-4f, 1e-3f, 1e-2f}) {
      Dense dense = new Dense(Calibrated.perChannel(8), Calibrated.signed(8));
      dense.kernel = new float[][] {{0.5f, scale}, {-0.3f, -scale}};
      dense.bias = new float[] {0, 0};
      QuantizationPlan plan = dense.calibrate(CalibrationMethod.MAX);
      Format input = plan.sites().get(0).format();
      Format output = plan.sites().get(2).format();
      double reach = 2 * scale * ((FixedPoint) input).max();

      assertWithMessage("scale %s", scale)
          .that(plan.remarks().stream().anyMatch(remark -> remark.site().endsWith("kernel")))
          .isEqualTo(reach < ((FixedPoint) output).step() / 4);
    }
  }

  @Test
  void aFixedKernelClipsTheBiasAndIsRemarked() {
    Dense dense = new Dense(FixedPoint.signed(16, -18), FixedPoint.signed(16, -15));
    dense.kernel = new float[][] {{0.05f, 0.1f, -0.1f}, {-0.09f, 0.01f, 0.08f}};
    dense.bias = new float[] {0.1f, 0.7f, -0.3f};

    QuantizationPlan plan = dense.calibrate(CalibrationMethod.MAX);

    String remark =
        "has too fine a step for dense/SlimQuant/bias: 0.700 becomes 0.250, the largest that 32 bits"
            + " hold in steps of 2^-33; let kernelFrac be -15, or give the layer's input fewer bits";
    assertThat(plan.remarks()).containsExactly(new Remark("dense/SlimQuant/kernel", remark));
    try (Graph graph = new Graph()) {
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph, plan);
      dense.build(graph, quantizer);
      assertThat(quantizer.plan().remarks()).isEqualTo(plan.remarks());
      try (Session session = new Session(graph)) {
        assertThat(quantizer.checkBiases(session))
            .containsExactly(
                new Remark(
                    "dense/SlimQuant/bias",
                    "2 of 3 values are beyond 32 bits in steps of 2^-33: 0.7 in channel 1 becomes"
                        + " 0.24999999; calibrate again, or let kernelFrac be larger by 3"));
      }
    }
    // The remedy, followed literally.
    Dense coarser = new Dense(FixedPoint.signed(16, -15), FixedPoint.signed(16, -15));
    coarser.kernel = dense.kernel;
    coarser.bias = dense.bias;
    coarser.assertBiasesAreExact(coarser.calibrate(CalibrationMethod.MAX));
    assertThat(coarser.calibrate(CalibrationMethod.MAX).remarks()).isEmpty();
  }

  /** The second layer's input is so fine that its bias decides for both. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aKernelThatLayersShareHasTheCoarsestExponent(boolean secondFirst) {
    QuantizationPlan plan;
    try (Graph graph = new Graph()) {
      CalibratingQuantizer quantizer = CalibratingQuantizer.of(graph);
      Shared shared = Shared.of(graph, quantizer, secondFirst);
      try (Session session = new Session(graph);
          TFloat32 batch = Tensors.tensor(Shape.of(1, 2), 1, -1)) {
        session.run(shared.initial());
        Calibrator calibrator = quantizer.calibrator(session);
        calibrator.add(runner -> runner.feed(shared.x(), batch));
        plan = calibrator.plan(CalibrationMethod.MAX);
      }
    }
    List<Format> kernels =
        plan.sites().stream()
            .filter(site -> site.kind() == Kind.KERNEL)
            .map(Site::format)
            .distinct()
            .toList();
    // Inputs of 2^-21: 0.7 has 30 bits with 2^-9, which is coarser than the method's 2^-14.
    assertThat(kernels).containsExactly(FixedPoint.signed(16, -9));
    try (Graph graph = new Graph()) {
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph, plan);
      Shared.of(graph, quantizer, secondFirst);
      assertThat(quantizer.plan().sites()).containsAtLeastElementsIn(plan.sites());
    }
  }

  /** Two layers that read one variable with an op each, and share the bias. */
  private record Shared(Placeholder<TFloat32> x, Op initial) {

    static Shared of(Graph graph, GraphQuantizer quantizer, boolean secondFirst) {
      Ops tf = Ops.create(graph);
      // The op's type is given only by its name.
      @SuppressWarnings("unchecked")
      Operand<TFloat32> handle =
          (Operand<TFloat32>) (Operand<?>) tf.varHandleOp(TFloat32.class, Shape.of(2, 2));
      Op initial = tf.assignVariableOp(handle, tf.constant(new float[][] {{1, -1}, {0.5f, 1}}));
      Operand<TFloat32> bias = tf.constant(new float[] {0.7f, 0});
      Placeholder<TFloat32> x = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 2)));
      Calibrated request = Calibrated.signed(16);
      for (int frac : secondFirst ? new int[] {-21, -14} : new int[] {-14, -21}) {
        layer(
            quantizer,
            QuantizedLayer.of("dense", request, request),
            () -> {
              Operand<TFloat32> input =
                  quantizer.input(
                      new QuantizedInput("x", FixedPoint.signed(16, frac)), tf.math.neg(x));
              return tf.nn.biasAdd(
                  tf.linalg.matMul(tf.nn.relu(input), tf.readVariableOp(handle, TFloat32.class)),
                  bias);
            });
      }
      return new Shared(x, initial);
    }
  }

  @Test
  void statisticsOfOtherBiasesAreNotMerged() {
    Dense dense = new Dense(Calibrated.signed(8), Calibrated.signed(8));
    dense.kernel = new float[][] {{1, 0.5f, 0.25f}, {1, 1, 1}};
    dense.bias = new float[] {0.1f, 0.7f, -0.3f};
    CalibrationStatistics one = dense.observe();
    dense.bias = new float[] {0.1f, 0.8f, -0.3f};
    CalibrationStatistics other = dense.observe();

    assertThat(CalibrationStatistics.merge(one, one).sums()).isEqualTo(one.sums());
    assertThat(
            assertThrows(
                IllegalArgumentException.class, () -> CalibrationStatistics.merge(one, other)))
        .hasMessageThat()
        .isEqualTo(
            "dense/SlimQuant/bias must be the same bias in statistics that are merged, but its"
                + " values differ; calibrate all from one checkpoint");
  }

  @Test
  void aBiasThatIsNotFinite() {
    Dense dense = new Dense(Calibrated.signed(8), Calibrated.signed(8));
    dense.kernel = new float[][] {{1, 0.5f, 0.25f}, {1, 1, 1}};
    dense.bias = new float[] {0.1f, Float.NEGATIVE_INFINITY, 0};

    assertThat(assertThrows(IllegalArgumentException.class, dense::observe))
        .hasMessageThat()
        .isEqualTo(
            "dense/SlimQuant/bias must be finite to be calibrated, but b:0 has the element -Infinity"
                + " in batch 1; the batches before it still count");
  }

  /** A dense layer whose input is within 1. */
  private static final class Dense {

    private final FormatRequest kernelRequest;
    private final FormatRequest request;
    private int inputBits;
    private float[][] kernel = {};
    private float[] bias = {};

    Dense(FormatRequest kernelRequest, FormatRequest request) {
      this.kernelRequest = kernelRequest;
      this.request = request;
      this.inputBits = request.bits();
    }

    Placeholder<TFloat32> build(Graph graph, GraphQuantizer quantizer) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> x =
          tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 2)));
      layer(
          quantizer,
          QuantizedLayer.of("dense", kernelRequest, request),
          () -> {
            Operand<TFloat32> input =
                quantizer.input(
                    new QuantizedInput(
                        "x",
                        request instanceof Calibrated ? Calibrated.signed(inputBits) : request),
                    x);
            return tf.nn.biasAdd(
                tf.linalg.matMul(input, tf.constant(kernel)), tf.withName("b").constant(bias));
          });
      return x;
    }

    QuantizationPlan calibrate(CalibrationMethod method) {
      return observe().plan(method);
    }

    CalibrationStatistics observe() {
      try (Graph graph = new Graph()) {
        CalibratingQuantizer quantizer = CalibratingQuantizer.of(graph);
        Placeholder<TFloat32> x = build(graph, quantizer);
        try (Session session = new Session(graph);
            TFloat32 batch = Tensors.tensor(Shape.of(3, 2), 1, -1, 0.3f, 0.7f, -0.2f, 0.9f)) {
          Calibrator calibrator = quantizer.calibrator(session);
          calibrator.add(runner -> runner.feed(x, batch));
          return calibrator.statistics();
        }
      }
    }

    List<Integer> kernelFracs(QuantizationPlan plan) {
      return plan.sites().stream()
          .filter(site -> site.kind() == Kind.KERNEL)
          .flatMap(site -> site.format().fracs().stream())
          .toList();
    }

    /** Checks that each bias is within half a step, and its code within 30 bits. */
    void assertBiasesAreExact(QuantizationPlan plan) {
      try (Graph graph = new Graph()) {
        GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph, plan);
        build(graph, quantizer);
        Site site =
            quantizer.plan().sites().stream()
                .filter(one -> one.kind() == Kind.BIAS)
                .findFirst()
                .orElseThrow();
        try (Session session = new Session(graph);
            var result = session.runner().fetch(site.name()).run()) {
          float[] quantized = Tensors.elements((TFloat32) result.get(0));
          List<Integer> fracs = site.format().fracs();
          Site output = plan.sites().get(2);
          assertThat(output.kind()).isEqualTo(Kind.OUTPUT);
          assertThat(Collections.max(fracs)).isAtMost(output.format().fracs().get(0) - 4);
          for (int i = 0; i < bias.length; i++) {
            double step = Math.scalb(1d, fracs.get(i % fracs.size()));
            assertWithMessage("%s of %s", site.format(), plan)
                .that((double) quantized[i])
                .isWithin(step / 2)
                .of(bias[i]);
            assertThat(Math.abs(bias[i]) / step).isLessThan(ROOM);
          }
        }
      }
    }
  }
}
