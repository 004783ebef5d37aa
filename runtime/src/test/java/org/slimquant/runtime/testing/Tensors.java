package org.slimquant.runtime.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slimquant.runtime.fakequant.FakeQuantGradient;
import org.slimquant.runtime.fakequant.GradientForm;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;

/** Runs graphs and writes them as text. */
public final class Tensors {

  private Tensors() {}

  /** Returns the forms that have a gradient on this platform, after it is registered. */
  public static List<GradientForm> formsThatTrain() {
    return FakeQuantGradient.REGISTERED
        ? List.of(GradientForm.values())
        : List.of(GradientForm.COMPOSED);
  }

  /** Returns the elements of {@code fetch} after a run in a session of its own. */
  public static float[] run(
      Graph graph, Operand<TFloat32> fetch, Operand<TFloat32> feed, float... fed) {
    try (Session session = new Session(graph);
        TFloat32 tensor = tensor(Shape.of(fed.length), fed);
        var result = session.runner().feed(feed, tensor).fetch(fetch).run()) {
      return elements((TFloat32) result.get(0));
    }
  }

  public static TFloat32 tensor(Shape shape, float... elements) {
    return TFloat32.tensorOf(shape, DataBuffers.of(elements));
  }

  public static float[] elements(TFloat32 tensor) {
    float[] elements = new float[Math.toIntExact(tensor.size())];
    tensor.copyTo(NdArrays.wrap(tensor.shape(), DataBuffers.of(elements, false, false)));
    return elements;
  }

  // TensorFlow returns gradients without their type.
  @SuppressWarnings("unchecked")
  public static Output<TFloat32> floats(Output<?> output) {
    return (Output<TFloat32>) output;
  }

  /** Returns the ops of a graph, one on each line: {@code type name <- [inputs]}. */
  public static List<String> lines(Graph graph) {
    List<String> lines = new ArrayList<>();
    graph.operations().forEachRemaining(operation -> lines.add(line(operation)));
    return lines;
  }

  private static String line(GraphOperation operation) {
    return "%s %s <- %s"
        .formatted(
            operation.type(),
            operation.name(),
            IntStream.range(0, operation.numInputs())
                .mapToObj(i -> operation.input(i))
                .map(input -> input.op().name() + (input.index() == 0 ? "" : ":" + input.index()))
                .collect(Collectors.joining(", ", "[", "]")));
  }
}
