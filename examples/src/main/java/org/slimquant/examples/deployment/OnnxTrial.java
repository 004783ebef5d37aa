package org.slimquant.examples.deployment;

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
import org.slimquant.deploy.onnx.Form;
import org.slimquant.deploy.onnx.OnnxExporter;
import org.slimquant.engine.IntegerEngine;
import org.slimquant.engine.IntegerModel;
import org.slimquant.examples.data.LabelledImages;
import org.slimquant.examples.measures.Check;
import org.slimquant.examples.training.Classifier;

/**
 * What became of exported ONNX that ONNX Runtime loaded and ran.
 *
 * @param differing how many codes of the integer ops are not the engine's; all, if they did not
 *     run; null if there are none, because the model cannot be written in ONNX's integer ops
 * @param speedup how many times as fast they are as the float network; null if they did not run
 * @param check the rule that was tried
 */
record OnnxTrial(@Nullable Long differing, @Nullable Double speedup, Check check) {

  private static final String RULE = "ONNX Runtime computes the engine's codes";

  private static final int BATCH = 64;
  private static final int ROUNDS = 15;
  private static final long ROUND_NANOS = 5_000_000;

  /**
   * Loads both forms and runs them.
   *
   * @param operators the file with integer ops
   * @param qdq the file with float ops between quantizers
   */
  static OnnxTrial of(Path operators, Path qdq, IntegerEngine engine, LabelledImages images)
      throws IOException {
    float[] expected = engine.run(images.pixels());
    List<Integer> shape = engine.model().input().shape();
    byte[] quantizers = Files.readAllBytes(qdq);
    try (OnnxSession integers = new OnnxSession(Files.readAllBytes(operators), shape);
        OnnxSession rounding = new OnnxSession(quantizers, shape);
        OnnxSession floats =
            new OnnxSession(FloatOnnx.of(ModelProto.parseFrom(quantizers)).toByteArray(), shape)) {
      long differing = differing(expected, integers.run(images.pixels()));
      float[] rounded = rounding.run(images.pixels());
      String fact =
          String.format(
              Locale.ROOT,
              "%,d codes of the output of %s, %,d differ; "
                  + "of %s, where ties go to even, %,d do, by at most %.0f; its accuracy is %.4f",
              expected.length,
              operators,
              differing,
              qdq.getFileName(),
              differing(expected, rounded),
              Math.scalb(
                  largestDifference(expected, rounded),
                  -engine.model().output().format().exponent()),
              Classifier.accuracy(images, rounded));
      return new OnnxTrial(
          differing,
          speedup(floats, integers, images.first(BATCH).pixels()),
          Check.of(RULE, differing == 0, fact));
    } catch (OrtException e) {
      return new OnnxTrial((long) expected.length, null, Check.failed(RULE, e.toString()));
    }
  }

  /**
   * Writes both forms, {@code name.onnx} and {@code name_qdq.onnx}, and tries them. What ONNX's
   * integer ops cannot compute, codes of more than 8 bits above all, has the second only.
   */
  static OnnxTrial write(IntegerEngine engine, Path folder, LabelledImages images)
      throws IOException {
    IntegerModel model = engine.model();
    Path operators = folder.resolve(model.name() + ".onnx");
    Path qdq = folder.resolve(model.name() + "_qdq.onnx");
    OnnxExporter.write(model, qdq, Form.QDQ);
    try {
      OnnxExporter.write(model, operators, Form.QOPERATOR);
    } catch (IllegalArgumentException e) {
      // The message says what ONNX has no exact op for.
      return new OnnxTrial(null, null, Check.skipped(RULE, String.valueOf(e.getMessage())));
    }
    return of(operators, qdq, engine, images);
  }

  /** Returns how many outputs are others; each is a code times its step, and so exact. */
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
