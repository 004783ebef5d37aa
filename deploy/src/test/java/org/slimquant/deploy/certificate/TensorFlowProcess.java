package org.slimquant.deploy.certificate;

import com.google.common.base.Splitter;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slimquant.deploy.testing.TracedExample;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;

/**
 * Computes models in TensorFlow in a process of its own, because TensorFlow reads settings like
 * {@code TF_ENABLE_ONEDNN_OPTS} once in each process.
 */
public final class TensorFlowProcess {

  /** What stands for a real number that is no code of its format. */
  private static final int NO_CODE = Integer.MIN_VALUE;

  private TensorFlowProcess() {}

  /**
   * Returns the codes of all tensors of each example.
   *
   * @param folder an empty folder for models and codes
   * @param settings environment variables with their values, separated by spaces
   */
  public static List<Map<String, int[]>> traces(
      Path folder, String settings, List<TracedExample> examples) throws Exception {
    for (int i = 0; i < examples.size(); i++) {
      examples.get(i).model().write(folder.resolve(i + ".model"));
      write(
          folder.resolve(i + ".input"),
          examples.get(i).model().inputs().stream().map(examples.get(i)::input).toList());
    }
    Path said = folder.resolve("said.txt");
    ProcessBuilder process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                TensorFlowProcess.class.getName(),
                folder.toString(),
                String.valueOf(examples.size()))
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    process.environment().putAll(Splitter.on(' ').withKeyValueSeparator('=').split(settings));
    int status = process.start().waitFor();
    if (status != 0) {
      throw new AssertionError("%s: %d\n%s".formatted(settings, status, Files.readString(said)));
    }
    List<Map<String, int[]>> traces = new ArrayList<>();
    for (int i = 0; i < examples.size(); i++) {
      traces.add(read(folder.resolve(i + ".output"), examples.get(i)));
    }
    return traces;
  }

  /** Computes the models of a folder. */
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    for (int i = 0; i < Integer.parseInt(args[1]); i++) {
      IntegerModel model = IntegerModel.read(folder.resolve(i + ".model"));
      Map<String, int[]> inputs = new LinkedHashMap<>();
      try (DataInputStream in = open(folder.resolve(i + ".input"))) {
        for (IntegerTensor input : model.inputs()) {
          inputs.put(input.name(), read(in));
        }
      }
      List<int[]> outputs = new ArrayList<>();
      try (FakeQuantGraph graph = FakeQuantGraph.of(model)) {
        Map<String, float[]> reals = graph.run(inputs);
        for (IntegerOp op : model.ops()) {
          outputs.add(codes(op, reals.getOrDefault(op.output().name(), new float[0])));
        }
      }
      write(folder.resolve(i + ".output"), outputs);
    }
  }

  private static int[] codes(IntegerOp op, float[] reals) {
    int[] codes = new int[reals.length];
    for (int i = 0; i < codes.length; i++) {
      double code = Math.scalb((double) reals[i], -op.output().format().frac());
      codes[i] = code == (int) code ? (int) code : NO_CODE;
    }
    return codes;
  }

  private static void write(Path file, List<int[]> arrays) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      for (int[] array : arrays) {
        out.writeInt(array.length);
        for (int number : array) {
          out.writeInt(number);
        }
      }
    }
  }

  private static Map<String, int[]> read(Path file, TracedExample example) throws IOException {
    Map<String, int[]> trace = new LinkedHashMap<>();
    try (DataInputStream in = open(file)) {
      for (IntegerOp op : example.model().ops()) {
        trace.put(op.output().name(), read(in));
      }
    }
    return trace;
  }

  private static DataInputStream open(Path file) throws IOException {
    return new DataInputStream(new BufferedInputStream(Files.newInputStream(file)));
  }

  private static int[] read(DataInputStream in) throws IOException {
    int[] array = new int[in.readInt()];
    for (int i = 0; i < array.length; i++) {
      array[i] = in.readInt();
    }
    return array;
  }
}
