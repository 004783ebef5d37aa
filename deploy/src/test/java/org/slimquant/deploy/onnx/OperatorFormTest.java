package org.slimquant.deploy.onnx;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.onnxruntime.OrtException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.slimquant.deploy.testing.TimeSeries;
import org.slimquant.engine.IntegerEngine;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.Add;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Codes;
import org.slimquant.model.Dense;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Kernel;
import org.slimquant.model.Requantize;
import org.slimquant.model.testing.RandomCodes;

/** Integer ops in ONNX Runtime: every code is the engine's. */
final class OperatorFormTest {

  private static final long SEED = 20260101;
  private static final int NETWORKS = 300;
  private static final int OUTPUTS = 5_000;
  private static final String SOMEWHERE =
      "on ARM and on x86 with VNNI; on other x86 with the session option session.x64quantprecision=1";
  private static final FixedPoint INT8 = FixedPoint.signed(8, -5);

  @Test
  void randomNetworks() throws OrtException {
    for (long seed = SEED; seed < SEED + NETWORKS; seed++) {
      IntegerModel model = RandomNetworks.of(seed);
      int examples = Math.max(2, OUTPUTS / Math.max(model.output().size(), model.input().size()));
      int[] input = RandomCodes.of(seed, model.input(), examples);
      assertSame("seed " + seed, model, OnnxForm.QOPERATOR, input);
      assertSame("seed " + seed, model, OnnxForm.QOPERATOR_VNNI_OR_ARM, input);
    }
  }

  @Test
  void severalInputsAndOutputs() throws OrtException {
    for (long seed = SEED; seed < SEED + NETWORKS; seed++) {
      IntegerModel model = RandomNetworks.manyEnds(seed);
      Map<String, int[]> inputs = RandomCodes.ofInputs(seed, model, 20);
      Map<String, int[]> expected = IntegerEngine.of(model).runCodes(inputs);
      for (OnnxForm form : List.of(OnnxForm.QOPERATOR, OnnxForm.QOPERATOR_VNNI_OR_ARM)) {
        try (OnnxRun run = OnnxRun.exact(model, form)) {
          Map<String, int[]> codes = run.run(inputs);
          assertThat(codes.keySet()).containsExactlyElementsIn(expected.keySet()).inOrder();
          expected.forEach(
              (name, output) ->
                  assertWithMessage("%s of\n%s", name, model)
                      .that(codes.get(name))
                      .isEqualTo(output));
        }
      }
    }
  }

  @Test
  void everyTensorOfUsualNetworks() throws OrtException {
    long compared = 0;
    for (int seed = 0; seed < 4; seed++) {
      boolean perChannel = seed % 2 == 0;
      boolean signed = seed < 2;
      for (IntegerModel network :
          List.of(
              ImageNetworks.classic(seed, perChannel, signed, 127),
              ImageNetworks.separable(seed, perChannel, signed, 127))) {
        int[] input = RandomCodes.of(seed + 1, network.input(), 70);
        for (IntegerOp op : network.ops()) {
          IntegerModel until =
              new IntegerModel(network.name(), network.input(), op.output(), network.ops());
          compared += assertSame("seed " + seed, until, OnnxForm.QOPERATOR, input);
        }
        compared += assertSame("seed " + seed, network, OnnxForm.QOPERATOR_VNNI_OR_ARM, input);
      }
    }
    assertThat(compared).isGreaterThan(10_000_000);
  }

  @Test
  void convolutionsAlongTime() throws OrtException {
    for (int seed = 0; seed < 4; seed++) {
      try (QuantizedGraph graph = TimeSeries.graph(seed)) {
        IntegerModel model = graph.compile(TimeSeries.add(graph, 1, seed % 2 == 0));
        int[] input = RandomCodes.of(seed, model.input(), 1_000);
        assertSame("seed " + seed, model, OnnxForm.QOPERATOR, input);
      }
    }
  }

  /**
   * Checks that a form computes the engine's codes: without an option of the session where it needs
   * none here.
   */
  private static int assertSame(String what, IntegerModel model, OnnxForm form, int... input)
      throws OrtException {
    int[] codes;
    try (OnnxRun run = OnnxRun.exact(model, form)) {
      codes = run.run(input);
    } catch (OrtException e) {
      throw new AssertionError("%s, %s, %s".formatted(what, form, model), e);
    }
    assertWithMessage("%s, %s, %s", what, form, model)
        .that(codes)
        .isEqualTo(IntegerEngine.of(model).run(input));
    return codes.length;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anyFloatIsQuantizedAsTheEngineDoes(boolean signed) throws OrtException {
    FixedPoint format = new FixedPoint(8, -5, signed);
    IntegerTensor input = new IntegerTensor("x", List.of(1), format);
    IntegerTensor output = new IntegerTensor("y", List.of(1), format);
    IntegerModel model =
        new IntegerModel(
            "same",
            input,
            output,
            List.of(new Requantize("same", input, CodeRange.all(format), output)));
    long seed = System.nanoTime();
    Random random = new Random(seed);
    float[] reals = new float[400_000];
    for (int i = 0; i < reals.length; i++) {
      float tie = Math.scalb(random.nextInt(600) - 300 + 0.5f, format.frac());
      reals[i] =
          switch (i % 4) {
            case 0 -> tie;
            case 1 -> Math.nextUp(tie);
            case 2 -> Math.nextDown(tie);
            default -> Float.intBitsToFloat(random.nextInt());
          };
      if (Float.isNaN(reals[i])) {
        reals[i] = Float.NEGATIVE_INFINITY;
      }
    }
    try (OnnxRun run = OnnxRun.of(model, OnnxForm.QOPERATOR)) {
      assertWithMessage("seed %s", seed)
          .that(run.run(reals))
          .isEqualTo(IntegerEngine.of(model).run(reals));
    }
  }

  @Test
  void weightsThatCouldSaturateAreUnsigned() {
    IntegerModel model = ImageNetworks.classic(1, false, false, 127);
    assertThat(exact(model, OnnxForm.QOPERATOR)).isEqualTo("on every processor");
    assertThat(exact(model, OnnxForm.QOPERATOR_VNNI_OR_ARM)).isEqualTo(SOMEWHERE);
    assertThat(ProcessorSaturation.layers(OnnxExporter.model(model, OnnxForm.QOPERATOR))).isEmpty();
    assertThat(
            ProcessorSaturation.layers(OnnxExporter.model(model, OnnxForm.QOPERATOR_VNNI_OR_ARM)))
        .containsExactly("conv1", "conv2", "dense1", "dense2");
  }

  @Test
  void weightsBehindSignedReluCannotSaturate() {
    // The images have all 256 codes.
    assertThat(
            ProcessorSaturation.layers(
                OnnxExporter.model(
                    ImageNetworks.classic(1, false, true, 127), OnnxForm.QOPERATOR_VNNI_OR_ARM)))
        .containsExactly("conv1");
    assertThat(exact(ImageNetworks.classic(1, false, false, 64), OnnxForm.QOPERATOR_VNNI_OR_ARM))
        .isEqualTo("on every processor");
  }

  private static String exact(IntegerModel model, OnnxForm form) {
    return OnnxExporter.model(model, form).getMetadataPropsList().stream()
        .filter(property -> property.getKey().equals("slimquant.exact"))
        .findFirst()
        .orElseThrow()
        .getValue();
  }

  @Test
  void wideTensor() {
    assertThat(refusal(dense(FixedPoint.signed(9, -5), INT8, 1)))
        .isEqualTo(
            "tensor x must have at most 8 bits, because ONNX's integer ops have no more, but has 9; write OnnxForm.QDQ");
  }

  @Test
  void wideKernel() {
    assertThat(refusal(dense(INT8, FixedPoint.signed(16, -5), 1)))
        .isEqualTo(
            "the kernel of layer dense must have at most 8 bits, because ONNX's integer ops have no more, but has 16; write OnnxForm.QDQ");
  }

  @Test
  void largeSums() {
    assertThat(refusal(dense(INT8, INT8, Integer.MAX_VALUE)))
        .isEqualTo(
            "op dense must have sums below 2^28 to be written in ONNX, but they can reach 2147483774; use fewer inputs or fewer bits");
  }

  @Test
  void stepsFarApart() {
    IntegerTensor left = new IntegerTensor("x", List.of(1), INT8);
    IntegerTensor right = new IntegerTensor("z", List.of(1), FixedPoint.signed(8, 14));
    IntegerTensor sum = new IntegerTensor("y", List.of(1), INT8);
    IntegerModel model =
        new IntegerModel(
            "sum",
            left,
            sum,
            List.of(
                new Requantize("far", left, CodeRange.all(right.format()), right),
                new Add("add", left, right, CodeRange.all(INT8), sum)));
    assertThat(refusal(model))
        .isEqualTo(
            "op add must have inputs whose steps are at most 2^18 apart to be written in ONNX, but has x [1] int8 * 2^-5 and z [1] int8 * 2^14; bring the formats closer");
  }

  @Test
  void modelThatReturnsItsInput() {
    IntegerTensor input = new IntegerTensor("x", List.of(1), INT8);
    IntegerTensor unread = new IntegerTensor("y", List.of(1), INT8);
    assertThat(
            refusal(
                new IntegerModel(
                    "nothing",
                    input,
                    input,
                    List.of(new Requantize("unread", input, CodeRange.all(INT8), unread)))))
        .isEqualTo(
            "the output of model nothing must be another tensor than its input to be written in ONNX, but both are x; there is nothing to compute");
  }

  @Test
  void modelThatReturnsAnInputAndMore() {
    IntegerTensor input = new IntegerTensor("x", List.of(1), INT8);
    IntegerTensor output = new IntegerTensor("y", List.of(1), INT8);
    assertThat(
            refusal(
                new IntegerModel(
                    "more",
                    List.of(input),
                    List.of(output, input),
                    List.of(new Requantize("same", input, CodeRange.all(INT8), output)))))
        .isEqualTo(
            "the output of model more must be another tensor than its input to be written in ONNX, but both are x; leave it out of the outputs");
  }

  private static String refusal(IntegerModel model) {
    return String.valueOf(
        assertThrows(
                IllegalArgumentException.class, () -> OnnxExporter.model(model, OnnxForm.QOPERATOR))
            .getMessage());
  }

  private static IntegerModel dense(FixedPoint format, FixedPoint kernel, int bias) {
    IntegerTensor input = new IntegerTensor("x", List.of(1), format);
    IntegerTensor output = new IntegerTensor("y", List.of(1), INT8);
    return new IntegerModel(
        "dense",
        input,
        output,
        List.of(
            new Dense(
                "dense",
                input,
                Kernel.of(List.of(1, 1), kernel, 1),
                Codes.of(bias),
                CodeRange.all(INT8),
                output)));
  }
}
