package org.slimquant.benchmarks.inference;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.slimquant.demo.deployment.CCompiler;
import org.slimquant.model.IntegerModel;

/** The ways in which a network can be run, in the order of the table. */
enum Way {
  ONNX_FLOAT(
      "ONNX Runtime, float", "onnxFloat", Way.ANY_THREADS, Way.OTHER_ROUNDING, OnnxRunner::floats),

  ONNX_OPERATORS(
      "QOPERATOR", "onnxOperators", Way.ANY_THREADS, Way.SAME_CODES, OnnxRunner::operators),

  ONNX_INT8("QOPERATOR_VNNI_OR_ARM", "onnxInt8", Way.ANY_THREADS, Way.SAME_CODES, OnnxRunner::int8),

  /** Integers with ties to even. */
  ONNX_QDQ("QDQ", "onnxQdq", Way.ANY_THREADS, Way.OTHER_ROUNDING, OnnxRunner::qdq),

  TENSORFLOW(
      "TensorFlow, float", "tensorFlow", Way.ANY_THREADS, Way.OTHER_ROUNDING, FloatSession::new),

  /** Integers that are rounded twice, to halves and to codes. */
  TENSORFLOW_LITE(
      "TensorFlow Lite",
      "tensorFlowLite",
      Way.ANY_THREADS,
      Way.OTHER_ROUNDING,
      TfLiteInterpreter::new),

  ENGINE("engine", "engine", 1, Way.SAME_CODES, EngineRunner::new),

  C("C", "c", 1, Way.SAME_CODES, workload -> new CRunner(CCompiler.find().orElseThrow(), workload));

  /** Makes a network ready to run. */
  private interface Opener {
    NetworkRunner open(Workload workload) throws IOException;
  }

  private static final int ANY_THREADS = Integer.MAX_VALUE;
  private static final double SAME_CODES = 0;

  // Elements of another network would differ by tens of codes.
  private static final double OTHER_ROUNDING = 1;

  final String title;

  /** The counter of its nanoseconds. */
  final String counter;

  private final int maxThreads;
  private final double tolerance;

  @SuppressWarnings("ImmutableEnumChecker") // lambdas without state
  private final Opener opener;

  /**
   * Creates a way.
   *
   * @param tolerance the average number of codes by which the elements of the output may differ
   *     from the engine's
   */
  Way(String title, String counter, int maxThreads, double tolerance, Opener opener) {
    this.title = title;
    this.counter = counter;
    this.maxThreads = maxThreads;
    this.tolerance = tolerance;
    this.opener = opener;
  }

  /**
   * Returns the ways that can use {@code threads} threads and find all that they need on this
   * machine.
   */
  static List<Way> with(int threads) {
    return Arrays.stream(values())
        .filter(way -> threads <= way.maxThreads && way.isHere())
        .toList();
  }

  private boolean isHere() {
    return this != C || CCompiler.find().isPresent();
  }

  /** Returns a runner, which the caller closes. */
  NetworkRunner open(Workload workload) throws IOException {
    return opener.open(workload);
  }

  /**
   * Checks that a runner computes the workload: the time of another computation would mean nothing.
   *
   * @param output the output of a runner
   * @throws IllegalStateException if the elements differ from the engine's by more than rounding
   *     can explain
   */
  void check(Workload workload, float[] output) {
    float[] expected = workload.expected();
    IntegerModel model = workload.model();
    if (output.length != expected.length) {
      throw new IllegalStateException(
          "%s must compute %d elements of %s, but computes %d"
              .formatted(title, expected.length, model.name(), output.length));
    }
    double sum = 0;
    for (int i = 0; i < output.length; i++) {
      sum += Math.abs(output[i] - expected[i]);
    }
    double codes = sum / output.length / model.output().format().dequantize(1);
    // The comparison is also false for NaN.
    if (!(codes <= tolerance)) {
      throw new IllegalStateException(
          "%s must compute what the engine computes of %s, but its elements are %s codes from there"
              .formatted(title, model.name(), codes));
    }
  }
}
