package org.slimquant.demo.deployment;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slimquant.demo.data.LabelledImages;
import org.slimquant.demo.measures.Check;
import org.slimquant.demo.training.Accuracy;
import org.slimquant.deploy.onnx.OnnxExporter;
import org.slimquant.deploy.onnx.OnnxForm;
import org.slimquant.engine.IntegerEngine;

/**
 * The result of loading and running the exported ONNX with ONNX Runtime.
 *
 * @param differing the number of codes of the integer ops, in both forms, that differ from the
 *     engine's; all, if they did not run; null if the model cannot be written in ONNX's integer ops
 * @param kind the kind of processor on which it ran; null if it did not run
 * @param speedup the speed of the form that is recommended for the processor, relative to the float
 *     network; null if it did not run
 * @param check the result of the check
 */
record OnnxTrial(
    @Nullable Long differing, @Nullable OnnxProcessor kind, @Nullable Double speedup, Check check) {

  private static final String RULE = "ONNX Runtime computes the engine's codes";

  private static final int BATCH = 64;
  private static final int ROUNDS = 15;
  private static final long ROUND_NANOS = 5_000_000;

  /** Loads all forms and runs them. */
  static OnnxTrial of(OnnxFiles files, IntegerEngine engine, LabelledImages images)
      throws IOException {
    float[] pixels = images.pixels();
    float[] expected = engine.run(pixels);
    List<Integer> shape = engine.model().input().shape();
    byte[] quantizers = Files.readAllBytes(files.qdq());
    byte[] network = FloatOnnx.of(ModelProto.parseFrom(quantizers)).toByteArray();
    try {
      OnnxProcessor here = OnnxProcessor.here();
      try (OnnxSession everywhere = new OnnxSession(Files.readAllBytes(files.operators()), shape);
          OnnxSession int8 =
              new OnnxSession(Files.readAllBytes(files.vnniOrArm()), shape, here.exactSums());
          OnnxSession rounding = new OnnxSession(quantizers, shape, here.exactSums());
          OnnxSession floats = new OnnxSession(network, shape)) {
        long differing = differing(expected, everywhere.run(pixels));
        long differingInt8 = differing(expected, int8.run(pixels));
        float[] rounded = rounding.run(pixels);
        String fact =
            String.format(
                Locale.ROOT,
                "%,d codes of the output of %s, %,d differ; of %s%s, %,d differ; "
                    + "of %s, where ties go to even, %,d do, by at most %.0f; its accuracy is %.4f",
                expected.length,
                files.operators(),
                differing,
                files.vnniOrArm().getFileName(),
                here.exactSums().isEmpty() ? "" : " with " + here.exactSums(),
                differingInt8,
                files.qdq().getFileName(),
                differing(expected, rounded),
                Math.scalb(
                    largestDifference(expected, rounded), -engine.model().output().format().frac()),
                Accuracy.of(images, rounded));
        OnnxSession recommended = here.recommended() == OnnxForm.QOPERATOR ? everywhere : int8;
        return new OnnxTrial(
            differing + differingInt8,
            here,
            speedup(floats, recommended, images.first(BATCH).pixels()),
            Check.of(RULE, differing + differingInt8 == 0, fact));
      }
    } catch (OrtException e) {
      return new OnnxTrial((long) expected.length, null, null, Check.failed(RULE, e.toString()));
    }
  }

  /**
   * Writes all forms and tries them. A model that ONNX's integer ops cannot compute has only the
   * QDQ form. Most such models have codes of more than 8 bits.
   */
  static OnnxTrial write(IntegerEngine engine, Path folder, LabelledImages images)
      throws IOException {
    OnnxFiles files = OnnxFiles.in(folder, engine.model().name());
    OnnxExporter.write(engine.model(), files.qdq(), OnnxForm.QDQ);
    try {
      OnnxExporter.write(engine.model(), files.operators());
      OnnxExporter.write(engine.model(), files.vnniOrArm(), OnnxForm.QOPERATOR_VNNI_OR_ARM);
    } catch (IllegalArgumentException e) {
      // The message names the op that ONNX cannot compute exactly.
      return new OnnxTrial(null, null, null, Check.skipped(RULE, String.valueOf(e.getMessage())));
    }
    return of(files, engine, images);
  }

  /** Returns the name of the timed form; null if no form was timed. */
  @Nullable String form() {
    return kind == null ? null : kind.recommended().name();
  }

  /** Returns the consequence of the processor for a user; null if no form ran on it. */
  @Nullable String processor() {
    return kind == null ? null : kind.toString();
  }

  /**
   * Returns the number of outputs that differ. Each output is a code times its step, so the
   * comparison is exact.
   */
  private static long differing(float[] expected, float[] actual) {
    return IntStream.range(0, expected.length)
        .filter(i -> i >= actual.length || expected[i] != actual[i])
        .count();
  }

  private static double largestDifference(float[] expected, float[] actual) {
    return IntStream.range(0, expected.length)
        .mapToDouble(i -> Math.abs((double) expected[i] - actual[i]))
        .max()
        .orElse(0);
  }

  /** Returns the median quotient of times, taken in turns, because the machine drifts. */
  private static double speedup(OnnxSession floats, OnnxSession integers, float[] images)
      throws OrtException {
    int repetitions = (int) Math.max(1, ROUND_NANOS / Math.max(1, nanos(floats, images, 1)));
    nanos(integers, images, 1);
    double[] quotients = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      double before = nanos(floats, images, repetitions);
      quotients[round] = before / nanos(integers, images, repetitions);
    }
    Arrays.sort(quotients);
    return quotients[ROUNDS / 2];
  }

  private static long nanos(OnnxSession session, float[] images, int repetitions)
      throws OrtException {
    long start = System.nanoTime();
    for (int i = 0; i < repetitions; i++) {
      session.run(images);
    }
    return System.nanoTime() - start;
  }
}
