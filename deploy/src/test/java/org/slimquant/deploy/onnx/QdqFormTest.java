package org.slimquant.deploy.onnx;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.slimquant.engine.IntegerEngine;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Codes;
import org.slimquant.model.Conv2D;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Requantize;
import org.slimquant.model.testing.RandomCodes;

/** Float ops between quantizers: the engine's codes, but for ties and -128. */
final class QdqFormTest {

  private static final long SEED = 20260201;

  @Test
  void tiesGoToEven() throws OrtException {
    IntegerTensor input = new IntegerTensor("x", List.of(1), FixedPoint.signed(8, -6));
    IntegerTensor output = new IntegerTensor("y", List.of(1), FixedPoint.signed(8, -5));
    IntegerModel model =
        new IntegerModel(
            "half",
            input,
            output,
            List.of(new Requantize("half", input, CodeRange.all(output.format()), output)));
    assertThat(run(model, OptLevel.ALL_OPT, -3, -2, -1, 0, 1, 2, 3, 5))
        .isEqualTo(new int[] {-2, -1, 0, 0, 0, 1, 2, 2});
    assertThat(IntegerEngine.of(model).run(new int[] {-3, -2, -1, 0, 1, 2, 3, 5}))
        .isEqualTo(new int[] {-1, -1, 0, 0, 1, 1, 2, 3});
  }

  @Test
  void aLayerDiffersWhereASumIsATieUnderAnOddCode() throws OrtException {
    Conv2D conv = (Conv2D) ImageNetworks.classic(SEED, true, false, 127).ops().get(0);
    IntegerModel model = model(conv, conv.bias());
    int[] input = new Random(SEED).ints(50L * model.input().size(), 0, 256).toArray();
    int[] up = IntegerEngine.of(model).run(input);
    int[] lower =
        IntegerEngine.of(
                model(conv, Codes.of(conv.bias().stream().map(code -> code - 1).toArray())))
            .run(input);
    int[] even = up.clone();
    int ties = 0;
    for (int i = 0; i < even.length; i++) {
      // A sum is a tie, rounded up, if the next smaller one is rounded to another code.
      if (up[i] != lower[i]) {
        ties++;
        even[i] -= even[i] % 2;
      }
    }

    // One of 2^s sums, s from 7 to 9.
    assertThat(ties).isGreaterThan(up.length / 1024);
    for (OptLevel level : List.of(OptLevel.NO_OPT, OptLevel.ALL_OPT)) {
      assertWithMessage("codes at %s", level).that(run(model, level, input)).isEqualTo(even);
    }
  }

  private static IntegerModel model(Conv2D conv, Codes bias) {
    return new IntegerModel(
        "layer",
        conv.input(),
        conv.output(),
        List.of(
            new Conv2D(
                conv.name(),
                conv.input(),
                conv.kernel(),
                bias,
                conv.window(),
                conv.range(),
                conv.output())));
  }

  /** ONNX Runtime takes bounds for the same that are less than 2^-23 apart. */
  @Test
  void clampsOfTinySteps() throws OrtException {
    for (int exponent = -40; exponent < -10; exponent++) {
      for (OnnxForm form : List.of(OnnxForm.QDQ, OnnxForm.QDQ_INT8)) {
        IntegerTensor input = new IntegerTensor("x", List.of(1), FixedPoint.signed(8, exponent));
        IntegerTensor output = new IntegerTensor("y", List.of(1), FixedPoint.unsigned(2, exponent));
        IntegerModel model =
            new IntegerModel(
                "tiny",
                input,
                output,
                List.of(new Requantize("tiny", input, CodeRange.all(output.format()), output)));
        try (OnnxRun run = OnnxRun.of(model, form)) {
          assertWithMessage("%s, 2^%s", form, exponent)
              .that(run.run(-100, 2, 120))
              .isEqualTo(new int[] {0, 2, 3});
        }
      }
    }
  }

  @Test
  void formatsOfSixteenBits() throws OrtException {
    IntegerTensor input = new IntegerTensor("x", List.of(2), FixedPoint.signed(16, -6));
    IntegerTensor output = new IntegerTensor("y", List.of(2), FixedPoint.unsigned(12, -6));
    IntegerModel model =
        new IntegerModel(
            "wide",
            input,
            output,
            List.of(new Requantize("wide", input, CodeRange.all(output.format()), output)));
    ModelProto file = OnnxExporter.model(model, OnnxForm.QDQ);
    assertThat(file.getOpsetImport(0).getVersion()).isEqualTo(21);
    assertThat(
            file.getMetadataPropsList().stream()
                .filter(property -> property.getKey().equals("slimquant.load"))
                .map(StringStringEntryProto::getValue))
        .containsExactly(
            "where ONNX Runtime refuses formats of 8 and more bits together, with the session option session.qdqisint8allowed=1");
    assertThat(run(model, OptLevel.ALL_OPT, -5, 5, 30_000, 4_000))
        .isEqualTo(new int[] {0, 5, 4095, 4000});
  }

  /** Where int8 data stay int8, their kernels add in 32 bits. */
  @Test
  void int8ThatStaysInt8IsExact() throws OrtException {
    IntegerModel model = ImageNetworks.separable(SEED, true, true, 127);
    int[] input = RandomCodes.of(SEED, model.input(), 20);
    ModelProto file = OnnxExporter.model(model, OnnxForm.QDQ);
    assertThat(exact(file))
        .isEqualTo(
            "but for ties and the lowest code, on ARM and on x86 with VNNI; on other x86 with the session option session.x64quantprecision=1, or session.qdqisint8allowed=1, but not with both");
    SessionOptions options = new SessionOptions();
    options.addConfigEntry("session.qdqisint8allowed", "1");
    try (OnnxRun allowed = OnnxRun.of(model, file, options);
        OnnxRun precise = OnnxRun.precise(model, OnnxForm.QDQ)) {
      assertThat(allowed.run(input)).isEqualTo(precise.run(input));
    }
  }

  @Test
  void uint8DataNeedTheOtherOption() {
    assertThat(exact(OnnxExporter.model(ImageNetworks.classic(1, false, false, 127), OnnxForm.QDQ)))
        .isEqualTo(
            "but for ties and the lowest code, on ARM and on x86 with VNNI; on other x86 with the session option session.x64quantprecision=1");
    assertThat(exact(OnnxExporter.model(ImageNetworks.classic(1, false, false, 64), OnnxForm.QDQ)))
        .isEqualTo("but for ties and the lowest code, on every processor");
  }

  @Test
  void bothOptionsTogetherAreRefused() throws OrtException {
    assumeTrue(System.getProperty("os.arch").equals("amd64"), "the options are for x86");
    IntegerModel model = ImageNetworks.separable(SEED, true, true, 127);
    SessionOptions options = new SessionOptions();
    options.addConfigEntry("session.x64quantprecision", "1");
    options.addConfigEntry("session.qdqisint8allowed", "1");
    assertThrows(
        OrtException.class,
        () -> OnnxRun.of(model, OnnxExporter.model(model, OnnxForm.QDQ), options).close());
  }

  private static String exact(ModelProto file) {
    return file.getMetadataPropsList().stream()
        .filter(property -> property.getKey().equals("slimquant.exact"))
        .findFirst()
        .orElseThrow()
        .getValue();
  }

  @Test
  void imagesAreFlattenedInTheOrderOfTheModel() throws OrtException {
    for (int seed = 0; seed < 40; seed++) {
      // Nothing is rounded: every sum is a code or saturates.
      IntegerModel model = RandomNetworks.flattened(seed);
      int[] input = RandomCodes.of(seed, model.input(), 5);
      assertWithMessage("seed %s, %s", seed, model)
          .that(run(model, OptLevel.ALL_OPT, input))
          .isEqualTo(IntegerEngine.of(model).run(input));
    }
  }

  private static int[] run(IntegerModel model, OptLevel level, int... codes) throws OrtException {
    SessionOptions options = ProcessorSaturation.precise();
    options.setOptimizationLevel(level);
    try (OnnxRun run = OnnxRun.of(model, OnnxExporter.model(model, OnnxForm.QDQ), options)) {
      return run.run(codes);
    }
  }
}
