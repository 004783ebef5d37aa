package org.slimquant.benchmarks;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.slimquant.deploy.onnx.Form;
import org.slimquant.deploy.onnx.OnnxExporter;
import org.slimquant.engine.IntegerModel;
import org.slimquant.examples.deployment.FloatOnnx;

/**
 * The time of a network in ONNX Runtime: as float, and as the integer ops that are written for it.
 */
@BenchmarkMode(Mode.SingleShotTime)
@Fork(1)
@Warmup(iterations = 1)
@Measurement(iterations = 5)
@State(Scope.Thread)
public class OnnxBenchmark {

  private static final int ROUNDS = 3;
  private static final long NANOS = 20_000_000;

  @Param({"fashion", "depthwise", "wideDepthwise", "convolutions"})
  public String network = "";

  @Param({"1", "2"})
  public int threads;

  @Param({"1", "64"})
  public int batch;

  private final List<OrtSession> sessions = new ArrayList<>();
  private final List<OnnxTensor> inputs = new ArrayList<>();
  private int repetitions = 1;

  /** Nanoseconds of a run. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Counters {
    public double floats;
    public double integers;
    public double int8;
  }

  /** Writes and loads the forms of the network. */
  @Setup
  public void open() throws IOException, OrtException {
    IntegerModel model =
        switch (network) {
          case "fashion" -> OnnxNetwork.fashion();
          case "depthwise" -> OnnxNetwork.separable();
          case "wideDepthwise" -> OnnxNetwork.wideSeparable();
          default -> OnnxNetwork.convolutions();
        };
    Path file = Files.createTempFile("network", ".onnx");
    try {
      OnnxExporter.write(model, file, Form.QDQ);
      sessions.add(session(FloatOnnx.of(ModelProto.parseFrom(Files.readAllBytes(file)))));
      for (Form form : List.of(Form.QOPERATOR, Form.QOPERATOR_INT8)) {
        OnnxExporter.write(model, file, form);
        sessions.add(session(ModelProto.parseFrom(Files.readAllBytes(file))));
      }
    } finally {
      Files.delete(file);
    }
    float[] images = new float[batch * model.input().size()];
    Random random = new Random(1);
    for (int i = 0; i < images.length; i++) {
      images[i] = random.nextFloat();
    }
    List<Integer> shape = model.input().shape();
    inputs.add(
        OnnxTensor.createTensor(
            OrtEnvironment.getEnvironment(),
            FloatBuffer.wrap(images),
            new long[] {batch, shape.get(0), shape.get(1), shape.get(2)}));
    long start = System.nanoTime();
    run(sessions.get(0));
    repetitions = (int) Math.max(1, NANOS / (System.nanoTime() - start));
  }

  private OrtSession session(ModelProto model) throws OrtException {
    try (SessionOptions options = new SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      return OrtEnvironment.getEnvironment().createSession(model.toByteArray(), options);
    }
  }

  /** Runs the forms in turns. */
  @Benchmark
  public void run(Counters counters) {
    double[] nanos =
        Alternation.medianNanos(
            ROUNDS, sessions.stream().<Runnable>map(session -> () -> repeat(session)).toList());
    counters.floats = nanos[0] / repetitions;
    counters.integers = nanos[1] / repetitions;
    counters.int8 = nanos[2] / repetitions;
  }

  private void repeat(OrtSession session) {
    for (int i = 0; i < repetitions; i++) {
      run(session);
    }
  }

  private void run(OrtSession session) {
    try (OrtSession.Result result = session.run(Map.of("images", inputs.get(0)))) {
      result.size();
    } catch (OrtException e) {
      throw new IllegalStateException("a network must run, but does not", e);
    }
  }

  /** Frees the native memory. */
  @TearDown
  public void close() throws OrtException {
    for (OrtSession session : sessions) {
      session.close();
    }
    inputs.forEach(OnnxTensor::close);
  }

  static List<Figure> figures(Samples samples) {
    List<Figure> figures = new ArrayList<>();
    for (String network : List.of("fashion", "depthwise", "wideDepthwise", "convolutions")) {
      for (String threads : List.of("1", "2")) {
        for (String batch : List.of("1", "64")) {
          Samples here =
              samples.where("network", network).where("threads", threads).where("batch", batch);
          String name =
              "ONNX Runtime, %s, %s threads, batch %s: ".formatted(network, threads, batch);
          figures.add(
              Figure.of(name + "float", "ms", here.quartiles("floats", nanos -> nanos / 1e6)));
          figures.add(Figure.of("  integers / float", "x", here.ratio("integers", "floats")));
          figures.add(
              Figure.withGoal(
                  "  integers with int8 weights / float",
                  "x",
                  here.ratio("int8", "floats"),
                  network.toLowerCase(Locale.ROOT).endsWith("depthwise") ? 1 / 2.3 : 1.0 / 3));
        }
      }
    }
    return figures;
  }
}
