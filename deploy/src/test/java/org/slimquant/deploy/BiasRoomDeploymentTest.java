package org.slimquant.deploy;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.slimquant.calibration.CalibratingQuantizer;
import org.slimquant.calibration.Calibrator;
import org.slimquant.deploy.certificate.ExactnessCertificate;
import org.slimquant.engine.IntegerEngine;
import org.slimquant.format.Calibrated;
import org.slimquant.format.FormatRequest;
import org.slimquant.model.IntegerModel;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedInput;
import org.slimquant.runtime.QuantizedLayer;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** From calibration to integers, with biases that the step of input times kernel would clip. */
final class BiasRoomDeploymentTest {

  private static final float[] XS = {1, -1, 0.3f, 0.7f, -0.2f, 0.9f, 0.51f, 0.01f};

  @Test
  void sixteenBits() {
    Dense dense =
        new Dense(
            Calibrated.signed(16),
            Calibrated.signed(16),
            new float[][] {{0.05f, 0.1f, -0.1f}, {-0.09f, 0.01f, 0.08f}},
            new float[] {0.1f, 0.7f, -0.3f});

    IntegerModel model = dense.compile();

    dense.assertIsNearTheFloatModel(model, 3);
  }

  /** What float32 drops beside the bias gets no exponent that asks for shifts of 100 bits. */
  @Test
  void deadChannelsLeaveTheModelExact() {
    for (float bias : new float[] {0.35f, 0}) {
      Dense dense =
          new Dense(
              Calibrated.perChannel(8),
              Calibrated.signed(8),
              new float[][] {{0.5f, 1e-30f, 0.7f}, {-0.3f, -2e-30f, 0.1f}},
              new float[] {0.1f, bias, 0});

      IntegerModel model = dense.compile();

      assertThat(ExactnessCertificate.of(model).exact()).isTrue();
      dense.assertIsNearTheFloatModel(model, 1.5);
    }
  }

  @Test
  void aChannelAMillionTimesSmaller() {
    Dense dense =
        new Dense(
            Calibrated.perChannel(8),
            Calibrated.signed(8),
            new float[][] {{0.5f, 1e-6f, 0.7f}, {-0.3f, -2e-6f, 0.1f}},
            new float[] {0.1f, 0.7f, 0});

    IntegerModel model = dense.compile();

    assertThat(ExactnessCertificate.of(model).exact()).isTrue();
    dense.assertIsNearTheFloatModel(model, 1.5);
  }

  /** A dense layer. */
  private static final class Dense {

    private final FormatRequest kernelRequest;
    private final FormatRequest request;
    private final float[][] kernel;
    private final float[] bias;

    /**
     * @param request the format of input and output
     */
    Dense(FormatRequest kernelRequest, FormatRequest request, float[][] kernel, float[] bias) {
      this.kernelRequest = kernelRequest;
      this.request = request;
      this.kernel = kernel;
      this.bias = bias;
    }

    private static Placeholder<TFloat32> placeholder(Ops tf) {
      return tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 2)));
    }

    private Operand<TFloat32> build(Ops tf, GraphQuantizer quantizer, Placeholder<TFloat32> x) {
      return GraphQuantizer.layer(
          quantizer,
          QuantizedLayer.of("dense", kernelRequest, request),
          () ->
              tf.nn.biasAdd(
                  tf.linalg.matMul(
                      quantizer.input(new QuantizedInput("x", request), x), tf.constant(kernel)),
                  tf.constant(bias)));
    }

    IntegerModel compile() {
      QuantizationPlan plan = calibrate();
      try (Graph graph = new Graph()) {
        Ops tf = Ops.create(graph);
        Placeholder<TFloat32> x = placeholder(tf);
        GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph, plan);
        Operand<TFloat32> y = build(tf, quantizer, x);
        try (Session session = new Session(graph)) {
          return IntegerCompiler.compile(session, quantizer.plan(), x, y);
        }
      }
    }

    private QuantizationPlan calibrate() {
      try (Graph graph = new Graph()) {
        Ops tf = Ops.create(graph);
        Placeholder<TFloat32> x = placeholder(tf);
        CalibratingQuantizer quantizer = CalibratingQuantizer.of(graph);
        build(tf, quantizer, x);
        try (Session session = new Session(graph);
            TFloat32 batch = TFloat32.tensorOf(Shape.of(XS.length / 2, 2), DataBuffers.of(XS))) {
          Calibrator calibrator = quantizer.calibrator(session);
          calibrator.add(runner -> runner.feed(x, batch));
          return calibrator.plan();
        }
      }
    }

    /** Checks that scores are within so many steps of those of the float model. */
    void assertIsNearTheFloatModel(IntegerModel model, double steps) {
      float[] scores = IntegerEngine.of(model).run(XS);
      double step = Math.scalb(1d, model.output().format().frac());
      for (int i = 0; i < scores.length; i++) {
        int channel = i % bias.length;
        int row = i / bias.length * 2;
        double exact =
            (double) XS[row] * kernel[0][channel]
                + (double) XS[row + 1] * kernel[1][channel]
                + bias[channel];
        assertWithMessage("score %s of %s", i, List.of(model.ops()))
            .that((double) scores[i])
            .isWithin(steps * step)
            .of(exact);
      }
    }
  }
}
